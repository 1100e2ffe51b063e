"""Cells that are pasted go the way of a file, and stay in the box when something is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from cabletrace.auth.sessions import form_token
from importing_for_tests import BAD, GOOD, HEADINGS, PAGE, finished, open_page, send
from service_for_tests import Service


def paste(service: Service, who: str, text: str | bytes, token: str | None = None) -> Any:
    data = {"form_token": form_token(service.tokens[who]) if token is None else token}
    # As a browser sends a form that may hold files: the text is a part without a file name.
    files = {"pasted": (None, text if isinstance(text, bytes) else text.encode())}
    return service.ask(who, "POST", "/import/paste", data=data, files=files, headers=PAGE)


LINES = [line.split(",") for line in (HEADINGS, GOOD, BAD)]
SPELLINGS = {
    "Excel": "\r\n".join("\t".join(line) for line in LINES),
    "CSV": "\n".join(",".join(line) for line in LINES),
    "strokes": "\n".join(
        "| " + " | ".join(line) + " |" for line in (LINES[0], ["---"] * len(LINES[0]), *LINES[1:])
    ),
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_pasted_cells_are_checked_and_recorded_like_a_file(fresh: Service, text: str) -> None:
    before = fresh.size

    here = paste(fresh, "maker", text).headers["location"]
    checked = open_page(fresh, "maker", here).text
    job = send(fresh, "maker", f"{here}/commit").headers["location"]

    assert "粘贴的表格" in checked
    assert "1 行可以写入，1 行不能" in checked
    assert "已写入账本，1 行没有写入" in finished(fresh, "maker", job)
    assert fresh.size == before + 1


@pytest.mark.parametrize("text", ["", " \n\t", "只有一句话", "PK\0\0", "<table><tr><td>1"], ids=repr)
def test_what_is_no_table_is_refused_and_stays_in_the_box(service: Service, text: str) -> None:
    answer = paste(service, "maker", text)

    assert answer.status_code == 422
    assert "请先改正以下问题" in answer.text
    if text.strip() and "\0" not in text:
        assert text.replace("<", "&lt;").replace(">", "&gt;") in answer.text


def test_bytes_that_are_no_text_are_refused(service: Service) -> None:
    answer = paste(service, "maker", bytes(range(256)) * 20)

    assert answer.status_code == 422


def test_a_paste_without_end_is_refused_before_it_is_read(service: Service) -> None:
    answer = paste(service, "maker", b"a\tb\n" * 5_100_000)

    assert answer.status_code == 413
    assert "请先改正以下问题" in answer.text


def test_a_paste_takes_a_form_of_ours(service: Service) -> None:
    assert paste(service, "maker", SPELLINGS["CSV"], token="forged").status_code == 403
