"""A ledger that was lived in: several batches on their way from maker to site, through the real intake.

`lived_in` makes one in a folder (its ``ledger.db`` with the projections of intake and of the alerts) and
closes it; use `house_for_tests.open_house` where a test wants to go on recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cabletrace.alerts import register as alert_register
from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_write
from cabletrace.intake.rebuild import METADATA
from cabletrace.ledger.store import read_checkpoint
from cabletrace.personal import disclosures
from copies_for_tests import copy_database, put_in_place
from drafts_for_tests import (
    DEALER,
    GOODS,
    LABORATORY,
    MAKER,
    MARKS,
    PROJECT,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
    acceptance,
    alert,
    alias,
    batch_of,
    complaint,
    correction,
    dispatch,
    erasure,
    finding,
    grant,
    inspection,
    key,
    order,
    production,
    recall,
    receipt,
    report,
    sampling,
    signed,
    split,
    supervision,
    use,
)
from files_for_tests import document_of, pdf, put
from house_for_tests import House, open_house, signed_in

#: A key that the maker registers, and signs an order with.
KEY = "00000000-0000-4000-8000-0000000000c1"
MAKERS = signed_in(MAKER, Role.MANUFACTURER)
#: Every table that this house keeps in ledger.db.
EVERYTHING = (*METADATA, alert_register.metadata, disclosures.metadata)


@dataclass(frozen=True)
class LivedIn:
    """A closed ledger: its folder, its size and newest checkpoint; and a copy from when half of it was there."""

    folder: Path
    size: int
    checkpoint: bytes
    older: Path
    older_size: int
    older_checkpoint: bytes


def story_of(lot: str) -> Iterator[Envelope]:
    """Twelve events of one batch: made, tested, sold on, received, admitted and laid, not all of it in order."""
    batch = batch_of(lot=lot)
    inspector = [{"role": "inspector", "name": f"质检员{lot}"}]
    yield production(lot, loose_mm=100_000, by=inspector, entered_for=MAKER)
    yield report(batch, number=f"JC-{lot}", value="0.250", entered_for=LABORATORY)
    yield dispatch(batch, units=[(1, 3)], note=f"FH-{lot}-1", entered_for=MAKER)
    yield dispatch(batch, length_mm=40_000, note=f"FH-{lot}-2", entered_for=MAKER)
    note = document_of(pdf(lot), f"送货单{lot}.pdf")
    yield receipt(batch, units=[(1, 3)], sender=MAKER, documents=[note], entered_for=DEALER)
    yield dispatch(batch, to=SITE, region="411627", units=[(1, 1)], entered_for=DEALER)
    # The second drum is seen at the site although nobody reported that it was sent.
    yield receipt(batch, units=[(1, 2)], project=PROJECT, entered_for=SITE)
    keepers = [{"role": "acceptor", "name": f"收货员{lot}"}, {"role": "witness", "name": f"见证员{lot}"}]
    yield acceptance(batch, measured=[(1, 240_000)], by=keepers, entered_for=SITE)
    yield supervision(batch, units=[(1, 1)], entered_for=SUPERVISOR)
    yield use(batch, unit=1, length_mm=60_000, entered_for=SITE)
    yield use(batch, unit=2, length_mm=10_000, entered_for=SITE)
    yield sampling(batch, unit=3, authority=REGULATOR, entered_for=REGULATOR)


def afterwards(lot: str) -> Iterator[Envelope]:
    """What is said later of a batch and of what was said of it, so that no table of the ledger is left without a row."""
    batch = batch_of(lot=lot)
    seen = acceptance(batch, by=[{"role": "witness", "name": f"旁证员{lot}"}], entered_for=SITE)
    yield seen
    yield correction(seen, acceptance(batch, measured=[(1, 250_000)]), entered_for=SITE)
    yield erasure(seen["draft"]["id"], "acceptance", "/by/0/name", entered_for=SITE)
    yield split(batch, unit=3, pieces=[(31, 50_000)], scrap_mm=1_000, entered_for=DEALER)
    yield recall(batch, units=[(3, 3)], entered_for=MAKER)
    yield alias(batch, code=f"KC-{lot}", entered_for=MAKER)
    yield inspection({"goods": GOODS}, goods=MARKS, entered_for=REGULATOR)
    yield complaint(batch, unit=1, place={"region": "411602"}, entered_for=REGULATOR)
    raised = alert(batch)
    yield raised
    yield finding(raised["draft"]["id"], entered_for=REGULATOR)


def live(house: House, *lots: str) -> None:
    for lot in lots:
        put(house.blobs, pdf(lot))
    house.happened(*(envelope for lot in lots for envelope in story_of(lot)))


def lived_in(folder: Path, *, batches: int = 4) -> LivedIn:
    """Make the ledger of the cast, an order, a grant, and this many batches."""
    lots = [f"L{n}" for n in range(1, batches + 1)]
    with open_house(folder) as house:
        with begin_write(house.engine) as tx:
            alert_register.metadata.create_all(tx)
        house.happened(
            order(project=PROJECT, entered_for=SITE), grant(MAKER, DEALER, "dispatch", entered_for=MAKER)
        )
        house.happened(key(id_=KEY), signed(order(number="DD-2", keeper=MAKER), KEY), by=MAKERS)
        live(house, *lots[: batches // 2])
        older_size, older_checkpoint = house.size, _checkpoint(house)
        older = folder / "older"
        older.mkdir()
        (older / "blobs").symlink_to(folder / "blobs")
        copy_database(folder / "ledger.db", older / "ledger.db")
        live(house, *lots[batches // 2 :])
        house.happened(*afterwards(lots[-1]))
        catch_up(house.engine, read_accepted)
        return LivedIn(folder, house.size, _checkpoint(house), older, older_size, older_checkpoint)


def copy_to(folder: Path, ledger: LivedIn) -> None:
    """A copy of the ledger that may be changed, beside the same attachments."""
    put_in_place(ledger.folder / "ledger.db", folder / "ledger.db")
    blobs = folder / "blobs"
    if not blobs.exists():
        blobs.symlink_to(ledger.folder / "blobs")


def _checkpoint(house: House) -> bytes:
    with house.reading() as tx:
        return read_checkpoint(tx)
