"""What stands in a package follows the rights of who takes it: the whole history only where all of it is his own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pypdfium2
import pytest

import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.errors import InputError
from cabletrace.evidence import verify
from cabletrace.evidence.record import Officer
from cabletrace.http.evidencing import Wanted
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.model.admission import Refusal
from drafts_for_tests import DEALER, MAKER, OPERATOR
from evidence_for_tests import (
    CIRCUMSTANCES,
    CITY,
    COUNTY,
    INSPECTOR,
    OFFICERS,
    PHOTO,
    Bench,
    bench_in,
    faults_of,
    files_in,
    sealed_anew,
)
from house_for_tests import SIGNER, signed_in

FAR = "00000000-0000-4000-8000-0000000000f1"
ELSEWHERE = signed_in(FAR, Role.REGULATOR, "370100")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Bench]:
    """A ledger of the test's own."""
    with bench_in(tmp_path / "own") as bench:
        yield bench


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()


def files_of(zipped: bytes, folder: Path) -> dict[str, bytes]:
    archive = folder / "package.zip"
    archive.write_bytes(zipped)
    return files_in(archive)


def contents(files: dict[str, bytes]) -> dict[str, object]:
    return dict(json.loads(files[verify.CONTENTS]))


def said_in(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


# --- the whole, and a part ----------------------------------------------------------------------------


def test_who_has_all_of_the_batch_in_his_jurisdiction_takes_its_whole_history(
    files: dict[str, bytes],
) -> None:
    (stream,) = contents(files)["streams"]  # type: ignore[misc]

    assert stream["whole"]
    assert len(stream["events"]) == 4
    assert INSPECTOR in files["data/events/00000011/disclosures.json"].decode()
    assert files[f"data/attachments/{verify.hashlib.sha256(PHOTO).hexdigest()}"] == PHOTO


def test_another_officer_takes_what_is_open_to_him_and_is_told_of_nothing_else(
    own: Bench, tmp_path: Path
) -> None:
    files = files_of(own.package(COUNTY), tmp_path)

    assert faults_of(files) == []
    (stream,) = contents(files)["streams"]  # type: ignore[misc]
    assert not stream["whole"]
    with own.house.reading() as tx:
        row = store.read_row(tx, stream["statement"])
        assert row is not None
        statement = read_recorded(row)
    assert "head" not in statement.assigned
    assert statement.draft.body.taken.count == len(stream["events"])


def test_what_was_taken_in_part_cannot_lose_an_event_either(own: Bench, tmp_path: Path) -> None:
    files = files_of(own.package(COUNTY), tmp_path)
    table = contents(files)
    (stream,) = table["streams"]  # type: ignore[misc]
    left_out = stream["events"].pop()
    table["events"] = [each for each in table["events"] if each["index"] != left_out]  # type: ignore[attr-defined]
    left = {name: content for name, content in files.items() if f"/{left_out:08d}/" not in name}

    faults = faults_of(sealed_anew({**left, verify.CONTENTS: json.dumps(table).encode()}))

    assert any(fault.startswith("stream") and "有遗漏" in fault for fault in faults)


def test_nobody_gets_a_name_that_he_may_not_read_in_any_byte(own: Bench, tmp_path: Path) -> None:
    zipped = own.package(COUNTY)  # the drums were made, and looked at, in the next county

    files = files_of(zipped, tmp_path)
    papers = said_in(files["data/report.pdf"]) + said_in(files["data/record.pdf"])

    assert INSPECTOR.encode() not in zipped
    assert json.dumps(INSPECTOR).strip('"').encode() not in zipped
    assert "甲某" not in papers
    assert "data/events/00000011/disclosures.json" not in files
    assert all(name in papers for name in OFFICERS)


def test_a_batch_that_is_not_open_is_no_batch_and_leaves_no_trace(own: Bench) -> None:
    own.house.happened(
        some.party(FAR, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR)
    )
    size = own.house.size

    for code in (own.house.code(MAKER), "0000000000"):
        with pytest.raises(InputError) as caught:
            own.package(ELSEWHERE, batches=(code,))
        assert caught.value.code == "not-found"
    assert own.house.size == size


@pytest.mark.parametrize(
    "role", [Role.OPERATOR, Role.MANUFACTURER, Role.DEPARTMENT, Role.AUDITOR, Role.CLERK]
)
def test_only_market_regulators_take_evidence(own: Bench, role: Role) -> None:
    with pytest.raises(InputError) as caught:
        own.package(signed_in(DEALER, role, "411600"))

    assert caught.value.code == "not-allowed"


# --- what is asked for --------------------------------------------------------------------------------


def test_of_a_drum_the_whole_batch_is_taken_and_its_own_events_are_marked(own: Bench, tmp_path: Path) -> None:
    with own.house.reading() as tx:
        assert store.read_head(tx).size
    code = own.house.code(MAKER)

    files = files_of(own.package(batches=(code,), unit=3), tmp_path)

    assert contents(files)["about"] == {"batches": [code], "unit": 3, "case": CIRCUMSTANCES.case}
    assert "第 3 盘" in said_in(files["data/record.pdf"])
    marked = said_in(files["data/report.pdf"])
    assert "13*" not in marked  # drums 1 and 2 were sent
    assert "13*" in said_in(files_of(own.package(unit=2), tmp_path)["data/report.pdf"])


def test_single_events_such_as_those_of_a_case_come_with_the_histories(own: Bench, tmp_path: Path) -> None:
    (other,) = own.house.happened(some.production("L2", entered_for=MAKER))
    with own.house.reading() as tx:
        row = store.read_row(tx, other.seq)
        assert row is not None

    files = files_of(own.package(events=(row.event_id,)), tmp_path)

    assert files[f"data/events/{other.seq:08d}/payload.json"] == row.payload
    assert faults_of(files) == []


def test_two_batches_are_two_histories_in_one_package(own: Bench, tmp_path: Path) -> None:
    own.house.happened(some.production("L2", entered_for=MAKER))
    codes = (own.house.code(MAKER), own.house.code(MAKER, "L2"))

    files = files_of(own.package(batches=codes), tmp_path)

    assert [each["name"] for each in contents(files)["streams"]] == [f"batch:{code}" for code in codes]  # type: ignore[attr-defined]
    assert faults_of(files) == []


def test_the_same_taking_twice_is_stated_once(own: Bench) -> None:
    id_ = str(uuid4())
    own.package(id=id_)
    size = own.house.size

    own.package(id=id_)

    assert own.house.size == size


def test_attachments_may_be_left_out(own: Bench, tmp_path: Path) -> None:
    files = files_of(own.package(with_attachments=False), tmp_path)

    assert not [name for name in files if name.startswith("data/attachments/")]
    assert faults_of(files) == []


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"officers": (Officer("甲"),)}, "officers"),
        ({"officers": (Officer("甲"), Officer("甲"))}, "officers"),
        ({"officers": (Officer("甲"), Officer(" "))}, "officers"),
        ({"ground": " "}, "ground"),
        ({"place": ""}, "place"),
    ],
)
def test_two_officers_a_ground_and_a_place_are_wanted(
    own: Bench, changed: dict[str, object], where: str
) -> None:
    size = own.house.size

    with pytest.raises(InputError) as caught:
        own.package(said=replace(CIRCUMSTANCES, **changed))  # type: ignore[arg-type]

    assert [problem.where for problem in caught.value.problems] == [where]
    assert own.house.size == size


def test_an_earlier_checkpoint_that_is_none_of_this_ledger_is_refused_before_anything_is_stated(
    own: Bench,
) -> None:
    size = own.house.size
    forked = sign_checkpoint(Checkpoint(SIGNER.name, 3, b"\1" * 32), SIGNER).decode()

    for earlier in ("no checkpoint", own.kept.replace("13", "12"), forked):
        with pytest.raises(InputError) as caught:
            own.package(earlier=earlier)
        assert caught.value.problems[0].where == "earlier"
    assert own.house.size == size


def test_a_refusal_by_another_rule_is_handed_on(own: Bench) -> None:
    id_ = str(uuid4())
    own.package(id=id_)

    answer = own.taking.take(
        CITY,
        Wanted(id=id_, batches=(own.house.code(MAKER),), said=replace(CIRCUMSTANCES, ground="另一案由")),
    )

    assert isinstance(answer, Refusal)
    assert answer.problems[0].code == "same-id-other-content"


# --- papers -------------------------------------------------------------------------------------------


def test_the_record_says_what_a_record_of_extraction_has_to_say(files: dict[str, bytes]) -> None:
    record = said_in(files["data/record.pdf"]).replace("\r\n", "").replace("\n", "")

    for said in ("案由", CIRCUMSTANCES.ground, "提取对象", "提取时间", "提取地点", "提取方法", "提取人员", *OFFICERS,
                 "见证人（签名）", CIRCUMSTANCES.case, "events/00000011/payload.json"):  # fmt: skip
        assert said in record, said
    assert verify.hashlib.sha256(files[verify.CONTENT]).hexdigest() in record


def test_the_report_tells_the_events_in_words(files: dict[str, bytes]) -> None:
    report = said_in(files["data/report.pdf"]).replace("\r\n", "").replace("\n", "")

    for said in ("生产", "发货", "收货", "检测", "周口市示例电缆有限公司"):
        assert said in report, said


def test_a_character_that_the_font_lacks_is_named_on_paper_and_whole_in_the_data(
    own: Bench, tmp_path: Path
) -> None:
    said = replace(CIRCUMSTANCES, ground="核查 😀 电缆")

    files = files_of(own.package(said=said), tmp_path)

    assert "〔U+1F600〕" in said_in(files["data/record.pdf"])
    assert any("😀" in files[name].decode() for name in files if name.endswith("payload.json"))
