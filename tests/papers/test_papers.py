"""An official paper is whole on its pages, whatever is said on it, and leads to its record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.lettering.font import font
from cabletrace.lettering.lines import width_of
from cabletrace.papers.layout import BOTTOM_CMM, LEFT_CMM, QR_CMM, RIGHT_CMM, TOP_CMM, lay_out
from cabletrace.papers.paper import (
    Block,
    Fields,
    Heading,
    Paper,
    Paragraph,
    Room,
    Seal,
    Signatures,
    Table,
)
from cabletrace.papers.pdf import paper_pdf
from labels_for_tests import read_from

URL = "https://trace.example.cn/events/0199a9d2-7d5e-7cc0-8a3e-5f1f1f1f1f1f"
WORDS = st.text(st.sampled_from("电缆有限公司（检查）《目》，。；AaWw1 0.6/1kV-×·&"), max_size=120)
CHARACTERS = st.lists(WORDS, min_size=1, max_size=4).map("\n".join)


def paper(*blocks: Block, title: str = "现场检查笔录", **changed: object) -> Paper:
    said: dict[str, object] = {
        "title": title,
        "authority": "周口市市场监督管理局",
        "number": "周市监检〔2026〕12号",
        "blocks": blocks,
        "url": URL,
        "foot": "账本第 12 条",
        "made_at": datetime(2026, 5, 1, tzinfo=UTC),
    }
    return Paper(**(said | changed))  # type: ignore[arg-type]


def pages_of(of: Paper) -> list[str]:
    with pypdfium2.PdfDocument(paper_pdf(of)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def said_on(of: Paper) -> list[str]:
    return ["".join(line.text for line in page.lines) for page in lay_out(of, font().advance)]


def rows(count: int, said: str = "合格") -> list[list[str]]:
    return [[f"甲{number}", said] for number in range(1, count + 1)]


def table(of: Sequence[Sequence[str]]) -> Table:
    return Table(["序号", "检查项目"], [1, 5], of)


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_everything_that_is_said_can_be_read_out_of_the_file() -> None:
    text = "".join(
        pages_of(
            paper(
                Heading("一、检查情况"),
                Fields(
                    [[("被检查单位", "周口市示例电缆有限公司")], [("时间", "2026-05-01"), ("地点", "川汇区")]]
                ),
                Paragraph("规格 ZC-YJV22 0.6/1kV 4×120+1×70。\n第二段。"),
                table(rows(2)),
                Room(2),
                Signatures(["检查人员（签名）"]),
                Seal("周口市市场监督管理局", "2026年5月1日"),
            )
        )
    )

    for said in (
        "现场检查笔录", "周市监检〔2026〕12号", "一、检查情况", "被检查单位", "周口市示例电缆有限公司", "川汇区",
        "规格ZC-YJV220.6/1kV4×120+1×70。", "第二段。", "甲2", "检查人员（签名）：", "年月日", "2026年5月1日",
        "（印章）", "账本第12条", "第1页共1页",
    ):  # fmt: skip
        assert said in without_blanks(text)


def test_the_code_in_the_corner_of_the_first_page_leads_to_the_record() -> None:
    with pypdfium2.PdfDocument(paper_pdf(paper(table(rows(80))))) as document:
        first, *others = [page.render(scale=200 / 72).to_pil() for page in document]

    assert read_from(first) == [URL]
    assert others
    assert [read_from(page) for page in others] == [[]] * len(others)


def test_the_same_paper_has_the_same_bytes_and_another_day_has_others() -> None:
    once = paper(Paragraph("情况如下。"))

    assert paper_pdf(once) == paper_pdf(paper(Paragraph("情况如下。")))
    assert paper_pdf(once) != paper_pdf(
        paper(Paragraph("情况如下。"), made_at=datetime(2026, 5, 2, tzinfo=UTC))
    )


def test_a_long_table_goes_on_under_its_heads_and_each_page_says_how_many_there_are() -> None:
    pages = [without_blanks(text) for text in pages_of(paper(table(rows(90))))]

    assert len(pages) > 2
    assert all(page.count("检查项目") == 1 for page in pages)
    assert [f"第{at}页共{len(pages)}页" in page for at, page in enumerate(pages, start=1)] == [True] * len(
        pages
    )
    said = [number for page in pages for number in re.findall(r"甲(\d+)", page)]
    assert said == [str(number) for number in range(1, 91)]


def test_a_row_that_fits_on_a_page_is_not_divided_and_one_that_does_not_loses_no_line() -> None:
    whole = [f"{word}项" for word in "甲乙丙丁戊己庚辛壬癸" * 3]
    one_of_many = pages_of(paper(table([*rows(22), ["末", "\n".join(whole)]])))
    longer_than_a_page = pages_of(paper(table([["长", "\n".join(f"行{at}完" for at in range(1, 121))]])))

    assert [page.count("项\r\n") > 5 for page in one_of_many] == [False, True]
    assert len(longer_than_a_page) > 2
    assert re.findall(r"行(\d+)完", "".join(longer_than_a_page)) == [str(at) for at in range(1, 121)]


@pytest.mark.parametrize("lines_before", range(24, 38))
def test_what_is_signed_together_stays_together_and_a_heading_is_never_last(lines_before: int) -> None:
    before = Paragraph("\n".join(["一行"] * lines_before))

    signed = said_on(paper(before, Signatures(["检查人员（签名）", "负责人（签名）"])))
    headed = said_on(paper(before, Heading("二、处理"), Paragraph("责令改正。")))

    assert any("检查人员" in page and "负责人" in page for page in signed)
    assert any("二、处理" in page and "责令改正" in page for page in headed)


def test_a_character_that_the_font_lacks_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"lacks: \U00020bb7（U\+20BB7）") as refused:
        paper_pdf(paper(Paragraph("𠮷野电缆")))

    assert refused.value.code == "wrong-input"
    assert refused.value.problems[0].came == "𠮷"


@settings(max_examples=60)
@given(
    title=WORDS, said=CHARACTERS, other=CHARACTERS, count=st.integers(0, 40), lines=st.integers(1, 12),
)  # fmt: skip
def test_nothing_leaves_the_page_and_nothing_that_is_said_is_lost(
    title: str, said: str, other: str, count: int, lines: int
) -> None:
    of = paper(
        Paragraph(said), Fields([[("名称", said)], [("甲", other), ("乙", said)]]), Room(lines), table([["", said]] * count),
        Signatures([other, said]), Seal(said, other),
        title=title,
    )  # fmt: skip

    pages = lay_out(of, font().advance)

    times = 5 + count  # indented, in two fields, signed, sealed, and in each row
    written = "".join(line.text for page in pages for line in page.lines)
    assert written.count("有") == title.count("有") + said.count("有") * times + other.count("有") * 3
    for page in pages:
        for line in page.lines:
            wide = width_of(line.text, line.size_cmm, font().advance)
            assert line.x_cmm >= LEFT_CMM
            assert line.x_cmm + wide <= RIGHT_CMM + line.size_cmm
        for rule in page.rules:
            assert TOP_CMM <= rule.y_cmm <= rule.to_y_cmm <= BOTTOM_CMM
    assert all(
        line.x_cmm + width_of(line.text, line.size_cmm, font().advance) <= RIGHT_CMM - QR_CMM
        for line in pages[0].lines
        if line.baseline_cmm < TOP_CMM + QR_CMM
    )
