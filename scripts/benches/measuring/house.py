"""A house to measure in: a new installation on a real disk, an invented district, and the lives of its lots.

A life is what happens to one lot of 20 drums, in order, each event said by the party that would say it:
production, factory test, dispatches and receipts of single drums and of a range, acceptance and the
engineer's opinion at the site, a witnessed sample, and the metres laid. No event is refused or marked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from cabletrace.app.folder import Folder
from cabletrace.app.installation import Installation, create, open_installation
from cabletrace.auth.accounts import Account, create_account
from cabletrace.auth.actor import Actor
from cabletrace.auth.api_keys import issue_api_key
from cabletrace.auth.passwords import Passwords
from cabletrace.auth.policy import Role, recording
from cabletrace.db.engine import begin_write
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Refusal
from cabletrace.model.values import business_id, party_id

from .machine import GROUND

Draft = dict[str, Any]

MAKER_NUMBER = "914116034J1417770M"
SITE_NUMBER = "91411627JW786907XQ"
MAKER, SITE = party_id(MAKER_NUMBER), party_id(SITE_NUMBER)
DEALER, ENGINEER = business_id("party", "bench", "dealer"), business_id("party", "bench", "engineer")
PROJECT = {"keeper": SITE_NUMBER, "number": "XM-2026-01"}
LICENCE = "（豫）XK06-001-00917"
DRUM_MM = 500_000

#: Who speaks: party, role, and the kinds of event that its key may record.
SPEAKERS: Mapping[str, tuple[Role, tuple[str, ...]]] = {
    MAKER: (Role.MANUFACTURER, ("production", "testing", "dispatch")),
    DEALER: (Role.DISTRIBUTOR, ("receipt", "dispatch")),
    SITE: (Role.CONTRACTOR, ("receipt", "acceptance", "use", "sampling")),
    ENGINEER: (Role.SUPERVISOR, ("supervision",)),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One event and the party that says it."""

    speaker: str
    draft: Draft


@contextmanager
def folder(database: str = "") -> Iterator[Folder]:
    """A new installation with the district in it, in files or in a PostgreSQL database; gone afterwards."""
    GROUND.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=GROUND) as path:
        made = Folder(Path(path) / "data")
        create(
            made,
            origin="bench.cabletrace.example/ledger",
            public_host="bench.cabletrace.example",
            database=database,
        )
        with open_installation(made) as house:
            record(house, _registrations())
        yield made


def record(house: Installation, said: list[Said]) -> None:
    """Record as at the machine itself."""
    actor = house.at_the_machine()
    drafts = [{**each.draft, "entered_for": each.speaker} for each in said]
    take(house.intake.record_now([prepare({"draft": draft}, actor) for draft in drafts]))


def fill(house: Installation, lives: int) -> int:
    """Let so many lots live their lives; returns how many events that were."""
    speaking = actors(house)
    said = [each for _ in range(lives) for each in life(f"L{uuid4().hex[:12]}")]
    for some in (said[first : first + 1_000] for first in range(0, len(said), 1_000)):
        take(
            house.intake.record_now([prepare({"draft": each.draft}, speaking[each.speaker]) for each in some])
        )
    return len(said)


def take(answers: Sequence[Receipt | Refusal]) -> None:
    """Whatever is not accepted ends the bench: it would measure something else."""
    for answer in answers:
        if not isinstance(answer, Receipt):
            raise SystemExit(f"refused: {answer}")


def accounts(house: Installation) -> dict[str, Account]:
    """A new account for every party that speaks."""
    passwords = Passwords()
    now, made = house.clock(), {}
    for party, (role, _) in SPEAKERS.items():
        name = f"{role.value}-{uuid4().hex[:8]}"
        stored = passwords.enrol(uuid4().hex, name=name)
        with begin_write(house.desk) as tx:
            made[party] = create_account(
                tx, name=name, password=stored, party=party, role=role, display_name=name, now=now
            )
    return made


def actors(house: Installation) -> dict[str, Actor]:
    """Everybody who speaks, as coming in with an API key."""
    return {party: account.acting("api-key") for party, account in accounts(house).items()}


def keys(house: Installation) -> dict[str, str]:
    """The text of an API key for everybody who speaks."""
    now, made = house.clock(), {}
    for party, account in accounts(house).items():
        actions = {recording(kind) for kind in SPEAKERS[party][1]}
        with begin_write(house.desk) as tx:
            issued = issue_api_key(
                tx, account, label="bench", actions=actions, expires_at=now + timedelta(days=1), now=now
            )
        made[party] = issued.text
    return made


def life(lot: str) -> list[Said]:
    """Everything that happens to one lot, 30 events in order."""
    batch = {"batch": {"maker": MAKER_NUMBER, "lot": lot}}

    def says(speaker: str, kind: str, on: str, body: dict[str, Any], **more: Any) -> Said:
        occurred = {"occurred_at": f"{on}T00:00:00+08:00", "precision": "day"}
        return Said(
            speaker, {"id": str(uuid4()), "kind": kind, "subject": batch, "body": body, **occurred, **more}
        )

    singles, drums = range(1, 9), [[9, 20]]
    note = f"FH-{lot}"
    return [
        says(MAKER, "production", "2026-04-01", _made(), by=[{"role": "inspector", "name": "质检一号"}]),
        says(MAKER, "testing", "2026-04-02", _tested(lot), by=[{"role": "tester", "name": "检测二号"}]),
        *(
            says(MAKER, "dispatch", "2026-04-03", _sent(DEALER, "411602", [[unit, unit]], f"{note}-{unit}"))
            for unit in singles
        ),
        says(MAKER, "dispatch", "2026-04-03", _sent(SITE_NUMBER, "411627", drums, note)),
        *(
            says(DEALER, "receipt", "2026-04-05", {"units": [[unit, unit]], "sender": MAKER_NUMBER})
            for unit in singles
        ),
        says(SITE, "receipt", "2026-04-05", {"units": drums, "sender": MAKER_NUMBER, "project": PROJECT}),
        says(
            SITE, "acceptance", "2026-04-06", _accepted(lot), by=[{"role": "acceptor", "name": "材料员三号"}]
        ),
        says(
            ENGINEER,
            "supervision",
            "2026-04-07",
            _admitted(lot),
            by=[{"role": "engineer", "name": "监理四号"}],
        ),
        says(SITE, "sampling", "2026-04-07", _sampled(lot)),
        *(says(SITE, "use", "2026-04-09", _laid(lot, unit)) for unit in range(9, 16)),
    ]


def _made() -> dict[str, Any]:
    units = [{"first": 1, "last": 20, "length_mm": DRUM_MM}]
    return {"product": "P01", "length_mm": 20 * DRUM_MM, "units": units, "line": "3号线", "shift": "甲班"}


def _tested(lot: str) -> dict[str, Any]:
    core = {"indicator": "导体电阻", "unit": "Ω/km", "value": "0.190", "core": "主线芯", "declared": "pass"}
    return {
        "type": "factory",
        "report": f"CC-{lot}",
        "sampled_unit": 1,
        "items": [core, {**core, "core": "中性线芯", "value": "0.381"}],
        "conclusion": "pass",
    }


def _sent(to: str, region: str, units: list[list[int]], note: str) -> dict[str, Any]:
    return {"to": to, "region": region, "units": units, "delivery_note": note, "price_fen_per_metre": 31_500}


def _accepted(lot: str) -> dict[str, Any]:
    measured = [{"unit": unit, "length_mm": DRUM_MM - 120} for unit in range(9, 13)]
    return {
        "project": PROJECT,
        "number": f"YS-{lot}",
        "units": [[9, 20]],
        "result": "accept",
        "measurements": measured,
    }


def _admitted(lot: str) -> dict[str, Any]:
    return {"project": PROJECT, "number": f"JL-{lot}", "units": [[9, 20]], "opinion": "admit"}


def _sampled(lot: str) -> dict[str, Any]:
    return {"type": "witnessed", "number": f"QY-{lot}", "unit": 20, "length_mm": 6_000, "seal": f"FT-{lot}"}


def _laid(lot: str, unit: int) -> dict[str, Any]:
    return {
        "project": PROJECT,
        "number": f"SY-{lot}-{unit}",
        "unit": unit,
        "length_mm": 180_000,
        "circuit": "AL-1",
    }


def _registrations() -> list[Said]:
    def fact(speaker: str, kind: str, subject: dict[str, Any], body: dict[str, Any]) -> Said:
        return Said(speaker, {"id": str(uuid4()), "kind": kind, "subject": subject, "body": body})

    parties = [
        (MAKER, MAKER_NUMBER, "周口市禾泽示范电缆有限公司", "manufacturer", "411603"),
        (SITE, SITE_NUMBER, "太康县模拟示范建设工程有限公司", "contractor", "411627"),
        (DEALER, DEALER, "周口市例示电缆经营部", "distributor", "411602"),
        (ENGINEER, ENGINEER, "周口市例示工程监理有限公司", "supervisor", "411602"),
    ]
    licence = {"type": "licence", "validity": {"valid_from": "2023-04-20", "valid_to": "2028-04-19"}}
    product = {"name": "电力电缆", "designation": "YJV 0.6/1kV 3×95+1×50", "certificate": LICENCE}
    return [
        *(
            fact(id_, "party", {"party": number}, {"name": name, "roles": [role], "region": region})
            for id_, number, name, role, region in parties
        ),
        fact(MAKER, "certificate", {"certificate": {"holder": MAKER_NUMBER, "number": LICENCE}}, licence),
        fact(MAKER, "product", {"product": {"maker": MAKER_NUMBER, "number": "P01"}}, product),
        fact(SITE, "project", {"project": PROJECT}, {"name": "示范小区配电工程", "region": "411627"}),
    ]
