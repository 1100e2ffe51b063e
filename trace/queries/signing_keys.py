"""The signing keys 签名公钥 of a party, as they stand on a day: what whoever checks a signature offline looks up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ..errors import Text
from ..model.state import KnownKey
from ..registry import register
from .answers import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """``public_key``: 32 bytes in base64; ``index`` of the last event about it; ``today``: how it stands."""

    id: str
    public_key: str
    valid_from: date
    valid_to: date
    revoked: bool
    index: int
    today: Standing


def signing_keys_of(tx: Connection, party: str, *, today: date) -> tuple[SigningKey, ...]:
    """Every key that a party ever registered, the newest first."""
    return tuple(
        SigningKey(
            id=key.id,
            public_key=key.public_key,
            valid_from=key.valid_from,
            valid_to=key.valid_to,
            revoked=key.revoked,
            index=key.seq,
            today=_standing(key, today),
        )
        for key in reversed(register.keys_of(tx, party))
    )


def _standing(key: KnownKey, today: date) -> Standing:
    if key.revoked:
        return Standing("stop", Text("已吊销", "Revoked"))
    if today > key.valid_to:
        return Standing("unknown", Text("已过期", "Expired"))
    if today < key.valid_from:
        return Standing("attention", Text("尚未生效", "Not valid yet"))
    return Standing("fine", Text("有效", "Valid"))
