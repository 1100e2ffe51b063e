"""The register: facts as the ledger states them, the last one standing, and found by what people know."""

from datetime import date

import pytest
from sqlalchemy import select

import drafts_for_tests as some
from cabletrace.auth import grants
from cabletrace.auth.policy import Role
from cabletrace.model.admission import Wanted
from cabletrace.model.state import State, status_on
from cabletrace.model.values import party_id
from cabletrace.registry import register
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    LICENCE,
    MAKER,
    NOBODY,
    OTHER_MAKER,
    PRODUCT,
    PROJECT,
    PROJECT_ID,
    REGULATOR,
    SITE,
    SUPERVISOR,
)
from house_for_tests import House, signed_in

MAKER_ID = party_id(MAKER)


def test_a_party_is_found_by_its_id_its_numbers_and_its_name(house: House) -> None:
    with house.reading() as tx:
        by_id = register.parties(tx, [MAKER_ID, NOBODY])
        by_code = register.party_by_number(tx, uscc=MAKER)
        by_cma = register.party_by_number(tx, cma="231612110099")
        by_name = register.parties_by_name(tx, "周口市示例检测中心")

    assert by_id.keys() == {MAKER_ID}
    assert by_code == [by_id[MAKER_ID]]
    assert by_cma == by_name
    assert [each.id for each in by_cma] == [LABORATORY]
    assert by_id[MAKER_ID].roles == ("manufacturer",)
    assert by_id[MAKER_ID].named_by is None


def test_two_parties_of_one_name_are_both_found_the_earlier_first(house: House) -> None:
    first, second = NOBODY, NOBODY.replace("ff", "fe")
    house.happened(
        some.party(first, "城东电料行", entered_for=MAKER),
        some.party(second, "城东电料行", entered_for=DEALER),
    )

    with house.reading() as tx:
        found = register.parties_by_name(tx, "城东电料行")

    assert [(each.id, each.named_by) for each in found] == [(first, MAKER_ID), (second, party_id(DEALER))]


def test_of_several_statements_in_one_group_the_last_one_stands(house: House) -> None:
    house.happened(
        some.product(designation="BV 2.5", certificate=None, entered_for=MAKER),
        some.product(designation="BV 4", certificate=None, entered_for=MAKER),
    )

    with house.reading() as tx:
        (product,) = register.products(tx, [(MAKER_ID, PRODUCT)]).values()
        every = register.products_of(tx, MAKER_ID)

    assert product.designation.printed == "BV 4"
    assert every == [product]


def test_every_period_of_a_certificate_is_kept_oldest_first(house: House) -> None:
    house.happened(some.certificate(valid_from="2026-05-01", status="suspended", entered_for=REGULATOR))

    with house.reading() as tx:
        found = register.certificates(tx, [(MAKER_ID, LICENCE), (MAKER_ID, "no such number")])
        of_maker = register.certificates_of(tx, MAKER_ID)

    periods = found[MAKER_ID, LICENCE]
    assert found[MAKER_ID, "no such number"] == ()
    assert [period.status for period in periods] == ["valid", "suspended"]
    assert of_maker == list(periods)
    assert status_on(periods, date(2026, 4, 30)) == "valid"
    assert status_on(periods, date(2026, 5, 1)) == "suspended"


def test_a_number_belongs_to_its_holder_alone(house: House) -> None:
    house.happened(some.certificate(OTHER_MAKER, status="cancelled", entered_for=OTHER_MAKER))

    with house.reading() as tx:
        found = register.certificates(tx, [(MAKER_ID, LICENCE), (party_id(OTHER_MAKER), LICENCE)])

    assert [[p.status for p in periods] for periods in found.values()].count(["cancelled"]) == 1
    assert [p.status for p in found[MAKER_ID, LICENCE]] == ["valid"]


def test_a_project_is_known_by_keeper_and_number_with_those_who_take_part(house: House) -> None:
    with house.reading() as tx:
        (project,) = register.projects(tx, [PROJECT_ID, NOBODY]).values()
        every = register.all_projects(tx)

    assert every == [project]
    assert (project.keeper, project.number, project.region) == (party_id(SITE), "XM-1", "411627")
    assert (project.contractor, project.supervisor, project.owner) == (party_id(SITE), SUPERVISOR, None)


def test_every_party_is_listed_in_the_order_of_its_registration(house: House) -> None:
    with house.reading() as tx:
        seqs = [each.seq for each in register.all_parties(tx)]

    assert seqs == sorted(seqs)
    assert len(seqs) == 8


# --- for the rules ------------------------------------------------------------------------------------


def test_what_is_loaded_says_also_what_is_not_there(house: House) -> None:
    house.happened(some.order(project=PROJECT, entered_for=SITE))
    site, state = party_id(SITE), State()
    wanted = Wanted(
        parties={MAKER_ID, NOBODY},
        products={(MAKER_ID, PRODUCT), (MAKER_ID, "P404")},
        projects={PROJECT_ID, NOBODY},
        orders={(site, "DD-1"), (site, "DD-404")},
        certificates={(MAKER_ID, "none")},
    )

    with house.reading() as tx:
        register.load(tx, wanted, state)

    assert state.parties.keys() == wanted.parties
    assert state.parties[NOBODY] is None
    assert state.products[MAKER_ID, "P404"] is None
    assert state.projects[NOBODY] is None
    assert state.orders[site, "DD-404"] is None
    order = state.orders[site, "DD-1"]
    assert order is not None
    assert order.project == PROJECT_ID
    assert state.certificates[MAKER_ID, "none"] == ()


def test_a_product_is_loaded_with_the_certificate_that_only_it_knows(house: House) -> None:
    state = State()

    with house.reading() as tx:
        register.load(tx, Wanted(products={(MAKER_ID, PRODUCT)}), state)

    assert [period.status for period in state.certificates[MAKER_ID, LICENCE]] == ["valid"]


def test_what_the_state_knows_already_is_not_overwritten(house: House) -> None:
    state = State(parties={MAKER_ID: None}, products={(MAKER_ID, PRODUCT): None})

    with house.reading() as tx:
        register.load(tx, Wanted(parties={MAKER_ID}, products={(MAKER_ID, PRODUCT)}), state)

    assert state.parties == {MAKER_ID: None}
    assert state.products == {(MAKER_ID, PRODUCT): None}


@pytest.mark.parametrize("count", [0, 1, 401, 1_203])
def test_any_number_of_keys_is_looked_up(house: House, count: int) -> None:
    """SQLite takes a bounded number of parameters; the register asks in portions."""
    absent = [f"00000000-0000-4000-9000-{n:012d}" for n in range(count)]

    with house.reading() as tx:
        found = register.parties(tx, [*absent, MAKER_ID])
        products = register.products(tx, [*((each, "P") for each in absent), (MAKER_ID, PRODUCT)])

    assert found.keys() == {MAKER_ID}
    assert products.keys() == {(MAKER_ID, PRODUCT)}


# --- what others have called it, and what was said of it ----------------------------------------------


def test_keys_are_found_by_their_id_and_by_their_owner_the_earliest_first(house: House) -> None:
    first, second = some.key(), some.key()
    house.happened(first, second, by=signed_in(MAKER, Role.MANUFACTURER))
    house.happened(some.key(DEALER), by=signed_in(DEALER, Role.DISTRIBUTOR))
    ids = [each["draft"]["subject"]["key"] for each in (first, second)]

    with house.reading() as tx:
        owned = register.keys_of(tx, MAKER_ID)
        found = register.signing_keys(tx, [ids[1], NOBODY])

    assert [key.id for key in owned] == ids
    assert found == {ids[1]: owned[1]}


def test_goods_and_aliases_are_read_back_as_they_were_written(house: House) -> None:
    goods = {"goods": some.GOODS}
    house.happened(
        some.production(entered_for=MAKER),
        some.inspection(
            goods, goods={**some.MARKS, "length_mm": 5_000, "holder": DEALER}, entered_for=REGULATOR
        ),
        some.alias(goods, batch=some.batch_of()["batch"], entered_for=REGULATOR),
        some.alias(code="KC-1", entered_for=MAKER),
        some.alias({"party": SUPERVISOR}, party=DEALER, entered_for=REGULATOR),
    )
    code = house.code(MAKER)

    with house.reading() as tx:
        known = register.goods_known(tx, [some.GOODS, NOBODY])
        of_batch = register.aliases_of(tx, f"batch:{code}")
        of_party = register.aliases_of(tx, f"party:{party_id(DEALER)}")
        called = register.things_called(tx, "KC-1")
        not_called = register.things_called(tx, SUPERVISOR)  # who somebody is, is no code of anything

    assert known.keys() == {some.GOODS}
    found = known[some.GOODS]
    assert (found.batch, found.length_mm, found.holder) == (code, 5_000, party_id(DEALER))
    assert called == of_batch
    assert [(alias.scheme, alias.code) for alias in of_party] == [("party", SUPERVISOR)]
    assert not_called == []


def test_only_what_was_corrected_has_a_newest_version(house: House) -> None:
    sent, other = (
        some.dispatch(units=[(1, 1)], entered_for=MAKER),
        some.dispatch(units=[(2, 2)], entered_for=MAKER),
    )
    house.happened(some.production(entered_for=MAKER), sent, other)
    first = some.correction(sent, some.dispatch(units=[(3, 3)]), entered_for=MAKER)
    house.happened(first)
    house.happened(some.correction(sent, newest=first["draft"]["id"], entered_for=MAKER))

    with house.reading() as tx:
        newest = register.newest_versions(tx, [sent["draft"]["id"], other["draft"]["id"]])

    assert newest.keys() == {sent["draft"]["id"]}
    assert newest[sent["draft"]["id"]] != first["draft"]["id"]


@pytest.mark.parametrize("void", [False, True])
def test_a_corrected_period_grant_or_order_stands_alone_in_its_table(house: House, void: bool) -> None:
    period = some.certificate(number="XK-2", valid_to="2026-01-01", entered_for=MAKER)
    order, grant = some.order(entered_for=SITE), some.grant(SITE, DEALER, "receipt", entered_for=SITE)
    house.happened(period, order, grant)
    house.restart()

    rights = (
        some.certificate(number="XK-2", valid_to="2027-01-01"),
        some.order(project=PROJECT),
        some.grant(SITE, DEALER, "use"),
    )
    for wrong, right, who in zip((period, order, grant), rights, (MAKER, SITE, SITE), strict=True):
        house.happened(some.correction(wrong, None if void else right, entered_for=who))

    with house.reading() as tx:
        periods = register.certificates(tx, [(MAKER_ID, "XK-2")])[MAKER_ID, "XK-2"]
        orders = [row.project for row in tx.execute(select(register.order))]
        kinds = [row.kinds for row in tx.execute(select(grants.grant))]
    assert [str(each.valid_to) for each in periods] == ([] if void else ["2027-01-01"])
    assert orders == ([] if void else [PROJECT_ID])
    assert kinds == ([] if void else [["use"]])
