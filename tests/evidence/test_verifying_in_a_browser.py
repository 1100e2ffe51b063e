"""The page that stands in a package finds in a real browser, without a network, what the program finds."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, Page

from browser_for_tests import DESK, PHONE, chromium, picture
from cabletrace.evidence import verify
from evidence_for_tests import (
    COUNTY,
    KEY,
    bench_in,
    faults_of,
    files_in,
    in_words,
    says,
    sealed_anew,
    unpacked,
    with_flipped,
)

Files = dict[str, bytes]
pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser, files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page of the package, opened from its folder; whatever it would ask of a network fails and is noted."""
    folder = unpacked(files, tmp_path_factory.mktemp("opened"))
    context = browser.new_context(viewport={"width": DESK, "height": 900}, offline=True)
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((folder / "verify.html").as_uri())
    yield opened
    assert asked == [(folder / "verify.html").as_uri()]
    context.close()


def found(page: Page, path: Path, key: str = "") -> tuple[str, list[str], list[str]]:
    """The verdict, the faults and the notes."""
    page.locator("#result").evaluate("e => { e.className = '' }")
    page.fill("#key", key)
    page.set_input_files("#folder" if path.is_dir() else "#zip", path)
    page.wait_for_selector("#result.passed, #result.failed", timeout=60_000)
    texts = [page.locator(f"#{id_} li").all_inner_texts() for id_ in ("faults", "notes")]
    return page.locator("#result").get_attribute("class") or "", *texts


def places(faults: list[str]) -> set[str]:
    """What faults are about: a file, an event, a history."""
    return {fault.removeprefix("错误 FAULT ").partition(": ")[0] for fault in faults}


def test_the_zip_and_the_folder_pass(page: Page, files: Files, delivered: Path, tmp_path: Path) -> None:
    for path in (delivered, unpacked(files, tmp_path / "unpacked")):
        verdict, faults, notes = found(page, path, KEY)

        assert (verdict, faults) == ("passed", [])
        assert any("第 0 至 3 条齐全" in note for note in notes)
        assert any("会签前 14 条" in note for note in notes)
    picture(page, "verify")
    page.set_viewport_size({"width": PHONE, "height": 844})
    picture(page, "verify")
    page.set_viewport_size({"width": DESK, "height": 900})


def test_a_part_passes_and_says_that_it_is_one(page: Page, tmp_path: Path) -> None:
    (tmp_path / "bench").mkdir()
    with bench_in(tmp_path / "bench") as bench:
        archive = tmp_path / "part.zip"
        archive.write_bytes(bench.package(COUNTY))

    verdict, faults, notes = found(page, archive)

    assert (verdict, faults) == ("passed", [])
    assert any("不能证明此外没有" in note for note in notes)
    assert any("公钥取自证据包本身" in note for note in notes)


def flipped(name: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        content = bytearray(files[name])
        content[len(content) // 2] ^= 1
        return {**files, name: bytes(content)}

    return change


def swapped(files: Files) -> Files:
    one, other = sorted(name for name in files if name.endswith("/payload.json"))[:2]
    return {**files, one: files[other], other: files[one]}


def cut_off(files: Files) -> Files:
    table = json.loads(files[verify.CONTENTS])
    gone = table["streams"][0]["events"].pop()
    table["events"] = [each for each in table["events"] if each["index"] != gone]
    left = {name: content for name, content in files.items() if f"/{gone:08d}/" not in name}
    return {**left, verify.CONTENTS: json.dumps(table).encode()}


DAMAGES: dict[str, Callable[[Files], Files]] = {
    name: flipped(name)
    for name in (
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "verify.py",
        "verify.html",
        "what-this-proves.txt",
        "data/record.pdf",
        "data/report.pdf",
        "data/checkpoint",
        "data/vkey",
        "data/witnesses",
        "data/contents.json",
        "data/content-sha256.txt",
        "data/cosigned/checkpoint",
        "data/cosigned/consistency",
        "data/earlier/checkpoint",
        "data/events/00000011/payload.json",
        "data/events/00000011/entry.json",
        "data/events/00000011/proof.tlog-proof",
        "data/events/00000011/disclosures.json",
        "data/events/00000012/entry.json",
        "data/events/00000015/payload.json",
    )
}
DAMAGES |= {
    "swapped": swapped,
    "cut off": cut_off,
    "one more": lambda files: {**files, "data/more.txt": b"more"},
    "one less": lambda files: {
        name: content for name, content in files.items() if name != "data/events/00000013/payload.json"
    },
    "attachment": lambda files: {
        name: content + b"x" if name.startswith("data/attachments/") else content
        for name, content in files.items()
    },
}


@pytest.mark.parametrize("sealed", [False, True], ids=["as it is", "with new lists"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_both_verifiers_name_the_same_places(
    page: Page, files: Files, tmp_path: Path, damage: str, sealed: bool
) -> None:
    damaged = DAMAGES[damage](files)
    if sealed:
        damaged = sealed_anew(damaged)
    expected = faults_of(damaged)

    verdict, faults, _ = found(page, unpacked(damaged, tmp_path / "damaged"))

    assert places(faults) == places(expected)
    assert verdict == ("failed" if expected else "passed")
    assert expected or sealed


FLIPS = 150


def test_any_changed_byte_is_named_in_words_also_with_new_lists_of_digests(page: Page, files: Files) -> None:
    """Drawn once for all runs: the browser is given the package once, and then the files that differ."""
    drawn = Random(7)
    names = sorted(files)
    page.evaluate(
        "all => { window.whole = new Map(all.map(([name, text]) => [name, unbase64(text)])) }",
        _spelled(files),
    )

    for name in (*names, *drawn.choices(names, k=FLIPS)):
        flipped = with_flipped(files, name, drawn.randrange(len(files[name])), drawn.randrange(8))
        sealed = sealed_anew(flipped) if name.startswith("data/") else flipped
        told = [
            page.evaluate(
                "some => check(new Map([...whole, ...some.map(([name, text]) => [name, unbase64(text)])]), null)",
                _spelled({each: content for each, content in damaged.items() if content != files[each]}),
            )["faults"]
            for damaged in (flipped, sealed)
        ]

        assert says(told[0], name) or name == verify.TAGS, (name, told[0])
        assert told[0]
        assert all(in_words(fault) for faults in told for fault in faults), (name, told)
        assert bool(told[1]) == bool(faults_of(sealed)), (name, told[1], faults_of(sealed))


def _spelled(files: Files) -> list[list[str]]:
    return [[name, b64encode(content).decode()] for name, content in files.items()]


def test_a_changed_byte_of_the_zip_and_a_foreign_key_are_refused(
    page: Page, delivered: Path, tmp_path: Path
) -> None:
    content = bytearray(delivered.read_bytes())
    content[10] ^= 1  # the time of the first member, which no file shows
    changed = tmp_path / "changed.zip"
    changed.write_bytes(content)

    assert found(page, changed)[0] == "failed"
    assert found(page, delivered, KEY.replace("trace.example", "other.example"))[0] == "failed"


def test_the_page_and_the_program_write_the_same_zip(page: Page, files: Files) -> None:
    members = {f"top/{name}": content for name, content in files.items() if len(content) < 5_000}

    written = page.evaluate(
        "members => Array.from(zipOf(new Map(members.map(([name, content]) => [name, Uint8Array.from(content)]))))",
        [[name, list(content)] for name, content in members.items()],
    )

    assert bytes(written) == verify.zip_of(members)


def test_what_it_reads_is_what_an_ordinary_program_reads(delivered: Path, files: Files) -> None:
    assert verify.read_package(delivered) == files == files_in(delivered)
