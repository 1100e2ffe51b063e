"""Photos that come with a complaint or a report: bare, bounded, seen by its authority alone, and no way to upload else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cabletrace.auth.actor import Actor
from cabletrace.blobs import sweep as sweeping
from cabletrace.blobs import uploads
from cabletrace.blobs.bare import bare
from cabletrace.errors import TooManyRequests
from cabletrace.http import photos as limits
from cabletrace.http.attaching import Attaching
from cabletrace.http.photos import MOST_FORMS, MOST_FROM_ALL, MOST_FROM_ONE, MOST_PHOTOS, Brought, Photos
from cabletrace.model.parts import Document
from files_for_tests import document_of, name_of, pdf, photo, picture
from service_for_tests import ACCOUNTS, Service
from typing_for_tests import PAGE, filled_in, newest, opened, standing, text_of
from world_for_tests import NOON

REPORT = {"body__text": "村口仓库在贴牌", "marks": "BV 2.5 无厂名", "place__region": "川汇区"}
EMPTY = ("documents", ("", b"", "application/octet-stream"))


def file(data: bytes, name: str = "IMG_20260501_某人家.jpg") -> tuple[str, tuple[str, bytes, str]]:
    return "documents", (name, data, "image/jpeg")


def tell(service: Service, *files: Any, who: str = "anybody", **typed: str) -> Any:
    """A report with files, sent as the form without script does."""
    form = filled_in(service, who, "/report/report", **{"occurred_at": "2026-05-20", **REPORT, **typed})
    return service.ask(who, "POST", "/report/report", data=form, files=[EMPTY, *files], headers=PAGE)


def stored(service: Service) -> set[str]:
    return {name for name, _ in service.house.blobs.names()}


def photos_on(page: str) -> list[str]:
    return re.findall(r'<img src="/api/v1/blobs/([0-9a-f]{64})"', page)


def test_photos_are_kept_bare_and_their_authority_sees_them(fresh: Service) -> None:
    before = stored(fresh)

    answer = tell(fresh, file(photo(30)), file(picture("PNG", shade=9), "b.png"))

    assert answer.status_code == 303, text_of(answer)
    documents = newest(fresh).draft.documents
    assert [each.name for each in documents] == ["照片1.jpg", "照片2.png"]
    assert stored(fresh) - before == {name_of(bare(photo(30))), name_of(bare(picture("PNG", shade=9)))}
    assert bare(photo(30)) != photo(30)
    number = answer.headers["location"].removeprefix("/r/")
    assert photos_on(opened(fresh, "regulator", f"/submissions/{number}")) == [
        each.sha256 for each in documents
    ]
    shown = fresh.ask("regulator", "GET", f"/api/v1/blobs/{documents[0].sha256}")
    assert shown.content == bare(photo(30))


def test_a_complaint_takes_photos_too(fresh: Service) -> None:
    path = f"/report/complaint?code={fresh.code['L1']}"
    form = filled_in(
        fresh, "anybody", path, body__text="线细", body__wants="refund", place__region="川汇区",
        body__complainant__name="某女士", body__complainant__phone="000-0000", occurred_at="2026-05-20",
    )  # fmt: skip

    answer = fresh.ask(
        "anybody", "POST", "/report/complaint", data=form, files=[file(photo(30))], headers=PAGE
    )

    assert answer.status_code == 303, text_of(answer)
    (document,) = newest(fresh).draft.documents
    assert document.sha256 in opened(fresh, "regulator", f"/batches/{fresh.code['L1']}")
    for who in ("maker", "dealer", "site", "laboratory"):
        assert document.sha256 not in opened(fresh, who, f"/batches/{fresh.code['L1']}")


def test_nobody_else_sees_a_photo_nor_where_it_lies(fresh: Service) -> None:
    receipt = tell(fresh, file(photo(30))).headers["location"]
    name = newest(fresh).draft.documents[0].sha256

    for who in ("anybody", *ACCOUNTS):
        answer = fresh.ask(who, "GET", f"/api/v1/blobs/{name}")
        assert answer.status_code == {"regulator": 200, "anybody": 401, "witness": 403, "auditor": 403}.get(
            who, 404
        ), who
    assert name not in opened(fresh, "anybody", receipt)
    assert name not in fresh.client.get(receipt).text


def test_a_form_without_photos_is_sent_as_before(fresh: Service) -> None:
    assert tell(fresh).status_code == 303
    assert newest(fresh).draft.documents == ()


def test_sending_it_twice_records_it_once_with_its_photos(fresh: Service) -> None:
    form = filled_in(fresh, "anybody", "/report/report", occurred_at="2026-05-20", **REPORT)

    first, again = (
        fresh.ask("anybody", "POST", "/report/report", data=form, files=[file(photo(30))], headers=PAGE)
        for _ in range(2)
    )

    assert first.headers["location"] == again.headers["location"]


def test_the_same_photo_twice_is_one(fresh: Service) -> None:
    tell(fresh, file(photo(30)), file(photo(30)), file(bare(photo(30))))

    assert len(newest(fresh).draft.documents) == 1


# --- what is wrong ------------------------------------------------------------------------------------


def sent_again(service: Service, page: str, *files: Any, **changed: str) -> Any:
    """The form as it stands, with this typed over it, sent again."""
    typed = {name.replace("__", "/"): text for name, text in changed.items()}
    form = {**standing(page), "kept": kept_on(page), **typed}
    return service.ask("anybody", "POST", "/report/report", data=form, files=[EMPTY, *files], headers=PAGE)


def kept_on(page: str) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)" checked', page)


def test_after_an_error_the_photos_stay_and_are_sent_with_the_form_put_right(fresh: Service) -> None:
    size = fresh.size

    refused = tell(fresh, file(photo(30)), place__region="朝阳区")
    done = sent_again(fresh, refused.text, file(photo(60)), place__region="川汇区")

    assert refused.status_code == 422
    assert "已收下的照片，不用再选" in text_of(refused)
    assert "没有保存" not in text_of(refused)
    assert standing(refused.text)["body/text"] == "村口仓库在贴牌"
    assert len(kept_on(refused.text)) == 1
    assert done.status_code == 303, text_of(done)
    assert fresh.size == size + 1
    documents = newest(fresh).draft.documents
    assert [each.sha256 for each in documents] == [name_of(bare(photo(n))) for n in (30, 60)]
    assert [each.name for each in documents] == ["照片1.jpg", "照片2.jpg"]


def test_a_kept_photo_can_be_taken_away(fresh: Service) -> None:
    refused = tell(fresh, file(photo(30)), place__region="朝阳区")

    done = sent_again(fresh, refused.text.replace(" checked", ""), place__region="川汇区")

    assert done.status_code == 303
    assert newest(fresh).draft.documents == ()


def test_a_kept_photo_belongs_to_its_form_and_nobody_makes_its_token(fresh: Service) -> None:
    refused = tell(fresh, file(photo(30)), place__region="朝阳区")
    (token,) = kept_on(refused.text)
    other = filled_in(fresh, "anybody", "/report/report", **REPORT)["id"]
    false = [
        {"id": other},
        {"kept": token[:-1] + ("0" if token[-1] != "0" else "1")},
        {"kept": token.replace("image/jpeg", "image/png")},
        {"kept": name_of(bare(photo(30)))},
        {"kept": "é"},
    ]

    for changed in false:
        answer = sent_again(fresh, refused.text, place__region="川汇区", **changed)

        assert answer.status_code == 422, changed
        assert "先前选的照片已经不在了" in text_of(answer)


def test_a_kept_photo_belongs_to_its_day(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "KEPT_FOR_THE_PUBLIC", timedelta(seconds=-1))
    refused = tell(fresh, file(photo(30)), place__region="朝阳区")

    late = sent_again(fresh, refused.text, place__region="川汇区")

    assert (late.status_code, "已经不在了" in text_of(late)) == (422, True)


def test_kept_photos_count_once_and_among_the_most_of_a_form(fresh: Service) -> None:
    page = tell(fresh, *(file(photo(30 * n)) for n in range(MOST_PHOTOS - 1)), place__region="朝阳区").text
    for _ in range(MOST_FROM_ONE // MOST_PHOTOS + 2):
        page = sent_again(fresh, page).text
        assert len(kept_on(page)) == MOST_PHOTOS - 1

    too_many = sent_again(fresh, page, file(photo(200)), file(photo(201)), place__region="川汇区")

    assert too_many.status_code == 422
    assert f"最多附 {MOST_PHOTOS} 张照片" in text_of(too_many)


def test_where_photos_could_not_be_kept_the_form_is_not_taken_without_them_unasked(
    fresh: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_PHOTO_BYTES", 100)
    size = fresh.size
    refused = tell(fresh, file(photo(30)))
    assert "照片没有保存，请重新选择" in text_of(refused)

    without = sent_again(fresh, refused.text)
    asked = sent_again(fresh, without.text)
    ticked = sent_again(fresh, without.text, without="yes")

    assert (without.status_code, asked.status_code) == (422, 422)
    assert "现在没有附任何照片" in text_of(without)
    assert "现在没有附任何照片" in text_of(asked)
    assert ticked.status_code == 303
    assert fresh.size == size + 1


def test_a_photo_kept_for_a_form_that_never_came_again_is_swept_after_a_day(fresh: Service) -> None:
    tell(fresh, file(photo(30)), place__region="朝阳区")
    house = fresh.house

    sweeping.sweep(house.blobs, desk=house.desk, ledger=house.ledger, now=NOON + timedelta(hours=23))
    still = name_of(bare(photo(30))) in stored(fresh)
    sweeping.sweep(house.blobs, desk=house.desk, ledger=house.ledger, now=NOON + timedelta(hours=25))

    assert still
    assert name_of(bare(photo(30))) not in stored(fresh)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([file(b"MZ\0\0", "a.jpg")], "「a.jpg」：内容不是 JPEG"),
        ([file(pdf(), "b.pdf")], "「b.pdf」：这里只收照片"),
        ([file(photo()[:-30], "c.jpg")], "「c.jpg」"),
        ([file(picture("GIF"), "d.gif")], "GIF"),
        ([file(photo(n)) for n in range(MOST_PHOTOS + 1)], f"最多附 {MOST_PHOTOS} 张照片"),
    ],
)
def test_what_is_no_photo_or_too_many_is_said_beside_the_field(
    fresh: Service, files: list[Any], said: str
) -> None:
    before, size = stored(fresh), fresh.size

    answer = tell(fresh, *files)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "PDF 再上传" not in text_of(answer)
    assert 'href="#field-documents"' in answer.text
    assert standing(answer.text)["marks"] == "BV 2.5 无厂名"
    assert (stored(fresh), fresh.size) == (before, size)


def _attaching(service: Service) -> Attaching:
    house = service.house
    return Attaching(blobs=house.blobs, desk=house.desk, ledger=house.ledger, clock=lambda: NOON)


def heavy(shade: int, size: int) -> bytes:
    """A JPEG of so many bytes: what is behind its end counts on the way, and is not kept."""
    data = picture("JPEG", shade=shade)
    return data + bytes(size - len(data))


def test_a_photo_may_have_so_many_bytes_and_all_of_them_together(
    fresh: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGEST_PHOTO_BYTES", 2**20)
    monkeypatch.setattr(limits, "MOST_PHOTO_BYTES", 2 * 2**20)

    one = tell(fresh, file(heavy(1, 2**20 + 1), "大.jpg"))
    together = tell(fresh, *(file(heavy(n, 2**20)) for n in range(3)))
    fits = tell(fresh, *(file(heavy(n, 2**20)) for n in range(2)))

    assert (one.status_code, together.status_code, fits.status_code) == (422, 422, 303)
    assert "「大.jpg」：一张照片不超过 1 MiB" in text_of(one)
    assert "照片加起来超过 2 MiB" in text_of(together)
    assert sum(each.size for each in newest(fresh).draft.documents) < 10_000


def test_more_than_a_form_may_hold_is_not_read_and_said_in_words(service: Service) -> None:
    too_much = limits.LARGEST_FORM_BYTES + 1
    head = {**PAGE, "Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(too_much)}

    def nothing() -> Any:
        raise AssertionError("the body was read")
        yield b""

    answer = service.client.post("/report/report", content=nothing(), headers=head)

    assert answer.status_code == 413
    assert "照片加起来超过 30 MiB" in text_of(answer)


@pytest.mark.parametrize("path", ["/report/nothing", "/report/documents"])
def test_there_is_no_other_form_to_upload_with(service: Service, path: str) -> None:
    before = stored(service)

    answer = service.client.post(path, files=[file(photo(30))], headers=PAGE)
    put = service.client.put(
        f"/api/v1/blobs/{name_of(photo(30))}", content=photo(30), headers={"Content-Type": "image/jpeg"}
    )

    assert (answer.status_code, put.status_code) == (404, 401)
    assert stored(service) == before


def test_photos_from_another_site_are_refused_unread(service: Service) -> None:
    headers = {**PAGE, "Sec-Fetch-Site": "cross-site"}

    answer = service.client.post("/report/report", files=[file(photo(30))], headers=headers)

    assert answer.status_code == 403


# --- how many -----------------------------------------------------------------------------------------


def test_one_network_sends_so_many_photos_in_an_hour_and_can_still_report_without(fresh: Service) -> None:
    for _ in range(MOST_FROM_ONE // MOST_PHOTOS):
        assert tell(fresh, *(file(photo(30 * n)) for n in range(MOST_PHOTOS))).status_code == 303

    refused = tell(fresh, file(photo(200)))

    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert 'href="#field-documents"' in refused.text
    assert "不附照片可以马上提交" in text_of(refused)
    assert name_of(bare(photo(200))) not in stored(fresh)
    assert tell(fresh).status_code == 303


def test_all_networks_together_send_so_many(service: Service) -> None:
    counting = Photos(_attaching(service), lambda: NOON, b"key")
    brought = Brought(documents=tuple(Document(**document_of(photo(30 * n))) for n in range(MOST_PHOTOS)))
    for n in range(MOST_FROM_ALL // MOST_PHOTOS):
        counting.keep(Actor.anonymous(), str(n), brought)

    with pytest.raises(TooManyRequests) as caught:
        counting.keep(Actor.anonymous(), "yet another", brought)

    assert caught.value.retry_after_seconds == 3600


def test_forms_with_photos_are_read_so_many_times_and_those_without_are_not_counted(fresh: Service) -> None:
    large = file(heavy(1, 200_000))
    for _ in range(MOST_FORMS):
        assert tell(fresh, large, body__text="").status_code == 422

    assert tell(fresh, large, body__text="").status_code == 429
    assert tell(fresh, body__text="").status_code == 422
    assert tell(fresh).status_code == 303


def test_what_a_rule_refused_is_swept_and_what_an_event_names_stays(fresh: Service) -> None:
    taken, refused = tell(fresh, file(photo(30))), tell(fresh, file(photo(90)), occurred_at="2027-01-01")
    assert (taken.status_code, refused.status_code) == (303, 422)
    assert name_of(bare(photo(90))) in stored(fresh)

    sweeping.sweep(
        fresh.house.blobs, desk=fresh.house.desk, ledger=fresh.house.ledger, now=NOON + timedelta(days=2)
    )

    assert name_of(bare(photo(90))) not in stored(fresh)
    assert name_of(bare(photo(30))) in stored(fresh)


def test_the_form_says_what_becomes_of_the_photos(service: Service) -> None:
    page = opened(service, "anybody", "/report/report")

    assert "拍摄时间、位置、手机型号会先去掉" in text_of(page)
    assert 'enctype="multipart/form-data"' in page
    assert "application/pdf" not in page
