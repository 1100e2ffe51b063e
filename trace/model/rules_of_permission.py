"""Rules about papers: certificates at production, the engineer's admission before use, accreditation of laboratories."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import InputError, Text
from . import drafts
from .certificate_scope import outside
from .claim import Claim, Finding, Rule, Weight
from .indicators import parse_indicator
from .reach import known_batch, region_reached
from .state import scope_on, status_on


def _outside_accreditation(claim: Claim, draft: drafts.TestingDraft) -> Finding | None:
    """Judged only where the accreditation is on record: what is not registered is not known to be missing."""
    laboratory = claim.state.parties.get(claim.speaker)
    if laboratory is None or draft.body.type == "factory" or draft.occurred_on is None:
        return None
    number = draft.body.cma or laboratory.cma
    periods = claim.state.certificates.get((claim.speaker, number or ""), ())
    if number is None or not periods:
        return None
    status = status_on(periods, draft.occurred_on)
    if status != "valid":
        return Finding(
            "/body/cma",
            number,
            Text(f"检测机构资质 {number} 当日状态为「{CERTIFICATE_STATUS[status].zh}」",
                 f"accreditation {number} was {CERTIFICATE_STATUS[status].en} on that day"),
            Text("由资质有效的机构检测", "let an accredited laboratory test it"),
        )  # fmt: skip
    covering = [p for p in periods if p.valid_from <= draft.occurred_on <= p.valid_to][-1]
    covered = {_indicator(name) for name in covering.covers}
    for n, item in enumerate(draft.body.items):
        if covered and _indicator(item.indicator) not in covered:
            return Finding(
                f"/body/items/{n}/indicator",
                item.indicator,
                Text(
                    f"资质 {number} 的能力范围不含该项目",
                    f"accreditation {number} does not cover this indicator",
                ),
                Text("由有相应能力的机构检测", "let a laboratory that is accredited for it test it"),
            )
    return None


def _indicator(name: str) -> str:
    try:
        return parse_indicator(name).name
    except InputError:
        return name


ACCREDITATION = Rule(
    "outside-accreditation", Weight.PERMISSION,
    Text("超出检测资质", "outside the accreditation"),
    Text("检验检测机构在资质认定的能力范围内出具报告（检验检测机构资质认定管理办法）",
         "a laboratory reports within its accreditation (检验检测机构资质认定管理办法)"),
    _outside_accreditation,
)  # fmt: skip


def _certificate_not_valid_at_production(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    product = claim.state.products[claim.speaker, draft.body.product]
    if product is None or draft.occurred_on is None:
        return None
    number = product.certificate
    status = "unknown"
    if number is not None:
        status = status_on(claim.state.certificates[claim.speaker, number], draft.occurred_on)
    if status == "valid":
        return None
    return Finding(
        "/occurred_at",
        str(draft.occurred_on),
        Text(
            f"证书 {number or '（未登记）'} 在生产当日状态为「{CERTIFICATE_STATUS[status].zh}」",
            f"certificate {number or '(none registered)'} was {CERTIFICATE_STATUS[status].en} on the day of production",
        ),
        Text("登记有效证书后再生产", "register a valid certificate before producing"),
    )


def _outside_certificate_scope(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    """Only of a certificate that is valid that day: of any other `certificate-not-valid-at-production` says enough."""
    product = claim.state.products[claim.speaker, draft.body.product]
    if product is None or product.certificate is None or draft.occurred_on is None:
        return None
    periods = claim.state.certificates[claim.speaker, product.certificate]
    if status_on(periods, draft.occurred_on) != "valid":
        return None
    region = region_reached(draft, claim.speaker, claim.state.seat)
    why = outside(scope_on(periods, draft.occurred_on), product.designation, region)
    if why is None:
        return None
    return Finding(
        "/body/product",
        draft.body.product,
        Text(f"证书 {product.certificate}：{why.zh}", f"certificate {product.certificate}: {why.en}"),
        Text(
            "核对产品所用的证书；范围已经扩大的，先登记证书的新范围",
            "check the product's certificate; if its scope was widened, register that first",
        ),
    )


def _use_before_admission(claim: Claim, draft: drafts.UseDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.body.unit is None or draft.occurred_on is None or draft.body.removed:
        return None
    opinion = known[1].opinion_on(draft.body.unit, draft.body.project.id, draft.occurred_on)
    if opinion == "admit":
        return None
    return Finding(
        "/body/unit",
        str(draft.body.unit),
        Text(
            "监理尚未签认，不得使用" if opinion is None else f"监理意见为「{OPINION[opinion].zh}」，不得使用",
            "the supervisor has not admitted this unit"
            if opinion is None
            else f"the supervisor's opinion is: {OPINION[opinion].en}",
        ),
        Text("请监理工程师先签认", "let the supervising engineer sign first"),
    )


OPINION: Mapping[str, Text] = {
    "admit": Text("同意进场", "admit"),
    "reject": Text("不同意进场", "reject"),
    "await-test": Text("待检", "await test"),
}
CERTIFICATE_STATUS: Mapping[str, Text] = {
    "valid": Text("有效", "valid"),
    "suspended": Text("暂停", "suspended"),
    "withdrawn": Text("撤销", "withdrawn"),
    "cancelled": Text("注销", "cancelled"),
    "expired": Text("过期", "expired"),
    "not-yet-valid": Text("尚未生效", "not yet valid"),
    "unknown": Text("未登记", "not registered"),
}
CERTIFICATE = Rule(
    "certificate-not-valid-at-production", Weight.PERMISSION,
    Text("生产当日证书无效", "certificate not valid at production"),
    Text("列入目录的产品须凭有效证书生产（工业产品生产许可证管理条例；强制性产品认证管理规定）",
         "listed products are made under a valid licence or certificate"),
    _certificate_not_valid_at_production,
)  # fmt: skip
SCOPE = Rule(
    "outside-certificate-scope", Weight.PERMISSION,
    Text("产品超出证书范围", "outside the certificate's scope"),
    Text("产品应在证书（许可证）的型号、电压、截面和生产地范围之内",
         "a product lies within the types, voltages, areas and factories of its certificate or licence"),
    _outside_certificate_scope,
)  # fmt: skip
ADMISSION = Rule(
    "use-before-admission", Weight.PERMISSION,
    Text("未经监理签认即使用", "used before admission"),
    Text("未经监理工程师签字不得使用（建设工程质量管理条例第三十七条）",
         "nothing is used before the supervising engineer has signed (建设工程质量管理条例 art. 37)"),
    _use_before_admission,
)  # fmt: skip
