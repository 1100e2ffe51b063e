"""What an officer of another city learns of trade elsewhere: nothing, by any address, and not by the work that an answer takes.

The demo is served to a county's officer of 阜阳, and everything is asked that there is: every route that can be read, the lists with
words, filters, orders and counts, files, and what would be refused. Then a whole life is recorded in 周口: a batch, its trade, a
test that it fails, uncoded goods, a complaint, a lead and its case. The same addresses, which named before what did not exist, are
asked again: each answer is the same byte for byte, and what can be asked by a word, a code or a lot takes as many statements. Left out
is what is open to everybody: the public ledger with its size, that a code was issued, and so what can be recorded about one that is held in hand. Then the case writes to the county, and
then its authority lets it read the one batch: exactly the addresses change that are listed here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5
from zipfile import ZipFile

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

import cases_for_tests as cases
import drafts_for_tests as some
import programmes_for_tests as campaigns
from cabletrace.app.demo import (
    CONTRACTOR,
    DEALER,
    HOME_REGULATOR,
    HOTLINE,
    LABORATORY,
    MAKER,
    load_demo,
)
from cabletrace.app.followers import following
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.server import make_app
from cabletrace.auth.accounts import create_account
from cabletrace.auth.policy import Role
from cabletrace.auth.sessions import form_token, start_session
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.http.allowance import Allowances
from cabletrace.http.door import FORM_TOKEN_HEADER, SESSION_COOKIE
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_head
from cabletrace.model.values import business_id, party_id
from cabletrace.registry import register
from cabletrace.search.facets import Facet
from cabletrace.search.order import Sort
from drafts_for_tests import Envelope, uscc_of
from files_for_tests import document_of, name_of, photo, put
from passwords_for_tests import cheap_passwords

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
COUNTY, REGION = "00000000-0000-4000-8000-0000000000d1", "341202"
#: What is in 周口, and nowhere else. None of it exists.
SHOP, OWNER = uscc_of("411624", "MA1TEXT5"), uscc_of("411681", "MA1TEXT6")
LOT, LOT_KEPT = "HZ-SECRET-1", "HZ-SECRET-2"
PROJECT = {"keeper": CONTRACTOR, "number": "XM-SECRET"}
PICTURE = photo(77)


def id_of(name: str) -> str:
    return str(uuid5(UUID(int=0), name))


GOODS, LEAD, CASE, REQUEST, PROGRAMME, LISTING = (
    id_of(each) for each in ("goods", "lead", "case", "request", "programme", "listing")
)
#: Words of that life, as they are typed into a search.
WORDS = (LOT, LOT[:9], "沈丘秘线五金店", "沈丘秘", "项城秘密变电站", "XM-SECRET", "FH-SECRET", "JC-SECRET", "CY-SECRET", "周市监秘〔2026〕1号", SHOP)  # fmt: skip


def life(code: str, kept: str) -> dict[str, Envelope]:
    """Two batches and all that became of one of them, in 周口 alone; by names."""
    of = {"batch": {"maker": MAKER, "lot": LOT}}
    here, about = {"region": "411624"}, cases.matter(batches=[code], parties=[MAKER], names=["某秘密作坊"])
    home: dict[str, Any] = {"entered_for": HOME_REGULATOR}
    made = {
        "party": some.party(SHOP, "沈丘秘线五金店", "distributor", region="411624", uscc=SHOP, entered_for=MAKER),
        "owner": some.party(OWNER, "项城秘密供电公司", "owner", region="411681", uscc=OWNER, entered_for=CONTRACTOR),
        "project": some.project(CONTRACTOR, "XM-SECRET", region="411681", contractor=CONTRACTOR, owner=OWNER, entered_for=CONTRACTOR),
        "production": some.production(
            LOT, [(1, 6, 250_000)], maker=MAKER, product="P01", code=code, on="2026-10-01", documents=[document_of(PICTURE, "秘密.jpg")],
            entered_for=MAKER,
        ),
        "production kept": some.production(LOT_KEPT, [(1, 2, 250_000)], maker=MAKER, product="P01", code=kept, on="2026-10-01", entered_for=MAKER),
        "dispatch": some.dispatch(of, to=SHOP, region="411624", units=[(1, 2)], note="FH-SECRET", on="2026-10-10", entered_for=MAKER),
        "receipt": some.receipt(of, units=[(1, 1)], sender=MAKER, on="2026-10-12", entered_for=SHOP),
        "to the site": some.dispatch(of, to=CONTRACTOR, region="411681", units=[(3, 4)], note="FH-SECRET-2", on="2026-10-10", entered_for=MAKER),
        "at the site": some.receipt(of, units=[(3, 4)], sender=MAKER, project=PROJECT, on="2026-10-13", entered_for=CONTRACTOR),
        "use": some.use(of, unit=3, length_mm=60_000, project=PROJECT, on="2026-10-20", entered_for=CONTRACTOR),
        "unsent": some.receipt(of, units=[(6, 6)], project=PROJECT, on="2026-10-21", entered_for=CONTRACTOR),
        "order": some.order(CONTRACTOR, "DD-SECRET", supplier=MAKER, buyer=CONTRACTOR, entered_for=CONTRACTOR),
        "sampling": some.sampling(of, unit=1, on="2026-10-22", place=here, **home),
        "test": some.report(of, number="JC-SECRET", unit=1, value="9.9", type="supervision", on="2026-10-28", entered_for=LABORATORY),
        "sample": some.sample_step(id_of("event sampling"), "sealed", authority=HOME_REGULATOR, on="2026-10-22", **home),
        "goods": some.envelope(
            "inspection", {"goods": GOODS},
            {"type": "routine", "number": "JC-SECRET-7", "result": "rectify", "goods": {"marks": "YJV 秘密无厂名"}, "defects": [{"text": "标识不清"}]},
            on="2026-11-01", place=here, **home,
        ),
        "inspection": some.inspection(of, units=[(1, 1)], number="JD-SECRET", on="2026-11-01", place=here, **home),
        "plan": some.visit_plan({"party": SHOP}, number="飞检-SECRET", opens_on="2026-11-20", closes_on="2026-12-20", on="2026-11-01", place=here, **home),
        "credit": some.credit_class({"party": SHOP}, source="秘密信用分类", number="XF-SECRET", on="2026-11-01", **home),
        "complaint": some.complaint(of, on="2026-11-02", place=here, entered_for=HOTLINE),
        "lead": cases.lead(LEAD, "周市监秘线〔2026〕1号", about=about, on="2026-11-03", by=cases.persons("officer", "秘线甲"), **home),
        "checking": cases.lead_step(LEAD, "checking", on="2026-11-04", **home),
        "case": cases.case(CASE, "周市监秘〔2026〕1号", leads=[LEAD], about=about, on="2026-11-05", **home),
        "letter": cases.request(REQUEST, "周市监秘协〔2026〕1号", case=CASE, about=cases.matter(batches=[code], parties=[]), region="410200", on="2026-11-06", **home),
        "reminder": cases.request_step(REQUEST, "reminded", number="周市监秘催〔2026〕1号", on="2026-11-20", **home),
        "measure": some.measure("seal", "周市监秘封〔2026〕1号", of, units=[(1, 1)], on="2026-11-06", place=here, **home),
        "notice": some.envelope("notice", of, {"number": "周市监秘通〔2026〕1号", "recipients": [CONTRACTOR], "text": "秘密通报"}, on="2026-11-07", **home),
        "recall": some.recall(of, on="2026-11-08", entered_for=MAKER),
        "programme": campaigns.programme(
            PROGRAMME, "周市监秘办〔2026〕20号", phases=[{"name": "排查", "opens_on": "2026-10-01", "closes_on": "2026-12-31"}],
            tasks=[campaigns.task("1", HOME_REGULATOR, phase=1, about="dealers", asks=["self-check"])], on="2026-10-01", summary_due="2027-01-10", **home,
        ),
        "progress": campaigns.report(PROGRAMME, text="秘密进展", on="2026-11-10", **home),
        "summary": campaigns.report(PROGRAMME, "summary", text="秘密总结", figures=[], on="2026-11-12", **home),
        "self-check": campaigns.self_check(SHOP, on="2026-11-08", entered_for=SHOP),
        "listing": campaigns.listing(
            LISTING, "周市监秘督〔2026〕1号", unit=HOME_REGULATOR, place={"region": "411624", "name": "秘密市场"}, due="2026-12-20", on="2026-11-13", **home,
        ),
        "listed": campaigns.listing_step(LISTING, text="已清查秘密十户", on="2026-11-14", **home),
        "held": some.dispatch(of, to=DEALER, region="411602", units=[(1, 1)], note="FH-SECRET-3", on="2026-11-09", entered_for=SHOP),
    }  # fmt: skip
    for name, each in made.items():
        each["draft"]["id"] = id_of(f"event {name}")
    return made


@dataclass
class World:
    """The demo with a county's officer of another city, asked one address after the other; nobody follows the ledger meanwhile."""

    house: Installation
    client: TestClient
    token: str
    #: Codes that the maker has reserved: of the batch, and of the one that is never lent.
    code: str
    kept: str
    #: Of the officer's own region: a batch, and an event of it.
    own: str
    own_event: str
    statements: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        with begin_read(self.house.ledger) as tx:
            return read_head(tx).size

    def record(self, *envelopes: Envelope) -> None:
        machine = self.house.at_the_machine()
        for answer in self.house.intake.record_now([prepare(each, machine) for each in envelopes]):
            assert isinstance(answer, Receipt), answer
        self.catch_up()

    def catch_up(self) -> None:
        with following(self.house.ledger, self.house.index) as followers:
            assert followers.search.wait_until(self.size - 1, 120)
            assert followers.alerts.wait_until(self.size - 1, 120)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, str, tuple[tuple[str, int], ...]]:
        """Status, everything that was said, and how many statements each database was asked; the public size of the ledger, the
        number of the request and fresh ids left out."""
        sizes = [self.size]
        self.statements.clear()
        headers = {"Cookie": f"{SESSION_COOKIE}={self.token}", FORM_TOKEN_HEADER: form_token(self.token)}
        headers["Accept"] = "*/*" if path.startswith("/api/") else "text/html, */*"
        answer = self.client.request(method, path, headers=headers, json=body)
        work = tuple(sorted(self.statements.items()))
        sizes.append(self.size)
        said = _members(answer.content) if answer.content[:2] == b"PK" else answer.content
        text = said.decode("utf-8", "replace")
        kept = {name: value for name, value in answer.headers.items() if name in _HEADERS}
        return answer.status_code, _without_size(_without_fresh(f"{kept}\n{text}"), sizes), work

    def answers(self, addresses: Mapping[str, tuple[str, str, Any]]) -> dict[str, Any]:
        return {name: self.ask(*asked) for name, asked in addresses.items()}


_HEADERS = ("content-type", "location", "content-disposition", "www-authenticate", "cache-control")


def _members(packed: bytes) -> bytes:
    """The parts of a workbook or a package, without what says when it was made."""
    with ZipFile(BytesIO(packed)) as archive:
        names = sorted(name for name in archive.namelist() if not name.startswith("docProps/"))
        return b"\n".join(name.encode() + b"\n" + archive.read(name) for name in names)


def _without_size(text: str, sizes: Iterable[int]) -> str:
    for size in sizes:
        for n in (size, size - 1):
            text = re.sub(rf"(?<![0-9a-f])(?<!\d,)({n:,}|{n})(?![0-9a-f])(?!,\d)", "HEAD", text)
    return text


def _without_fresh(text: str) -> str:
    """Without what is drawn anew for each answer: the number of the request, ids of forms, a seed."""
    text = re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "the number of a request", text)
    return re.sub(r'name="(id|goods|seed)"( type="text")? value="[^"]+"', r'name="\1" value="fresh"', text)


# --- what is asked ----------------------------------------------------------------------------------------

#: Open to everybody, or to nobody but who works a service: not asked here.
PUBLIC = (
    "/ledger", "/c", "/r", "/report", "/healthz", "/readyz", "/metrics", "/static", "/language", "/sign-in", "/join", "/docs", "/openapi.json",
    "/api/v1/evidence/verify.py", "/api/v1/evidence/verify.html", "/api/v1/imports/templates",
)  # fmt: skip


def addresses(world: World) -> dict[str, tuple[str, str, Any]]:
    """Everything that can be asked, by a name: each route that can be read of what is in 周口 or, where it names nothing, as it is;
    the lists with words, filters and orders; the officer's own goods in every form; and what is refused."""
    life_ = life(world.code, world.kept)
    events = {name: each["draft"]["id"] for name, each in life_.items()}
    project = business_id("project", party_id(CONTRACTOR), "XM-SECRET")
    named = {
        "code": (world.code, world.kept), "event": tuple(events.values()), "unit": ("1",), "party": (party_id(SHOP), party_id(OWNER)), "maker": (MAKER,),
        "holder": (MAKER,), "number": ("NO-SUCH",), "project": (project,), "goods": (GOODS,), "lead": (LEAD,), "case": (CASE,), "request_id": (REQUEST,),
        "reminder": (events["reminder"],), "job": (id_of("job"),), "id_": (id_of("job"),), "n": ("1",), "key": (id_of("key"),),
        "sha256": (name_of(PICTURE),), "kind": ("inspection", "measure", "notice", "sampling"), "step": ("checking", "investigate", "received", "dismissed", "reported", "lifted", "approved"),
        "account_id": (id_of("account"),), "authority": (HOME_REGULATOR,), "month": ("2026-11",), "cell": ("sampled",), "sampling": (events["sampling"],),
        "index": (str(world.size + list(events).index("test")),), "rule": ("resistance-over",),
        "programme": (PROGRAMME,), "summary": (events["summary"],), "listing": (LISTING,), "discipline": (LISTING,),
    }  # fmt: skip
    asked: list[str] = []
    for route in _routes(world):
        holes = re.findall(r"{(\w+)(?::path)?}", route)
        some_of = [route.replace(":path", "")]
        for hole in holes:
            some_of = [each.replace(f"{{{hole}}}", value) for each in some_of for value in named[hole]]
        asked += some_of
    asked += [f"{list_}?q={quote(word)}" for word in WORDS for list_ in (
        "/search", "/search.xlsx", "/api/v1/search/suggestions", "/api/v1/search", "/trace", "/parties", "/projects", "/goods", "/orders", "/cases",
    )]  # fmt: skip
    asked += [
        f"/api/v1/search?counts=all&q={quote(word)}" for word in ("", "YJV", world.code, world.code[:5])
    ]
    asked += [f"/api/v1/search?sort={sort}" for sort in Sort] + [
        f"/search?sort={sort}&q=YJV" for sort in Sort
    ]
    asked += [f"/api/v1/search?counts=all&{facet.slug}={value}" for facet, value in A_VALUE.items()]
    asked += [f"/api/v1/trace?{start}&as={form}" for form in ("json", "xlsx", "graphml") for start in (
        f"batch={world.code}", f"batch={world.code}&unit=1", f"batch={world.own}", f"maker={MAKER}", f"maker={MAKER}&product=P01",
        f"event={events['test']}", f"goods={GOODS}", f"project={project}", f"holder={party_id(SHOP)}&region=411624", f"holder={MAKER}&region=411603",
    )]  # fmt: skip
    asked += [
        f"/api/v1/batches?lot={LOT}", f"/batches/{world.code}?unit=1", f"/batches/{world.own}", f"/batches/{world.own}/trace", f"/events/{world.own_event}",
        f"/api/v1/batches/{world.own}/events", f"/api/v1/batches/{world.own}/flow", f"/parties/{MAKER}", f"/parties/{MAKER}/trace", f"/api/v1/parties/{MAKER}",
        f"/parties/{MAKER}/products/P01", f"/parties/{MAKER}/products/P01/trace", f"/api/v1/products/{MAKER}/P01", f"/persons?name={quote('秘线甲')}",
        f"/api/v1/persons?name={quote('执法甲')}", "/alerts?rule=resistance-over", "/api/v1/alerts?limit=200", f"/due?whose=unit&q={LOT}", "/due?whose=me",
        f"/leads/new?batch={world.code}", f"/leads/new?event={events['complaint']}", f"/leads/new?index={world.size + 20}&rule=x&batch={world.code}",
        f"/requests/new?case={CASE}", f"/requests/new?lead={LEAD}", f"/cases/new?lead={LEAD}", f"/parties?q={SHOP}", f"/certificates?issuer={party_id(SHOP)}",
        f"/api/v1/requests?case={CASE}", "/requests?side=all", "/cases?state=filed", "/leads?state=checking", "/inspections?state=open",
    ]  # fmt: skip
    gets = {f"GET {path}": ("GET", path, None) for path in dict.fromkeys(asked)}
    evidence = {"ground": "核查", "place": "阜阳", "officers": [{"name": "甲某"}, {"name": "乙某"}]}
    posts: dict[str, tuple[str, str, Any]] = {
        "evidence of the batch": ("POST", f"/api/v1/evidence/batches/{world.code}", evidence),
        "evidence of the case": ("POST", f"/api/v1/evidence/cases/{CASE}", evidence),
    }
    about = cases.matter(parties=[], names=["某作坊"])
    rehearsed: dict[str, Envelope] = {
        "case of another's lead": cases.case(id_of("my case"), leads=[LEAD], about=about, on="2026-10-01"),
        "step of a lead": cases.lead_step(LEAD, "assigned", by=cases.persons("officer", "甲"), on="2026-10-01"),
        "step of a case": cases.case_step(CASE, "investigate", on="2026-10-01"),
        "step of a sample": some.sample_step(events["sampling"], authority=COUNTY, on="2026-10-23"),
        "report of another's programme": campaigns.report(PROGRAMME, on="2026-10-02"),
        "step of another's listing": campaigns.listing_step(LISTING, on="2026-11-14"),
        "letter of another's case": cases.request(id_of("my letter"), case=CASE, about=about),
        "step of a request": cases.request_step(REQUEST, "withdrawn", text="撤回", on="2026-10-01"),
        "party in 周口": some.inspection({"party": party_id(SHOP)}, place={"region": REGION}),
    }  # fmt: skip
    for name, each in rehearsed.items():
        draft = {**each["draft"], "id": id_of(f"asked {name}"), "ask": True}
        posts[f"refusal of {name}"] = ("POST", "/api/v1/events", {"draft": draft})
    return gets | posts


#: What takes more statements where something hidden is there: what is asked by an id that nobody guesses, a hash, an index of the public
#: ledger; a name of a person; and the desk, which looks through the last 200 entries.
MORE_WORK = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|index=|/alerts/\d+/|persons\?name=|^GET /$|of a sample$"
)

A_VALUE = {
    Facet.SEVERITY: "high", Facet.VERDICT: "failed", Facet.STATE: "held", Facet.REGION: "41", Facet.MADE: "41", Facet.MONTH: "2026-10",
    Facet.FAMILY: "power", Facet.METAL: "copper",
}  # fmt: skip


def _routes(world: World) -> list[str]:
    """Every route that can be read, of the interface and of the pages."""
    found = {
        context.path_format
        for context in iter_route_contexts(world.client.app.routes)  # type: ignore[attr-defined]
        if "GET" in (context.methods or ())
    }
    return sorted(
        path for path in found if not any(path == each or path.startswith(f"{each}/") for each in PUBLIC)
    )


# --- the world --------------------------------------------------------------------------------------------


@contextmanager
def counted(world: Counter[str], engines: Mapping[str, Engine]) -> Iterator[None]:
    """Counts the statements that each of these databases is asked."""
    listeners = []
    for name, engine in engines.items():

        def note(*_: Any, name: str = name) -> None:
            world[name] += 1

        event.listen(engine, "before_cursor_execute", note)
        listeners.append((engine, note))
    yield
    for engine, note in listeners:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = Folder(tmp_path_factory.mktemp("other-city") / "data")
    create(folder, origin="demo.example/ledger", public_host="demo.example", clock=lambda: NOW)
    with open_installation(folder, clock=lambda: NOW) as house:
        list(load_demo(house, cheap_passwords(), lambda *_: None))
        app = make_app(
            house,
            passwords=cheap_passwords(),
            allowances=Allowances.of(reads_per_minute=10**9, events_per_minute=10**9),
        )
        with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
            with begin_write(house.desk) as tx:
                account = create_account(
                    tx, name="yingzhou", password=cheap_passwords().enrol("a password of 20 letters", name="yingzhou"), party=COUNTY,
                    role=Role.REGULATOR, display_name="颍州·执法员", region=REGION, now=NOW,
                )  # fmt: skip
                token = start_session(tx, account.id, NOW).text
            made = World(house, client, token, "", "", "", "")
            reserved = some.reservation(MAKER, 2, on="2026-09-01", entered_for=MAKER)
            made.record(
                some.party(COUNTY, "阜阳市颍州示范市场监督管理局", "regulator", region=REGION), reserved
            )
            put(house.blobs, PICTURE)
            with begin_read(house.ledger) as tx:
                made.code, made.kept = sorted(tx.execute(register.reserved_code.select()).scalars())
            listed = client.get("/api/v1/search", headers={"Cookie": f"{SESSION_COOKIE}={token}"}).json()[
                "rows"
            ]
            made.own = listed[0]["batch"]["code"]
            made.own_event = client.get(
                f"/api/v1/batches/{made.own}/events", headers={"Cookie": f"{SESSION_COOKIE}={token}"}
            ).json()["rows"][0]["event_id"]
            with counted(made.statements, {"ledger": house.ledger}):
                yield made


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What is answered otherwise, with the first place at which it is."""
    return {name: _first_difference(one[name], other[name]) for name in one if one[name] != other[name]}


def _first_difference(one: Any, other: Any) -> Any:
    if one[0] != other[0]:
        return one[0], other[0], other[1][:300]
    at = next(
        (n for n, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b),
        min(len(one[1]), len(other[1])),
    )
    if one[1] != other[1]:
        return one[1][max(0, at - 80) : at + 120], other[1][max(0, at - 80) : at + 120]
    return one[2], other[2]


@pytest.mark.full
@pytest.mark.timeout(
    900
)  # half a minute of processor time: more than 400 addresses, each asked several times
def test_trade_in_another_city_changes_no_byte_and_no_work_but_by_a_letter_and_a_grant(world: World) -> None:
    asked = addresses(world)
    assert len(asked) > 400
    world.answers(asked)  # what is looked up once is known from then on
    before = world.answers(asked)

    world.record(*life(world.code, world.kept).values())
    after = world.answers(asked)

    assert {
        name: _first_difference(before[name], after[name])
        for name in asked
        if before[name][:2] != after[name][:2]
    } == {}
    more_work = {name for name in asked if before[name][2] != after[name][2]}
    assert {name for name in more_work if not MORE_WORK.search(name)} == set()

    # A letter about the batch: it stands where letters stand, and opens nothing of what it is about.
    home: dict[str, Any] = {"entered_for": HOME_REGULATOR}
    about = cases.matter(batches=[world.code], parties=[])
    world.record(
        cases.request(id_of("to them"), "周市监秘协〔2026〕2号", case=CASE, to=COUNTY, region=REGION, about=about, on="2026-11-25", **home),
        cases.case_step(CASE, "investigate", on="2026-11-26", **home),
    )  # fmt: skip
    asked_of_them = world.answers(asked)
    assert changed(after, asked_of_them) == BY_A_LETTER

    # A grant of the one batch: it and its events are opened, and it is found by its label and by nothing else of its life.
    world.record(some.grant(HOME_REGULATOR, COUNTY, reads={"batches": [world.code]}, **home))
    world.answers(asked)  # the readings stand on the ledger
    world.catch_up()
    lent = world.answers(asked)
    of_the_batch = {world.code, name_of(PICTURE), *(id_of(f"event {name}") for name in OF_THE_BATCH)}
    by_the_grant = changed(asked_of_them, lent)
    others = {name for name in by_the_grant if not any(each in name for each in of_the_batch)}
    assert f"GET /batches/{world.code}" in by_the_grant
    assert {name for name in others if "search" not in name} <= {"GET /", "GET /grants", "GET /api/v1/grants", "GET /reads", "GET /api/v1/reads"} | {
        f"GET /api/v1/batches?lot={LOT}", f"GET /trace?q={LOT}", f"GET /trace?q={LOT[:9]}", "evidence of the batch",
    }  # fmt: skip
    assert {
        name
        for name in others
        for word in WORDS
        if word not in (LOT, LOT[:9]) and name.endswith(f"?q={quote(word)}")
    } == set()
    for name, (_, said, _) in lent.items():
        assert world.kept in name or LOT_KEPT in name or world.kept not in said, name


def changed(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    return {name for name in one if one[name][:2] != other[name][:2]}


#: What is answered otherwise once a letter came: the desk and the lists of letters.
BY_A_LETTER = {"GET /", "GET /api/v1/requests", "GET /requests", "GET /requests?side=all"}
#: Events that are about the batch, of those that were recorded.
OF_THE_BATCH = (
    "production", "dispatch", "receipt", "to the site", "at the site", "use", "unsent", "sampling", "sample", "test", "inspection", "complaint", "measure",
    "notice", "recall", "held",
)  # fmt: skip
