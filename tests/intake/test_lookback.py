"""Looking back: replies, corrections and erasures find what they speak of, in this group or long before, after a
restart and in a rebuild alike."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

import drafts_for_tests as some
from cabletrace.flow import books
from cabletrace.intake import rebuild as rebuilding
from cabletrace.intake.lookback import Ledger, known_event
from cabletrace.intake.record import prepared_or_refused
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_head, read_row, read_rows_by_id
from cabletrace.model.admission import Refusal
from cabletrace.model.state import KnownEvent
from cabletrace.model.values import party_id
from cabletrace.registry import register
from drafts_for_tests import DEALER, MAKER, NOBODY, PROJECT, REGULATOR, SITE, SUPERVISOR, Envelope, batch_of
from house_for_tests import House, at_the_machine, rebuilt


def id_of(envelope: Envelope) -> str:
    id_: str = envelope["draft"]["id"]
    return id_


def known(house: House, event_id: str) -> KnownEvent | None:
    with house.reading() as tx:
        return known_event(Ledger(tx, tx, [], read_head(tx).size), event_id)


def book_of(house: House, lot: str = "L1") -> books.Book:
    with house.reading() as tx:
        code = house.code(MAKER, lot)
        return books.read_books(tx, [code])[code]


# --- the event ----------------------------------------------------------------------------------------


def test_an_event_is_known_in_its_first_and_in_its_newest_version(house: House) -> None:
    sent = some.dispatch(units=[(1, 1)], entered_for=MAKER)
    right = some.correction(sent, some.dispatch(units=[(2, 2)]), entered_for=MAKER)
    house.happened(some.production(entered_for=MAKER), sent, right)

    event = known(house, id_of(sent))

    assert event is not None
    assert (event.kind, event.speaker, event.newest) == ("dispatch", party_id(MAKER), id_of(right))
    assert (event.original.body.units, event.said.body.units) == (((1, 1),), ((2, 2),))
    assert event.batch == house.code(MAKER)
    assert known(house, NOBODY) is None


def test_a_voided_event_says_nothing_now(house: House) -> None:
    sent = some.dispatch(units=[(1, 1)], entered_for=MAKER)
    house.happened(some.production(entered_for=MAKER), sent, some.correction(sent, entered_for=MAKER))

    event = known(house, id_of(sent))

    assert event is not None
    assert event.said is None


def test_rows_that_lie_ahead_are_not_known_yet(house: House) -> None:
    made = some.production(entered_for=MAKER)
    (receipt,) = house.happened(made)

    with house.reading() as tx:
        assert known_event(Ledger(tx, tx, [], receipt.seq), id_of(made)) is None
        assert known_event(Ledger(tx, tx, [], receipt.seq + 1), id_of(made)) is not None


def test_what_is_spoken_of_may_stand_in_the_same_group(house: House) -> None:
    made, sent = some.production(entered_for=MAKER), some.dispatch(units=[(1, 1)], entered_for=MAKER)
    first = some.correction(sent, some.dispatch(units=[(2, 2)]), entered_for=MAKER)
    second = some.correction(sent, some.dispatch(units=[(3, 3)]), newest=id_of(first), entered_for=MAKER)
    stale = some.correction(sent, newest=id_of(first), entered_for=MAKER)

    answers = house.record(made, sent, first, second, stale)

    assert [isinstance(answer, Receipt) for answer in answers] == [True] * 4 + [False]
    assert [run.account.state for run in book_of(house).runs] == ["held", "transit", "held"]


def test_of_a_refused_event_nothing_can_be_said(house: House) -> None:
    sent = some.dispatch(units=[(1, 9)], entered_for=MAKER)

    answers = house.record(some.production(entered_for=MAKER), sent, some.correction(sent, entered_for=MAKER))

    assert isinstance(answers[2], Refusal)
    assert answers[2].problems[0].code == "event-unknown"


# --- after a restart ----------------------------------------------------------------------------------


def test_a_reply_about_goods_that_are_not_in_memory_is_recorded(house: House) -> None:
    noticed = some.notice(entered_for=REGULATOR)
    house.happened(some.production(entered_for=MAKER), noticed)
    house.restart()

    house.happened(some.notice_reply(id_of(noticed), entered_for=SITE))

    with house.reading() as tx:
        involved = books.involved_in(tx, [house.code(MAKER)])
    assert f"p:{party_id(SITE)}" in involved[house.code(MAKER)]


def test_a_correction_finds_history_that_is_not_in_memory(house: House) -> None:
    sent = some.dispatch(units=[(1, 2)], entered_for=MAKER)
    house.happened(some.production(entered_for=MAKER), sent, some.receipt(units=[(2, 2)], entered_for=DEALER))
    house.restart()

    (own,) = house.record(some.correction(sent, entered_for=MAKER))
    house.restart()
    house.happened(some.correction(sent, some.dispatch(units=[(1, 3)]), entered_for=MAKER))

    assert isinstance(own, Refusal)
    assert own.problems[0].code == "correction-after-movement"
    assert [run.account.state for run in book_of(house).runs] == ["transit", "held", "transit", "held"]


def test_opinions_on_pieces_are_read_back_in_the_order_in_which_history_leads_to_them(house: House) -> None:
    sent = some.dispatch(units=[(3, 3)], entered_for=MAKER)
    house.happened(
        some.production(entered_for=MAKER),
        sent,
        some.supervision(units=[(1, 1)], entered_for=SUPERVISOR),
        some.supervision(units=[(2, 2)], entered_for=SUPERVISOR),
        some.split(unit=1, entered_for=MAKER),
    )
    kept = some.correction(sent, some.dispatch(units=[(4, 4)]), entered_for=MAKER)
    house.happened(kept)
    house.restart()

    house.happened(some.correction(sent, newest=id_of(kept), entered_for=MAKER))


@pytest.mark.parametrize("void", [False, True])
def test_an_opinion_that_was_taken_back_stands_in_no_table(house: House, tmp_path: Path, void: bool) -> None:
    opinions = [some.supervision(units=[(n, n)], entered_for=SUPERVISOR) for n in (1, 2)]
    house.happened(some.production(entered_for=MAKER), *opinions)
    right = None if void else some.supervision(units=[(3, 3)])
    house.happened(some.correction(opinions[0], right, entered_for=SUPERVISOR))

    assert [each.first for each in book_of(house).admissions] == ([2] if void else [3, 2])
    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


def test_an_erasure_finds_where_the_persons_of_an_old_event_stand(house: House) -> None:
    by = [{"role": "acceptor", "name": "甲某"}, {"role": "keeper", "name": "乙某"}]
    accepted = some.acceptance(by=by, entered_for=SITE)
    house.happened(some.production(entered_for=MAKER), accepted)
    house.restart()

    keeper, acceptor, nobody = house.record(
        *(some.erasure(id_of(accepted), "acceptance", f"/by/{n}/name", entered_for=SITE) for n in (1, 0, 2))
    )

    assert isinstance(keeper, Receipt)
    assert [a.problems[0].code for a in (acceptor, nobody) if isinstance(a, Refusal)] == [
        "person-locked",
        "nothing-to-erase",
    ]


# --- what the public said -----------------------------------------------------------------------------


def test_the_last_reply_to_a_complaint_stands_under_its_receipt_number(house: House) -> None:
    complained = some.complaint(entered_for=REGULATOR)
    house.happened(some.production(entered_for=MAKER))
    (receipt,) = house.happened(complained)
    with house.reading() as tx:
        row = read_row(tx, receipt.seq)
        assert row is not None
        number = read_recorded(row).assigned["receipt"]
        asked = register.submission_by_number(tx, number)
    house.restart()

    house.happened(
        some.notice_reply(id_of(complained), "complaint", action="accepted", entered_for=REGULATOR),
        some.notice_reply(id_of(complained), "complaint", action="mediated", entered_for=REGULATOR),
    )

    with house.reading() as tx:
        answered = register.submission_by_number(tx, number)
    assert asked is not None
    assert (asked.event, asked.kind, asked.region, asked.action) == (
        id_of(complained),
        "complaint",
        "411602",
        None,
    )
    assert answered is not None
    assert (answered.action, answered.answered_by) == ("mediated", REGULATOR)


@pytest.mark.parametrize("by", [DEALER, MAKER])
def test_only_an_authority_answers_what_the_public_said(house: House, by: str) -> None:
    reported = some.hint(entered_for=REGULATOR)
    house.happened(some.production(entered_for=MAKER), reported)

    (answer,) = house.record(some.notice_reply(id_of(reported), "report", entered_for=by))

    assert isinstance(answer, Refusal)
    assert answer.problems[0].code == "not-asked"


# --- a rebuild ----------------------------------------------------------------------------------------


def moved_house(region: str) -> Envelope:
    return some.party(DEALER, "五金经营部", "distributor", region=region, entered_for=DEALER)


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_a_rebuild_knows_where_the_live_books_had_what_a_party_that_moved_house_received(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """Its region when it received is in the journal, and in a rebuild not yet: both must walk history alike."""
    sent = some.dispatch(units=[(1, 2)], entered_for=MAKER)
    house.happened(some.production(entered_for=MAKER), sent)
    house.happened(some.receipt(units=[(1, 1)], entered_for=DEALER))
    house.happened(moved_house("411681"))
    house.happened(some.correction(sent, some.dispatch(units=[(1, 3)]), entered_for=MAKER))
    monkeypatch.setattr(rebuilding, "_CHUNK", chunk)

    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("chunk", [4, 1000])
def test_corrections_in_any_group_rebuild_to_the_same_rows(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, chunk: int
) -> None:
    chance = Random(seed)
    said: list[Envelope] = []
    newest: dict[str, str] = {}
    house.happened(*(some.production(lot, loose_mm=100_000, entered_for=MAKER) for lot in ("L1", "L2")))
    for _ in range(12):
        group = [something(chance, said, newest) for _ in range(chance.randint(1, 4))]
        for envelope, answer in zip(group, house.record(*group), strict=True):
            if isinstance(answer, Receipt):
                remember(envelope, said, newest)
    monkeypatch.setattr(rebuilding, "_CHUNK", chunk)

    with house.reading() as tx:
        assert tx.execute(select(register.version)).all()
    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


def something(chance: Random, said: list[Envelope], newest: dict[str, str]) -> Envelope:
    batch, unit = batch_of(lot=chance.choice(["L1", "L2"])), chance.randint(1, 4)
    if said and chance.random() < 0.5:
        of = chance.choice(said)
        right = (
            None if chance.random() < 0.3 else {"draft": {**of["draft"], "body": dict(of["draft"]["body"])}}
        )
        if right is not None and right["draft"]["body"].get("units"):
            right["draft"]["body"]["units"] = [[unit, unit]]
        return some.correction(
            of, right, newest=newest.get(id_of(of)), entered_for=of["draft"]["entered_for"]
        )
    return chance.choice(
        [
            lambda: moved_house(chance.choice(["411602", "411681"])),
            lambda: some.dispatch(batch, units=[(unit, unit)], entered_for=MAKER),
            lambda: some.receipt(batch, units=[(unit, unit)], entered_for=DEALER),
            lambda: some.receipt(batch, units=[(unit, unit)], project=PROJECT, entered_for=SITE),
            lambda: some.receipt(batch, length_mm=7_000, entered_for=DEALER),
            lambda: some.split(batch, unit=unit, pieces=[(chance.randint(11, 20), 1_000)], entered_for=MAKER),
            lambda: some.measure(
                "seize", f"扣{chance.random()}", batch, units=[(unit, unit)], entered_for=REGULATOR
            ),
            lambda: some.recall(batch, entered_for=MAKER),
        ]
    )()


def remember(envelope: Envelope, said: list[Envelope], newest: dict[str, str]) -> None:
    draft = envelope["draft"]
    if draft["kind"] == "correction":
        newest[draft["subject"]["event"]] = draft["id"]
    elif draft["kind"] != "party":
        said.append(envelope)


# --- a rehearsal --------------------------------------------------------------------------------------


def test_a_rehearsal_looks_back_at_what_it_has_only_rehearsed(house: House) -> None:
    made, sent = some.production(entered_for=MAKER), some.dispatch(units=[(1, 1)], entered_for=MAKER)
    right = some.correction(sent, some.dispatch(units=[(1, 2)]), entered_for=MAKER)
    before = house.dump()

    groups = [[prepared_or_refused(each, at_the_machine())] for each in (made, sent, right)]
    verdicts = [verdict for (verdict,) in house.intake.rehearse(groups)]  # type: ignore[arg-type]

    assert not any(isinstance(verdict, Refusal) for verdict in verdicts)
    assert house.dump() == before


@pytest.mark.parametrize("in_one_group", [False, True])
def test_a_receipt_stays_where_its_party_was_when_the_party_moves(
    house: House, tmp_path: Path, in_one_group: bool
) -> None:
    seen = some.receipt(units=[(1, 1)], entered_for=DEALER)
    happened = [
        some.production(entered_for=MAKER),
        some.dispatch(units=[(1, 1)], entered_for=MAKER),
        some.receipt(units=[(1, 1)], entered_for=DEALER),
        seen,  # once more, so that nothing is posted
        some.party(DEALER, "五金经营部", "distributor", region="411681", entered_for=DEALER),
        some.correction(seen, some.receipt(units=[(1, 2)]), entered_for=DEALER),
    ]

    for group in [happened] if in_one_group else [[each] for each in happened]:
        house.happened(*group)

    regions = {run.first: run.account.region for run in book_of(house).runs}
    assert regions == {1: "411602", 2: "411602", 3: "411603"}
    assert house.dump(kind="projection") == rebuilt(house, tmp_path)


def test_a_correction_reaches_the_streams_of_everybody_in_the_wrong_version(house: House) -> None:
    sent = some.dispatch(to=DEALER, units=[(1, 1)], entered_for=MAKER)
    first = some.correction(sent, some.dispatch(to=SITE, units=[(1, 1)]), entered_for=REGULATOR)
    second = some.correction(
        sent, some.dispatch(to=SUPERVISOR, units=[(1, 1)]), newest=id_of(first), entered_for=MAKER
    )
    house.happened(some.production(entered_for=MAKER), sent, first)
    house.restart()
    house.happened(second)

    with house.reading() as tx:
        rows = read_rows_by_id(tx, [id_of(first), id_of(second)])
    parties = [
        {name for name in read_recorded(rows[id_of(each)]).streams if name.startswith("party:")}
        for each in (first, second)
    ]
    assert parties[0] == {f"party:{party_id(who)}" for who in (REGULATOR, MAKER, DEALER, SITE)}
    assert parties[1] == {f"party:{party_id(who)}" for who in (MAKER, DEALER, SITE, SUPERVISOR)}
