"""A construction site's tables: projects, orders, acceptances, the supervisor's opinions, uses.

The contractor keeps them. An opinion is the supervisor's statement, entered by the contractor (代录).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..codes.unit_ranges import UnitRange
from ..errors import Text
from .cells import date_of, units_of, yuan_of
from .designations import designation_as_printed, designation_field
from .rows import (
    Line,
    Part,
    Reading,
    RowGroup,
    Said,
    Trouble,
    Words,
    as_ranges,
    event_id,
    first_of,
    given,
    on_day,
    person,
    together,
)
from .whose import Whose

RESULT_WORDS = Words(
    usual={"合格": "accept", "不合格": "reject"},
    also={
        "验收合格": "accept", "接收": "accept", "通过": "accept", "同意": "accept", "同意接收": "accept", "accept": "accept",
        "验收不合格": "reject", "拒收": "reject", "不通过": "reject", "不同意": "reject", "退货": "reject", "reject": "reject",
    },
)  # fmt: skip
PAPERS_WORDS = Words(
    usual={"齐全": "complete", "不全": "incomplete", "缺": "none"},
    also={
        "有": "complete", "齐": "complete", "完整": "complete", "不齐全": "incomplete", "不齐": "incomplete",
        "部分": "incomplete", "无": "none", "没有": "none",
    },
)  # fmt: skip
OPINION_WORDS = Words(
    usual={"同意进场": "admit", "不同意进场": "reject", "待检": "await-test"},
    also={
        "同意": "admit", "准予进场": "admit", "同意使用": "admit", "合格": "admit", "admit": "admit",
        "不同意": "reject", "不准进场": "reject", "退场": "reject", "不合格": "reject", "reject": "reject",
        "待检测": "await-test", "待检验": "await-test", "送检": "await-test", "await-test": "await-test",
    },
)  # fmt: skip

_WHERE: Mapping[str, str] = {
    "": "number",
    "/subject/batch": "lot",
    "/body/project": "project",
    "/body/units": "units",
    "/body/unit": "units",
    "/occurred_at": "date",
}


@dataclass(frozen=True, slots=True)
class _Project:
    keeper: str
    region: str
    supervisor: str | None


@dataclass(slots=True)
class Site:
    """The site's tables of one file. Projects are read first: the other tables refer to them."""

    whose: Whose
    _projects: dict[str, _Project] = field(default_factory=dict)

    # ---- projects

    def project(self, reading: Reading) -> RowGroup | None:
        whose, line = self.whose, reading.line
        keeper = whose.contractor
        if not line.names_nobody("contractor"):
            keeper = whose.cast.themselves(reading, "contractor", "contractor_uscc", "contractor") or keeper
        number, name = reading.text("project"), reading.text("name")
        region = reading.region("region")
        before = None if number is None else whose.known.project(keeper, number)
        owner = whose.cast.may_name(
            reading,
            "owner",
            "owner_uscc",
            by=keeper,
            roles=("owner",),
            recorded=before.owner if before else None,
        )
        supervisor = whose.cast.may_name(
            reading,
            "supervisor",
            "supervisor_uscc",
            by=keeper,
            roles=("supervisor",),
            recorded=before.supervisor if before else None,
        )
        if reading.troubles or number is None or region is None:
            return None
        self._projects.setdefault(number, _Project(keeper, region, supervisor))
        draft = {
            "id": event_id(keeper, "project", number),
            "kind": "project",
            "subject": {"project": {"keeper": keeper, "number": number}},
            "body": given(name=name, region=region, owner=owner, contractor=keeper, supervisor=supervisor),
        }
        fields = {
            "": "project",
            "/body/name": "name",
            "/body/region": "region",
            "/body/owner": "owner",
            "/body/supervisor": "supervisor",
        }
        said = Said(draft=draft, speaker=keeper, fields=fields)
        return RowGroup(lines=(line,), said=(*whose.cast.introductions(keeper, owner, supervisor), said))

    def _project(self, number: str | None) -> _Project | None:
        """As it is on the ledger, else as this file has it."""
        if number is None:
            return None
        here = self._projects.get(number)
        known = self.whose.known.project(self.whose.contractor if here is None else here.keeper, number)
        return here if known is None else _Project(known.keeper, known.region, known.supervisor)

    def _keeper(self, number: str | None) -> str:
        """Who speaks of this project's goods."""
        project = self._project(number)
        return self.whose.contractor if project is None else project.keeper

    def _ref(self, number: str | None) -> dict[str, str] | None:
        return None if number is None else {"keeper": self._keeper(number), "number": number}

    def _place(self, number: str | None) -> dict[str, str]:
        project = self._project(number)
        return {} if project is None else {"region": project.region, "type": "site"}

    # ---- orders

    def orders(self, lines: Sequence[Line], troubles: list[Trouble]) -> list[RowGroup]:
        """The rows of one order number are the items of one order."""
        parts = [part for line in lines if (part := self._order_item(Reading(line), troubles)) is not None]
        return [self._order(some) for some in together(parts, troubles) if some]

    def _order_item(self, reading: Reading, troubles: list[Trouble]) -> Part | None:
        number, project = reading.text("number"), reading.note("project")
        keeper = self.whose.keeper_of_order(reading, self._keeper(project))
        supplier, buyer = self._sides(reading, keeper)
        head = {
            "supplier": supplier,
            "buyer": buyer,
            "project": project,
            "date": reading.may("date", date_of),
        }
        due = reading.may("due", date_of)
        item = given(
            designation=designation_as_printed(reading, needed=True),
            length_mm=reading.length("length"),
            price_fen_per_metre=reading.may("price", yuan_of),
            due=None if due is None else str(due),
        )
        troubles += reading.troubles
        if reading.troubles or number is None:
            return None
        return Part(reading.line, (keeper, number), head, item)

    def _sides(self, reading: Reading, keeper: str) -> tuple[str | None, str | None]:
        """Supplier and buyer. A party's own table may leave out the side on which it stands itself."""
        whose, line = self.whose, reading.line

        def side(name: str) -> str | None:
            if whose.is_meant(line, name, keeper):
                return keeper
            return whose.cast.named(reading, name, f"{name}_uscc", by=keeper)

        if line.names_nobody("buyer") and not whose.is_meant(line, "supplier", keeper):
            return side("supplier"), keeper
        if line.names_nobody("supplier") and not whose.is_meant(line, "buyer", keeper):
            return keeper, side("buyer")
        return side("supplier"), side("buyer")

    def _order(self, parts: Sequence[Part]) -> RowGroup:
        (keeper, number), head = parts[0].key, parts[0].head
        lines = tuple(part.line for part in parts)
        draft = {
            "id": event_id(keeper, "order", number),
            "kind": "order",
            "subject": {"order": {"keeper": keeper, "number": number}},
            **on_day(head["date"]),
            "body": {
                **given(supplier=head["supplier"], buyer=head["buyer"], project=self._ref(head["project"])),
                "items": [dict(part.item) for part in parts],
            },
        }
        fields = {
            "": "number",
            "/body/items": designation_field(lines[0]),
            "/body/items/length_mm": "length",
            "/body/items/price_fen_per_metre": "price",
            "/body/items/due": "due",
            "/body/supplier": "supplier",
            "/body/buyer": "buyer",
            "/body/project": "project",
            "/occurred_at": "date",
        }
        said = Said(draft=draft, speaker=keeper, fields=fields, items=lines)
        needed = self.whose.cast.introductions(keeper, head["supplier"], head["buyer"])
        return RowGroup(lines=lines, said=(*needed, said))

    # ---- acceptances

    def acceptance(self, reading: Reading) -> RowGroup | None:
        """A row is a receipt at the site and an acceptance of the same drums."""
        contractor = self._keeper(reading.line.glance("project"))
        units = reading.need("units", units_of)
        goods = self._goods(reading, units)
        note = reading.note("note")
        measured_mm = None if reading.line.cell("measured").is_empty else reading.length("measured")
        result = reading.word("result", RESULT_WORDS)
        papers = reading.may("papers", PAPERS_WORDS.read)
        appearance = reading.note("appearance")
        acceptor = person("acceptor", reading.note("acceptor"))
        if measured_mm is not None and units is not None and (len(units) > 1 or units[0].count > 1):
            reading.refuse(
                "measured",
                "一行有几盘时，不能只填一个实测长度",
                "a row of several units cannot have one measured length",
                Text(
                    "请一盘一行填写，或不填实测长度。",
                    "Write one row for each unit, or leave the length out.",
                ),
            )
        if reading.troubles or goods is None or units is None:
            return None
        measurements = [] if measured_mm is None else [{"unit": units[0].first, "length_mm": measured_mm}]
        receipt = {
            **goods.shared("receipt", contractor),
            "body": given(units=as_ranges(units), delivery_note=note, project=goods.project),
        }
        acceptance = {
            **goods.shared("acceptance", contractor),
            **given(by=acceptor),
            "body": given(
                project=goods.project,
                number=goods.number,
                units=as_ranges(units),
                result=result,
                delivery_note=note,
                measurements=measurements,
                papers=papers,
                appearance=appearance,
            ),
        }
        fields = {
            **_WHERE,
            "/body/delivery_note": "note",
            "/body/measurements": "measured",
            "/body/appearance": "appearance",
            "/by": "acceptor",
        }
        said = tuple(
            Said(draft=draft, speaker=contractor, fields=fields, derived=("place",))
            for draft in (receipt, acceptance)
        )
        introduced = self.whose.cast.introductions(contractor)
        return RowGroup(lines=(reading.line,), said=(*introduced, *said))

    # ---- the supervisor's opinions

    def opinion(self, reading: Reading) -> RowGroup | None:
        keeper = self._keeper(reading.line.glance("project"))
        units = reading.need("units", units_of)
        goods = self._goods(reading, units)
        opinion = reading.word("opinion", OPINION_WORDS)
        seal, engineer = reading.note("seal"), person("engineer", reading.note("engineer"))
        supervisor = self._supervisor(reading)
        if reading.troubles or goods is None or units is None or supervisor is None:
            return None
        draft = {
            **goods.shared("supervision", keeper),
            **given(by=engineer),
            "body": given(
                project=goods.project, number=goods.number, units=as_ranges(units), opinion=opinion, seal=seal
            ),
        }
        fields = {**_WHERE, "/body/seal": "seal", "/by": "engineer", "/entered_for": "project"}
        said = Said(draft=draft, speaker=supervisor, fields=fields, derived=("place",))
        needed = self.whose.cast.introductions(keeper, supervisor)
        return RowGroup(lines=(reading.line,), said=(*needed, said))

    def _supervisor(self, reading: Reading) -> str | None:
        if reading.line.cell("project").is_empty:
            return None  # named already
        project = self._project(reading.line.glance("project"))
        if project is None:
            reading.refuse(
                "project",
                "没有登记这个项目",
                "no such project is registered",
                Text("先登记项目，或改正项目编号", "register the project first, or correct its number"),
                code="project-unknown",
            )
        elif project.supervisor is None:
            reading.refuse(
                "project",
                "这个项目没有登记监理单位，不知是谁的意见",
                "the project has no supervisor: nobody knows whose opinion this is",
                Text("请在项目表中补填监理单位。", "Enter the supervisor in the table of projects."),
            )
        return None if project is None else project.supervisor

    # ---- uses

    def use(self, reading: Reading) -> RowGroup | None:
        contractor = self._keeper(reading.line.glance("project"))
        unit = reading.unit("units")
        goods = self._goods(reading, None if unit is None else (UnitRange(unit, unit),))
        length_mm = reading.length("length")
        circuit = reading.note("circuit")
        if reading.troubles or goods is None:
            return None
        draft = {
            **goods.shared("use", contractor),
            "body": given(
                project=goods.project, number=goods.number, unit=unit, length_mm=length_mm, circuit=circuit
            ),
        }
        fields = {**_WHERE, "/body/length_mm": "length", "/body/circuit": "circuit"}
        said = Said(draft=draft, speaker=contractor, fields=fields, derived=("place",))
        return RowGroup(lines=(reading.line,), said=(*self.whose.cast.introductions(contractor), said))

    # ---- what they share

    def _goods(self, reading: Reading, units: Sequence[UnitRange] | None) -> _Goods | None:
        """Number, project, lot and day of a row; its first drum keeps its id apart from its neighbours'."""
        number, project = reading.text("number"), reading.text("project")
        lot = reading.text("lot")
        maker = self.whose.maker_of(reading, self._keeper(project))
        day = reading.day("date", date_of)
        if reading.troubles or number is None or lot is None or project is None:
            return None
        return _Goods(
            number=number,
            project=self._ref(project) or {},
            lot=lot,
            first=first_of(units),
            members={
                "subject": {"batch": {"maker": maker, "lot": lot}},
                **on_day(day),
                **given(place=self._place(project)),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Goods:
    number: str
    project: Mapping[str, str]
    lot: str
    first: str
    members: Mapping[str, Any]

    def shared(self, kind: str, organisation: str) -> dict[str, Any]:
        """The members of a draft that its row's kinds of event have in common."""
        id_ = event_id(organisation, kind, self.number, self.lot, self.first)
        return {"id": id_, "kind": kind, **self.members}
