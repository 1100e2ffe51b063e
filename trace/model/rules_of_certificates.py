"""Rules about who says what of a certificate: its issuer of its own ones only, its holder nothing against its issuer."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .named import party_name
from .rules_of_speaking import REGISTRARS, acts_as
from .state import CertificatePeriod, issuer_of
from .values import party_id

CERTIFIERS = frozenset({"certifier"})


def _not_its_certificate(claim: Claim, draft: drafts.CertificateDraft) -> Finding | None:
    """A certification body that names nobody as the issuer of a new certificate has not said that it issued it."""
    holder = party_id(draft.subject.certificate.holder)
    if claim.speaker == holder or not acts_as(claim, CERTIFIERS) or acts_as(claim, REGISTRARS):
        return None
    said, others = _issuer_said(draft), _other_entries(claim, draft)
    issuer = issuer_of(others)
    if said not in (None, claim.speaker):
        return Finding(
            "/body/issued_by",
            party_name(claim, said or ""),
            Text("认证机构只能把自己写作发证机构", "a certification body names only itself as the issuer"),
            Text("由实际发证的机构登记", "let the body that issued it register it"),
        )
    if others and issuer != claim.speaker:
        named = party_name(claim, issuer) if issuer is not None else _in_words(others)
        return Finding(
            "/subject",
            draft.subject.certificate.number,
            Text(
                f"证书登记的发证机构是「{named or '（未写明）'}」",
                f"this certificate is registered as issued by {named or '(nobody named)'}",
            ),
            Text(
                "确由本机构颁发的，请持证企业或市场监管部门先登记本机构为发证机构",
                "if you did issue it, let its holder or a market regulator register you as its issuer first",
            ),
        )
    if not others and said is None:
        return Finding(
            "/body/issued_by",
            "",
            Text("没有写明证书由本机构颁发", "it does not say that you issued this certificate"),
            Text("在 issued_by 写明本机构", "name your own organisation as issued_by"),
        )
    return None


def _against_its_issuer(claim: Claim, draft: drafts.CertificateDraft) -> Finding | None:
    """What a certification body or an authority has said of a certificate, its holder does not unsay."""
    holder = party_id(draft.subject.certificate.holder)
    if claim.speaker != holder or acts_as(claim, REGISTRARS):
        return None
    by_others = [each for each in _other_entries(claim, draft) if each.said_by != holder]
    said, issuer = _issuer_said(draft), issuer_of(by_others)
    if None not in (said, issuer) and said != issuer:
        return Finding(
            "/body/issued_by",
            party_name(claim, said or ""),
            Text(
                f"证书由「{party_name(claim, issuer or '')}」颁发，该机构已登记",
                f"{party_name(claim, issuer or '')} has registered that it issued this certificate",
            ),
            _ASK,
        )
    lifted = _lifted(by_others, draft)
    if lifted is None:
        return None
    return Finding(
        "/body/status",
        draft.body.status,
        Text(
            f"「{party_name(claim, lifted.said_by)}」已登记该证书自 {lifted.valid_from} 起暂停、撤销或注销",
            f"{party_name(claim, lifted.said_by)} has registered that it does not hold from {lifted.valid_from} on",
        ),
        _ASK,
    )


def _lifted(by_others: list[CertificatePeriod], draft: drafts.CertificateDraft) -> CertificatePeriod | None:
    """The entry of somebody else, not taken back by a later one of its kind, that a holder would make valid again."""
    since, until = draft.body.validity.valid_from, draft.body.validity.valid_to
    if draft.body.status != "valid" or not by_others:
        return None
    newest = next((p for p in reversed(by_others) if p.valid_from <= until and since <= p.valid_to), None)
    return newest if newest is not None and newest.status != "valid" else None


def _issuer_said(draft: drafts.CertificateDraft) -> str | None:
    return None if draft.body.issued_by is None else party_id(draft.body.issued_by)


def _other_entries(claim: Claim, draft: drafts.CertificateDraft) -> list[CertificatePeriod]:
    """The entries about the certificate; without that one that is corrected here, which keeps its id."""
    ref, corrected = draft.subject.certificate, claim.state.events.get(draft.id)
    periods = claim.state.certificates[party_id(ref.holder), ref.number]
    return [each for each in periods if corrected is None or each.seq != corrected.seq]


def _in_words(periods: list[CertificatePeriod]) -> str:
    return next((p.issuer for p in reversed(periods) if p.issuer is not None), "")


_ASK = Text(
    "请发证机构或市场监管部门登记", "let the body that issued it, or a market regulator, register this"
)

NOT_ITS_CERTIFICATE = Rule(
    "not-its-certificate", Weight.AUTHORITY,
    Text("不是本机构颁发的证书", "not issued by this body"),
    Text("认证机构只登记、暂停、撤销、恢复自己颁发的证书", "a certification body registers, suspends, withdraws and resumes what it issued"),
    _not_its_certificate,
)  # fmt: skip
AGAINST_ITS_ISSUER = Rule(
    "against-its-issuer", Weight.AUTHORITY,
    Text("与发证机构的登记相反", "against what its issuer registered"),
    Text("暂停、撤销、注销只由发证机构或市场监管部门解除", "only its issuer or a market regulator lifts a suspension or withdrawal"),
    _against_its_issuer,
)  # fmt: skip
