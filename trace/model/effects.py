"""What an accepted event changes: registry facts, and postings between the accounts of a batch.

`effects_of` is a pure function of the event and of the state before it. It never judges: the same function
runs when an event is accepted and when the projections are rebuilt from the ledger years later, so what it
does may depend on nothing but those two.

Produced = held + in transit + at project + used + sampled + seized + sold + scrapped + unexplained, after any
sequence of events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar, assert_never

from ..codes.uscc import is_uscc
from ..errors import Broken
from . import drafts
from .designation import parse_designation
from .drafts import BatchRef, Draft, party_id
from .postings import Effects, Fact, Move, Posting, Statement, Withdrawn
from .replay import Replayed, replay
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
        book.admissions.extend(effects.admissions)
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
            state.keys[fact.id] = fact
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


def _key(said: Statement, draft: drafts.KeyDraft, state: State) -> Effects:
    body = draft.body
    fact = KnownKey(
        id=draft.subject.key,
        owner=party_id(body.owner),
        public_key=body.public_key,
        valid_from=body.validity.valid_from,
        valid_to=body.validity.valid_to,
        revoked=body.revoked,
        seq=said.seq,
    )
    return Effects(facts=(fact,))


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
    for part in book.parts(body.units):
        if is_missing_leg(part, said.speaker, target.party):
            left = list(part.missing_legs)
            left.remove((said.speaker, target.party))
            after = part._replace(missing_legs=tuple(left))
            moves.append(Move(part=part, after=_kept(after), target=part.account, length_mm=0))
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
    moves = []
    for part in book.parts(body.units):
        if part.account == target or not part.length_mm:
            continue  # seen once more where it is already, or nothing but its number
        legs = () if part.account.party == said.speaker else ((part.account.party, said.speaker),)
        moves.append(_whole(part, target, missing_legs=legs))
    return Effects(code=code, moves=tuple(moves))


def _supervision(said: Statement, draft: drafts.SupervisionDraft, state: State) -> Effects:
    assert draft.occurred_on is not None
    on = draft.occurred_on
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
    return Effects(code=_code(draft.subject.batch, state), admissions=admissions)


def _use(said: Statement, draft: drafts.UseDraft, state: State) -> Effects:
    body, code = draft.body, _code(draft.subject.batch, state)
    project = state.projects[body.project.id]
    assert project is not None, "admission refuses a use in an unknown project"
    target = Account("used", said.speaker, said.region or project.region, project.id)
    book = state.books[code]
    if body.unit is None:
        taken = _from_pools(book, body.length_mm, lambda a: a.state == "project" and a.project == project.id)
        return Effects(code=code, loose=tuple(_loose(code, a, target, mm) for a, mm in taken))
    moves = tuple(_cut(part, target, body.length_mm) for part in book.parts(((body.unit, body.unit),)))
    return Effects(code=code, moves=moves)


def _sampling(said: Statement, draft: drafts.SamplingDraft, state: State) -> Effects:
    body = draft.body
    cut_mm = (body.length_mm or 0) + (body.reserve_mm or 0)
    if draft.subject.batch is None or not cut_mm or body.unit is None:
        return _about_goods(said, draft, state)
    code = _code(draft.subject.batch, state)
    moves = []
    for part in state.books[code].parts(((body.unit, body.unit),)):
        where = draft.place.region if draft.place is not None else part.account.region
        moves.append(_cut(part, Account("sampled", said.speaker, where, part.account.project), cut_mm))
    return Effects(code=code, moves=tuple(moves))


def _split(said: Statement, draft: drafts.SplitDraft, state: State) -> Effects:
    body, code = draft.body, _code(draft.subject.batch, state)
    batch = state.batches[code]
    assert batch is not None
    pieces = sorted(body.pieces, key=lambda piece: piece.unit)
    cut_mm = sum(piece.length_mm for piece in pieces)
    moves: list[Move] = []
    opened: list[Run] = []
    further: list[Posting] = []
    for part in state.books[code].parts(((body.unit, body.unit),)):
        left_mm = part.length_mm - cut_mm - (body.scrap_mm or 0)
        if left_mm < 0:
            raise Broken(f"{cut_mm} mm in pieces and {body.scrap_mm or 0} mm of scrap from {part}")
        after = _kept(part._replace(length_mm=left_mm))
        scrapped = Account("scrapped", part.account.party, part.account.region, part.account.project)
        moves.append(Move(part=part, after=after, target=scrapped, length_mm=body.scrap_mm or 0))
        further.append(Posting(code, body.unit, body.unit, part.account, CUT, cut_mm))
        for piece in pieces:
            opened.append(part._replace(first=piece.unit, last=piece.unit, length_mm=piece.length_mm))
            further.append(Posting(code, piece.unit, piece.unit, CUT, part.account, piece.length_mm))
    if not moves:
        raise Broken(f"there is no unit {body.unit} left to be split")
    cut_off = tuple(UnitLength(first=p.unit, last=p.unit, length_mm=p.length_mm) for p in pieces)
    rebatched = replace(batch, pieces=tuple(sorted((*batch.pieces, *cut_off), key=lambda g: g.first)))
    return Effects(
        code=code, moves=tuple(moves), opened=tuple(opened), further=tuple(further), rebatched=rebatched
    )


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
        moves = (_cut(part, target(part.account), part.length_mm) for part in _with_metres(book, body.units))
        return Effects(code=code, moves=tuple(moves))
    assert body.length_mm is not None, "what leaves has units or a length"
    if body.unit is not None:
        parts = book.parts(((body.unit, body.unit),))
        return Effects(
            code=code, moves=tuple(_cut(part, target(part.account), body.length_mm) for part in parts)
        )
    taken = _from_pools(book, body.length_mm, lambda a: in_hand(a, said.speaker))
    return Effects(code=code, loose=tuple(_loose(code, a, target(a), mm) for a, mm in taken))


# --- holds ----------------------------------------------------------------------------------------------

#: Every unit of a batch, whatever numbers they have.
ALL_UNITS = ((1, drafts.MAX_UNIT),)


def _measure(said: Statement, draft: drafts.MeasureDraft, state: State) -> Effects:
    if draft.subject.batch is None:
        return _about_goods(said, draft, state)
    code = _code(draft.subject.batch, state)
    book, body = state.books[code], draft.body
    assert draft.occurred_on is not None
    on = draft.occurred_on
    match body.action:
        case "register" | "seal":
            ranges = body.units or (((0, 0),) if body.length_mm is not None else ALL_UNITS)
            taken = tuple(
                Hold(
                    body.action,
                    body.number,
                    said.speaker,
                    first,
                    last,
                    on,
                    said.seq,
                    length_mm=body.length_mm or 0,
                )
                for first, last in ranges
            )
            return Effects(code=code, holds=(*book.holds, *taken))
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
    return hold.type != "recall" and hold.by == said.speaker and hold.number == number


def _seized(said: Statement, draft: drafts.MeasureDraft, code: str, book: Book) -> Effects:
    """扣押 and 没收: custody and metres move to the authority, from wherever the books have them."""
    body, on = draft.body, draft.occurred_on
    assert on is not None
    before = [each for each in book.holds if _is_meant(each, said, body.of)] if body.of is not None else []
    units = body.units or tuple((each.first, each.last) for each in before if each.first)
    if not (body.units or body.of is not None or body.length_mm is not None):
        units = ALL_UNITS

    def custody(account: Account) -> Account:
        where = draft.place.region if draft.place is not None else account.region
        return Account("seized", said.speaker, where, account.project)

    origins = {(each.first, each.last): each.origin for each in before}
    moves: list[Move] = []
    taken: list[Hold] = []
    for part in _with_metres(book, units):
        target = custody(part.account)
        origin = next(
            (o for (first, last), o in origins.items() if first <= part.first and part.last <= last and o),
            part.account,
        )
        if not in_custody(part.account, said.speaker):
            moves.append(_whole(part, target))
        taken.append(
            Hold(body.action, body.number, said.speaker, part.first, part.last, on, said.seq, origin=origin)
        )
    loose: list[Posting] = []
    for origin, mm, moved in _loose_to_seize(book, draft, before):
        if moved:
            loose.append(_loose(code, origin, custody(origin), mm))
        taken.append(
            Hold(body.action, body.number, said.speaker, 0, 0, on, said.seq, origin=origin, length_mm=mm)
        )
    ended = tuple(each._replace(ended_on=on) if each in before else each for each in book.holds)
    return Effects(code=code, moves=tuple(moves), loose=tuple(loose), holds=(*ended, *taken))


def _loose_to_seize(
    book: Book, draft: drafts.MeasureDraft, before: list[Hold]
) -> Iterator[tuple[Account, int, bool]]:
    """(origin, mm, whether it moves) of loose lengths: those of the measure before, the named one, or all."""
    body = draft.body
    if body.units:
        return
    against = None if body.against is None else party_id(body.against)
    wanted_mm = body.length_mm or 0
    for each in before:
        if each.first:
            continue
        if each.origin is not None:
            yield each.origin, each.length_mm, False
        else:
            wanted_mm += each.length_mm
    if wanted_mm:
        taken = _from_pools(
            book,
            wanted_mm,
            lambda a: a.state not in ("seized", "unexplained") and against in (None, a.party),
            UNEXPLAINED,
        )
        yield from ((account, mm, True) for account, mm in taken)
    elif body.of is None:
        for account, mm in sorted(book.loose.items()):
            if mm > 0 and account.state not in ("seized", "unexplained"):
                yield account, mm, True


def _released(said: Statement, draft: drafts.MeasureDraft, code: str, book: Book) -> Effects:
    """解除: what was seized goes back to where it came from; of some units where they are named."""
    body, on = draft.body, draft.occurred_on
    assert on is not None
    named = body.units or ((0, drafts.MAX_UNIT),)
    holds: list[Hold] = []
    moves: list[Move] = []
    loose: list[Posting] = []
    left = book.copy()
    for each in book.holds:
        if not _is_meant(each, said, body.of) or each.ended_on is not None:
            holds.append(each)
            continue
        inside, outside = _divided(each, named)
        holds += outside
        for part_of in inside:
            holds.append(part_of._replace(ended_on=on))
            if each.origin is None or each.type not in ("seize", "confiscate"):
                continue
            if not part_of.first:
                for account, mm in _from_pools(left, each.length_mm, lambda a: in_custody(a, said.speaker)):
                    loose.append(_loose(code, account, each.origin, mm))
                    _add(left, account, -mm)
                continue
            for part in _with_metres(book, ((part_of.first, part_of.last),)):
                if in_custody(part.account, said.speaker):
                    moves.append(_whole(part, each.origin))
    return Effects(code=code, moves=tuple(moves), loose=tuple(loose), holds=tuple(holds))


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
        holds = tuple(
            each._replace(ended_on=on) if each.type == "recall" and each.number == body.number else each
            for each in book.holds
        )
        return Effects(code=code, holds=holds)
    ranges = body.units or ((0, 0), *ALL_UNITS)  # the whole batch: its loose metres too
    taken = (Hold("recall", body.number, said.speaker, a, b, on, said.seq) for a, b in ranges)
    return Effects(code=code, holds=(*book.holds, *taken))


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


def _thing(subject: drafts.Subject) -> str:
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
    if correction.body.void:
        return None
    batch = state.batches.get(known.batch)
    return Statement(
        draft=right_version(known.original, correction),
        speaker=known.speaker,
        seq=known.seq,
        batch=known.batch,
        key_version=1 if batch is None else batch.key_version,
    )


def replayed(known: KnownEvent, right: Statement | None, state: State) -> Replayed | None:
    """The batch's history with the right version in place; None for events that no books follow from."""
    if known.kind not in BOOKED or not known.batch:
        return None
    return replay(state.histories[known.batch], known.seq, right, state, effects_of, apply_effects)


def _correction(said: Statement, draft: drafts.CorrectionDraft, state: State) -> Effects:
    known = _event(draft.subject.event, state)
    right = corrected(known, draft, state)
    version = replace(known, newest=draft.id, said=None if right is None else right.draft)
    again = replayed(known, right, state)
    if again is None:
        return _register_corrected(known, version, right, state)
    before = state.batches[known.batch]
    assert before is not None
    # A voided production leaves its code behind, which was issued and is never issued again, and no metre.
    batch = again.batch if again.batch is not None else replace(before, length_mm=0, units=(), pieces=())
    return Effects(
        facts=(version,),
        code=known.batch,
        rebatched=None if batch == before else batch,
        rebooked=again.book,
        further=again.compensation,
    )


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
        )
    now = Effects() if right is None else effects_of(right, state)
    return Effects(facts=(*now.facts, version), withdrawn=gone, code=known.batch)


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


def _with_metres(book: Book, ranges: tuple[tuple[int, int], ...]) -> Iterator[Run]:
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
    book: Book, wanted_mm: int, may_take: Callable[[Account], bool], rest: Account | None = None
) -> Iterator[tuple[Account, int]]:
    """Draw a loose length from the pools that may be drawn on, in a fixed order; the rest from ``rest``."""
    for account in sorted(book.loose):
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


def _code(ref: BatchRef | None, state: State) -> str:
    code = code_of(ref, state)
    if code is None:
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
