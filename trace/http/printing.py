"""Printing labels: what is to be printed is recorded first, and only then handed out. Page and interface share this.

Before anything is recorded it is tried whether the labels can be laid out, so that no record stands of labels that cannot
be made. A file is made of the record: of exactly its units and copies, for a day, since printers jam; after that it is
printed again, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine

from ..auth.actor import Actor
from ..clock import Clock, format_instant
from ..codes.unit_ranges import UnitRange
from ..db.engine import begin_read, begin_write
from ..errors import InputError, Text
from ..intake.record import Intake, prepare
from ..labels.code_list import MOST_CODES
from ..labels.drawn import draw
from ..labels.label import Label
from ..labels.layout import texts_of
from ..labels.print_run import MOST_LABELS, PrintRun
from ..labels.remembered import remember, remembered
from ..lettering.font import font
from ..model.admission import Refusal
from ..queries.labels import labels_of
from ..queries.printing import Printing, print_state, printings
from ..registry import register
from .failures import not_found

Output = Literal["labels", "codes"]
#: How long the file of a recorded printing is handed out.
LINK_GOOD_FOR = timedelta(days=1)
#: Batches in one file.
MOST_BATCHES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be printed of one code; no ``units``: those whose labels were not printed yet. ``id``: of its event."""

    code: str
    id: str
    units: Sequence[UnitRange] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """``reason`` and ``note``: why labels are printed again, "" for nothing."""

    run: PrintRun
    output: Output = "labels"
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPrinting:
    """Holds nothing but where things are."""

    ledger: Engine
    desk: Engine
    intake: Intake
    clock: Clock
    code_keys: Mapping[int, bytes]
    public_host: str

    def usual(self, actor: Actor) -> dict[str, str]:
        """How this account printed last."""
        with begin_read(self.desk) as tx:
            return remembered(tx, actor.account)

    def record(self, actor: Actor, orders: Sequence[Order], how: How) -> list[Printing] | Refusal:
        """Record these printings, all or none; what was recorded before under the same id stands as it was.

        Raises InputError ``not-found`` for what is not the actor's own, ``too-large``, ``wrong-unit-range`` and, for what
        cannot be laid out on this paper, ``wrong-input``.
        """
        with begin_read(self.ledger) as tx:
            known = printings(tx, actor, [order.id for order in orders])
            if known is not None and [each.code for each in known] == [order.code for order in orders]:
                return known
            orders = [replace(order, units=self._units(tx, actor, order)) for order in orders]
            self._try(tx, actor, orders, how)
            seat = register.parties(tx, [actor.party])[actor.party].region
        prepared = [prepare({"draft": self._draft(order, how, seat)}, actor) for order in orders]
        if len(prepared) > 1:
            (verdicts,) = self.intake.rehearse([prepared])
            refused = next((verdict for verdict in verdicts if isinstance(verdict, Refusal)), None)
            if refused is not None:
                return refused
        for answer in self.intake.record_now(prepared):
            if isinstance(answer, Refusal):
                return answer
        with begin_read(self.ledger) as tx:
            recorded = printings(tx, actor, [order.id for order in orders])
        assert recorded is not None, "they were recorded a moment ago"
        with begin_write(self.desk) as tx:
            remember(tx, actor.account, how.run, _labels_in(recorded) if how.output == "labels" else 0)
        return recorded

    def labels(self, actor: Actor, events: Sequence[str]) -> tuple[Label, ...]:
        """The labels of recorded printings, copies one behind the other. Raises InputError ``not-found`` for what is no
        printing of the actor's own, or was recorded too long ago."""
        with begin_read(self.ledger) as tx:
            known = printings(tx, actor, events[:MOST_BATCHES])
            if not known or any(self.clock() - each.recorded_at > LINK_GOOD_FOR for each in known):
                raise _no_longer(events)
            found: list[Label] = []
            for each in known:
                of_batch = self._labels(tx, actor, each.code, each.units, _most(each.output))
                found += [label for label in of_batch for _ in range(each.copies)]
        return tuple(found)

    def _units(self, tx: Connection, actor: Actor, order: Order) -> Sequence[UnitRange]:
        if order.units:
            return order.units
        state = print_state(tx, actor, order.code)
        if state is None:
            raise not_found("此批次", "this batch", order.code)
        if not state.left:
            raise InputError.of(
                "wrong-unit-range",
                "本批的标签都打印过了",
                "all labels of this batch were printed",
                where="units",
                remedy=Text("要补打请写盘号并选原因", "to print some again name the units and say why"),
            )
        return state.left

    def _try(self, tx: Connection, actor: Actor, orders: Sequence[Order], how: How) -> None:
        """Lay out what would be printed, as far as it could fail."""
        copies, most = how.run.copies if how.output == "labels" else 1, _most(how.output)
        wanted = sum(each.count for order in orders for each in order.units) * copies
        if wanted > most or len(orders) > MOST_BATCHES:
            raise InputError.of(
                "too-large",
                f"一次最多 {most:,} 张标签、{MOST_BATCHES} 批，这里有 {wanted:,} 张",
                f"at most {most:,} labels of {MOST_BATCHES} batches at once, here are {wanted:,}",
                where="units",
                remedy=Text("请分几次，每次写一段盘号", "take them in parts, one range of units at a time"),
            )
        for order in orders:
            found = self._labels(tx, actor, order.code, order.units, most)
            if how.output == "codes":
                continue  # a table takes any text
            # Labels of one batch differ in numbers alone, and their addresses are equally long: the longest stands for all.
            draw(max(found, key=lambda label: sum(map(len, texts_of(label)))), how.run.sheet, font())

    def _labels(
        self, tx: Connection, actor: Actor, code: str, units: Sequence[UnitRange], most: int
    ) -> tuple[Label, ...]:
        found = labels_of(
            tx, actor, code, keys=self.code_keys, public_host=self.public_host, units=units, most=most
        )
        if found is None:
            raise not_found("此批次", "this batch", code)
        return found

    def _draft(self, order: Order, how: How, seat: str | None) -> dict[str, Any]:
        body: dict[str, Any] = {"units": [[each.first, each.last] for each in order.units]}
        if how.output == "labels":
            body["copies"] = how.run.copies
        else:
            body["output"] = how.output
        body |= {name: said for name, said in (("reason", how.reason), ("note", how.note)) if said}
        return {
            "id": order.id,
            "kind": "labelling",
            "subject": {"batch": {"code": order.code}},
            "occurred_at": format_instant(self.clock()),
            "body": body,
            **({"place": {"region": seat}} if seat else {}),
        }


def _most(output: str) -> int:
    """So many at once: a table is made faster than sheets."""
    return MOST_LABELS if output == "labels" else MOST_CODES


def _labels_in(recorded: Sequence[Printing]) -> int:
    return sum(unit.count * each.copies for each in recorded for unit in each.units)


def _no_longer(events: Sequence[str]) -> InputError:
    return InputError.of(
        "not-found",
        "没有这次打印的记录，或已超过一天",
        "there is no record of this printing, or it is older than a day",
        came=", ".join(events)[:80],
        remedy=Text("请重新打印；打印过的须写原因", "print again; what was printed before needs a reason"),
    )
