"""Invented pages: each template empty, full, with long names and with mistakes; development and tests only.

Nobody named here exists. Lengths add up, so that what is looked at is also what could be true.
"""

from __future__ import annotations

from dataclasses import replace

from ..auth.policy import Role
from ..errors import Problem, Text
from ..http.attaching import Attached
from ..model.parts import Document
from .samples_in_common import frame, some_progress
from .samples_of_a_day import samples_of_a_day
from .samples_of_batches import samples_of_batches
from .samples_of_cases import samples_of_cases
from .samples_of_discipline import samples_of_discipline
from .samples_of_evidence import samples_of_evidence
from .samples_of_forms import samples_of_forms, samples_of_submissions
from .samples_of_imports import samples_of_columns, samples_of_imports
from .samples_of_inspecting import samples_of_inspecting
from .samples_of_listings import samples_of_listings
from .samples_of_monthly import samples_of_monthly
from .samples_of_offices import samples_of_accounts, samples_of_offices, samples_of_persons
from .samples_of_programmes import samples_of_programmes
from .samples_of_requests import samples_of_requests
from .samples_of_samples import samples_of_samples
from .samples_of_searching import samples_of_searching
from .samples_of_the_desk import samples_of_the_desk
from .samples_of_the_ledger import samples_of_the_ledger
from .samples_of_the_public import samples_of_the_public
from .samples_of_the_register import samples_of_the_register
from .samples_of_traces import samples_of_traces
from .views import ApiPage, BatchPage, DeskPage, ErrorPage, Link, Page, RecordPage, SignInPage
from .views_of_development import ComponentsPage
from .views_of_imports import ImportPage
from .views_of_tracing import TracePage
from .words import Language


def samples(language: Language) -> dict[str, Page]:
    """Every sample by a name that says what is looked at."""
    pages: dict[str, Page] = {}
    for group in (
        _doors,
        samples_of_the_desk,
        samples_of_searching,
        samples_of_batches,
        samples_of_evidence,
        samples_of_traces,
        samples_of_the_register,
        samples_of_imports,
        samples_of_columns,
        samples_of_the_ledger,
        samples_of_persons,
        samples_of_the_public,
        samples_of_forms,
        samples_of_inspecting,
        samples_of_samples,
        samples_of_submissions,
        samples_of_offices,
        samples_of_accounts,
        samples_of_cases,
        samples_of_requests,
        samples_of_monthly,
        samples_of_programmes,
        samples_of_listings,
        samples_of_discipline,
    ):
        pages.update(group(language))
    pages.update(samples_of_a_day(language, frame))
    pages["components"] = components(language)
    return pages


def components(language: Language) -> ComponentsPage:
    batch, trace = samples_of_batches(language)["batch-full"], samples_of_traces(language)["trace-full"]
    checked = samples_of_imports(language)["import-checked"]
    desk = samples_of_the_desk(language)["desk-full"]
    assert isinstance(batch, BatchPage)
    assert isinstance(trace, TracePage)
    assert isinstance(checked, ImportPage)
    assert isinstance(desk, DeskPage)
    entered = samples_of_forms(language)["record-split-wrong"]
    assert isinstance(entered, RecordPage)
    checked = replace(checked, progress=some_progress())
    return ComponentsPage(
        frame=frame(language, "/dev/components"),
        batch=batch,
        trace=trace,
        checked=checked,
        desk=desk,
        attached=_attached(),
        entered=entered,
        wrong=_wrong(),
    )


def _wrong() -> tuple[Problem, ...]:
    return (
        Problem(
            "more-than-held",
            Text("发货 1,100 m，余量只有 1,000 m", "Dispatching 1,100 m, but only 1,000 m are left"),
            where="/length",
            came="1100",
            remedy=Text(
                "改成不超过 1,000 m，或先登记分切。", "Make it 1,000 m or less, or record the split first."
            ),
        ),
    )


def _attached() -> Attached:
    """A second try: one photo came with the first, a renamed file was refused."""
    photo = Document(
        sha256="3f" * 32,
        name="五金机电市场3区18号示例电缆经营部到货外观照片.jpg",
        media_type="image/jpeg",
        size=3_482_112,
    )
    refused = Problem(
        "wrong-media-type",
        Text("「合格证.pdf」：内容不是 JPEG、PNG、WebP 或 PDF，而像是 Windows 程序", "“合格证.pdf”: these bytes are no JPEG, PNG, WebP or PDF; it looks like a Windows program"),
        where="/documents",
        remedy=Text("请改存为 JPEG、PNG、WebP 或 PDF 再上传", "save it as JPEG, PNG, WebP or PDF and send that"),
    )  # fmt: skip
    return Attached((photo,), (refused,))


def _doors(language: Language) -> dict[str, Page]:
    nobody = frame(language, "/sign-in", role=Role.PUBLIC)
    return {
        "sign-in": SignInPage(frame=nobody),
        "sign-in-wrong": SignInPage(
            frame=nobody,
            account="wang-li",
            problems=(
                Problem(
                    "wrong-credentials",
                    Text("账号或密码不对", "Wrong account or password"),
                    where="/password",
                ),
            ),
        ),
        "error": ErrorPage(
            frame=frame(language, "/batches/x"),
            status=422,
            back=Link("/", Text("返回首页", "To the first page")),
            title=Text("追溯码有误", "Wrong trace code"),
            problems=(
                Problem(
                    "wrong-trace-code",
                    Text(
                        "校验字符不对，可能有一位看错了", "The check character is wrong: one may be misread"
                    ),
                    where="code",
                    came="7K3QF-9TWZA",
                    remedy=Text(
                        "对照标签再输一次；字母 O、I、L 不会出现在码里。",
                        "Compare it with the label; O, I and L never occur.",
                    ),
                ),
            ),
            request_id="01J9-7F2C",
        ),
        "error-bare": ErrorPage(
            frame=replace(nobody, as_of=None),
            status=404,
            back=Link("/", Text("返回首页", "To the first page")),
            title=Text("没有找到", "Not found"),
            problems=(),
        ),
        "api": ApiPage(frame=frame(language, "/docs")),
    }
