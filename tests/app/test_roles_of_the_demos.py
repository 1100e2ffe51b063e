"""Every role of the policy has an account in every demo, is told of at the start, and finds what it is there for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cabletrace.app.city.blocks import city_of
from cabletrace.app.city.build import build_city
from cabletrace.app.city.sizes import SIZES
from cabletrace.app.demo import ACCOUNTS, load_demo
from cabletrace.app.followers import following
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.server import make_app
from cabletrace.auth.accounts import list_accounts
from cabletrace.auth.policy import WITH_JURISDICTION, Role
from cabletrace.auth.sessions import start_session
from cabletrace.cli.demo import introduce
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.http.door import SESSION_COOKIE
from cabletrace.ledger.store import read_head
from passwords_for_tests import cheap_passwords

#: Whoever can have an account.
EVERYBODY = set(Role) - {Role.PUBLIC}
PAGE = {"Accept": "text/html"}


@dataclass(frozen=True)
class Demo:
    """A demo that is served, its accounts by name, and what the start says of them."""

    client: TestClient
    tokens: dict[str, str]
    roles: dict[str, Role]
    regions: dict[str, str | None]
    told: str

    def get(self, who: str, path: str) -> Any:
        self.client.cookies.clear()
        return self.client.get(path, headers={**PAGE, "Cookie": f"{SESSION_COOKIE}={self.tokens[who]}"})

    def page(self, who: str, path: str = "/") -> str:
        answer = self.get(who, path)
        assert answer.status_code == 200, (who, path)
        text: str = re.sub(r"<[^>]+>", " ", answer.text[answer.text.index("<main") :])
        return text

    def one_of(self, role: Role) -> str:
        """The name of an account of this role that the start tells of."""
        return next(name for name, of in self.roles.items() if of is role and f"  {name} " in self.told)


@contextmanager
def served(folder: Path, made: Any, capsys: pytest.CaptureFixture[str]) -> Iterator[Demo]:
    create(Folder(folder), origin="demo.example/ledger", public_host="demo.example")
    with open_installation(Folder(folder)) as house:
        made(house)
        with begin_read(house.ledger) as tx:
            size = read_head(tx).size
        accounts, tokens = {}, {}
        with begin_write(house.desk) as tx:
            for account in list_accounts(tx):
                accounts[account.name] = account
                tokens[account.name] = start_session(tx, account.id, house.clock()).text
        capsys.readouterr()
        introduce("http://demo.example", house.folder)
        told = capsys.readouterr().err
        with following(house.ledger, house.index) as followers:
            assert followers.search.wait_until(size - 1, 60)
            assert followers.alerts.wait_until(size - 1, 60)
            with TestClient(make_app(house, passwords=cheap_passwords()), follow_redirects=False) as client:
                roles = {name: account.role for name, account in accounts.items()}
                regions = {name: account.region for name, account in accounts.items()}
                yield Demo(client, tokens, roles, regions, told)


def of_files(house: Installation) -> None:
    list(load_demo(house, cheap_passwords(), lambda *_: None))


def of_a_village(house: Installation) -> None:
    build_city(house, cheap_passwords(), SIZES["village"], 1, lambda *_: None)


@pytest.fixture(params=[of_files, of_a_village], ids=["files", "village"])
def demo(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Demo]:
    with served(tmp_path / "data", request.param, capsys) as running:
        yield running


def test_the_demo_of_the_files_lists_every_role() -> None:
    assert {account.role for account in ACCOUNTS} == EVERYBODY


@pytest.mark.parametrize("size", SIZES)
def test_an_invented_city_of_any_size_has_an_account_of_every_role(size: str) -> None:
    everybody = city_of(SIZES[size], 1).cast.everybody()

    roles = {company.account_role for company in everybody if company.account}

    assert roles | {Role.OPERATOR} == EVERYBODY


def test_every_role_is_told_of_at_the_start_and_finds_what_it_is_there_for(demo: Demo) -> None:
    told = {role for name, role in demo.roles.items() if f"  {name} " in demo.told}
    assert told == EVERYBODY
    for name, role in demo.roles.items():
        assert bool(demo.regions[name]) is (role in WITH_JURISDICTION), name

    certifier, grid = demo.one_of(Role.CERTIFIER), demo.one_of(Role.KEY_USER)
    assert re.search(r"[1-9]\d*\s+条预警", demo.page(certifier))
    assert "/batches/" in demo.get(certifier, "/").text
    assert "份通报等您反馈" in demo.page(grid)
    assert "/projects/" in demo.get(grid, "/projects").text
    assert "份通报等您反馈" in demo.page(demo.one_of(Role.ASSOCIATION))
    department = demo.one_of(Role.DEPARTMENT)
    assert "份通报等您反馈" in demo.page(department)
    assert "/batches/" in demo.get(department, "/").text
    for role in (Role.DISTRIBUTOR, Role.AUDITOR, Role.MANUFACTURER, Role.REGULATOR):
        assert "/batches/" in demo.get(demo.one_of(role), "/").text, role
    assert "/submissions/" in demo.get(demo.one_of(Role.CLERK), "/submissions").text
    witness = demo.one_of(Role.WITNESS)
    assert demo.get(witness, "/ledger").status_code == 200
    assert demo.get(witness, "/alerts").status_code == 403
