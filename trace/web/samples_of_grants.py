"""Invented pages of grants, units and readings; development and tests only. Nobody named here exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from ..errors import Problem, Text
from ..model.kinds import KINDS
from ..queries.grants import (
    ENDED,
    IN_FORCE,
    UNIT_TYPES,
    AuthorityUnit,
    GrantRow,
    Grants,
    NamedPlace,
    ReadingRow,
    Region,
    Thing,
)
from ..queries.registry import PartyLink
from .views import Frame, GrantsPage, Page, ReadsPage, UnitsPage

_CITY = PartyLink("00000000-0000-4000-8000-00000000000d", "周口市示例市场监督管理局")
_OTHER = PartyLink(
    "00000000-0000-4000-8000-0000000000b1", "济南市示例市场监督管理局历城区分局综合行政执法大队"
)
_MAKER = PartyLink("00000000-0000-4000-8000-0000000000a1", "周口市示例电缆有限公司")
_BATCH = Thing("batch", "7K3QF9TWZP", "7K3QF-9TWZP")
_GOODS = Thing(
    "goods",
    "00000000-0000-4000-8000-0000000000e1",
    "YJV 3×95 0.6/1kV 无厂名 无标准号 米标缺失 护套薄 导体发黑",
)
_PROJECT = Thing("project", "00000000-0000-5000-8000-0000000000e2", "XM-2026-017 周口市示例安置小区配电工程")
_COUNTY = Region("411603", Text("河南省周口市淮阳区", "河南省周口市淮阳区"))
_GROUND = "市场监督管理行政处罚程序规定第十七条"


def samples_of_grants(at: Frame) -> Mapping[str, Page]:
    """By name, as in `samples`."""
    grants = GrantsPage(
        frame=replace(at, path="/grants"),
        found=Grants(
            given=(_reading(), _pen()), received=(replace(_reading(), grantor=_OTHER, grantee=_CITY),)
        ),
        own=_CITY.id,
        reads=True,
        kinds=tuple((kind, KINDS[kind]) for kind in ("testing", "sampling", "inspection")),
        typed={
            "id": "00000000-0000-4000-8000-000000000001",
            "valid_from": "2026-06-30",
            "valid_to": "2026-09-28",
        },
    )
    units = UnitsPage(
        frame=replace(at, path="/units"),
        authority=_CITY.id,
        authority_name=_CITY.name,
        units=_units(),
        seat=Region("411600", Text("河南省周口市", "河南省周口市")),
        parents=((_CITY.id, Text(_CITY.name, _CITY.name)),),
        types=tuple(UNIT_TYPES.items()),
        typed={"parent": _CITY.id, "valid_from": "2026-01-01", "valid_to": "2026-12-31"},
    )
    meant = Text(
        f"{_CITY.name}授权{_OTHER.name}查阅：{_BATCH.name}，至 2026-09-28",
        f"{_CITY.name} lets {_OTHER.name} read: {_BATCH.name}, until 2026-09-28",
    )
    too_much = Problem(
        "grants-more-than-it-has",
        Text("这个地区不在授权单位的查阅范围内", "the grantor does not see this region itself"),
        where="/regions",
        came="370100",
    )
    return {
        "grants-full": grants,
        "grants-empty": replace(grants, found=Grants(given=(), received=()), reads=False),
        "grants-without-region": replace(grants, lacks_region=True),
        "grants-confirming": replace(grants, confirming=meant, chosen=frozenset({"sampling"})),
        "grants-wrong": replace(grants, problems=(too_much,), typed={**grants.typed, "regions": "370100"}),
        "units-full": units,
        "units-without-region": replace(units, units=(), seat=Region("", Text("", ""))),
        "units-changing": replace(units, changing="开发区分局", typed={"unit": _OTHER.id, "name": "开发区分局"}),
        "units-confirming": replace(units, units=(), confirming=meant),
        "reads-full": ReadsPage(
            frame=replace(at, path="/reads"),
            rows=(
                ReadingRow(
                    index=4210, event="00000000-0000-4000-8000-000000000002", day=date(2026, 6, 30), reader=_OTHER,
                    account="a", grantor=_CITY, thing=_BATCH, ground=_GROUND, case="周市监案〔2026〕17号",
                ),
                ReadingRow(
                    index=4209, event="00000000-0000-4000-8000-000000000004", day=date(2026, 6, 30), reader=_OTHER,
                    account="a", grantor=_CITY, thing=_GOODS, ground=_GROUND, case="",
                ),
            ),
            officers={"a": "示例 执法一"},
            next_href="/reads?after=4210",
        ),
        "reads-empty": ReadsPage(frame=replace(at, path="/reads")),
    }  # fmt: skip


def _reading() -> GrantRow:
    return GrantRow(
        event="00000000-0000-4000-8000-000000000003",
        index=4201,
        grantor=_CITY,
        grantee=_OTHER,
        kinds=(),
        things=(_BATCH, _GOODS, _PROJECT),
        regions=(_COUNTY,),
        parties=(_MAKER,),
        ground=_GROUND,
        case="周市监案〔2026〕17号",
        valid_from=date(2026, 6, 1),
        valid_to=date(2026, 9, 28),
        standing=IN_FORCE,
        ended=False,
    )


def _pen() -> GrantRow:
    return replace(
        _reading(),
        kinds=(KINDS["sampling"], KINDS["testing"]),
        things=(),
        regions=(),
        parties=(),
        ground="",
        case="",
        valid_to=date(2026, 6, 10),
        standing=ENDED,
        ended=True,
    )


def _units() -> tuple[AuthorityUnit, ...]:
    branch = AuthorityUnit(
        id="00000000-0000-4000-8000-0000000000c1",
        name="开发区分局",
        parent=_CITY.id,
        level=1,
        type="branch",
        type_name=UNIT_TYPES["branch"],
        regions=(),
        supervises=(_MAKER,),
        places=(NamedPlace(_COUNTY, "五一路建材市场"),),
        projects=(_PROJECT,),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        standing=IN_FORCE,
        address="",
    )
    return (
        branch,
        replace(
            branch, name="开发区园区市场监管所", parent=branch.id, level=2, type="post",
            type_name=UNIT_TYPES["post"], supervises=(), places=(), projects=(),
        ),
        replace(branch, name="淮阳分局", regions=(_COUNTY,), supervises=(), standing=ENDED),
        replace(
            branch, name="执法稽查科", type="department", type_name=UNIT_TYPES["department"], supervises=(),
            valid_from=None, valid_to=None,
        ),
    )  # fmt: skip
