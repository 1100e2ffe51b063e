"""The table of goods that came: whole drums or loose metres, and what a drum measured."""

from __future__ import annotations

from ..errors import Text
from .cells import date_of, units_of
from .rows import Reading, RowGroup, Said, as_ranges, event_id, first_of, given, on_day
from .whose import Whose


def receipt(reading: Reading, whose: Whose) -> RowGroup | None:
    """A receipt of one lot, by the party whose file it is unless the row names another receiver."""
    line = reading.line
    receiver = whose.receiver
    if not line.names_nobody("receiver"):
        receiver = whose.cast.themselves(reading, "receiver", "receiver_uscc", "distributor") or receiver
    lot = reading.text("lot")
    maker = whose.maker_of(reading, receiver)
    units = reading.may("units", units_of)
    length_mm = reading.length("length") if units is None or not line.cell("length").is_empty else None
    measured_mm = None if line.cell("measured").is_empty else reading.length("measured")
    sender = None
    if not line.names_nobody("sender"):
        sender = whose.cast.named(reading, "sender", "sender_uscc", by=receiver)
    day = reading.day("date", date_of)
    note, differences = reading.note("note"), reading.note("differences")
    if measured_mm is not None and (units is None or len(units) > 1 or units[0].count > 1):
        reading.refuse(
            "measured",
            "一行不是单独一盘时，不能填实测长度",
            "only a row of one single unit can have a measured length",
            Text("请一盘一行填写，或不填实测长度。", "Write one row for each unit, or leave the length out."),
        )
    if reading.troubles or lot is None:
        return None
    measurements = (
        [{"unit": units[0].first, "length_mm": measured_mm}] if units and measured_mm is not None else []
    )
    home = whose.cast.home(receiver)
    draft = {
        "id": event_id(receiver, "receipt", note or f"{day} {sender}", lot, first_of(units)),
        "kind": "receipt",
        "subject": {"batch": {"maker": maker, "lot": lot}},
        **on_day(day),
        **given(place=given(region=home)),
        "body": given(
            sender=sender,
            units=as_ranges(units or ()),
            length_mm=length_mm,
            delivery_note=note,
            differences=differences,
            measurements=measurements,
        ),
    }
    fields = {
        "": "note" if note else "lot",
        "/subject/batch": "lot",
        "/body/units": "units",
        "/body/length_mm": "length",
        "/body/measurements": "measured",
        "/body/sender": "sender",
        "/body/delivery_note": "note",
        "/body/differences": "differences",
        "/body": "units",
        "/occurred_at": "date",
    }
    said = Said(draft=draft, speaker=receiver, fields=fields, derived=("place",))
    introduced = whose.cast.introductions(receiver, sender)
    return RowGroup(lines=(line,), said=(*introduced, said))
