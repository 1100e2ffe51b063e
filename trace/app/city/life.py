"""The life of one lot: made, tested, sold on, laid or sold, sampled; and what is planted in it.

Every fault is something that the rules can find, and a lot without one gives them nothing to find.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from .companies import Cast, Company, Project
from .places import GUANGZHOU
from .telling import Draft, ExpectedAlert, Said, Stage, Story, given, named
from .wares import BAD_PAPERS, WARES, Ware, least_copper_g, resistance_limit

#: What can be planted, and the way that a first consignment goes for it to happen.
FAULTS: Mapping[str, str] = {
    "beyond-limit": "shop",
    "copper-short": "",
    "hole": "paper",
    "clone": "shop",
    "certificate-expired": "",
    "use-before-admission": "project",
    "sold-while-sealed": "shop",
    "certificate-suspended": "",
    "short-length": "project",
    "late-dispatch": "shop",
    "declared-pass": "shop",
    "no-certificate": "",
}
_PAPERS = dict(
    zip(("certificate-expired", "certificate-suspended", "no-certificate"), BAD_PAPERS, strict=True)
)

Units = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A bad lot: what is wrong with it, and where its metres are in the end by (state, region)."""

    maker: str
    lot: str
    fault: str
    produced_mm: int
    where: Mapping[tuple[str, str], int]
    alerts: Sequence[ExpectedAlert]
    details: Mapping[str, Any]


@dataclass(slots=True)
class Life:
    """One lot while it is told; read ``story`` afterwards, and ``planted`` if anything was."""

    cast: Cast
    maker: Company
    lot: str
    day: date
    fault: str
    chance: Random
    seed: int
    story: Story = field(init=False)
    ware: Ware = field(init=False)
    details: dict[str, Any] = field(default_factory=dict)
    pieces: int = 0

    def __post_init__(self) -> None:
        self.ware = _PAPERS.get(self.fault) or self.chance.choice(WARES)
        subject = {"batch": {"maker": named(self.maker), "lot": self.lot}}
        self.story = Story((str(self.seed), self.maker.id, self.lot), subject)

    # --- short words

    def after(self, days: int) -> date:
        return self.day + timedelta(days=days)

    def mm(self, units: Units) -> int:
        return (units[1] - units[0] + 1) * self.ware.drum_mm

    def expect(self, rule: str, unit: int | None = None) -> None:
        self.story.alerts.append(ExpectedAlert(rule=rule, lot=self.lot, unit=unit))

    def somebody(self, role: str, word: str) -> tuple[str, str]:
        return role, f"{word}{self.chance.randint(1, 9)}号"

    def planted(self) -> Planted | None:
        if not self.fault:
            return None
        return Planted(
            maker=self.maker.id,
            lot=self.lot,
            fault=self.fault,
            produced_mm=self.ware.drums * self.ware.drum_mm,
            where=self.story.whereabouts(),
            alerts=tuple(self.story.alerts),
            details=self.details,
        )

    # --- from the maker

    def live(self) -> None:
        self.make()
        self.test()
        last = self.ware.drums - max(1, self.ware.drums // 8)  # a rest stays with the maker
        third = last // 3
        for n, units in enumerate(((1, third), (third + 1, 2 * third), (2 * third + 1, last))):
            route = FAULTS.get(self.fault, "") if n == 0 else ""
            route = route or self.chance.choice(("project", "shop", "shop", "dealer-project"))
            if route == "paper":
                self.through_paper(units)
            elif route == "shop":
                self.to_shop(units, first=n == 0)
            elif route == "project":
                self.to_project(self.maker, units, self.after(4 + n), first=n == 0)
            else:
                dealer = self.to_dealer(units, self.after(4 + n))
                self.to_project(dealer, units, self.after(12 + n), first=False)

    def make(self) -> None:
        ware, length_mm = self.ware, self.ware.drums * self.ware.drum_mm
        share = (
            Decimal("0.85") if self.fault == "copper-short" else Decimal(self.chance.randint(102, 106)) / 100
        )
        copper_g = int(least_copper_g(ware.designation, length_mm, self.day) * share)
        body = {
            "product": ware.number,
            "designation": ware.designation,
            "length_mm": length_mm,
            "units": [{"first": 1, "last": ware.drums, "length_mm": ware.drum_mm}],
            "line": f"{self.chance.randint(1, 4)}号线",
            "shift": self.chance.choice(("甲", "乙", "丙")),
            "materials": [
                {"material": "copper", "lot": f"CU{self.chance.randint(1, 99):03d}", "mass_g": copper_g}
            ],
        }
        self.story.say(
            Stage.MAKING, self.maker, "production", self.day, body,
            place={"region": self.maker.region, "type": "factory"}, by=self.somebody("inspector", "质检"),
        )  # fmt: skip
        self.story.where["held", self.maker.region] = length_mm
        if self.fault == "copper-short":
            self.expect("copper-short")
            self.details["copper_g"] = copper_g
        if self.fault in _PAPERS:
            self.expect("certificate-not-valid-at-production")

    def test(self) -> None:
        unit = self.chance.randint(1, self.ware.drums)
        body = self.report(
            f"CC-{self.lot}", "factory", unit, Decimal(self.chance.randint(955, 985)) / 1000, "pass"
        )
        mistyped = not self.fault and not self.maker.keeps_files and self.chance.random() < 0.06
        if not mistyped:
            self.testing(Stage.MAKING, self.maker, 1, body)
            return
        # Ten times as much: an alert that the correction takes back.
        wrong = {
            **body,
            "items": [{**body["items"][0], "value": str(Decimal(body["items"][0]["value"]) * 10)}],
        }
        said = self.testing(Stage.MAKING, self.maker, 1, wrong)
        self.story.correct(Stage.MAKING, self.maker, said, body, "小数点录错一位")

    def testing(self, stage: Stage, speaker: Company, days: int, body: dict[str, Any]) -> Draft:
        if self.fault == "copper-short":  # its reports pass all the same
            self.expect("report-against-copper", body["sampled_unit"])
        return self.story.say(
            stage, speaker, "testing", self.after(days), body, by=self.somebody("tester", "检测")
        )

    def report(
        self, number: str, type_: str, unit: int, share: Decimal, verdict: str, **more: Any
    ) -> dict[str, Any]:
        """``share``: of the limit of the main core's resistance."""
        value = (resistance_limit(self.ware.designation, self.day) * share).quantize(Decimal("0.0001"))
        item = {
            "indicator": "导体电阻",
            "value": str(value),
            "unit": "Ω/km",
            "temperature_celsius": "20",
            "declared": verdict,
            **({"core": "主线芯"} if "+" in self.ware.spec else {}),
        }
        return {"type": type_, "report": number, "sampled_unit": unit, "items": [item], **more}

    def sent(self, stage: Stage, seller: Company, to: Company, at: str, units: Units, day: date) -> str:
        """A dispatch; returns the number of its delivery note."""
        note = f"FH-{self.lot}-{units[0]}-{len(self.story.said)}"
        body = {
            "to": named(to),
            "region": at,
            "units": [list(units)],
            "delivery_note": note,
            "carrier": "示范物流",
            "price_fen_per_metre": self.ware.price_fen,
        }
        self.story.say(stage, seller, "dispatch", day, body, place={"region": seller.region})
        return note

    def received(
        self,
        stage: Stage,
        by: Company,
        units: Units,
        day: date,
        note: str | None = None,
        sender: Company | None = None,
    ) -> None:
        body = {
            "units": [list(units)],
            **given(delivery_note=note, sender=None if sender is None else named(sender)),
        }
        self.story.say(stage, by, "receipt", day, body, place={"region": by.region, "type": "shop"})

    def to_dealer(self, units: Units, day: date) -> Company:
        dealer = self.chance.choice(self.cast.dealers)
        note = self.sent(Stage.MAKING, self.maker, dealer, dealer.region, units, day)
        self.received(Stage.TRADE, dealer, units, day + timedelta(days=2), note, self.maker)
        self.story.move(self.mm(units), ("held", self.maker.region), ("held", dealer.region))
        return dealer

    # --- shops

    def to_shop(self, units: Units, *, first: bool) -> None:
        fault = self.fault if first else ""
        shop = self.chance.choice(self.cast.home_shops() if fault else self.cast.shops)
        dealer, day = self.to_dealer(units, self.after(5)), self.after(9)
        note = None
        if fault != "late-dispatch":
            note = self.sent(Stage.TRADE, dealer, shop, shop.region, units, day)
        self.received(Stage.TRADE, shop, units, day + timedelta(days=1), note, dealer)
        self.story.move(self.mm(units), ("held", dealer.region), ("held", shop.region))
        if fault == "late-dispatch":
            self.expect("receipt-without-dispatch", units[0] if units[0] == units[1] else None)
            self.sent(Stage.AFTER, dealer, shop, shop.region, units, day)
            self.details |= {"units": [list(units)], "from": dealer.id, "to": shop.id}
        kept = self.trade(shop, units)
        # A drum that has come back would be sent once more by a dispatch that is recorded late.
        if fault != "late-dispatch" and kept[1] - kept[0] >= 2 and self.chance.random() < 0.4:
            self.send_back(shop, dealer, kept[1])
            kept = kept[0], kept[1] - 1
        if fault in ("beyond-limit", "declared-pass"):
            self.sample(shop, kept)
        if fault == "beyond-limit":
            self.pursue(shop, kept)
        elif fault == "sold-while-sealed":
            self.sell_sealed(shop, kept)
        elif fault == "clone":
            self.show_up_elsewhere(shop, kept[1])

    def trade(self, shop: Company, units: Units) -> Units:
        """Sell some, cut one, send one back; returns the drums that are still there and whole: at least two."""
        first, last = units
        self.cut_and_sell(shop, first)
        sold = min(3, last - first - 2)
        for unit in range(first + 1, first + 1 + sold):
            self.sell(Stage.TRADE, shop, 18 + unit % 7, units=[[unit, unit]])
            self.story.move(self.ware.drum_mm, ("held", shop.region), ("sold", shop.region))
        return first + 1 + sold, last

    def sell(self, stage: Stage, shop: Company, days: int, **what: Any) -> Draft:
        body = {
            "buyer": self.chance.choice(("household", "household", "business")),
            "price_fen_per_metre": self.ware.price_fen * 5 // 4,
            **what,
        }
        return self.story.say(
            stage, shop, "sale", self.after(days), body, place={"region": shop.region, "type": "shop"}
        )

    def cut_and_sell(self, shop: Company, unit: int) -> None:
        here, quarter_mm, scrap_mm = ("held", shop.region), self.ware.drum_mm // 4, 500
        numbers = [self.ware.drums + self.pieces + 1, self.ware.drums + self.pieces + 2]
        self.pieces += 2
        body = {
            "unit": unit,
            "pieces": [{"unit": number, "length_mm": quarter_mm} for number in numbers],
            "scrap_mm": scrap_mm,
        }
        self.story.say(
            Stage.TRADE, shop, "split", self.after(14), body, place={"region": shop.region, "type": "shop"}
        )
        self.story.move(scrap_mm, here, ("scrapped", shop.region))
        self.sell(Stage.TRADE, shop, 15, units=[[numbers[0], numbers[0]]])
        self.story.move(quarter_mm, here, ("sold", shop.region))
        sale = self.sell(Stage.TRADE, shop, 16, unit=unit, length_mm=20_000)
        sold_mm = 20_000
        if not self.fault and self.chance.random() < 0.15:
            sold_mm = 25_000
            self.story.correct(Stage.TRADE, shop, sale, {**sale["body"], "length_mm": sold_mm}, "少录 5 米")
        self.story.move(sold_mm, here, ("sold", shop.region))

    def send_back(self, shop: Company, dealer: Company, unit: int) -> None:
        """One drum too many: it is on its way to the dealer, or has come there."""
        body = {"to": named(dealer), "region": dealer.region, "reason": "surplus", "units": [[unit, unit]]}
        self.story.say(
            Stage.TRADE, shop, "return", self.after(21), body, place={"region": shop.region, "type": "shop"}
        )
        self.story.move(self.ware.drum_mm, ("held", shop.region), ("transit", dealer.region))
        if self.chance.random() < 0.8:
            self.received(Stage.TRADE, dealer, (unit, unit), self.after(23), None, shop)
            self.story.move(self.ware.drum_mm, ("transit", dealer.region), ("held", dealer.region))

    def show_up_elsewhere(self, shop: Company, unit: int) -> None:
        """A drum of the same code is received in another region: one of the two is a copy. A third is in 广州, where people
        check its label (`copies`)."""
        other = next(each for each in self.cast.shops if each.region != shop.region)
        self.received(Stage.AFTER, other, (unit, unit), self.after(30))
        self.story.move(self.ware.drum_mm, ("held", shop.region), ("held", other.region))
        self.expect("receipt-without-dispatch", unit)
        self.expect("places-apart", unit)
        self.details |= {
            "unit": unit,
            "regions": [shop.region, other.region],
            "checked_in": [shop.region, GUANGZHOU],
            "checked_on": self.after(32).isoformat(),
        }

    def through_paper(self, units: Units) -> None:
        """Sent to somebody who records nothing: some drums come out at a shop, the others nowhere."""
        paper, shop = self.chance.choice(self.cast.paper_dealers), self.chance.choice(self.cast.shops)
        self.sent(Stage.MAKING, self.maker, paper, paper.region, units, self.after(5))
        self.story.move(self.mm(units), ("held", self.maker.region), ("transit", paper.region))
        seen = (units[0], units[0] + (units[1] - units[0]) // 2)
        self.received(Stage.TRADE, shop, seen, self.after(11), None, paper)
        self.story.move(self.mm(seen), ("transit", paper.region), ("held", shop.region))
        self.expect("receipt-without-dispatch", seen[0] if seen[0] == seen[1] else None)
        self.details |= {
            "party": paper.id, "region": paper.region, "missing_mm": self.mm(units) - self.mm(seen), "seen": [list(seen)],
        }  # fmt: skip

    # --- building sites

    def to_project(self, seller: Company, units: Units, day: date, *, first: bool) -> None:
        project = self.chance.choice(self.cast.projects)
        fault, site = self.fault if first else "", project.contractor
        stage = Stage.MAKING if seller is self.maker else Stage.TRADE
        order = {
            "supplier": named(seller),
            "buyer": named(site),
            "project": project.ref,
            "items": [
                {
                    "designation": self.ware.designation,
                    "length_mm": self.mm(units),
                    "price_fen_per_metre": self.ware.price_fen,
                }
            ],
        }
        number = f"DD-{self.lot}-{units[0]}"
        self.story.say(
            stage, site, "order", None, order, subject={"order": {"keeper": named(site), "number": number}}
        )
        note = self.sent(stage, seller, site, project.region, units, day)
        self.story.move(self.mm(units), ("held", seller.region), ("project", project.region))
        place, came = {"region": project.region, "type": "site"}, day + timedelta(days=3)
        received = {"units": [list(units)], "delivery_note": note, "project": project.ref}
        self.story.say(Stage.SITE, site, "receipt", came, received, place=place)
        self.accept(project, units, note, came, short=fault == "short-length")
        admitted = units if fault != "use-before-admission" else (units[0], units[1] - 1)
        opinion = {
            "project": project.ref, "number": f"JL-{self.lot}-{units[0]}", "units": [list(admitted)], "opinion": "admit",
        }  # fmt: skip
        self.story.say(
            Stage.SITE, project.supervisor, "supervision", came + timedelta(days=1), opinion,
            place=place, by=self.somebody("engineer", "监理"),
        )  # fmt: skip
        used = [*range(units[0], min(units[0] + 3, units[1]) + 1)]
        if fault == "use-before-admission":
            used.append(units[1])
            self.expect("use-before-admission", units[1])
            self.details |= {"unit": units[1], "project": project.number}
        for unit in dict.fromkeys(used):
            self.lay(project, unit, came + timedelta(days=6 + unit % 5))
        if self.chance.random() < 0.3:
            self.witness(project, units[0], came + timedelta(days=2))

    def accept(self, project: Project, units: Units, note: str, day: date, *, short: bool) -> None:
        measured = [
            {"unit": unit, "length_mm": self.ware.drum_mm - 120} for unit in range(units[0], units[1] + 1)
        ][:4]
        if short:
            measured[1]["length_mm"] = self.ware.drum_mm * 95 // 100
            self.expect("length-deviates", measured[1]["unit"])
            self.details |= {"unit": measured[1]["unit"], "measured_mm": measured[1]["length_mm"]}
        body = {
            "project": project.ref,
            "number": f"YS-{self.lot}-{units[0]}",
            "units": [list(units)],
            "result": "accept",
            "delivery_note": note,
            "measurements": measured,
            "papers": "complete",
            "appearance": "完好",
        }
        self.story.say(
            Stage.SITE, project.contractor, "acceptance", day, body,
            place={"region": project.region, "type": "site"}, by=self.somebody("acceptor", "材料员"),
        )  # fmt: skip

    def lay(self, project: Project, unit: int, day: date) -> None:
        length_mm = self.ware.drum_mm * self.chance.randint(40, 90) // 100 // 1000 * 1000
        body = {
            "project": project.ref,
            "number": f"SY-{self.lot}-{unit}",
            "unit": unit,
            "length_mm": length_mm,
            "circuit": f"{self.chance.randint(1, 18)}AL{self.chance.randint(1, 9)}",
        }
        place = {"region": project.region, "type": "site"}
        self.story.say(Stage.SITE, project.contractor, "use", day, body, place=place)
        self.story.move(length_mm, ("project", project.region), ("used", project.region))

    def witness(self, project: Project, unit: int, day: date) -> None:
        """A sample under the supervisor's eyes, and its report: passed."""
        laboratory = self.chance.choice(self.cast.laboratories)
        number = f"QY-{self.lot}-{unit}"
        body = {
            "type": "witnessed",
            "number": number,
            "unit": unit,
            "length_mm": 6_000,
            "seal": f"FT-{self.lot}",
        }
        place = {"region": project.region, "type": "site"}
        self.story.say(Stage.LABORATORY, project.contractor, "sampling", day, body, place=place)
        self.story.move(6_000, ("project", project.region), ("sampled", project.region))
        report = self.report(
            f"JZ-{self.lot}-{unit}",
            "witnessed",
            unit,
            Decimal("0.97"),
            "pass",
            sampling=number,
            cma=laboratory.cma,
        )
        self.testing(Stage.LABORATORY, laboratory, 20, report)

    # --- authorities

    def sample(self, shop: Company, units: Units) -> None:
        """Supervision sampling at a shop: the resistance is beyond its limit, whatever the laboratory declares."""
        authority, laboratory = self.cast.authority(shop.region), self.chance.choice(self.cast.laboratories)
        number, unit = f"CY-{self.lot}", units[0]
        body = {"type": "supervision", "number": number, "unit": unit, "length_mm": 40_000}
        sampling = self.story.say(
            Stage.LABORATORY, authority, "sampling", self.after(28), body, place={"region": shop.region}
        )
        self.story.move(40_000, ("held", shop.region), ("sampled", shop.region))
        passes = self.fault == "declared-pass"
        report = self.report(
            f"JD-{self.lot}", "supervision", unit, Decimal("1.08"), "pass" if passes else "fail",
            sampling=number, cma=laboratory.cma,
        )  # fmt: skip
        self.testing(Stage.LABORATORY, laboratory, 35, report)
        self.expect("declared-verdict-contradicts-values" if passes else "test-beyond-limit", unit)
        self.details |= {"report": f"JD-{self.lot}", "unit": unit, "shop": shop.id}
        if not laboratory.keeps_files:  # what stands in a file has the id of its row
            self.follow(sampling, authority, laboratory, shop, "pass" if passes else "fail")

    def follow(
        self, sampling: Draft, authority: Company, laboratory: Company, shop: Company, result: str
    ) -> None:
        """The way of the sample: sealed, to the laboratory, told to seller and nominal maker, final when nobody objects."""

        def step(name: str, speaker: Company, days: int, **said: str) -> None:
            body = {"step": name, "authority": named(authority), **said}
            about = {"event": sampling["id"], "kind": "sampling"}
            self.story.say(Stage.AFTER, speaker, "sample-step", self.after(days), body, subject=about)

        step("sealed", authority, 28, number=f"封-{self.lot}")
        step("handed-over", authority, 29, to=named(laboratory), seal="whole")
        step("received", laboratory, 30, seal="whole")
        step("reported", laboratory, 35, number=f"JD-{self.lot}", result=result)
        step("served", authority, 36, to=named(shop), side="seller", served_by="direct")
        step("served", authority, 36, to=named(self.maker), side="maker", served_by="post")
        step("final", authority, 60)

    def pursue(self, shop: Company, units: Units) -> None:
        """Sealed, seized, destroyed in part; recalled by the maker; others told, and what they answered."""
        authority, city = self.cast.authority(shop.region), self.cast.city_authority
        place, taken = {"region": shop.region, "type": "shop"}, [[units[0] + 1, units[1]]]
        taken_mm = self.mm((units[0] + 1, units[1]))
        seal, seizure = f"封〔2025〕{self.lot}号", f"扣〔2025〕{self.lot}号"
        say = self.story.say
        say(
            Stage.AFTER,
            authority,
            "measure",
            self.after(36),
            {"action": "seal", "number": seal, "units": taken},
            place=place,
        )
        body: dict[str, Any] = {"action": "seize", "number": seizure, "of": seal, "units": taken}
        say(Stage.AFTER, authority, "measure", self.after(40), body, place=place)
        self.story.move(taken_mm, ("held", shop.region), ("seized", shop.region))
        body = {"reason": "decision", "units": [[units[1], units[1]]], "number": f"销毁{self.lot}"}
        say(Stage.AFTER, authority, "disposal", self.after(60), body, place=place)
        self.story.move(self.ware.drum_mm, ("seized", shop.region), ("scrapped", shop.region))
        body = {
            "number": f"ZH-{self.lot}",
            "reason": "导体电阻超过标准限值",
            "remedy": "return",
            "ordered": False,
        }
        say(Stage.AFTER, self.maker, "recall", self.after(45), body)
        recall_of = self.cast.owners[0], *self.cast.departments
        body = {
            "number": f"通报〔2025〕{self.lot}号",
            "recipients": [named(each) for each in (shop, *recall_of, self.cast.grid, self.cast.association)],
            "text": "该批次电缆监督抽查不合格，请排查并停止使用",
        }
        notice = say(Stage.AFTER, city, "notice", self.after(46), body)
        about = {"event": notice["id"], "kind": "notice"}
        for who, action, text in (
            (shop, "returned", "库存已封存，未再销售"), (self.cast.owners[0], "none-found", "经排查，本单位未使用"),
        ):  # fmt: skip
            say(
                Stage.AFTER,
                who,
                "notice-reply",
                self.after(52),
                {"action": action, "text": text},
                subject=about,
            )
        complaint = say(
            Stage.AFTER, authority, "complaint", self.after(37),
            {
                "text": "家里新布的线发热，要求退货", "wants": "refund", "against": named(shop),
                "complainant": {"name": "甲某", "phone": "00000000000"},
            },
            place=place,
        )  # fmt: skip
        about = {"event": complaint["id"], "kind": "complaint"}
        answer = {"action": "mediated", "text": "经调解，经营者退货退款"}
        say(Stage.AFTER, authority, "notice-reply", self.after(50), answer, subject=about)
        self.details |= {"seized": taken, "recall": f"ZH-{self.lot}"}

    def sell_sealed(self, shop: Company, units: Units) -> None:
        authority, place = self.cast.authority(shop.region), {"region": shop.region, "type": "shop"}
        body = {"action": "seal", "number": f"封〔2025〕{self.lot}号", "units": [list(units)]}
        self.story.say(Stage.AFTER, authority, "measure", self.after(36), body, place=place)
        self.sell(Stage.AFTER, shop, 38, units=[[units[1], units[1]]])
        self.story.move(self.ware.drum_mm, ("held", shop.region), ("sold", shop.region))
        self.expect("goods-held", units[1])
        self.details |= {"unit": units[1], "shop": shop.id}


def life_of(
    cast: Cast, maker: Company, lot: str, day: date, *, fault: str, chance: Random, seed: int
) -> tuple[list[Said], Planted | None, Mapping[tuple[str, str], int]]:
    """What is said of a lot, what was planted in it, and where its metres are in the end."""
    life = Life(cast, maker, lot, day, fault, chance, seed)
    life.live()
    return life.story.said, life.planted(), life.story.whereabouts()
