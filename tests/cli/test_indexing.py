"""The search index compared with the ledger, mended and made anew from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cabletrace.app.followers import following_of
from cabletrace.app.installation import Folder
from cabletrace.cli.console import DONE, FAULTS, WRONG_INPUT
from cabletrace.db.driver import run as execute
from cabletrace.db.engine import begin_write, open_sqlite
from cabletrace.search.embedded import EmbeddedIndex
from imports_for_tests import MAKER, new_house, opened_house

from .test_every_command import Run, run

__all__ = ["run"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the factory's register in it, its index followed to the end."""
    where = tmp_path / "data"
    new_house(where)
    with opened_house(where) as house:
        house.party(
            "周口市禾泽示范电缆有限公司", "manufacturer", MAKER, uscc="914116034J1417770M", region="411603"
        )
        house.bring_file("factory-register.xlsx")
        last = house.size() - 1
    with following_of(Folder(where)) as followers:
        assert followers.search.wait_until(last, timeout=60)
    return where


def lose_a_batch(data: Path) -> str:
    engine = open_sqlite(data / "index.db")
    with begin_write(engine) as tx:
        (code,) = execute(tx, "SELECT code FROM batch ORDER BY seq LIMIT 1").fetchone()
    EmbeddedIndex(engine).mend((), {code})
    engine.dispose()
    return str(code)


def test_an_index_that_was_followed_is_what_the_ledger_says(data: Path, run: Run) -> None:
    said = run("verify-index", "--data", data, "--json")

    assert said.code == DONE
    assert said.result["sound"]
    assert said.result["batches"] > 10
    assert said.result["differences"] == []


def test_a_lost_batch_is_named_and_mended(data: Path, run: Run) -> None:
    code = lose_a_batch(data)

    named = run("verify-index", "--data", data)
    mended = run("verify-index", "--repair", "--data", data, "--json")

    assert named.code == FAULTS
    assert f"{code} 缺少 missing" in named.err
    assert mended.code == DONE
    assert [(each["batch"], each["kind"]) for each in mended.result["differences"]] == [(code, "missing")]
    assert mended.result["left"] == []
    assert run("verify-index", "--deep", "--data", data).code == DONE


def test_an_index_is_made_anew(data: Path, run: Run) -> None:
    lose_a_batch(data)

    said = run("rebuild-index", "--data", data)

    assert said.code == DONE
    assert "新索引已启用" in said.err
    assert run("verify-index", "--deep", "--data", data, "--json").result["batches"] > 10


def test_the_embedded_index_keeps_no_older_one(data: Path, run: Run) -> None:
    said = run("rebuild-index", "--rollback", "--data", data)

    assert said.code == WRONG_INPUT
    assert "keeps no older one" in said.err
