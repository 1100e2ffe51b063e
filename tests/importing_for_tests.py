"""How tests import on a page: upload, look, send a form, wait for the job; and rows that are good and bad."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any

from cabletrace.auth.sessions import form_token
from drafts_for_tests import DEALER
from service_for_tests import Service

HEADINGS = "发货单号,批号,盘号,长度(m),收货单位,收货单位统一社会信用代码,收货地区代码,发货日期"
GOOD = f"FH-9001,L1,3,250,周口市例示五金经营部,{DEALER},411602,2026-04-20"
BAD = f"FH-9002,L1,9,250,周口市例示五金经营部,{DEALER},411602,2026-04-20"
PAGE = {"Accept": "text/html"}


def upload(
    service: Service,
    who: str,
    *rows: str,
    headings: str = HEADINGS,
    name: str = "发货.csv",
    token: str | None = None,
) -> Any:
    content = "\n".join((headings, *rows)).encode()
    form = {"form_token": form_token(service.tokens[who]) if token is None else token}
    return service.ask(
        who, "POST", "/import", data=form, files={"file": (name, content, "text/csv")}, headers=PAGE
    )


def open_page(service: Service, who: str, path: str) -> Any:
    return service.ask(who, "GET", path, headers=PAGE)


def send(service: Service, who: str, path: str, **form: str) -> Any:
    return service.ask(
        who, "POST", path, data={"form_token": form_token(service.tokens[who]), **form}, headers=PAGE
    )


def finished(service: Service, who: str, path: str) -> str:
    """The page of a job once it is over."""
    until = monotonic() + 20
    while "every 2s" in (text := open_page(service, who, path).text):
        assert monotonic() < until, "the job does not end"
        sleep(0.05)
    return text
