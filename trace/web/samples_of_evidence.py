"""Invented pages about evidence, as `samples` has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ..errors import Problem, Text
from ..evidence.record import METHOD
from ..queries.evidence import KeptCheckpoint
from .samples_in_common import frame
from .views import Page
from .views_of_evidence import EvidencePage
from .words import Language


def samples_of_evidence(language: Language) -> dict[str, Page]:
    form = EvidencePage(
        frame=frame(language, "/batches/7K3QF9TWZP/evidence"),
        here="/batches/7K3QF9TWZP/evidence",
        back_href="/batches/7K3QF9TWZP",
        lot="HZ260301-111",
        batches=(
            "7K3QF-9TWZP ZC-YJV22 0.6/1kV 4×120+1×70",
            "周口市模拟川汇区五金机电城电线电缆制造有限责任公司",
        ),
        open_count=12_048,
        whole=True,
        checkpoints=(
            KeptCheckpoint(955, datetime(2026, 6, 1, 2, 30, tzinfo=UTC)),
            KeptCheckpoint(14, datetime(2026, 5, 2, 0, 30, tzinfo=UTC)),
        ),
        id="0196a000-0000-7000-8000-000000000009",
        typed={"method": METHOD, "attachments": "yes"},
    )
    wrong = (
        Problem(
            "wrong-input",
            Text(
                "提取人员应为 2 至 6 名执法人员，姓名不重复", "2 to 6 officers take evidence, each named once"
            ),
            where="/officer1",
        ),
        Problem("wrong-input", Text("请写明提取地点", "say where it is taken"), where="/place"),
    )
    typed = {"ground": "涉嫌销售不合格电缆", "officer1": "示例甲", "officer2": "示例甲", "unit": "3"}
    case = replace(
        form,
        here="/cases/0196a000-0000-7000-8000-00000000000c/evidence",
        back_href="/cases/0196a000-0000-7000-8000-00000000000c",
        lot="周市监案〔2026〕7号",
        is_of_case=True,
        whole=False,
    )
    return {
        "evidence": form,
        "evidence-of-case": case,
        "evidence-wrong": replace(form, typed=typed, problems=wrong),
    }
