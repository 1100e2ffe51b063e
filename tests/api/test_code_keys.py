"""A new key for the codes of drums: later batches have codes of it, earlier ones keep theirs, and each is answered under its own."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cabletrace.app.folder import Folder
from cabletrace.app.installation import make_code_key
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.db.database import ADDRESS
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import InputError
from cabletrace.flow import books
from drafts_for_tests import MAKER, production
from service_for_tests import Told, service_in


def test_later_batches_use_it_and_every_code_is_answered_under_the_key_of_its_batch(
    told: Told, tmp_path: Path
) -> None:
    # given: a second key, made while nobody serves
    stopped = Path(shutil.copytree(told.folder, tmp_path / "stopped"))
    assert make_code_key(Folder(stopped)) == 2
    assert Folder(stopped).code_key(2).stat().st_mode & 0o777 == 0o600

    with service_in(
        tmp_path / "data", replace(told, folder=stopped), production("K2", entered_for=MAKER)
    ) as service:
        with begin_read(service.house.ledger) as tx:
            ((_, later),) = books.codes_of_lots(tx, ["K2"])["K2"]
            earlier = service.code["L1"]
            versions = {
                code: batch.key_version for code, batch in books.batches(tx, [earlier, later]).items()
            }
        keys = service.house.code_keys

        answers = {
            (code, version): service.client.get(
                f"/c/{unit_code(BatchCode(code[:-1]), 1, keys[version]).canonical}",
                headers={"Accept": "application/json"},
            ).status_code
            for code in (earlier, later)
            for version in keys
        }

    assert versions == {earlier: 1, later: 2}
    for code, own in versions.items():
        assert answers[code, own] == 200
        assert answers[code, 3 - own] == 404  # not issued here


def test_a_service_that_goes_on_reads_a_key_that_was_made_meanwhile(told: Told, tmp_path: Path) -> None:
    with service_in(tmp_path / "data", told) as service:
        make_code_key(service.house.folder)
        # as another process records it that was started since
        with begin_write(service.house.ledger) as tx:
            tx.exec_driver_sql("UPDATE batch SET key_version = 2 WHERE lot = 'L1'")
        key = service.house.folder.code_key(2).read_bytes()
        code = unit_code(BatchCode(service.code["L1"][:-1]), 1, key).canonical

        assert service.client.get(f"/c/{code}").status_code == 200


def test_a_folder_that_is_no_installation_gets_no_key(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no data folder"):
        make_code_key(Folder(tmp_path))
    assert {file.name for file in tmp_path.iterdir()} <= {ADDRESS}
