"""The whole OpenAPI document against the running service: no server error, no undocumented answer.

Schemathesis reads the description and calls every operation with every check that it has, as a person without an account
and under the keys of a maker, a regulator and the operator.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser_for_tests import serving
from cabletrace.auth.policy import NEVER_BY_KEY, Action, may
from drafts_for_tests import SITE
from files_for_tests import name_of
from service_for_tests import ACCOUNTS, FILE, Service, project_id

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

#: What a description cannot say: that a code or an event is well formed and not here, that a cursor is of another list
#: (400), what is not true of the books (422), how often one address has asked (429). Each event of a list is answered by
#: itself within a 200, also where it is refused.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "303", "400", "401", "403", "404", "406", "409", "415", "422", "429"]

[[operations]]
include-name = "POST /api/v1/events"
checks.negative_data_rejection.enabled = false
"""


@pytest.fixture(scope="module")
def address(writing: Service) -> Iterator[str]:
    """The service over a socket: what a client of another language would meet."""
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(writing.house, listener):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def doors_of(who: str) -> set[Action]:
    return {action for action in Action if may(ACCOUNTS[who][1], action) and action not in NEVER_BY_KEY}


def key_of(service: Service, who: str) -> dict[str, str]:
    """The header of a key that may do whatever its holder may."""
    if who == "anybody":
        return {}
    actions = sorted(action.value for action in doors_of(who))
    wanted = {"label": "description", "actions": actions, "expires_at": "2026-07-30T00:00:00+08:00"}
    return {"Authorization": f"Bearer {service.ask(who, 'POST', '/api/v1/keys', json=wanted).json()['text']}"}


#: For these, things that are there stand in every address; for the others, what is made up.
WITH_IDS = {"maker", "regulator"}


def ids_of(service: Service) -> str:
    """Real ids for the parameters of addresses, as settings."""
    return f"""
[parameters]
"path.code" = "{service.code["L1"]}"
"path.event" = "{service.event["production"]}"
"path.project" = "{project_id(SITE, "XM-1")}"
"path.unit" = 1
"path.sha256" = "{name_of(FILE["A"])}"
"query.batch" = "{service.code["L1"]}"
"""


#: Everybody sends examples, made-up requests and chains of them. Requests at every bound of every parameter, which are most
#: of all, are sent by these: what a bound does behind a door does not depend on who has opened it.
AT_EVERY_BOUND = {"maker", "regulator"}


def test_whoever_sends_requests_at_every_bound_opens_every_door_that_the_others_open() -> None:
    opened = set().union(*(doors_of(who) for who in AT_EVERY_BOUND))

    # The address of metrics takes nothing that has a bound; a calendar is recorded where every kind of event is.
    assert doors_of("operator") - opened == {Action.READ_METRICS, Action.RECORD_CALENDAR}


@pytest.mark.parametrize("who", ["anybody", "maker", "regulator", "operator"])
def test_no_operation_fails_or_answers_what_is_not_described(
    writing: Service, address: str, tmp_path: Path, who: str
) -> None:
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS + (ids_of(writing) if who in WITH_IDS else ""))
    phases = f"examples,{'coverage,' if who in AT_EVERY_BOUND else ''}fuzzing,stateful"
    headers = [word for name, value in key_of(writing, who).items() for word in ("-H", f"{name}: {value}")]

    ran = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "--config-file", settings, "run", f"{address}/openapi.json",
            "--phases", phases, "--max-examples", "5", "--generation-deterministic", "--continue-on-failure",
            "--request-timeout", "30", "--no-color", *headers,
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout[-20_000:]
