"""The page 查询 with its filters, reasons, saved searches and workbook, and the same search over the programs' interface."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from cabletrace.errors import InputError
from cabletrace.http import hits_sheet
from cabletrace.search import asking as asking_module
from cabletrace.search import saved
from cabletrace.search.asking import Asking, asking_in, read_asking
from cabletrace.search.facets import Facet
from cabletrace.search.order import Sort
from cabletrace.web import searching
from cabletrace.web.routes import search as search_routes
from drafts_for_tests import LICENCE, MAKER
from html_for_tests import Reader
from service_for_tests import Service
from typing_for_tests import opened, text_of

HTML = {"Accept": "text/html"}


def found(service: Service, who: str, query: str) -> dict[str, Any]:
    answer = service.ask(who, "GET", f"/api/v1/search?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def save(service: Service, who: str, name: str, address: str) -> Any:
    token = service.cookies(who)["x-form-token"]
    data = {"form_token": token, "name": name, "address": address}
    return service.ask(who, "POST", "/search/saved", data=data, headers=HTML, follow_redirects=False)


# --- filters, counts, orders


def test_the_page_shows_filters_with_counts_and_takes_chosen_ones_away(service: Service) -> None:
    all_ = opened(service, "operator", "/search?sort=newest")
    chosen = opened(service, "operator", "/search?q=YJV&state=held&region=41")

    assert "筛选" in text_of(all_)
    assert "/search?state=held&amp;sort=newest" in all_
    assert 'aria-label="已选的筛选"' in chosen
    assert 'href="/search?q=YJV&amp;region=41"' in chosen  # without the state
    assert '<input type="hidden" name="state" value="held">' in chosen  # another word keeps the filters
    assert "<mark>YJV</mark>" in chosen


def test_counts_over_the_api_are_those_of_the_hits(service: Service) -> None:
    answer = found(service, "operator", "counts=state&counts=type&limit=200")

    counted = {each["facet"]: {v["value"]: v["count"] for v in each["values"]} for each in answer["facets"]}
    assert counted.keys() == {"state", "type"}
    for facet, values in counted.items():
        assert values
        for value, n in values.items():
            assert found(service, "operator", f"{facet}={value}")["total"] == n


def test_all_cables_of_a_type_with_an_area_are_found_by_words_and_by_filters(service: Service) -> None:
    by_words = found(service, "operator", "q=YJV+95")
    by_filters = found(service, "operator", "type=YJV&area=95")

    lots = [{row["batch"]["lot"] for row in each["rows"]} for each in (by_words, by_filters)]
    assert lots[0] == lots[1] >= {"L1"}


def test_pages_of_an_order_follow_one_another_by_the_link(service: Service) -> None:
    path, lots = "/api/v1/search?sort=maker&limit=1", []
    while path:
        answer = service.ask("operator", "GET", path)
        lots += [row["batch"]["lot"] for row in answer.json()["rows"]]
        path = answer.links["next"]["url"] if "next" in answer.links else ""

    assert len(lots) == 2
    assert answer.json()["first"] == 2
    before = service.ask("operator", "GET", answer.links["prev"]["url"])
    assert [row["batch"]["lot"] for row in before.json()["rows"]] == lots[:1]
    assert "prev" not in before.links
    assert lots == [row["batch"]["lot"] for row in found(service, "operator", "sort=maker&limit=200")["rows"]]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("q=&after=9007199254740990", "after"),
        ("after=9007199254740991", "after"),
        ("after=%00", "after"),
        ("back=&back=W10", "back"),
        ("back=W10", "back"),
        ("state=lost", "state"),
        ("month=2026-99", "month"),
        ("counts=price", "counts"),
    ],
)
def test_what_no_list_has_given_out_and_what_no_filter_has_is_refused_by_name(
    service: Service, query: str, where: str
) -> None:
    api = service.ask("maker", "GET", f"/api/v1/search?{query}")
    page = service.ask("maker", "GET", f"/search?sort=newest&{query}", headers=HTML)

    assert api.status_code == 400
    assert api.json()["problems"][0]["where"] == where
    assert page.status_code == (200 if where == "counts" else 400)


def test_the_page_turns_forth_and_back_in_the_size_that_was_chosen(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (asking_module, searching, search_routes):
        monkeypatch.setattr(module, "SIZES", (1, 2))

    first = opened(service, "operator", "/search?sort=maker&limit=1")
    second = opened(service, "operator", _href(first, "next"))
    again = opened(service, "operator", _href(second, "prev"))

    assert "上一页" in text_of(second)
    assert _hits(first) == _hits(again) != _hits(second)
    assert "2–2 / 2" in text_of(second)
    assert (_href(first, "prev"), _href(second, "next"), _href(again, "prev")) == ("", "", "")
    assert _hits(opened(service, "operator", "/search?sort=maker&limit=2")) == [*_hits(first), *_hits(second)]


def _href(html: str, rel: str) -> str:
    return next(
        (a.attributes["href"] or "" for a in Reader(html).all("a") if a.attributes.get("rel") == rel), ""
    )


def _hits(html: str) -> list[str]:
    return re.findall(r'<h3><a href="(/batches/[^"]+)"', html)


@pytest.mark.parametrize("size", ["0", "7", "-20", "20.0", "１００", "all"])
def test_a_page_of_another_size_is_refused_in_words(service: Service, size: str) -> None:
    page = service.ask("maker", "GET", f"/search?q=YJV&limit={size}", headers=HTML)
    kept = service.ask("maker", "POST", SAVED, json={"name": "名", "address": f"q=YJV&limit={size}"})

    assert (page.status_code, kept.status_code) == (400, 400)
    assert "每页条数应为 20、50、100 之一" in page.text
    (problem,) = kept.json()["problems"]
    assert problem["detail"]["en"] == "one of 20, 50, 100 hits on a page is wanted"
    assert problem["where"] == "/address"


@pytest.mark.parametrize(
    ("query", "where", "words"),
    [
        ("month=2025-03..2025-02", "month", "期间的终点 2025-02 早于起点 2025-03"),
        ("since=2025-03&until=2025-02", "until", "期间的终点 2025-02 早于起点 2025-03"),
        ("since=9999-12", "since", "应为 1980-01 至 2099-12 之间的月份，如 2026-03"),
        ("until=0000-05", "until", "应为 1980-01 至 2099-12 之间的月份，如 2026-03"),
        ("until=2026", "until", "应为 1980-01 至 2099-12 之间的月份，如 2026-03"),
        ("since=1..2", "since", "应为 1980-01 至 2099-12 之间的月份，如 2026-03"),
    ],
)
def test_a_period_that_is_none_is_refused_in_words_beside_its_field(
    service: Service, query: str, where: str, words: str
) -> None:
    api = service.ask("maker", "GET", f"/api/v1/search?{query}")
    page = service.ask("maker", "GET", f"/search?q=YJV&{query}", headers=HTML)

    assert (api.status_code, page.status_code) == (400, 400)
    (problem,) = api.json()["problems"]
    assert (problem["where"], problem["detail"]["zh"]) == (where, words)
    assert words in page.text
    if where != "month":
        assert f'id="wrong-{where}"' in page.text
        assert '<input type="hidden" name="q" value="YJV">' in page.text
        for name, value in (each.split("=") for each in query.split("&")):
            assert f'name="{name}" type="month" value="{value}"' in page.text


@pytest.mark.parametrize("query", ["month=1980-01..2099-12", "since=2026-01&until=2026-12", "until=2099-12"])
def test_a_period_finds_what_was_made_in_it_by_either_spelling(service: Service, query: str) -> None:
    assert found(service, "operator", query)["total"] == found(service, "operator", "")["total"] > 0
    assert found(service, "operator", "since=1980-01&until=1980-12")["total"] == 0


RUBBISH = [
    "",
    "%00",
    "%FF",
    "-1",
    "1e9",
    "9" * 400,
    "..",
    "....",
    "2026-05..2026-03",
    "9999-12",
    "a.b",
    "0x",
    "*",
    "％",
]


@pytest.mark.parametrize(
    "name", ["q", "sort", "counts", "limit", "after", "back", "since", "until", *(f.slug for f in Facet)]
)
def test_no_parameter_of_a_search_is_answered_with_an_error_of_ours(service: Service, name: str) -> None:
    for value in RUBBISH:
        for path in ("/api/v1/search", "/api/v1/search/suggestions", "/search", "/search.xlsx"):
            answer = service.ask("maker", "GET", f"{path}?{name}={value}")
            assert answer.status_code in (200, 400, 422), (path, name, value)


@pytest.mark.parametrize(
    ("query", "name", "remedy"),
    [
        ("q=YJV&areaa=95", "areaa", "did you mean area?"),
        ("q=YJV&sence=2026-05", "sence", "did you mean since?"),
        ("q=YJV&Limit=5", "Limit", "did you mean limit?"),
    ],
)
def test_a_parameter_that_no_search_has_is_refused_with_the_nearest_that_it_has(
    service: Service, query: str, name: str, remedy: str
) -> None:
    answer = service.ask("maker", "GET", f"/api/v1/search?{query}")
    suggestions = service.ask("maker", "GET", "/api/v1/search/suggestions?q=YJV&limmit=3")

    assert answer.status_code == suggestions.status_code == 400
    (problem,) = answer.json()["problems"]
    assert (problem["where"], problem["remedy"]["en"]) == (name, remedy)
    assert service.ask("maker", "GET", "/api/v1/search?q=YJV&lang=en").status_code == 200


def test_counts_says_what_it_takes(service: Service) -> None:
    answer = service.ask("maker", "GET", "/api/v1/search?counts=false")

    remedy = answer.json()["problems"][0]["remedy"]["en"]
    assert remedy.startswith("known: all, region, state, ")
    assert remedy.endswith("leave counts out for none")


def test_the_description_lists_every_filter(service: Service) -> None:
    operation = service.client.get("/openapi.json").json()["paths"]["/api/v1/search"]["get"]

    described = {each["name"]: each["description"] for each in operation["parameters"]}
    assert {facet.slug for facet in Facet} | {"since", "until"} <= described.keys()
    assert "2026-03..2026-05" in described["month"]
    assert "Link" in operation["responses"]["200"]["headers"]


# --- what else is called so


def test_a_company_a_project_and_a_certificate_called_so_stand_above_the_hits(service: Service) -> None:
    for typed, who, kind in (
        ("周口市示例电缆", "operator", "/parties/"),
        (MAKER, "operator", "/parties/"),
        ("示范小区配电", "operator", "/projects/"),
        ("XM-1", "operator", "/projects/"),
        (LICENCE[:8], "operator", "/certificates/"),
    ):
        page = opened(service, who, f"/search?q={quote(typed)}")
        assert "同名的登记" in page, typed
        assert kind in page.split("同名的登记")[1].split("</ul>")[0], typed

    assert "同名的登记" not in opened(
        service, "operator", "/search?q=%E5%8F%A3%E5%B8%82"
    )  # within a name only
    assert "同名的登记" not in opened(service, "maker B", f"/search?q={quote('示范小区配电')}")


def test_a_code_with_a_wrong_check_character_is_said_to_be_typed_wrong(service: Service) -> None:
    code = service.code["L1"]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "2")

    page = text_of(opened(service, "maker", f"/search?q={wrong}"))

    assert "校验字符不符" in page
    assert f"收到的是「{wrong}」" in page
    assert "校验字符不符" not in opened(service, "maker", f"/search?q={code}")
    assert "校验字符不符" not in opened(service, "maker", "/search?q=nothing-of-it")


@pytest.mark.parametrize("typed", ["HXCZQ-FQXMM", "hxczq-fqxmm", "HXCZQFQXMM"])
def test_a_batch_code_without_a_digit_is_said_to_be_typed_wrong_too(service: Service, typed: str) -> None:
    assert "校验字符不符" in opened(service, "maker", f"/search?q={typed}")


def test_a_word_as_long_as_a_code_is_no_code_typed_wrong(service: Service) -> None:
    assert "校验字符不符" not in opened(service, "maker", "/search?q=trademarks")


def test_where_two_words_stand_in_one_text_it_is_said_once(service: Service) -> None:
    page = text_of(opened(service, "maker", "/search?q=YJV+95"))

    assert page.count("找到：型号规格 YJV 0.6/1kV 3×95+1×50") >= 1
    assert "、型号规格 YJV" not in page


# --- suggestions


def test_suggestions_come_from_what_the_asker_may_see_alone(service: Service) -> None:
    def suggested(who: str, typed: str) -> str:
        return service.ask(who, "GET", f"/api/v1/search/suggestions?q={typed}").text

    assert "YJV" in suggested("maker", "yjv")
    assert "济南" in suggested("maker B", "济")
    assert suggested("maker", "济") == suggested("maker", "") == "[]"
    assert service.ask("anybody", "GET", "/api/v1/search/suggestions?q=yjv").status_code == 401


def test_the_last_of_several_words_is_completed_by_what_stands_beside_the_others(service: Service) -> None:
    def suggested(who: str, typed: str) -> list[str]:
        answer = service.ask(who, "GET", "/api/v1/search/suggestions", params={"q": typed})
        return [each["text"] for each in answer.json()]

    (text,) = set(suggested("maker", "周口 YJ"))
    assert text == "周口 YJV 0.6/1kV 3×95+1×50"
    assert found(service, "maker", f"q={quote(text)}")["total"] > 0
    assert suggested("maker B", "周口 YJ") == []


# --- saved searches


def test_a_search_is_saved_by_its_account_for_nobody_else_and_can_be_deleted(fresh: Service) -> None:
    kept = save(fresh, "maker", " 在库  YJV ", "q=YJV&state=held&sort=maker")

    assert (kept.status_code, kept.headers["location"]) == (303, "/search?q=YJV&state=held&sort=maker")
    page = opened(fresh, "maker", "/search")
    assert "在库 YJV" in text_of(page)
    assert 'href="/search?q=YJV&amp;state=held&amp;sort=maker"' in page
    assert "在库 YJV" not in opened(fresh, "dealer", "/search")

    forget = page.split('action="/search/saved/')[1].split('"')[0]
    tokens = {who: fresh.cookies(who)["x-form-token"] for who in ("dealer", "maker")}
    answers = [
        fresh.ask(who, "POST", f"/search/saved/{forget}", data={"form_token": token}, follow_redirects=False)
        for who, token in tokens.items()
    ]
    assert [answer.status_code for answer in answers] == [404, 303]
    assert "在库 YJV" not in opened(fresh, "maker", "/search")


def test_saving_under_a_name_again_replaces_and_only_searches_are_saved(
    fresh: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(fresh, "maker", "每天", "q=YJV")
    save(fresh, "maker", "每天", "q=BV")
    page = opened(fresh, "maker", "/search")
    assert page.count("每天") == page.count("/forget") * 2  # link and the button's words
    assert 'href="/search?q=BV"' in page

    assert save(fresh, "maker", "", "q=YJV").status_code == 422
    assert save(fresh, "maker", "x" * 61, "q=YJV").status_code == 422
    for no_search in ("state=lost", "sort=price", "&&", "month=2026"):
        assert save(fresh, "maker", "名", no_search).status_code == 400, no_search
    monkeypatch.setattr(saved, "MOST", 1)
    assert save(fresh, "maker", "又一个", "q=YJV").status_code == 429


SAVED = "/api/v1/search/saved"


def test_programs_save_list_and_delete_the_searches_of_their_account_that_its_page_shows(
    fresh: Service,
) -> None:
    kept = fresh.ask("maker", "POST", SAVED, json={"name": "在库", "address": "q=YJV&state=held"})
    save(fresh, "maker", "每天", "q=BV")

    assert kept.status_code == 201
    rows = fresh.ask("maker", "GET", SAVED).json()["rows"]
    assert {each["name"]: each["address"] for each in rows} == {"在库": "q=YJV&state=held", "每天": "q=BV"}
    assert kept.json() in rows
    assert "在库" in text_of(opened(fresh, "maker", "/search"))
    assert fresh.ask("dealer", "GET", SAVED).json()["rows"] == []

    address = f"{SAVED}/{kept.json()['id']}"
    answers = [fresh.ask(who, "DELETE", address).status_code for who in ("dealer", "maker", "maker")]
    assert answers == [404, 204, 404]
    assert "在库" not in text_of(opened(fresh, "maker", "/search"))


def test_a_key_of_an_account_keeps_the_accounts_searches_and_only_if_it_may_search(fresh: Service) -> None:
    def key(action: str) -> dict[str, str]:
        wanted = {"label": action, "actions": [action], "expires_at": "2026-07-30T00:00:00+08:00"}
        made = fresh.ask("maker", "POST", "/api/v1/keys", json=wanted)
        return {"Authorization": f"Bearer {made.json()['text']}"}

    search, batch = key("read:search"), key("read:batch")
    wanted = {"name": "程序", "address": "q=YJV"}

    assert fresh.client.post(SAVED, json=wanted, headers=search).status_code == 201
    assert fresh.client.post(SAVED, json=wanted, headers=batch).status_code == 403
    assert fresh.client.get(SAVED, headers=batch).status_code == 403
    assert [each["name"] for each in fresh.ask("maker", "GET", SAVED).json()["rows"]] == ["程序"]


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({"name": "", "address": "q=YJV"}, 422, "/name"),
        ({"name": "x" * 61, "address": "q=YJV"}, 422, "/name"),
        ({"name": "名", "address": "state=lost"}, 400, "/address"),
        ({"name": "名", "address": "&&"}, 400, "/address"),
        ({"name": "名", "address": "q=a%00b"}, 400, "/address"),
        ({"name": "名", "address": "q=YJV&foo=1"}, 400, "/address"),
        ({"name": "名", "address": "q=YJV&q=BV"}, 400, "/address"),
        ({"name": "名", "address": "area=abc"}, 400, "/address"),
        ({"name": "名"}, 422, "/address"),
        ({"name": "名", "address": "q=YJV", "more": 1}, 422, "/more"),
    ],
)
def test_what_is_no_search_is_not_saved(
    service: Service, body: dict[str, Any], status: int, where: str
) -> None:
    answer = service.ask("maker", "POST", SAVED, json=body)

    assert answer.status_code == status, answer.text
    assert answer.json()["problems"][0]["where"] == where
    assert service.ask("maker", "GET", SAVED).json()["rows"] == []


def test_a_script_of_another_page_saves_nothing(fresh: Service) -> None:
    cookie = {"Cookie": fresh.cookies("maker")["Cookie"]}

    answer = fresh.client.post(SAVED, json={"name": "名", "address": "q=YJV"}, headers=cookie)

    assert answer.status_code == 403
    assert fresh.ask("maker", "GET", SAVED).json()["rows"] == []


def test_an_account_keeps_so_many_searches_and_no_more(
    fresh: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    answers = [
        fresh.ask("maker", "POST", SAVED, json={"name": name, "address": "q=YJV"}) for name in "甲乙甲"
    ]

    assert [answer.status_code for answer in answers] == [201, 429, 201]


def test_an_asking_and_its_address_are_inverses() -> None:
    filters = {Facet.MONTH: ("2026-01..",), Facet.REGION: ("3412", "41")}
    asking = Asking("YJV 95", filters, Sort.CABLE, 50)

    assert asking_in(asking.address).pairs() == asking.pairs()
    assert asking_in("") == Asking()
    by_form = read_asking("", {"since": ["2026-01"], "month": ["2025-11"]}, Sort.BEST)
    assert by_form.chosen == {Facet.MONTH: ("2026-01..",)}
    with pytest.raises(InputError):
        asking_in("sort=worst")


# --- the workbook


def workbook(
    service: Service, who: str, query: str, path: str = "/search.xlsx"
) -> tuple[list[Any], dict[str, str]]:
    answer = service.ask(who, "GET", f"{path}?{query}")
    book = load_workbook(BytesIO(answer.content))
    rows, about = (list(book[name].iter_rows(values_only=True)) for name in book.sheetnames)
    return rows, dict(about)


def test_the_workbook_holds_the_hits_of_the_page_and_no_others(service: Service) -> None:
    rows, about = workbook(service, "dealer", "q=YJV&region=41")

    hits = found(service, "dealer", "q=YJV&region=41")["rows"]
    lots = [row[rows[0].index("批号")] for row in rows[1:]]
    assert lots == [each["batch"]["lot"] for each in hits] == ["L1"]
    assert rows[1][rows[0].index("长度（m）")] * 1000 == hits[0]["batch"]["length_mm"]
    assert about["筛选"] == "现在地区：河南省"
    assert about["是否完整"] == "全部 1 个批次"
    assert len(workbook(service, "dealer", "q=J1")[0]) == 1


def test_a_cell_of_a_state_of_which_nothing_is_told_is_empty_and_no_zero() -> None:
    told = hits_sheet._by_state({"held": 5, "elsewhere": 7})
    whole = hits_sheet._by_state({"held": 5})

    assert sorted(mm for mm in told if mm is not None) == [5, 7]
    assert set(whole) == {0, 5}


def test_programs_get_the_same_workbook_in_the_scope_of_their_account(service: Service) -> None:
    path, asked = "/api/v1/search/hits.xlsx", "q=YJV&region=41&sort=maker"

    assert workbook(service, "dealer", asked, path) == workbook(service, "dealer", asked)
    english = service.ask("dealer", "GET", f"{path}?q=YJV&lang=en")
    assert load_workbook(BytesIO(english.content)).sheetnames == ["batches", "about"]
    assert english.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert len(workbook(service, "dealer", "q=J1", path)[0]) == 1
    assert service.ask("anybody", "GET", path).status_code == 401
    assert service.ask("maker", "GET", f"{path}?state=lost").status_code == 400


def test_a_workbook_that_is_cut_says_so(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits_sheet, "MOST_ROWS", 1)

    for path in ("/search.xlsx", "/api/v1/search/hits.xlsx"):
        rows, about = workbook(service, "operator", "q=YJV", path)

        assert len(rows) == 2
        assert about["是否完整"].startswith("不完整：只有前 1 个批次")


def test_a_text_that_looks_like_a_formula_stays_a_text(service: Service) -> None:
    answer = service.ask("operator", "GET", "/search.xlsx?q=YJV&type=%3D1%2B1&type=YJV")

    for sheet in load_workbook(BytesIO(answer.content)):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    about = load_workbook(BytesIO(answer.content))["说明"]
    assert "型号：=1+1" in [row[1].value for row in about.iter_rows()]


def test_the_search_box_has_a_button_to_scan_and_the_filter_of_another_list_has_none(
    service: Service,
) -> None:
    desk, search, stock = (
        service.ask("maker", "GET", path).text for path in ("/", "/search?q=YJV", "/stock")
    )

    for page in (desk, search):
        assert 'data-scan="first-find"' in page
    assert 'data-scan="find"' in stock
    assert 'data-scan="find-stock"' not in stock
