"""What a maker's next batch will likely be like: its products by how often and how lately they were made, the newest
lot, and who made it on which line. For the maker alone.

Remembered from its own productions as they were recorded; a proposal, so that corrections of them do not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..flow import books
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..model.lot_numbers import newest_usual, next_lot
from ..personal import disclosures
from ..registry import register
from .answers import Standing
from .certificates import standing_on

#: So many of the newest batches count for what is made often, and of so many the papers are read.
_COUNTED, _READ = 200, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProduct:
    """A product of the maker; ``times`` it was made among the newest batches, ``today`` how its certificate stands."""

    number: str
    name: str
    designation: str
    normalised: str
    certificate: str | None
    today: Standing | None
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """``products``: the one made last comes first, then by how often. ``product`` is the number of the one that was made last
    among those whose certificate holds today (`_likely`), "" where none does; ``lot`` is proposed, "" where nothing can be.

    ``lines``, ``shifts``, ``inspectors``: each once, the newest first.
    """

    products: tuple[OwnProduct, ...]
    product: str
    lot: str
    lines: tuple[str, ...]
    shifts: tuple[str, ...]
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lots:
    """The lots that a maker has used, looked up one by one: it may have a hundred thousand."""

    tx: Connection
    maker: str

    def __contains__(self, lot: object) -> bool:
        table = books.batch
        # unique (maker, lot)
        one = select(func.count()).where(table.c.maker == self.maker, table.c.lot == lot)
        return bool(self.tx.execute(one).scalar_one())


def making(tx: Connection, actor: Actor, *, today: date) -> Making:
    """What the actor's own party may make. Raises InputError where it makes nothing."""
    actor.require(Action.RECORD_PRODUCTION)
    table, maker = books.batch, actor.party
    newest = list(
        tx.execute(
            select(table.c.product, table.c.lot, table.c.produced_on, table.c.seq)
            .where(table.c.maker == maker)
            .order_by(table.c.seq.desc())
            .limit(_COUNTED)
        )
    )
    events = [read_recorded(row) for row in store.read_rows_at(tx, [row.seq for row in newest[:_READ]])]
    events.reverse()
    bodies: list[Any] = [event.draft.body for event in events if event.draft.kind == "production"]
    made = [row.product for row in newest]
    products = _products(tx, maker, made, today)
    last = newest[newest_usual([row.lot for row in newest[:_READ]])] if newest else None
    return Making(
        products=products,
        product=_likely(products, made),
        lot="" if last is None else next_lot(last.lot, last.produced_on, today, _Lots(tx, maker)),
        lines=_each_once(body.line for body in bodies),
        shifts=_each_once(body.shift for body in bodies),
        inspectors=_each_once(_inspectors(tx, events)),
    )


def _products(tx: Connection, maker: str, made: list[str], today: date) -> tuple[OwnProduct, ...]:
    times = Counter(made)
    known = register.products_of(tx, maker)
    keys = {(maker, product.certificate) for product in known if product.certificate is not None}
    periods = register.certificates(tx, keys)
    last = made[0] if made else ""
    found = [
        OwnProduct(
            number=product.number,
            name=product.name,
            designation=product.designation.printed,
            normalised=product.designation.normalised,
            certificate=product.certificate,
            today=None
            if product.certificate is None
            else standing_on(periods[maker, product.certificate], today),
            times=times[product.number],
        )
        for product in known
    ]
    return tuple(sorted(found, key=lambda each: (each.number != last, -each.times, each.number)))


def _likely(products: Iterable[OwnProduct], made: list[str]) -> str:
    """The product that was made last of those whose certificate holds today, and else of those of whose certificate nothing is
    known; any of them that was never made, before none."""
    states = {each.number: "unknown" if each.today is None else each.today.state for each in products}
    in_order = list(dict.fromkeys([*made, *states]))
    return next((each for state in ("fine", "unknown") for each in in_order if states.get(each) == state), "")


def _inspectors(tx: Connection, events: list[Recorded]) -> Iterable[str]:
    opened = disclosures.read(tx, [event.event_id for event in events if event.draft.by])
    for event in events:
        for n, person in enumerate(event.draft.by):
            for each in opened.get(event.event_id, ()):
                if person.role == "inspector" and each.pointer == f"/by/{n}/name":
                    yield each.value


def _each_once(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
