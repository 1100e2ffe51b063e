"""The commands with which an organisation signs: ``sign`` an event, ``prove-key`` that it holds a key which it registers.

They need no installation and open no ledger.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ..errors import InputError, Text
from ..intake.personal_fields import read_said
from ..intake.record import read_envelope
from ..ledger import canonical
from ..ledger.payload import SALT_BYTES, format_salt
from ..model.possession import possession_statement, prove_possession
from ..model.signature import parse_signature, public_key_of
from ..model.signature import sign as signed_by
from ..model.values import usual_key_id

_PEM = b"-----BEGIN "


def add_to(app: typer.Typer) -> None:
    app.command("sign")(sign)
    app.command("prove-key")(prove_key)


def sign(
    key: Annotated[
        Path,
        typer.Option("--key", help="seed of keygen, or PEM 私钥文件", exists=True, dir_okay=False),
    ],
    draft: Annotated[Path, typer.Argument(help="draft as JSON, - for standard input 草稿")] = Path("-"),
    key_id: Annotated[
        str,
        typer.Option("--key-id", help="id under which it is registered, if not the one of keygen 公钥编号"),
    ] = "",
) -> None:
    """Sign a draft with an organisation's key; prints the envelope to be sent 签名.

    Names of persons are replaced by commitments first, and stand with their salts in the envelope's disclosures.
    """
    private_key = read_private_key(key.read_bytes())
    came = sys.stdin.buffer.read() if str(draft) == "-" else draft.read_bytes()
    said = read_said(canonical.encode(read_envelope(came)), None, lambda _: secrets.token_bytes(SALT_BYTES))
    signature = signed_by(private_key, key_id or usual_key_id(public_key_of(private_key)), said.stored)
    parse_signature(signature.members())
    envelope = {"draft": canonical.parse(said.stored), "signature": signature.members()}
    if said.opened:
        envelope["disclosures"] = [
            {"at": each.pointer, "salt": format_salt(each.salt), "value": each.value} for each in said.opened
        ]
    print(canonical.encode(envelope).decode())


def prove_key(
    key: Annotated[
        Path,
        typer.Option("--key", help="seed of keygen, or PEM 私钥文件", exists=True, dir_okay=False),
    ],
    origin: Annotated[str, typer.Argument(help="name of the ledger 账本名称")],
    owner: Annotated[
        str, typer.Argument(help="the organisation, as the key's event names it 单位（与登记事件写法相同）")
    ],
    event: Annotated[str, typer.Argument(help="id of the event that registers the key 登记事件编号")],
    key_id: Annotated[
        str,
        typer.Option("--key-id", help="id under which it is registered, if not the one of keygen 公钥编号"),
    ] = "",
) -> None:
    """Prove that you hold the private key which an event registers; prints the line for its body.possession 证明持有私钥."""
    private_key = read_private_key(key.read_bytes())
    id_ = key_id or usual_key_id(public_key_of(private_key))
    try:
        statement = possession_statement(origin=origin, owner=owner, key=id_, event=event)
    except ValueError as error:
        raise InputError.of(
            "wrong-input",
            "账本名称、单位、公钥编号、事件编号都不含空白",
            f"neither the ledger's name nor the ids of organisation, key and event hold spaces: {error}",
        ) from None
    print(prove_possession(private_key, statement))


def read_private_key(data: bytes) -> Ed25519PrivateKey:
    """A private key of 32 bytes, as ``keygen`` writes it, or in PEM, as openssl does. Raises InputError."""
    try:
        key = load_pem_private_key(data, None) if data.startswith(_PEM) else _of_seed(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise InputError.of(
        "wrong-input",
        "不是 Ed25519 私钥文件：应为 32 个字节，或不带口令的 PEM",
        "no private key of Ed25519: 32 bytes are wanted, or PEM without a passphrase",
        where="--key",
        remedy=Text(
            "用 cabletrace keygen 或 openssl genpkey -algorithm ed25519 生成",
            "make one with cabletrace keygen, or openssl genpkey -algorithm ed25519",
        ),
    )


def _of_seed(data: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(data)
