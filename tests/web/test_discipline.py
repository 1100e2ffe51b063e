"""A clue about an official: drawn up, signed by another one, sent on paper, answered; and nobody but who is named learns of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.routing import iter_route_contexts

import cases_for_tests as cases
from cabletrace.auth.accounts import Account, create_account
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.policy import Role
from cabletrace.auth.sessions import start_session
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger import store
from cabletrace.model.values import business_id, party_id
from cabletrace.personal import disclosures
from drafts_for_tests import REGULATOR
from house_for_tests import NOON
from service_for_tests import CASE, LEAD, Service
from typing_for_tests import enter, opened, text_of

WORDS = ("周市监纪线〔2026〕7号", "某甲姓名", "示范市场监督管理所", "周口示范监察委员会", "收到样品后未送检")


def colleague(service: Service, name: str, party: str = REGULATOR) -> Account:
    """Another regulator's account of an authority, who may knock under this name."""
    with begin_write(service.house.desk) as tx:
        account = create_account(
            tx, name=name, password=StoredPassword("no password opens this"), party=party_id(party), role=Role.REGULATOR,
            display_name=f"同事 {name}", region="411600", now=NOON,
        )  # fmt: skip
        service.tokens[name] = start_session(tx, account.id, NOON).text
    return account


def addresses(service: Service, clue: str, events: Iterable[str]) -> list[str]:
    """Every list, every page of what the authority works at and of the clue, its event and its letter; and searches for its words."""
    known: dict[str, list[str]] = {
        "party": [party_id(REGULATOR)], "lead": [LEAD], "case": [CASE], "discipline": [clue], "event": list(events), "step": ["approved"],
        "authority": [party_id(REGULATOR)], "month": ["2026-05"], "cell": ["cases"],
    }  # fmt: skip
    asked: list[str] = []
    for context in iter_route_contexts(service.client.app.routes):  # type: ignore[attr-defined]
        path = str(context.path_format)
        if "GET" not in (context.methods or ()) or path.startswith(
            ("/static", "/metrics", "/openapi", "/docs", "/ledger", "/readyz", "/healthz")
        ):
            continue  # the public ledger grows for everybody
        holes, paths = re.findall(r"{(\w+)", path), [path]
        for hole in holes:
            paths = [each.replace(f"{{{hole}}}", value) for each in paths for value in known.get(hole, ())]
        asked += paths
    asked += [
        f"{where}?q={quote(word)}"
        for word in WORDS
        for where in ("/search", "/api/v1/search", "/api/v1/search/suggestions", "/cases")
    ]
    asked += [f"/persons?name={quote('某甲姓名')}", "/due?whose=me", "/due?whose=unit"]
    asked += [f"/discipline/new?case={CASE}", "/api/v1/search?counts=all"]
    return asked


def told(service: Service, who: str, paths: Iterable[str]) -> dict[str, tuple[int, str]]:
    """What is answered, without what is drawn anew for each answer."""
    answers = {}
    for path in paths:
        accept = "*/*" if path.startswith("/api/") else "text/html, */*"
        answer = service.ask(who, "GET", path, headers={"Accept": accept})
        text = "" if answer.content[:2] in (b"PK", b"%P") else answer.content.decode("utf-8", "replace")
        text = re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "request", text)
        text = re.sub(r'name="(id|goods|seed)"( type="text")? value="[^"]+"', r'name="\1"', text)
        answers[path] = (answer.status_code, text)
    return answers


def without_size(answers: dict[str, tuple[int, str]], sizes: Iterable[int]) -> dict[str, tuple[int, str]]:
    """The same without the size that the ledger had then or later, which is public."""
    some = "|".join(map(str, sizes))
    head = re.compile(rf"(?<![0-9a-f])({some})(?![0-9a-f])")
    return {path: (status, head.sub("HEAD", text)) for path, (status, text) in answers.items()}


def difference(one: tuple[int, str], other: tuple[int, str]) -> tuple[Any, ...]:
    """The first place at which one answer is not the other."""
    at = next((n for n, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b), 0)
    return one[0], other[0], one[1][max(0, at - 60) : at + 60], other[1][max(0, at - 60) : at + 60]


def refused(service: Service, who: str, clue: str, event: str) -> list[Any]:
    """What is said to whoever tries to go on with it, to correct it or to erase its name."""
    about = [
        cases.discipline_step(clue, "approved"),
        cases.discipline_step(clue, "dropped", text="重复"),
        *(
            {"draft": {**each, "id": "00000000-0000-4000-8000-0000000000ff", "occurred_at": "2026-05-20T00:00:00+08:00"}}
            for each in (
                {"kind": "erasure", "subject": {"event": event, "kind": "discipline"}, "body": {"pointers": ["/body/official/name"], "ground": "other"}},
                {"kind": "correction", "subject": {"event": event, "kind": "notice"}, "body": {"void": True, "reason": "误录"}},
            )
        ),
    ]  # fmt: skip
    answers = [service.ask(who, "POST", "/api/v1/events", json=each) for each in about]
    assert [each.status_code for each in answers] == [422] * len(answers), [each.text for each in answers]
    return [[(p["code"], p.get("where"), p["detail"]) for p in each.json()["problems"]] for each in answers]


@pytest.mark.timeout(900)  # ten seconds of processor time: every list is asked three times
def test_who_is_named_goes_the_whole_way_on_paper_and_colleagues_learn_nothing(fresh: Service) -> None:
    head, handler, other = (colleague(fresh, name) for name in ("head", "handler", "other"))
    onlookers = ("other", "operator", "auditor", "department", "regulator B")
    event = "00000000-0000-4000-8000-0000000000e9"
    said = {
        "body__number": WORDS[0], "body__official__name": WORDS[1], "body__official__unit": WORDS[2], "body__ground": "dereliction",
        "body__facts": WORDS[4], "body__organ": WORDS[3], "body__signer": head.id, "body__handlers": handler.id, "id": event,
    }  # fmt: skip
    # Whoever draws it up cannot sign it: he is not offered, and what was typed stays.
    own = enter(
        fresh, "regulator", "/discipline/new", **{**said, "body__signer": fresh.accounts["regulator"].id}
    )
    assert own.status_code == 422
    assert WORDS[4] in own.text
    form = opened(fresh, "regulator", f"/discipline/new?case={CASE}")
    assert "估算，待认定" in form
    assert head.id in form

    clue = business_id("discipline-of-event", event)
    asked = addresses(fresh, clue, [event])
    by_name = [each for each in asked if clue in each or event in each or each.startswith("/search")]
    of = {who: asked if who == "other" else by_name for who in onlookers}
    told(fresh, "other", asked)  # what is looked up once is known from then on
    before = {who: told(fresh, who, of[who]) for who in onlookers}
    refusals, size = refused(fresh, "other", clue, event), fresh.size
    begun = enter(fresh, "regulator", f"/discipline/new?case={CASE}", **said)
    assert begun.status_code == 303, text_of(begun)
    path = begun.headers["location"]
    assert path == f"/discipline/{clue}"
    assert fresh.ask("regulator", "GET", f"{path}/letter.pdf").status_code == 404

    # Only the head signs; then the letter is there, and the receipt and the answer are entered from paper by the handler.
    assert enter(fresh, "handler", f"{path}/steps/approved").status_code == 409
    assert (
        enter(fresh, "head", f"{path}/steps/approved", body__number="周市监移〔2026〕7号").status_code == 303
    )
    assert fresh.ask("handler", "GET", f"{path}/letter.pdf").content[:5] == b"%PDF-"
    for step, more in (
        ("transferred", {"body__number": "周市监移〔2026〕7号"}), ("received", {}), ("answered", {"body__outcome": "accepted", "body__text": "已受理"}),
    ):  # fmt: skip
        assert enter(fresh, "handler", f"{path}/steps/{step}", **more).status_code == 303, step
    for who in ("regulator", "head", "handler"):
        page = text_of(fresh.ask(who, "GET", path))
        assert all(word in page for word in (*WORDS, "已反馈", "同事 head", "已受理"))
        assert WORDS[0] in text_of(fresh.ask(who, "GET", "/discipline"))
        assert WORDS[1] in fresh.ask(who, "GET", f"/events/{event}", headers={"Accept": "text/html"}).text
    assert "还没有审批" not in page

    # A colleague, the operator, the auditor, another authority: byte for byte as before.
    sizes = range(size - 1, fresh.size + 1)
    before = {who: without_size(answers, sizes) for who, answers in before.items()}
    after = {who: without_size(told(fresh, who, of[who]), sizes) for who in onlookers}
    assert {
        (who, each): difference(before[who][each], after[who][each])
        for who in onlookers
        for each in of[who]
        if before[who][each] != after[who][each]
    } == {}
    assert refused(fresh, "other", clue, event) == refusals
    assert fresh.ask("other", "GET", f"{path}/steps/approved").status_code == 404

    # Who is no longer named learns no more of it; who is named from now on does.
    changed = enter(fresh, "head", f"{path}/steps/handlers", body__handlers=other.id, body__text="工作调整")
    assert changed.status_code == 303, text_of(changed)
    assert [fresh.ask(who, "GET", path).status_code for who in ("handler", "other")] == [404, 200]

    # On the ledger it stands in a stream of its own, with a commitment for the name, which is not looked up by.
    with begin_read(fresh.house.ledger) as tx:
        recorded = read_recorded(store.read_rows_by_id(tx, [event])[event])
        (name,) = disclosures.read(tx, [event])[event]
    assert recorded.streams == (f"discipline:{clue}",)
    assert name.value == WORDS[1]
    assert WORDS[1] not in str(recorded.draft)
