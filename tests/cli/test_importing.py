"""The command ``import`` reads headings as the organisation named by ``--as`` has said on its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cabletrace.cli.console import WRONG_INPUT, words_for_errors
from cabletrace.cli.main import app
from cabletrace.db.engine import begin_write
from cabletrace.imports import remembered
from cabletrace.imports.columns import SaidBy
from cabletrace.imports.mapping import mapping_said
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
