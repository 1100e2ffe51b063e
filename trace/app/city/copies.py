"""Checks of the labels that were copied: phones in two cities have the same drum before them, and the rules find it.

Checks are no drafts, so they are told here and not in a life: written among the checks as the public's are, judged by the
same rules, and entered as the machine enters what it finds (`app.suspecting`), on the day of the story. No cap is needed:
a lot has one copied drum at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from ...clock import SHANGHAI
from ...codes.regions import coarse_region
from ...codes.trace_code import BatchCode, unit_code
from ...db.engine import begin_read, begin_write
from ...errors import Broken
from ...flow import books
from ...intake.record import prepare
from ...ledger.sequencer import Receipt
from ...queries.suspected import suspected_of_drum
from ...scans import stream
from ...scans.stream import Scan
from ..installation import Installation
from .life import Planted

#: Phones, two behind different addresses in each place, and the minutes after nine at which they state it.
_STATED = (("aa", 0, 0), ("bb", 0, 35), ("cc", 1, 80), ("dd", 1, 150))


def check_copies(house: Installation, planted: Iterable[Planted]) -> None:
    """Let copied drums among these be checked in both places, and enter what the rules find; again changes nothing."""
    for each in planted:
        if "checked_in" in each.details:
            _check(house, each)


def _check(house: Installation, copied: Planted) -> None:
    with begin_read(house.ledger) as tx:
        code = dict(books.codes_of_lots(tx, [copied.lot])[copied.lot])[copied.maker]
        key = house.code_keys[books.batches(tx, [code])[code].key_version]
    drum = unit_code(BatchCode(code[:-1]), copied.details["unit"], key).canonical
    nine = datetime.combine(datetime.fromisoformat(copied.details["checked_on"]), time(9), SHANGHAI)
    places = [coarse_region(each) for each in copied.details["checked_in"]]
    scans = [
        Scan(drum, "place", nine + timedelta(minutes=minutes), phone * 8, places[at])
        for phone, at, minutes in _STATED
    ]
    with begin_write(house.scans) as tx:
        stream.write(tx, scans, 1)
    evening = nine + timedelta(hours=9)
    with begin_read(house.ledger) as tx:
        found = suspected_of_drum(tx, drum, scans, (), house.code_keys, evening)
    for answer in house.intake.record_patiently(
        [prepare({"draft": one.draft(evening)}, house.at_the_machine()) for one in found]
    ):
        if not isinstance(answer, Receipt):
            raise Broken(f"an alert of the invented city was refused: {answer}")
