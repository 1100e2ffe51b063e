"""The command ``calendar`` puts the days off of a year onto the ledger, and refuses what is no such table."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cabletrace.app.installation import Folder, open_installation
from cabletrace.cli.console import WRONG_INPUT, words_for_errors
from cabletrace.cli.main import app
from cabletrace.db.engine import begin_read
from cabletrace.registry import register
from imports_for_tests import new_house

GOOD = "day,working,name\n2027-01-01,0,元旦\n2027-02-08,0,春节\n2027-02-20,1,春节\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    new_house(folder)
    return folder


def call(folder: Path, *words: str) -> None:
    app(["calendar", *words, "--data", str(folder), "--json"], standalone_mode=False)


def test_a_year_is_loaded_and_listed_and_the_newest_holds(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(GOOD, encoding="utf-8-sig")
    call(folder, "load", str(file), "--notice", "国办发明电〔2026〕7号")
    said = json.loads(capsys.readouterr().out)
    file.write_text(GOOD.replace("2027-02-08", "2027-02-09"), encoding="utf-8")
    call(folder, "load", str(file), "--notice", "国办发明电〔2026〕8号")
    capsys.readouterr()

    call(folder, "list")

    assert (said["year"], said["off"], said["worked"]) == (2027, 2, 1)
    assert [(each["year"], each["notice"]) for each in json.loads(capsys.readouterr().out)] == [
        (2027, "国办发明电〔2026〕8号")
    ]
    with open_installation(Folder(folder)) as house, begin_read(house.ledger) as tx:
        calendar = register.calendar_known(tx)
    assert calendar.is_working_day(date(2027, 2, 8))
    assert not calendar.is_working_day(date(2027, 2, 9))
    assert not calendar.is_tentative(date(2027, 6, 1))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("day\n2027-01-01\n", "两列"),
        ("day,working\n", "两列"),
        ("day,working\n2027-01-01,no\n", "第 2 行"),
        ("day,working\n2027-01-01,0\n2028-01-03,0\n", "一年"),
        ("day,working\n2027-01-02,0\n", "周末本来就休息"),
        ("day,working\n2027-02-30,0\n", "日期"),
    ],
)
def test_what_is_no_such_table_changes_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, word: str
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SystemExit) as ended, words_for_errors():
        call(folder, "load", str(file), "--notice", "1")

    assert ended.value.code == WRONG_INPUT
    assert word in capsys.readouterr().err
    with open_installation(Folder(folder)) as house, begin_read(house.ledger) as tx:
        assert register.calendars(tx) == []
