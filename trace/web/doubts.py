"""What stands already where something new is about to be recorded: it is shown, and the person says whether it is meant.

A doubt is no rule: a program says on purpose what it says, and a person at a form may not know what stands. Those that look read one
snapshot and decide nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..errors import Problem, Text
from ..ledger import store
from ..model.quantities import show_metres
from ..queries.batch import BatchPage
from ..queries.cases import lead_list
from ..queries.names import names_of
from ..queries.notices import reply_on_record
from ..queries.orders import PartnersOrder, order_by_partner
from ..queries.registry import certificate_page
from ..queries.samples import sampled_above
from .views import Doubt, Link

#: The box by which a person says that what raises a doubt is meant.
MEANT = "meant"


def is_on_record(tx: Connection, id_: str) -> bool:
    """Whether this very form was recorded already: what it said stands because it said so."""
    return bool(store.read_seqs_by_id(tx, [id_]))


def lead_there(tx: Connection, actor: Actor, origin: str, today: date) -> Doubt | None:
    """A lead of the reader's authority that came from the same event."""
    rows = lead_list(tx, actor, today=today, origin=origin, limit=1).rows if origin else ()
    if not rows:
        return None
    there = rows[0]
    return Doubt(
        problem=Problem(
            "wrong-input",
            Text("这条记录已经登记过线索", "a lead was recorded from this record already"),
            remedy=Text(
                "在原线索上继续；确实另有线索的，勾选页末的选项",
                "go on with that one; if this is another, tick the box below",
            ),
        ),
        meant=Text("这是另一条线索", "This is another lead"),
        there=Link(f"/leads/{there.id}", Text(there.number, there.number)),
    )


def certificate_there(tx: Connection, actor: Actor, draft: Mapping[str, Any], today: date) -> Doubt | None:
    """A certificate that is entered as a new one, and is registered."""
    said = draft["subject"]["certificate"]
    found = certificate_page(tx, actor, said["holder"], said["number"], today=today)
    if found is None:
        return None
    row = found.certificate
    card, standing = row.card, row.card.today.word
    issuer = row.issuer_name or card.issuer or ""
    by_zh, by_en = (f"，{issuer}颁发", f", issued by {issuer}") if issuer else ("", "")
    return Doubt(
        problem=Problem(
            "wrong-input",
            Text(
                f"这张证书已经登记：{card.valid_from} 至 {card.valid_to}，{standing.zh}{by_zh}",
                f"this certificate is registered already: {card.valid_from} to {card.valid_to}, {standing.en}{by_en}",
            ),
            where="/subject/certificate/number",
            came=card.number,
            remedy=Text(
                "要暂停、撤销、注销或恢复，请打开它的页面；若是这张证书的新一期，请在下面勾选",
                "to suspend, withdraw, cancel or resume it open its page; if this is a new period of it, tick the box below",
            ),
        ),
        meant=Text("是这张证书新的一期有效期", "A new period of the certificate"),
        there=Link(
            f"/parties/{card.holder}/certificates/{quote(card.number, safe='')}",
            Text(f"已登记的证书 {card.number}", f"the registered certificate {card.number}"),
        ),
    )


def sampled_already(tx: Connection, actor: Actor, batch: BatchPage, said: Mapping[str, Any]) -> Doubt | None:
    """A product of the maker that a higher level has sampled within half a year and found conforming: the earlier sampling is named
    as far as it is open to the reader."""
    body, day = said.get("body", {}), str(said.get("occurred_at", ""))[:10]
    if body.get("type") != "supervision" or not body.get("level") or not day:
        return None
    there, known = sampled_above(
        tx,
        actor,
        maker=batch.maker,
        product=batch.designation,
        level=body["level"],
        on=date.fromisoformat(day),
    )
    if not there:
        return None
    number = "" if known is None else f"（{known.number}，{known.sampled_on}）"
    return Doubt(
        problem=Problem(
            "wrong-input",
            Text(
                f"上级半年内抽查过该企业的这一产品，结果合格已生效{number}：不得重复抽查（产品质量法第十五条）",
                f"a higher level has sampled this product of the maker within half a year and found it conforming{number}: it is not to be "
                "sampled again (产品质量法 art. 15)",
            ),
            where="/body/level",
            came=body["level"],
            remedy=Text(
                "有投诉、案件等其他依据的，在下面勾选并照实登记",
                "where there is another ground, such as a complaint or a case, tick the box below",
            ),
        ),
        meant=Text("有其他依据，仍要登记", "There is another ground"),
        there=Link("/samples?state=final", Text("已生效的样品", "samples whose result is final"))
        if known is None
        else Link(f"/samples/{known.event}", Text(known.number, known.number)),
    )


def order_there(tx: Connection, own: str, partner: str, number: str, where: str) -> Doubt | None:
    """An order that the partner has entered with the own party under the same number."""
    found = order_by_partner(tx, own, partner, number)
    return None if found is None else entered_by(names_of(tx, [partner]).party(partner), found, number, where)


def entered_by(name: str, found: PartnersOrder, number: str, where: str) -> Doubt:
    """That a partner of this name has entered the order."""
    metres = show_metres(found.ordered_mm)
    return Doubt(
        problem=Problem(
            "wrong-input",
            Text(
                f"{name}已经登记过这个编号的订单：{found.lines} 行，共 {metres} m",
                f"{name} has entered an order of this number: {found.lines} lines, {metres} m in all",
            ),
            where=where,
            came=number,
            remedy=Text(
                "一份订单由一方登记一次即可，两方都登记会算两次；若是另一份订单，请在下面勾选",
                "one of the two parties enters an order once, else it counts twice; if this is another order, tick the box below",
            ),
        ),
        meant=Text("是另一份订单，只是编号相同", "Another order, which has the same number"),
        there=Link(
            f"/orders?{urlencode({'q': number})}",
            Text(f"对方登记的订单 {number}", f"the partner's order {number}"),
        ),
    )


def reply_there(tx: Connection, actor: Actor, subject: Mapping[str, Any]) -> Doubt | None:
    """A reply to a notice that the own party has answered. Complaints are answered again as they go on."""
    event = None if subject["kind"] != "notice" else reply_on_record(tx, actor, subject["event"])
    return None if event is None else answered_by(event)


def answered_by(event: str) -> Doubt:
    """That the own party has answered by this event."""
    return Doubt(
        problem=Problem(
            "wrong-input",
            Text("本单位已经反馈过这份通报", "your party has answered this notice already"),
            remedy=Text(
                "要改已反馈的，请打开它更正；若是补充反馈，请在下面勾选",
                "to change that answer open it and correct it; if this one adds to it, tick the box below",
            ),
        ),
        meant=Text("是又一次反馈", "A further answer"),
        there=Link(f"/events/{event}", Text("已有的反馈", "the answer that stands")),
    )
