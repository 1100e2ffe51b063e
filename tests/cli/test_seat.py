"""The command ``seat`` registers in which region an authority is, and leaves everything else of it as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cabletrace.app.installation import Folder, open_installation
from cabletrace.cli.console import WRONG_INPUT, words_for_errors
from cabletrace.cli.main import app
from cabletrace.db.engine import begin_read
from cabletrace.model.state import KnownParty
from cabletrace.model.values import party_id
from cabletrace.registry import register
from imports_for_tests import MAKER, new_house, opened_house

AUTHORITY = "00000000-0000-4000-8000-0000000000a7"
NAME = "周口市示例市场监督管理局"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation with an authority that was registered without a region, and a maker."""
    folder = tmp_path / "data"
    new_house(folder)
    with opened_house(folder) as house:
        house.party(NAME, "regulator", AUTHORITY, address="文昌大道 1 号")
        house.party("示例电缆厂", "manufacturer", MAKER, region="411603")
    return folder


def known(folder: Path, id_: str) -> KnownParty:
    with open_installation(Folder(folder)) as house, begin_read(house.ledger) as tx:
        return register.parties(tx, [id_])[id_]


def test_the_region_is_registered_by_name_and_the_rest_stays(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app(["seat", AUTHORITY, "周口市", "--data", str(folder), "--json"], standalone_mode=False)

    said = json.loads(capsys.readouterr().out)
    assert (said["party"], said["region"]) == (AUTHORITY, "411600")
    authority = known(folder, AUTHORITY)
    assert (authority.region, authority.name, authority.address) == ("411600", NAME, "文昌大道 1 号")
    assert authority.roles == ("regulator",)


@pytest.mark.parametrize(
    ("party", "region", "word"),
    [
        (AUTHORITY, "没有这里", "没有这里"),
        (MAKER, "411602", "只为没有上级的监管部门登记"),
        ("00000000-0000-4000-8000-0000000000ff", "411602", "没有登记这个单位"),
    ],
)
def test_what_is_no_region_or_no_authority_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], party: str, region: str, word: str
) -> None:
    with pytest.raises(SystemExit) as ended, words_for_errors():
        app(["seat", party, region, "--data", str(folder)])

    said = capsys.readouterr()
    assert ended.value.code == WRONG_INPUT
    assert word in said.err
    assert known(folder, AUTHORITY).region is None
    assert known(folder, party_id(MAKER)).region == "411603"
