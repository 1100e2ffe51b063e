"""A case across regions: a failed supervision test, every region asked, goods held, replies on paper, recall, and evidence checked offline.

Everything is said over HTTP to `cabletrace serve`. A drum whose receipt nobody recorded is sampled and fails; the result is served, becomes final and
is published, and the public is told only then. The office that finds it traces the batch, files a case, writes to every region where metres are or were made, seals what is left, gets one reply
by account and one on paper and reminds the third, submits the month's form with its nine rows, and takes an evidence package, which
`verify.py` checks as a stranger would.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

from telling.district import MAKER, PROJECT, SITE, facts
from telling.failed_drum import (
    ABROAD,
    COUNTY,
    DEALER,
    DRUM_MM,
    LAB,
    OFFICE,
    OFFICERS,
    OWNER,
    PARTS,
    about,
    tell_of_goods,
)
from telling.stage import Line, must, process, register
from telling.story import Story, on

from cabletrace.app.folder import Folder
from cabletrace.ledger.note import VerifierKey
from cabletrace.model.kinds import KINDS
from cabletrace.model.sample_path import SIDES
from cabletrace.papers.paper import Paper, Paragraph
from cabletrace.papers.pdf import paper_pdf

ORIGIN = "case.example/ledger"
REPORT = "JC-2026-1"


def tell_of_the_sample(story: Story) -> None:
    """From the seal to a result that counts: who scans the code is told when the office has published it, and not before."""
    step = partial(_sample_step, story)
    step("office", "送样，封条完好", "2026-04-20", {"step": "handed-over", "to": LAB, "seal": "whole"})
    step("lab", "收样，核对封条", "2026-04-21", {"step": "received", "seal": "whole"})
    step("lab", "出具报告", "2026-05-06", {"step": "reported", "number": REPORT, "result": "fail"})
    for to, side in ((DEALER, "seller"), (MAKER, "maker")):
        step("office", f"结果告知{SIDES[side].zh}", "2026-05-07", {
            "step": "served", "to": to, "side": side, "served_by": "direct",
        })  # fmt: skip
    story.refused(
        "office",
        "异议期内宣布结果生效",
        "not-yet-final",
        _of_the_sample(story, "2026-05-20", {"step": "final"}),
    )
    step("maker", "放弃异议", "2026-05-20", {"step": "waived"})
    step("office", "异议期满，结果生效", "2026-05-25", {"step": "final"})
    queue = story.line("office").get("/api/v1/samples?state=unpublished").json()["rows"]
    if [row["number"] for row in queue] != ["CY-2026-1"] or _told(story):
        sys.exit(f"final and not published: queue {queue}, the public is told {_told(story)}")
    print("     已生效、待公布：公众扫码仍看不到任何抽查结果")
    step("office", "公布结果", "2026-05-27", {"step": "published", "number": "周市监公〔2026〕5号"})
    if _told(story) != [(REPORT, "监督抽查不合格")]:
        sys.exit(f"published, and the public is told {_told(story)}")
    print(f"     公布以后公众扫码看到：监督抽查不合格，报告 {REPORT}")


def _told(story: Story) -> list[tuple[str, str]]:
    """What whoever scans the code of the batch is told of supervision."""
    tests = Line(story.address).get(f"/c/{story.code}").json()["facts"]["tests"]
    return [
        (test["number"], test["standing"]["word"]["zh"]) for test in tests if test["type"] == "supervision"
    ]


def _sample_step(story: Story, who: str, title: str, day: str, body: Mapping[str, Any]) -> None:
    story.say(who, title, _of_the_sample(story, day, body))


def _of_the_sample(story: Story, day: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "sample-step", "subject": {"event": story.ids["sampling"], "kind": "sampling"}, **on(day),
        "body": {"authority": OFFICE, **body},
    }  # fmt: skip


def tell_of_the_case(story: Story, report: str) -> str:
    """Lead, check, filing; the id of the case."""
    lead, case = str(uuid4()), str(uuid4())
    matter = {"batches": [{"code": story.code}], "parties": [MAKER]}
    story.say("office", "由检测报告登记线索", {
        "kind": "lead", "subject": {"lead": lead}, **on("2026-05-07"),
        "body": {"number": "周市监线〔2026〕1号", "source": "sampling", "text": "抽检不合格：导体电阻超出限值", "matter": matter,
                 "origin": {"event": report, "kind": "testing"}},
    })  # fmt: skip
    story.say("office", "开始核查", {
        "kind": "lead-step", "subject": {"lead": lead}, **on("2026-05-08"), "body": {"step": "checking"},
    })  # fmt: skip
    story.refused("office", "未立案先作决定：拒绝并说明次序", "case-unknown", {
        "kind": "case-step", "subject": {"case": case}, **on("2026-05-09"),
        "body": {"step": "decision", "number": "周市监罚〔2026〕1号", "outcome": "penalty"},
    })  # fmt: skip
    story.say("office", "立案，范围固定在当时的账本序号", {
        "kind": "case", "subject": {"case": case}, **on("2026-05-12"), "by": OFFICERS,
        "body": {"number": "周市监立〔2026〕1号", "category": "quality", "text": "生产、销售不合格电缆",
                 "legal_basis": "产品质量法第三十九条、第四十九条", "matter": matter, "leads": [lead]},
    })  # fmt: skip
    story.say("office", "两名执法人员开展调查", {
        "kind": "case-step", "subject": {"case": case}, **on("2026-05-13"), "by": OFFICERS, "body": {"step": "investigate"},
    })  # fmt: skip
    return case


def tell_of_requests(story: Story, case: str) -> None:
    """A letter to every region where metres are; the answers by account, on paper, and not at all."""
    found = story.line("office").get(f"/api/v1/cases/{case}/regions").json()
    total = sum(row["length_mm"] for row in found["rows"])
    print("\n     范围按地区：")
    for row in found["rows"]:
        proposed = {"assist": "协助调查函", "order": "交办", "transfer": "线索移送", "": "本机关"}[
            row["type"]
        ]
        print(
            f"       {row['name']['zh']} {row['length_mm'] / 1000:g} m{'，生产地' if row['makers'] else ''}：{proposed}"
        )
    if total != 8 * DRUM_MM:
        sys.exit(f"the regions hold {total} mm of {8 * DRUM_MM}")
    types = {row["region"]: row["type"] for row in found["rows"]}
    for region, type_ in (("341202", "assist"), ("411627", "order")):
        if types.get(region) != type_:
            sys.exit(f"for {region} {types.get(region)!r} is proposed, not {type_!r}")
    asked: dict[str, str] = {}
    letters = (
        ("abroad", "assist", "341202", ABROAD, ""),
        ("county", "order", "411627", COUNTY, ""),
        ("on-paper", "assist", "410200", "", "开封市示范市场监督管理局"),
    )
    for n, (name, type_, region, to, to_name) in enumerate(letters, start=1):
        asked[name] = str(uuid4())
        to_whom = {"to": to} if to else {"to_name": to_name}
        story.say("office", f"发函给{to_name or PARTS[name].name}（{region}）", {
            "kind": "request", "subject": {"request": asked[name]}, **on("2026-05-14"), "by": OFFICERS,
            "body": {"type": type_, "number": f"周市监协〔2026〕{n}号", "case": case, "region": region,
                     "facts": "抽检不合格的一批电缆有部分在贵辖区", "legal_basis": "市场监督管理行政处罚程序规定第四十五条",
                     "questions": ["sales", "stock"], "matter": {"batches": [{"code": story.code}]}, **to_whom},
        })  # fmt: skip
        _pdf(story, f"/api/v1/requests/{asked[name]}/letter")
    step = "request-step"
    story.say("abroad", "签收并受理", _step(step, asked["abroad"], "2026-05-18", {"step": "received"}))
    story.say("abroad", "回复：6、7 号盘已就地封存", _step(step, asked["abroad"], "2026-05-26", {
        "step": "replied", "number": "阜市监复〔2026〕9号", "text": "6、7 号盘均在商行仓库，已封存",
    }))  # fmt: skip
    story.refused("office", "纸面回复要附扫描件", "reply-without-paper", _step(step, asked["on-paper"], "2026-05-28", {
        "step": "replied", "number": "汴市监复〔2026〕3号", "text": "辖区内未见该批次",
    }))  # fmt: skip
    scan = _upload(story)
    story.say("office", "开封的纸面回复由本局录入，附扫描件", _step(step, asked["on-paper"], "2026-05-28", {
        "step": "replied", "number": "汴市监复〔2026〕3号", "text": "辖区内未见该批次",
    }, documents=[scan]))  # fmt: skip
    story.say(
        "county", "太康县签收后没有答复", _step(step, asked["county"], "2026-05-18", {"step": "received"})
    )
    due = story.line("office").get(f"/api/v1/requests/{asked['county']}").json()["row"]["due"]
    if due["days_left"] >= 0:
        sys.exit(f"the reply of the county is not overdue: {due}")
    print(f"     应于 {due['due']} 前回复，已逾期 {-due['days_left']} 天（{due['clause']}）")
    reminder = story.say("office", "催办，抄送", _step(step, asked["county"], "2026-06-15", {
        "step": "reminded", "number": "周市监催〔2026〕1号", "copy_to_name": "河南省示范市场监督管理局",
    }))  # fmt: skip
    _pdf(story, f"/api/v1/requests/{asked['county']}/reminders/{reminder}")


def tell_of_acts(story: Story) -> None:
    story.say("office", "查封经销商手中的 1–3 号盘", about(
        "measure", "2026-05-14",
        {"action": "seal", "number": "周市监封〔2026〕1号", "units": [[1, 3]], "against": DEALER},
    ))  # fmt: skip
    moves = about("dispatch", "2026-05-16", {"to": SITE, "region": "411627", "units": [[1, 1]]})
    story.refused("dealer", "请示：可否发出 1 号盘？", "goods-held", {**moves, "ask": True})
    story.say("dealer", "仍然发出了 1 号盘：事实照录并标记", moves)
    story.say("maker", "召回整批", about(
        "recall", "2026-06-01", {"number": "ZH-2026-1", "reason": "导体电阻超出限值", "remedy": "return"},
    ))  # fmt: skip
    notice = story.say("office", "通报重点用户及其受影响的项目", about(
        "notice", "2026-06-02",
        {"number": "周市监通〔2026〕1号", "recipients": [OWNER], "text": "该批次抽检不合格，请停止使用并反馈", "projects": [PROJECT],
         "units": [[4, 5]]},
    ))  # fmt: skip
    story.say("owner", "反馈：4、5 号盘未敷设，已停用", {
        "kind": "notice-reply", "subject": {"event": notice, "kind": "notice"}, **on("2026-06-04"),
        "body": {"action": "use-stopped", "text": "4、5 号盘未敷设，已停用", "length_mm": 2 * DRUM_MM},
    })  # fmt: skip


def tell_of_the_month(story: Story) -> None:
    """The form of May: what the office and the county did, its nine rows, submitted, and what came after that as a difference."""
    month = f"/api/v1/monthly/{OFFICE}/2026-05"
    for who, kind, party, number, day in (
        ("office", "inspection", MAKER, "周市监检〔2026〕1号", "2026-05-13"),
        ("office", "inspection", MAKER, "周市监检〔2026〕2号", "2026-05-25"),
        ("office", "inspection", DEALER, "周市监检〔2026〕3号", "2026-05-14"),
        ("county", "inspection", SITE, "太市监检〔2026〕1号", "2026-05-20"),
        ("office", "technical-help", MAKER, "周市监帮〔2026〕1号", "2026-05-26"),
        ("county", "technical-help", SITE, "太市监帮〔2026〕1号", "2026-05-27"),
    ):
        story.say(who, f"{number}：{KINDS[kind].zh}", _visit(kind, party, number, day))
    form = story.line("office").get(month).json()["form"]
    _nine_rows(form["rows"], _MAY)
    figures = [
        {"key": row["key"], **_said("month", row["month"]), **_said("cumulative", row["cumulative"])}
        for row in form["rows"]
    ]
    story.say("office", "报送 5 月月报，数字固定在当时的账本序号", {
        "kind": "monthly-form", "subject": {"month": "2026-05"}, **on("2026-05-29"),
        "body": {"form": form["form"], "since": form["since"], "counted_at": form["as_of"]["index"], "figures": figures},
    })  # fmt: skip
    story.say(
        "county", "报送后补录一次帮扶", _visit("technical-help", SITE, "太市监帮〔2026〕2号", "2026-05-28")
    )
    page = story.line("office").get(month).json()
    changed = {
        (row["key"], row["is_cumulative"]): (row["said"]["value"], row["now"]["value"])
        for row in page["differences"]
    }
    if changed != {("help-visits", False): (2, 3), ("help-visits", True): (2, 3)}:
        sys.exit(f"the differences are {changed}")
    print("     报送以后的变化：技术帮扶（次）2 → 3；已报送的一版不变")
    if story.line("abroad").get(month).status != 404:
        sys.exit("another authority was shown the form")


#: The month and the cumulative number of each cell; a value that nobody determined is None.
_MAY = {
    "makers": (1, 1), "dealers": (1, 1), "sampled": (0, 1), "failed": (1, 1), "helped": (2, 2), "help-visits": (2, 2),
    "counterfeit": (0, 0), "unlicensed": (0, 0), "quality": (1, 1), "goods-value": (None, None), "penalised": (0, 0),
}  # fmt: skip


def _nine_rows(rows: list[dict[str, Any]], wanted: Mapping[str, tuple[int | None, int | None]]) -> None:
    print("\n     月报九行（本月 / 累计）：")
    for row in rows:
        if row["row"] is None:
            continue
        month, whole = (
            "不详" if row[name]["value"] is None else row[name]["value"] for name in ("month", "cumulative")
        )
        print(f"       {row['row']} {row['title']['zh']}　{month} / {whole} {row['unit']['zh']}")
    told = {
        row["key"]: (row["month"]["value"], row["cumulative"]["value"])
        for row in rows
        if row["row"] is not None
    }
    if told != wanted:
        sys.exit(f"the nine rows are {told}, not {wanted}")


def _visit(kind: str, party: str, number: str, day: str) -> dict[str, Any]:
    said = {
        "inspection": {"type": "routine", "result": "no-problem"},
        "technical-help": {"topic": "standard"},
    }[kind]
    return {"kind": kind, "subject": {"party": party}, **on(day), "body": {"number": number, **said}}


def _said(name: str, told: Mapping[str, Any]) -> dict[str, int]:
    """A number as it is submitted: left out where nobody knows it."""
    value = {} if told["value"] is None else {name: told["value"]}
    return value | ({f"{name}_unknown": told["unknown"]} if told["unknown"] else {})


def tell_of_secrecy(story: Story, case: str) -> None:
    """What those learn whom it is about, and other authorities: nothing."""
    for who in ("maker", "dealer", "abroad"):
        status = story.line(who).get(f"/api/v1/cases/{case}").status
        if status not in (403, 404):
            sys.exit(f"{who} was shown the case: {status}")
    print("\n     生产企业、经销商和外地局都看不到这一案件")


def take_evidence(story: Story, case: str, ground: Path) -> None:
    """The package of the case, checked by its own verifier in a process that knows nothing of the service; then with one byte changed."""
    answer = story.line("office").post(f"/api/v1/evidence/cases/{case}", {
        "ground": "涉嫌生产、销售不合格电缆", "place": "周口市示范市场监督管理局",
        "officers": [{"name": each["name"], "certificate": f"豫P-{n}"} for n, each in enumerate(OFFICERS, start=1)],
    })  # fmt: skip
    if answer.status != 200:
        sys.exit(f"no evidence package: {answer.status} {answer.body.decode()}")
    packed, folder = ground / "evidence.zip", ground / "unpacked"
    packed.write_bytes(answer.body)
    with ZipFile(packed) as archive:
        archive.extractall(folder)
    (bag,) = folder.iterdir()
    key = story.line("office").get("/ledger/vkey").body.decode().strip()
    print(f"\n--- 证据包 {len(answer.body):,} 字节，{sum(1 for _ in bag.rglob('*'))} 个文件；离线核验 ---")
    if (said := _verified(bag, key))[0]:
        sys.exit(f"the package does not verify:\n{said[1]}")
    print(said[1])
    payloads = bag.glob("data/events/*/payload.json")
    payload = next(each for each in payloads if b"2026-04" in each.read_bytes())
    payload.write_bytes(payload.read_bytes().replace(b"2026-04", b"2026-03", 1))
    code, said_of_it = _verified(bag, key)
    if code != 1 or payload.parent.name not in said_of_it:
        sys.exit(f"a changed byte was not found: {code}\n{said_of_it}")
    print("改动一个字节后：")
    print("\n".join(line for line in said_of_it.splitlines() if "FAULT" in line or "FAILED" in line))


def _verified(bag: Path, key: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", bag / "verify.py", bag, "--key", key],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, "\n".join(f"     {line}" for line in (done.stdout + done.stderr).splitlines())


def _step(kind: str, request: str, day: str, body: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": kind, "subject": {"request": request}, **on(day), "body": dict(body), **more}


def _upload(story: Story) -> dict[str, Any]:
    """What came by post, as it was scanned."""
    said = Paragraph("辖区内未见该批次电缆，三家经营单位的进货台账中也没有。")
    paper = Paper(
        title="复函", authority="开封市示范市场监督管理局", number="汴市监复〔2026〕3号", blocks=(said,),
        url="https://case.example/", foot="复函", made_at=datetime(2026, 5, 27, tzinfo=UTC),
    )  # fmt: skip
    return story.line("office").upload("复函扫描件.pdf", paper_pdf(paper), "application/pdf")


def _pdf(story: Story, path: str) -> None:
    answer = story.line("office").get(path)
    if answer.status != 200 or not answer.body.startswith(b"%PDF-"):
        sys.exit(f"no letter at {path}: {answer.status}")
    print(f"     打印件 {len(answer.body):,} 字节")


def main() -> None:
    with tempfile.TemporaryDirectory() as ground, ExitStack() as running:
        folder = Folder(Path(ground, "data"))
        must("init", "--data", folder.root, "--origin", ORIGIN, "--host", "case.example")
        keys = register(folder, PARTS, facts(owner=OWNER), {})
        address = running.enter_context(process("serve", "--data", folder.root))
        log_key = Line(address).get("/ledger/vkey").body.decode().strip()
        story = Story(PARTS, address, keys, VerifierKey.parse(log_key))
        report = tell_of_goods(story)
        tell_of_the_sample(story)
        case = tell_of_the_case(story, report)
        tell_of_requests(story, case)
        tell_of_acts(story)
        tell_of_the_month(story)
        tell_of_secrecy(story, case)
        take_evidence(story, case, Path(ground))
        running.close()
        print(f"\n账本：{must('verify', '--data', folder.root, '--projections').strip() or '完好 clean'}")


if __name__ == "__main__":
    main()
