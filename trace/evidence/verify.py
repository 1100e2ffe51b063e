#!/usr/bin/env python3
"""核验证据包，不依赖平台、不联网。Checks an evidence package without the platform and without a network.

    python verify.py                      # 本文件所在的证据包目录 the package folder in which this file lies
    python verify.py PACKAGE [--key KEY] [--witness KEY]…

PACKAGE 是证据包的 ZIP 或解压后的目录。--key 是账本公布的公钥（/ledger/vkey），应从证据包以外取得；不写则用包内所附的，
并会说明。--witness 同样，是见证人公布的公钥。只需要 Python 3 与 cryptography。

PACKAGE is the ZIP or the folder that was unpacked from it. --key is the ledger's published key, to be had from elsewhere
than the package; without it the one in the package is used, and that is said. Exit code: 0 passed, 1 failed, 2 wrong usage.

Written from the specifications (RFC 8493, RFC 6962, C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof) and
from docs/evidence.md alone: it shares no line with the platform, so that a mistake of the one is not one of the other.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "cabletrace-evidence/1"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGS, CONTENT = "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/content-sha256.txt"
CONTENTS, CHECKPOINT = "data/contents.json", "data/checkpoint"
#: The readable papers are made of the rest, and carry the digest of the list of the rest.
PAPERS = ("data/record.pdf", "data/report.pdf")
TAG_FILES = {"bagit.txt", "bag-info.txt", MANIFEST, TAGS, "verify.py", "verify.html", "what-this-proves.txt"}
_LINE = re.compile(r"([0-9a-f]{64})  ([^\x00-\x1f\\]+)")
_ENTRY = re.compile(
    r'\{"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","event":"([0-9a-f]{64})","prev":"[0-9a-f]{64}","seq":(0|[1-9]\d*),"v":1\}'
)


#: Of a file that is not what it should be; which one stands before it.
UNREADABLE = "内容不合格式，读不懂 it cannot be read: its content is not of the form that it should have"


class Wrong(Exception):
    """What is wrong with a file, in Chinese and English."""


# --- hashes and proofs, RFC 6962 ----------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def split_of(size: int) -> int:
    """The largest power of two smaller than size (RFC 6962 §2.1)."""
    return 1 << (size - 1).bit_length() - 1


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which an audit path leads (RFC 6962 §2.1.1), by its recursive definition."""
    if size == 1:
        if path:
            raise Wrong("包含证明过长 the inclusion proof is too long")
        return leaf
    if not path:
        raise Wrong("包含证明过短 the inclusion proof is too short")
    k = split_of(size)
    if index < k:
        return node(root_by_path(leaf, index, k, path[:-1]), path[-1])
    return node(path[-1], root_by_path(leaf, index - k, size - k, path[:-1]))


def roots_by_proof(old_size: int, size: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root to which a consistency proof leads (RFC 6962 §2.1.2), by its recursive definition."""
    left = list(proof)

    def taken() -> bytes:
        if not left:
            raise Wrong("一致性证明过短 the consistency proof is too short")
        return left.pop()

    def sub(old: int, new: int, from_start: bool) -> tuple[bytes, bytes]:
        if old == new:
            known = old_root if from_start else taken()
            return known, known
        k = split_of(new)
        other = taken()
        if old <= k:
            was, now = sub(old, k, from_start)
            return was, node(now, other)
        was, now = sub(old - k, new - k, False)
        return node(other, was), node(other, now)

    if not 0 < old_size <= size:
        raise Wrong("较早的检查点比证据包的还大 the earlier checkpoint is larger than the package's")
    roots = sub(old_size, size, True)
    if left:
        raise Wrong("一致性证明过长 the consistency proof is too long")
    return roots


# --- notes, checkpoints, keys, C2SP -------------------------------------------------------------------


class Key:
    """A verifier key: name+id+base64(type, key)."""

    def __init__(self, text: str) -> None:
        try:
            self.name, id_, encoded = text.strip().split("+", 2)
            kind, *public = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise Wrong(f"不是公钥 no verifier key: {text[:80]!r}") from None
        self.kind, self.public = kind, bytes(public)
        self.id = sha256(self.name.encode() + b"\n" + bytes([kind]) + self.public)[:4]
        if self.id.hex() != id_ or len(self.public) != 32 or kind not in (1, 4):
            raise Wrong(f"公钥写错 the verifier key is misspelt: {text[:80]!r}")
        self.text = text.strip()

    def check(self, text: str, signature: bytes) -> int | None:
        """When a cosignature was made, in POSIX seconds; None for a plain signature. Raises Wrong."""
        made_at, signed = None, text.encode()
        if self.kind == 4:
            made_at = int.from_bytes(signature[:8], "big")
            signature, signed = signature[8:], f"cosignature/v1\ntime {made_at}\n{text}".encode()
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, signed)
        except (InvalidSignature, ValueError):
            raise Wrong(f"{self.name} 的签名不对 the signature by {self.name} is wrong") from None
        return made_at


class Checkpoint:
    """A signed checkpoint, opened with the ledger's key; ``cosigned``: (name, POSIX seconds) of the witnesses known."""

    def __init__(self, note: bytes, key: Key, witnesses: Iterable[Key]) -> None:
        text, separator, lines = text_of(note).rpartition("\n\n")
        if not separator or not lines.endswith("\n"):
            raise Wrong("不是已签名的检查点 no signed checkpoint")
        text += "\n"
        parts = text.split("\n")
        if len(parts) != 4 or not re.fullmatch(r"0|[1-9]\d*", parts[1]):
            raise Wrong("检查点应为三行 a checkpoint has three lines")
        self.origin, self.size, self.root = parts[0], int(parts[1]), unbase64(parts[2])
        if len(self.root) != 32 or self.origin != key.name:
            raise Wrong(f"不是 {key.name} 的检查点 no checkpoint of {key.name}")
        self.cosigned: list[tuple[str, int]] = []
        signed = False
        for line in lines[:-1].split("\n"):
            if not line.startswith("— ") or line.count(" ") != 2:
                raise Wrong("签名行写错 a signature line is misspelt")
            name, signature = line[2:].split(" ")
            data = unbase64(signature)
            for known in (key, *witnesses):
                if (known.name, known.id) == (name, data[:4]):
                    made_at = known.check(text, data[4:])
                    if known is key:
                        signed = True
                    elif made_at is not None:
                        self.cosigned.append((name, made_at))
        if not signed:
            raise Wrong(f"没有账本公钥 {key.text} 的签名 it is not signed by the ledger's key {key.text}")


def text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("不是 UTF-8 文本 not UTF-8") from None


def unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(f"不是 base64 no base64: {text[:60]!r}") from None
    if base64.b64encode(data).decode() != text:
        raise Wrong(f"base64 写法不唯一 not the one spelling of base64: {text[:60]!r}")
    return data


def hashes_in(lines: Sequence[str]) -> list[bytes]:
    found = [unbase64(line) for line in lines]
    if any(len(each) != 32 for each in found) or len(found) > 63:
        raise Wrong("证明中的散列长度不对 a hash of the proof has a wrong length")
    return found


# --- reading the package ------------------------------------------------------------------------------


def read_package(path: Path) -> dict[str, bytes]:
    """Every file by its name within the package. Raises Wrong."""
    if path.is_dir():
        if any(each.is_symlink() for each in path.rglob("*")):
            raise Wrong("目录中有符号链接 the folder holds symbolic links")
        return {
            each.relative_to(path).as_posix(): each.read_bytes() for each in path.rglob("*") if each.is_file()
        }
    data = path.read_bytes()
    try:
        with zipfile.ZipFile(path) as packed:
            members = {each.filename: packed.read(each) for each in packed.infolist()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise Wrong(f"ZIP 已损坏 the ZIP is damaged: {error}") from None
    if zip_of(members) != data:
        raise Wrong(
            "ZIP 不是原样：被改动或重新打包过。若是重新打包的，请解压后核验目录 the ZIP is not as it was delivered: "
            "changed, or packed anew. If it was packed anew, unpack it and check the folder"
        )
    tops = {name.partition("/")[0] for name in members}
    if len(tops) != 1 or any("/" not in name for name in members):
        raise Wrong("ZIP 中应只有一个目录 the ZIP holds one folder")
    return {name.partition("/")[2]: content for name, content in members.items()}


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """The one ZIP that these members make: sorted by name, stored, the time of all of them 1980-01-01."""
    body: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name, content in sorted(members.items()):
        spelled = name.encode()
        common = struct.pack(
            "<HHHHHIIIHH",
            20,
            0x0800,
            0,
            0,
            0x21,
            zlib.crc32(content),
            len(content),
            len(content),
            len(spelled),
            0,
        )
        header = b"PK\x03\x04" + common + spelled
        central = struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, at)
        directory.append(b"PK\x01\x02" + struct.pack("<H", 0x0314) + common + central + spelled)
        body += [header, content]
        at += len(header) + len(content)
    listed = b"".join(directory)
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(listed), at, 0)
    return b"".join((*body, listed, b"PK\x05\x06", end))


# --- the checks ---------------------------------------------------------------------------------------


class Check:
    """One pass over a package; ``faults`` name a file or an event each, ``notes`` say what was found."""

    def __init__(
        self, files: Mapping[str, bytes], key: Key | None = None, witnesses: Iterable[Key] = ()
    ) -> None:
        self.files = files
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.given_key = key
        self.given_witnesses = list(witnesses)
        self.payloads: dict[int, Any] = {}
        self.digests: dict[int, str] = {}
        self.as_of: int | None = None

    def run(self) -> Check:
        self.guarded(self.bag, "package")
        self.guarded(self.content_list, CONTENT)
        self.guarded(self.evidence, CONTENTS)
        return self

    def guarded(self, step: Callable[..., Any], where: str, *more: Any) -> Any:
        """Run a step; whatever it stumbles over is a fault of the file that it reads."""
        try:
            return step(*more)
        except Wrong as wrong:
            self.fault(where, str(wrong))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            self.fault(where, UNREADABLE)
        return None

    def fault(self, where: str, why: str) -> None:
        self.faults.append(f"{where}: {why}")

    def note(self, text: str) -> None:
        self.notes.append(text)

    def file(self, name: str) -> bytes:
        if name not in self.files:
            raise Wrong(f"缺少文件 missing file: {name}")
        return self.files[name]

    # BagIt, RFC 8493

    def bag(self) -> None:
        if self.file("bagit.txt") != BAGIT:
            self.fault("bagit.txt", "不是 BagIt 1.0 的声明 not the declaration of BagIt 1.0")
        in_data = {name for name in self.files if name.startswith("data/")}
        self.guarded(self.manifest, MANIFEST, MANIFEST, in_data)
        self.guarded(self.manifest, TAGS, TAGS, set(self.files) - in_data - {TAGS})
        for name in sorted(set(self.files) - in_data - TAG_FILES):
            self.fault(name, "证据包中不应有此文件 this file does not belong to a package")
        for name in sorted(TAG_FILES - set(self.files)):
            self.fault(name, "缺少文件 the file is missing")
        self.guarded(self.counts, "bag-info.txt", in_data)

    def counts(self, in_data: Collection[str]) -> None:
        oxum = f"Payload-Oxum: {sum(len(self.files[name]) for name in in_data)}.{len(in_data)}"
        if oxum not in text_of(self.file("bag-info.txt")).split("\n"):
            self.fault("bag-info.txt", f"文件总数或总字节数不符 the count of files or bytes differs: {oxum}")

    def manifest(self, name: str, wanted: Collection[str]) -> None:
        listed = listed_in(self.file(name))
        for path in sorted(listed.keys() | set(wanted)):
            if path not in self.files:
                self.fault(path, f"文件缺失，{name} 中列有 the file is missing, {name} lists it")
            elif path not in listed:
                self.fault(path, f"多出的文件，{name} 中没有 one file too many, {name} does not list it")
            elif hashlib.sha256(self.files[path]).hexdigest() != listed[path]:
                self.fault(path, f"内容与 {name} 不符，被改动过 it was changed: not what {name} says")

    def content_list(self) -> None:
        listed = listed_in(self.file(CONTENT))
        wanted = {name for name in self.files if name.startswith("data/")} - {CONTENT, *PAPERS}
        for path in sorted(listed.keys() ^ wanted):
            self.fault(path, f"与 {CONTENT} 所列不符 not as {CONTENT} lists it")
        for path in sorted(listed.keys() & wanted):
            if hashlib.sha256(self.files[path]).hexdigest() != listed[path]:
                self.fault(path, f"内容与 {CONTENT} 不符 not what {CONTENT} says")
        digest = hashlib.sha256(self.files[CONTENT]).hexdigest()
        self.note(
            f"提取内容校验值（应与提取笔录上签字确认的一致） digest of what was taken, to be compared with the signed record:\n    {digest}"
        )

    # the ledger

    def evidence(self) -> None:
        contents = self.guarded(self.contents, CONTENTS)
        key = self.guarded(self.key, "data/vkey")
        if contents is None or key is None:
            return
        witnesses = self.guarded(self.witnesses, "data/witnesses") or []
        checkpoint = self.guarded(self.checkpoint, CHECKPOINT, CHECKPOINT, key, witnesses)
        if checkpoint is None:
            return
        self.note(
            f"账本 ledger {checkpoint.origin}，{checkpoint.size} 条 entries，树根 root {checkpoint.root.hex()}"
        )
        for event in contents["events"]:
            self.guarded(self.event, f"data/events/{event['index']:08d}", event, checkpoint)
        cosigned = [(checkpoint, *each) for each in checkpoint.cosigned]
        for name in contents["earlier"]:
            at = f"data/{name}/checkpoint"
            old = self.guarded(self.checkpoint, at, at, key, witnesses)
            if old is not None:
                cosigned += [(old, *each) for each in old.cosigned]
                if name == "cosigned" and not old.cosigned:
                    self.fault(at, "没有已知见证人的会签 no witness that is known has cosigned it")
                if name == "as-of":
                    self.as_of = old.size
                    self.note(
                        f"只取截至 {old.size} 条的历史，此后的事件和更正不在内 the histories are those of a ledger of {old.size} entries: "
                        "later events and corrections are not in them"
                    )
                self.guarded(self.consistency, f"data/{name}/consistency", name, old, checkpoint)
        self.cosigned(cosigned)
        self.guarded(self.attachments, CONTENTS, contents)
        for stream in contents["streams"]:
            self.guarded(self.stream, f"stream {stream['name']}", stream, contents)
        self.guarded(self.about, CONTENTS, contents)
        self.guarded(self.unlisted, CONTENTS, contents)

    def contents(self) -> Any:
        contents = json.loads(text_of(self.file(CONTENTS)))
        if contents["format"] != FORMAT:
            raise Wrong(f"格式版本未知 unknown format: {contents['format']!r}")
        indexes = [event["index"] for event in contents["events"]]
        if indexes != sorted(set(indexes)) or not all(type(index) is int and index >= 0 for index in indexes):
            raise Wrong("事件应按序号排列，各一次 events stand in order, each once")
        wanted = {CONTENTS, CONTENT, CHECKPOINT, "data/vkey", "data/witnesses", "data/keys.json", *PAPERS}
        for event in contents["events"]:
            parts = ["entry.json", "proof.tlog-proof"]
            parts += ["payload.json"] if event["payload"] else []
            parts += ["disclosures.json"] if event["disclosures"] else []
            wanted |= {f"data/events/{event['index']:08d}/{part}" for part in parts}
        for earlier in contents["earlier"]:
            if earlier not in ("as-of", "cosigned", "earlier"):
                raise Wrong(f"未知的检查点 unknown checkpoint: {earlier!r}")
            wanted |= {f"data/{earlier}/checkpoint", f"data/{earlier}/consistency"}
        wanted |= {f"data/attachments/{each['sha256']}" for each in contents["attachments"]}
        for name in sorted(wanted ^ {name for name in self.files if name.startswith("data/")}):
            self.fault(name, f"与 {CONTENTS} 所列不符（多出或缺失） one too many or missing, by {CONTENTS}")
        return contents

    def key(self) -> Key:
        inside = Key(text_of(self.file("data/vkey")))
        if self.given_key is None:
            self.note(
                "账本公钥取自证据包本身，请与平台公布的（/ledger/vkey）或提取笔录上的核对 the ledger's key is the one in the "
                f"package: compare it with the published one, or with the record:\n    {inside.text}"
            )
            return inside
        if inside.text != self.given_key.text:
            raise Wrong(f"包内公钥不是给出的那把 not the key that was given: {inside.text}")
        self.note(f"账本公钥与给出的一致 the ledger's key is the one that was given: {inside.text}")
        return inside

    def witnesses(self) -> list[Key]:
        inside = [Key(line) for line in text_of(self.file("data/witnesses")).splitlines()]
        known = {each.text: each for each in (*inside, *self.given_witnesses)}
        return list(known.values())

    def checkpoint(self, name: str, key: Key, witnesses: Sequence[Key]) -> Checkpoint:
        return Checkpoint(self.file(name), key, witnesses)

    def event(self, event: Any, checkpoint: Checkpoint) -> None:
        index, folder = event["index"], f"data/events/{event['index']:08d}"
        entry = self.file(f"{folder}/entry.json")
        shape = _ENTRY.fullmatch(text_of(entry))
        if shape is None or int(shape[3]) != index:
            raise Wrong(f"entry.json 不是序号 {index} 的条目 entry.json is no entry {index}")
        self.digests[index] = shape[2]
        self.inclusion(self.file(f"{folder}/proof.tlog-proof"), entry, index, checkpoint)
        if not event["payload"]:
            return
        data = self.file(f"{folder}/payload.json")
        if hashlib.sha256(data).hexdigest() != shape[2]:
            raise Wrong(
                f"payload.json 不是账本上序号 {index} 的事件 payload.json is not the event at index {index}"
            )
        payload = json.loads(text_of(data))
        if payload["recorded_at"] != shape[1] or payload["draft"]["id"] != event["id"]:
            raise Wrong("事件编号或入账时间不符 id or time of recording differ")
        self.payloads[index] = payload
        if event["disclosures"]:
            self.guarded(
                self.disclosures, f"{folder}/disclosures.json", f"{folder}/disclosures.json", payload["draft"]
            )
        if "signature" in payload:
            self.guarded(self.signature, f"{folder}/payload.json", payload)

    def inclusion(self, proof: bytes, entry: bytes, index: int, checkpoint: Checkpoint) -> None:
        head, separator, note = proof.partition(b"\n\n")
        lines = text_of(head).split("\n")
        if not separator or lines[:2] != ["c2sp.org/tlog-proof@v1", f"index {index}"]:
            raise Wrong(
                f"proof.tlog-proof 不是序号 {index} 的证明 proof.tlog-proof is no proof for index {index}"
            )
        if note != self.file(CHECKPOINT):
            raise Wrong("proof.tlog-proof 所附检查点不是证据包的 the proof's checkpoint is not the package's")
        if not index < checkpoint.size:
            raise Wrong("序号超出检查点 the index lies beyond the checkpoint")
        root = root_by_path(sha256(b"\x00" + entry), index, checkpoint.size, hashes_in(lines[2:]))
        if root != checkpoint.root:
            raise Wrong(
                f"序号 {index} 不在账本中：证明与树根不符 entry {index} is not on the ledger: the proof leads elsewhere"
            )

    def disclosures(self, name: str, draft: Any) -> None:
        for each in json.loads(text_of(self.file(name))):
            salt = base64.b64decode(each["salt"] + "==", altchars=b"-_", validate=True)
            if base64.urlsafe_b64encode(salt).decode() != each["salt"] + "==":
                raise Wrong(f"{each['at']} 的盐写法不唯一 the salt is not in its one spelling")
            digest = sha256(salt + each["at"].encode() + b"\0" + each["value"].encode())
            value = draft
            for part in each["at"].split("/")[1:]:
                value = value[int(part)] if isinstance(value, list) else value[part]
            if value != "#" + base64.urlsafe_b64encode(digest).decode().rstrip("="):
                raise Wrong(
                    f"{each['at']} 的明文与账本上的承诺不符 the clear text does not open the commitment"
                )

    def signature(self, payload: Any) -> None:
        """The signature of an organisation covers the canonical bytes of the draft (RFC 8785)."""
        draft = json.dumps(
            payload["draft"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
        keys = self.guarded(self.keys, "data/keys.json")
        if keys is None:
            return
        said = payload["signature"]
        if said["key"] not in keys:
            self.note(
                f"事件 event {payload['draft']['id']}：签名所用公钥不在包内，未核验 its key is not here, the signature was not checked"
            )
            return
        try:
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[said["key"]]))
            public.verify(base64.b64decode(said["value"]), draft)
        except (InvalidSignature, ValueError):
            raise Wrong("单位的签名不对 the organisation's signature is wrong") from None

    def keys(self) -> dict[str, str]:
        return dict(json.loads(text_of(self.file("data/keys.json"))))

    def consistency(self, earlier: str, old: Checkpoint, checkpoint: Checkpoint) -> None:
        """The file that a witness would be asked with: old size, hashes, empty line, checkpoint (C2SP tlog-witness)."""
        head, separator, note = self.file(f"data/{earlier}/consistency").partition(b"\n\n")
        lines = text_of(head).split("\n")
        if not separator or note != self.file(CHECKPOINT) or lines[0] != f"old {old.size}":
            raise Wrong("一致性证明不是这两个检查点之间的 the proof is not between these two checkpoints")
        was, now = roots_by_proof(old.size, checkpoint.size, old.root, hashes_in(lines[1:]))
        if was != old.root or now != checkpoint.root:
            raise Wrong(
                "账本不是从较早的检查点接续的：历史被改写 the ledger does not continue the earlier checkpoint: history was rewritten"
            )
        self.note(
            f"较早的检查点（{old.size} 条）是本账本的开头 the earlier checkpoint of {old.size} entries is the beginning of this ledger"
        )

    def cosigned(self, cosigned: Sequence[tuple[Checkpoint, str, int]]) -> None:
        for old, name, at in cosigned:
            when = datetime.fromtimestamp(at, timezone.utc).isoformat()  # noqa: UP017, datetime.UTC is newer than many installed Pythons
            self.note(
                f"见证人 {name} 于 {when} 会签前 {old.size} 条 the witness has cosigned the first {old.size} entries"
            )
        if not cosigned:
            self.note(
                "没有见证人会签：历史只由账本自己的签名担保 no witness has cosigned: history rests on the ledger's own signature"
            )

    def attachments(self, contents: Any) -> None:
        known = {each["sha256"] for each in contents["attachments"]}
        for sha in sorted(known):
            name = f"data/attachments/{sha}"
            if hashlib.sha256(self.file(name)).hexdigest() != sha:
                self.fault(
                    name, "附件与其散列不符，被改动过 the attachment was changed: not what its name says"
                )
        documents = {index: payload["draft"].get("documents", []) for index, payload in self.payloads.items()}
        for each in contents["attachments"]:
            said = {part: each[part] for part in ("media_type", "name", "sha256", "size")}
            if not each["events"] or not all(said in documents.get(index, []) for index in each["events"]):
                self.fault(
                    f"data/attachments/{each['sha256']}",
                    "所列事件没有登记此附件，或名称、类型、大小不符 the events do not name it so: name, type or size differ",
                )
        missing = {each["sha256"] for some in documents.values() for each in some} - known
        if missing:
            self.note(
                f"{len(missing)} 个附件未随包提供 attachments that are named are not in the package: {len(missing)}"
            )

    # completeness

    def stream(self, stream: Any, contents: Any) -> None:
        name, indexes, statement = stream["name"], stream["events"], self.stated(stream)
        there = {event["index"] for event in contents["events"]}
        if indexes != sorted(set(indexes)) or not set(indexes) <= there:
            raise Wrong("所列事件不按序号或不在包内 its events are out of order or missing")
        said = statement["draft"]
        if said["kind"] != "statement" or stated_stream(statement) != name:
            raise Wrong("取证声明不是关于此事件流的 the statement is not about this stream")
        if said["body"].get("as_of") != self.as_of or (
            self.as_of is not None and max(indexes, default=0) >= self.as_of
        ):
            raise Wrong(
                "所截至的检查点与取证声明不符 the checkpoint as of which it was taken is not what the statement says"
            )
        if said["body"].get("whole", False) is not stream["whole"] or stream["statement"] <= max(
            indexes, default=-1
        ):
            raise Wrong("目录与取证声明不符 the contents are not what the statement says")
        if stream["whole"]:
            self.chain(name, indexes)
            self.head(name, indexes, statement, stream["statement"])
        else:
            self.part(name, indexes, said["body"]["taken"])

    def about(self, contents: Any) -> None:
        """What the package says that it is about is what was stated on the ledger."""
        names = [each["name"] for each in contents["streams"]]
        of_batches = [name for name in names if name.startswith("batch:")]
        if [f"batch:{code}" for code in contents["about"]["batches"]] != of_batches:
            raise Wrong("所述批次与事件流不符 the batches are not those of the histories")
        for stream in contents["streams"]:
            if self.stated(stream)["draft"]["body"].get("case") != contents["about"].get("case"):
                raise Wrong("案号与取证声明不符 the case is not the one of the statement")

    def stated(self, stream: Any) -> Any:
        """The payload of the statement that says what of a history was taken."""
        index = stream["statement"]
        if index not in self.payloads:
            raise Wrong(
                f"取证声明缺失或已损坏，见 data/events/{index:08d} the statement of what was taken is missing or damaged: see "
                f"data/events/{index:08d}"
            )
        return self.payloads[index]

    def digest(self, index: int) -> str:
        """The digest of an event, as its entry names it."""
        if index not in self.digests:
            raise Wrong(
                f"公开条目缺失或已损坏，见 data/events/{index:08d}/entry.json the entry is missing or damaged: see "
                f"data/events/{index:08d}/entry.json"
            )
        return self.digests[index]

    def chain(self, name: str, indexes: Sequence[int]) -> None:
        """Ordinals 0, 1, 2 … without a gap, and each event names the one before."""
        for place, index in enumerate(indexes):
            link = self.link(index, name)
            if link is None:  # of one whose content is not here, the next one tells
                if index in self.payloads:
                    self.fault(f"event {index}", f"不属于 {name} it is not of {name}")
                continue
            if link["n"] != place:
                self.fault(
                    f"event {index}",
                    f"应为第 {place} 条，自称第 {link['n']} 条：有事件缺失或多出 it stands as number {place} and says that it is "
                    f"number {link['n']}: an event is missing, or one too many",
                )
            if place > 0 and link.get("prev") != self.digests.get(indexes[place - 1]):
                self.fault(
                    f"event {index}",
                    f"不接续前一条（序号 {indexes[place - 1]}） it does not follow event {indexes[place - 1]}",
                )

    def head(self, name: str, indexes: Sequence[int], statement: Any, at: int) -> None:
        head = statement["server"]["assigned"]["head"]
        if len(indexes) != head["n"] + 1:
            raise Wrong(
                f"账本声明共 {head['n'] + 1} 条，包内 {len(indexes)} 条：有遗漏 the ledger states {head['n'] + 1} events, here are "
                f"{len(indexes)}: some were left out"
            )
        if self.digest(indexes[-1]) != head["digest"]:
            raise Wrong(
                f"最后一条（序号 {indexes[-1]}）不是账本声明的那条 the last event is not the one that the ledger states"
            )
        self.note(
            f"{name}：第 0 至 {head['n']} 条齐全，逐条相连，与账本上的取证声明（序号 {at}）一致 complete: events 0 to {head['n']}, each "
            f"linked to the one before, as stated on the ledger at index {at}"
        )

    def part(self, name: str, indexes: Sequence[int], taken: Any) -> None:
        """What was open to who took it: all that was taken is here, which is not to say that it is all there is."""
        digest = sha256(b"".join(bytes.fromhex(self.digest(index)) for index in indexes)).hex()
        if taken != {"count": len(indexes), "digest": digest}:
            raise Wrong(
                f"取证声明为 {taken['count']} 条，包内 {len(indexes)} 条，或不是原来的：有遗漏 the statement names {taken['count']} events, "
                f"here are {len(indexes)}, or others: some were left out"
            )
        self.note(
            f"{name}：提取的 {len(indexes)} 条都在；只含对提取单位开放的事件，不能证明此外没有 all {len(indexes)} that were taken are here; "
            "they are what was open to who took them, and nothing proves that there are no others"
        )

    def link(self, index: int, name: str) -> Any:
        payload = self.payloads.get(index)
        links = [] if payload is None else payload["server"]["streams"]
        return next((link for link in links if link["name"] == name), None)

    def unlisted(self, contents: Any) -> None:
        """An event of a stream that the table of contents passes over would be missed by nobody."""
        for stream in contents["streams"]:
            before = stream["statement"] if self.as_of is None else min(stream["statement"], self.as_of)
            for index in sorted(self.payloads.keys() - set(stream["events"])):
                if self.link(index, stream["name"]) and index < before:
                    self.fault(
                        f"event {index}",
                        f"属于 {stream['name']}，但目录未列 it is of {stream['name']}, and not listed there",
                    )


def stated_stream(statement: Any) -> str:
    """The history that a statement is about: of a case or a lead of the authority's own, or of a batch."""
    subject = statement["draft"]["subject"]
    for sort in ("case", "lead"):
        if sort in subject:
            return f"{sort}:{subject[sort]}"
    return f"batch:{statement['server']['assigned']['batch']}"


def listed_in(manifest: bytes) -> dict[str, str]:
    """The digest of each path in a manifest; exactly its one spelling. Raises Wrong."""
    text = text_of(manifest)
    lines = text[:-1].split("\n") if text.endswith("\n") else [""]
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        shape = _LINE.fullmatch(line)
        if shape is None:
            raise Wrong(f"第 {number} 行写错 line {number} is misspelt: {line[:80]!r}")
        found[shape[2]] = shape[1]
    if list(found) != sorted(found) or len(found) != len(lines):
        raise Wrong("各行应按文件名排列，不重复 lines are sorted by name, each once")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", help="账本公布的公钥 the ledger's published key")
    parser.add_argument(
        "--witness", action="append", default=[], help="见证人公布的公钥 a witness's published key"
    )
    asked = parser.parse_args(arguments)
    try:
        key = None if asked.key is None else Key(asked.key)
        witnesses = [Key(each) for each in asked.witness]
    except Wrong as wrong:
        parser.error(str(wrong))
    try:
        check = Check(read_package(asked.package), key, witnesses).run()
        faults, notes = check.faults, check.notes
    except OSError as error:
        parser.error(str(error))
    except Wrong as wrong:
        faults, notes = [f"{asked.package.name}: {wrong}"], []
    for note in notes:
        print(f"· {note}")
    for fault in faults:
        print(f"错误 FAULT {fault}")
    if faults:
        print(f"结论：未通过，{len(faults)} 处错误。 Result: FAILED, {len(faults)} faults.")
        return 1
    print(
        "结论：通过。与账本和清单一致，未见改动。 Result: PASSED. As on the ledger and in the manifests; no change was found."
    )
    print(
        "它证明什么、不证明什么，见 what-this-proves.txt。 What this does and does not prove: see that file."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
