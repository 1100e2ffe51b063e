"""The paper of an event: what it says, for print and wet signatures, to those alone to whom its text is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest

import drafts_for_tests as some
from drafts_for_tests import MAKER, REGULATOR
from labels_for_tests import read_from
from service_for_tests import Service, Told, service_in

SEEN = some.inspection(
    {"party": MAKER},
    number="周市监检〔2026〕31号",
    form="maker/2023-05-05",
    checklist=[{"item": "检验设备齐全", "result": "fail", "code": "M08", "note": "无校准证书"}],
    defects=[{"text": "检验设备过了校准期", "due": "2026-05-20"}],
    by=[{"role": "officer", "name": "甲某某"}],
    place={"region": "411603", "name": "一车间"},
    entered_for=REGULATOR,
)
SAMPLED = some.sampling(unit=3, reserve_mm=3_000, entered_for=REGULATOR)
SEALED = some.measure(units=[(3, 3)], against=MAKER, entered_for=REGULATOR)
#: Of another drum, tested and told to the seller.
TESTED = some.sampling(unit=4, entered_for=REGULATOR)
HANDED, RECEIVED, REPORTED, SERVED = (
    some.sample_step(TESTED["draft"]["id"], step, entered_for=REGULATOR, on=on, **said)
    for step, on, said in (
        ("handed-over", "2026-04-19", {}),
        ("received", "2026-04-20", {}),
        ("reported", "2026-04-28", {"result": "fail"}),
        ("served", "2026-04-29", {}),
    )
)
FURTHER = {
    "seen": SEEN, "sampled": SAMPLED, "sealed": SEALED, "tested": TESTED, "handed": HANDED, "received": RECEIVED, "reported": REPORTED,
    "served": SERVED,
}  # fmt: skip


@pytest.fixture(scope="module")
def service(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_in(tmp_path_factory.mktemp("papers") / "data", told, *FURTHER.values()) as served:
        yield served


def asked(service: Service, who: str, name: str) -> Any:
    event = FURTHER[name]["draft"]["id"] if name in FURTHER else service.event[name]
    return service.ask(who, "GET", f"/api/v1/events/{event}/paper")


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("seen", ("现场检查笔录", "周市监检〔2026〕31号", "甲某某", "M08", "不符合", "无校准证书", "检验设备过了校准期", "2026-05-20", "执法证号")),
        ("sampled", ("抽样单", "CY-1", "监督抽样", "样品长度3米", "备样长度3米", "受检单位")),
        ("sealed", ("财物清单", "查封", "3号盘（卷）", "1盘", "保管人")),
        ("served", ("监督抽查结果告知书", "被抽样单位", "JC-1", "不合格", "15日内", "产品质量法", "第十五条", "送达人员")),
        ("handed", ("账本记录单",)),
        ("production", ("账本记录单", "生产")),
    ],
)  # fmt: skip
def test_the_paper_says_what_the_event_says(service: Service, name: str, words: tuple[str, ...]) -> None:
    answer = asked(service, "regulator", name)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    text = text_of(answer.content)
    assert [word for word in words if word not in text] == []


def test_its_code_leads_to_the_event_and_the_same_paper_has_the_same_bytes(service: Service) -> None:
    first, again = asked(service, "regulator", "seen").content, asked(service, "regulator", "seen").content

    with pypdfium2.PdfDocument(first) as document:
        (url,) = read_from(document[0].render(scale=200 / 72).to_pil())
    assert url == f"https://trace.example/events/{SEEN['draft']['id']}"
    assert first == again


@pytest.mark.parametrize("who", ["dealer", "maker B", "regulator B", "operator", "department", "anybody"])
def test_it_is_for_those_alone_to_whom_the_text_is_open(service: Service, who: str) -> None:
    assert asked(service, who, "seen").status_code in (401, 403, 404)


def test_whoever_was_inspected_prints_none(service: Service) -> None:
    assert asked(service, "maker", "seen").status_code == 403
