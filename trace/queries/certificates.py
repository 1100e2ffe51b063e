"""How a certificate stood on the day of production, and how it stands today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..codes.certificate_number import CertificateKind
from ..errors import InputError, Text
from ..model.certificate_scope import CertificateScope, outside
from ..model.designation import parse_designation
from ..model.rules_of_permission import CERTIFICATE_STATUS
from ..model.state import CertificatePeriod, issuer_of, scope_on, status_on
from .answers import Standing, State

_STATES: dict[str, State] = {"valid": "fine", "suspended": "attention", "expired": "attention"}


#: What kinds of certificate there are: of products, and of those who test them.
CERTIFICATES: Mapping[str, Text] = {
    **{kind.value: kind.text for kind in CertificateKind},
    "cma": Text("检验检测机构资质认定", "laboratory accreditation"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCard:
    """A certificate as registered by its holder's number; the kind is None where nobody registered it.

    ``at_production`` is None where there is no day of production to judge, as on a certificate's own page.
    ``valid_to`` is the end of the period that covers today, else of the last one registered, and ``scope`` what it covers.
    ``issued_by``: the id of the registered organisation that issued it, ``issuer`` the name that was written of another one.
    ``outside``: why the cable that is asked about lies outside the scope of the day of its production (the place of
    production is judged with the production alone).
    """

    number: str
    holder: str
    kind: Text | None
    produced_on: date | None
    at_production: Standing | None
    today: Standing
    valid_from: date | None
    valid_to: date | None
    scope: CertificateScope | None = None
    outside: Text | None = None
    issued_by: str | None = None
    issuer: str | None = None


def certificate_card(
    number: str,
    holder: str,
    periods: Sequence[CertificatePeriod],
    produced_on: date | None,
    today: date,
    designation: str = "",
) -> CertificateCard:
    """``designation``: of the cable that is asked about, as printed."""
    current = next((p for p in reversed(periods) if p.valid_from <= today <= p.valid_to), None)
    period = current or (periods[-1] if periods else None)
    return CertificateCard(
        number=number,
        holder=holder,
        kind=None if period is None else CERTIFICATES[period.type],
        produced_on=produced_on,
        at_production=None if produced_on is None else standing_on(periods, produced_on),
        today=standing_on(periods, today),
        valid_from=None if period is None else period.valid_from,
        valid_to=None if period is None else period.valid_to,
        scope=None if period is None else period.scope,
        outside=_outside(periods, produced_on or today, designation),
        issued_by=issuer_of(periods),
        issuer=next((each.issuer for each in reversed(periods) if each.issuer is not None), None),
    )


def _outside(periods: Sequence[CertificatePeriod], day: date, designation: str) -> Text | None:
    scope = scope_on(periods, day)
    if scope is None or not designation:
        return None
    try:
        return outside(scope, parse_designation(designation))
    except InputError:
        return None  # printed before the reader knew such a cable, or as it does no longer


def standing_on(periods: Sequence[CertificatePeriod], day: date) -> Standing:
    """The status on one day (Asia/Shanghai) with its word. Not registered is unknown, which accuses nobody."""
    status = status_on(periods, day)
    state: State = "unknown" if status == "unknown" else _STATES.get(status, "stop")
    return Standing(state, CERTIFICATE_STATUS[status])
