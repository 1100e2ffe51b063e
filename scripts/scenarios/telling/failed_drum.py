"""How the story of a case begins: eight drums go to four places, of one nobody records the receipt, and that one fails a test.
None of them exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cabletrace.auth.policy import Role

from .district import MAKER, PROJECT, SITE
from .stage import Part
from .story import Story, on

OFFICE, COUNTY, ABROAD, DEALER, FAR_DEALER, OWNER, LAB = (
    f"00000000-0000-4000-8000-00000000020{n}" for n in range(7)
)
PARTS = {
    "maker": Part("周口市禾泽示范电缆有限公司", MAKER, Role.MANUFACTURER, "411603"),
    "dealer": Part("周口市例示电缆经营部", DEALER, Role.DISTRIBUTOR, "411602"),
    "far-dealer": Part("阜阳市例示线缆商行", FAR_DEALER, Role.DISTRIBUTOR, "341202"),
    "site": Part("太康县模拟示范建设工程有限公司", SITE, Role.CONTRACTOR, "411627"),
    "owner": Part("太康县示范供电公司", OWNER, Role.KEY_USER, "411627"),
    "lab": Part("周口市示范质量检验中心", LAB, Role.LABORATORY, "411602"),
    "office": Part("周口市示范市场监督管理局", OFFICE, Role.REGULATOR, "411600"),
    "county": Part("太康县示范市场监督管理局", COUNTY, Role.REGULATOR, "411627", part_of=OFFICE),
    "abroad": Part("阜阳市示范市场监督管理局", ABROAD, Role.REGULATOR, "341200"),
}
BATCH = {"batch": {"maker": MAKER, "lot": "HZ-CASE-1"}}
#: Who acts for the office. Nobody here exists.
OFFICERS = [{"role": "officer", "name": "执法甲"}, {"role": "officer", "name": "执法乙"}]
DRUM_MM = 500_000


def about(kind: str, day: str, body: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": kind, "subject": BATCH, "body": dict(body), **on(day), **more}


def tell_of_goods(story: Story) -> str:
    """Eight drums: three to the dealer, two to the site, two abroad, one stays; one receipt is never recorded. The failed report."""
    story.say("maker", "生产 8 盘，每盘 500 m", about("production", "2026-04-01", {
        "product": "P01", "length_mm": 8 * DRUM_MM, "units": [{"first": 1, "last": 8, "length_mm": DRUM_MM}],
    }))  # fmt: skip
    for to, region, units, note in (
        (DEALER, "411602", [1, 3], "FH-1"), (SITE, "411627", [4, 5], "FH-2"), (FAR_DEALER, "341202", [6, 7], "FH-3"),
    ):  # fmt: skip
        story.say("maker", f"{units[0]}–{units[1]} 号盘发往 {region}", about("dispatch", "2026-04-03", {
            "to": to, "region": region, "units": [units], "delivery_note": note, "price_fen_per_metre": 31_500,
        }))  # fmt: skip
    story.say("dealer", "收到 1、2 号盘；3 号盘没有人记收货", about(
        "receipt", "2026-04-05", {"units": [[1, 2]], "sender": MAKER},
    ))  # fmt: skip
    story.say("site", "收到 4、5 号盘", about(
        "receipt", "2026-04-05", {"units": [[4, 5]], "sender": MAKER, "project": PROJECT},
    ))  # fmt: skip
    story.say(
        "far-dealer", "收到 6、7 号盘", about("receipt", "2026-04-06", {"units": [[6, 7]], "sender": MAKER})
    )
    story.ids["sampling"] = story.say("office", "监督抽样：从 3 号盘截取 3 m，封样", about(
        "sampling", "2026-04-20",
        {"type": "supervision", "number": "CY-2026-1", "unit": 3, "length_mm": 3_000, "seal": "FT-1"},
        by=[{"role": "sampler", "name": "抽样甲"}, {"role": "sampler", "name": "抽样乙"}],
        place={"region": "411602", "type": "shop"},
    ))  # fmt: skip
    core = {"indicator": "导体电阻", "unit": "Ω/km", "value": "0.241", "core": "主线芯", "declared": "fail"}
    return story.say("lab", "检测：导体电阻 0.241 Ω/km，不合格", about(
        "testing", "2026-05-06",
        {"type": "supervision", "report": "JC-2026-1", "sampled_unit": 3, "items": [core], "conclusion": "fail", "sampling": "CY-2026-1"},
    ))  # fmt: skip
