"""A package passes as it is, and with any byte of any file changed it does not: the verifier that stands in it names the file
or the event. Also where somebody has written all lists of digests anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabletrace.evidence import verify
from cabletrace.ledger.checkpoint import parse_checkpoint, sign_checkpoint
from cabletrace.ledger.note import NoteSigner, unopened_text
from evidence_for_tests import (
    KEY,
    Bench,
    bench_in,
    faults_of,
    files_in,
    in_words,
    run_verifier,
    says,
    sealed_anew,
    unpacked,
    with_flipped,
)

Files = dict[str, bytes]
#: What follows from the ledger, so that new lists of digests do not help whoever changes it. Of the others says
#: what-this-proves.txt what protects them.
NOT_OF_THE_LEDGER = {verify.CONTENT, verify.CONTENTS, "data/keys.json", *verify.PAPERS}
LOOKED_AT_ONLY = [HealthCheck.function_scoped_fixture]


def first_payloads(files: Files) -> list[str]:
    return sorted(name for name in files if name.endswith("/payload.json"))


# --- as it is -----------------------------------------------------------------------------------------


def test_a_package_passes_as_it_is_delivered_and_unpacked(
    delivered: Path, files: Files, tmp_path: Path
) -> None:
    folder = unpacked(files, tmp_path / "unpacked")

    for asked in ((), (str(delivered),), (str(delivered), "--key", KEY)):
        checked = run_verifier(folder, *asked)

        assert checked.returncode == 0, checked.stdout
        assert "第 0 至 3 条齐全" in checked.stdout
        assert "会签前 14 条" in checked.stdout
        assert "13 条）是本账本的开头" in checked.stdout


def test_the_verifier_knows_nothing_of_the_platform() -> None:
    assert verify.__file__ is not None
    source = Path(verify.__file__).read_text()

    assert "cabletrace." not in source
    assert "from ." not in source


def test_the_same_package_is_the_same_bytes(bench: Bench, delivered: Path) -> None:
    members = {f"top/{name}": content for name, content in files_in(delivered).items()}

    assert verify.zip_of(members) == verify.zip_of(dict(reversed(members.items())))
    assert delivered.read_bytes()[:4] == b"PK\x03\x04"


# --- a byte -------------------------------------------------------------------------------------------


@settings(suppress_health_check=LOOKED_AT_ONLY)
@given(st.data())
def test_any_changed_byte_of_any_file_is_named(files: Files, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(files)))
    at, bit = data.draw(st.integers(0, len(files[name]) - 1)), data.draw(st.integers(0, 7))

    flipped = with_flipped(files, name, at, bit)
    faults = faults_of(flipped)

    assert says(faults, name) or name == verify.TAGS, (name, at, bit, faults)
    assert faults
    forged = faults_of(sealed_anew(flipped)) if name.startswith("data/") else []
    assert all(in_words(fault) for fault in (*faults, *forged)), (name, at, bit, faults, forged)


def test_the_first_middle_and_last_byte_of_every_file_counts(files: Files) -> None:
    for name, content in files.items():
        for at in {0, len(content) // 2, len(content) - 1}:
            faults = faults_of(with_flipped(files, name, at, 0))

            assert faults, (name, at)
            assert says(faults, name) or name == verify.TAGS, (name, at, faults)


@settings(suppress_health_check=LOOKED_AT_ONLY)
@given(st.data())
def test_what_follows_from_the_ledger_cannot_be_changed_with_new_lists_either(
    files: Files, data: st.DataObject
) -> None:
    of_the_ledger = sorted(
        name for name in files if name.startswith("data/") and name not in NOT_OF_THE_LEDGER
    )
    name = data.draw(st.sampled_from(of_the_ledger))
    at, bit = data.draw(st.integers(0, len(files[name]) - 1)), data.draw(st.integers(0, 7))

    assert faults_of(sealed_anew(with_flipped(files, name, at, bit))), (name, at, bit)


@settings(suppress_health_check=LOOKED_AT_ONLY)
@given(st.data())
def test_any_changed_byte_of_the_zip_is_found(delivered: Path, tmp_path: Path, data: st.DataObject) -> None:
    changed = bytearray(delivered.read_bytes())
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    archive = tmp_path / "changed.zip"
    archive.write_bytes(changed)

    try:
        faults = faults_of(verify.read_package(archive))
    except verify.Wrong:
        return
    assert faults


# --- a file, an event ---------------------------------------------------------------------------------


def test_a_file_that_is_missing_or_one_too_many_is_named(files: Files) -> None:
    for name in files:
        assert says(faults_of({each: content for each, content in files.items() if each != name}), name)

    for name in (
        "data/more.txt",
        "data/events/00000099/payload.json",
        "more.txt",
        "data/attachments/" + "0" * 64,
    ):
        faults = faults_of({**files, name: b"{}"})

        assert any(fault.startswith(f"{name}:") for fault in faults)
        assert any(fault.startswith(f"{name}:") for fault in faults_of(sealed_anew({**files, name: b"{}"})))


def test_two_payloads_that_changed_places_are_named(files: Files) -> None:
    one, other = first_payloads(files)[:2]
    swapped = {**files, one: files[other], other: files[one]}

    for faults in (faults_of(swapped), faults_of(sealed_anew(swapped))):
        assert says(faults, one)
        assert says(faults, other)


def without_event(files: Files, index: int, *, listed: bool = True) -> Files:
    """A package from which an event was taken out carefully: its files, its line in the contents, the lists of digests."""
    left = {name: content for name, content in files.items() if f"/{index:08d}/" not in name}
    contents = json.loads(left[verify.CONTENTS])
    contents["events"] = [event for event in contents["events"] if event["index"] != index]
    for each in contents["attachments"]:
        each["events"] = [event for event in each["events"] if event != index]
    gone = [each["sha256"] for each in contents["attachments"] if not each["events"]]
    contents["attachments"] = [each for each in contents["attachments"] if each["events"]]
    for stream in contents["streams"]:
        stream["events"] = [event for event in stream["events"] if event != index]
    left = {name: content for name, content in left.items() if name.rpartition("/")[2] not in gone}
    return sealed_anew({**left, verify.CONTENTS: json.dumps(contents).encode()})


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_an_event_that_was_left_out_of_the_history_shows(files: Files, place: int) -> None:
    index = json.loads(files[verify.CONTENTS])["streams"][0]["events"][place]

    faults = faults_of(without_event(files, index))

    assert any(fault.startswith(("event", "stream")) for fault in faults), faults


def test_a_history_that_was_cut_off_shows(files: Files) -> None:
    events = json.loads(files[verify.CONTENTS])["streams"][0]["events"]
    cut = files
    for index in events[2:]:
        cut = without_event(cut, index)

    faults = faults_of(cut)

    assert any("账本声明共 4 条，包内 2 条" in fault for fault in faults), faults


def test_an_event_that_the_contents_pass_over_shows(files: Files) -> None:
    contents = json.loads(files[verify.CONTENTS])
    left_out = contents["streams"][0]["events"].pop()

    faults = faults_of(sealed_anew({**files, verify.CONTENTS: json.dumps(contents).encode()}))

    assert any(fault.startswith(f"event {left_out}:") for fault in faults)


def test_a_whole_history_cannot_be_called_a_part(files: Files) -> None:
    contents = json.loads(files[verify.CONTENTS])
    contents["streams"][0]["whole"] = False

    faults = faults_of(sealed_anew({**files, verify.CONTENTS: json.dumps(contents).encode()}))

    assert any(fault.startswith("stream") for fault in faults)


# --- checkpoints --------------------------------------------------------------------------------------


def test_a_checkpoint_of_another_key_is_refused_and_another_key_only_by_who_knows_the_right_one(
    files: Files, tmp_path: Path
) -> None:
    forger = NoteSigner.from_seed("trace.example/ledger", b"\7" * 32)
    checkpoint = parse_checkpoint(unopened_text(files["data/checkpoint"]))
    forged = dict(files)
    for name in files:  # every copy of the checkpoint, in proofs too
        forged[name] = files[name].replace(files["data/checkpoint"], sign_checkpoint(checkpoint, forger))
    key = f"{forger.verifier_key.format()}\n".encode()
    older = {"data/cosigned/checkpoint", "data/earlier/checkpoint"}
    for name in older:
        old = parse_checkpoint(unopened_text(files[name]))
        lines = files[name].partition(b"\n\n")[2].splitlines(keepends=True)[1:]
        forged[name] = sign_checkpoint(old, forger) + b"".join(lines)

    assert any(fault.startswith("data/checkpoint:") for fault in faults_of(sealed_anew(forged)))
    with_its_key = sealed_anew({**forged, "data/vkey": key})
    assert faults_of(with_its_key) == []  # whoever trusts the package's own key is told so
    said = run_verifier(unpacked(with_its_key, tmp_path / "forged"), "--key", KEY)
    assert said.returncode == 1
    assert "data/vkey: 包内公钥不是给出的那把" in said.stdout


def test_an_earlier_checkpoint_of_another_history_is_a_fault(files: Files, tmp_path: Path) -> None:
    with bench_in(tmp_path) as other:
        foreign = files_in(_kept(tmp_path / "other.zip", other.package(earlier=other.kept)))

    faults = faults_of(sealed_anew({**files, "data/earlier/checkpoint": foreign["data/earlier/checkpoint"]}))

    assert any(fault.startswith("data/earlier/consistency:") for fault in faults)


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("data/cosigned/checkpoint", lambda text: text.replace("witness.example", "witness.sample")),
        ("data/witnesses", lambda _: ""),
    ],
)
def test_cosignatures_that_nobody_can_check_are_a_fault(
    files: Files, what: str, change: Callable[[str], str]
) -> None:
    changed = {**files, what: change(files[what].decode()).encode()}

    faults = faults_of(sealed_anew(changed))

    assert any(fault.startswith("data/cosigned/checkpoint:") for fault in faults)


def test_what_is_no_package_is_said_to_be_none(tmp_path: Path, files: Files) -> None:
    folder = unpacked({"verify.py": files["verify.py"]}, tmp_path / "empty")
    junk = _kept(tmp_path / "junk.zip", b"no zip at all")

    for asked in ((), (str(junk),)):
        said = run_verifier(folder, *asked)
        assert said.returncode == 1
        assert "错误 FAULT" in said.stdout
    assert run_verifier(folder, str(tmp_path / "nowhere")).returncode == 2
    assert run_verifier(folder, "--key", "no key").returncode == 2
