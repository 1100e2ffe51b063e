"""Correcting an event on its page: what was wrong is changed, what follows is shown first, both versions stay."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cabletrace.auth.sessions import form_token as token_of
from cabletrace.db.engine import begin_read
from cabletrace.flow import books
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger import store
from drafts_for_tests import DEALER, dispatch
from files_for_tests import name_of, photo
from html_for_tests import Reader
from service_for_tests import ACCOUNTS, FILE, SHOP_B, Service
from typing_for_tests import PAGE, enter, filled_in, newest, opened, send, standing, text_of

CORRECT = re.compile(r"/events/[0-9a-f-]+/correct")


def correcting(service: Service, event: str) -> str:
    return f"/events/{service.event[event]}/correct"


def checked(service: Service, who: str, path: str, **typed: str) -> str:
    """The page that shows what would follow."""
    answer = enter(service, who, path, step="check", **{"reason": "抄错了", **typed})
    assert answer.status_code == 200, text_of(answer)
    return str(answer.text)


def used_metres(service: Service) -> int:
    with begin_read(service.house.ledger) as tx:
        balances = books.balances(tx, books.batch.c.code == service.code["L1"])
    return sum(each.length_mm for each in balances if each.account.state == "used") // 1000


def same_day(service: Service, who: str, path: str) -> dict[str, str]:
    return {"occurred_at": standing(opened(service, who, path))["occurred_at"]}


def test_a_correction_shows_what_changes_and_where_the_metres_go_before_it_is_sent(fresh: Service) -> None:
    path = correcting(fresh, "use")
    size = fresh.size

    page = checked(fresh, "site", path, **same_day(fresh, "site", path), body__length_mm="50")

    said = text_of(page)
    assert "长度（米）6050" in said
    assert re.search(r"已使用.{0,60} 60 50 −10", said)
    assert re.search(r"在工地.{0,60}\+10", said)
    assert fresh.size == size


def test_whom_a_correction_takes_off_the_books_is_named_as_on_the_page_of_the_batch(fresh: Service) -> None:
    sent = dispatch(to=SHOP_B, region="370112", units=[(3, 3)], note="FH-9", on="2026-06-01")
    assert fresh.ask("maker", "POST", "/api/v1/events", json=sent).status_code == 201
    path = f"/events/{sent['draft']['id']}/correct"

    page = checked(
        fresh, "maker", path,
        **same_day(fresh, "maker", path), body__to=DEALER, body__region="河南省周口市川汇区",
    )  # fmt: skip

    said = text_of(page)
    on_its_page = text_of(opened(fresh, "maker", f"/batches/{fresh.code['L1']}"))
    assert re.search(r"在途.{0,30}济南市例示经营部", on_its_page)
    assert re.search(r"在途.{0,30}济南市例示经营部山东省济南市历城区 250 0 −250", said)
    assert re.search(r"在途.{0,30}周口市例示五金经营部河南省周口市川汇区 0 250 \+250", said)
    assert "在他处" not in said


def test_a_confirmed_correction_stands_beside_the_struck_event(fresh: Service) -> None:
    path = correcting(fresh, "use")
    page = checked(fresh, "site", path, **same_day(fresh, "site", path), body__length_mm="50")

    answer = send(fresh, "site", path, {**standing(page), **form_token(fresh), "step": "record"})

    assert answer.headers["location"] == f"/batches/{fresh.code['L1']}#event-{fresh.size - 1}"
    assert used_metres(fresh) == 50
    timeline = opened(fresh, "site", f"/batches/{fresh.code['L1']}")
    assert re.search(r"<del>使用 60 m[^<]*</del>", timeline)
    assert "更正为：使用 50 m" in timeline


def form_token(service: Service) -> dict[str, str]:
    return {"form_token": token_of(service.tokens["site"])}


def test_a_corrected_event_can_be_corrected_again_from_its_newest_version(fresh: Service) -> None:
    path = correcting(fresh, "use")
    for length in ("50", "40"):
        page = checked(fresh, "site", path, **same_day(fresh, "site", path), body__length_mm=length)
        sent = send(fresh, "site", path, {**standing(page), **form_token(fresh), "step": "record"})
        assert sent.status_code == 303

    assert used_metres(fresh) == 40
    assert standing(opened(fresh, "site", path))["body/length_mm"] == "40"


def test_an_event_is_voided_and_its_metres_go_back(fresh: Service) -> None:
    path = correcting(fresh, "use")
    page = checked(fresh, "site", path, void="yes")
    assert "整条作废" in text_of(page)

    send(fresh, "site", path, {**standing(page), **form_token(fresh), "step": "record"})

    assert used_metres(fresh) == 0
    assert "这条记录已经作废" in text_of(opened(fresh, "site", path))


def test_a_person_may_go_back_and_change_what_was_typed(fresh: Service) -> None:
    path = correcting(fresh, "use")
    page = checked(fresh, "site", path, **same_day(fresh, "site", path), body__length_mm="50")

    back = send(fresh, "site", path, {**standing(page), **form_token(fresh), "step": "edit"})

    assert standing(back.text)["body/length_mm"] == "50"
    assert standing(back.text)["reason"] == "抄错了"


def test_a_correction_needs_a_reason(fresh: Service) -> None:
    answer = enter(fresh, "site", correcting(fresh, "use"), step="record", reason=" ")

    assert answer.status_code == 422
    assert "请写明为什么更正" in text_of(answer)


def test_an_own_claim_stands_once_the_metres_have_moved_on(fresh: Service) -> None:
    path = correcting(fresh, "dispatch")

    answer = enter(
        fresh, "maker", path, step="check", reason="数错了", body__units="1", **same_day(fresh, "maker", path)
    )

    assert answer.status_code == 409
    assert "这些货物此后已经移动" in text_of(answer)
    assert standing(answer.text)["body/units"] == "1"


def test_a_correction_by_the_rules_of_its_event_says_what_is_wrong_beside_the_field(fresh: Service) -> None:
    path = correcting(fresh, "use")

    answer = enter(
        fresh, "site", path, step="check", reason="x", body__length_mm="900", **same_day(fresh, "site", path)
    )

    assert answer.status_code == 409
    assert 'href="#field-body/length_mm"' in answer.text


def needed(html: str) -> list[str]:
    """The fields without which a browser does not send the form."""
    controls = Reader(html).all("input", "select", "textarea")
    return [str(each.attributes["name"]) for each in controls if "required" in each.attributes]


@pytest.mark.parametrize("who", ["maker", "dealer", "site", "supervisor", "laboratory", "regulator"])
def test_every_form_of_a_correction_reads_back_what_was_recorded(service: Service, who: str) -> None:
    page = opened(service, who, f"/batches/{service.code['L1']}")

    for path in set(CORRECT.findall(page)):
        form = filled_in(service, who, path, reason="核对", step="check")
        assert [name for name in needed(opened(service, who, path)) if not form[name]] == []
        answer = send(service, who, path, form)

        assert answer.status_code == 200, text_of(answer)
        assert "没有改动任何一项" in answer.text
        assert "米数的去向不变" in answer.text


def test_only_the_speaker_and_its_regulator_find_a_way_to_correct(service: Service) -> None:
    path = correcting(service, "production")

    opens = {
        who
        for who in ACCOUNTS
        if service.ask(who, "GET", path, headers={"Accept": "text/html"}).status_code == 200
    }

    assert opens == {"maker", "regulator"}
    for who in ("dealer", "owner", "laboratory"):
        assert path not in opened(service, who, f"/batches/{service.code['L1']}")


def test_names_of_persons_go_along_with_a_correction(fresh: Service) -> None:
    path = correcting(fresh, "production")
    assert "质检员甲某" in opened(fresh, "maker", path)
    page = checked(fresh, "maker", path, **same_day(fresh, "maker", path), body__line="2 号线")
    size = fresh.size

    form = {**filled_in(fresh, "maker", path), **standing(page), "step": "record"}
    answer = send(fresh, "maker", path, form)

    assert answer.status_code == 303, text_of(answer)
    with begin_read(fresh.house.ledger) as tx:
        said = read_recorded(next(iter(store.read_rows(tx, size))))
    assert said.draft.by[0].name.startswith("#")
    assert "质检员甲某" in opened(fresh, "maker", path)


# --- attachments --------------------------------------------------------------------------------------


def files_of(service: Service) -> list[str]:
    return [each.name for each in newest(service).draft.documents]


def recorded(service: Service, path: str, page: str) -> None:
    """Send what the page that was shown before asks to confirm, as a browser does: its files are named, not sent again."""
    form = {**standing(page), "form_token": token_of(service.tokens["maker"]), "step": "record"}
    answer = service.ask("maker", "POST", path, data=form, files=[NO_FILE], headers=PAGE)
    assert answer.status_code == 303, text_of(answer)


NO_FILE = ("documents", ("", b"", ""))


def correcting_production(service: Service, *files: Any, **typed: str) -> tuple[str, str]:
    """The path, and the page that shows what would follow."""
    path = correcting(service, "production")
    form = filled_in(service, "maker", path, step="check", reason="换照片", **typed)
    page = service.ask("maker", "POST", path, data=form, files=[NO_FILE, *files], headers=PAGE)
    assert page.status_code == 200, text_of(page)
    return path, str(page.text)


def test_a_corrected_version_keeps_the_attachments_of_the_record(fresh: Service) -> None:
    path, page = correcting_production(fresh, body__line="2 号线")
    assert "照片和文件" not in page[page.index("更正的内容") : page.index("米数会怎样")]

    recorded(fresh, path, page)

    assert files_of(fresh) == ["一号盘外观.jpg"]


def test_one_is_dropped_and_one_added_and_the_page_says_so_before(fresh: Service) -> None:
    added = ("documents", ("二号盘.jpg", photo(40), "image/jpeg"))

    path, page = correcting_production(fresh, added, dropped=name_of(FILE["A"]))

    assert re.search("照片和文件.*一号盘外观.jpg.*二号盘.jpg", text_of(page))
    recorded(fresh, path, page)
    assert files_of(fresh) == ["二号盘.jpg"]
    again = opened(fresh, "maker", path)
    assert "去掉 二号盘.jpg" in text_of(again)
    assert "一号盘外观.jpg" in text_of(opened(fresh, "maker", f"/events/{fresh.event['production']}"))
    assert fresh.ask("maker", "GET", f"/api/v1/blobs/{name_of(FILE['A'])}").status_code == 200


def test_the_last_attachment_can_be_dropped(fresh: Service) -> None:
    path, page = correcting_production(fresh, dropped=name_of(FILE["A"]))

    recorded(fresh, path, page)

    assert files_of(fresh) == []


def test_what_was_dropped_and_added_stays_so_when_the_person_goes_back(fresh: Service) -> None:
    added = ("documents", ("二号盘.jpg", photo(40), "image/jpeg"))
    path, page = correcting_production(fresh, added, dropped=name_of(FILE["A"]))
    form = {**standing(page), "form_token": token_of(fresh.tokens["maker"]), "step": "edit"}

    back = fresh.ask("maker", "POST", path, data=form, files=[NO_FILE], headers=PAGE)

    assert standing(back.text)["dropped"] == name_of(FILE["A"])
    assert standing(back.text)["kept"] == f"{name_of(photo(40))} 二号盘.jpg"


def test_an_attachment_that_is_none_is_said_beside_its_field_and_the_others_stay(fresh: Service) -> None:
    path = correcting(fresh, "production")
    form = filled_in(fresh, "maker", path, step="check", reason="换照片", dropped=name_of(FILE["A"]))
    files = [("documents", (name, data, "")) for name, data in (("a.jpg", b"MZ\0"), ("b.jpg", photo(40)))]

    answer = fresh.ask("maker", "POST", path, data=form, files=files, headers=PAGE)

    assert answer.status_code == 422
    assert 'href="#field-documents"' in answer.text
    typed = standing(answer.text)
    assert typed["dropped"] == name_of(FILE["A"])
    assert typed["kept"] == f"{name_of(photo(40))} b.jpg"


def test_nobody_drops_by_a_hash_what_is_not_there(fresh: Service) -> None:
    path, page = correcting_production(fresh, dropped="0" * 64 + ",../x")

    recorded(fresh, path, page)

    assert files_of(fresh) == ["一号盘外观.jpg"]


def test_more_rows_come_to_a_correction_too(fresh: Service) -> None:
    path = correcting(fresh, "test")
    form = filled_in(fresh, "laboratory", path, more="body/items", reason="少抄一项")

    page = send(fresh, "laboratory", path, form).text

    assert page.count('/indicator"') > opened(fresh, "laboratory", path).count('/indicator"')
    assert standing(page)["reason"] == "少抄一项"
    assert 'class="summary"' not in page
