"""What an accepted event does to the metres of a batch, from production until they are used, sold or scrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..errors import Broken
from . import drafts
from .bodies import Receipt, Use
from .effects_of_programmes import checks_by
from .effects_of_samples import sample_in
from .effects_on_register import about_goods
from .involvement import projects_of
from .postings import Effects, Move, Posting, Statement
from .programmes import KnownCheck
from .quantities import deviates
from .reach import (
    all_units_of,
    check_registered,
    draw_from_pools,
    in_hand,
    is_missing_leg,
    loose_posting,
    may_dispatch,
    move_length,
    move_whole,
    region_reached,
    registered_code,
    what_is_kept,
)
from .state import (
    CUT,
    PRODUCED,
    UNEXPLAINED,
    Account,
    Admission,
    Book,
    Hold,
    KnownBatch,
    KnownReserved,
    MaterialIn,
    Run,
    State,
    UnitLength,
    unexplained_at,
)
from .values import party_id


def of_production(said: Statement, draft: drafts.ProductionDraft, state: State) -> Effects:
    ref, body = draft.subject.batch, draft.body
    assert ref.maker is not None
    assert ref.lot is not None
    assert draft.occurred_on is not None
    maker = party_id(ref.maker)
    product = state.products[maker, body.product]
    if product is None:
        raise Broken(f"an accepted production is of a product that is not registered: {body.product}")
    account = Account("held", maker, said.region or region_reached(draft, maker, state.seat))
    batch = KnownBatch(
        code=said.batch,
        maker=maker,
        lot=ref.lot,
        product=body.product,
        designation=product.designation.printed,
        certificate=product.certificate,
        produced_on=draft.occurred_on,
        length_mm=body.length_mm,
        units=tuple(UnitLength(first=g.first, last=g.last, length_mm=g.length_mm) for g in body.units),
        key_version=said.key_version,
        seq=said.seq,
        copper_g=body.copper_g,
        materials=tuple(MaterialIn(m.material, m.lot or "", m.mass_g) for m in body.materials),
    )
    if said.void:
        return Effects(batch=replace(batch, length_mm=0, units=()), code=said.batch)
    runs = [Run(first=g.first, last=g.last, account=account, length_mm=g.length_mm) for g in body.units]
    loose = () if body.loose_mm is None else (loose_posting(said.batch, PRODUCED, account, body.loose_mm),)
    moves = tuple(Move(part=run, after=run, target=account, length_mm=run.length_mm) for run in runs)
    return Effects(
        facts=_no_longer_reserved(said.batch, state), batch=batch, code=said.batch, moves=moves, loose=loose
    )


def _no_longer_reserved(code: str, state: State) -> tuple[KnownReserved, ...]:
    reserved = state.reserved.get(code)
    return () if reserved is None or reserved.used else (replace(reserved, used=True),)


def of_acceptance(said: Statement, draft: drafts.AcceptanceDraft, state: State) -> Effects:
    return Effects(code=registered_code(draft.subject.batch, state))


def of_dispatch(said: Statement, draft: Any, state: State) -> Effects:
    """Of a dispatch, and of a return: both send what is in hand to somebody."""
    body, code = draft.body, registered_code(draft.subject.batch, state)
    book, target = state.books[code], Account("transit", party_id(draft.body.to), draft.body.region)
    if not body.units:
        assert body.length_mm is not None, "what is sent has units or a length"
        taken = draw_from_pools(book, body.length_mm, lambda a: may_dispatch(a, said.speaker))
        return Effects(code=code, loose=tuple(loose_posting(code, a, target, mm) for a, mm in taken))
    moves = []
    for part in all_units_of(book, body.units, used_up_too=True):
        if is_missing_leg(part, said.speaker, target.party):
            left = list(part.missing_legs)
            left.remove((said.speaker, target.party))
            after = part._replace(missing_legs=tuple(left))
            moves.append(Move(part=part, after=what_is_kept(after), target=part.account, length_mm=0))
        elif not part.length_mm:
            raise Broken(f"nothing is left of {part} to be sent")
        else:
            moves.append(move_whole(part, target))
    return Effects(code=code, moves=tuple(moves))


def of_receipt(said: Statement, draft: drafts.ReceiptDraft, state: State) -> Effects:
    body, code = draft.body, registered_code(draft.subject.batch, state)
    book = state.books[code]
    region = said.region or region_reached(draft, said.speaker, state.seat)
    if body.project is not None:
        target = Account("project", said.speaker, region, body.project.id)
    else:
        target = Account("held", said.speaker, region)
    if not body.units:
        assert body.length_mm is not None, "a receipt names units or a length"
        taken = draw_from_pools(
            book, body.length_mm, lambda a: a.state == "transit" and a.party == said.speaker, UNEXPLAINED
        )
        return Effects(code=code, loose=tuple(loose_posting(code, a, target, mm) for a, mm in taken))
    check_registered(code, body.units, state)
    batch = state.batches[code]
    assert batch is not None
    moves: list[Move] = []
    differing: list[Posting] = []
    for part in book.parts(body.units):
        if part.account == target or not part.length_mm:
            continue  # seen once more where it is already, or nothing but its number
        if part.account.party == said.speaker:
            moves.append(move_whole(part, target))
            continue
        for units, length_mm in _as_they_are_said(batch, part, body):
            moves.append(_seen(units, target, length_mm, (part.account.party, said.speaker)))
            differing += _difference(code, units, target, length_mm)
    return Effects(code=code, moves=tuple(moves), further=tuple(differing))


def _as_they_are_said(batch: KnownBatch, part: Run, body: Receipt) -> Iterator[tuple[Run, int]]:
    """Drums that nobody sent to the receiver, in stretches, each with the metres that he says are on it: as measured, else as
    their label says. What the books have left on them is not his to know, so it does not count."""
    measured = {each.unit: each.length_mm for each in body.measurements}
    if body.length_mm is not None and [first == last for first, last in body.units] == [True]:
        measured.setdefault(body.units[0][0], body.length_mm)
    for group in batch.all_units:
        at, last = max(part.first, group.first), min(part.last, group.last)
        for unit in sorted(unit for unit in measured if at <= unit <= last):
            if at < unit:
                yield part.clipped(at, unit - 1), group.length_mm
            yield part.clipped(unit, unit), _as_measured(measured[unit], group.length_mm)
            at = unit + 1
        if at <= last:
            yield part.clipped(at, last), group.length_mm


def _as_measured(measured_mm: int, registered_mm: int) -> int:
    """A drum that measures what its label says is taken for whole; none has more than that."""
    if measured_mm > registered_mm or not deviates(measured_mm, registered_mm):
        return registered_mm
    return measured_mm


def _seen(part: Run, target: Account, length_mm: int, leg: tuple[str, str]) -> Move:
    after = part._replace(account=target, length_mm=length_mm, missing_legs=(*part.missing_legs, leg))
    return Move(part=part, after=after, target=target, length_mm=min(length_mm, part.length_mm))


def _difference(code: str, part: Run, target: Account, length_mm: int) -> Iterator[Posting]:
    """What the books had more on these drums, or less, is for whoever had them to explain."""
    whose, more_mm = unexplained_at(part.account), part.length_mm - length_mm
    if more_mm > 0:
        yield Posting(code, part.first, part.last, part.account, whose, more_mm * part.count)
    elif more_mm < 0:
        yield Posting(code, part.first, part.last, whose, target, -more_mm * part.count)


def of_supervision(said: Statement, draft: drafts.SupervisionDraft, state: State) -> Effects:
    assert draft.occurred_on is not None
    on, code = draft.occurred_on, registered_code(draft.subject.batch, state)
    check_registered(code, draft.body.units, state)
    admissions = tuple(
        Admission(
            first=first,
            last=last,
            project=draft.body.project.id,
            opinion=draft.body.opinion,
            on=on,
            seq=said.seq,
        )
        for first, last in draft.body.units
    )
    return Effects(code=code, admissions=admissions)


def of_use(said: Statement, draft: drafts.UseDraft, state: State) -> Effects:
    body, code = draft.body, registered_code(draft.subject.batch, state)
    project = body.project.id
    assert state.projects[project] is not None, "admission refuses a use in an unknown project"
    region = said.region or region_reached(draft, said.speaker, state.seat)
    target = Account("used", said.speaker, region, project)
    book = state.books[code]
    if body.removed:
        return _removed(code, book, body, target._replace(state="scrapped"))
    laid = ((body.unit or 0, target, body.length_mm),)
    if body.unit is None:
        taken = draw_from_pools(book, body.length_mm, lambda a: a.state == "project" and a.project == project)
        loose = tuple(loose_posting(code, a, target, mm) for a, mm in taken)
        return Effects(code=code, loose=loose, laid=laid)
    moves = tuple(
        move_length(part, target, body.length_mm) for part in all_units_of(book, ((body.unit, body.unit),))
    )
    return Effects(code=code, moves=moves, laid=laid)


def _removed(code: str, book: Book, body: Use, target: Account) -> Effects:
    """拆除: laid metres are scrapped where they were, whoever laid them. No drum gets them back."""
    unit, left_mm = body.unit or 0, body.length_mm
    taken: list[tuple[int, Account, int]] = []
    for account, mm in book.laid_at(unit, body.project.id):
        taken_mm = min(mm, left_mm)
        if taken_mm:
            taken.append((unit, account, -taken_mm))
        left_mm -= taken_mm
    if left_mm:
        raise Broken(f"{left_mm} mm more are removed than were laid of unit {unit}")
    further = tuple(Posting(code, unit, unit, account, target, -mm) for _, account, mm in taken)
    return Effects(code=code, laid=tuple(taken), further=further)


def of_sampling(said: Statement, draft: drafts.SamplingDraft, state: State) -> Effects:
    body = draft.body
    cut_mm = (body.length_mm or 0) + (body.reserve_mm or 0)
    if draft.subject.batch is None or not cut_mm or body.unit is None:
        about = about_goods(said, draft, state)
        sample = sample_in(said._replace(batch=about.code), draft, state)
        return about._replace(facts=(*about.facts, *checks_of_sampling(said, (), state), sample))
    code = registered_code(draft.subject.batch, state)
    moves, holder, where = [], "", ""
    parts = all_units_of(state.books[code], ((body.unit, body.unit),))
    for part in parts:
        where = draft.place.region if draft.place is not None else part.account.region
        holder = part.account.party
        moves.append(move_length(part, Account("sampled", said.speaker, where, part.account.project), cut_mm))
    sample = sample_in(said._replace(batch=code), draft, state, holder=holder, region=where)
    stood = [id_ for part in parts for id_ in (part.account.party, part.account.project)]
    checks = checks_of_sampling(said, stood, state)
    return Effects(code=code, moves=tuple(moves), facts=(*checks, sample))


def checks_of_sampling(said: Statement, holders: Iterable[str], state: State) -> tuple[KnownCheck, ...]:
    """Whose goods a supervision sampling was of: the maker's, and ``holders``', out of whose stock it was taken; and the building sites
    at which it was."""
    draft: Any = said.draft
    body, subject = draft.body, draft.subject
    if body.type != "supervision":
        return ()
    batch = None if subject.batch is None else state.batches[registered_code(subject.batch, state)]
    parties = [*holders, *([] if batch is None else [batch.maker]), *(ref.id for ref in projects_of(draft))]
    if body.goods is not None and body.goods.holder is not None:
        parties.append(party_id(body.goods.holder))
    authority = "" if body.authority is None else party_id(body.authority)
    return checks_by(said, parties, "" if draft.place is None else draft.place.region, authority)


def of_split(said: Statement, draft: drafts.SplitDraft, state: State) -> Effects:
    """Pieces stand where the unit stood, with what was said of it: opinions, holds, legs that are missing."""
    body, code = draft.body, registered_code(draft.subject.batch, state)
    batch, book = state.batches[code], state.books[code]
    assert batch is not None
    pieces = sorted(body.pieces, key=lambda piece: piece.unit)
    taken = [piece.unit for piece in pieces if batch.length_of(piece.unit) is not None]
    if taken:
        raise Broken(f"there is a unit {taken[0]} already")
    (part,) = all_units_of(book, ((body.unit, body.unit),))
    cut_mm, scrap_mm = sum(piece.length_mm for piece in pieces), body.scrap_mm or 0
    left_mm = part.length_mm - cut_mm - scrap_mm
    if left_mm < 0:
        raise Broken(f"{cut_mm} mm in pieces and {scrap_mm} mm of scrap from {part}")
    scrapped = Account("scrapped", part.account.party, part.account.region, part.account.project)
    after = what_is_kept(part._replace(length_mm=left_mm))
    numbers = [piece.unit for piece in pieces]
    cut_off = tuple(UnitLength(first=p.unit, last=p.unit, length_mm=p.length_mm) for p in pieces)
    return Effects(
        code=code,
        moves=(Move(part=part, after=after, target=scrapped, length_mm=scrap_mm),),
        opened=tuple(part._replace(first=p.unit, last=p.unit, length_mm=p.length_mm) for p in pieces),
        further=(
            Posting(code, body.unit, body.unit, part.account, CUT, cut_mm),
            *(Posting(code, p.unit, p.unit, CUT, part.account, p.length_mm) for p in pieces),
        ),
        rebatched=replace(batch, pieces=tuple(sorted((*batch.pieces, *cut_off), key=lambda g: g.first))),
        admissions=tuple(
            replace(opinion, first=number, last=number)
            for opinion in book.admissions
            if opinion.first <= body.unit <= opinion.last
            for number in numbers
        ),
        holds=_with_pieces(book.holds, body.unit, numbers),
    )


def _with_pieces(holds: list[Hold], unit: int, pieces: list[int]) -> tuple[Hold, ...] | None:
    """The holds, those on a unit also on what was cut off it; None where there are none to add."""
    standing = [hold for hold in holds if hold.ended_on is None]
    more = [
        hold._replace(first=number, last=number)
        for hold in standing
        if hold.first <= unit <= hold.last
        for number in pieces
        if not any(each.seq == hold.seq and each.first <= number <= each.last for each in standing)
    ]
    return (*holds, *more) if more else None


def of_sale(said: Statement, draft: drafts.SaleDraft, state: State) -> Effects:
    return _taken_out(said, draft, state, "sold")


def of_disposal(said: Statement, draft: drafts.DisposalDraft, state: State) -> Effects:
    return _taken_out(said, draft, state, "scrapped")


def _taken_out(said: Statement, draft: Any, state: State, where: str) -> Effects:
    """Whole units, a length of one unit, or a loose length leave the speaker's hands for good."""
    body, code = draft.body, registered_code(draft.subject.batch, state)
    book = state.books[code]

    def target(account: Account) -> Account:
        return Account(where, said.speaker, account.region, account.project)

    if body.units:
        moves = (
            move_length(part, target(part.account), part.length_mm) for part in all_units_of(book, body.units)
        )
        return Effects(code=code, moves=tuple(moves))
    assert body.length_mm is not None, "what leaves has units or a length"
    if body.unit is not None:
        parts = all_units_of(book, ((body.unit, body.unit),))
        return Effects(
            code=code, moves=tuple(move_length(part, target(part.account), body.length_mm) for part in parts)
        )
    taken = draw_from_pools(book, body.length_mm, lambda a: in_hand(a, said.speaker))
    return Effects(code=code, loose=tuple(loose_posting(code, a, target(a), mm) for a, mm in taken))
