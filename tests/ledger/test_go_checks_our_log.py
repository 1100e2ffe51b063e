"""Go's own transparency-log code reads what we write, and sees what was touched."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cabletrace.ledger import canonical, tiles, tree
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.cosignature import Cosigner, with_cosignatures
from cabletrace.ledger.entry import Entry, encode_entry, entry_hash, first_prev
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.payload import encode_payload, format_salt, payload_digest
from cabletrace.ledger.proof_file import ProofFile, format_proof_file

pytestmark = pytest.mark.full

ORIGIN = "ledger.example/cables"
SIGNER = NoteSigner.from_seed(ORIGIN, b"\x05" * 32)
WITNESS = Cosigner.from_seed("witness.example/w1", b"\x06" * 32)
OTHER = Cosigner.from_seed("witness.example/w2", b"\x07" * 32)
PROGRAM = Path(__file__).parents[1] / "go"


@pytest.fixture(scope="module")
def checklog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    go = shutil.which("go")
    assert go, (
        "this check needs Go 1.21 or newer: install golang-go (Debian) or from go.dev, and put it on the PATH"
    )
    program = tmp_path_factory.mktemp("go") / "checklog"
    subprocess.run([go, "build", "-o", program, "./checklog"], cwd=PROGRAM, check=True)
    return program


def published(folder: Path, size: int, proved: int | None = None, covering: int | None = None) -> Path:
    """A log of ``size`` entries as it would be served, and a proof file for one of them."""
    entries, prev = [], first_prev(ORIGIN)
    server = {"actor": {"account": "a", "party": "p"}, "assigned": {}, "marks": [], "streams": []}
    for seq in range(size):
        at = "2026-05-02T00:30:00.123Z"
        payload = encode_payload(
            draft=canonical.encode({"n": seq}), recorded_at=at, salt=format_salt(bytes(16)), server=server
        )
        entries.append(encode_entry(Entry(at=at, event=payload_digest(payload), prev=prev, seq=seq)))
        prev = entry_hash(entries[-1])

    def write(path: str, data: bytes) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)

    leaves = [tree.leaf_hash(entry) for entry in entries]
    edge = tiles.Edge()
    for level, index, hashes, _ in edge.append(leaves):
        write(tiles.Tile(level, index).path, hashes)
    for level, pending in enumerate(edge.pending):
        if pending:
            write(tiles.Tile(level, size >> 8 * (level + 1), len(pending)).path, b"".join(pending))
    for first in range(0, size, 256):
        some = entries[first : first + 256]
        write(tiles.Bundle(first // 256, len(some)).path, tiles.encode_bundle(some))
    write("vkey", SIGNER.verifier_key.format().encode())
    write("checkpoint", sign_checkpoint(Checkpoint(ORIGIN, size, edge.root()), SIGNER))

    covering = covering or size
    index = covering - 1 if proved is None else proved
    read = tiles.subtree_hash_reader(
        lambda level, at, width: (folder / tiles.Tile(level, at, width).path).read_bytes()[: 32 * width], size
    )
    proof = ProofFile(
        index=index,
        proof=tuple(tree.inclusion_proof(index, covering, read)),
        checkpoint=sign_checkpoint(Checkpoint(ORIGIN, covering, tree.root_of(leaves[:covering])), SIGNER),
        extra=b"not authenticated",
    )
    write("entry.tlog-proof", format_proof_file(proof))
    return folder


def run(program: Path, log: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    command = [program, *more, "-proof", log / "entry.tlog-proof", log]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 512, 70_000])
def test_go_finds_our_log_right(checklog, tmp_path, size):
    log = published(tmp_path, size)

    said = run(checklog, log)

    assert (said.returncode, said.stderr) == (0, "")
    assert f"checkpoint of {ORIGIN}: {size} entries" in said.stdout
    assert f"entries: {size} in the tree" in said.stdout
    assert f"tiles: {len(list(tiles.tiles_of(size)))} authenticated" in said.stdout
    assert f"proof: entry {size - 1} is in the tree of {size}" in said.stdout


@pytest.mark.parametrize(("proved", "covering"), [(0, 1), (0, 300), (255, 256), (256, 257), (123, 299)])
def test_go_finds_an_older_proof_right(checklog, tmp_path, proved, covering):
    said = run(checklog, published(tmp_path, 300, proved, covering))

    assert (said.returncode, said.stderr) == (0, "")
    assert f"proof: entry {proved} is in the tree of {covering}" in said.stdout


def test_go_takes_the_beginning_of_a_full_tile_for_a_partial_one(checklog, tmp_path):
    log = published(tmp_path / "new", 512)
    older = published(tmp_path / "old", 300)
    for name in ("checkpoint", "entry.tlog-proof", "tile/1/000.p/1"):
        (log / name).write_bytes((older / name).read_bytes())

    said = run(checklog, log)

    assert (said.returncode, said.stderr) == (0, "")
    assert "entries: 300 in the tree" in said.stdout


def cosigned_by(log: Path, *cosigners: Cosigner) -> list[Path]:
    """Add their lines to the published checkpoint; gives files with their keys."""
    signed = (log / "checkpoint").read_bytes()
    text = signed.decode().partition("\n\n")[0] + "\n"
    lines = [cosigner.cosign(text, 1_777_680_000 + n) for n, cosigner in enumerate(cosigners)]
    (log / "checkpoint").write_bytes(with_cosignatures(signed, lines))
    keys = []
    for n, cosigner in enumerate(cosigners):
        keys.append(log / f"witness-{n}.vkey")
        keys[-1].write_text(cosigner.verifier_key.format())
    return keys


def test_go_reads_a_cosigned_checkpoint_with_and_without_knowing_the_witness(checklog, tmp_path):
    log = published(tmp_path, 300)
    _, second = cosigned_by(log, WITNESS, OTHER)

    plain, asked = run(checklog, log), run(checklog, log, "-cosigner", second)

    assert (plain.returncode, plain.stderr) == (0, "")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "cosigned by witness.example/w2 at 2026-05-02T00:00:01Z" in asked.stdout


def test_go_misses_a_cosignature_and_sees_a_wrong_one(checklog, tmp_path):
    log = published(tmp_path, 300)
    (key,) = cosigned_by(log, WITNESS)
    good = (log / "checkpoint").read_bytes()

    for checkpoint in (
        good.rpartition("— witness".encode())[0],  # taken away
        good[:-6] + bytes([good[-6] ^ 1]) + good[-5:],  # one bit turned
        good.replace(b"witness.example/w1", b"witness.example/w3"),  # under another name
    ):
        (log / "checkpoint").write_bytes(checkpoint)
        said = run(checklog, log, "-cosigner", key)
        assert said.returncode == 1
        assert "FAULT" in said.stderr


def test_go_sees_one_bit_turned_in_any_file(checklog, tmp_path):
    log = published(tmp_path, 600)
    files = sorted(path for path in log.rglob("*") if path.is_file())
    assert len(files) == 3 + 3 + 3 + 1

    for path in files:
        data = path.read_bytes()
        # The first byte, the last but a line feed, and three between; what the extra line says, nothing vouches for.
        for at in {0, len(data) // 3, len(data) // 2, 2 * len(data) // 3, len(data) - 2}:
            if path.suffix == ".tlog-proof" and data[:at].count(b"\n") == 1:
                continue
            path.write_bytes(bytes([*data[:at], data[at] ^ 1, *data[at + 1 :]]))
            said = run(checklog, log)
            assert said.returncode == 1, f"{path.name}, byte {at}: {said.stdout}"
            assert "FAULT" in said.stderr
        path.write_bytes(data)
    assert run(checklog, log).returncode == 0


@pytest.mark.parametrize(
    "lost", ["checkpoint", "vkey", "tile/0/000", "tile/1/000.p/1", "tile/entries/001.p/44"]
)
def test_go_misses_a_file_that_is_lost(checklog, tmp_path, lost):
    log = published(tmp_path, 300)
    (log / lost).unlink()

    assert run(checklog, log).returncode == 1
