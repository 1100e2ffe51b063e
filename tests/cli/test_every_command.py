"""What every command keeps to: help in both languages, one JSON document, the same exit codes, errors in words."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import typer

from cabletrace.app.migrating import DESK
from cabletrace.cli.console import BROKEN, DONE, FAULTS, WRONG_INPUT
from cabletrace.cli.main import app
from cabletrace.cli.main import run as program
from cabletrace.db.engine import begin_read, sqlite_module
from cabletrace.evidence import verify as evidence
from cabletrace.flow import books
from imports_for_tests import MAKER, new_house, opened_house

ROOT = Path(__file__).parents[2]
LOT = "HZ260302-010"


def commands() -> dict[str, Any]:
    """Every command by the words that call it."""
    root: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, command in root.commands.items():
        below = getattr(command, "commands", {})
        found |= {f"{name} {inner}": each for inner, each in below.items()} or {name: command}
    return found


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as the program does."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words: str | Path) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            program([str(word) for word in words])
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the factory's register in it; only to be read."""
    data = tmp_path_factory.mktemp("cli") / "data"
    new_house(data)
    with opened_house(data) as house:
        house.party(
            "周口市禾泽示范电缆有限公司", "manufacturer", MAKER, uscc="914116034J1417770M", region="411603"
        )
        house.bring_file("factory-register.xlsx")
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


@pytest.fixture(scope="module")
def code(made: Path) -> Iterator[str]:
    with opened_house(made) as house, begin_read(house.installation.ledger) as tx:
        yield dict(books.codes_of_lots(tx, [LOT])[LOT])[MAKER]


def damaged(data: Path) -> Path:
    """The same folder without the key that signs: nothing more can be recorded."""
    (data / "keys" / "ledger.seed").unlink()
    return data


# --- what all have in common --------------------------------------------------------------------------


@pytest.mark.parametrize("words", commands())
def test_every_command_and_every_option_is_explained_in_both_languages(words: str, run: Run) -> None:
    said = run(*words.split(), "--help")

    assert said.code == DONE
    command = commands()[words]
    told = [command.help or "", *(getattr(each, "help", None) or "" for each in command.params)]
    for text in told:
        assert re.search(r"[a-z]{2}", text), f"{words}: no English in {text!r}"
        assert re.search(r"[\u4e00-\u9fff]", text), f"{words}: no Chinese in {text!r}"


#: Their result is the text itself, or there is none but that it is done.
WITHOUT_JSON = {
    "serve", "follow", "sign", "prove-key", "apikey revoke", "witness follow", "witness leave", "witness serve",
    "cosigner add", "cosigner remove", "user disable", "user enable", "user unlock",
}  # fmt: skip


def test_every_command_with_a_result_gives_it_as_json() -> None:
    without = {
        words
        for words, each in commands().items()
        if not any("--json" in param.opts for param in each.params)
    }

    assert without == WITHOUT_JSON


def test_the_readme_and_its_page_name_every_command() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [words for words in commands() if f"`cabletrace {words}" not in page] == []
    assert [words for words in commands() if f"`{words.split()[0]}`" not in readme] == []


def test_exit_codes_stand_in_the_help(run: Run) -> None:
    said = run("--help").out

    for code in (DONE, FAULTS, WRONG_INPUT, BROKEN):
        assert re.search(rf"\b{code} [\u4e00-\u9fff]", said)


@pytest.mark.parametrize("words", commands())
def test_an_option_that_does_not_exist_is_a_wrong_usage(words: str, run: Run) -> None:
    said = run(*words.split(), "--no-such-option")

    assert said.code == WRONG_INPUT
    assert said.out == ""


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["nosuch"], "没有这个命令：'nosuch'", "No such command 'nosuch'"),
        (["user", "add"], "name: 没有写这一项", "name: this is missing"),
        (["user", "add", "x"], "--role: 没有写这一项", "--role: this is missing"),
        (["doctor", "--nope"], "--nope: 没有这个选项", "--nope: there is no such option"),
        (["doctor", "--port", "x"], "--port: 这样写不行", "valid integer"),
        (["user", "add", "x", "--role", "public"], "没有这个角色", "there is no such role"),
        (["apikey", "add", "x", "--action", "nosuch"], "没有这项权限", "there is no such action"),
    ],
)
def test_a_mistake_of_usage_is_told_in_both_languages_and_as_a_document_where_one_is_wanted(
    words: list[str], zh: str, en: str, run: Run
) -> None:
    said = run(*words)
    document = run(*words, "--json")

    assert (said.code, said.out, document.code) == (WRONG_INPUT, "", WRONG_INPUT)
    assert zh in said.err
    assert en in said.err
    assert document.result["exit_code"] == WRONG_INPUT
    (problem,) = document.result["problems"]
    assert problem["detail"]["zh"] in document.err
    assert problem["detail"]["en"] in document.err


def test_a_refusal_is_a_document_where_one_is_wanted(tmp_path: Path, run: Run) -> None:
    said = run("flow", "--data", tmp_path / "none", "--json")

    assert said.code == WRONG_INPUT
    assert "不是数据目录" in said.result["problems"][0]["detail"]["zh"]
    assert "不是数据目录" in said.err


def test_a_key_can_be_given_all_that_its_account_may_and_help_stays_short(data: Path, run: Run) -> None:
    party = "914116034J1417770M"
    run("user", "add", "kz", "--role", "manufacturer", "--party", party, "--data", data)

    key = run("apikey", "add", "kz", "--all", "--data", data, "--json")
    nothing = run("apikey", "add", "kz", "--data", data)
    help_ = run("apikey", "add", "--help").out

    assert key.code == DONE, key.err
    (listed,) = run("apikey", "list", "kz", "--data", data, "--json").result
    assert {"import", "record:production"} <= set(listed["actions"])
    assert "manage-accounts" not in listed["actions"]
    assert (nothing.code, "至少选择一项权限" in nothing.err) == (WRONG_INPUT, True)
    assert len(help_.splitlines()) < 30
    assert "public" not in run("user", "add", "--help").out


#: What each command that opens a data folder needs beside it. Of `doctor` a missing folder is a finding.
OPENING = {
    "verify": [], "rebuild": [], "import": ["FILE"], "flow": [], "alerts": [], "export": ["NEW"], "label": ["X", "NEW.pdf"],
    "evidence": ["X", "NEW.zip", "--account", "n", "--ground", "g", "--place", "p", "--officer", "a", "--officer", "b"],
    "serve": ["--port", "0"], "follow": [], "search-engine": [], "code-key": [], "user add": ["n", "--role", "operator"], "user list": [],
    "user invite": ["n", "--role", "operator"], "user reset": ["n"], "user disable": ["n"], "user enable": ["n"], "user unlock": ["n"], "apikey list": ["n"], "apikey revoke": ["n", "k"],
    "apikey add": ["n", "--action", "import"], "sweep": [], "seat": ["X", "411600"], "calendar load": ["FILE", "--notice", "1"], "calendar list": [], "columns": ["X"], "cosigner list": [], "cosigner ask": [],
    "cosigner add": ["k", "u"], "cosigner remove": ["n"], "migrate": [], "verify-index": [], "rebuild-index": [],
}  # fmt: skip
#: These make their own, or need none.
NOT_OPENING = {"import-ledger", "init", "demo", "doctor", "keygen", "sign", "prove-key"} | {
    w for w in commands() if w.startswith("witness")
}


def test_the_list_of_commands_that_open_a_folder_is_whole() -> None:
    assert OPENING.keys() | NOT_OPENING == commands().keys()


@pytest.mark.parametrize("words", OPENING)
def test_a_folder_that_is_none_is_refused_with_what_to_do(words: str, tmp_path: Path, run: Run) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "FILE").write_text("x")
    more = [str(tmp_path / each) if each.startswith(("FILE", "NEW")) else each for each in OPENING[words]]

    said = run(*words.split(), *more, "--data", empty)

    assert said.code == WRONG_INPUT
    assert said.out == ""
    assert "cabletrace init" in said.err
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("words", ["flow", "alerts", "user list", "label X NEW.pdf", "import"])
def test_a_folder_that_is_damaged_is_refused_as_not_to_be_used(words: str, data: Path, run: Run) -> None:
    more = [ROOT / "trace/app/demo_files/shipments.csv"] if words == "import" else []

    said = run(*words.split(), *more, "--data", damaged(data))

    assert said.code == BROKEN
    assert said.out == ""
    assert "ledger.seed" in said.err


#: These read no table that follows from the ledger, or make them anew.
READING_NONE = {"verify", "rebuild", "export", "serve", "migrate", "search-engine", "code-key", "cosigner list", "cosigner ask", "cosigner add", "cosigner remove"}  # fmt: skip


@pytest.mark.parametrize("words", sorted(OPENING.keys() - READING_NONE))
def test_a_folder_of_another_version_is_refused_with_the_command_that_mends_it(
    words: str, data: Path, tmp_path: Path, run: Run
) -> None:
    older = Path(shutil.copytree(data, tmp_path / "older"))
    connection = sqlite_module().connect(older / "ledger.db")
    with connection:
        connection.execute("UPDATE projections_made SET version = '0-earlier'")
    connection.close()
    (tmp_path / "FILE").write_text("x")
    more = [str(tmp_path / each) if each.startswith(("FILE", "NEW")) else each for each in OPENING[words]]

    said = run(*words.split(), *more, "--data", older)

    assert (said.code, said.out) == (BROKEN, "")
    assert f"cabletrace migrate --data {older}" in said.err


#: These read the ledger's own tables and no others, or none at all, or bring all up to date.
WITHOUT_A_DESK = {"verify", "export", "serve", "migrate", "search-engine", "code-key"}


@pytest.mark.parametrize("words", sorted(OPENING.keys() - WITHOUT_A_DESK))
def test_a_folder_of_an_earlier_version_is_refused_with_the_command_that_migrates_it(
    words: str, data: Path, tmp_path: Path, run: Run
) -> None:
    older = of_before_revisions(data, tmp_path / "older")
    (tmp_path / "FILE").write_text("x")
    more = [str(tmp_path / each) if each.startswith(("FILE", "NEW")) else each for each in OPENING[words]]

    said = run(*words.split(), *more, "--data", older)

    assert (said.code, said.out) == (BROKEN, "")
    assert "must be migrated first: desk" in said.err
    assert f"cabletrace migrate --data {older}" in said.err


def of_before_revisions(data: Path, into: Path) -> Path:
    """A copy with a desk from before there were revisions, which lacks a table and a column, and with projections of another
    version."""
    older = Path(shutil.copytree(data, into))
    for file, statements in {
        "desk.db": ("DROP TABLE desk_version", "DROP TABLE upload", "ALTER TABLE session DROP COLUMN device"),
        "ledger.db": ("UPDATE projections_made SET version = '0-earlier'",),
    }.items():
        connection = sqlite_module().connect(older / file)
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
    return older


def test_migrate_says_what_is_behind_and_mends_it(data: Path, tmp_path: Path, run: Run) -> None:
    older = of_before_revisions(data, tmp_path / "older")
    lacks = [{"tables": "desk", "revisions": list(DESK.revisions)}]

    asked = run("migrate", "--check", "--data", older, "--json")
    told = run("migrate", "--check", "--data", older)
    assert (asked.code, asked.result) == (FAULTS, {"behind": lacks, "rebuild": True})
    assert (told.code, told.out) == (FAULTS, "")
    assert "desk 的表由较早版本写成" in told.err
    assert "the tables of desk are of an earlier version" in told.err
    assert "由另一版本的程序建立" in told.err

    done = run("migrate", "--data", older, "--json")
    assert done.code == DONE
    assert done.result["migrated"] == lacks
    assert done.result["rebuilt_events"] > 10
    assert done.err == ""
    again = run("migrate", "--data", older)
    assert (again.code, again.out) == (DONE, "")
    assert "all is of this version" in again.err
    checked = run("migrate", "--check", "--data", older, "--json")
    assert (checked.code, checked.result) == (DONE, {"behind": [], "rebuild": False})
    assert run("user", "list", "--data", older).code == DONE


def test_migrate_refuses_an_owner_of_files_and_data_of_a_newer_version(data: Path, run: Run) -> None:
    owned = run("migrate", "--data", data, "--owner", "postgresql://dba@db.example/d")
    assert owned.code == WRONG_INPUT
    assert "only a ledger in PostgreSQL" in owned.err

    connection = sqlite_module().connect(data / "desk.db")
    with connection:
        connection.execute("UPDATE desk_version SET version_num = '9999'")
    connection.close()
    for words in ("migrate", "migrate --check", "serve --port 0", "user list"):
        said = run(*words.split(), "--data", data)
        assert (said.code, said.out) == (BROKEN, "")
        assert "不能降级" in said.err
        assert "bring back the copy made before the update" in said.err


@pytest.mark.parametrize(
    ("words", "members"),
    [
        ("verify", {"clean", "witnessed", "faults", "notes"}),
        ("rebuild", {"events"}),
        ("migrate", {"migrated", "rebuilt_events"}),
        ("doctor --port 0", {"healthy", "findings"}),
        ("flow", {"by_lot", "by_region"}),
        ("alerts", {"rule", "lot", "batch", "maker", "index", "severity", "detail"}),
        ("sweep", {"files", "beginnings"}),
        ("user list", None),
        ("cosigner list", None),
        ("cosigner ask", None),
    ],
)
def test_a_result_is_one_document_and_nothing_else(
    words: str, members: set[str] | None, data: Path, run: Run
) -> None:
    said = run(*words.split(), "--data", data, "--json")

    assert said.code == DONE
    if members is None:
        assert said.result == []
    else:
        first = said.result[0] if isinstance(said.result, list) else said.result
        assert first.keys() >= members
    assert said.err == ""


def test_a_witness_says_its_key_as_text_and_as_a_document(tmp_path: Path, run: Run) -> None:
    folder, name = tmp_path / "witness", "w.example/a"

    text = run("witness", "init", "--folder", folder, "--name", name)
    shown = run("witness", "show", "--folder", folder, "--json")
    document = run("witness", "init", "--folder", tmp_path / "other", "--name", name, "--json")
    again = run("witness", "init", "--folder", folder, "--name", name)

    assert shown.result == {"verifier_key": text.out.strip(), "logs": []}
    assert document.result["verifier_key"].startswith(f"{name}+")
    assert again.code == WRONG_INPUT


# --- single ones --------------------------------------------------------------------------------------


def test_init_says_the_key_of_the_ledger(tmp_path: Path, run: Run) -> None:
    words = (
        "init",
        "--data",
        tmp_path / "new",
        "--origin",
        "a.example/ledger",
        "--host",
        "a.example",
        "--json",
    )

    said, again = run(*words), run(*words)

    assert said.code == DONE
    assert said.result["origin"] == "a.example/ledger"
    assert said.result["verifier_key"].startswith("a.example/ledger+")
    assert again.code == WRONG_INPUT


@pytest.mark.parametrize("wrong", [["--origin", "two words"], ["--host", "https://a.example"]])
def test_init_asks_no_database_and_lays_nothing_where_it_is_misspelt(
    tmp_path: Path, run: Run, wrong: list[str]
) -> None:
    database = "postgresql://nobody:secret@127.0.0.1:1/none"  # where nothing answers

    said = run("init", "--data", tmp_path / "new", "--database", database, *wrong)

    assert said.code == WRONG_INPUT
    assert not (tmp_path / "new").exists()


def test_the_demo_is_made_once_and_stands_in_no_ledger_of_somebody_else(
    data: Path, tmp_path: Path, run: Run
) -> None:
    words = ("demo", "--data", tmp_path / "new", "--size", "village")

    said, again = run(*words, "--json"), run(*words, "--json")
    other, files = run(*words, "--seed", "2"), run("demo", "--data", tmp_path / "new", "--json")
    elsewhere = run("demo", "--data", data, "--size", "village")

    assert said.code == DONE
    assert said.result.keys() == {"size", "seed", "events", "lots", "planted", "truth"}
    assert again.result == said.result
    assert (other.code, elsewhere.code) == (WRONG_INPUT, WRONG_INPUT)
    assert "--data DIR" in elsewhere.err
    assert files.result == {"size": None, "files": []}


def test_the_demo_of_files_tells_what_became_of_their_rows(tmp_path: Path, run: Run) -> None:
    said = run("demo", "--data", tmp_path / "new", "--json")

    assert said.result["files"][0]["file"] == "factory-register.xlsx"
    assert all(each["good"] for each in said.result["files"])


def test_verify_rebuild_and_doctor_answer_by_exit_code_and_document(data: Path, run: Run) -> None:
    clean, rebuilt = run("verify", "--data", data, "--json"), run("rebuild", "--data", data, "--json")
    healthy = run("doctor", "--data", data, "--port", "0", "--json")
    ill = run("doctor", "--data", damaged(data), "--port", "0", "--json")

    assert (clean.code, clean.result["clean"]) == (DONE, True)
    assert rebuilt.code == DONE
    assert rebuilt.result["events"] > 0
    assert (healthy.code, healthy.result["healthy"]) == (DONE, True)
    assert (ill.code, ill.result["healthy"]) == (FAULTS, False)


def test_an_import_with_bad_rows_is_done_and_names_them(data: Path, run: Run) -> None:
    said = run("import", ROOT / "trace/app/demo_files/shipments.csv", "--data", data, "--json")

    assert said.code == DONE
    assert len(said.result["bad"]) == 8


def test_accounts_and_keys_are_made_listed_and_taken_back(data: Path, run: Run) -> None:
    party = "914116034J1417770M"
    made = run("user", "add", "kz", "--role", "manufacturer", "--party", party, "--data", data, "--json")
    key = run("apikey", "add", "KZ", "--action", "import", "--data", data, "--json")
    nobody = run("apikey", "add", "nobody", "--action", "import", "--data", data)

    assert (made.code, key.code) == (DONE, DONE), made.err + key.err
    revoked = run("apikey", "revoke", "kz", key.result["id"], "--data", data)

    assert (made.code, key.code, nobody.code, revoked.code) == (DONE, DONE, WRONG_INPUT, DONE)
    assert "there is no such account" in nobody.err
    (account,) = run("user", "list", "--data", data, "--json").result
    assert (account["name"], account["id"]) == ("kz", made.result["id"])
    listed = run("apikey", "list", "kz", "--data", data, "--json")
    assert key.result["key"] not in listed.out
    assert listed.result[0]["revoked_at"] is not None


def test_people_are_invited_kept_out_and_let_in_again(data: Path, run: Run) -> None:
    party = "914116034J1417770M"
    more = ("--party", party, "--administers", "--data", data)
    invited = run("user", "invite", "质量科", "--role", "manufacturer", *more, "--json")
    link = invited.result["link"]
    run("user", "add", "boss", "--role", "manufacturer", *more)

    off = run("user", "disable", "Boss", "--data", data)
    (kept_out,) = run("user", "list", "--data", data, "--json").result
    refused = run("user", "reset", "boss", "--data", data)
    on = run("user", "enable", "boss", "--data", data)
    unlocked = run("user", "unlock", "boss", "--data", data)
    reset = run("user", "reset", "boss", "--data", data)
    nobody = run("user", "disable", "nobody", "--data", data)

    assert re.fullmatch(r"https://[^/]+/join/[\w-]{43}", link)
    assert (kept_out["active"], kept_out["administers"]) == (False, True)
    assert (off.code, on.code, unlocked.code, reset.code) == (DONE, DONE, DONE, DONE)
    assert (refused.code, nobody.code) == (WRONG_INPUT, WRONG_INPUT)
    assert "/join/" in reset.err


def test_the_last_operator_is_not_kept_out(data: Path, run: Run) -> None:
    run("user", "add", "root", "--role", "operator", "--data", data)

    said = run("user", "disable", "root", "--data", data)

    assert said.code == WRONG_INPUT
    assert "最后一个运维账号" in said.err
    (kept,) = run("user", "list", "--data", data, "--json").result
    assert kept["active"]


def test_an_account_of_nobody_is_refused(data: Path, run: Run) -> None:
    said = run("user", "add", "kz", "--role", "manufacturer", "--data", data)

    assert said.code == WRONG_INPUT
    assert "--party" in said.err


def test_keygen_keeps_the_private_key_to_its_owner_and_never_writes_over_one(
    tmp_path: Path, run: Run
) -> None:
    seed = tmp_path / "seed"

    said, again = run("keygen", "maker", seed, "--json"), run("keygen", "maker", seed)

    assert said.result.keys() == {"verifier_key", "key", "public_key"}
    assert seed.stat().st_mode & 0o777 == 0o600
    assert len(seed.read_bytes()) == 32
    assert again.code == WRONG_INPUT
    assert run("keygen", "a maker", tmp_path / "other").code == WRONG_INPUT


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("l.pdf", b"%PDF"),
        ("l.zpl", b"^XA"),
        ("l.csv", b"\xef\xbb\xbf"),
        ("l.xlsx", b"PK"),
        ("l.svg", b"<svg"),
        ("l.PNG", b"\x89PNG"),
    ],
)
def test_labels_become_the_file_that_its_ending_names(
    name: str, begins: bytes, data: Path, code: str, tmp_path: Path, run: Run
) -> None:
    file = tmp_path / name
    lists = ("--record", "--reason", "other", "--note", "清单") if begins in (b"\xef\xbb\xbf", b"PK") else ()

    said = run("label", code, file, "--units", "1", *lists, "--data", data, "--json")

    assert said.code == DONE
    assert file.read_bytes().startswith(begins)
    assert said.result == {"file": str(file), "labels": 1, "copies": 1, "bytes": file.stat().st_size}


def test_labels_are_previews_until_they_are_recorded_as_printed(
    data: Path, code: str, tmp_path: Path, run: Run
) -> None:
    once = run("label", code, tmp_path / "1.pdf", "--units", "1", "--record", "--data", data, "--json")
    mute = run("label", code, tmp_path / "2.pdf", "--units", "1", "--record", "--data", data)
    told = run(
        "label", code, tmp_path / "3.pdf", "--units", "1", "--record", "--reason", "lost", "--data", data
    )
    run("label", code, tmp_path / "4.pdf", "--units", "1", "--data", data)

    assert (once.code, told.code) == (DONE, DONE)
    assert mute.code != DONE
    assert not (tmp_path / "2.pdf").exists()
    said = []
    for number in (1, 4):
        with pypdfium2.PdfDocument(tmp_path / f"{number}.pdf") as document:
            said.append("样张" in document[0].get_textpage().get_text_bounded())
    assert said == [False, True]


def test_labels_that_cannot_be_are_refused_and_nothing_is_written(
    data: Path, code: str, tmp_path: Path, run: Run
) -> None:
    there = tmp_path / "there.pdf"
    there.write_text("kept")
    new = tmp_path / "new.pdf"
    attempts = {
        "another ending": run("label", code, tmp_path / "new.doc", "--data", data),
        "written over": run("label", code, there, "--data", data),
        "no such unit": run("label", code, new, "--units", "999", "--data", data),
        "two in one picture": run("label", code, tmp_path / "new.svg", "--units", "1-2", "--data", data),
        "no such batch": run("label", "00000-00000", new, "--data", data),
        "a list that is not recorded": run("label", code, tmp_path / "new.csv", "--data", data),
        "dots": run("label", code, new, "--dpi", "100", "--data", data),
    }

    assert {why: said.code for why, said in attempts.items()} == dict.fromkeys(attempts, WRONG_INPUT)
    assert there.read_text() == "kept"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "there.pdf"]


def test_evidence_is_taken_in_the_name_of_an_officer_and_passes_its_own_verifier(
    data: Path, code: str, tmp_path: Path, run: Run
) -> None:
    office = "00000000-0000-4000-8000-0000000000f1"
    with opened_house(data) as house:
        house.party("周口市示例市场监督管理局", "regulator", office, region="411600")
    run("user", "add", "li", "--role", "regulator", "--party", office, "--region", "411600", "--data", data)
    file = tmp_path / "evidence.zip"
    asked = ("evidence", code, file, "--ground", "核查", "--place", "周口", "--data", data, "--json")
    two = ("--officer", "甲/豫P-1", "--officer", "乙")

    alone = run(*asked, "--account", "li", "--officer", "甲")
    nobody = run(*asked, "--account", "who", *two)
    said = run(*asked, "--account", "li", *two)
    again = run(*asked, "--account", "li", *two)

    assert (alone.code, nobody.code) == (WRONG_INPUT, WRONG_INPUT)
    assert said.code == DONE, said.err
    assert said.result["sha256"] == sha256(file.read_bytes()).hexdigest()
    check = evidence.Check(evidence.read_package(file)).run()
    assert check.faults == []
    assert any(said.result["content_sha256"] in note for note in check.notes)
    assert again.code == WRONG_INPUT


def test_an_export_says_what_it_wrote_and_never_writes_over_anything(
    data: Path, tmp_path: Path, run: Run
) -> None:
    into = tmp_path / "exported"

    said, again = run("export", into, "--data", data, "--json"), run("export", into, "--data", data)
    elsewhere = run("export", data, "--data", data)

    assert said.code == DONE
    assert said.result["size"] > 0
    assert said.result["payloads"] is False
    assert not (into / "payload").exists()
    assert (again.code, elsewhere.code) == (WRONG_INPUT, WRONG_INPUT)
    assert "whole export" in again.err


def test_a_ledger_moves_as_files_and_says_that_it_verifies(data: Path, tmp_path: Path, run: Run) -> None:
    files, new = str(tmp_path / "files"), tmp_path / "new"
    run("export", files, "--payloads", "--persons", "--data", str(data))
    refused = run("import-ledger", files, "--data", str(new))
    assert refused.code == WRONG_INPUT
    assert "keys/" in refused.err
    shutil.copytree(data / "keys", new / "keys")

    said = run("import-ledger", files, "--data", str(new), "--json")

    assert said.code == DONE
    assert json.loads(said.out) == {
        "folder": str(new),
        "size": json.loads((tmp_path / "files" / "manifest.json").read_text())["size"],
        "faults": 0,
    }
    assert run("verify", "--data", str(new)).code == DONE
