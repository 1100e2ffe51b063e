"""What was taken: events with their proofs, histories, checkpoints and attachments, and the files that it becomes.

======================================  =========================================================================
``data/contents.json``                  what is here, in one table
``data/checkpoint``                     the signed checkpoint as of which it was taken, with its cosignatures
``data/vkey``, ``data/witnesses``       the ledger's verifier key, and those of its witnesses, one a line
``data/keys.json``                      public keys of organisations that signed events, by id
``data/events/N/payload.json``          the event's stored bytes; missing where they are not open to who took it
``data/events/N/entry.json``            the public entry that names them
``data/events/N/proof.tlog-proof``      that the entry is under the checkpoint (C2SP tlog-proof)
``data/events/N/disclosures.json``      salts and clear text of personal fields, as far as they are open to who took it
``data/{cosigned,earlier}/checkpoint``  the newest one that witnesses cosigned; one that somebody had kept
``data/…/consistency``                  that the checkpoint continues it (the body of C2SP tlog-witness add-checkpoint)
``data/attachments/SHA-256``            photos and papers that events name
``data/content-sha256.txt``             SHA-256 of each of these files; its own digest stands in the signed record
======================================  =========================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from ..ledger.add_checkpoint import AddCheckpoint, encode_request
from ..ledger.payload import format_salt
from ..ledger.proof_file import ProofFile, format_proof_file

FORMAT = "cabletrace-evidence/1"
CONTENT = "data/content-sha256.txt"

#: A file's bytes, or where they lie.
Content = bytes | Path


@dataclass(frozen=True, slots=True)
class Opened:
    """What a commitment at ``pointer`` of an event's draft opens to; ``salt`` 16 bytes."""

    pointer: str
    salt: bytes
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenEvent:
    """An event; ``payload`` None where its content is not open to who took it. ``proof``: of inclusion, 32-byte hashes."""

    index: int
    event_id: str
    entry: bytes
    payload: bytes | None
    proof: tuple[bytes, ...]
    opened: tuple[Opened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStream:
    """A history: the indexes of its events, and of the statement that says which they are. ``whole``: all there were when
    the statement was recorded, else those that were open to who took them."""

    name: str
    whole: bool
    statement: int
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A checkpoint that the package's continues: ``proof`` of consistency, 32-byte hashes."""

    size: int
    checkpoint: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFile:
    """An attachment, and the events that name it."""

    sha256: str
    name: str
    media_type: str
    size: int
    at: Path
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Everything of one package but the readable papers. ``about``: batch, unit, case, as far as they apply."""

    about: Mapping[str, Any]
    checkpoint: bytes
    verifier_key: str
    witnesses: Sequence[str]
    keys: Mapping[str, str]
    events: Sequence[TakenEvent]
    streams: Sequence[TakenStream]
    cosigned: Earlier | None = None
    earlier: Earlier | None = None
    as_of: Earlier | None = None
    attachments: Sequence[TakenFile] = ()


def digest_of_events(entries_named: Sequence[bytes]) -> str:
    """What a statement says was taken: SHA-256 over the digests of these events, in hex, in the order of the ledger."""
    return sha256(b"".join(entries_named)).hexdigest()


def files_of(taken: Taken) -> dict[str, Content]:
    """The files below ``data/``, with the list of their digests last."""
    files: dict[str, Content] = {
        "data/contents.json": _json(_contents(taken)),
        "data/checkpoint": taken.checkpoint,
        "data/vkey": f"{taken.verifier_key}\n".encode(),
        "data/witnesses": "".join(f"{key}\n" for key in taken.witnesses).encode(),
        "data/keys.json": _json(dict(taken.keys)),
    }
    for event in taken.events:
        files |= _files_of_event(event, taken.checkpoint)
    for name, earlier in _earlier(taken).items():
        request = AddCheckpoint(earlier.size, earlier.proof, taken.checkpoint)
        files[f"data/{name}/checkpoint"] = earlier.checkpoint
        files[f"data/{name}/consistency"] = encode_request(request)
    files |= {f"data/attachments/{each.sha256}": each.at for each in taken.attachments}
    files[CONTENT] = listed({name: digest_of(content) for name, content in files.items()})
    return files


def digest_of(content: Content) -> str:
    """SHA-256 in hex; a file is read piece by piece."""
    if isinstance(content, bytes):
        return sha256(content).hexdigest()
    digest = sha256()
    with content.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def size_of(content: Content) -> int:
    """In bytes."""
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def listed(digests: Mapping[str, str]) -> bytes:
    """A manifest as ``sha256sum --check`` and RFC 8493 read it, sorted by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def _files_of_event(event: TakenEvent, checkpoint: bytes) -> dict[str, Content]:
    folder = f"data/events/{event.index:08d}"
    proof = ProofFile(index=event.index, proof=event.proof, checkpoint=checkpoint)
    files: dict[str, Content] = {
        f"{folder}/entry.json": event.entry,
        f"{folder}/proof.tlog-proof": format_proof_file(proof),
    }
    if event.payload is not None:
        files[f"{folder}/payload.json"] = event.payload
    if event.opened:
        files[f"{folder}/disclosures.json"] = _json(
            [
                {"at": each.pointer, "salt": format_salt(each.salt), "value": each.value}
                for each in event.opened
            ]
        )
    return files


def _contents(taken: Taken) -> dict[str, Any]:
    return {
        "about": dict(taken.about),
        "attachments": [
            {
                "events": list(each.events),
                "media_type": each.media_type,
                "name": each.name,
                "sha256": each.sha256,
                "size": each.size,
            }
            for each in taken.attachments
        ],
        "earlier": sorted(_earlier(taken)),
        "events": [
            {
                "disclosures": bool(each.opened),
                "id": each.event_id,
                "index": each.index,
                "payload": each.payload is not None,
            }
            for each in taken.events
        ],
        "format": FORMAT,
        "streams": [
            {
                "events": list(each.events),
                "name": each.name,
                "statement": each.statement,
                "whole": each.whole,
            }
            for each in taken.streams
        ],
    }


def _earlier(taken: Taken) -> dict[str, Earlier]:
    named = (("as-of", taken.as_of), ("cosigned", taken.cosigned), ("earlier", taken.earlier))
    return {name: each for name, each in named if each is not None}


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
