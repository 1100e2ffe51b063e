"""What surrounds every request: its id and log line, headers for browsers, HEAD, and the net for the unforeseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from cabletrace.auth.sign_in import TooManyAttempts
from cabletrace.errors import InputError, Problem
from cabletrace.http.failures import ErrorPage, Failures
from cabletrace.http.frame import Frame
from cabletrace.ledger.room import Full
from cabletrace.ledger.standing import OutcomeUnknown, Paused, Stopped

BROWSER = {"Accept": "text/html,*/*;q=0.8"}
Make = Callable[[Exception], TestClient]


def page(request: Request, status: int, problems: Sequence[Problem]) -> Response:
    return HTMLResponse(f"<h1>{status} {problems[0].code}</h1>", status)


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    with capture_logs() as lines:
        yield lines


def client_of(raised: Exception | None = None, page: ErrorPage = page) -> TestClient:
    failures = Failures(page)
    app = FastAPI()
    app.add_middleware(
        Frame, policy="default-src 'self'", crashed=failures.crashed, too_large=failures.too_large
    )
    failures.install(app)

    @app.get("/things/{code}")
    def thing(code: str) -> Response:
        if raised is not None:
            raise raised
        return PlainTextResponse(f"the thing {code}")

    @app.get("/kept")
    def kept() -> Response:
        return PlainTextResponse("kept", headers={"Cache-Control": "public"})

    return TestClient(app, raise_server_exceptions=False)


def test_every_answer_carries_a_request_id_and_what_browsers_must_know() -> None:
    for path in ("/things/1", "/nothing"):
        headers = client_of().get(path).headers

        assert len(headers["X-Request-ID"]) == 32
        assert headers["Content-Security-Policy"] == "default-src 'self'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
    assert client_of().get("/kept").headers["Cache-Control"] == "public"


def test_a_clients_own_request_id_is_echoed_if_it_is_a_plain_one() -> None:
    client = client_of()

    plain = client.get("/kept", headers={"X-Request-ID": "gate-7.2026_05"})
    rubbish = client.get("/kept", headers={"X-Request-ID": 'a" onload="'})

    assert plain.headers["X-Request-ID"] == "gate-7.2026_05"
    assert len(rubbish.headers["X-Request-ID"]) == 32


def test_a_request_is_one_log_line_that_names_the_route_and_never_the_address(log: list[Any]) -> None:
    client_of().get("/things/SECRET-CODE?q=secret", headers={"X-Request-ID": "r1"})

    (line,) = log
    assert (line["event"], line["method"], line["route"], line["status"], line["id"], line["party"]) == (
        "request", "GET", "/things/{code}", 200, "r1", "",
    )  # fmt: skip
    assert line["ms"] >= 0
    assert "secret" not in str(line).lower()


def test_head_is_get_without_the_body() -> None:
    client = client_of()

    get, head = client.get("/things/1"), client.head("/things/1")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == "11"


def test_the_unforeseen_is_a_500_that_tells_its_id_and_nothing_else(log: list[Any]) -> None:
    answer = client_of(RuntimeError("password=hunter2")).get("/things/1")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-ID"] in answer.json()["detail"]
    assert "hunter2" not in answer.text
    (line,) = log
    assert (line["log_level"], line["status"]) == ("error", 500)
    assert str(line["exc_info"]) == "password=hunter2"


def locked() -> OperationalError:
    return OperationalError("SELECT 1", {}, Exception("database is locked"))


def full() -> OperationalError:
    return OperationalError("INSERT", {}, Exception("database or disk is full"))


@pytest.mark.parametrize(
    ("raised", "status", "code", "header"),
    [
        (InputError.of("wrong-input", "错", "wrong"), 422, "wrong-input", None),
        (InputError.of("not-signed-in", "先登录", "sign in"), 401, "not-signed-in", ("WWW-Authenticate", "Bearer")),
        (TooManyAttempts(70), 429, "too-many-requests", ("Retry-After", "70")),
        (Stopped("a bit was flipped"), 503, "stopped", ("Retry-After", "5")),
        (Paused("killed (-9)"), 503, "starting-anew", ("Retry-After", "5")),
        (OutcomeUnknown("killed (-9)"), 503, "outcome-unknown", ("Retry-After", "5")),
        (Full("20000 wait"), 503, "queue-full", ("Retry-After", "5")),
        (locked(), 503, "busy", ("Retry-After", "5")),
        (full(), 507, "disk-full", None),
        (PoolTimeout("no connection left"), 503, "busy", ("Retry-After", "5")),
        (OperationalError("SELECT 1", {}, Exception("no such table")), 500, "internal", None),
    ],
)  # fmt: skip
def test_what_is_raised_becomes_its_answer(
    raised: Exception, status: int, code: str, header: tuple[str, str] | None
) -> None:
    answer = client_of(raised).get("/things/1")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert all(problem["detail"]["zh"] and problem["detail"]["en"] for problem in answer.json()["problems"])
    if header is not None:
        assert answer.headers[header[0]] == header[1]
    assert not any(secret in answer.text for secret in ("SELECT", "flipped", "-9", "no such table"))


def test_browsers_get_a_page_and_programs_a_problem() -> None:
    client = client_of(InputError.of("not-found", "没有", "nothing"))

    page, program = client.get("/things/1", headers=BROWSER), client.get("/things/1")
    crash = client_of(RuntimeError()).get("/things/1", headers=BROWSER)
    nowhere = client.get("/nowhere", headers=BROWSER)

    assert page.text == nowhere.text == "<h1>404 not-found</h1>"
    assert crash.text == "<h1>500 internal</h1>"
    assert program.json()["code"] == "not-found"
    assert client.get("/api/v1/nowhere", headers=BROWSER).json()["code"] == "not-found"


def test_a_method_that_is_not_there_names_those_that_are() -> None:
    answer = client_of().post("/things/1")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.json()["problems"][0]["remedy"]["en"] == "supported: GET, HEAD"


def test_a_broken_error_page_still_ends_in_an_answer() -> None:
    def broken(request: Request, status: int, problems: Sequence[Problem]) -> Response:
        raise RuntimeError("no template")

    answer = client_of(RuntimeError(), broken).get("/things/1", headers=BROWSER)

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")


def test_a_client_that_goes_away_in_the_middle_is_no_error_of_ours(log: list[Any]) -> None:
    client_of(ClientDisconnect()).get("/things/1")

    (line,) = log
    assert (line["log_level"], line["status"]) == ("info", 400)
