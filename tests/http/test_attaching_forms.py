"""Forms that bring files: several at once, what is wrong named at the field, and nothing lost after an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from cabletrace.auth.policy import Role
from cabletrace.blobs import named, uploads
from cabletrace.blobs.content import MAX_BLOB_BYTES
from cabletrace.blobs.store import BlobStore
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_write
from cabletrace.http.attaching import (
    FILES_FIELD,
    KEPT_FIELD,
    LARGEST_FORM_BYTES,
    MOST_FILES,
    Attaching,
    document_name,
    kept_as,
)
from cabletrace.http.failures import Failures
from cabletrace.http.forms import files_form, largest_form_with
from cabletrace.ledger import canonical
from cabletrace.model.drafts import parse_draft
from cabletrace.model.parts import Document
from cabletrace.web.rendering import make_environment
from cabletrace.web.samples import components
from drafts_for_tests import MAKER
from files_for_tests import name_of, pdf, photo
from house_for_tests import signed_in
from html_for_tests import Reader
from world_for_tests import NOON

FORM = """{% from "components/form.html" import attachments, error_summary with context %}
{{ error_summary(problems) }}<h1>form</h1><form method="post" enctype="multipart/form-data">
<input name="note" id="n" type="hidden" value="{{ note }}">{{ attachments(attached.documents, problems) }}</form>"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """One page with the field, as a page of the house would have it."""
    (tmp_path / "blobs").mkdir()
    desk, ledger = open_database(tmp_path / "desk.db"), open_database(tmp_path / "ledger.db")
    with begin_write(desk) as tx:
        uploads.metadata.create_all(tx)
    with begin_write(ledger) as tx:
        named.metadata.create_all(tx)
    blobs = BlobStore(tmp_path / "blobs")
    attaching = Attaching(blobs=blobs, desk=desk, ledger=ledger, clock=lambda: NOON)
    environment = make_environment()
    app = FastAPI()
    Failures().install(app)

    @app.post("/form")
    async def send(request: Request) -> Response:
        actor = signed_in(MAKER, Role.MANUFACTURER)
        async with files_form(request, FILES_FIELD, LARGEST_FORM_BYTES) as form:
            attached = await run_in_threadpool(attaching.attach, actor, form.files, form.all(KEPT_FIELD))
        frame = components("zh").frame
        page = environment.from_string(FORM).render(
            frame=frame, language="zh", attached=attached, problems=attached.problems, note=form.get("note")
        )
        return HTMLResponse(page, 422 if attached.problems else 200)

    with TestClient(app) as client:
        client.blobs = blobs  # type: ignore[attr-defined]
        yield client
    desk.dispose()
    ledger.dispose()


def file(
    data: bytes, name: str = "现场.jpg", media_type: str = "image/jpeg"
) -> tuple[str, tuple[str, bytes, str]]:
    return FILES_FIELD, (name, data, media_type)


EMPTY = (FILES_FIELD, ("", b"", "application/octet-stream"))


def kept_in(html: str) -> list[str]:
    return [
        str(box.attributes["value"])
        for box in Reader(html).all("input")
        if box.attributes.get("name") == KEPT_FIELD
    ]


def test_several_files_come_in_one_form_and_empty_fields_are_nothing(client: TestClient) -> None:
    files = [EMPTY, file(photo(30)), file(photo(90), "二.jpg"), file(pdf(), "报告.pdf", "application/pdf")]

    answer = client.post("/form", files=files)

    assert answer.status_code == 200, answer.text
    assert kept_in(answer.text) == [
        f"{name_of(photo(30))} 现场.jpg", f"{name_of(photo(90))} 二.jpg", f"{name_of(pdf())} 报告.pdf",
    ]  # fmt: skip
    assert client.blobs.find(name_of(pdf())) is not None  # type: ignore[attr-defined]


def test_a_form_without_files_brings_none(client: TestClient) -> None:
    answer = client.post("/form", files=[EMPTY], data={"note": "nothing"})

    assert answer.status_code == 200
    assert kept_in(answer.text) == []


def test_what_is_right_is_kept_when_something_is_wrong_and_comes_again_without_its_bytes(
    client: TestClient,
) -> None:
    first = client.post("/form", files=[file(photo(30)), file(b"MZ\0\0", "合格证.jpg")], data={"note": "甲"})
    (kept,) = kept_in(first.text)

    second = client.post("/form", files=[file(pdf(), "合格证.pdf")], data={"note": "甲", KEPT_FIELD: kept})

    assert first.status_code == 422
    assert "「合格证.jpg」" in first.text
    assert "Windows 程序" in first.text
    assert 'value="甲"' in first.text
    assert second.status_code == 200
    assert kept_in(second.text) == [kept, f"{name_of(pdf())} 合格证.pdf"]


def test_the_type_that_a_browser_guesses_from_the_name_does_not_matter(client: TestClient) -> None:
    answer = client.post("/form", files=[file(pdf(), "报告.jpg", "image/jpeg")])

    assert answer.status_code == 200


def test_too_many_and_too_large_are_said_at_the_field_and_the_others_are_kept(client: TestClient) -> None:
    many = [file(pdf(str(n)), f"{n}.pdf") for n in range(MOST_FILES + 2)]
    large = photo(30) + bytes(MAX_BLOB_BYTES)

    too_many = client.post("/form", files=many)
    too_large = client.post("/form", files=[file(large, "大.jpg"), file(pdf(), "小.pdf")])

    assert too_many.status_code == too_large.status_code == 422
    assert f"最多附 {MOST_FILES} 个" in too_many.text
    assert len(kept_in(too_many.text)) == MOST_FILES
    assert "「大.jpg」" in too_large.text
    assert kept_in(too_large.text) == [f"{name_of(pdf())} 小.pdf"]


@pytest.mark.parametrize("kept", ["", "x", "0" * 64, f"{'0' * 64} 别人的.jpg", "../../etc/passwd a", "\0"])
def test_only_what_this_account_has_brought_can_be_kept(client: TestClient, kept: str) -> None:
    answer = client.post("/form", files=[EMPTY], data={KEPT_FIELD: kept})

    assert kept_in(answer.text) == []


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"note=1"])
def test_what_is_no_such_form_is_refused_in_words(client: TestClient, body: bytes) -> None:
    as_form = {"Content-Type": "multipart/form-data"}
    other = client.post("/form", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    broken = client.post("/form", content=body, headers=as_form)

    assert (other.status_code, broken.status_code) == (415, 400)
    assert broken.json()["detail"]


def test_a_form_beyond_all_bounds_is_cut_off(tmp_path: Path) -> None:
    app = FastAPI()
    Failures().install(app)

    @app.post("/form")
    async def send(request: Request) -> Response:
        async with files_form(request, FILES_FIELD, largest_form_with(1, 1000)) as form:
            return HTMLResponse(str(len(form.files)))

    with TestClient(app) as client:
        assert client.post("/form", files=[file(bytes(900))]).text == "1"
        assert client.post("/form", files=[file(bytes(400_000))]).status_code == 413


def test_the_field_works_on_phones_and_every_control_has_its_label(client: TestClient) -> None:
    html = client.post("/form", files=[file(photo(30))]).text

    page = Reader(html)
    camera, chooser = (each for each in page.all("input") if each.attributes.get("type") == "file")
    assert camera.attributes["capture"] == "environment"
    assert "multiple" in chooser.attributes
    assert set(str(chooser.attributes["accept"]).split(",")) >= {"image/jpeg", "application/pdf", ".pdf"}
    assert "heic" not in html
    assert "位置也是证据" in html
    for control in page.all("input"):
        assert control.attributes.get("type") == "hidden" or "label" in control.ancestors


@pytest.mark.parametrize(
    ("came", "name"),
    [
        ("IMG_0001.JPG", "IMG_0001.JPG"),
        ("C:\\Users\\甲\\现场.jpg", "现场.jpg"),
        ("../../etc/passwd", "passwd"),
        ("  两  个   空格.pdf ", "两 个 空格.pdf"),
        ("a\r\nb\0.jpg", "a b .jpg"),
        ("e\u0301.jpg", "é.jpg"),
        ("", "附件"),
        ("/", "附件"),
        ("电" * 300 + ".pdf", "电" * 196 + ".pdf"),
    ],
)
def test_a_files_name_is_made_fit_for_an_event(came: str, name: str) -> None:
    assert document_name(came) == name


@given(st.text(max_size=300))
def test_every_name_is_one_that_an_event_takes_and_survives_being_kept(came: str) -> None:
    name = document_name(came)
    document: dict[str, Any] = {"sha256": "0" * 64, "name": name, "media_type": "a/b", "size": 1}
    draft = {
        "id": "00000000-0000-4000-8000-000000000000", "kind": "party", "subject": {"party": MAKER},
        "body": {"name": "甲"}, "documents": [document],
    }  # fmt: skip

    assert parse_draft(canonical.encode(draft)).documents[0].name == name
    assert kept_as(Document(**document)).partition(" ")[2] == name
