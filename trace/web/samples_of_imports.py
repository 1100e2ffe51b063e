"""Invented pages of imports, and of what was said of headings; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace

from ..auth.policy import Role
from ..errors import Problem, Text
from ..imports.preview import Preview, PreviewRow
from ..queries.answers import Standing
from .samples_in_common import (
    AT,
    LONG,
    MAKER,
    frame,
    in_both_languages,
    some_batches,
    some_events,
    some_progress,
)
from .views import Choice, Link, Page, Pager
from .views_of_imports import (
    Added,
    AskedColumn,
    Column,
    ColumnMappingRow,
    ColumnMappingsPage,
    ColumnsPage,
    ImportFile,
    ImportHistoryPage,
    ImportPage,
    ImportRow,
    PastImport,
    Question,
    Sheet,
)
from .words import Language


def samples_of_imports(language: Language) -> dict[str, Page]:
    at = frame(language, "/import", Role.MANUFACTURER)
    choose = ImportPage(
        frame=at,
        stage="choose",
        limit_bytes=20_000_000,
        past=(
            PastImport(
                name="factory-register.xlsx",
                href="/import/jobs/1",
                at=AT,
                who="王丽",
                standing=Standing("fine", Text("已写入 585 行", "585 rows recorded")),
                new=585,
                repeated=2,
                marked=1,
                bad=0,
                known=0,
                sha256="3f" * 32,
                size_bytes=182_400,
            ),
        ),
        templates=(
            Link("/api/v1/imports/templates/maker", Text("生产企业、经销商", "Makers and dealers")),
            Link("/api/v1/imports/templates/laboratory", Text("检验机构", "Laboratories")),
        ),
    )
    columns = (
        Column(heading="批号", meaning=Text("批号", "Lot")),
        Column(heading="型号规格", meaning=Text("型号规格", "Designation")),
        Column(heading="总长（米）", meaning=Text("生产长度", "Length")),
        Column(heading="备注", meaning=None),
    )
    files = (
        ImportFile(
            name="factory-register.xlsx",
            size_bytes=182_400,
            encoding="",
            sheets=(
                Sheet(
                    name="批次",
                    meaning=Text("生产登记", "Production"),
                    columns=columns,
                    good=120,
                    marked=1,
                    bad=10,
                    known=4,
                    examples=1,
                ),
                Sheet(name="说明", meaning=None, columns=columns[:1], good=0, marked=0, bad=0),
            ),
        ),
        ImportFile(
            name="shipments.csv",
            size_bytes=2_400_000,
            encoding="GB18030",
            sheets=(
                Sheet(
                    name="shipments",
                    meaning=Text("发货", "Dispatch"),
                    columns=columns,
                    good=162,
                    marked=0,
                    bad=8,
                ),
            ),
        ),
    )
    rows = (
        ImportRow(
            bad=True,
            sheet="批次",
            number=122,
            column="生产日期",
            problem=Problem(
                "wrong-date",
                Text("没有这一天", "There is no such day"),
                came="2026-02-30",
                remedy=Text("改成实际的生产日期。", "Give the true day of production."),
            ),
        ),
        ImportRow(
            bad=True,
            sheet="批次",
            number=125,
            column="总长（米）",
            problem=Problem(
                "wrong-quantity",
                Text(
                    "盘数 × 每盘长度 = 1,000 m，与总长 1,100 m 不符", "Units × length = 1,000 m, not 1,100 m"
                ),
                came="1100",
                remedy=Text("改总长，或改盘数。", "Correct the total or the number of drums."),
            ),
        ),
        ImportRow(
            bad=False,
            sheet="批次",
            number=129,
            column="证书编号",
            problem=Problem(
                "certificate-not-valid-at-production",
                Text("生产当日证书已暂停", "The certificate was suspended on the day of production"),
                came="2021010105416062",
            ),
        ),
        ImportRow(
            bad=True,
            sheet="批次",
            number=127,
            column="",
            problem=Problem("wrong-input", Text("没有批号", "No lot number")),
        ),
    )
    checked = replace(
        choose,
        stage="checked",
        files=files,
        rows=rows,
        rows_pager=Pager(first=1, last=4, total=19, next_href="?after=4"),
        reasons=(
            Choice(Text("全部", "All"), "?", True, 19),
            Choice(Text("日期有误", "Wrong date"), "?reason=wrong-date", False, 2),
            Choice(Text("数值有误", "Wrong quantity"), "?reason=wrong-quantity", False, 5),
        ),
        commit_href="/import/checks/3f/commit",
        rows_href="/import/checks/3f/rows.xlsx",
        mend_href="/import/checks/3f/bad-rows.xlsx",
        unexplained=(Link("/import/checks/3f/columns/1", Text("十月台账", "十月台账")),),
        earlier=choose.past[0],
        preview=Preview(
            rows=(
                PreviewRow(
                    sheet="批次",
                    row=2,
                    kind="production",
                    thing="HZ260302-010",
                    goods="YJV 0.6/1kV 3×95+1×50 · № 1-4",
                    length_mm=2_000_000,
                    day="2026-03-02",
                    party=LONG,
                ),
                PreviewRow(
                    sheet="出厂检测", row=2, kind="testing", thing="CJ-1", goods="导体电阻 0.19 Ω/km …"
                ),
            ),
            length_mm={"production": 240_000_000},
            new_parties=("周口市例示五金经营部", LONG),
            new_party_count=31,
        ),
        added=(Added(kind="production", text=Text("生产", "production"), count=120),),
    )
    clean = replace(
        checked,
        unexplained=(),
        earlier=None,
        mend_href="",
        files=(replace(files[1], sheets=(replace(files[1].sheets[0], bad=0),)),),
        rows=(),
        rows_pager=None,
        reasons=(),
        rows_href="",
    )
    asked = replace(
        clean,
        files=(replace(files[1], sheets=()),),
        commit_href="",
        answer_href="/import/checks/3f",
        question=Question(
            name="party",
            label=Text("是哪个单位的？", "Whose is it?"),
            hint=Text("批号有两家企业登记，文件没有写明。", "Two makers have registered these lots."),
            options=(("0f", in_both_languages(MAKER)), ("1f", in_both_languages(LONG))),
        ),
    )
    done = replace(
        choose,
        stage="done",
        added=(
            Added(kind="product", text=Text("产品备案", "product registered"), count=12, href="/products"),
            Added(kind="production", text=Text("生产", "production"), count=121),
        ),
        bad_rows=10,
        newest_index=48_213,
        recent=some_batches(),
        events=some_events(),
        rows_href="/import/jobs/3f/rows.xlsx",
        mend_href="/import/jobs/3f/bad-rows.xlsx",
    )
    past = (
        *choose.past,
        replace(
            choose.past[0],
            name="周口市川汇区十月份发货明细（第二版，补录，含退货）.xlsx",
            standing=Standing(
                "attention", Text("新增 162 项，8 行未写入", "162 events added, 8 rows left out")
            ),
            bad=8,
        ),
        replace(choose.past[0], standing=Standing("stop", Text("没有完成", "Failed")), new=None, bad=None),
    )
    outcomes = (Choice(Text("全部", "All"), "?", True), Choice(Text("没有完成", "Failed"), "?outcome=failed"))
    history = ImportHistoryPage(frame=at, rows=past, outcomes=outcomes, next_href="?after=3")
    return {
        "import-history": history,
        "import-history-empty": replace(history, rows=(), next_href="", query="没有的"),
        "import-foreign": replace(
            done, is_foreign=True, events=(), recent=(), rows_href="", mend_href="", added=done.added[:1]
        ),
        "import-nothing-understood": replace(
            checked,
            commit_href="",
            files=(),
            rows=(),
            reasons=(),
            rows_pager=None,
            rows_href="",
            mend_href="",
            preview=Preview(),
            earlier=None,
        ),
        "import-pasted-wrong": replace(
            choose,
            typed={"pasted": "批号\t长度\nL1"},
            problems=(
                Problem(
                    "unreadable-file", Text("没有认出任何表", "no table was recognised"), where="/pasted"
                ),
            ),
        ),
        "import-choose": replace(choose, past=()),
        "import-refused": replace(
            choose,
            problems=(
                Problem(
                    "unreadable-file",
                    Text("「旧登记表.xls」是旧格式，无法读取", "“旧登记表.xls” is of an old format"),
                    where="/file",
                    remedy=Text("在表格软件里另存为 .xlsx 再导入。", "Save it as .xlsx and import that."),
                ),
            ),
        ),
        "import-checked": checked,
        "import-asked": asked,
        "import-wrong-answer": replace(
            asked,
            question=Question(
                name="party",
                label=Text("是哪个单位的？", "Whose is it?"),
                hint=Text("文件没有写生产企业。", "The file names no maker."),
            ),
            typed={"party": "91411603"},
            problems=(
                Problem(
                    "wrong-uscc",
                    Text("应为 18 位", "It should have 18 characters"),
                    where="/party",
                    came="91411603",
                ),
            ),
        ),
        "import-clean": clean,
        "import-running": replace(choose, stage="running", progress=some_progress()),
        "import-done": done,
        "import-failed": replace(
            choose,
            stage="failed",
            problems=(Problem("not-allowed", Text("此账号已停用", "this account is not active any more")),),
        ),
        "import-nothing-new": replace(
            done, added=(), bad_rows=0, newest_index=None, recent=(), events=(), rows_href="", mend_href=""
        ),
    }


def samples_of_columns(language: Language) -> dict[str, Page]:
    at = frame(language, "/import", Role.MANUFACTURER)
    length = Text("长度（千米）", "length in kilometres")
    headings = ("批号", "轴", "缆长", "发往", "备注")
    first = ColumnsPage(
        frame=at,
        sheet="十月台账",
        kinds=(("batches", Text("批次", "batches")), ("shipments", Text("发货", "shipments"))),
        back_href="/import/checks/3f",
        may_be_left_out=True,
        headings=headings,
    )
    asked = replace(
        first,
        kind="shipments",
        title=Text("发货", "shipments"),
        needs=(Text("收货单位或收货单位统一社会信用代码", "buyer or buyer_uscc"), Text("发货日期", "date")),
        understood=(("批号", Text("批号", "lot")),),
        asked=(
            AskedColumn(name="column-1", heading="轴", samples=("1-4", "5", "6-20"), value="units"),
            AskedColumn(name="column-2", heading="缆长", samples=("0.5", "1.25", "12"), value="length:km"),
            AskedColumn(name="column-3", heading="发往", samples=(LONG,)),
            AskedColumn(name="column-4", heading="备注", samples=()),
        ),
        options=(
            ("units", Text("盘号", "units")),
            ("length:km", length),
            ("buyer", Text("收货单位", "buyer")),
        ),
    )
    wrong = replace(
        asked,
        problems=(
            Problem(
                "wrong-input",
                Text("发货表必须有：发货日期", "a table of shipments needs: date"),
                where="/kind",
            ),
            Problem(
                "wrong-input",
                Text("「轴」和「发往」两列都说是「盘号」", "轴 and 发往 are both said to be units"),
                where="/column-3",
                remedy=Text("请只留一列，另一列选「不导入」。", "Keep one of them and ignore the other."),
            ),
        ),
    )
    row = ColumnMappingRow(
        href="/import/columns/3f",
        meaning=Text("发货", "shipments"),
        headings=headings,
        columns=(("轴", Text("盘号", "units")), ("缆长", length)),
        by="王丽",
        at=AT,
    )
    return {
        "columns-kind": first,
        "columns-asked": asked,
        "columns-wrong": wrong,
        "columns-remembered": replace(asked, sheet="", asked=asked.asked[:1], back_href="/import/columns"),
        "columns-none": ColumnMappingsPage(frame=at),
        "columns-list": ColumnMappingsPage(frame=at, rows=(row, replace(row, meaning=None, columns=()))),
    }
