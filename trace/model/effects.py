"""What an accepted event changes: registry facts, and postings between the accounts of a batch.

`effects_of` is a pure function of the event and of the state before it. It never judges: the same function
runs when an event is accepted and when the projections are rebuilt from the ledger years later, so what it
does may depend on nothing but those two.

Produced = held + in transit + at project + used + sampled + seized + sold + scrapped + unexplained, after any
sequence of events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar, assert_never

from ..codes.uscc import is_uscc
from ..errors import Broken
from . import drafts
from .designation import parse_designation
from .drafts import Draft
from .parts import BatchRef
from .postings import Effects, Fact, Move, Posting, Statement, Withdrawn
from .replay import History
from .state import (
    CUT,
    GONE,
    PRODUCED,
    UNEXPLAINED,
    Account,
    Admission,
    Book,
    CertificatePeriod,
    Hold,
    KnownAlias,
    KnownBatch,
    KnownErasure,
    KnownEvent,
    KnownGoods,
    KnownGrant,
    KnownKey,
    KnownOrder,
    KnownParty,
    KnownProduct,
    KnownProject,
    KnownSubmission,
    Run,
    State,
    UnitLength,
)
from .subjects import Subject
from .values import MAX_UNIT, party_id

#: Roles whose word makes a party confirmed; anybody else merely names it.
_CONFIRM = frozenset({"operator", "regulator"})

_Dated = TypeVar("_Dated", CertificatePeriod, KnownGrant)


def code_of(ref: BatchRef | None, state: State) -> str | None:
    """The code of the batch that a draft names, or None when it names none that is registered."""
    if ref is None:
        return None
    if ref.code is not None:
        return ref.code if state.batches[ref.code] is not None else None
    assert ref.maker is not None, "a batch is named by its code, or by maker and lot"
    assert ref.lot is not None
    return state.lots[party_id(ref.maker), ref.lot]


def known_batch(ref: BatchRef | None, state: State) -> tuple[KnownBatch, Book] | None:
    """The batch that a draft names with its book, or None."""
    code = code_of(ref, state)
    batch = None if code is None else state.batches[code]
    return None if batch is None or code is None else (batch, state.books[code])


def effects_of(said: Statement, state: State) -> Effects:
    """What the accepted statement changes. Raises `Broken` where it names what the state does not know."""
    return _EFFECTS[said.draft.kind](said, said.draft, state)


def apply_effects(effects: Effects, state: State) -> None:
    """Change the state as the event did."""
    for gone in effects.withdrawn:
        _withdraw(gone.fact, state)
    for fact in effects.facts:
        _apply_fact(fact, state)
    if effects.batch is not None:
        batch = effects.batch
        state.lots[batch.maker, batch.lot] = batch.code
        state.batches[batch.code] = batch
        state.books[batch.code] = Book.opened(m.after for m in effects.moves if m.after is not None)
    else:
        for move in effects.moves:
            state.books[effects.code].replace(move.part, move.after)
    if effects.rebatched is not None:
        before, batch = state.batches[effects.code], effects.rebatched
        if before is not None:
            state.lots[before.maker, before.lot] = None
        state.lots[batch.maker, batch.lot] = batch.code
        state.batches[batch.code] = batch
    if effects.rebooked is not None:
        state.books[effects.code] = effects.rebooked.copy()
    if effects.code:
        book = state.books[effects.code]
        book.insert(effects.opened)
        for posting in effects.loose:
            _add(book, posting.source, -posting.length_mm)
            _add(book, posting.target, posting.length_mm)
        if effects.admissions:
            book.admissions = sorted((*book.admissions, *effects.admissions), key=lambda a: (a.seq, a.first))
        if effects.holds is not None:
            book.holds = list(effects.holds)


def _add(book: Book, account: Account, length_mm: int) -> None:
    if account.state in GONE:
        return  # no loose length is ever taken from there again
    left = book.loose.get(account, 0) + length_mm
    if left:
        book.loose[account] = left
    else:
        book.loose.pop(account, None)


def _apply_fact(fact: Fact, state: State) -> None:
    match fact:
        case KnownParty():
            state.parties[fact.id] = fact
        case CertificatePeriod():
            key = (fact.holder, fact.number)
            state.certificates[key] = _with(state.certificates.get(key, ()), fact)
        case KnownProduct():
            state.products[fact.maker, fact.number] = fact
        case KnownProject():
            state.projects[fact.id] = fact
        case KnownGrant():
            pair = (fact.grantor, fact.grantee)
            state.grants[pair] = _with(state.grants.get(pair, ()), fact)
        case KnownOrder():
            state.orders[fact.keeper, fact.number] = fact
        case KnownKey():
            state.keys[fact.id] = state.public_keys[fact.public_key] = fact
        case KnownGoods():
            state.goods[fact.id] = fact
        case KnownAlias():
            state.aliases[fact.scheme, fact.code] = fact
        case KnownSubmission():
            state.submissions[fact.event] = fact
        case KnownEvent():
            state.events[fact.id] = fact
        case KnownErasure():
            known = state.events[fact.event]
            if known is not None:
                state.events[fact.event] = replace(known, erased=known.erased | {fact.pointer})
        case _:
            assert_never(fact)


def _with(facts: tuple[_Dated, ...], fact: _Dated) -> tuple[_Dated, ...]:
    """The facts with this one, in place of what the same event said before it was corrected."""
    kept = [each for each in facts if each.seq != fact.seq]
    kept.append(fact)
    return tuple(sorted(kept, key=lambda each: each.seq))


def _withdraw(fact: CertificatePeriod | KnownGrant | KnownOrder, state: State) -> None:
    match fact:
        case CertificatePeriod():
            key = (fact.holder, fact.number)
            state.certificates[key] = tuple(p for p in state.certificates.get(key, ()) if p.seq != fact.seq)
        case KnownGrant():
            pair = (fact.grantor, fact.grantee)
            state.grants[pair] = tuple(g for g in state.grants.get(pair, ()) if g.seq != fact.seq)
        case KnownOrder():
            state.orders[fact.keeper, fact.number] = None
        case _:
            assert_never(fact)


# --- registry facts -----------------------------------------------------------------------------------


def _party(said: Statement, draft: drafts.PartyDraft, state: State) -> Effects:
    body, id_ = draft.body, party_id(draft.subject.party)
    before, speaker = state.parties[id_], state.parties[said.speaker]
    confirms = said.speaker == id_ or (speaker is not None and speaker.acts_as(_CONFIRM))
    fact = KnownParty(
        id=id_,
        name=body.name,
        roles=body.roles,
        uscc=draft.subject.party if body.uscc is None and is_uscc(draft.subject.party) else body.uscc,
        cma=body.cma,
        region=body.region,
        address=body.address,
        named_by=None if confirms else said.speaker,
        seq=said.seq,
    )
    if before is not None and before.named_by is None and fact.named_by is not None:
        return Effects()  # a confirmed party is not renamed by what others call it
    return Effects(facts=(fact,))


def _certificate(said: Statement, draft: drafts.CertificateDraft, state: State) -> Effects:
    body = draft.body
    period = CertificatePeriod(
        holder=party_id(draft.subject.certificate.holder),
        number=draft.subject.certificate.number,
        type=body.type,
        status=body.status,
        valid_from=body.validity.valid_from,
        valid_to=body.validity.valid_to,
        covers=body.covers,
        seq=said.seq,
    )
    return Effects(facts=(period,))


def _product(said: Statement, draft: drafts.ProductDraft, state: State) -> Effects:
    body = draft.body
    fact = KnownProduct(
        maker=party_id(draft.subject.product.maker),
        number=draft.subject.product.number,
        name=body.name,
        designation=parse_designation(body.designation),
        standard=body.standard,
        certificate=body.certificate,
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def _project(said: Statement, draft: drafts.ProjectDraft, state: State) -> Effects:
    body, ref = draft.body, draft.subject.project
    fact = KnownProject(
        id=ref.id,
        keeper=party_id(ref.keeper),
        number=ref.number,
        name=body.name,
        region=body.region,
        owner=_optional_party(body.owner),
        contractor=_optional_party(body.contractor),
        supervisor=_optional_party(body.supervisor),
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def key_said(draft: drafts.KeyDraft, seq: int) -> KnownKey:
    """The signing key as event ``seq`` says it is."""
    body = draft.body
    return KnownKey(
        id=draft.subject.key,
        owner=party_id(body.owner),
        public_key=body.public_key,
        valid_from=body.validity.valid_from,
        valid_to=body.validity.valid_to,
        revoked=body.revoked,
        seq=seq,
    )


def _key(said: Statement, draft: drafts.KeyDraft, state: State) -> Effects:
    return Effects(facts=(key_said(draft, said.seq),))


def _grant(said: Statement, draft: drafts.GrantDraft, state: State) -> Effects:
    fact = KnownGrant(
        grantor=party_id(draft.subject.grant.grantor),
        grantee=party_id(draft.subject.grant.grantee),
        kinds=draft.body.kinds,
        valid_from=draft.body.validity.valid_from,
        valid_to=draft.body.validity.valid_to,
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def _order(said: Statement, draft: drafts.OrderDraft, state: State) -> Effects:
    body = draft.body
    fact = KnownOrder(
        keeper=party_id(draft.subject.order.keeper),
        number=draft.subject.order.number,
        supplier=party_id(body.supplier),
        buyer=party_id(body.buyer),
        project=None if body.project is None else body.project.id,
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def _optional_party(ref: str | None) -> str | None:
    return None if ref is None else party_id(ref)


# --- the life of a batch ------------------------------------------------------------------------------


def _production(said: Statement, draft: drafts.ProductionDraft, state: State) -> Effects:
    ref, body = draft.subject.batch, draft.body
    assert ref.maker is not None
    assert ref.lot is not None
    assert draft.occurred_on is not None
    maker = party_id(ref.maker)
    party, product = state.parties[maker], state.products[maker, body.product]
    if product is None:
        raise Broken(f"an accepted production is of a product that is not registered: {body.product}")
    account = Account("held", maker, said.region or _region_of(draft, party))
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
    )
    if said.void:
        return Effects(batch=replace(batch, length_mm=0, units=()), code=said.batch)
    runs = [Run(first=g.first, last=g.last, account=account, length_mm=g.length_mm) for g in body.units]
    loose = () if body.loose_mm is None else (_loose(said.batch, PRODUCED, account, body.loose_mm),)
    moves = tuple(Move(part=run, after=run, target=account, length_mm=run.length_mm) for run in runs)
    return Effects(batch=batch, code=said.batch, moves=moves, loose=loose)


def _testing(said: Statement, draft: drafts.TestingDraft, state: State) -> Effects:
    return _about_goods(said, draft, state)


def _acceptance(said: Statement, draft: drafts.AcceptanceDraft, state: State) -> Effects:
    return Effects(code=_code(draft.subject.batch, state))


def _dispatch(said: Statement, draft: Any, state: State) -> Effects:
    """Of a dispatch, and of a return: both send what is in hand to somebody."""
    body, code = draft.body, _code(draft.subject.batch, state)
    book, target = state.books[code], Account("transit", party_id(draft.body.to), draft.body.region)
    if not body.units:
        assert body.length_mm is not None, "what is sent has units or a length"
        taken = _from_pools(book, body.length_mm, lambda a: may_dispatch(a, said.speaker))
        return Effects(code=code, loose=tuple(_loose(code, a, target, mm) for a, mm in taken))
    moves = []
    for part in _all_of(book, body.units, used_up_too=True):
        if is_missing_leg(part, said.speaker, target.party):
            left = list(part.missing_legs)
            left.remove((said.speaker, target.party))
            after = part._replace(missing_legs=tuple(left))
            moves.append(Move(part=part, after=_kept(after), target=part.account, length_mm=0))
        elif not part.length_mm:
            raise Broken(f"nothing is left of {part} to be sent")
        else:
            moves.append(_whole(part, target))
    return Effects(code=code, moves=tuple(moves))


def _receipt(said: Statement, draft: drafts.ReceiptDraft, state: State) -> Effects:
    body, code = draft.body, _code(draft.subject.batch, state)
    book = state.books[code]
    project = None if body.project is None else state.projects[body.project.id]
    receiver = state.parties[said.speaker]
    if project is not None:
        target = Account("project", said.speaker, said.region or project.region, project.id)
    else:
        target = Account("held", said.speaker, said.region or _region_of(draft, receiver))
    if not body.units:
        assert body.length_mm is not None, "a receipt names units or a length"
        taken = _from_pools(
            book, body.length_mm, lambda a: a.state == "transit" and a.party == said.speaker, UNEXPLAINED
        )
        return Effects(code=code, loose=tuple(_loose(code, a, target, mm) for a, mm in taken))
    _check_registered(code, body.units, state)
    moves = []
    for part in book.parts(body.units):
        if part.account == target or not part.length_mm:
            continue  # seen once more where it is already, or nothing but its number
        legs = () if part.account.party == said.speaker else ((part.account.party, said.speaker),)
        moves.append(_whole(part, target, missing_legs=legs))
    return Effects(code=code, moves=tuple(moves))


def _supervision(said: Statement, draft: drafts.SupervisionDraft, state: State) -> Effects:
    assert draft.occurred_on is not None
    on, code = draft.occurred_on, _code(draft.subject.batch, state)
    _check_registered(code, draft.body.units, state)
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


def _use(said: Statement, draft: drafts.UseDraft, state: State) -> Effects:
    body, code = draft.body, _code(draft.subject.batch, state)
    project = state.projects[body.project.id]
    assert project is not None, "admission refuses a use in an unknown project"
    target = Account("used", said.speaker, said.region or project.region, project.id)
    book = state.books[code]
    if body.unit is None:
        taken = _from_pools(book, body.length_mm, lambda a: a.state == "project" and a.project == project.id)
        return Effects(code=code, loose=tuple(_loose(code, a, target, mm) for a, mm in taken))
    moves = tuple(_cut(part, target, body.length_mm) for part in _all_of(book, ((body.unit, body.unit),)))
    return Effects(code=code, moves=moves)


def _sampling(said: Statement, draft: drafts.SamplingDraft, state: State) -> Effects:
    body = draft.body
    cut_mm = (body.length_mm or 0) + (body.reserve_mm or 0)
    if draft.subject.batch is None or not cut_mm or body.unit is None:
        return _about_goods(said, draft, state)
    code = _code(draft.subject.batch, state)
    moves = []
    for part in _all_of(state.books[code], ((body.unit, body.unit),)):
        where = draft.place.region if draft.place is not None else part.account.region
        moves.append(_cut(part, Account("sampled", said.speaker, where, part.account.project), cut_mm))
    return Effects(code=code, moves=tuple(moves))


def _split(said: Statement, draft: drafts.SplitDraft, state: State) -> Effects:
    """Pieces stand where the unit stood, with what was said of it: opinions, holds, legs that are missing."""
    body, code = draft.body, _code(draft.subject.batch, state)
    batch, book = state.batches[code], state.books[code]
    assert batch is not None
    pieces = sorted(body.pieces, key=lambda piece: piece.unit)
    taken = [piece.unit for piece in pieces if batch.length_of(piece.unit) is not None]
    if taken:
        raise Broken(f"there is a unit {taken[0]} already")
    (part,) = _all_of(book, ((body.unit, body.unit),))
    cut_mm, scrap_mm = sum(piece.length_mm for piece in pieces), body.scrap_mm or 0
    left_mm = part.length_mm - cut_mm - scrap_mm
    if left_mm < 0:
        raise Broken(f"{cut_mm} mm in pieces and {scrap_mm} mm of scrap from {part}")
    scrapped = Account("scrapped", part.account.party, part.account.region, part.account.project)
    after = _kept(part._replace(length_mm=left_mm))
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


def _sale(said: Statement, draft: drafts.SaleDraft, state: State) -> Effects:
    return _taken_out(said, draft, state, "sold")


def _disposal(said: Statement, draft: drafts.DisposalDraft, state: State) -> Effects:
    return _taken_out(said, draft, state, "scrapped")


def _taken_out(said: Statement, draft: Any, state: State, where: str) -> Effects:
    """Whole units, a length of one unit, or a loose length leave the speaker's hands for good."""
    body, code = draft.body, _code(draft.subject.batch, state)
    book = state.books[code]

    def target(account: Account) -> Account:
        return Account(where, said.speaker, account.region, account.project)

    if body.units:
        moves = (_cut(part, target(part.account), part.length_mm) for part in _all_of(book, body.units))
        return Effects(code=code, moves=tuple(moves))
    assert body.length_mm is not None, "what leaves has units or a length"
    if body.unit is not None:
        parts = _all_of(book, ((body.unit, body.unit),))
        return Effects(
            code=code, moves=tuple(_cut(part, target(part.account), body.length_mm) for part in parts)
        )
    taken = _from_pools(book, body.length_mm, lambda a: in_hand(a, said.speaker))
    return Effects(code=code, loose=tuple(_loose(code, a, target(a), mm) for a, mm in taken))


# --- holds ----------------------------------------------------------------------------------------------

#: Every unit of a batch, whatever numbers they have.
ALL_UNITS = ((1, MAX_UNIT),)


def _measure(said: Statement, draft: drafts.MeasureDraft, state: State) -> Effects:
    if draft.subject.batch is None:
        return _about_goods(said, draft, state)
    code = _code(draft.subject.batch, state)
    book, body = state.books[code], draft.body
    _check_registered(code, body.units, state)
    match body.action:
        case "register" | "seal":
            return _sealed(said, draft, code, book)
        case "seize" | "confiscate":
            return _seized(said, draft, code, book)
        case "extend" | "test":
            more = {"more_days": body.days or 0} if body.action == "extend" else {"test_days": body.days or 0}
            holds = tuple(
                each._replace(**{name: getattr(each, name) + days for name, days in more.items()})
                if _is_meant(each, said, body.of)
                else each
                for each in book.holds
            )
            return Effects(code=code, holds=holds)
        case "release":
            return _released(said, draft, code, book)
        case _:
            assert_never(body.action)


def _is_meant(hold: Hold, said: Statement, number: str | None) -> bool:
    """Whether a hold is in force under the measure of that number by the authority that speaks."""
    return (
        hold.type != "recall" and hold.by == said.speaker and hold.number == number and hold.ended_on is None
    )


def _sealed(said: Statement, draft: drafts.MeasureDraft, code: str, book: Book) -> Effects:
    """登记保存 and 查封: goods stay where they are; of units, of a loose length, or of all that there is."""
    before, others = _replaced(said, draft, book)
    against = None if draft.body.against is None else party_id(draft.body.against)
    loose = [(each.origin, each.length_mm) for each in before if not each.first]
    if draft.body.length_mm is not None:
        loose = list(_from_pools(book, draft.body.length_mm, _may_seize(against), UNEXPLAINED))
    elif _is_of_everything(draft):
        loose = [(None, 0)] if against is None else list(_pools(book, against))
    units = _units_meant(draft, book, before, against)
    taken = [_hold(said, draft, first, last) for first, last in units]
    taken += [_hold(said, draft, 0, 0, origin, mm) for origin, mm in loose]
    return Effects(code=code, holds=(*others, *taken))


def _seized(said: Statement, draft: drafts.MeasureDraft, code: str, book: Book) -> Effects:
    """扣押 and 没收: custody and metres move to the authority, from wherever the books have them."""
    before, others = _replaced(said, draft, book)
    against = None if draft.body.against is None else party_id(draft.body.against)

    def custody(account: Account) -> Account:
        where = draft.place.region if draft.place is not None else account.region
        return Account("seized", said.speaker, where, account.project)

    moves: list[Move] = []
    taken: list[Hold] = []
    for part in _with_metres(book, _units_meant(draft, book, before, against)):
        for stretch, origin in _origins(part, book, said.speaker):
            if not in_custody(part.account, said.speaker):
                moves.append(_whole(stretch, custody(part.account)))
            taken.append(_hold(said, draft, stretch.first, stretch.last, origin))
    kept = [each for each in before if not each.first and each.type in _CUSTODY]
    taken += [_hold(said, draft, 0, 0, each.origin, each.length_mm) for each in kept]
    loose: list[Posting] = []
    for origin, mm in _loose_to_seize(draft, book, before, against):
        loose.append(_loose(code, origin, custody(origin), mm))
        taken.append(_hold(said, draft, 0, 0, origin, mm))
    return Effects(code=code, moves=tuple(moves), loose=tuple(loose), holds=(*others, *taken))


#: Measures under which an authority has the goods.
_CUSTODY = frozenset({"seize", "confiscate"})


def _hold(
    said: Statement,
    draft: drafts.MeasureDraft,
    first: int,
    last: int,
    origin: Account | None = None,
    length_mm: int = 0,
) -> Hold:
    assert draft.occurred_on is not None
    body = draft.body
    return Hold(
        body.action, body.number, said.speaker, first, last, draft.occurred_on, said.seq, origin, length_mm
    )


def _replaced(said: Statement, draft: drafts.MeasureDraft, book: Book) -> tuple[list[Hold], tuple[Hold, ...]]:
    """The holds whose place a measure takes, so far as it names their units; and all holds, with those ended."""
    named, on = draft.body.units or ((0, MAX_UNIT),), draft.occurred_on
    before: list[Hold] = []
    holds: list[Hold] = []
    for each in book.holds:
        inside: list[Hold] = []
        outside = [each]
        if draft.body.of is not None and _is_meant(each, said, draft.body.of):
            inside, outside = _divided(each, named)
        before += inside
        holds += (*outside, *(each._replace(ended_on=on) for each in inside))
    return before, tuple(holds)


def _is_of_everything(draft: drafts.MeasureDraft) -> bool:
    return not draft.body.units and draft.body.length_mm is None and draft.body.of is None


def _units_meant(
    draft: drafts.MeasureDraft, book: Book, before: list[Hold], against: str | None
) -> tuple[tuple[int, int], ...]:
    """The units named, those of the measure before, or all there are: of whom it is against, if that is said."""
    if draft.body.units:
        return draft.body.units
    if not _is_of_everything(draft):
        return _joined_ranges((each.first, each.last) for each in before if each.first)
    if against is None:
        return ALL_UNITS
    return tuple((run.first, run.last) for run in book.runs if run.account.party == against and run.length_mm)


def _joined_ranges(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ascending, and each unit in one range only."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _origins(part: Run, book: Book, authority: str) -> Iterator[tuple[Run, Account]]:
    """Stretches of a part with the account that each came from: for what is in custody already, from its hold."""
    at = part.first
    if in_custody(part.account, authority):
        for each in sorted(_holding(book, authority), key=lambda hold: hold.first):
            first, last = max(at, each.first), min(part.last, each.last)
            if first <= last and each.origin is not None:
                if at < first:
                    yield part.clipped(at, first - 1), part.account
                yield part.clipped(first, last), each.origin
                at = last + 1
    if at <= part.last:
        yield part.clipped(at, part.last), part.account


def _holding(book: Book, authority: str) -> list[Hold]:
    """The holds by which an authority has units in its custody."""
    return [h for h in book.holds if h.first and h.type in _CUSTODY and h.by == authority and not h.ended_on]


def _may_seize(against: str | None) -> Callable[[Account], bool]:
    """Whose loose metres a measure reaches."""
    return lambda a: a.state not in ("seized", "unexplained") and against in (None, a.party)


def _pools(book: Book, against: str | None) -> Iterator[tuple[Account, int]]:
    """All loose lengths that a measure reaches."""
    may_seize = _may_seize(against)
    return ((account, mm) for account, mm in sorted(book.loose.items()) if mm > 0 and may_seize(account))


def _loose_to_seize(
    draft: drafts.MeasureDraft, book: Book, before: list[Hold], against: str | None
) -> Iterator[tuple[Account, int]]:
    """The loose lengths that come into custody: the named one, those of the measure before, or all there are."""
    kept = [each for each in before if not each.first and each.type not in _CUSTODY]
    if _is_of_everything(draft) or any(each.origin is None for each in kept):
        return _pools(book, against)
    wanted_mm = draft.body.length_mm or sum(each.length_mm for each in kept)
    first = {each.origin for each in kept if each.origin is not None}
    return _from_pools(book, wanted_mm, _may_seize(against), UNEXPLAINED, first.__contains__)


def _released(said: Statement, draft: drafts.MeasureDraft, code: str, book: Book) -> Effects:
    """解除: what was seized goes back to where it came from, unless it is held by another measure as well."""
    ended, holds = _replaced(said, draft, book)
    stays = [
        (each.first, each.last)
        for each in _holding(book, said.speaker)
        if not _is_meant(each, said, draft.body.of)
    ]
    moves: list[Move] = []
    loose: list[Posting] = []
    left = book.copy()
    for each in ended:
        if each.origin is None or each.type not in _CUSTODY:
            continue
        if each.first:
            free = _without(each.first, each.last, stays)
            stays.append((each.first, each.last))
            kept = (part for part in _with_metres(book, free) if in_custody(part.account, said.speaker))
            moves += (_whole(part, each.origin) for part in kept)
            continue
        there_mm = sum(mm for account, mm in left.loose.items() if in_custody(account, said.speaker))
        for account, mm in _from_pools(
            left,
            min(each.length_mm, there_mm),
            lambda account: in_custody(account, said.speaker),
            None,
            _beside(each.origin),
        ):
            loose.append(_loose(code, account, each.origin, mm))
            _add(left, account, -mm)
    return Effects(code=code, moves=tuple(moves), loose=tuple(loose), holds=holds)


def _beside(origin: Account) -> Callable[[Account], bool]:
    """Where what came from an account was most likely kept."""
    return lambda a: (a.region, a.project) == (origin.region, origin.project)


def _without(first: int, last: int, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches of ``first``–``last`` in none of the ranges."""
    free: list[tuple[int, int]] = []
    at = first
    for start, end in sorted(ranges):
        if end < at or start > last:
            continue
        if at < start:
            free.append((at, start - 1))
        at = max(at, end + 1)
    return [*free, (at, last)] if at <= last else free


def _divided(hold: Hold, named: tuple[tuple[int, int], ...]) -> tuple[list[Hold], list[Hold]]:
    """The stretches of a hold inside the named ranges, and those outside."""
    inside, outside, at = [], [], hold.first
    for first, last in named:
        start, end = max(first, hold.first), min(last, hold.last)
        if start > end:
            continue
        if at < start:
            outside.append(hold._replace(first=at, last=start - 1))
        inside.append(hold._replace(first=start, last=end))
        at = end + 1
    if inside and at <= hold.last:
        outside.append(hold._replace(first=at))
    return (inside, outside) if inside else ([], [hold])


def _recall(said: Statement, draft: drafts.RecallDraft, state: State) -> Effects:
    code, body, on = _code(draft.subject.batch, state), draft.body, draft.occurred_on
    assert on is not None
    book = state.books[code]
    if body.phase == "end":
        ended = ends_recall(book, body.number, said.speaker)
        return Effects(
            code=code,
            holds=tuple(each._replace(ended_on=on) if each in ended else each for each in book.holds),
        )
    _check_registered(code, body.units, state)
    ranges = body.units or ((0, 0), *ALL_UNITS)  # the whole batch: its loose metres too
    taken = (Hold("recall", body.number, said.speaker, a, b, on, said.seq) for a, b in ranges)
    return Effects(code=code, holds=(*book.holds, *taken))


def ends_recall(book: Book, number: str, speaker: str) -> list[Hold]:
    """The recall of this number that ends when a party says so: its own, or else whosever it is."""
    under_way = [h for h in book.holds if h.type == "recall" and h.number == number and h.ended_on is None]
    return [hold for hold in under_way if hold.by == speaker] or under_way


# --- acts ------------------------------------------------------------------------------------------------


def _about_goods(said: Statement, draft: Any, state: State) -> Effects:
    """Of a kind that moves nothing: uncoded goods that it describes are known from then on."""
    subject, body = draft.subject, draft.body
    if subject.batch is not None:
        return Effects(code=_code(subject.batch, state))
    described = getattr(body, "goods", None)
    if subject.goods is None or described is None:
        return Effects()
    before = state.goods[subject.goods]
    if before is not None and before.seq > said.seq:
        return Effects()  # an older description that was corrected takes the place of no newer one
    fact = KnownGoods(
        id=subject.goods,
        marks=described.marks,
        nominal_maker=described.nominal_maker,
        designation=described.designation,
        quantity=described.quantity,
        length_mm=described.length_mm,
        holder=_optional_party(described.holder),
        region=None if draft.place is None else draft.place.region,
        batch=None if before is None else before.batch,
        party=None if before is None else before.party,
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def _submission(said: Statement, draft: Any, state: State) -> Effects:
    """投诉 and 举报: known under their receipt number."""
    fact = KnownSubmission(
        number=said.receipt,
        event=draft.id,
        kind=draft.kind,
        region=None if draft.place is None else draft.place.region,
        seq=said.seq,
    )
    about = _about_goods(said, draft, state)
    return replace(about, facts=(*about.facts, fact))


def _notice_reply(said: Statement, draft: drafts.NoticeReplyDraft, state: State) -> Effects:
    code = _event(draft.subject.event, state).batch
    before = state.submissions.get(draft.subject.event)
    if before is None:
        return Effects(code=code)
    return Effects(code=code, facts=(replace(before, action=draft.body.action, answered_by=said.speaker),))


def _erasure(said: Statement, draft: drafts.ErasureDraft, state: State) -> Effects:
    """The register keeps what was erased; intake destroys the clear text in the same transaction."""
    event, ground = draft.subject.event, draft.body.ground
    return Effects(
        facts=tuple(
            KnownErasure(event=event, pointer=pointer, ground=ground, seq=said.seq)
            for pointer in dict.fromkeys(draft.body.pointers)
        )
    )


def _confirmation(said: Statement, draft: drafts.ConfirmationDraft, state: State) -> Effects:
    if draft.subject.party is None or draft.body.result == "denied":
        return Effects()
    before = state.parties[party_id(draft.subject.party)]
    if before is None or before.named_by is None:
        return Effects()
    return Effects(facts=(replace(before, named_by=None, seq=said.seq),))


def _alias(said: Statement, draft: drafts.AliasDraft, state: State) -> Effects:
    subject, body = draft.subject, draft.body
    code = code_of(subject.batch, state) or ""
    if body.code is not None and body.scheme is not None:
        thing = f"batch:{code}" if code else _thing(subject)
        fact = KnownAlias(scheme=body.scheme, code=body.code, thing=thing, unit=body.unit, seq=said.seq)
        return Effects(code=code, facts=(fact,))
    if subject.goods is not None:
        before = state.goods[subject.goods]
        assert before is not None, "admission refuses goods that nobody has described"
        batch = code_of(body.batch, state) or before.batch
        party = _optional_party(body.party) or before.party
        return Effects(facts=(replace(before, batch=batch, party=party),))
    if subject.party is not None and body.party is not None:
        of, is_really = party_id(subject.party), party_id(body.party)
        return Effects(facts=(KnownAlias(scheme="party", code=of, thing=f"party:{is_really}", seq=said.seq),))
    return Effects(code=code)


def _thing(subject: Subject) -> str:
    if subject.goods is not None:
        return f"goods:{subject.goods}"
    assert subject.party is not None
    return f"party:{party_id(subject.party)}"


def _nothing(said: Statement, draft: Any, state: State) -> Effects:
    """Stands on the ledger, and changes nothing else."""
    return Effects()


# --- corrections -----------------------------------------------------------------------------------------

#: Kinds that the books of a batch follow from: the history that a correction walks again.
BOOKED = frozenset({
    "production", "dispatch", "receipt", "supervision", "use", "sampling", "split", "return", "disposal", "sale",
    "measure", "recall",
})  # fmt: skip


def right_version(original: Draft, correction: drafts.CorrectionDraft) -> Draft:
    """The event as a correction says that it should have been: a draft of the event's own kind and id."""
    return replace(
        original,
        body=correction.body.right,
        occurred_at=correction.occurred_at,
        precision=correction.precision,
        place=correction.place,
        by=correction.by,
        documents=correction.documents,
    )


def corrected(known: KnownEvent, correction: drafts.CorrectionDraft, state: State) -> Statement | None:
    """What the speaker should have said, at the event's own index; None where it is voided."""
    void = correction.body.void
    if void and known.kind != "production":
        return None
    batch = state.batches.get(known.batch)
    return Statement(
        draft=known.original if void else right_version(known.original, correction),
        speaker=known.speaker,
        seq=known.seq,
        batch=known.batch,
        key_version=1 if batch is None else batch.key_version,
        void=void,
    )


def history_of(known: KnownEvent, state: State) -> History | None:
    """The history of an event's batch; None for events that no books follow from."""
    if known.kind not in BOOKED or not known.batch:
        return None
    return History(
        code=known.batch,
        said=state.histories[known.batch],
        state=state,
        effects_of=effects_of,
        apply=apply_effects,
    )


def _correction(said: Statement, draft: drafts.CorrectionDraft, state: State) -> Effects:
    known = _event(draft.subject.event, state)
    right, history = corrected(known, draft, state), history_of(known, state)
    version = replace(known, newest=draft.id, said=None if right is None or right.void else right.draft)
    if history is None:
        return _register_corrected(known, version, right, state)
    again = history.with_right(known.seq, right)
    before, now = state.batches[known.batch], again.batch
    if before is None or now is None:
        raise Broken(f"an accepted correction leaves the history of batch {known.batch} without its metres")
    batch = _as_registered(before, now)
    return Effects(
        facts=(version,),
        code=known.batch,
        rebatched=None if batch == before else batch,
        rebooked=again.book,
        further=again.compensation,
    )


def _as_registered(before: KnownBatch, now: KnownBatch) -> KnownBatch:
    """The batch after a correction. What it is does not change when its product has been registered anew since."""
    if now.product != before.product:
        return now
    return replace(now, designation=before.designation, certificate=before.certificate)


def _register_corrected(
    known: KnownEvent, version: KnownEvent, right: Statement | None, state: State
) -> Effects:
    """The facts of the right version in place of those of the event."""
    said_before = known.said
    gone: tuple[Withdrawn, ...] = ()
    if said_before is not None:
        was = effects_of(
            Statement(draft=said_before, speaker=known.speaker, seq=known.seq, batch=known.batch), state
        )
        gone = tuple(
            Withdrawn(fact)
            for fact in was.facts
            if isinstance(fact, CertificatePeriod | KnownGrant | KnownOrder)
            and not _is_superseded(fact, state)
        )
    now = Effects() if right is None else effects_of(right, state)
    facts = (fact for fact in now.facts if not _is_superseded(fact, state))
    return Effects(facts=(*facts, version), withdrawn=gone, code=known.batch)


def _is_superseded(fact: Fact, state: State) -> bool:
    """Whether the register has a newer word on the same thing, which an older one that was corrected leaves alone."""
    if not isinstance(fact, KnownOrder):
        return False
    standing = state.orders[fact.keeper, fact.number]
    return standing is not None and standing.seq > fact.seq


def _event(id_: str, state: State) -> KnownEvent:
    known = state.events[id_]
    if known is None:
        raise Broken(f"an accepted event speaks of event {id_}, which is not on the ledger")
    return known


#: States in which goods are a holder's own to send.
_OWN = ("held", "project")


def may_dispatch(account: Account, sender: str) -> bool:
    """Whether what stands at this account is with the sender, to be sent."""
    return account.party == sender and account.state in _OWN


def _with_metres(book: Book, ranges: Iterable[tuple[int, int]]) -> Iterator[Run]:
    """The runs within these units that have anything left."""
    return (part for part in book.parts(ranges) if part.length_mm)


def in_custody(account: Account, authority: str) -> bool:
    """Whether an authority has seized what stands at this account."""
    return account.party == authority and account.state == "seized"


def in_hand(account: Account, holder: str) -> bool:
    """Whether somebody has it in his hands, to cut, sell or scrap: an authority also what it has seized."""
    return may_dispatch(account, holder) or in_custody(account, holder)


def may_send(part: Run, sender: str) -> bool:
    """Whether these units are with the sender, with something left on them."""
    return part.length_mm > 0 and may_dispatch(part.account, sender)


def is_missing_leg(part: Run, sender: str, receiver: str) -> bool:
    """Whether a dispatch merely reports, late, how these units came to a receiver who has, or had, them."""
    return (sender, receiver) in part.missing_legs and not may_send(part, sender)


def _whole(part: Run, target: Account, *, missing_legs: tuple[tuple[str, str], ...] = ()) -> Move:
    after = part._replace(account=target, missing_legs=part.missing_legs + missing_legs)
    return Move(part=part, after=after, target=target, length_mm=part.length_mm)


def _cut(part: Run, target: Account, cut_mm: int) -> Move:
    left = part.length_mm - cut_mm
    if left < 0:
        raise Broken(f"cutting {cut_mm} mm from {part}")
    after = _kept(part._replace(length_mm=left))
    return Move(part=part, after=after, target=target, length_mm=cut_mm)


def _kept(part: Run) -> Run | None:
    """None of units that are used up, once every leg of their way is reported."""
    return part if part.length_mm or part.missing_legs else None


def _loose(code: str, source: Account, target: Account, length_mm: int) -> Posting:
    return Posting(batch=code, first=0, last=0, source=source, target=target, length_mm=length_mm)


def _from_pools(
    book: Book,
    wanted_mm: int,
    may_take: Callable[[Account], bool],
    rest: Account | None = None,
    first: Callable[[Account], bool] = lambda _: False,
) -> Iterator[tuple[Account, int]]:
    """Draw a loose length from the pools that may be drawn on, in a fixed order; the rest from ``rest``.

    Pools that are ``first`` come before the others.
    """
    for account in sorted(book.loose, key=lambda account: (not first(account), account)):
        if wanted_mm and may_take(account) and book.loose[account] > 0:
            taken = min(wanted_mm, book.loose[account])
            wanted_mm -= taken
            yield account, taken
    if wanted_mm:
        if rest is None:
            raise Broken(f"{wanted_mm} mm more than the loose pools hold")
        yield rest, wanted_mm


def _region_of(draft: Draft, party: KnownParty | None) -> str:
    if draft.place is not None:
        return draft.place.region
    return party.region or "" if party is not None else ""


def _all_of(book: Book, units: tuple[tuple[int, int], ...], *, used_up_too: bool = False) -> list[Run]:
    """The runs of exactly these units. Raises `Broken` where nothing is left of one of them, or (``used_up_too``) not
    even a leg of its way to be reported."""
    parts = [part for part in book.parts(units) if part.length_mm or used_up_too]
    if sum(part.count for part in parts) != sum(last - first + 1 for first, last in units):
        raise Broken(f"the book has not all of the units {units}")
    return parts


def _check_registered(code: str, units: tuple[tuple[int, int], ...], state: State) -> None:
    """Raises `Broken` where the batch has not all of these units."""
    batch = state.batches[code]
    assert batch is not None
    there = sum(
        max(0, min(last, group.last) - max(first, group.first) + 1)
        for group in batch.all_units
        for first, last in units
    )
    if there != sum(last - first + 1 for first, last in units):
        raise Broken(f"batch {code} has not all of the units {units}")


def _code(ref: BatchRef | None, state: State) -> str:
    code = code_of(ref, state)
    if code is None or state.batches[code] is None:
        raise Broken(f"an accepted event names a batch that is not registered: {ref}")
    return code


_EFFECTS: Mapping[str, Callable[[Statement, Any, State], Effects]] = {
    "party": _party,
    "certificate": _certificate,
    "product": _product,
    "project": _project,
    "key": _key,
    "grant": _grant,
    "order": _order,
    "production": _production,
    "testing": _testing,
    "dispatch": _dispatch,
    "receipt": _receipt,
    "acceptance": _acceptance,
    "supervision": _supervision,
    "use": _use,
    "sampling": _sampling,
    "split": _split,
    "return": _dispatch,
    "disposal": _disposal,
    "sale": _sale,
    "inspection": _about_goods,
    "measure": _measure,
    "recall": _recall,
    "notice": _about_goods,
    "notice-reply": _notice_reply,
    "complaint": _submission,
    "report": _submission,
    "confirmation": _confirmation,
    "alias": _alias,
    "correction": _correction,
    "erasure": _erasure,
    "read": _nothing,
}
