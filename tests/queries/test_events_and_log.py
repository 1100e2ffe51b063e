"""Single events and the published log: proofs that check offline, payloads for those whom they concern."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

import drafts_for_tests as some
from cabletrace.alerts import register as alert_register
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_write
from cabletrace.ledger import store
from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.proof_file import check_proof_file
from cabletrace.ledger.tiles import decode_bundle, tiles_of
from cabletrace.ledger.tree import leaf_hash, root_of
from cabletrace.queries.batch import batch_page
from cabletrace.queries.desk import newest_events
from cabletrace.queries.events import entry_of_index, event_page, proof_of_event, proof_of_index
from cabletrace.queries.ledger import ledger_state, published
from cabletrace.queries.versions import newest_version
from drafts_for_tests import DEALER, MAKER, OTHER_MAKER, REGULATOR, SITE
from house_for_tests import open_house, signed_in
from world_for_tests import NOON

Who = Callable[[str], Actor]


def test_the_proof_of_every_entry_checks_offline(tx: Connection, ledger: Any) -> None:
    state = ledger_state(tx)
    vkey = VerifierKey.parse(state.vkey)

    for index in range(state.size):
        entry, proof = entry_of_index(tx, index), proof_of_index(tx, index)

        assert entry is not None
        assert proof is not None
        found, checkpoint = check_proof_file(proof, entry=entry, vkey=vkey)
        assert (found, checkpoint.size, checkpoint.root) == (index, state.size, state.root)


@pytest.mark.parametrize("index", [-1, 10_000])
def test_beyond_the_log_there_is_neither_entry_nor_proof(tx: Connection, index: int) -> None:
    assert entry_of_index(tx, index) is None
    assert proof_of_index(tx, index) is None


def test_who_says_an_event_gets_its_payload_and_whom_it_names_its_proof(
    tx: Connection, ledger: Any, who: Who
) -> None:
    id_ = ledger.event["dispatch-1"]

    spoken, named = event_page(tx, who("maker"), id_), event_page(tx, who("dealer"), id_)

    assert spoken is not None
    assert spoken.payload == store.read_rows_by_id(tx, [id_])[id_].payload
    assert named is not None
    assert named.payload is None
    assert named.happening.what == spoken.happening.what
    assert proof_of_event(tx, who("dealer"), id_) == proof_of_index(tx, ledger.index["dispatch-1"])


@pytest.mark.parametrize("reader", ["site", "shop", "stranger", "officer of Fuyang", "officer of Jinan"])
def test_an_event_that_concerns_others_does_not_exist(
    tx: Connection, ledger: Any, who: Who, reader: str
) -> None:
    # "site" and "shop" may see the batch, and still not this dispatch with its price.
    assert event_page(tx, who(reader), ledger.event["dispatch-1"]) is None
    assert proof_of_event(tx, who(reader), ledger.event["dispatch-1"]) is None
    assert event_page(tx, who(reader), "00000000-0000-4000-8000-0000000000aa") is None


def test_a_fact_about_the_goods_is_shown_without_its_payload_and_persons(
    tx: Connection, ledger: Any, who: Who
) -> None:
    page = event_page(tx, who("site"), ledger.event["production"])

    assert page is not None
    assert (page.payload, page.happening.persons) == (None, ())
    assert event_page(tx, who("stranger"), ledger.event["production"]) is None


@pytest.mark.parametrize(
    ("reader", "sees"), [("maker", True), ("site", True), ("dealer", False), ("operator", True)]
)
def test_an_order_is_open_to_its_parties_only(
    tx: Connection, ledger: Any, who: Who, reader: str, sees: bool
) -> None:
    assert (event_page(tx, who(reader), ledger.event["order"]) is not None) is sees


def test_who_runs_the_machine_reads_no_foreign_payload(tx: Connection, ledger: Any, who: Who) -> None:
    # The operator entered the story itself; another operator did not.
    another = who("operator").__class__(
        account="a",
        party="00000000-0000-4000-8000-0000000000bb",
        role=who("operator").role,
        scope=who("operator").scope.__class__(parties=frozenset({"00000000-0000-4000-8000-0000000000bb"})),
        name="另一运维",
        via="session",
    )

    page = event_page(tx, another, ledger.event["dispatch-1"])

    assert page is not None
    assert (page.payload, page.happening.persons) == (None, ())


def test_tiles_and_bundles_lead_to_the_signed_root(tx: Connection) -> None:
    state = ledger_state(tx)
    (tile,) = tiles_of(state.size)

    hashes, bundle = published(tx, tile.path), published(tx, f"tile/entries/000.p/{tile.width}")

    assert hashes is not None
    assert bundle is not None
    assert not bundle.is_full
    leaves = [leaf_hash(entry) for entry in decode_bundle(bundle.data)]
    assert b"".join(leaves) == hashes.data
    assert root_of(leaves) == state.root


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/000",
        "tile/0/000.p/255",
        "tile/entries/001",
        "tile/1/000.p/1",
        "tile/0/0",
        "checkpoint",
        "../x",
    ],
)
def test_what_was_never_published_is_not_there(tx: Connection, path: str) -> None:
    assert published(tx, path) is None


def test_an_earlier_partial_tile_stays_answerable(tx: Connection) -> None:
    earlier = published(tx, "tile/0/000.p/7")

    assert earlier is not None
    assert len(earlier.data) == 7 * 32


@pytest.mark.parametrize("void", [False, True])
def test_whoever_was_named_by_mistake_is_not_told_to_whom_goods_really_went(
    tmp_path: Path, void: bool
) -> None:
    sent = some.dispatch(to=DEALER, units=[(1, 1)], entered_for=MAKER)
    right = None if void else some.dispatch(to=SITE, units=[(1, 1)])
    corrected = some.correction(sent, right, entered_for=MAKER)
    dealer, maker = signed_in(DEALER, Role.DISTRIBUTOR), signed_in(MAKER, Role.MANUFACTURER)
    with open_house(tmp_path) as house:
        with begin_write(house.engine) as tx:
            alert_register.metadata.create_all(tx)
        house.happened(some.production(entered_for=MAKER), sent, corrected)
        code = house.code(MAKER)
        with house.reading() as tx:
            wrong = event_page(tx, dealer, sent["draft"]["id"])
            pages = [event_page(tx, reader, corrected["draft"]["id"]) for reader in (dealer, maker)]
            batch = batch_page(tx, dealer, code, today=NOON.date())
            newest = newest_events(tx, dealer)
        index = house.size - 1

    assert wrong is not None
    assert (pages[0] is not None, pages[1] is not None) == (void, True)
    assert wrong.corrected_by == (corrected["draft"]["id"] if void else None)
    assert batch is not None
    assert "示例建设" not in repr(batch)
    (on_timeline,) = (each for each in batch.events if each.event_id == sent["draft"]["id"])
    (on_desk,) = (each for each in newest if each.event_id == sent["draft"]["id"])
    for told in (wrong.happening, on_timeline, on_desk):
        assert (told.is_corrected, told.corrected_by) == (True, index if void else None)


def test_who_is_named_by_a_correction_that_was_corrected_in_its_turn_is_told_that_it_was(
    tmp_path: Path,
) -> None:
    sent = some.dispatch(to=SITE, region="411627", units=[(1, 1)], entered_for=MAKER)
    first = some.correction(sent, some.dispatch(to=DEALER, units=[(1, 1)]), entered_for=MAKER)
    second = some.correction(
        sent,
        some.dispatch(to=OTHER_MAKER, region="370112", units=[(1, 1)]),
        newest=first["draft"]["id"],
        entered_for=MAKER,
    )
    with open_house(tmp_path) as house:
        with begin_write(house.engine) as tx:
            alert_register.metadata.create_all(tx)
        house.happened(some.production(entered_for=MAKER), sent, first, second)
        with house.reading() as tx:
            pages = {
                who: event_page(tx, reader, first["draft"]["id"])
                for who, reader in {
                    "dealer": signed_in(DEALER, Role.DISTRIBUTOR),
                    "officer there": signed_in(REGULATOR, Role.REGULATOR, "411602"),
                    "maker": signed_in(MAKER, Role.MANUFACTURER),
                }.items()
            }
            where_it_went_at_first = signed_in(REGULATOR, Role.REGULATOR, "411627")
            root = event_page(tx, where_it_went_at_first, sent["draft"]["id"])
            forms = [
                newest_version(tx, reader, sent["draft"]["id"])
                for reader in (
                    where_it_went_at_first,
                    signed_in(REGULATOR, Role.REGULATOR, "411600"),
                    signed_in(MAKER, Role.MANUFACTURER),
                )
            ]

    assert {who: page and page.corrected_by for who, page in pages.items()} == {
        "dealer": None, "officer there": second["draft"]["id"], "maker": second["draft"]["id"],
    }  # fmt: skip
    assert all(page is not None and page.happening.is_corrected for page in pages.values())
    assert root is not None
    assert (root.happening.is_corrected, root.corrected_by, root.payload is None) == (True, None, False)
    # The form of a correction shows what is to be corrected.
    assert [form is not None and form.newest for form in forms] == [
        False, second["draft"]["id"], second["draft"]["id"],
    ]  # fmt: skip
