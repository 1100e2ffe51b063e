"""Payload: the stored, private bytes of one accepted event, around the draft exactly as it was accepted.

``{"draft":{…},"recorded_at":…,"salt":…,"server":{…},"signature":{…},"v":1}`` in canonical JSON (formats §1).
The draft's bytes are spliced in, never written anew: an organisation's signature covers exactly them. These
bytes are stored and hashed as they are, and no check ever rests on writing them a second time, save the one
in `decode_payload` that there is no second spelling.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from ..errors import InputError, Text
from . import canonical
from .entry import check_instant

#: The version written. A reader knows every version ever written; so far there is one.
VERSION = 1
MAX_BYTES = 60_000
SALT_BYTES = 16

_MEMBERS = {"draft", "recorded_at", "salt", "server", "signature", "v"}
_SERVER_MEMBERS = {"actor", "assigned", "marks", "streams"}
_HEX_DIGEST = re.compile(r"[0-9a-f]{64}")
_BEFORE_DRAFT = b'{"draft":'
#: What stands behind it. Never found inside of a text, where every quotation mark is escaped.
_BEHIND_DRAFT = re.compile(rb'\},"recorded_at":"[^"]*","salt":"[^"]*","server":\{"actor":')


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What a payload holds; ``draft`` stays bytes.

    ``server`` = ``{"actor": {"party", "account"}, "assigned": {…}, "marks": [rule, …], "streams": [{"n",
    "name", "prev"}, …]}``; ``prev`` is the hex digest of the stream's previous payload, absent at n = 0.
    ``signature`` = ``{"key", "value"}``, Ed25519 over the draft's bytes.
    """

    draft: bytes
    recorded_at: str
    salt: str
    server: Mapping[str, Any]
    signature: Mapping[str, Any] | None = None
    v: int = VERSION


def encode_payload(
    *,
    draft: bytes,
    recorded_at: str,
    salt: str,
    server: Mapping[str, Any],
    signature: Mapping[str, Any] | None = None,
) -> bytes:
    """The payload's bytes; at most `MAX_BYTES`, else `InputError` (``too-large``).

    ``draft`` must be canonical already (`canonical.encode` wrote it, or `canonical.is_canonical` said so): it
    is not looked at again here. ``recorded_at`` as `clock.format_instant` writes it, ``salt`` as `format_salt`.
    """
    signed = b"" if signature is None else b',"signature":' + canonical.encode(dict(signature))
    data = b'{"draft":%b,"recorded_at":"%b","salt":"%b","server":%b%b,"v":%d}' % (
        draft,
        recorded_at.encode(),
        salt.encode(),
        canonical.encode(dict(server)),
        signed,
        VERSION,
    )
    if len(data) > MAX_BYTES:
        raise InputError.of(
            "too-large",
            f"事件共 {len(data)} 字节，上限为 {MAX_BYTES} 字节",
            f"the event takes {len(data)} bytes on the ledger, at most {MAX_BYTES} are allowed",
            remedy=Text(
                "大篇内容请作为附件提交，事件中只写其摘要",
                "send large material as a document and name its digest here",
            ),
        )
    return data


def decode_payload(data: bytes) -> Payload:
    """Inverse of `encode_payload`; exactly its spelling. Raises ValueError that says what is wrong and where."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"a payload has at most {MAX_BYTES} bytes, not {len(data)}")
    # The draft is one level further in than it was when it was judged at the door.
    value = _wants(dict, canonical.parse(data, canonical.MAX_DEPTH + 1), "")
    _wants_members(value, _MEMBERS if "signature" in value else _MEMBERS - {"signature"}, "")
    if _wants(int, value["v"], "/v") != VERSION:
        raise ValueError(f"/v: version {value['v']!r} is not known to this reader")
    _wants(dict, value["draft"], "/draft")
    check_instant(_wants(str, value["recorded_at"], "/recorded_at"))
    parse_salt(_wants(str, value["salt"], "/salt"))
    _check_server(_wants(dict, value["server"], "/server"))
    if "signature" in value:
        _wants_members(_wants(dict, value["signature"], "/signature"), {"key", "value"}, "/signature")
        for name in ("key", "value"):
            _wants(str, value["signature"][name], f"/signature/{name}")
    end = _end_of_draft(data)
    if end is None:  # "draft" is the first member: what is not it, written again, tells where it ends
        end = -len(canonical.encode({name: member for name, member in value.items() if name != "draft"}))
    return _payload_in(value, data[len(_BEFORE_DRAFT) : end])


def split_payload(data: bytes) -> Payload:
    """`decode_payload` for bytes that were admitted, as an entry with their digest tells; at a third of its cost.

    What was checked when they were admitted is not checked again.
    """
    end = _end_of_draft(data)
    if end is None or not data.startswith(_BEFORE_DRAFT):
        return decode_payload(data)
    value = orjson.loads(b"{" + data[end + 1 :])
    if value["v"] != VERSION:
        raise ValueError(f"/v: version {value['v']!r} is not known to this reader")
    return _payload_in(value, data[len(_BEFORE_DRAFT) : end])


def _end_of_draft(data: bytes) -> int | None:
    """Where the draft ends in a canonical payload, if that can be told by what stands behind it."""
    found = _BEHIND_DRAFT.search(data)
    if found is None or _BEHIND_DRAFT.search(data, found.start() + 1):
        return None
    return found.start() + 1


def _payload_in(value: Mapping[str, Any], draft: bytes) -> Payload:
    return Payload(
        draft=draft,
        recorded_at=value["recorded_at"],
        salt=value["salt"],
        server=value["server"],
        signature=value.get("signature"),
    )


def payload_digest(data: bytes) -> bytes:
    """SHA-256 of the payload's bytes: the ``event`` of its entry, the ``prev`` of each stream's next payload."""
    return sha256(data).digest()


def format_salt(salt: bytes) -> str:
    """128 random bits as 22 characters of base64url without padding."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return base64.urlsafe_b64encode(salt).decode().rstrip("=")


def parse_salt(text: str) -> bytes:
    """Inverse of `format_salt`; exactly that spelling. Raises ValueError."""
    try:
        salt = base64.b64decode(text + "==", altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(f"not a salt: {text[:40]!r}: {error}") from None
    if format_salt(salt) != text:
        raise ValueError(f"not the one spelling of a salt: {text[:40]!r}")
    return salt


def _check_server(server: Mapping[str, Any]) -> None:
    _wants_members(server, _SERVER_MEMBERS, "/server")
    actor = _wants(dict, server["actor"], "/server/actor")
    _wants_members(actor, {"account", "party"}, "/server/actor")
    if not all(type(value) is str for value in actor.values()):
        raise ValueError(f"/server/actor: party and account are strings: {actor}")
    _wants(dict, server["assigned"], "/server/assigned")
    if not all(type(mark) is str for mark in _wants(list, server["marks"], "/server/marks")):
        raise ValueError(f"/server/marks: names of rules are wanted: {server['marks']}")
    last = ""
    for stream in _wants(list, server["streams"], "/server/streams"):
        if not _is_stream(stream):
            raise ValueError(f"/server/streams: n, name, and from n = 1 on the hex digest prev: {stream}")
        if stream["name"] <= last:
            raise ValueError(f"/server/streams: sorted by name, each once: {stream['name']!r} after {last!r}")
        last = stream["name"]


def _is_stream(stream: Any) -> bool:
    if type(stream) is not dict or type(stream.get("n")) is not int or type(stream.get("name")) is not str:
        return False
    if stream["n"] == 0:
        return len(stream) == 2
    prev = stream.get("prev")
    return stream["n"] > 0 and len(stream) == 3 and type(prev) is str and bool(_HEX_DIGEST.fullmatch(prev))


def _wants(kind: type[Any], value: Any, where: str) -> Any:
    if type(value) is not kind:  # exactly: a bool is no int here
        raise ValueError(f"{where}: a {kind.__name__} is wanted, a {type(value).__name__} came")
    return value


def _wants_members(value: Mapping[str, Any], names: set[str], where: str) -> None:
    if value.keys() != names:
        raise ValueError(f"{where}: the members {sorted(names)} are wanted, not {sorted(value)}")
