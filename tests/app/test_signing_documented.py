"""The example of ``docs/signing.md`` does what it says, against a service in a process of its own."""

from __future__ import annotations

import base64
import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabletrace.app.installation import Folder, create, open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.auth.accounts import create_account
from cabletrace.auth.api_keys import issue_api_key
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.policy import Action, Role
from cabletrace.auth.sessions import form_token, start_session
from cabletrace.clock import shanghai_date, system_clock
from cabletrace.db.engine import begin_write
from cabletrace.http.door import SESSION_COOKIE
from cabletrace.intake.record import prepare
from cabletrace.ledger import canonical
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.values import party_id, usual_key_id
from drafts_for_tests import MAKER, ORIGIN, certificate, party, product, production

PROGRAM = Path(sys.executable).with_name("cabletrace")
DOCUMENT = Path(__file__).parents[2] / "docs" / "signing.md"
NAME = "质检员示例某"
TODAY = shanghai_date(system_clock())
FROM, TO = (TODAY - timedelta(days=1)).isoformat(), (TODAY + timedelta(days=365)).isoformat()


@dataclass(frozen=True)
class Running:
    address: str
    session: str
    api_key: str


def example() -> Any:
    """The marked blocks, as a module of their own."""
    blocks = re.findall(
        r"^<!-- test -->\n```python\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.M | re.S
    )
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, str(DOCUMENT), "exec"), names)  # noqa: S102 - our own document
    return SimpleNamespace(**names)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    create(made, origin=ORIGIN, public_host="trace.example")
    return made


@pytest.fixture
def service(folder: Folder) -> Iterator[Running]:
    """A maker with an account, an API key for its own system, a certificate and a product."""
    now = system_clock()
    valid = {"valid_from": "2023-01-01", "valid_to": TO}
    cast = (
        party(
            MAKER, "周口市示例电缆有限公司", "manufacturer", region="411603", uscc=MAKER, entered_for=MAKER
        ),
        certificate(**valid, entered_for=MAKER),
        product(entered_for=MAKER),
    )
    with open_installation(folder) as house:
        actor = house.at_the_machine()
        assert all(isinstance(a, Receipt) for a in house.intake.record_now([prepare(e, actor) for e in cast]))
        with begin_write(house.desk) as tx:
            account = create_account(
                tx, name="maker", password=StoredPassword("no password opens this"), party=party_id(MAKER),
                role=Role.MANUFACTURER, display_name="示例", region=None, now=now,
            )  # fmt: skip
            session = start_session(tx, account.id, now).text
            actions = frozenset(
                {
                    Action.RECORD_KEY,
                    Action.RECORD_PRODUCTION,
                    Action.READ_BATCH,
                    Action.READ_PAYLOAD,
                    Action.READ_REGISTRY,
                }
            )
            api_key = issue_api_key(
                tx, account, label="ERP", actions=actions, expires_at=now + timedelta(days=1), now=now
            ).text
    process = subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", "--data", folder.root],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    address = next(
        line.removeprefix("ready ").strip() for line in process.stdout if line.startswith("ready ")
    )
    yield Running(address, session, api_key)
    process.send_signal(signal.SIGTERM)
    process.communicate()


def register_on_the_page(service: Running, private: Ed25519PrivateKey, seed: Path) -> None:
    """As a person does: the page's form, the command that its answer names, the form again with what that prints."""
    public_key = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    seed.write_bytes(private.private_bytes_raw())
    with pytest.raises(urllib.error.HTTPError) as answer:
        send_form(service, public_key)
    command = re.search(
        r"run: cabletrace (prove-key --key FILE [\w ./-]+) and give", answer.value.read().decode()
    )
    assert command is not None
    words = [str(seed) if word == "FILE" else word for word in command[1].split()]
    proof = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=True).stdout
    assert usual_key_id(public_key) in send_form(service, public_key, possession=proof)


def send_form(service: Running, public_key: str, **more: str) -> str:
    form = {
        "form_token": form_token(service.session),
        "public_key": public_key,
        "valid_from": FROM,
        "valid_to": TO,
        **more,
    }
    request = urllib.request.Request(  # noqa: S310 - our own service
        f"{service.address}/signing-keys?lang=en",
        urllib.parse.urlencode(form).encode(),
        {"Cookie": f"{SESSION_COOKIE}={service.session}", "Accept-Language": "en"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own service
        page: str = answer.read().decode()
    return page


@pytest.mark.full
def test_a_makers_own_system_signs_rotates_and_is_refused_after_revoking(
    service: Running, folder: Folder
) -> None:
    erp = example()
    events = f"{service.address}/api/v1/events"
    old, new = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    owner = MAKER

    def record(envelope: dict[str, Any]) -> dict[str, Any]:
        receipt: dict[str, Any] = json.loads(erp.call(events, service.api_key, envelope))
        return receipt

    def refused(envelope: dict[str, Any]) -> tuple[int, str]:
        with pytest.raises(urllib.error.HTTPError) as answer:
            record(envelope)
        return answer.value.code, answer.value.read().decode()

    def made(lot: str) -> dict[str, Any]:
        draft: dict[str, Any] = production(lot, on=FROM)["draft"]
        return draft

    # The first key is a person's to register.
    first = erp.key_event(owner, erp.public_key(old), FROM, TO)
    assert refused({"draft": first})[0] == 403
    assert "signature-key-unknown" in refused(erp.signed(first, old))[1]
    register_on_the_page(service, old, folder.root / "maker.seed")

    receipt = record(erp.signed(made("L1"), old))
    payload = erp.call(f"{events}/{receipt['id']}/payload", service.api_key)
    erp.check(payload, erp.public_key(old))
    with pytest.raises(InvalidSignature):
        erp.check(payload.replace(b"250000", b"250001"), erp.public_key(old))
    with pytest.raises(InvalidSignature):
        erp.check(payload, erp.public_key(new))

    rotated = erp.key_event(owner, erp.public_key(new), FROM, TO)
    assert "key-not-possessed" in refused(erp.signed(rotated, old))[1]
    assert "key-not-possessed" in refused(erp.signed(erp.proved(rotated, old, ORIGIN), old))[1]
    record(erp.signed(erp.proved(rotated, new, ORIGIN), old))
    record(erp.signed(made("L2"), new))
    record({"draft": erp.key_event(owner, erp.public_key(old), FROM, TO, revoked=True)})

    named = production("L4", on=FROM, by=[{"role": "inspector", "name": NAME}])["draft"]
    draft, disclosures = erp.committed(named)
    receipt = record({**erp.signed(draft, new), "disclosures": disclosures})
    payload = erp.call(f"{events}/{receipt['id']}/payload", service.api_key)
    erp.check(payload, erp.public_key(new))
    assert NAME.encode() not in payload
    assert refused(erp.signed(named, new))[0] == 422

    status, said = refused(erp.signed(made("L3"), old))
    assert (status, "signature-key-not-valid" in said) == (403, True)
    known = json.loads(erp.call(f"{service.address}/api/v1/parties/{MAKER}", service.api_key))["signing_keys"]
    assert {key["public_key"]: key["revoked"] for key in known} == {
        erp.public_key(old): True,
        erp.public_key(new): False,
    }
    assert list(verify_ledger(folder.root)) == []


def test_the_examples_canonical_bytes_are_ours() -> None:
    draft = production(by=[{"role": "inspector", "name": '质检员\u2028"\\\b\x1f\x7f🙂'}], id_=str(uuid4()))[
        "draft"
    ]

    assert example().canonical(draft) == canonical.encode(draft)
