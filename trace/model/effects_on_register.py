"""What an accepted event says about the register: parties, certificates, projects, goods, receipts, names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..codes.uscc import is_uscc
from ..errors import Broken
from . import drafts
from .bodies import Party
from .designation import parse_designation
from .involvement import sites_of
from .parts import Reads
from .postings import Effects, Statement
from .reach import code_of, registered_code
from .state import (
    CertificatePeriod,
    KnownAlias,
    KnownCalendar,
    KnownErasure,
    KnownEvent,
    KnownGoods,
    KnownGrant,
    KnownKey,
    KnownOrder,
    KnownParty,
    KnownProduct,
    KnownProject,
    KnownReading,
    KnownSubmission,
    KnownUnit,
    OrderedLine,
    State,
)
from .subjects import Subject
from .things import thing_of
from .values import party_id

#: Roles whose word makes a party confirmed; anybody else merely names it.
_CONFIRM = frozenset({"operator", "regulator"})


def of_party(said: Statement, draft: drafts.PartyDraft, state: State) -> Effects:
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
        namers=frozenset() if confirms else _namers(before, said.speaker),
        part_of=unit_said(body) or (None if before is None else before.part_of),
        seq=said.seq,
    )
    if before is not None and before.named_by is None and fact.named_by is not None:
        return Effects()  # a confirmed party is not renamed by what others call it
    return Effects(facts=(fact,))


def _namers(before: KnownParty | None, speaker: str) -> frozenset[str]:
    return frozenset({speaker, *(() if before is None else before.namers)})


def unit_said(body: Party) -> KnownUnit | None:
    """The unit that a registration says the party is; None where it says nothing of that."""
    unit = body.part_of
    if unit is None:
        return None
    return KnownUnit(
        parent=party_id(unit.parent),
        type=unit.type,
        regions=unit.regions,
        supervises=tuple(map(party_id, unit.supervises)),
        places=tuple((place.region, place.name) for place in unit.places),
        projects=tuple(ref.id for ref in unit.projects),
        valid_from=None if unit.validity is None else unit.validity.valid_from,
        valid_to=None if unit.validity is None else unit.validity.valid_to,
    )


def of_certificate(said: Statement, draft: drafts.CertificateDraft, state: State) -> Effects:
    body = draft.body
    period = CertificatePeriod(
        holder=party_id(draft.subject.certificate.holder),
        number=draft.subject.certificate.number,
        type=body.type,
        status=body.status,
        valid_from=body.validity.valid_from,
        valid_to=body.validity.valid_to,
        covers=body.covers,
        scope=body.scope,
        issued_by=_optional_party(body.issued_by),
        issuer=body.issuer,
        said_by=said.speaker,
        seq=said.seq,
    )
    return Effects(facts=(period,))


def of_product(said: Statement, draft: drafts.ProductDraft, state: State) -> Effects:
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


def of_project(said: Statement, draft: drafts.ProjectDraft, state: State) -> Effects:
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


def of_key(said: Statement, draft: drafts.KeyDraft, state: State) -> Effects:
    return Effects(facts=(key_said(draft, said.seq),))


def of_grant(said: Statement, draft: drafts.GrantDraft, state: State) -> Effects:
    reads = draft.body.reads or Reads()
    fact = KnownGrant(
        grantor=party_id(draft.subject.grant.grantor),
        grantee=party_id(draft.subject.grant.grantee),
        kinds=draft.body.kinds,
        valid_from=draft.body.validity.valid_from,
        valid_to=draft.body.validity.valid_to,
        seq=said.seq,
        event=draft.id,
        batches=reads.batches,
        goods=reads.goods,
        projects=tuple(ref.id for ref in reads.projects),
        regions=reads.regions,
        parties=tuple(map(party_id, reads.parties)),
        ground=draft.body.ground or "",
        case=draft.body.case or "",
    )
    return Effects(facts=(fact,))


def of_calendar(said: Statement, draft: drafts.CalendarDraft, state: State) -> Effects:
    body = draft.body
    fact = KnownCalendar(
        year=draft.subject.year, notice=body.notice, off=body.off, worked=body.worked, seq=said.seq
    )
    return Effects(facts=(fact,))


def of_read(said: Statement, draft: drafts.ReadDraft, state: State) -> Effects:
    """Who has read what under a grant; of a batch it touches nothing, and its history says nothing of it."""
    body, thing = draft.body, thing_of(draft, said.batch or None)
    if body.grantor is None or body.grant is None or thing is None:
        return Effects()
    fact = KnownReading(
        thing=thing,
        reader=said.speaker,
        grantor=party_id(body.grantor),
        grant=body.grant,
        day=body.day,
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def of_statement(said: Statement, draft: drafts.StatementDraft, state: State) -> Effects:
    """That evidence was taken changes nothing of the batch, and whom the batch concerns does not grow by it."""
    return Effects()


def of_monthly_form(said: Statement, draft: drafts.MonthlyFormDraft, state: State) -> Effects:
    """It says what was counted, and changes nothing of that."""
    return Effects()


def of_order(said: Statement, draft: drafts.OrderDraft, state: State) -> Effects:
    body = draft.body
    fact = KnownOrder(
        keeper=party_id(draft.subject.order.keeper),
        number=draft.subject.order.number,
        supplier=party_id(body.supplier),
        buyer=party_id(body.buyer),
        project=None if body.project is None else body.project.id,
        lines=tuple(OrderedLine(item.designation, item.price_fen_per_metre) for item in body.items),
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def _optional_party(ref: str | None) -> str | None:
    return None if ref is None else party_id(ref)


def about_goods(said: Statement, draft: Any, state: State) -> Effects:
    """Of a kind that moves nothing: uncoded goods that it describes are known from then on."""
    subject, body = draft.subject, draft.body
    if subject.batch is not None:
        return Effects(code=registered_code(subject.batch, state))
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
        sites=" ".join(sorted(sites_of(draft))),
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def of_submission(said: Statement, draft: Any, state: State) -> Effects:
    """投诉 and 举报: known under their receipt number."""
    fact = KnownSubmission(
        number=said.receipt,
        event=draft.id,
        kind=draft.kind,
        region=None if draft.place is None else draft.place.region,
        sites=" ".join(sorted(sites_of(draft))),
        seq=said.seq,
    )
    about = about_goods(said, draft, state)
    return about._replace(facts=(*about.facts, fact))


def of_notice_reply(said: Statement, draft: drafts.NoticeReplyDraft, state: State) -> Effects:
    code = event_spoken_of(draft.subject.event, state).batch
    before = state.submissions.get(draft.subject.event)
    if before is None:
        return Effects(code=code)
    return Effects(code=code, facts=(replace(before, action=draft.body.action, answered_by=said.speaker),))


def of_erasure(said: Statement, draft: drafts.ErasureDraft, state: State) -> Effects:
    """The register keeps what was erased; intake destroys the clear text in the same transaction."""
    event, ground = draft.subject.event, draft.body.ground
    return Effects(
        facts=tuple(
            KnownErasure(event=event, pointer=pointer, ground=ground, seq=said.seq)
            for pointer in dict.fromkeys(draft.body.pointers)
        )
    )


def of_confirmation(said: Statement, draft: drafts.ConfirmationDraft, state: State) -> Effects:
    if draft.subject.party is None or draft.body.result == "denied":
        return Effects()
    before = state.parties[party_id(draft.subject.party)]
    if before is None or before.named_by is None:
        return Effects()
    return Effects(facts=(replace(before, named_by=None, namers=frozenset(), seq=said.seq),))


def of_alias(said: Statement, draft: drafts.AliasDraft, state: State) -> Effects:
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


def event_spoken_of(id_: str, state: State) -> KnownEvent:
    known = state.events[id_]
    if known is None:
        raise Broken(f"an accepted event speaks of event {id_}, which is not on the ledger")
    return known
