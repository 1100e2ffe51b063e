"""The command line's own part: what it says of its options, which folder it opens, what it prints where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cabletrace.cli.console import WRONG_INPUT, progress, words_for_errors
from cabletrace.cli.main import app
from cabletrace.cli.options import folder


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "import",
        "flow",
        "alerts",
        "verify",
        "rebuild",
        "doctor",
        "serve",
        "export",
        "label",
        "user add",
        "apikey add",
    ],
)
def test_every_command_says_which_folder_it_takes(command: str) -> None:
    said = (
        CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "160", "NO_COLOR": "1"}).output
    )

    assert "data folder 数据目录 (CABLETRACE_DATA)" in said
    assert "[default: (data)]" in said


@pytest.mark.parametrize("command", ["flow", "alerts", "verify", "rebuild"])
def test_a_folder_without_a_ledger_is_left_as_it_is(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # An empty ledger.db left behind would be taken for an installation by every later command.
    with pytest.raises(SystemExit) as ended, words_for_errors():
        app([command, "--data", str(tmp_path)], standalone_mode=False)

    assert ended.value.code == WRONG_INPUT
    assert "cabletrace init" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "host", ["http://trace.example", "trace.example/c", "trace example", "追溯.example", ""]
)
def test_a_host_that_no_code_could_lead_to_is_refused_before_anything_is_made(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # It is printed in every QR code and never changes.
    with pytest.raises(SystemExit) as ended, words_for_errors():
        app(["init", "--data", str(tmp_path), "--host", host], standalone_mode=False)

    assert ended.value.code == WRONG_INPUT
    assert "no http://, no path" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("search", ["es.example:9200", "https://user@es.example", "embedded"])
def test_a_search_engine_that_is_no_address_is_refused_before_anything_is_made(
    search: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, words_for_errors():
        app(["init", "--data", str(tmp_path), "--search", search], standalone_mode=False)

    assert ended.value.code == WRONG_INPUT
    assert "https://user:password@es.example:9200" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_search_engine_of_a_folder_is_said_and_changed_without_telling_its_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(tmp_path)]
    app(["init", *where], standalone_mode=False)
    said = []
    for words in ([], ["https://indexer:s3cret@es.example/mine"], [], ["embedded"], []):
        app(["search-engine", *words, *where, "--json"], standalone_mode=False)
        said.append(capsys.readouterr().out)

    assert [json.loads(each)["engine"] for each in said] == [
        "embedded", "elasticsearch", "elasticsearch", "embedded", "embedded",
    ]  # fmt: skip
    assert json.loads(said[1]) == {
        "engine": "elasticsearch",
        "hosts": ["https://es.example:9200"],
        "index": "mine",
    }
    assert "s3cret" not in "".join(said)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    # Path("") is the working directory, which is nobody's data folder.
    monkeypatch.setenv("CABLETRACE_DATA", "")

    assert folder(None).root == Path("data")


def test_no_bar_is_drawn_where_nobody_looks_on(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("校验 verifying") as bar:
        bar(1, 2)

    assert capsys.readouterr() == ("", "")
