"""Signed append beside unsigned: in process in bulk, over HTTP with 64 clients; and signatures checked by verify."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from time import perf_counter, process_time
from uuid import uuid4

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from measuring import house
from measuring.load import Address, Answered, client, drive, request
from measuring.rounds import Spread, begin, interleaved, ratio, show, waits
from measuring.service import serving, settle

from cabletrace.app.folder import Folder
from cabletrace.app.installation import Installation, open_installation
from cabletrace.app.process import keep_what_is_loaded
from cabletrace.app.verify import verify_ledger
from cabletrace.auth.actor import Actor
from cabletrace.intake.record import Intake, prepare
from cabletrace.ledger import canonical
from cabletrace.model.possession import possession_statement, prove_possession
from cabletrace.model.signature import public_key_of, sign
from cabletrace.model.values import usual_key_id

ROUNDS = 5
LIVES = 100
CHUNK = 1_000
CLIENTS = 64

#: An event and the party that says it.
Sent = tuple[str, dict[str, object]]
Envelop = Callable[[house.Said], dict[str, object]]


def main() -> None:
    begin(
        f"{LIVES * 30:,} events a round of lives without names, {ROUNDS} rounds, signed and unsigned taking turns; "
        "signed by the clients before the clock starts; bulk = prepared and recorded, by processor time; verify = the whole "
        "file by the clock, signatures on other threads"
    )
    with house.folder() as folder:
        private = {party: Ed25519PrivateKey.generate() for party in house.SPEAKERS}
        with open_installation(folder) as installation:
            actors, keys = house.actors(installation), house.keys(installation)
            _register(installation, private)
            keep_what_is_loaded()
            _in_process(installation.intake, actors, private)
        with serving(folder) as address, client() as process:
            _over_http(address, process, keys, private)
    _verified(private)


def _in_process(
    intake: Intake, actors: Mapping[str, Actor], private: Mapping[str, Ed25519PrivateKey]
) -> None:
    def go(envelop: Envelop) -> float:
        sent = [(said.speaker, envelop(said)) for said in _lives(LIVES)]
        worked = process_time()
        _record(intake, actors, sent)
        return len(sent) / (process_time() - worked)

    ways: dict[str, Envelop] = {
        "bulk append, unsigned": _unsigned,
        "bulk append, signed": partial(_signed, private),
    }
    rates = interleaved({name: partial(go, envelop) for name, envelop in ways.items()}, ROUNDS)
    _tell(rates, "events/s of one core")


def _over_http(
    address: Address,
    process: ProcessPoolExecutor,
    keys: Mapping[str, str],
    private: Mapping[str, Ed25519PrivateKey],
) -> None:
    headers = {party: {"Authorization": f"Bearer {key}"} for party, key in keys.items()}
    answered: dict[str, list[Answered]] = {}

    def go(name: str, envelop: Envelop) -> float:
        plan = [
            [
                request("POST", "/api/v1/events", headers[said.speaker], orjson.dumps(envelop(said)))
                for said in _lives(1)
            ]
            for _ in range(CLIENTS)
        ]
        settle(address)
        came = process.submit(drive, address, plan, 201).result()
        answered.setdefault(name, []).append(came)
        return came.per_second

    ways: dict[str, Envelop] = {
        "over HTTP, unsigned": _unsigned,
        "over HTTP, signed": partial(_signed, private),
    }
    rates = interleaved({name: partial(go, name, envelop) for name, envelop in ways.items()}, ROUNDS)
    _tell(rates, "/s", {name: waits(some) for name, some in answered.items()})


def _verified(private: Mapping[str, Ed25519PrivateKey]) -> None:
    def ledger(folder: Folder, envelop: Envelop) -> int:
        with open_installation(folder) as installation:
            actors = house.actors(installation)
            _register(installation, private)
            return _record(
                installation.intake, actors, [(said.speaker, envelop(said)) for said in _lives(LIVES)]
            )

    def go(folder: Folder, size: int) -> float:
        started = perf_counter()
        if faults := list(verify_ledger(folder.root)):
            raise SystemExit(f"a sound ledger was found faulty: {faults[0]}")
        return size / (perf_counter() - started)

    with house.folder() as plain, house.folder() as signed:
        sizes = ledger(plain, _unsigned), ledger(signed, partial(_signed, private))
        _tell(
            interleaved(
                {
                    "verify, unsigned": partial(go, plain, sizes[0]),
                    "verify, every event signed": partial(go, signed, sizes[1]),
                },
                ROUNDS,
            ),
            "entries/s",
        )


def _register(installation: Installation, private: Mapping[str, Ed25519PrivateKey]) -> None:
    """The key of every party that speaks, by a person of it."""
    for party, account in house.accounts(installation).items():
        public = public_key_of(private[party])
        body = {
            "algorithm": "ed25519",
            "owner": party,
            "public_key": public,
            "validity": {"valid_from": "2020-01-01", "valid_to": "2099-12-31"},
        }
        event, key = str(uuid4()), usual_key_id(public)
        statement = possession_statement(
            origin=installation.identity.origin, owner=party, key=key, event=event
        )
        body["possession"] = prove_possession(private[party], statement)
        draft = {
            "id": event,
            "kind": "key",
            "subject": {"key": key},
            "body": body,
        }
        house.take(installation.intake.record_now([prepare({"draft": draft}, account.acting("session"))]))


def _record(intake: Intake, actors: Mapping[str, Actor], sent: Sequence[Sent]) -> int:
    for first in range(0, len(sent), CHUNK):
        some = sent[first : first + CHUNK]
        house.take(intake.record_now([prepare(envelope, actors[party]) for party, envelope in some]))
    return len(sent)


def _lives(count: int) -> list[house.Said]:
    return [each for _ in range(count) for each in house.life(f"L{uuid4().hex[:12]}")]


def _unsigned(said: house.Said) -> dict[str, object]:
    return {"draft": {name: member for name, member in said.draft.items() if name != "by"}}


def _signed(private: Mapping[str, Ed25519PrivateKey], said: house.Said) -> dict[str, object]:
    envelope, key = _unsigned(said), private[said.speaker]
    signature = sign(key, usual_key_id(public_key_of(key)), canonical.encode(envelope["draft"]))
    return {**envelope, "signature": signature.members()}


def _tell(rates: Mapping[str, Spread], unit: str, more: Mapping[str, str] | None = None) -> None:
    for name, rate in rates.items():
        show(name, rate, f"{unit}   {(more or {}).get(name, '')}")
    unsigned, signed = rates.values()
    show("signed / unsigned", ratio(signed, unsigned), "")


if __name__ == "__main__":
    main()
