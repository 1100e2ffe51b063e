"""What an accepted event changes: registry facts, and postings between the accounts of a batch.

`effects_of` is a pure function of the event and of the state before it. It never judges: the same function
runs when an event is accepted and when the projections are rebuilt from the ledger years later, so what it
does may depend on nothing but those two.

Double entry: a posting moves a length from one account to another, so each event adds up to zero by its
form, and produced = held + in transit + at project + used + sampled + unexplained after any sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, assert_never

from ..codes.uscc import is_uscc
from ..errors import Broken
from . import drafts
from .designation import parse_designation
from .drafts import BatchRef, Draft, party_id
from .state import (
    PRODUCED,
    UNEXPLAINED,
    Account,
    Admission,
    Book,
    CertificatePeriod,
    KnownBatch,
    KnownGrant,
    KnownOrder,
    KnownParty,
    KnownProduct,
    KnownProject,
    Run,
    State,
    UnitLength,
)

#: Roles whose word makes a party confirmed; anybody else merely names it.
_CONFIRM = frozenset({"operator", "regulator"})

Fact = KnownParty | CertificatePeriod | KnownProduct | KnownProject | KnownGrant | KnownOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A draft with its speaker: who says so (by name of the draft, or for whom it was entered).

    ``batch``: the code minted for a production; ``key_version``: of the key its unit codes are made with.
    """

    draft: Draft
    speaker: str
    seq: int = 0
    batch: str = ""
    key_version: int = 1


class Posting(NamedTuple):
    """``length_mm`` (positive) went from one account to another; units 0–0 are a loose length."""

    batch: str
    first: int
    last: int
    source: Account
    target: Account
    length_mm: int


class Move(NamedTuple):
    """A part of a run, what becomes of these units, and where ``length_mm`` of each of them goes."""

    part: Run
    after: Run | None
    target: Account
    length_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Everything that one event changes."""

    facts: tuple[Fact, ...] = ()
    batch: KnownBatch | None = None
    code: str = ""
    moves: tuple[Move, ...] = ()
    loose: tuple[Posting, ...] = ()
    admissions: tuple[Admission, ...] = ()

    def postings(self) -> Iterator[Posting]:
        """The event's postings, in a fixed order."""
        if self.batch is not None:
            for group in self.batch.units:
                yield Posting(
                    batch=self.code,
                    first=group.first,
                    last=group.last,
                    source=PRODUCED,
                    target=self.moves[0].target,
                    length_mm=group.length_mm * (group.last - group.first + 1),
                )
        else:
            for move in self.moves:
                if move.length_mm and move.part.account != move.target:
                    yield Posting(
                        batch=self.code,
                        first=move.part.first,
                        last=move.part.last,
                        source=move.part.account,
                        target=move.target,
                        length_mm=move.length_mm * move.part.count,
                    )
        yield from self.loose


def code_of(ref: BatchRef, state: State) -> str | None:
    """The code of the batch that a draft names, or None when no such batch is registered."""
    if ref.code is not None:
        return ref.code if state.batches[ref.code] is not None else None
    assert ref.maker is not None, "a batch is named by its code, or by maker and lot"
    assert ref.lot is not None
    return state.lots[party_id(ref.maker), ref.lot]


def known_batch(ref: BatchRef, state: State) -> tuple[KnownBatch, Book] | None:
    """The batch that a draft names with its book, or None."""
    code = code_of(ref, state)
    batch = None if code is None else state.batches[code]
    return None if batch is None or code is None else (batch, state.books[code])


def effects_of(said: Statement, state: State) -> Effects:
    """What the accepted statement changes. Raises `Broken` where it names what the state does not know."""
    return _EFFECTS[said.draft.kind](said, said.draft, state)


def apply_effects(effects: Effects, state: State) -> None:
    """Change the state as the event did."""
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
    if effects.code:
        book = state.books[effects.code]
        for posting in effects.loose:
            _add(book, posting.source, -posting.length_mm)
            _add(book, posting.target, posting.length_mm)
        book.admissions.extend(effects.admissions)


def _add(book: Book, account: Account, length_mm: int) -> None:
    if account.state in ("produced", "used", "sampled"):
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
            state.certificates[key] = (*state.certificates.get(key, ()), fact)
        case KnownProduct():
            state.products[fact.maker, fact.number] = fact
        case KnownProject():
            state.projects[fact.id] = fact
        case KnownGrant():
            pair = (fact.grantor, fact.grantee)
            state.grants[pair] = (*state.grants.get(pair, ()), fact)
        case KnownOrder():
            state.orders[fact.keeper, fact.number] = fact
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
    return Effects()  # keys are read from the ledger where signatures are judged; nothing is projected yet


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
    account = Account("held", maker, _region_of(draft, party))
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
    return Effects(code=_code(draft.subject.batch, state))


def _acceptance(said: Statement, draft: drafts.AcceptanceDraft, state: State) -> Effects:
    return Effects(code=_code(draft.subject.batch, state))


def _dispatch(said: Statement, draft: drafts.DispatchDraft, state: State) -> Effects:
    body, code = draft.body, _code(draft.subject.batch, state)
    book, target = state.books[code], Account("transit", party_id(draft.body.to), draft.body.region)
    if not body.units:
        assert body.length_mm is not None, "a dispatch names units or a length"
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
        target = Account("project", said.speaker, project.region, project.id)
    else:
        target = Account("held", said.speaker, _region_of(draft, receiver))
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
    target = Account("used", said.speaker, project.region, project.id)
    book = state.books[code]
    if body.unit is None:
        taken = _from_pools(book, body.length_mm, lambda a: a.state == "project" and a.project == project.id)
        return Effects(code=code, loose=tuple(_loose(code, a, target, mm) for a, mm in taken))
    moves = tuple(_cut(part, target, body.length_mm) for part in book.parts(((body.unit, body.unit),)))
    return Effects(code=code, moves=moves)


def _sampling(said: Statement, draft: drafts.SamplingDraft, state: State) -> Effects:
    body, code = draft.body, _code(draft.subject.batch, state)
    cut_mm = (body.length_mm or 0) + (body.reserve_mm or 0)
    if not cut_mm:
        return Effects(code=code)
    moves = []
    for part in state.books[code].parts(((body.unit, body.unit),)):
        where = draft.place.region if draft.place is not None else part.account.region
        moves.append(_cut(part, Account("sampled", said.speaker, where, part.account.project), cut_mm))
    return Effects(code=code, moves=tuple(moves))


#: States out of which a holder may dispatch what is his.
_OWN = ("held", "project")


def may_dispatch(account: Account, sender: str) -> bool:
    """Whether what stands at this account is with the sender, to be sent."""
    return account.party == sender and account.state in _OWN


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


def _code(ref: BatchRef, state: State) -> str:
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
}
