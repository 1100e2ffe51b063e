"""Grants, units and readings on pages: given and ended by the organisation itself, after a look at what it means."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from cabletrace.auth import grants
from cabletrace.auth.accounts import create_account, set_administers
from cabletrace.auth.policy import Role
from cabletrace.auth.sessions import form_token
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.intake.record import prepare
from cabletrace.model.state import KnownGrant, KnownParty
from cabletrace.model.values import party_id
from cabletrace.registry import register
from drafts_for_tests import MAKER, OPERATOR, REGULATOR, SITE, notice, party
from passwords_for_tests import cheap_passwords
from service_for_tests import DEPARTMENT, GOODS, REGULATOR_B, Service, project_id
from typing_for_tests import standing
from world_for_tests import NOON

PAGE = {"Accept": "text/html"}
UNTIL = {"valid_from": "2026-06-01", "valid_to": "2026-09-30"}


def send(service: Service, who: str, path: str, **form: Any) -> Any:
    """A form as the page of this account sends it."""
    with_token = {"form_token": form_token(service.tokens[who]), **form}
    return service.ask(who, "POST", path, data=with_token, headers=PAGE)


def open_page(service: Service, who: str, path: str) -> Any:
    return service.ask(who, "GET", path, headers=PAGE)


def given_by(service: Service, grantor: str) -> tuple[KnownGrant, ...]:
    with begin_read(service.house.ledger) as tx:
        return grants.given(tx, [grantor])


def known_party(service: Service, id_: str) -> KnownParty:
    with begin_read(service.house.ledger) as tx:
        return register.parties(tx, [id_])[id_]


def give(service: Service, **form: Any) -> tuple[Any, Any]:
    """The form, sent once to see what it means and once more to confirm."""
    typed = {"id": str(uuid4()), "grantee": "济南市示例市场监督管理局", "ground": "协查", **UNTIL, **form}
    return send(service, "regulator", "/grants", **typed), send(
        service, "regulator", "/grants", **typed, confirmed="yes"
    )


def test_a_new_unit_is_proposed_from_today_to_the_end_of_the_year_after_next(service: Service) -> None:
    proposed = standing(open_page(service, "regulator", "/units").text)

    assert (proposed["valid_from"], proposed["valid_to"]) == ("2026-06-30", "2028-12-31")


def test_a_grant_is_shown_in_words_before_it_is_given_and_opens_the_batch(fresh: Service) -> None:
    code = fresh.code["L1"]
    size = fresh.size

    asked, given = give(fresh, batches=f"{code[:5]}-{code[5:]}")

    assert asked.status_code == 200
    assert "周口市示例市场监督管理局授权济南市示例市场监督管理局查阅" in asked.text
    assert "确认授权" in asked.text
    assert (given.status_code, given.headers["location"]) == (303, "/grants")
    assert fresh.size == size + 1
    for who in ("regulator", "regulator B"):
        assert f"{code[:5]}-{code[5:]}" in open_page(fresh, who, "/grants").text
    assert open_page(fresh, "regulator B", f"/batches/{code}").status_code == 200


def test_goods_and_a_project_are_granted_from_their_pages_and_the_grant_ends_like_every_other(
    fresh: Service,
) -> None:
    project = project_id(SITE, "XM-1")
    begun = open_page(fresh, "regulator", f"/goods/{GOODS}").text
    form = open_page(fresh, "regulator", f"/grants?goods={GOODS}").text

    asked, given = give(fresh, goods=f"https://trace.example/goods/{GOODS}", projects="XM-1")

    assert f"/grants?goods={GOODS}" in begun
    assert f"/grants?goods={GOODS}" not in open_page(fresh, "department", f"/goods/{GOODS}").text
    assert f"/grants?projects={project}" in open_page(fresh, "regulator", f"/projects/{project}").text
    assert GOODS in form
    assert f"查阅：无码货物 {GOODS[:8]}、项目 XM-1" in asked.text
    assert given.status_code == 303
    for who in ("regulator", "regulator B"):
        listed = open_page(fresh, who, "/grants").text
        assert f'href="/goods/{GOODS}"' in listed
        assert f'href="/projects/{project}"' in listed
    for path in (f"/goods/{GOODS}", f"/projects/{project}"):
        assert open_page(fresh, "regulator B", path).status_code == 200
    assert f'href="/goods/{GOODS}"' in open_page(fresh, "regulator", "/reads").text
    (known,) = given_by(fresh, REGULATOR)
    send(fresh, "regulator", f"/grants/{known.event}/end")
    (ended,) = given_by(fresh, REGULATOR)
    assert (ended.goods, ended.projects, ended.valid_to.isoformat()) == ((GOODS,), (project,), "2026-06-29")


def test_the_readings_are_listed_for_both_and_for_nobody_else(fresh: Service) -> None:
    code = fresh.code["L1"]
    give(fresh, batches=code)
    open_page(fresh, "regulator B", f"/batches/{code}")

    pages = {who: open_page(fresh, who, "/reads").text for who in ("regulator", "regulator B", "operator")}

    for text in pages.values():
        assert code in text
        assert "示例 regulator B" in text
    assert open_page(fresh, "maker", "/reads").status_code == 403
    assert "跨区查阅" in open_page(fresh, "regulator", f"/batches/{code}").text
    assert "跨区查阅" not in open_page(fresh, "maker", f"/batches/{code}").text


def test_a_grant_is_ended_at_once_by_who_gave_it_and_by_nobody_else(fresh: Service) -> None:
    code = fresh.code["L1"]
    give(fresh, batches=code)
    give(fresh, batches=code, valid_from="2026-06-30", ground="另一事由")
    (early, late) = given_by(fresh, REGULATOR)

    assert send(fresh, "regulator B", f"/grants/{early.event}/end").status_code == 404
    assert send(fresh, "regulator", f"/grants/{early.event}/end").status_code == 303
    assert open_page(fresh, "regulator B", f"/batches/{code}").status_code == 200
    assert send(fresh, "regulator", f"/grants/{late.event}/end").status_code == 303

    assert open_page(fresh, "regulator B", f"/batches/{code}").status_code == 404
    (left,) = given_by(fresh, REGULATOR)
    assert (left.event, left.valid_to.isoformat(), left.ground) == (early.event, "2026-06-29", "协查")
    assert send(fresh, "regulator", f"/grants/{early.event}/end").status_code == 303  # over already


@pytest.mark.parametrize(
    ("form", "field", "word"),
    [
        ({"regions": "济南市"}, "regions", "授权不能超过自己所有"),
        ({"regions": "没有这个地方"}, "regions", "没有这个地方"),
        ({"batches": "ABC"}, "batches", "ABC"),
        ({"goods": "00000000-0000-4000-8000-0000000000f9"}, "goods", "没有登记这个货物"),
        ({"projects": "XM-B"}, "projects", "没有这个名称或编号"),
        ({"parties": "没有登记的单位"}, "parties", "没有登记的单位"),
        ({"grantee": "没有登记的单位", "regions": "411603"}, "grantee", "没有登记的单位"),
        ({"grantee": "周口市示例电缆有限公司", "regions": "411603"}, "grantee", "只在监管部门之间"),
        ({"regions": "411603", "ground": ""}, "ground", "依据"),
        ({"regions": "411603", "valid_to": ""}, "valid_to", "日期"),
    ],
)
def test_what_cannot_be_granted_is_said_at_its_field_and_what_was_typed_stays(
    fresh: Service, form: dict[str, str], field: str, word: str
) -> None:
    size = fresh.size

    for answer in give(fresh, **form):
        assert answer.status_code in (403, 422)
        assert f'href="#field-{field}"' in answer.text
        assert word in answer.text
        for value in form.values():
            assert value in answer.text
    assert fresh.size == size


def test_an_organisation_lets_another_enter_for_it_and_is_offered_nothing_to_read(fresh: Service) -> None:
    page = open_page(fresh, "supervisor", "/grants").text
    assert 'name="batches"' not in page
    typed = {"id": str(uuid4()), "grantee": "太康县示例建设工程有限公司", "kinds": ["supervision"], **UNTIL}

    asked = send(fresh, "supervisor", "/grants", **typed)
    given = send(fresh, "supervisor", "/grants", **typed, confirmed="yes")

    assert "授权太康县示例建设工程有限公司代录：监理" in asked.text
    assert given.status_code == 303
    assert "周口市示例监理有限公司" in open_page(fresh, "site", "/grants").text


# --- units --------------------------------------------------------------------------------------------


@pytest.fixture
def with_branch(fresh: Service) -> tuple[Service, str]:
    """With a branch of the regulator that supervises the maker, made on the page; and its id."""
    typed = a_branch()
    asked = send(fresh, "regulator", "/units", **typed)
    found = re.search(r'name="unit" value="([0-9a-f-]{36})"', asked.text)
    assert found is not None, asked.text
    made = send(fresh, "regulator", "/units", **{**typed, "unit": found[1]}, confirmed="yes")
    assert made.status_code == 303, made.text
    return fresh, found[1]


def a_branch(**more: str) -> dict[str, str]:
    return {
        "name": "开发区分局", "type": "branch", "parent": REGULATOR, "supervises": "周口市示例电缆有限公司",
        **UNTIL, **more,
    }  # fmt: skip


def test_an_authority_registers_its_units_and_its_page_shows_the_tree(
    with_branch: tuple[Service, str],
) -> None:
    service, branch = with_branch

    known = known_party(service, branch)

    assert known.part_of is not None
    assert (known.part_of.parent, known.part_of.type) == (REGULATOR, "branch")
    for path in ("/units", f"/parties/{REGULATOR}"):
        text = open_page(service, "regulator", path).text
        assert "开发区分局" in text
        assert "周口市示例电缆有限公司" in text
    assert "属于" in open_page(service, "regulator", f"/parties/{branch}").text
    listed = service.ask("maker", "GET", f"/api/v1/parties/{REGULATOR}/units").json()["rows"]
    assert [(row["name"], row["type"], row["level"]) for row in listed] == [("开发区分局", "branch", 1)]


def test_a_unit_is_changed_and_ended_on_its_page(with_branch: tuple[Service, str]) -> None:
    service, branch = with_branch
    form = open_page(service, "regulator", f"/units?unit={branch}").text
    assert 'value="开发区分局"' in form
    assert "周口市示例电缆有限公司" in form

    changed = a_branch(unit=branch, supervises="", regions="淮阳区", valid_to="2026-06-29")
    asked = send(service, "regulator", "/units", **changed)
    assert "河南省周口市淮阳区" in asked.text
    assert send(service, "regulator", "/units", **changed, confirmed="yes").status_code == 303

    known = known_party(service, branch)
    assert known.part_of is not None
    assert (known.part_of.regions, known.part_of.supervises) == (("411603",), ())
    assert "已结束" in open_page(service, "regulator", "/units").text


def test_a_unit_is_given_places_by_name_and_projects_on_its_page(with_branch: tuple[Service, str]) -> None:
    service, branch = with_branch
    changed = a_branch(
        unit=branch, supervises="", places="川汇区  五一路建材市场\n411602 东新工业园", projects="XM-1"
    )

    asked = send(service, "regulator", "/units", **changed)
    made = send(service, "regulator", "/units", **changed, confirmed="yes")

    assert "河南省周口市川汇区 五一路建材市场" in asked.text
    assert "项目 XM-1" in asked.text
    assert made.status_code == 303
    known = known_party(service, branch)
    assert known.part_of is not None
    assert known.part_of.places == (("411602", "五一路建材市场"), ("411602", "东新工业园"))
    assert known.part_of.projects == (project_id(SITE, "XM-1"),)
    assert "东新工业园" in open_page(service, "regulator", "/units").text
    form = open_page(service, "regulator", f"/units?unit={branch}").text
    assert "411602 东新工业园" in form
    again = {**changed, "projects": f"/projects/{project_id(SITE, 'XM-1')}", "places": "411602 东新工业园"}
    assert send(service, "regulator", "/units", **again, confirmed="yes").status_code == 303


@pytest.mark.parametrize(
    ("form", "field", "word"),
    [
        ({"regions": "济南市"}, "regions", "超出上级单位的辖区"),
        ({"places": "五一路建材市场"}, "places", "空一格"),
        ({"places": "没有这里 五一路建材市场"}, "places", "没有这里"),
        ({"places": "370112 东新市场"}, "places", "超出上级单位的辖区"),
        ({"projects": "XM-B"}, "projects", "没有这个名称或编号"),
        ({"supervises": "济南市例示线缆有限公司"}, "supervises", "超出上级单位的辖区"),
        ({"parent": REGULATOR_B}, "parent", "由其上级登记"),
        ({"type": "department"}, "supervises", "与上级相同"),
        ({"name": ""}, "name", "至少"),
        ({"type": ""}, "type", "应为下列之一"),
    ],
)
def test_what_no_unit_may_be_is_said_at_its_field(
    fresh: Service, form: dict[str, str], field: str, word: str
) -> None:
    size = fresh.size

    answer = send(fresh, "regulator", "/units", **a_branch(**form))

    assert answer.status_code in (403, 422)
    assert f'href="#field-{field}"' in answer.text
    assert word in answer.text
    assert fresh.size == size


def test_nobody_is_shown_another_authoritys_form(with_branch: tuple[Service, str]) -> None:
    service, branch = with_branch

    assert open_page(service, "regulator B", f"/units?unit={branch}").status_code == 404
    assert open_page(service, "regulator B", f"/units?of={REGULATOR}").status_code == 404
    assert open_page(service, "operator", f"/units?of={REGULATOR}").status_code == 200
    assert open_page(service, "operator", f"/units?unit={branch}").status_code == 200


def test_what_a_unit_says_is_shown_behind_its_authoritys_name(with_branch: tuple[Service, str]) -> None:
    service, branch = with_branch
    machine = service.house.at_the_machine()
    noticed = notice(recipients=[MAKER], projects=[], entered_for=branch)
    service.house.intake.record_now([prepare(noticed, machine)])

    text = open_page(service, "regulator", f"/batches/{service.code['L1']}").text

    assert "周口市示例市场监督管理局 · 开发区分局" in text


# --- the region of an authority ---------------------------------------------------------------------------


@pytest.fixture
def without_region(fresh: Service) -> Service:
    """In which the regulator was registered anew without a region, and the department never had one."""
    machine = fresh.house.at_the_machine()
    for id_, name, role in (
        (REGULATOR, "周口市示例市场监督管理局", "regulator"),
        (DEPARTMENT, "周口市示例相关部门", "department"),
    ):
        told = party(id_, name, role, address="文昌大道 1 号", entered_for=OPERATOR)
        fresh.house.intake.record_now([prepare(told, machine)])
    return fresh


def test_an_authority_registers_its_region_on_its_page_and_grants_from_then_on(
    without_region: Service,
) -> None:
    service = without_region
    noted = open_page(service, "regulator", "/grants").text
    (before, _) = give(service, regions="411603")
    page = open_page(service, "regulator", "/units").text

    made = send(service, "regulator", "/units/seat", of=REGULATOR, region="周口市")

    assert "登记所在地区" in noted
    assert "没有写所在地区" in before.text
    assert "还没有登记所在地区" in page
    assert (made.status_code, made.headers["location"]) == (303, f"/units?of={REGULATOR}")
    known = known_party(service, REGULATOR)
    assert (known.region, known.roles, known.address) == ("411600", ("regulator",), "文昌大道 1 号")
    assert "411600" in open_page(service, "regulator", "/units").text
    assert "登记所在地区" not in open_page(service, "regulator", "/grants").text
    assert give(service, regions="411603")[1].status_code == 303


@pytest.mark.parametrize(("region", "word"), [("济南市", "超出了本单位辖区"), ("没有这里", "没有这里")])
def test_a_region_that_is_not_the_authoritys_is_refused_at_the_field(
    without_region: Service, region: str, word: str
) -> None:
    answer = send(without_region, "regulator", "/units/seat", of="", region=region)

    assert answer.status_code in (403, 422)
    assert word in answer.text
    assert 'href="#field-region"' in answer.text
    assert known_party(without_region, REGULATOR).region is None


def test_the_operator_registers_the_region_of_any_authority_and_of_nobody_else(
    without_region: Service,
) -> None:
    assert send(without_region, "operator", "/units/seat", of=DEPARTMENT, region="411602").status_code == 303
    assert known_party(without_region, DEPARTMENT).region == "411602"
    assert (
        send(without_region, "operator", "/units/seat", of=party_id(MAKER), region="411602").status_code
        == 422
    )
    for who in ("maker", "department"):
        answer = send(without_region, who, "/units/seat", of=DEPARTMENT, region="411627")
        assert answer.status_code == 403
    assert (
        send(without_region, "regulator B", "/units/seat", of=REGULATOR, region="370100").status_code == 404
    )
    assert known_party(without_region, party_id(MAKER)).region == "411603"


def test_a_unit_has_no_region_of_its_own_to_register(with_branch: tuple[Service, str]) -> None:
    service, branch = with_branch

    answer = send(service, "operator", "/units/seat", of=branch, region="411602")

    assert answer.status_code == 422
    assert "由其上级" in answer.text
    assert "seat" not in open_page(service, "operator", f"/units?of={branch}").text


def test_the_desk_of_an_administrator_says_which_units_and_grants_end_soon(
    with_branch: tuple[Service, str],
) -> None:
    """Told to administrators; where an organisation has none, to everybody there."""
    service, branch = with_branch
    soon = a_branch(unit=branch, valid_from="2026-01-01", valid_to="2026-09-01")
    send(service, "regulator", "/units", **soon, confirmed="yes")
    lent = {"id": str(uuid4()), "grantee": "周口市示例监理有限公司", "kinds": ["receipt"]}
    until = {"valid_from": "2026-01-01", "valid_to": "2026-09-01"}
    send(service, "site", "/grants", **lent, **until, confirmed="yes")

    def told(who: str) -> bool:
        return 'id="ending"' in open_page(service, who, "/").text

    assert [told(who) for who in ("regulator", "site", "supervisor", "maker", "operator")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    desk = open_page(service, "regulator", "/").text
    assert f'href="/units?unit={branch}#change"' in desk
    assert "开发区分局" in desk
    assert open_page(service, "regulator", f"/units?unit={branch}").status_code == 200
    with begin_write(service.house.desk) as tx:
        create_account(
            tx, name="chief", password=cheap_passwords().enrol("Kabel-und-Rolle-7", name="chief"), party=REGULATOR,
            role=Role.REGULATOR, display_name="局长", administers=True, now=NOON,
        )  # fmt: skip
    assert not told("regulator")
    with begin_write(service.house.desk) as tx:
        set_administers(tx, service.accounts["regulator"].id, True)
    assert told("regulator")
