"""Invented pages of what people enter by hand, and of complaints and reports; development and tests only. Nobody named here exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..auth.policy import Role
from ..errors import Problem, Text
from ..queries import registry
from ..queries.answers import Standing
from ..queries.goods import GoodsPage as GoodsReading
from ..queries.goods import GoodsRow
from ..queries.submissions import RECEIVED, SubmissionState
from ..queries.submissions import SubmissionPage as SubmissionReading
from ..queries.versions import Change
from ..queries.whereabouts import UnitRow
from .directory import Directory
from .doubts import answered_by
from .filled import fields_of, grounds_of
from .form_parts import GOODS, RECORD, Form
from .forms import FORMS, NEW_MEASURE
from .forms_of_the_public import SUBMISSIONS
from .samples_in_common import (
    AT,
    CODE,
    FINE,
    LONG,
    MAKER,
    RECORDABLE,
    SUSPECTED,
    a_hold,
    frame,
    in_both_languages,
    some_events,
    some_places,
)
from .views import (
    CorrectPage,
    Difference,
    Field,
    FieldRows,
    GoodsPage,
    Link,
    Page,
    ReceiptPage,
    RecordPage,
    ReportPage,
    SubmissionPage,
    SubmitPage,
    UnitChoice,
)
from .words import Language


def _fields(form: Form, typed: Mapping[str, str]) -> tuple[Field | FieldRows, ...]:
    return fields_of(form, typed, Directory.empty())


def samples_of_forms(language: Language) -> dict[str, Page]:
    at = frame(language, "/batches/7K3QF9TWZP/record/split", Role.DISTRIBUTOR)
    unit = UnitRow(
        first=1,
        last=4,
        length_mm=500_000,
        state="held",
        region="411603",
        region_name=in_both_languages("河南省周口市淮阳区"),
        holder=in_both_languages(MAKER),
        project_name="",
        others=False,
    )
    typed = {
        "occurred_at": "2026-05-02",
        "body/unit": "5",
        "body/pieces/0/unit": "21",
        "body/pieces/0/length_mm": "300",
        "body/pieces/1/unit": "22",
        "body/pieces/1/length_mm": "260",
    }
    split = RecordPage(
        frame=at,
        title=FORMS["split"].title,
        intro=FORMS["split"].intro,
        about="YJV-0.6/1kV 4×35+1×16",
        about_line=Text(f"批号 HZ260301-111 · {LONG}", f"lot HZ260301-111 · {LONG}"),
        about_href="/batches/7K3QF9TWZP",
        code=CODE,
        action="/batches/7K3QF9TWZP/record/split",
        fields=_fields(FORMS["split"], {"occurred_at": "2026-05-02"}),
        button=RECORD,
        hidden={"id": "0196a3c4-7f00-7c11-9a55-3d2f5b1c7e90"},
        units=(
            UnitChoice(row=unit, href="?unit=1"),
            UnitChoice(
                row=replace(unit, first=5, last=5, length_mm=250_000, holder=in_both_languages(LONG)),
                href="?unit=5",
            ),
        ),
        loose=(some_places()[0],),
    )
    too_much = Problem(
        "more-than-is-left",
        Text("需要 560 m，余量只有 250 m", "560 m are wanted, only 250 m are left"),
        where="/body/pieces",
        came="560",
        remedy=Text("核对盘号与长度", "check the unit and the length"),
    )
    held = Problem(
        "goods-held",
        Text("5 号盘（卷）正被查封（周市监封〔2026〕12号）", "unit 5 is sealed (周市监封〔2026〕12号)"),
        where="/body/unit",
        came="5",
        remedy=Text(
            "货物留在原处；由作出措施的机关解除后再动",
            "leave the goods where they are until they are released",
        ),
    )
    measure = replace(
        split,
        frame=frame(language, "/batches/7K3QF9TWZP/record/measure"),
        title=NEW_MEASURE.title,
        intro=NEW_MEASURE.intro,
        fields=_fields(NEW_MEASURE, {"occurred_at": "2026-05-02", "body/against": "李某家庭作坊"}),
        holds=(a_hold(),),
        loose=(),
        problems=(
            Problem(
                "unknown-reference",
                Text("没有登记过叫这个名称的单位或个人", "nobody of this name is registered"),
                where="/body/against",
                came="李某家庭作坊",
            ),
        ),
        may_introduce=True,
    )
    found = replace(
        measure,
        title=FORMS["inspection"].title,
        intro=FORMS["inspection"].intro,
        about="",
        code="",
        holds=(),
        units=(),
        fields=_fields(replace(FORMS["inspection"], parts=(*GOODS, *FORMS["inspection"].parts)), {}),
        problems=(),
        may_introduce=False,
    )
    reply = replace(
        found,
        title=FORMS["notice-reply"].title,
        intro=FORMS["notice-reply"].intro,
        about=f"{LONG} 周市监函〔2026〕8号",
        said="请排查本批 5 号盘是否已敷设。\n五日内反馈。",
        fields=_fields(FORMS["notice-reply"], {}),
    )
    acceptance = replace(
        split,
        frame=frame(language, "/batches/7K3QF9TWZP/record/acceptance", Role.CONTRACTOR),
        title=FORMS["acceptance"].title,
        intro=FORMS["acceptance"].intro,
        fields=_fields(
            FORMS["acceptance"], {"occurred_at": "2026-05-02", "body/units": "1-4", "body/result": "reject"}
        ),
        attaches=True,
    )
    testing = replace(
        split,
        frame=frame(language, "/batches/7K3QF9TWZP/record/testing", Role.LABORATORY),
        title=FORMS["testing"].title,
        intro=FORMS["testing"].intro,
        fields=_fields(
            FORMS["testing"],
            {
                "occurred_at": "2026-05-02",
                "body/items/0/indicator": "导体电阻",
                "body/items/0/value": "0.8412",
                "body/items/0/unit": "MPa",
                "body/items/0/core": "主线芯",
                "body/items/0/declared": "pass",
            },
        ),
        units=(),
        loose=(),
        problems=(
            Problem(
                "indicator-misfit",
                Text("计量单位与检测项目“导体电阻”不符，应为 Ω/km", "the unit of measure does not fit: wanted Ω/km"),
                where="/body/items/0/unit",
                came="MPa",
            ),
        ),
        attaches=True,
    )  # fmt: skip
    use = some_events()[1]
    correct = CorrectPage(
        frame=frame(language, "/events/x/correct", Role.CONTRACTOR),
        action="/events/x/correct",
        intro=FORMS["use"].intro,
        fields=_fields(FORMS["use"], {"occurred_at": "2026-04-30", "body/length_mm": "1,250"}),
        button=Text("看看会怎样", "See what will follow"),
        event=replace(use, correction=None, is_struck=False),
        recorded=some_events()[2].documents,
        dropped=frozenset({"5a" * 32}),
        attaches=True,
        back=Link("/batches/7K3QF9TWZP", Text("返回批次", "Back to the batch")),
    )
    row = some_places()[1]
    checked = replace(
        correct,
        checked=True,
        hidden={"reason": "抄错了米标，实际 1,215 m", "id": "x"},
        button=Text("记录更正", "Record the correction"),
        differences=(
            Difference(
                label=Text("长度（米）", "Length (m)"),
                before=in_both_languages("1,250"),
                after=in_both_languages("1,215"),
            ),
            Difference(
                label=Text("照片和文件", "Photos and papers"),
                before=in_both_languages("3号楼进场_盘号1_外观.jpg\n监理见证取样单 FY-0032.pdf"),
                after=in_both_languages("3号楼进场_盘号1_外观.jpg"),
            ),
        ),
        changes=(
            Change(row, 2_730_500, 2_695_500),
            Change(replace(row, state="project"), 1_400_000, 1_435_000),
        ),
        marks=(Text("账上不在该项目", "not at the project by the books"),),
    )
    goods = GoodsRow(
        id="0f",
        marks="YJV 3×95 0.6/1kV，无厂名，合格证为复印件",
        nominal_maker=LONG,
        designation="YJV 0.6/1kV 3×95",
        quantity="17 卷",
        length_mm=1_700_000,
        holder=registry.PartyLink("0e", "李某家庭作坊"),
        region="411602",
        region_name=in_both_languages("河南省周口市川汇区"),
        batch="7K3QF9TWZP",
        batch_printed=CODE,
        maker=registry.PartyLink("0f", MAKER),
        index=48_100,
    )
    bare = replace(
        goods,
        nominal_maker="",
        designation="",
        quantity="",
        length_mm=None,
        holder=None,
        batch="",
        maker=None,
    )
    at_goods = frame(language, "/goods/0f")
    return {
        "record-split": split,
        "record-split-wrong": replace(
            split,
            fields=_fields(FORMS["split"], typed),
            problems=(too_much,),
            grounds=grounds_of((too_much,)),
        ),
        "record-split-asks": replace(
            split,
            fields=_fields(FORMS["split"], typed),
            problems=(held,),
            grounds=grounds_of((held,)),
            may_have_happened=True,
            holds=(a_hold(),),
            units=(),
            loose=(),
            in_hand=True,
        ),
        "record-measure": measure,
        "record-acceptance": acceptance,
        "record-testing-wrong": testing,
        "record-goods": found,
        "record-reply": reply,
        "record-reply-again": replace(reply, doubt=answered_by("0196a3c4-7f00-7c11-9a55-3d2f5b1c7e91")),
        "record-alert-finding": replace(
            reply,
            title=FORMS["alert-finding"].title,
            intro=FORMS["alert-finding"].intro,
            about=CODE,
            about_line=Text(
                "几处查验对不上，12 号盘（卷），2 处", "checked in places that do not fit, unit 12, 2 places"
            ),
            said=SUSPECTED.zh if language == "zh" else SUSPECTED.en,
            action="/events/0e/finding",
            fields=_fields(FORMS["alert-finding"], {}),
        ),
        "correct": correct,
        "correct-checked": checked,
        "correct-void": replace(checked, is_void=True, was_void=True, differences=(), changes=(), marks=()),
        "goods-full": GoodsPage(
            frame=at_goods,
            found=GoodsReading(goods=goods, events=()),
            events=some_events()[:2],
            record=RECORDABLE,
            lend_href="/grants?goods=1",
        ),
        "goods-bare": GoodsPage(frame=at_goods, found=GoodsReading(goods=bare, events=())),
    }


def samples_of_submissions(language: Language) -> dict[str, Page]:
    at = frame(language, "/report", role=Role.PUBLIC)
    form = SUBMISSIONS["complaint"]
    state = SubmissionState(
        number="7K3Q-F9TW-ZX41",
        kind="complaint",
        title=Text("投诉", "complaint"),
        received_at=AT,
        state="received",
        standing=RECEIVED,
        region="411602",
        region_name=in_both_languages("河南省周口市川汇区"),
    )
    submit = SubmitPage(
        frame=at,
        title=form.title,
        intro=form.intro,
        action="/report/complaint",
        fields=_fields(form, {}),
        button=form.button,
        other=Link("/report/report", Text("举报", "report")),
    )
    found = SubmissionReading(
        state=replace(state, standing=FINE),
        event_id="x",
        index=48_200,
        said="买的 2.5 平方电线，量出来只有 2.1。\n商家不退。",
        wants="refund",
        against=LONG,
        place="五一路建材市场 12 号",
        occurred_at=AT,
        complainant="某女士",
        phone="000-0000-0000",
        subject=Text(f"批次 {CODE}", f"batch {CODE}"),
        subject_href="/batches/7K3QF9TWZP",
        unit=5,
        answered_by="模拟市市场监督管理局示范分局",
        names_open=True,
    )
    wrong = Problem(
        "wrong-receipt-number", Text("回执号应为 12 位，请核对", "12 characters"), where="/number", came="7K3"
    )
    missing = Problem(
        "wrong-input", Text("请填写「联系电话」", "“Phone number” is wanted"), where="/body/complainant/phone"
    )
    officer = frame(language, "/submissions")
    return {
        "report": ReportPage(
            frame=at, code=CODE, complaint_href="/report/complaint", report_href="/report/report"
        ),
        "report-signed-in": ReportPage(frame=frame(language, "/report", Role.OPERATOR)),
        "submit": submit,
        "submit-wrong": replace(submit, fields=_fields(form, {"body/text": found.said}), problems=(missing,)),
        "receipt-fresh": ReceiptPage(frame=at, state=state, fresh=True),
        "receipt": ReceiptPage(
            frame=at, state=replace(state, standing=Standing("fine", Text("已调解", "mediated")))
        ),
        "receipt-ask": ReceiptPage(frame=at),
        "receipt-wrong": ReceiptPage(frame=at, typed="7K3", problems=(wrong,)),
        "submission": SubmissionPage(
            frame=officer, found=found, wants=Text("退货退款", "money back"), reply_href="/events/x/reply"
        ),
        "submission-of-another-desk": SubmissionPage(
            frame=officer, found=replace(found, complainant="", phone="", names_open=False)
        ),
        "submission-anonymous": SubmissionPage(
            frame=officer,
            found=replace(
                found, complainant="", phone="", wants="", against="", place="", unit=None, answered_by=""
            ),
        ),
    }
