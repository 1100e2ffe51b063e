"""How the command line speaks: both languages, progress on what takes long, exit codes.

Results stand on standard output, with ``--json`` as one document; words for people and progress on standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import DatabaseError
from typer.exceptions import TyperException

from ..db.engine import cannot_be_written, disk_is_full
from ..errors import Broken, InputError, Problem, Text
from ..http.problems import problem_document, status_of

DONE, FAULTS, WRONG_INPUT, BROKEN = 0, 1, 2, 3
EXIT_CODES = (
    "退出码 exit codes: 0 完成 done (导入的坏行在报告里 bad rows of an import stand in its report) · "
    "1 有发现 findings of verify, doctor, cosigner · 2 输入或用法有误 wrong input or usage · "
    "3 账本不可使用 the ledger must not be used"
)

#: For people; kept off standard output, which belongs to results.
people = Console(stderr=True, highlight=False, soft_wrap=True)


def say(zh: str, en: str) -> None:
    people.print(zh)
    people.print(en, style="dim")


def print_json(value: Any) -> None:
    """A result for programs: one JSON document on standard output."""
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, where a person looks on; call what it gives with (done, of how many; 0 if not known)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=people, transient=True, disable=not people.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


@contextmanager
def told_progress(title: Text, log: Callable[[Text], None]) -> Iterator[Callable[[int, int], None]]:
    """The same for a service: a bar for a person, and for its log a line with each tenth that is done."""
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if total and done * 10 // total > told:
            told = done * 10 // total
            share = f"{done:,} / {total:,}"
            log(Text(f"{title.zh} {share}", f"{title.en} {share}"))

    if not people.is_terminal:
        yield tell
        return
    with progress(f"{title.zh} {title.en}") as bar:
        yield bar


@contextmanager
def words_for_errors(*, as_json: bool = False) -> Iterator[None]:
    """Turn what may go wrong into words and an exit code; a traceback is for our own mistakes only. ``as_json``: the same
    also as one document on standard output, `problem_document` with the exit code."""
    try:
        yield
    except InputError as error:
        is_stopped = any(problem.code == "stopped" for problem in error.problems)
        _end(BROKEN if is_stopped else WRONG_INPUT, error.problems, as_json=as_json)
    except typer.Abort:
        _end(FAULTS, [Problem("bad-request", Text("已中止", "aborted"))], as_json=as_json)
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # which has told all that there is
            raise SystemExit(WRONG_INPUT) from None
        _end(WRONG_INPUT, [wrong_usage(error)], as_json=as_json)
    except Broken as broken:
        said = Text(f"账本不可用：{broken}", f"the ledger must not be used: {broken}")
        _end(BROKEN, [Problem("stopped", said)], as_json=as_json)
    except DatabaseError as error:
        _end(BROKEN, [_of_database(error)], as_json=as_json)
    except OSError as error:
        where = error.filename or ""
        said = Text(f"无法读写 {where}：{error.strerror}", f"cannot read or write {where}: {error.strerror}")
        _end(WRONG_INPUT, [Problem("unreadable-file", said)], as_json=as_json)


def _of_database(error: DatabaseError) -> Problem:
    if disk_is_full(error):
        said = Text(
            "磁盘已满，已记录的内容不受影响；腾出空间后再做一次",
            "the disk is full; what is recorded is safe: make room and do it again",
        )
        return Problem("disk-full", said)
    if cannot_be_written(error):
        said = Text(
            "数据目录不能写入：可能以只读方式挂载，或属于别的用户；只读的副本可用 cabletrace verify 校验",
            "the data folder cannot be written to: it may be mounted for reading only, or belong to another user; "
            "a copy that cannot be written can be verified: cabletrace verify",
        )
        return Problem("stopped", said)
    said = Text(f"数据库未能完成：{error.orig}", f"the database could not do it: {error.orig}")
    return Problem("stopped", said)


def _end(code: int, problems: Sequence[Problem], *, as_json: bool) -> NoReturn:
    for problem in problems:
        place = f"{problem.where}: " if problem.where else ""
        came = f"「{problem.came}」" if problem.came else ""
        say(f"{place}{came}{problem.detail.zh}", f"{place}{problem.detail.en}")
        if problem.remedy is not None:
            say(f"→ {problem.remedy.zh}", f"→ {problem.remedy.en}")
    if as_json:
        document = problem_document(problems, status_of(problems), "zh")
        print_json({"exit_code": code, "code": document["code"], "problems": document["problems"]})
    raise SystemExit(code) from None


def wrong_usage(error: TyperException) -> Problem:
    """A mistake of usage as the parser tells it, in both languages: what is missing, unknown or of no sense, and where."""
    context, param = getattr(error, "ctx", None), getattr(error, "param", None)
    path = "cabletrace" if context is None else context.command_path
    where = (
        "" if param is None else max(param.opts, key=len) if param.param_type_name == "option" else param.name
    )
    english = str(getattr(error, "message", "") or error)
    kind = type(error).__name__
    if kind == "MissingParameter":
        said = Text("没有写这一项", "this is missing")
    elif kind == "NoSuchOption":
        where, said = getattr(error, "option_name", ""), Text("没有这个选项", "there is no such option")
    elif english.startswith("No such command"):
        said = Text(f"没有这个命令：{english.removeprefix('No such command ').rstrip('.')}", english)
    elif param is not None:
        said = Text(f"这样写不行：{english}", english)
    else:
        said = Text(f"用法有误：{english}", english)
    remedy = Text(f"看 {path} --help", f"see {path} --help")
    return Problem("wrong-input", said, where=where, remedy=remedy)
