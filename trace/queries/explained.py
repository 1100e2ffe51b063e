"""What was recorded after an alert and explains it: drums that came without a dispatch and were recorded as dispatched since; of a test of
supervision whether its result is final.

The alert stays, since it states what was on record then; what to do about it changes. Only dispatches that the reader may see count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from ..flow import books
from ..inspecting.samples import samples_of_batch
from ..intake.recorded import Recorded, as_they_stand
from ..model.rules_of_metres import RECEIPT
from ..model.scope import Scope
from ..model.values import party_id
from .alert_row import AlertRow
from .reports import what_counts
from .timeline import corrections_in, names_for, read_stream_whole
from .visibility import concerned, sees_event


def explained(
    tx: Connection, scope: Scope, rows: Sequence[AlertRow], up_to: int | None
) -> tuple[AlertRow, ...]:
    """The rows, those of receipts without a dispatch with what was dispatched since, those of tests with what the result is worth. Cost: the
    movements of the batches of the former, the reports of those of the latter."""
    of_batch: dict[str, list[Recorded]] = defaultdict(list)
    for code in {row.batch for row in rows if row.rule == RECEIPT.name}:
        of_batch[code] = _movements(tx, scope, code, up_to)
    of_report = {code: _worth(tx, code, up_to) for code in {row.batch for row in rows if row.report}}
    return tuple(
        replace(row, counts=of_report[row.batch].get(row.report))
        if row.report
        else _caught_up(row, of_batch[row.batch])
        if row.batch in of_batch
        else row
        for row in rows
    )


def _worth(tx: Connection, code: str, up_to: int | None) -> dict[str, Text | None]:
    """What each report of a batch is worth, by its number."""
    tests = as_they_stand(read_stream_whole(tx, f"batch:{code}", up_to, kinds=("testing",)))
    samples = samples_of_batch(tx, code, up_to)
    bodies = [event.draft.body for event in tests if event.draft.kind == "testing"]
    return {body.report: what_counts(body.type, body.report, body.sampling or "", samples) for body in bodies}


def _movements(tx: Connection, scope: Scope, code: str, up_to: int | None) -> list[Recorded]:
    """The receipts of a batch, and those of its dispatches that are open to the scope, as they stand."""
    events = read_stream_whole(tx, f"batch:{code}", up_to, kinds=("receipt", "dispatch"))
    corrected, standing = corrections_in(events), as_they_stand(events)
    names = names_for(tx, standing)
    found = []
    for event in standing:
        # What was posted at first goes by the wrong version, if there was one.
        postings = () if event.event_id in corrected else books.postings_of(tx, code, event.seq)
        if event.draft.kind == "receipt" or sees_event(
            scope, event, concerned(event, postings, names.projects)
        ):
            found.append(event)
    return found


def _caught_up(row: AlertRow, events: Sequence[Recorded]) -> AlertRow:
    received = next((each for each in events if each.seq == row.index), None)
    if row.rule != RECEIPT.name or received is None or received.draft.kind != "receipt":
        return row
    units = received.draft.body.units
    sent = [
        UnitRange(max(first, since), min(last, until))
        for each in events
        if each.draft.kind == "dispatch" and each.seq > row.index
        if party_id(each.draft.body.to) == received.speaker
        for first, last in each.draft.body.units
        for since, until in units
        if max(first, since) <= min(last, until)
    ]
    if not sent:
        return row
    shown = format_units(sent)
    came = {unit for first, last in units for unit in range(first, last + 1)}
    if came <= {unit for some in sent for unit in range(some.first, some.last + 1)}:
        advice = Text(
            f"此后发货方已补录全部发货（{shown} 号盘）：核对单号和数量，相符的可以排除。",
            f"All of it was recorded as dispatched since ({shown}): compare number and metres; where they agree, nothing is left to do.",
        )
    else:
        advice = Text(
            f"此后已补录发货：{shown} 号盘。其余的请发货方补录；不是它发的，核对货从哪里来。",
            f"Recorded as dispatched since: {shown}. Let the sender catch up on the others; if it sent nothing, find out where the "
            "goods came from.",
        )
    return replace(row, next_step=advice)
