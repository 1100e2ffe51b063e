"""The stage: commands of the house as processes, and speakers who talk to the service over HTTP with keys of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from cabletrace.app.folder import Folder
from cabletrace.app.installation import Installation, open_installation
from cabletrace.auth.accounts import create_account
from cabletrace.auth.actor import Actor
from cabletrace.auth.api_keys import issue_api_key
from cabletrace.auth.passwords import Passwords
from cabletrace.auth.policy import NEVER_BY_KEY, Action, Role, may
from cabletrace.db.engine import begin_write
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.values import party_id

PROGRAM = Path(sys.executable).with_name("cabletrace")


@dataclass(frozen=True, slots=True)
class Part:
    """A party of the story: how it is called, what it is on the ledger, its jurisdiction if it has one, and the authority
    of which it is a unit."""

    name: str
    party: str
    role: Role
    region: str
    part_of: str = ""


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the house to its end."""
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)


def must(*words: str | Path) -> str:
    """The same, where the story cannot go on without it; what it printed."""
    done = command(*words)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def process(*words: str | Path) -> Iterator[str]:
    """A service of the house; gives its address, and ends it as Ctrl-C would."""
    running = subprocess.Popen(
        [PROGRAM, *words, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert running.stdout is not None
    try:
        for line in running.stdout:
            if line.startswith("ready "):
                break
        else:
            sys.exit(f"{' '.join(map(str, words))} did not start")
        yield line.split()[1]
    finally:
        running.terminate()
        running.wait()


def register(
    folder: Folder,
    parts: Mapping[str, Part],
    facts: list[dict[str, Any]],
    own: Mapping[str, list[dict[str, Any]]],
) -> dict[str, str]:
    """Register the parties and facts as at the machine, and each part's ``own`` facts as that part signed in; the text
    of an API key for each part."""
    with open_installation(folder) as house:
        return register_in(house, parts, facts, own)


def register_in(
    house: Installation,
    parts: Mapping[str, Part],
    facts: list[dict[str, Any]],
    own: Mapping[str, list[dict[str, Any]]],
) -> dict[str, str]:
    """The same in an installation that is open."""
    keys: dict[str, str] = {}
    actor = house.at_the_machine()
    parties = [_party(part) for part in parts.values()]
    _record(house, actor, [*parties, *facts])
    passwords, now = Passwords(), house.clock()
    for id_, part in parts.items():
        stored = passwords.enrol(uuid4().hex, name=id_)
        with begin_write(house.desk) as tx:
            account = create_account(
                tx, name=id_, password=stored, party=party_id(part.party), role=part.role, display_name=part.name,
                region=part.region if part.role is Role.REGULATOR else None, now=now,
            )  # fmt: skip
            actions = {action for action in Action if may(part.role, action)} - NEVER_BY_KEY
            issued = issue_api_key(
                tx, account, label="story", actions=actions, expires_at=now + timedelta(days=1), now=now
            )
        keys[id_] = issued.text
        _record(house, account.acting("session"), own.get(id_, []))
    return keys


def _record(house: Installation, actor: Actor, drafts: list[dict[str, Any]]) -> None:
    prepared = [prepare({"draft": {"id": str(uuid4()), **draft}}, actor) for draft in drafts]
    for answer in house.intake.record_now(prepared):
        if not isinstance(answer, Receipt):
            sys.exit(f"refused: {answer}")


def _party(part: Part) -> dict[str, Any]:
    body: dict[str, Any] = {"name": part.name, "roles": [part.role.value], "region": part.region}
    if part.part_of:
        body["part_of"] = {
            "type": "branch",
            "parent": part.part_of,
            "regions": [part.region],
            "validity": {"valid_from": "2024-01-01", "valid_to": "2030-12-31"},
        }
    return {
        "kind": "party",
        "subject": {"party": part.party},
        "body": body,
        "entered_for": party_id(part.part_of or part.party),
    }


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Line:
    """A service, as one speaker reaches it."""

    address: str
    key: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        return self._ask("POST", path, json.dumps(body, ensure_ascii=False).encode())

    def upload(self, name: str, content: bytes, media_type: str) -> dict[str, Any]:
        """A file, as an event then attaches it."""
        digest = sha256(content).hexdigest()
        answer = self._ask("PUT", f"/api/v1/blobs/{digest}", content, media_type)
        if answer.status not in (200, 201):
            sys.exit(f"{name} was not taken: {answer.body.decode()}")
        return {"sha256": digest, "name": name, "media_type": media_type, "size": len(content)}

    def _ask(
        self, method: str, path: str, body: bytes | None, media_type: str = "application/json"
    ) -> Answer:
        headers = {"Accept": "application/json", "Accept-Language": "zh"}
        if body is not None:
            headers["Content-Type"] = media_type
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        connection = HTTPConnection(urlsplit(self.address).netloc)
        connection.request(method, quote(path, safe="/?=&%"), body, headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.read())
        connection.close()
        return answer
