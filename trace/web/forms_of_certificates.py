"""The forms of certificates: a new one, and what became of one (suspended, withdrawn, cancelled, valid again)."""

from __future__ import annotations

from ..errors import Text
from ..model.rules_of_permission import CERTIFICATE_STATUS
from ..queries.certificates import CERTIFICATES
from .blanks import DAY, LINES, MEASURED, NUMBER, PARTY, WHOLE, Blank, Part
from .form_parts import Form, body, only

#: What a certificate covers.
COVERED: tuple[Part, ...] = (
    body("scope/types", "型号范围", "Types covered", LINES, hint=Text("一行一个型号；不写就是没有登记。", "One a line; left out, nothing is registered."), example="YJV\nYJV22"),
    body("scope/voltages", "电压范围", "Voltages covered", LINES, hint=Text("一行一个。", "One a line."), example="0.6/1kV"),
    body("scope/least_area_mm2", "截面起（mm²）", "Areas from (mm²)", MEASURED, example="1.5"),
    body("scope/largest_area_mm2", "截面止（mm²）", "Areas to (mm²)", MEASURED, example="240"),
    body("scope/most_cores", "最多芯数", "Most cores", WHOLE, example="5"),
    body("scope/factories", "生产地", "Factories in", LINES, hint=Text("一行一个 6 位地区代码。", "One a line: six-digit codes of regions."), example="411603"),
)  # fmt: skip

NEW_CERTIFICATE = Form(
    title=Text("登记证书", "Register a certificate"),
    intro=Text(
        "登记本机构颁发的证书。登记之后，按此证书生产的批次和有关预警在工作台上看得到。",
        "A certificate that your organisation issued. From then on you find the batches made under it, and their alerts.",
    ),
    parts=(
        Blank(
            at="subject/certificate/holder", label=Text("持证企业", "Holder"), way=PARTY, required=True,
            hint=Text("登记的全名，或统一社会信用代码。", "Full name as registered, or credit code."),
        ),
        Blank(
            at="subject/certificate/number", label=Text("证书编号", "Certificate"), way=NUMBER, required=True,
            example="2026010105123456",
        ),
        body("type", "种类", "Kind", only(CERTIFICATES, "ccc", "licence"), required=True),
        body("validity/valid_from", "有效期起", "Valid from", DAY, required=True),
        body("validity/valid_to", "有效期止", "Valid to", DAY, required=True),
        *COVERED,
    ),
    button=Text("登记证书", "Register it"),
)  # fmt: skip

STATUS_OF_CERTIFICATE = Form(
    title=Text("暂停、撤销、注销或恢复", "Suspend, withdraw, cancel or resume"),
    intro=Text(
        "从起日到止日，证书是所选的状态；后登记的为准，以前的各条都留在账本上。",
        "From the first day to the last the certificate stands as chosen; the newest entry holds, and all earlier ones stay.",
    ),
    parts=(
        body(
            "status", "状态", "State", only(CERTIFICATE_STATUS, "suspended", "withdrawn", "cancelled", "valid"),
            required=True, hint=Text("恢复就选「有效」。", "To resume it, choose “valid”."),
        ),
        body("validity/valid_from", "自", "From", DAY, required=True),
        body("validity/valid_to", "至", "To", DAY, required=True),
    ),
)  # fmt: skip
