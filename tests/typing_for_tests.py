"""Forms filled in as a browser does it: what stands in them goes along, and what is typed replaces it."""

from __future__ import annotations

import re
from typing import Any

from cabletrace.auth.sessions import form_token
from cabletrace.db.engine import begin_read
from cabletrace.intake.recorded import Recorded, read_recorded
from cabletrace.ledger import store
from html_for_tests import Reader
from service_for_tests import Service

PAGE = {"Accept": "text/html"}


def opened(service: Service, who: str, path: str) -> str:
    """A page that opens."""
    answer = service.ask(who, "GET", path, headers=PAGE)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.text)


def standing(html: str) -> dict[str, str]:
    """What stands in the forms of a page's main part."""
    main = html[html.index("<main") :]
    page = Reader(main)
    fields: dict[str, str] = {}
    for control in page.all("input", "textarea"):
        name, kind = control.attributes.get("name"), control.attributes.get("type")
        if not name:
            continue
        value = control.text if control.tag == "textarea" else control.attributes.get("value") or ""
        if kind in ("checkbox", "radio"):
            if "checked" in control.attributes:
                fields[name] = f"{fields[name]},{value}" if name in fields else value
        else:
            fields[name] = value
    for chosen in re.finditer(r'<select id="[^"]+" name="([^"]+)".*?</select>', main, re.S):
        option = re.search(r'<option value="([^"]*)" selected', chosen[0])
        fields[chosen[1]] = option[1] if option else ""
    return fields


def filled_in(service: Service, who: str, path: str, **typed: str) -> dict[str, str]:
    """The form at a path with this typed into it; ``body__units`` is the field ``body/units``."""
    token = form_token(service.tokens[who]) if who != "anybody" else ""
    fields = standing(opened(service, who, path))
    return {**fields, **{name.replace("__", "/"): text for name, text in typed.items()}, "form_token": token}


def send(service: Service, who: str, path: str, form: dict[str, str], **headers: str) -> Any:
    return service.ask(who, "POST", path, data=form, headers={**PAGE, **headers})


def enter(service: Service, who: str, path: str, **typed: str) -> Any:
    """Fill in a form and send it; on the day of 2026-05-20 unless that is typed too."""
    return send(service, who, path, filled_in(service, who, path, **{"occurred_at": "2026-05-20", **typed}))


def newest(service: Service, *, before: int = 0) -> Recorded:
    """What was recorded last, or so many events before it."""
    with begin_read(service.house.ledger) as tx:
        return read_recorded(next(iter(store.read_rows(tx, service.size - 1 - before))))


def text_of(answer: Any) -> str:
    """The words of a page's main part."""
    html = answer if isinstance(answer, str) else answer.text
    return " ".join(next(Reader(html).all("main")).text.split())
