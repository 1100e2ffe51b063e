"""The estimate of 行刑衔接 for a case: what its parties sold of its batches, and what they have left, at the prices that are on record.

Sold: dispatches to others and retail sales by a party of the case, of the units that are meant, as they stand at the index at which the
scope is frozen, at their own price. Unsold: what the books have with such a party then, at the average of its own known
prices for that batch. A price that is nowhere on record is unknown, and so is what it is the price of. Goods that came back were
sold all the same. Batches that are not open to the reader count for nothing, and are named on the page of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..flow import books
from ..intake.recorded import Recorded, as_they_stand
from ..model.crime import Amounts, Estimate, estimate, price_of, reached
from ..model.drafts import DispatchDraft, SaleDraft
from ..model.investigation import BatchMeant, KnownMatter
from ..model.named import length_registered_mm
from ..model.postings import Posting
from ..model.state import KnownBatch
from ..model.values import party_id
from .answers import Standing
from .timeline import read_stream_whole
from .visibility import open_batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A threshold that what is known reaches, in words and with its source."""

    title: Text
    clause: str
    sum_fen: int
    at_least_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CrimeEstimate:
    """An estimate, to be judged by people: amounts on record in fen, and metres whose price nobody has recorded."""

    estimate: Estimate
    standing: Standing
    sales_fen: int
    sales_unknown_mm: int
    stock_fen: int
    stock_unknown_mm: int
    reached: tuple[Reached, ...]


_STANDINGS = {
    "reached": Standing("stop", Text("达到追诉标准（估算，待认定）", "a threshold is reached (estimate, to be judged)")),
    "unknown": Standing("attention", Text("价格不全，不能判断（估算，待认定）", "prices are missing (estimate, to be judged)")),
    "not-reached": Standing("unknown", Text("未达到追诉标准（估算，待认定）", "no threshold is reached (estimate, to be judged)")),
}  # fmt: skip


def crime_estimate(
    tx: Connection, actor: Actor, matter: KnownMatter, frozen_at: int, today: date
) -> CrimeEstimate | None:
    """None where the matter names no batch that is open to the reader, or no registered party: then nothing can be reckoned."""
    scope = actor.scope_for(Action.READ_TRACE)
    meant = [each for each in matter.batches if open_batch(tx, scope, each.code) is not None]
    if not meant or not matter.parties:
        return None
    known = books.batches(tx, [each.code for each in meant])
    parties = frozenset(matter.parties)
    amounts = Amounts()
    for each in meant:
        amounts += _of_batch(tx, known[each.code], each, parties, frozen_at)
    result = estimate(amounts, today)
    return CrimeEstimate(
        estimate=result,
        standing=_STANDINGS[result],
        sales_fen=amounts.sales_fen,
        sales_unknown_mm=amounts.sales_unknown_mm,
        stock_fen=amounts.stock_fen,
        stock_unknown_mm=amounts.stock_unknown_mm,
        reached=tuple(
            Reached(
                title=each.title,
                clause=f"{each.source}{each.clause}",
                sum_fen=each.sum_fen(amounts.sales_fen, amounts.stock_fen),
                at_least_fen=each.at_least_fen,
            )
            for each in reached(amounts, today)
        ),
    )


def _of_batch(
    tx: Connection, batch: KnownBatch, meant: BatchMeant, parties: frozenset[str], up_to: int
) -> Amounts:
    events = as_they_stand(read_stream_whole(tx, f"batch:{batch.code}", up_to, kinds=("dispatch", "sale")))
    amounts = Amounts()
    for party in sorted(parties):
        sold = list(_sold_by(party, events, batch, meant, parties))
        priced = [(mm, price) for mm, price in sold if price is not None]
        known_mm, known_fen = sum(mm for mm, _ in priced), sum(price_of(mm, price) for mm, price in priced)
        left_mm = _left_with(tx, batch, meant, party, up_to)
        average = known_fen * 1000 // known_mm if known_mm else None
        amounts += Amounts(
            sales_fen=known_fen,
            sales_unknown_mm=sum(mm for mm, price in sold if price is None),
            stock_fen=0 if average is None else price_of(left_mm, average),
            stock_unknown_mm=left_mm if average is None else 0,
        )
    return amounts


def _sold_by(
    party: str, events: Sequence[Recorded], batch: KnownBatch, meant: BatchMeant, parties: frozenset[str]
) -> Iterable[tuple[int, int | None]]:
    """Metres that a party has sold, with the price in fen a metre; what it sent to another party of the case is not sold yet."""
    for event in events:
        draft = event.draft
        if event.speaker != party or not isinstance(draft, DispatchDraft | SaleDraft):
            continue
        if isinstance(draft, DispatchDraft) and party_id(draft.body.to) in parties:
            continue
        length_mm = _length_mm(draft, batch, meant)
        if length_mm:
            yield length_mm, draft.body.price_fen_per_metre


def _length_mm(draft: DispatchDraft | SaleDraft, batch: KnownBatch, meant: BatchMeant) -> int:
    """How many of the metres that are meant it moved: of named units by what is registered of them, else the length it says."""
    body = draft.body
    unit = getattr(body, "unit", None)
    if unit is not None:
        return body.length_mm or 0 if _is_meant(meant, unit) else 0
    if not body.units:
        return 0 if meant.scope else body.length_mm or 0
    return length_registered_mm(batch, _common(body.units, meant.scope))


def _is_meant(meant: BatchMeant, unit: int) -> bool:
    return not meant.scope or any(first <= unit <= last for first, last in meant.scope)


def _common(
    units: tuple[tuple[int, int], ...], meant: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    if not meant:
        return units
    return tuple(
        (max(first, low), min(last, high))
        for first, last in units
        for low, high in meant
        if max(first, low) <= min(last, high)
    )


def _left_with(tx: Connection, batch: KnownBatch, meant: BatchMeant, party: str, up_to: int) -> int:
    """What the books have with a party at an index, of the units that are meant."""
    left = 0
    for _, posting in books.read_postings(tx, batch.code, up_to):
        for account, sign in ((posting.source, -1), (posting.target, 1)):
            if account.state == "held" and account.party == party:
                left += sign * _share_mm(posting, meant)
    return max(left, 0)


def _share_mm(posting: Posting, meant: BatchMeant) -> int:
    """How many of the metres of a posting are of the units that are meant; each of its units has as many."""
    if not meant.scope:
        return posting.length_mm
    common = _common(((posting.first, posting.last),), meant.scope) if posting.first else ()
    count = sum(last - first + 1 for first, last in common)
    return posting.length_mm * count // (posting.last - posting.first + 1)
