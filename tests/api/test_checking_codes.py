"""The public check over HTTP: its answers, how often a code was checked, where, and who is asked to wait."""

from __future__ import annotations

from time import sleep
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from cabletrace.api import check
from cabletrace.app.start_up import make_scans
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.scans import stream
from service_for_tests import Service

PAGE = {"Accept": "text/html"}


def drum(service: Service, unit: int = 1) -> str:
    rows = service.ask("maker", "GET", f"/api/v1/batches/{service.code['L1']}/codes?units={unit}").json()[
        "rows"
    ]
    return str(rows[0]["code"]).replace("-", "")


def checked(service: Service, code: str, phone: str = "a") -> Any:
    return service.client.get(f"/c/{code}", headers={"User-Agent": phone}).json()


def false_codes(service: Service, count: int) -> list[str]:
    """Codes of well-formed drums of L1 that nobody issued."""
    batch = BatchCode(service.code["L1"][:-1])
    return [unit_code(batch, unit, b"another key" * 3).canonical for unit in range(1, count + 1)]


def state(service: Service, code: str, phone: str, **form: str) -> Any:
    return service.client.post(f"/c/{code}/place", data=form, headers={"User-Agent": phone, **PAGE})


def wait_for_places(service: Service, code: str, count: int, outcome: stream.Outcome = "place") -> None:
    """Until so many statements about where a code was stand in the file: they are written in groups."""
    wanted = select(func.count()).where(stream.scan.c.code == code, stream.scan.c.outcome == outcome)
    for _ in range(200):
        with begin_read(service.house.scans) as tx:
            if tx.scalar(wanted) == count:
                return
        sleep(0.05)
    raise AssertionError("the places were not written")


def test_a_code_says_how_often_it_was_checked_and_since_when_and_a_reload_does_not_count(
    writing: Service,
) -> None:
    code = drum(writing, 3)

    first = checked(writing, code)["checks"]
    reloaded = checked(writing, code)["checks"]
    other = checked(writing, code, "another phone")["checks"]

    assert [each["times"] for each in (first, reloaded, other)] == [1, 1, 2]
    assert first["first_on"] == "2026-06-30"
    page = writing.client.get(f"/c/{code}", headers={"User-Agent": "a", **PAGE}).text
    assert "次查验，首次" in page


def test_each_spelling_of_a_code_counts_as_the_same(writing: Service) -> None:
    code = drum(writing, 4)
    spellings = (code, code.lower(), "-".join(code[at : at + 4] for at in range(0, 20, 4)))

    counted = [checked(writing, each, f"phone {n}")["checks"]["times"] for n, each in enumerate(spellings)]

    assert counted == [1, 2, 3]


def test_what_people_state_is_told_of_the_first_phone_only_and_makes_no_answer_of_its_own(
    writing: Service,
) -> None:
    code, outcomes = drum(writing, 2), []
    for n, (phone, place) in enumerate(
        (("a", "周口市"), ("b", "411602"), ("c", "广州市"), ("d", "广东省广州市")), 1
    ):
        checked(writing, code, phone)
        answer = state(writing, code, phone, place=place)
        assert answer.status_code == 303
        wait_for_places(writing, code, n)
        outcomes.append(checked(writing, code, phone)["outcome"])

    found = checked(writing, code)

    assert outcomes == ["issued"] * 4
    assert found["checks"]["first_region_name"] == "河南省周口市"
    assert "广州" not in str(found)


def test_a_position_is_kept_as_a_city_and_nothing_finer_is_anywhere_in_the_file(writing: Service) -> None:
    code = drum(writing, 1)
    checked(writing, code, "locating phone")

    answer = state(writing, code, "locating phone", longitude="114.6", latitude="33.6")
    wait_for_places(writing, code, 1)

    assert answer.headers["Location"] == f"/c/{code}?place=411600"
    assert "记下了：河南省周口市" in writing.client.get(answer.headers["Location"], headers=PAGE).text
    with begin_read(writing.house.scans) as tx:
        dump = "\n".join(map(repr, tx.exec_driver_sql("SELECT * FROM scan")))
    assert "411600" in dump
    assert not [word for word in ("114.6", "33.6", "locating phone", "testclient") if word in dump]


@pytest.mark.parametrize(
    "form",
    [
        {"place": "没有这个地方"},
        {"place": ""},
        {"longitude": "139.7", "latitude": "35.7"},
        {"longitude": "nan", "latitude": "1e9"},
    ],
)
def test_a_place_that_is_none_is_refused_in_words_and_what_was_typed_stays(
    service: Service, form: dict[str, str]
) -> None:
    checked(service, drum(service))
    answer = state(service, drum(service), "a", **form)

    assert answer.status_code == 422
    assert "次查验" in answer.text
    assert "请先改正以下问题" in answer.text
    assert form.get("place", "") in answer.text


def test_a_place_may_be_written_short_and_one_of_several_is_picked(service: Service) -> None:
    short = state(service, drum(service), "a", place="周口")
    several = state(service, drum(service), "a", place="鼓楼")
    picked = state(service, drum(service), "a", **{"place": "鼓楼", "picked:place": "河南省开封市鼓楼区"})

    assert short.headers["location"].endswith("?place=411600")
    assert several.status_code == 422
    assert 'name="picked:place" value="河南省开封市鼓楼区"' in several.text
    assert picked.headers["location"].endswith("?place=410200")


def test_of_goods_with_a_false_label_it_may_be_said_where_they_are_and_of_nothing_else(
    writing: Service,
) -> None:
    forged = false_codes(writing, 1)[0]
    mistyped = drum(writing)[:-1] + ("A" if drum(writing)[-1] != "A" else "B")
    strange = unit_code(BatchCode("ZZZZZZZZZ"), 1, b"another key" * 3).canonical
    for code, asks in ((forged, True), (mistyped, True), (strange, False), ("7K3QF-9TWZA", False)):
        page = writing.client.get(f"/c/{code}", headers=PAGE).text
        assert ("货上就是这样印的吗" in page) == asks, code

        refused = state(writing, code, "a", place="没有这个地方")
        answer = state(writing, code, "a", place="太康县")

        assert refused.status_code == (422 if asks else 303)
        assert answer.status_code == 303
        assert answer.headers["location"].endswith("?place=411600") == asks
        assert (
            "记下了：河南省周口市" in writing.client.get(answer.headers["location"], headers=PAGE).text
        ) == asks
    for code in (forged, mistyped):
        wait_for_places(writing, code, 1, "false-place")
    with begin_read(writing.house.scans) as tx:
        kept = tx.execute(
            select(stream.scan.c.code, stream.scan.c.region).where(stream.scan.c.outcome == "false-place")
        ).all()
    assert sorted(map(tuple, kept)) == sorted([(forged, "411600"), (mistyped, "411600")])


def test_another_site_cannot_state_a_place(service: Service) -> None:
    answer = service.client.post(
        f"/c/{drum(service)}/place", data={"place": "周口市"}, headers={"Origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403


def test_whoever_tries_very_many_false_codes_waits_and_a_true_code_is_still_answered(fresh: Service) -> None:
    codes = false_codes(fresh, check.GUESSES + 1)

    answers = [fresh.client.get(f"/c/{code}").status_code for code in codes]
    over = fresh.client.get(f"/c/{false_codes(fresh, check.GUESSES + 2)[-1]}")
    known = fresh.client.get(f"/c/{drum(fresh)}")
    mistyped = fresh.client.get("/c/7K3QF-9TWZA")

    assert answers == [404] * check.GUESSES + [429]
    assert (over.status_code, over.json()["code"]) == (429, "too-many-requests")
    assert int(over.headers["Retry-After"]) > 0
    assert known.status_code == 200
    assert mistyped.status_code == 422


def test_a_village_that_scans_one_false_label_again_and_again_does_not_wait(fresh: Service) -> None:
    (code,) = false_codes(fresh, 1)

    answers = {fresh.client.get(f"/c/{code}").status_code for _ in range(check.GUESSES + 5)}

    assert answers == {404}


@pytest.mark.sqlite("it is about the file itself")
def test_a_file_of_checks_that_is_merely_in_use_stays_where_it_is(fresh: Service) -> None:
    path = fresh.house.folder.root / "busy.db"
    engine = open_database(path)
    list(make_scans(engine, path))

    def busy(*_: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))

    event.listen(engine, "begin", busy)
    with pytest.raises(OperationalError, match="locked"):
        list(make_scans(engine, path))

    assert path.exists()
    assert not path.with_name("busy.db.damaged").exists()
    event.remove(engine, "begin", busy)
    engine.dispose()


def test_who_checks_a_code_while_checks_cannot_be_counted_is_answered_without_a_count(
    fresh: Service,
) -> None:
    with begin_write(fresh.house.scans) as tx:
        stream.checked_code.drop(tx)

    answer = checked(fresh, drum(fresh))
    page = fresh.client.get(f"/c/{drum(fresh)}", headers=PAGE)

    assert (answer["outcome"], answer["checks"]) == ("issued", None)
    assert page.status_code == 200
    assert "次查验" not in page.text


def test_a_page_may_ask_for_camera_and_position_and_no_foreign_frame_may(service: Service) -> None:
    policy = service.client.get("/c", headers=PAGE).headers["Permissions-Policy"]

    assert policy == "camera=(self), geolocation=(self), microphone=()"


def test_checks_that_wait_and_were_dropped_are_among_the_figures(service: Service) -> None:
    told = service.ask("operator", "GET", "/metrics").text

    assert "cabletrace_waiting_checks" in told
    assert "cabletrace_dropped_checks_total" in told


@pytest.mark.sqlite("it is about the file itself")
def test_a_file_of_checks_that_cannot_be_read_is_put_aside_and_counting_begins_anew(
    fresh: Service,
) -> None:
    path = fresh.house.folder.root / "other.db"
    path.write_bytes(b"no database at all " * 100)
    engine = open_database(path)

    told = list(make_scans(engine, path))

    assert "other.db.damaged" in told[0].zh
    assert path.with_name("other.db.damaged").exists()
    assert list(make_scans(engine, path)) == []
    engine.dispose()
