"""The command ``import`` reads headings as the organisation named by ``--as`` has said on its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cabletrace.app.installation import Folder, open_installation
from cabletrace.auth.policy import Role
from cabletrace.cli.console import WRONG_INPUT, words_for_errors
from cabletrace.cli.main import app
from cabletrace.cli.records import importing
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.http.importing import AT_THE_MACHINE, KIND, sha256_of
from cabletrace.imports import history, remembered
from cabletrace.imports.columns import SaidBy
from cabletrace.imports.mapping import mapping_said
from cabletrace.jobs import desk
from cabletrace.model.values import party_id
from house_for_tests import signed_in
from imports_for_tests import MAKER, new_house, opened_house

HEADINGS = ("名目", "料号")
SAID = SaidBy("王丽", datetime(2026, 11, 2, 1, 0, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation with a maker that has said what its headings are."""
    folder = tmp_path / "data"
    new_house(folder)
    mapping = mapping_said(HEADINGS, "products", {"名目": "designation", "料号": "product"}, SAID)
    with opened_house(folder) as house:
        house.party("示例电缆厂", "manufacturer", MAKER)
        with begin_write(house.installation.desk) as tx:
            remembered.remember(tx, MAKER, mapping)
    (tmp_path / "目录.csv").write_text("名目,料号\nBV 2.5,CP-1\n", encoding="utf-8")
    return folder


def brought(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    file = str(folder.parent / "目录.csv")
    app(["import", file, "--data", str(folder), "--json", *more], standalone_mode=False)
    return json.loads(capsys.readouterr().out)


def test_a_dry_run_with_remembered_headings_is_what_the_import_does(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreseen = brought(folder, capsys, "--as", "示例电缆厂", "--dry-run")
    report = brought(folder, capsys, "--as", "示例电缆厂")

    assert foreseen["as_said"] == {"目录.csv": {"by": "王丽", "at": "2026-11-02T01:00:00.000Z"}}
    assert foreseen["good"] == {"目录.csv": 1}
    assert foreseen["added"] == report["added"] == {"product": 1}


def test_what_one_organisation_has_said_is_not_used_for_another(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, words_for_errors():
        brought(folder, capsys)

    assert ended.value.code == WRONG_INPUT
    assert "说明各列是什么" in capsys.readouterr().err


def history_of(folder: Path, party: str | None) -> list[history.ImportEntry]:
    with open_installation(Folder(folder)) as house, begin_read(house.desk) as tx:
        return history.entries(tx, party and party_id(party))


def test_an_import_stands_in_the_history_of_whose_file_it_was_and_a_dry_run_does_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "目录.csv").write_text("名目,料号\nBV 2.5,CP-1\n不是型号,CP-2\n", encoding="utf-8")

    brought(folder, capsys, "--as", "示例电缆厂", "--dry-run")
    assert history_of(folder, MAKER) == []
    brought(folder, capsys, "--as", "示例电缆厂")

    (line,) = history_of(folder, MAKER)
    assert (line.file, line.by, line.state) == ("目录.csv", AT_THE_MACHINE, "done")
    assert (line.good, line.bad, line.known, line.repeated) == (1, 1, 0, 0)
    assert dict(line.added) == {"product": 1}
    assert line.sha256 == sha256_of((folder.parent / "目录.csv").read_bytes())
    assert line.size_bytes == len((folder.parent / "目录.csv").read_bytes())
    assert line.finished_at is not None


def test_a_colleague_of_the_organisation_sees_the_import_whole_and_may_mend_its_rows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "目录.csv").write_text("名目,料号\n不是型号,CP-2\n", encoding="utf-8")
    brought(folder, capsys, "--as", "示例电缆厂")
    (line,) = history_of(folder, MAKER)
    colleague = signed_in(MAKER, Role.MANUFACTURER)

    with open_installation(Folder(folder)) as house:
        imports = importing(house)
        found = imports.find(colleague, line.id)
        assert found is not None
        assert found.report is not None
        assert [bad.value for bad in found.report.bad] == ["不是型号"]
        assert imports.bad_rows(found, "zh") is not None
        assert [each.id for each in imports.history(colleague).rows] == [line.id]
        assert (
            imports.find(signed_in("00000000-0000-4000-8000-0000000000ff", Role.MANUFACTURER), line.id)
            is None
        )


def test_a_file_of_nobody_named_stands_in_the_operators_history_and_no_worker_takes_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "目录.csv").write_text(
        "产品编号,型号规格,单位\nCP-9,BV 2.5,示例电缆厂\n", encoding="utf-8"
    )

    brought(folder, capsys)

    (line,) = history_of(folder, None)
    with open_installation(Folder(folder)) as house:
        assert line.party == house.operator
        with begin_write(house.desk) as tx:
            assert desk.put_back(tx) == 0
            assert not desk.something_waits(tx, [KIND])


def test_what_was_said_of_headings_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app(["columns", "示例电缆厂", "--data", str(folder), "--json"], standalone_mode=False)
    (said,) = json.loads(capsys.readouterr().out)
    app(["columns", "示例电缆厂", "--data", str(folder)], standalone_mode=False)
    told = capsys.readouterr()

    assert said == {
        "headings": list(HEADINGS),
        "kind": "products",
        "columns": {"名目": "designation", "料号": "product"},
        "by": "王丽",
        "at": "2026-11-02T01:00:00.000Z",
    }
    assert "名目 = designation" in told.out + told.err
    assert "王丽" in told.out + told.err
