"""Evidence packages of a small ledger with a witness, as an authority gets them, and what can be done to them."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

from sqlalchemy import Engine

import drafts_for_tests as some
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_write
from cabletrace.evidence import verify
from cabletrace.evidence.record import Circumstances, Officer
from cabletrace.http.evidencing import EvidenceTaking, Wanted
from cabletrace.ledger import store, witnesses
from cabletrace.ledger.cosignature import Cosigner, open_cosignature
from cabletrace.ledger.note import unopened_text
from cabletrace.model.admission import Refusal
from drafts_for_tests import DEALER, LABORATORY, MAKER, REGULATOR
from files_for_tests import document_of, photo, put
from house_for_tests import SIGNER, House, open_house, signed_in
from world_for_tests import NOON

WITNESS = Cosigner.from_seed("witness.example/association", b"\2" * 32)
#: A regulator with all of the batch in its city, and one with only the dealer's county.
CITY = signed_in(REGULATOR, Role.REGULATOR, "411600")
COUNTY = signed_in(REGULATOR, Role.REGULATOR, "411602")
PHOTO = photo(60)
PEOPLES, ENGLISH = re.compile("[一-鿿]{2}"), re.compile(r"[a-z]{2} \w+")
OF_A_PROGRAM = re.compile(r"[A-Z][a-z]+Error|undefined|Traceback|NoneType")
INSPECTOR, OFFICERS = "质检员甲某", ("执法员乙", "执法员丙")
CIRCUMSTANCES = Circumstances(
    ground="涉嫌销售不合格电缆",
    place="周口市市场监督管理局",
    officers=tuple(Officer(name, f"豫P-{n:03d}") for n, name in enumerate(OFFICERS, start=1)),
    case="周市监案〔2026〕7号",
)


@dataclass(frozen=True)
class Bench:
    """A running ledger beside its desk, and a checkpoint that somebody had kept when it was younger."""

    house: House
    desk: Engine
    kept: str

    @property
    def taking(self) -> EvidenceTaking:
        return EvidenceTaking(
            ledger=self.house.engine,
            desk=self.desk,
            intake=self.house.intake,
            blobs=self.house.blobs,
            public_host="trace.example",
        )

    def package(self, by: Actor = CITY, **changed: object) -> bytes:
        """The ZIP as it is handed over."""
        wanted: dict[str, object] = {
            "id": str(uuid4()),
            "batches": (self.house.code(MAKER),),
            "said": CIRCUMSTANCES,
        }
        made = self.taking.take(by, Wanted(**(wanted | changed)))  # type: ignore[arg-type]
        assert not isinstance(made, Refusal), made
        with made.file:
            return made.file.read()


def the_story() -> list[some.Envelope]:
    return [
        some.production(
            by=[{"role": "inspector", "name": INSPECTOR}],
            documents=[document_of(PHOTO, "一号盘外观.jpg")],
            entered_for=MAKER,
        ),
        some.report(unit=1, entered_for=LABORATORY),
        some.dispatch(units=[(1, 2)], region="411602", entered_for=MAKER),
        some.receipt(units=[(1, 2)], place={"region": "411602"}, entered_for=DEALER),
    ]


@contextmanager
def bench_in(folder: Path) -> Iterator[Bench]:
    """Four events of a batch, the first two before the checkpoint that is kept, the first three before that which is cosigned."""
    with open_house(folder) as house, closing(open_database(folder / "desk.db")) as desk:
        with begin_write(desk) as tx:
            witnesses.metadata.create_all(tx)
            asked = witnesses.add(tx, WITNESS.verifier_key.format(), "https://witness.example", NOON)
        put(house.blobs, PHOTO)
        production, report, dispatch, receipt = the_story()
        house.happened(production, report)
        kept = _checkpoint(house)
        house.happened(dispatch)
        signed = _checkpoint(house)
        line = WITNESS.cosign(unopened_text(signed), int(NOON.timestamp()))
        with begin_write(desk) as tx:
            said = open_cosignature(signed, line.encode(), WITNESS.verifier_key)
            witnesses.note_cosigned(tx, asked, signed, said, NOON)
        house.happened(receipt)
        yield Bench(house, desk, kept.decode())


def _checkpoint(house: House) -> bytes:
    with house.reading() as tx:
        return store.read_checkpoint(tx)


# --- what is in a package, and what is done to it -----------------------------------------------------


def files_in(archive: Path) -> dict[str, bytes]:
    """As an ordinary program unpacks it, without the folder on top."""
    with ZipFile(archive) as packed:
        return {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}


def faults_of(files: Mapping[str, bytes], **given: object) -> list[str]:
    return verify.Check(files, **given).run().faults  # type: ignore[arg-type]


def named_by(name: str) -> set[str]:
    """What a fault of this file may be called by: itself, or the event in whose folder it lies."""
    return {name, name.rpartition("/")[0]} if name.startswith("data/") else {name}


def says(faults: list[str], name: str) -> bool:
    return any(part in fault for fault in faults for part in named_by(name))


def in_words(fault: str) -> bool:
    """Whether it names a file, an event or a history and says in both languages what is wrong, and shows nothing of the program."""
    where, _, why = fault.partition(": ")
    return bool(where and PEOPLES.search(why) and ENGLISH.search(why)) and not OF_A_PROGRAM.search(why)


def with_flipped(files: Mapping[str, bytes], name: str, at: int, bit: int) -> dict[str, bytes]:
    changed = bytearray(files[name])
    changed[at % len(changed)] ^= 1 << bit
    return {**files, name: bytes(changed)}


def sealed_anew(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with all lists of digests written anew, as somebody would who forges a package."""
    new = dict(files)
    data = {name for name in new if name.startswith("data/")}
    listed = data - {verify.CONTENT, *verify.PAPERS}
    new[verify.CONTENT] = _sums(new, listed)
    new[verify.MANIFEST] = _sums(new, data)
    info = new["bag-info.txt"].decode().split("Payload-Oxum")[0]
    new["bag-info.txt"] = f"{info}Payload-Oxum: {sum(len(new[name]) for name in data)}.{len(data)}\n".encode()
    new[verify.TAGS] = _sums(new, set(new) - data - {verify.TAGS})
    return new


def _sums(files: Mapping[str, bytes], names: set[str]) -> bytes:
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(names)).encode()


def unpacked(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def run_verifier(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The verifier that stands in the package, as a court would run it: an interpreter that knows nothing of the platform."""
    command = [sys.executable, "-I", str(folder / "verify.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


KEY = SIGNER.verifier_key.format()
