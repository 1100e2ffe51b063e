"""What happens beside the coded drums: inspections, goods without a code, a workshop without a licence, hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ...codes.regions import region
from ...model.values import business_id
from .companies import Cast, Company
from .places import COUNTIES
from .telling import Said, Stage, Story, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncoded:
    """Goods without a code, and the batch that they turned out to be; ``workshop`` is a party without a credit code."""

    goods: str
    batch: Mapping[str, str]
    region: str
    workshop: str


def street_of(
    cast: Cast, maker: Company, lot: str, day: date, chance: Random, key: tuple[str, ...]
) -> tuple[list[Said], Uncoded]:
    """A month in the street of this maker; ``lot`` is one of its own of that month."""
    at = chance.choice(COUNTIES)
    authority, shop = cast.authority(at), chance.choice(cast.home_shops())
    goods, workshop = (business_id("city", *key, each) for each in ("goods", "workshop"))
    story = Story((*key, "street"), {"goods": goods})
    market = {"region": at, "type": "rural-market"}
    if maker.region in COUNTIES:
        checked = {
            "type": "routine", "number": f"检〔2025〕{lot}-1号", "result": "no-problem",
            "checklist": [{"item": "原材料进货检验", "result": "pass"}, {"item": "出厂检验", "result": "pass"}],
        }  # fmt: skip
        home = cast.authority(maker.region)
        place = {"region": maker.region, "type": "factory"}
        story.say(Stage.AFTER, home, "inspection", day, checked, subject={"party": named(maker)}, place=place)
    rectify = {
        "type": "unannounced", "number": f"检〔2025〕{lot}-2号", "result": "rectify", "findings": "进货台账不全",
        "checklist": [{"item": "进货查验记录", "result": "fail"}], "due": str(day + timedelta(days=30)),
    }  # fmt: skip
    place = {"region": shop.region, "type": "shop"}
    story.say(
        Stage.AFTER,
        cast.authority(shop.region),
        "inspection",
        day,
        rectify,
        subject={"party": named(shop)},
        place=place,
    )
    name = f"{region(at).name}某无名线缆作坊"
    body = {"name": f"{name}（{lot}）", "roles": ["manufacturer"], "region": at}
    story.say(Stage.AFTER, authority, "party", None, body, subject={"party": workshop})
    found = {
        "type": "complaint", "number": f"检〔2025〕{lot}-3号", "result": "case", "findings": "无追溯码，无厂名厂址",
        "goods": {
            "marks": "BV 2.5 国标（无厂名）", "nominal_maker": name, "designation": "BV 2.5", "quantity": "约 12 卷",
            "length_mm": 1_200_000, "holder": workshop,
        },
    }  # fmt: skip
    story.say(Stage.AFTER, authority, "inspection", day, found, place=market)
    sampled = {"type": "supervision", "number": f"CY-{lot}-W", "length_mm": 50_000}
    story.say(Stage.AFTER, authority, "sampling", day, sampled, place=market)
    tried = {
        "type": "quick", "report": f"KS-{lot}-W",
        "items": [{"indicator": "导体电阻", "value": "9.85", "unit": "Ω/km", "temperature_celsius": "20", "declared": "fail"}],
    }  # fmt: skip
    story.say(Stage.AFTER, authority, "testing", day, tried, place=market)
    hint = {"text": "有人在集市卖没有厂名的电线", "against": workshop}
    story.say(Stage.AFTER, authority, "report", day, hint, place=market)
    taken = {"action": "register", "number": f"登〔2025〕{lot}号", "reason": "涉嫌无证生产"}
    story.say(Stage.AFTER, authority, "measure", day, taken, place=market)
    batch = {"maker": named(maker), "lot": lot}
    if maker.region in COUNTIES:
        known = {"batch": batch, "ground": "印字与该批次一致，经生产企业辨认"}
        story.say(Stage.AFTER, cast.city_authority, "alias", None, known)
    return story.said, Uncoded(goods=goods, batch=batch, region=at, workshop=workshop)
