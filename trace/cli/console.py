"""How the command line speaks: both languages, progress on what takes long, exit codes.

Results stand on standard output, with ``--json`` as one document; words for people and progress on standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import DatabaseError

from ..db.engine import cannot_be_written, disk_is_full
from ..errors import Broken, InputError

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
def words_for_errors() -> Iterator[None]:
    """Turn what may go wrong into words and an exit code; a traceback is for our own mistakes only."""
    try:
        yield
    except InputError as error:
        for problem in error.problems:
            place = f"{problem.where}: " if problem.where else ""
            came = f"「{problem.came}」" if problem.came else ""
            say(f"{place}{came}{problem.detail.zh}", f"{place}{problem.detail.en}")
            if problem.remedy is not None:
                say(f"→ {problem.remedy.zh}", f"→ {problem.remedy.en}")
        raise SystemExit(WRONG_INPUT) from None
    except Broken as broken:
        say(f"账本不可用：{broken}", f"the ledger must not be used: {broken}")
        raise SystemExit(BROKEN) from None
    except DatabaseError as error:
        if disk_is_full(error):
            say(
                "磁盘已满，已记录的内容不受影响；腾出空间后再做一次",
                "the disk is full; what is recorded is safe: make room and do it again",
            )
        elif cannot_be_written(error):
            say(
                "数据目录不能写入：可能以只读方式挂载，或属于别的用户；只读的副本可用 cabletrace verify 校验",
                "the data folder cannot be written to: it may be mounted for reading only, or belong to another user; "
                "a copy that cannot be written can be verified: cabletrace verify",
            )
        else:
            say(f"数据库未能完成：{error.orig}", f"the database could not do it: {error.orig}")
        raise SystemExit(BROKEN) from None
    except OSError as error:
        where = error.filename or ""
        say(f"无法读写 {where}：{error.strerror}", f"cannot read or write {where}: {error.strerror}")
        raise SystemExit(WRONG_INPUT) from None
