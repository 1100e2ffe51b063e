"""The whole service over an installation in a folder, with accounts of two worlds that share nothing.

World A, around 周口: the maker's lot L1 (drums 1–4) goes to a dealer; drum 2 on to a site, is accepted, admitted
and used there; a laboratory has tested it; the regulator has sent the dealer a notice, found uncoded goods, and taken a report. World B, around 济南: another maker's lot J1, sold to a shop there
and brought to a project there. Whoever belongs to one world must not learn anything of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, get_args
from unittest.mock import patch

from fastapi import APIRouter
from fastapi._compat import v2 as fastapi_models
from fastapi.routing import APIRoute
from jinja2 import Environment
from pydantic import ConfigDict, TypeAdapter
from starlette.routing import compile_path

from cabletrace.app.followers import Followers, following
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.searching import use_engine
from cabletrace.app.server import make_app
from cabletrace.auth.accounts import Account, create_account
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.policy import ROLES, Role
from cabletrace.auth.sessions import form_token, start_session
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.flow import books
from cabletrace.http.allowance import Allowances
from cabletrace.http.door import FORM_TOKEN_HEADER, SESSION_COOKIE
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_head
from cabletrace.model.values import business_id, party_id
from cabletrace.queries.submissions import receipt_of
from cabletrace.web.rendering import make_environment
from cases_for_tests import OFFICERS, case, lead, lead_step, matter, persons, request, request_step
from client_for_tests import Client
from copies_for_tests import copy_folder
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    MAKER,
    OPERATOR,
    OTHER_MAKER,
    PROJECT,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
    acceptance,
    batch_of,
    certificate,
    dispatch,
    envelope,
    party,
    product,
    production,
    project,
    receipt,
    report,
    supervision,
    the_cast,
    uscc_of,
    use,
)
from files_for_tests import document_of, photo, put
from passwords_for_tests import cheap_passwords
from programmes_for_tests import listing, programme, task
from programmes_for_tests import report as report_of_programme
from world_for_tests import NOON

OWNER = uscc_of("411602", "MA1TEXT9")
SHOP_B = uscc_of("370112", "MA1TEXT7")
SITE_B = uscc_of("370112", "MA1TEXT8")
REGULATOR_B = "00000000-0000-4000-8000-0000000000b1"
PROJECT_B = {"keeper": SITE_B, "number": "XM-B"}
DEPARTMENT, KEY_USER, CERTIFIER, ASSOCIATION, CLERKS, WITNESS, AUDITOR = (
    f"00000000-0000-4000-8000-0000000000c{n}" for n in range(1, 8)
)
#: Uncoded goods that were found in world A.
GOODS = "00000000-0000-4000-8000-0000000000e1"
#: The regulator's lead, and the case that was filed of it.
LEAD, CASE = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a3"
#: A letter of that case, on paper, of which the other side was reminded.
REQUEST = "00000000-0000-4000-8000-0000000000a5"
#: A special campaign of the regulator's, of which it submitted a summary.
PROGRAMME = "00000000-0000-4000-8000-0000000000b3"
#: A market that it listed for supervision.
LISTING = "00000000-0000-4000-8000-0000000000b4"
LICENCE_B = "（鲁）XK06-001-00001"

#: What each world's production has attached.
FILE = {"A": photo(60), "B": photo(180)}

#: Who works where: party, role, jurisdiction.
ACCOUNTS: dict[str, tuple[str, Role, str | None]] = {
    "operator": (OPERATOR, Role.OPERATOR, None),
    "maker": (MAKER, Role.MANUFACTURER, None),
    "dealer": (DEALER, Role.DISTRIBUTOR, None),
    "site": (SITE, Role.CONTRACTOR, None),
    "owner": (OWNER, Role.OWNER, None),
    "supervisor": (SUPERVISOR, Role.SUPERVISOR, None),
    "laboratory": (LABORATORY, Role.LABORATORY, None),
    "regulator": (REGULATOR, Role.REGULATOR, "411600"),
    "department": (DEPARTMENT, Role.DEPARTMENT, "411600"),
    "key user": (KEY_USER, Role.KEY_USER, None),
    "certifier": (CERTIFIER, Role.CERTIFIER, None),
    "association": (ASSOCIATION, Role.ASSOCIATION, None),
    "clerk": (CLERKS, Role.CLERK, "411600"),
    "witness": (WITNESS, Role.WITNESS, None),
    "auditor": (AUDITOR, Role.AUDITOR, None),
    "maker B": (OTHER_MAKER, Role.MANUFACTURER, None),
    "shop B": (SHOP_B, Role.DISTRIBUTOR, None),
    "site B": (SITE_B, Role.CONTRACTOR, None),
    "regulator B": (REGULATOR_B, Role.REGULATOR, "370100"),
}


def the_story() -> dict[str, Envelope]:
    j1 = batch_of(OTHER_MAKER, "J1")
    story = {f"cast {n}": envelope for n, envelope in enumerate(the_cast())}
    named = {"entered_for": OPERATOR}
    story |= {
        "owner": party(OWNER, "周口市示例供电公司", "owner", region="411602", uscc=OWNER, **named),
        "project": project(contractor=SITE, supervisor=SUPERVISOR, owner=OWNER, entered_for=SITE),
        "production": production(
            by=[{"role": "inspector", "name": "质检员甲某"}],
            documents=[document_of(FILE["A"], "一号盘外观.jpg")],
            entered_for=MAKER,
        ),
        "test": report(unit=1, entered_for=LABORATORY),
        "dispatch": dispatch(units=[(1, 2)], entered_for=MAKER),
        "receipt": receipt(units=[(1, 2)], place={"region": "411602"}, entered_for=DEALER),
        "dispatch on": dispatch(to=SITE, region="411627", units=[(2, 2)], on="2026-04-13", entered_for=DEALER),
        "receipt on": receipt(units=[(2, 2)], sender=DEALER, project=PROJECT, on="2026-04-15", entered_for=SITE),
        "acceptance": acceptance(units=[(2, 2)], on="2026-04-16", entered_for=SITE),
        "supervision": supervision(units=[(2, 2)], on="2026-04-17", entered_for=SUPERVISOR),
        "use": use(unit=2, on="2026-04-20", entered_for=SITE),
        "unsent": receipt(units=[(4, 4)], project=PROJECT, on="2026-04-21", entered_for=SITE),
        "shop B": party(SHOP_B, "济南市例示经营部", "distributor", region="370112", uscc=SHOP_B, **named),
        "site B": party(SITE_B, "济南市例示建设公司", "contractor", region="370112", uscc=SITE_B, **named),
        "regulator B": party(REGULATOR_B, "济南市示例市场监督管理局", "regulator", region="370100", **named),
        "certificate B": certificate(OTHER_MAKER, LICENCE_B, entered_for=OTHER_MAKER),
        "product B": product(OTHER_MAKER, certificate=LICENCE_B, entered_for=OTHER_MAKER),
        "project B": project(SITE_B, "XM-B", region="370112", contractor=SITE_B, entered_for=SITE_B),
        "production B": production(
            "J1", maker=OTHER_MAKER, documents=[document_of(FILE["B"], "济南.jpg")], entered_for=OTHER_MAKER
        ),
        "dispatch B": dispatch(j1, to=SHOP_B, region="370112", units=[(1, 2)], entered_for=OTHER_MAKER),
        "unsent B": receipt(j1, units=[(4, 4)], project=PROJECT_B, on="2026-04-21", entered_for=SITE_B),
        "notice": envelope(
            "notice", batch_of(), {"number": "TB-1", "recipients": [DEALER], "text": "请排查 1 号盘"},
            on="2026-05-06", entered_for=REGULATOR,
        ),
        "goods": envelope(
            "inspection", {"goods": GOODS},
            {"type": "routine", "number": "JC-7", "result": "rectify", "goods": {"marks": "YJV 3×95 无厂名"}},
            on="2026-05-07", place={"region": "411602"}, entered_for=REGULATOR,
        ),
        "report": envelope(
            "report", batch_of(), {"text": "线芯偏细", "unit": 1},
            on="2026-05-08", place={"region": "411602"}, entered_for=REGULATOR,
        ),
    }  # fmt: skip
    about = matter(batches=[], parties=[DEALER], names=["某作坊"])
    story |= {
        "lead": lead(LEAD, about=about, by=persons("officer", OFFICERS[0]), entered_for=REGULATOR),
        "checking": lead_step(LEAD, "checking", entered_for=REGULATOR),
        "case": case(CASE, leads=[LEAD], about=about, entered_for=REGULATOR),
        "request": request(REQUEST, case=CASE, about=about, entered_for=REGULATOR),
        "programme": programme(PROGRAMME, tasks=[task("1", REGULATOR)], entered_for=REGULATOR),
        "listing": listing(LISTING, entered_for=REGULATOR),
        "summary": report_of_programme(PROGRAMME, "summary", entered_for=REGULATOR),
        "reminder": request_step(REQUEST, "reminded", number="催1", entered_for=REGULATOR),
    }
    for who in ("department", "key user", "certifier", "association", "clerk", "witness", "auditor"):
        id_, role, region = ACCOUNTS[who]
        story[who] = party(id_, f"周口市示例{ROLES[role].zh}", role.value, region=region or "411602", **named)
    return story


@dataclass(frozen=True)
class Told:
    """The story's installation, closed, and what is called how in it."""

    folder: Path
    accounts: dict[str, Account]
    tokens: dict[str, str]
    #: Ids of events by what the story calls them.
    event: dict[str, str]
    code: dict[str, str]
    #: The receipt number of the report.
    receipt: str


@dataclass(eq=False)
class Service:
    """A running service and everybody who may knock."""

    house: Installation
    client: Client
    told: Told

    @property
    def accounts(self) -> dict[str, Account]:
        return self.told.accounts

    @property
    def tokens(self) -> dict[str, str]:
        return self.told.tokens

    @property
    def event(self) -> dict[str, str]:
        return self.told.event

    @property
    def code(self) -> dict[str, str]:
        return self.told.code

    @property
    def receipt(self) -> str:
        return self.told.receipt

    def ask(self, who: str, method: str, path: str, **more: Any) -> Any:
        """A request by one of `ACCOUNTS`, signed in at one of our pages, or by "anybody"."""
        headers = {**self.cookies(who), **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def cookies(self, who: str) -> dict[str, str]:
        if who == "anybody":
            return {}
        token = self.tokens[who]
        return {"Cookie": f"{SESSION_COOKIE}={token}", FORM_TOKEN_HEADER: form_token(token)}

    @property
    def size(self) -> int:
        with begin_read(self.house.ledger) as tx:
            return read_head(tx).size


@contextmanager
def service_in(folder: Path, told: Told, *further: Envelope) -> Iterator[Service]:
    """A service over a copy, once what comes after the story is recorded, found and looked at too."""
    with copied(told, folder) as (house, followers):
        _record(house, further)
        _wait(house, followers)
        with _served(house, told) as service:
            yield service


@contextmanager
def service_beside(folder: Path, told: Told, search: str) -> Iterator[Service]:
    """A service over a copy that is searched by the server at this address; nobody follows the ledger into it."""
    copy_folder(told.folder, folder)
    use_engine(folder, search)
    with (
        open_installation(Folder(folder), clock=lambda: NOON) as house,
        _served(house, told) as service,
    ):
        yield service


#: On a quick machine the tests of one file ask more in a minute than anybody may.
_AS_FAST_AS_IT_GOES = Allowances.of(reads_per_minute=10**9, events_per_minute=10**9)


@contextmanager
def _served(house: Installation, told: Told) -> Iterator[Service]:
    with patch.dict(APIRouter.__init__.__kwdefaults__, route_class=_LateRoute):
        app = make_app(
            house, passwords=cheap_passwords(), environment=_environment(), allowances=_AS_FAST_AS_IT_GOES
        )
    with Client(app) as client:
        yield Service(house, client, told)


class _LateRoute(APIRoute):
    """A route that knows at first by which addresses it is asked for, and reads the rest when it is: most tests
    ask few of the hundreds of a service, and reading all of them takes most of its start."""

    def __init__(
        self, path: str, endpoint: Any, *, methods: Iterable[str] | None = None, **said: Any
    ) -> None:
        self._unread: tuple[Any, ...] | None = (path, endpoint, methods, said)
        self.path, self.endpoint = path, endpoint
        self.methods = {method.upper() for method in methods or ["GET"]}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)

    def __getattr__(self, name: str) -> Any:
        unread = self.__dict__.pop("_unread", None)
        if unread is None:
            raise AttributeError(name)
        path, endpoint, methods, said = unread
        with _ADAPTING, patch.object(fastapi_models, "TypeAdapter", _adapter_of):
            super().__init__(path, endpoint, methods=methods, **said)
        return getattr(self, name)


@contextmanager
def copied(told: Told, folder: Path) -> Iterator[tuple[Installation, Followers]]:
    """A copy of the installation, open and followed, that serves nobody."""
    copy_folder(told.folder, folder)
    with _opened(folder) as opened:
        yield opened


def told_in(folder: Path) -> Told:
    """Make the installation that each service of these tests begins with a copy of."""
    create(Folder(folder), origin="trace.example/ledger", public_host="trace.example", clock=lambda: NOON)
    story = the_story()
    with _opened(folder) as (house, followers):
        for data in FILE.values():
            put(house.blobs, data)
        _record(house, story.values())
        accounts, tokens = _hire(house)
        event = {name: envelope["draft"]["id"] for name, envelope in story.items()}
        with begin_read(house.ledger) as tx:
            receipt_number = receipt_of(tx, event["report"])
            lots = books.codes_of_lots(tx, ("L1", "J1"))
        _wait(house, followers)
    code = {lot: one for lot, codes in lots.items() for one in dict(codes).values()}
    return Told(folder, accounts, tokens, event, code, receipt_number)


_ADAPTING = Lock()
#: By type and by what is said of it in words; the type is kept too, so that no other one is ever told by its words.
_ADAPTERS: dict[tuple[object, str], tuple[object, TypeAdapter[Any]]] = {}


def _adapter_of(annotated: Any, *, config: ConfigDict | None) -> TypeAdapter[Any]:
    """In which each type of a request or an answer is read once, and not again for each service: half of its start."""
    key = (get_args(annotated)[0], repr((annotated.__metadata__, config)))
    if key not in _ADAPTERS:
        _ADAPTERS[key] = (annotated, TypeAdapter(annotated, config=config))
    return _ADAPTERS[key][1]


@cache
def _environment() -> Environment:
    """In which each template is compiled once, and not again for each service."""
    return make_environment()


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Installation, Followers]]:
    with (
        open_installation(Folder(folder), clock=lambda: NOON) as house,
        following(house.ledger, house.index) as followers,
    ):
        yield house, followers


def _record(house: Installation, envelopes: Iterable[Envelope]) -> None:
    actor = house.at_the_machine()
    for answer in house.intake.record_now([prepare(each, actor) for each in envelopes]):
        assert isinstance(answer, Receipt), answer


def _wait(house: Installation, followers: Followers) -> None:
    with begin_read(house.ledger) as tx:
        size = read_head(tx).size
    assert followers.search.wait_until(size - 1, 60)
    assert followers.alerts.wait_until(size - 1, 60)


def _hire(house: Installation) -> tuple[dict[str, Account], dict[str, str]]:
    accounts, tokens = {}, {}
    with begin_write(house.desk) as tx:
        for name, (ref, role, region) in ACCOUNTS.items():
            accounts[name] = create_account(
                tx,
                name=name.replace(" ", "-"),
                password=StoredPassword("no password opens this"),
                party=party_id(ref),
                role=role,
                display_name=f"示例 {name}",
                region=region,
                now=NOON,
            )
            tokens[name] = start_session(tx, accounts[name].id, NOON).text
    return accounts, tokens


def project_id(keeper: str, number: str) -> str:
    return business_id("project", party_id(keeper), number)
