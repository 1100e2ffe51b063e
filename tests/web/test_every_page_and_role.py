"""Every page × every role: what the policy says is what the pages do, in both languages, and nothing leaks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.routing import iter_route_contexts

from cabletrace.auth.policy import Action, Role, may
from cabletrace.http.door import FORM_TOKEN_HEADER
from cabletrace.model.case_path import CASE_STEPS, LEAD_STEPS
from cabletrace.model.discipline import DISCIPLINE_STEPS
from cabletrace.model.listings import LISTING_STEPS
from cabletrace.model.programmes import PROGRAMME_STEPS
from cabletrace.model.request_path import REQUEST_STEPS
from cabletrace.model.sample_path import SAMPLE_STEPS
from cabletrace.model.values import party_id
from cabletrace.web.forms import FORMS
from drafts_for_tests import LICENCE, MAKER, OTHER_MAKER, PRODUCT, REGULATOR, SITE, grant
from html_for_tests import Reader
from service_for_tests import (
    ACCOUNTS,
    CASE,
    GOODS,
    LEAD,
    LICENCE_B,
    LISTING,
    PROGRAMME,
    REGULATOR_B,
    REQUEST,
    SITE_B,
    Service,
    Told,
    project_id,
    service_in,
)

WORLD_B = frozenset({"maker B", "shop B", "site B", "regulator B"})
READERS = (*(who for who in ACCOUNTS if who not in WORLD_B), "anybody")

#: What each page takes; None where everybody may look. ``{…}`` is filled with things of the reader's world.
PAGES: dict[str, Action | None] = {
    "/": None,
    "/sign-in": None,
    "/c": None,
    "/c/{code}": None,
    "/docs": None,
    "/language/en": None,
    "/ledger": Action.READ_LEDGER,
    "/ledger/proofs/3": Action.READ_LEDGER,
    "/ledger/entries/3": Action.READ_LEDGER,
    "/search": Action.READ_SEARCH,
    "/search?q=YJV": Action.READ_SEARCH,
    "/search?type=YJV&sort=maker&state=held&since=2026-01": Action.READ_SEARCH,
    "/search.xlsx?q=YJV": Action.READ_SEARCH,
    "/batches/new": Action.RECORD_PRODUCTION,
    "/send": Action.RECORD_DISPATCH,
    "/send?batch={code}": Action.RECORD_DISPATCH,
    "/receive": Action.RECORD_RECEIPT,
    "/stock": Action.READ_STOCK,
    "/stock?q=L1": Action.READ_STOCK,
    "/stock.xlsx": Action.READ_STOCK,
    "/orders": Action.READ_ORDERS,
    "/orders/new": Action.RECORD_ORDER,
    "/certificates/due": Action.READ_REGISTRY,
    "/batches/{code}": Action.READ_BATCH,
    "/batches/{code}?where=transit&order=old&up_to=30": Action.READ_BATCH,
    "/trace": Action.READ_TRACE,
    "/trace?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA": Action.READ_TRACE,
    "/batches/{code}/trace": Action.READ_TRACE,
    "/batches/{code}/evidence": Action.RECORD_STATEMENT,
    "/batches/{code}/evidence?unit=2": Action.RECORD_STATEMENT,
    "/batches/{code}/trace?unit=1&direction=both&up_to=60": Action.READ_TRACE,
    "/batches/{code}/labels": Action.PRINT_LABELS,
    "/batches/{code}/labels?as=pdf": Action.PRINT_LABELS,
    "/labels/to-print": Action.PRINT_LABELS,
    "/labels/to-print?blank=yes": Action.PRINT_LABELS,
    "/labels/printed?printing=none": Action.PRINT_LABELS,
    "/labels/file?printing=none": Action.PRINT_LABELS,
    "/reservations": Action.RECORD_RESERVATION,
    "/parties": Action.READ_REGISTRY,
    "/parties?q=%E7%A4%BA": Action.READ_REGISTRY,
    "/products": Action.READ_REGISTRY,
    "/certificates": Action.READ_REGISTRY,
    "/certificates?issuer={maker}": Action.READ_REGISTRY,
    "/certificates/new": Action.RECORD_CERTIFICATE,
    "/certificates/record?holder={maker}&certificate={licence}": Action.RECORD_CERTIFICATE,
    "/projects": Action.READ_PROJECT,
    "/parties/{maker}": Action.READ_REGISTRY,
    "/parties/{maker}/trace": Action.READ_TRACE,
    "/parties/{maker}/products/{product}": Action.READ_REGISTRY,
    "/parties/{maker}/products/{product}/trace": Action.READ_TRACE,
    "/parties/{maker}/certificates/{licence}/trace": Action.READ_TRACE,
    "/parties/{maker}/certificates/{licence}": Action.READ_REGISTRY,
    "/projects/{project}": Action.READ_PROJECT,
    "/projects/{project}/trace": Action.READ_TRACE,
    "/events/{event}": Action.READ_BATCH,
    "/events/{event}/trace": Action.READ_TRACE,
    "/events/{event}/erase": Action.RECORD_ERASURE,
    "/persons": Action.READ_PERSONS,
    "/persons?name=%E8%B4%A8%E6%A3%80%E5%91%98%E7%94%B2%E6%9F%90": Action.READ_PERSONS,
    "/alerts": Action.READ_ALERTS,
    "/alerts?rule=receipt-without-dispatch": Action.READ_ALERTS,
    "/alerts?rule=receipt-without-dispatch&state=new": Action.READ_ALERTS,
    "/alerts/3/none/assigned": Action.RECORD_ALERT_STEP,  # one that there is: web/test_handling_alerts
    "/import": Action.IMPORT,
    "/import/checks/none": Action.IMPORT,
    "/import/checks/none/rows.xlsx": Action.IMPORT,
    "/import/checks/none/bad-rows.xlsx": Action.IMPORT,
    "/import/jobs/none/bad-rows.xlsx": Action.IMPORT,
    "/import/history": Action.IMPORT,
    "/import/history?q=x&outcome=bad-rows&after=7": Action.IMPORT,
    "/import/checks/none/columns/3": Action.IMPORT,
    "/import/columns": Action.IMPORT,
    "/import/columns/none": Action.IMPORT,
    "/import/jobs/none": Action.IMPORT,
    "/import/jobs/none/rows.xlsx": Action.IMPORT,
    "/accounts": Action.READ_ACCOUNTS,
    "/accounts?q=maker&state=active": Action.READ_ACCOUNTS,
    "/accounts/{account}": Action.READ_ACCOUNTS,
    "/invitations": Action.MANAGE_ACCOUNTS,
    "/join/nothing": None,
    "/sessions": Action.CREATE_KEYS,  # whoever has an account
    "/keys": Action.CREATE_KEYS,
    "/signing-keys": Action.RECORD_KEY,
    "/grants": Action.RECORD_GRANT,
    "/units": Action.MANAGE_UNITS,
    "/reads": Action.READ_READINGS,
    "/password": Action.CREATE_KEYS,  # whoever has an account
    "/goods": Action.READ_BATCH,
    "/goods?q=YJV": Action.READ_BATCH,
    "/goods/{goods}": Action.READ_BATCH,
    "/goods/{goods}/trace": Action.READ_TRACE,
    "/goods/{goods}/record/measure": Action.RECORD_MEASURE,
    "/goods/{goods}/record/testing": Action.RECORD_TESTING,
    "/goods/new/inspection": Action.RECORD_INSPECTION,
    "/batches/{code}/record/dispatch": Action.RECORD_DISPATCH,
    "/batches/{code}/record/receipt": Action.RECORD_RECEIPT,
    "/batches/{code}/record/split?unit=1": Action.RECORD_SPLIT,
    "/batches/{code}/record/return": Action.RECORD_RETURN,
    "/batches/{code}/record/sale": Action.RECORD_SALE,
    "/batches/{code}/record/use": Action.RECORD_USE,
    "/batches/{code}/record/disposal": Action.RECORD_DISPOSAL,
    "/batches/{code}/record/acceptance": Action.RECORD_ACCEPTANCE,
    "/batches/{code}/record/supervision?units=2": Action.RECORD_SUPERVISION,
    "/batches/{code}/record/testing": Action.RECORD_TESTING,
    "/batches/{code}/record/inspection": Action.RECORD_INSPECTION,
    "/batches/{code}/record/sampling": Action.RECORD_SAMPLING,
    "/batches/{code}/record/measure": Action.RECORD_MEASURE,
    "/batches/{code}/record/measure?of=1&action=release": Action.RECORD_MEASURE,
    "/batches/{code}/record/recall": Action.RECORD_RECALL,
    "/batches/{code}/record/notice": Action.RECORD_NOTICE,
    "/batches/{code}/record/alias": Action.RECORD_ALIAS,
    "/parties/{maker}/record/inspection": Action.RECORD_INSPECTION,
    "/projects/{project}/record/inspection": Action.RECORD_INSPECTION,
    "/events/{event}/correct": Action.RECORD_CORRECTION,
    "/events/{notice}/reply": Action.RECORD_NOTICE_REPLY,
    "/events/{event}/finding": Action.RECORD_ALERT_FINDING,
    "/events/{event}/rectification?defect=1": Action.RECORD_RECTIFICATION,
    "/inspections": Action.READ_DEFECTS,
    "/inspections?state=overdue": Action.READ_DEFECTS,
    "/inspections/plans": Action.READ_CASES,
    "/risk": Action.READ_CASES,
    "/risk?class=D": Action.READ_CASES,
    "/risk/{maker}": Action.READ_CASES,
    "/sampling-plans": Action.READ_CASES,
    "/monthly": Action.READ_CASES,
    "/monthly?month=2026-02": Action.READ_CASES,
    "/monthly/{authority}/2026-04": Action.READ_CASES,
    "/monthly/{authority}/2026-04/form.xlsx": Action.READ_CASES,
    "/monthly/{authority}/2026-04/form.pdf": Action.READ_CASES,
    "/monthly/{authority}/2026-04/sampled": Action.READ_CASES,
    "/parties/{maker}/record/technical-help": Action.RECORD_TECHNICAL_HELP,
    "/parties/{maker}/record/credit-class": Action.RECORD_CREDIT_CLASS,
    "/samples": Action.READ_SAMPLES,
    "/samples?state=all": Action.READ_SAMPLES,
    "/samples/{event}": Action.READ_SAMPLES,
    "/samples/{event}/steps/final": Action.RECORD_SAMPLE_STEP,
    "/parties/{maker}/record/inspection?form=maker%2F2023-05-05": Action.RECORD_INSPECTION,
    "/parties/{maker}/record/visit-plan": Action.RECORD_VISIT_PLAN,
    "/report": None,
    "/report?code=7K3QF-9TWZP": None,
    "/report/complaint": Action.RECORD_COMPLAINT,
    "/report/report": Action.RECORD_REPORT,
    "/r": None,
    "/r/{receipt}": None,
    "/submissions": Action.READ_SUBMISSIONS,
    "/submissions/{receipt}": Action.READ_SUBMISSIONS,
    "/leads": Action.READ_CASES,
    "/leads?state=open": Action.READ_CASES,
    "/leads/new": Action.RECORD_LEAD,
    "/leads/new?event={event}": Action.RECORD_LEAD,
    "/leads/new?batch={code}&goods={goods}&party={maker}&index=3": Action.RECORD_LEAD,
    "/leads/{lead}": Action.READ_CASES,
    "/leads/{lead}/merged": Action.RECORD_LEAD_STEP,
    "/programmes": Action.READ_CASES,
    "/self-checks": Action.RECORD_SELF_CHECK,
    "/listings": Action.READ_CASES,
    "/listings/new": Action.RECORD_LISTING,
    "/listings/{listing}": Action.READ_CASES,
    "/listings/{listing}/steps/lifted": Action.RECORD_LISTING_STEP,
    "/discipline": Action.READ_CASES,
    "/discipline/new": Action.RECORD_DISCIPLINE,
    "/discipline/new?case={case}": Action.RECORD_DISCIPLINE,
    "/discipline/{discipline}": Action.READ_CASES,
    "/discipline/{discipline}/letter.pdf": Action.READ_CASES,
    "/discipline/{discipline}/steps/approved": Action.RECORD_DISCIPLINE_STEP,
    "/programmes/new": Action.RECORD_PROGRAMME,
    "/programmes/{programme}": Action.READ_CASES,
    "/programmes/{programme}?phase=0": Action.READ_CASES,
    "/programmes/{programme}/coverage?unit={regulator}": Action.READ_CASES,
    "/programmes/{programme}/summaries/{summary}": Action.READ_CASES,
    "/programmes/{programme}/steps/done": Action.RECORD_PROGRAMME_STEP,
    "/programmes/{programme}/steps/major-case": Action.RECORD_PROGRAMME_STEP,
    "/programmes/{programme}/steps/summary": Action.RECORD_PROGRAMME_STEP,
    "/requests": Action.READ_CASES,
    "/requests?side=all": Action.READ_CASES,
    "/requests/new?case={case}": Action.RECORD_REQUEST,
    "/requests/new?lead={lead}": Action.RECORD_REQUEST,
    "/requests/{request_id}": Action.READ_CASES,
    "/requests/{request_id}/letter.pdf": Action.READ_CASES,
    "/requests/{request_id}/reminders/{reminder}": Action.READ_CASES,
    "/requests/{request_id}/steps/replied": Action.RECORD_REQUEST_STEP,
    "/cases/{case}/regions": Action.READ_CASES,
    "/cases": Action.READ_CASES,
    "/due": Action.READ_CASES,
    "/due?whose=me": Action.READ_CASES,
    "/due?whose=unit": Action.READ_CASES,
    "/cases?q=x&state=filed&category=quality": Action.READ_CASES,
    "/cases/new": Action.RECORD_CASE,
    "/cases/new?lead={lead}": Action.RECORD_CASE,
    "/cases/{case}": Action.READ_CASES,
    "/cases/{case}/evidence": Action.RECORD_STATEMENT,
    "/cases/{case}/review": Action.RECORD_CASE_STEP,
    "/cases/{case}/decision": Action.RECORD_CASE_STEP,
}
#: Things that are somebody's: not found by others.
SCOPED = frozenset(
    {
        Action.READ_BATCH,
        Action.READ_TRACE,
        Action.READ_PROJECT,
        Action.PRINT_LABELS,
        Action.RECORD_ERASURE,
        Action.RECORD_STATEMENT,
    }
)
#: Who may erase the names in the makers' productions.
ERASERS = frozenset({"operator", "maker", "maker B", "regulator", "regulator B"})
#: Whose goods came to the project without their taking part in it.
NOT_AT_THE_PROJECT = frozenset({"maker", "dealer", "laboratory", "maker B", "shop B", "key user"})
#: Of world A, whom no batch of it concerns.
STRANGERS = frozenset({"key user", "certifier", "association", "clerk"})
#: Who sees both worlds.
EVERYWHERE = frozenset({"operator", "auditor"})
#: Of these there are none.
NOWHERE = (
    "/import/checks/",
    "/import/jobs/",
    "/import/columns/",
    "/labels/printed",
    "/labels/file",
    "/alerts/3/",
)
#: Things of world A whose page is open to a few of it.
OPEN_TO = {
    "{lead}": {"regulator"},
    "{case}": {"regulator"},
    "{request_id}": {"regulator"},
    "{authority}": {"regulator", "regulator B"},
    "{programme}": {"regulator"},
    "{listing}": {"regulator"},
    "{discipline}": set(),  # there is none; of one: web/test_discipline
    "{goods}": {"regulator", "department", "operator", "auditor"},
    "{notice}": {"dealer", "regulator"},
    "{case}/evidence": set(),  # it is about no batch; one that is: api/test_taking_evidence
    "{event}/correct": {"maker", "regulator"},
    "/samples/{event}": set(),  # no sampling; of one: web/test_samples_on_pages
    "{event}/rectification": set(),  # no inspection; of one: web/test_inspecting
    "{event}/finding": set(),  # it is no alert; of one that is: api/test_from_a_check_to_a_finding
}


def address(service: Service, path: str, who: str, *, foreign: bool = False) -> str:
    is_b = (who in WORLD_B) != foreign
    return path.format(
        code=service.code["J1" if is_b else "L1"],
        maker=OTHER_MAKER if is_b else MAKER,
        product=PRODUCT,
        licence=quote(LICENCE_B if is_b else LICENCE, safe=""),
        project=project_id(SITE_B, "XM-B") if is_b else project_id(SITE, "XM-1"),
        goods=GOODS,
        lead=LEAD,
        case=CASE,
        request_id=REQUEST,
        authority=REGULATOR_B if is_b else party_id(REGULATOR),
        programme=PROGRAMME,
        listing=LISTING,
        discipline=LISTING,
        regulator=REGULATOR,
        summary=service.event["summary"],
        reminder=service.event["reminder"],
        notice=service.event["notice"],
        event=service.event["production B" if is_b else "production"],
        receipt=service.receipt,
        account=service.accounts["maker"].id,
    )


@cache
def open_page(service: Service, who: str, path: str) -> tuple[int, str]:
    """What is answered, asked for once: nothing is recorded in the service of these tests."""
    service.client.cookies.clear()  # the language switch leaves one
    answer = service.ask(who, "GET", path, headers={"Accept": "text/html"})
    return answer.status_code, answer.text


@cache
def assert_sound(html: str, path: str) -> None:
    """Properly nested, one main heading, every control labelled, nothing inline; the same page is looked at once."""
    page = Reader(html)
    assert page.stray == [], path
    assert page.open == [], path
    assert len(list(page.all("h1"))) == 1, path
    assert "style=" not in html, path
    labelled = {label.attributes.get("for") for label in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        if control.attributes.get("type") != "hidden":
            assert control.attributes.get("id") in labelled or "label" in control.ancestors, (path, control)


def wanted(who: str, path: str, action: Action | None) -> int:
    role = Role.PUBLIC if who == "anybody" else ACCOUNTS[who][1]
    if path.startswith("/language/") or (path == "/sign-in" and who != "anybody"):
        return 303
    if path.startswith("/join/"):
        return 404  # a link that opens nothing
    if action is None:
        return 200
    if not may(role, action):
        return 303 if role is Role.PUBLIC else 403
    if path.startswith(NOWHERE) or ("{project}" in path and who in NOT_AT_THE_PROJECT):
        return 404
    if who in STRANGERS and action in SCOPED and re.search(r"\{(code|event|maker)\}", path):
        return 404
    if "/events/" in path and not may(role, Action.READ_BATCH):
        return 403
    if action is Action.RECORD_ERASURE and who not in ERASERS:
        return 403
    for thing, readers in OPEN_TO.items():
        if thing in path and who not in readers:
            return 404
    if action is Action.PRINT_LABELS and who not in ("maker", "maker B"):
        return 404
    return 200


def test_every_route_of_the_pages_stands_in_the_table(service: Service) -> None:
    served = {
        re.sub(r"\{\w+(:path)?\}", "*", context.path)
        for context in iter_route_contexts(service.client.app.routes)
        if not getattr(context.original_route, "include_in_schema", True)
        and "GET" in (getattr(context.original_route, "methods", None) or ())
    }

    listed = {re.sub(r"\{\w+\}", "*", path.partition("?")[0]) for path in PAGES}
    kinds = "|".join(
        (
            *FORMS,
            *LEAD_STEPS,
            *CASE_STEPS,
            *REQUEST_STEPS,
            *SAMPLE_STEPS,
            *PROGRAMME_STEPS,
            *LISTING_STEPS,
            *DISCIPLINE_STEPS,
        )
    )
    listed = {
        re.sub(rf"/(3|none|en|nothing|alias|complaint|2026-04|sampled|{kinds})(?=/|$)", "/*", path)
        for path in listed
    }
    listed = {path.replace("/events/*/*", "/events/*/rectification") for path in listed}
    listed = {re.sub(r"^/report/report$", "/report/*", path) for path in listed}
    assert served - {"/static/*"} == listed - {"/c/*", "/r/*"}


#: Words that only readers of world B may meet. Registered parties are in the register for everybody.
OF_WORLD_B = ("济南市例示经营部", "济南市例示建设公司", "XM-B", "J1</span>")


@pytest.mark.parametrize("who", READERS)
def test_each_page_opens_for_those_whom_the_policy_lets_in_and_tells_them_nothing_of_the_other_world(
    service: Service, who: str
) -> None:
    kept = () if who in WORLD_B | EVERYWHERE else (*OF_WORLD_B, service.code["J1"])
    wrong = []
    for path, action in PAGES.items():
        status, text = open_page(service, who, address(service, path, who))

        if status != wanted(who, path, action):
            wrong.append((path, status, wanted(who, path, action)))
        if text.startswith("<!doctype html>"):
            assert_sound(text, path)
        if not path.startswith(("/parties", "/language")):
            assert [word for word in kept if word in text] == [], path

    assert wrong == []


@pytest.mark.parametrize("who", ["maker", "anybody"])
def test_each_page_is_there_in_english_too(service: Service, who: str) -> None:
    for path in PAGES:
        here = address(service, path, who)
        _, text = open_page(service, who, f"{here}{'&' if '?' in here else '?'}lang=en")

        if text.startswith("<!doctype html>"):
            assert '<html lang="en">' in text, path
            assert_sound(text, path)


@pytest.mark.parametrize("who", [who for who in ACCOUNTS if who not in EVERYWHERE])
def test_what_belongs_to_others_is_not_found(service: Service, who: str) -> None:
    about_one = [
        path for path, action in PAGES.items() if action in SCOPED and "{" in path and "{goods}" not in path
    ]
    assert about_one
    for path in about_one:
        theirs, text = open_page(service, who, address(service, path, who, foreign=True))
        assert "怎么办" in text, path
        absent, _ = open_page(service, who, re.sub(r"\{\w+\}", "00000-00000", path))

        assert theirs in (403, 404), path
        assert theirs == 403 or absent in (404, 422), path
        assert "济南" not in text or who in WORLD_B, path


#: What another authority's grant of a batch opens.
LENT = frozenset(
    {
        "/batches/{code}/evidence",
        "/batches/{code}/evidence?unit=2",
        "/batches/{code}",
        "/batches/{code}?where=transit&order=old&up_to=30",
        "/batches/{code}/trace",
    }
) | {"/batches/{code}/trace?unit=1&direction=both&up_to=60", "/events/{event}", "/events/{event}/trace"}


def test_a_granted_batch_opens_its_own_pages_and_no_other_of_that_world(
    service: Service, told: Told, tmp_path: Path
) -> None:
    """Every page × the regulator of world B × things of world A, whose regulator lets it read one batch."""
    reads = {"batches": [told.code["L1"]]}
    granted = grant(REGULATOR, REGULATOR_B, reads=reads, entered_for=REGULATOR)
    with service_in(tmp_path / "data", told, granted) as lent:
        before = lent.size
        wrong = []
        for path, action in PAGES.items():
            here = address(lent, path, "regulator B", foreign=True)
            answer = lent.ask("regulator B", "GET", here, headers={"Accept": "text/html"})
            status, text = (answer.status_code, answer.text)
            as_before = open_page(
                service, "regulator B", address(service, path, "regulator B", foreign=True)
            )[0]
            right = 200 if path in LENT else as_before
            if status != right:
                wrong.append((path, status, right))
            if path not in LENT and action is not Action.READ_SEARCH:
                assert "L1</span>" not in text, path

        assert wrong == []
        assert lent.size == before + 1  # one reading, however many pages


def test_the_world_that_is_searched_for_words_does_hold_them(service: Service) -> None:
    _, text = open_page(service, "maker B", f"/batches/{service.code['J1']}")

    assert "济南市例示经营部" in text


def test_a_maker_does_not_learn_to_which_project_its_dealer_sold(service: Service) -> None:
    project = project_id(SITE, "XM-1")
    for path in ("/batches/{code}", "/batches/{code}/trace", "/parties/{maker}/trace", "/", "/alerts"):
        _, own = open_page(service, "maker", address(service, path, "maker"))

        assert project not in own, path
    _, at_the_site = open_page(service, "site", f"/batches/{service.code['L1']}")
    assert "示范小区配电工程" in at_the_site


def test_persons_are_named_to_their_own_organisation_and_to_its_regulator_only(service: Service) -> None:
    pages = {
        who: open_page(service, who, f"/batches/{service.code['L1']}")[1]
        for who in ACCOUNTS
        if who not in WORLD_B
    }

    assert {who for who, text in pages.items() if "质检员甲某" in text} == {"maker", "regulator"}


def test_the_public_page_names_maker_and_goods_and_nobody_else(service: Service) -> None:
    status, text = open_page(service, "anybody", f"/c/{service.code['L1']}")

    assert status == 200
    assert "本平台签发" in text
    for kept in ("周口市示例供电公司", "示范小区配电工程", "质检员甲某", "FH-"):
        assert kept not in text


#: What each form takes when it is sent; None where anybody may. Of what records, the kind says it (`FORMS_OF_KINDS`).
SENT: dict[str, Action | None] = {
    "/alerts/{index}/{rule}/{step}": Action.RECORD_ALERT_STEP,
    "/leads/new": Action.RECORD_LEAD,
    "/leads/{lead}/{step}": Action.RECORD_LEAD_STEP,
    "/cases/new": Action.RECORD_CASE,
    "/cases/{case}/{step}": Action.RECORD_CASE_STEP,
    "/cases/{case}/evidence": Action.RECORD_STATEMENT,
    "/batches/{code}/evidence": Action.RECORD_STATEMENT,
    "/programmes/new": Action.RECORD_PROGRAMME,
    "/programmes/{programme}/steps/{step}": Action.RECORD_PROGRAMME_STEP,
    "/discipline/new": Action.RECORD_DISCIPLINE,
    "/discipline/{discipline}/steps/{step}": Action.RECORD_DISCIPLINE_STEP,
    "/listings/new": Action.RECORD_LISTING,
    "/listings/{listing}/steps/{step}": Action.RECORD_LISTING_STEP,
    "/requests/new": Action.RECORD_REQUEST,
    "/requests/{request_id}/steps/{step}": Action.RECORD_REQUEST_STEP,
    "/sign-in": None,
    "/sign-out": None,
    "/join/{token}": None,
    "/password": Action.CREATE_KEYS,  # whoever has an account
    "/sessions/end-others": Action.CREATE_KEYS,
    "/sessions/{which}/end": Action.CREATE_KEYS,
    "/keys": Action.CREATE_KEYS,
    "/keys/{key_id}/revoke": Action.CREATE_KEYS,
    "/signing-keys": Action.RECORD_KEY,
    "/signing-keys/{key_id}/revoke": Action.RECORD_KEY,
    "/invitations": Action.MANAGE_ACCOUNTS,
    "/invitations/{invitation_id}/withdraw": Action.MANAGE_ACCOUNTS,
    "/accounts/{account_id}": Action.MANAGE_ACCOUNTS,
    "/accounts/{account_id}/reset": Action.MANAGE_ACCOUNTS,
    "/accounts/{account_id}/{done}": Action.MANAGE_ACCOUNTS,
    "/search/saved": Action.READ_SEARCH,
    "/search/saved/{id_}/forget": Action.READ_SEARCH,
    "/import": Action.IMPORT,
    "/import/checks/{id_}": Action.IMPORT,
    "/import/checks/{id_}/commit": Action.IMPORT,
    "/import/checks/{id_}/columns/{n}": Action.IMPORT,
    "/import/columns/{key}": Action.IMPORT,
    "/import/columns/{key}/forget": Action.IMPORT,
    "/import/paste": Action.IMPORT,
    "/batches/new": Action.RECORD_PRODUCTION,
    "/batches/{code}/labels": Action.PRINT_LABELS,
    "/labels/to-print": Action.PRINT_LABELS,
    "/reservations": Action.RECORD_RESERVATION,
    "/send": Action.RECORD_DISPATCH,
    "/receive": Action.RECORD_RECEIPT,
    "/orders/new": Action.RECORD_ORDER,
    "/grants": Action.RECORD_GRANT,
    "/grants/{event}/end": Action.RECORD_GRANT,
    "/units": Action.MANAGE_UNITS,
    "/units/seat": Action.MANAGE_UNITS,
    "/events/{event}/erase": Action.RECORD_ERASURE,
    "/events/{event}/correct": Action.RECORD_CORRECTION,
    "/events/{event}/reply": Action.RECORD_NOTICE_REPLY,
    "/events/{event}/finding": Action.RECORD_ALERT_FINDING,
    "/events/{event}/rectification": Action.RECORD_RECTIFICATION,
    "/sampling-plans": Action.RECORD_SAMPLING_PLAN,
    "/monthly/{authority}/{month}": Action.RECORD_MONTHLY_FORM,
    "/samples/{sampling}/steps/{step}": Action.RECORD_SAMPLE_STEP,
    "/sampling-plans/{event}/draw": Action.RECORD_SAMPLING_DRAW,
    "/batches/{code}/record/{kind}": Action.RECORD_SALE,
    "/goods/new/{kind}": Action.RECORD_INSPECTION,
    "/goods/{goods}/record/{kind}": Action.RECORD_MEASURE,
    "/parties/{party}/record/{kind}": Action.RECORD_INSPECTION,
    "/projects/{project}/record/{kind}": Action.RECORD_INSPECTION,
    "/certificates/new": Action.RECORD_CERTIFICATE,
    "/certificates/record": Action.RECORD_CERTIFICATE,
    "/report/{kind}": Action.RECORD_REPORT,
    "/c/{code}/place": Action.CHECK_CODE,
}
#: What stands for `{kind}` in these: the action follows from it.
KIND_SENT = {
    "/batches/{code}/record/{kind}": "sale",
    "/goods/new/{kind}": "inspection",
    "/goods/{goods}/record/{kind}": "measure",
    "/report/{kind}": "report",
}


def posts(service: Service) -> set[str]:
    return {
        context.path
        for context in iter_route_contexts(service.client.app.routes)  # type: ignore[attr-defined]
        if not getattr(context.original_route, "include_in_schema", True)
        and "POST" in (getattr(context.original_route, "methods", None) or ())
    }


def test_every_form_of_the_pages_stands_in_the_table(service: Service) -> None:
    assert posts(service) == SENT.keys()


@pytest.mark.parametrize("who", READERS)
def test_a_form_is_taken_from_those_whom_the_policy_lets_and_from_nobody_else(
    service: Service, who: str
) -> None:
    role = Role.PUBLIC if who == "anybody" else ACCOUNTS[who][1]
    size, wrong = service.size, []
    for path, action in SENT.items():
        if action is None or may(role, action):
            continue
        filled = path.format(
            code=service.code["L1"], party=MAKER, project=project_id(SITE, "XM-1"), goods=GOODS,
            event=service.event["notice" if "reply" in path else "production"], kind=KIND_SENT.get(path, "inspection"),
            account_id=service.accounts["dealer"].id, done="deactivate", key_id="x", which="x", invitation_id="x",
            id_="x", n="3", key="x", lead=LEAD, case=CASE, step="merged", request_id=REQUEST, authority=party_id(REGULATOR), month="2026-04",
            index=3, rule="none", programme=PROGRAMME, listing=LISTING, discipline=LISTING, sampling=service.event["production"],
        )  # fmt: skip

        service.client.cookies.clear()
        token = service.cookies(who).get(FORM_TOKEN_HEADER, "")
        answer = service.ask(who, "POST", filled, data={"form_token": token}, headers={"Accept": "text/html"})

        if answer.status_code not in (401, 403):
            wrong.append((path, answer.status_code))

    assert wrong == []
    assert service.size == size
