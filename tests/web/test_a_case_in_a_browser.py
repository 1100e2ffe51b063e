"""A case across regions in a real browser, from the failed report to the evidence that anybody checks offline, as its people click
and type it; the pictures are kept to be looked at. It begins as `scripts/scenario case` does.

Everybody has a browser of his own: the office that files the case, the county below it, another city's office, the dealer on a
phone at the gate, the key user on a phone, the maker. Each step goes on from what the one before left.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from time import monotonic, sleep
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page
from telling.district import MAKER, facts
from telling.failed_drum import OWNER, PARTS, tell_of_goods
from telling.stage import Line, register_in
from telling.story import Story

from browser_for_tests import DESK, PHONE, low_targets, picture, serving
from cabletrace.app.followers import following
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.auth.accounts import list_accounts
from cabletrace.auth.sessions import start_session
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.http.door import SESSION_COOKIE
from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.store import read_head
from files_for_tests import photo

pytestmark = pytest.mark.full

#: The day on which all of it is entered, from paper: the county's term has ended a week ago.
TODAY = datetime(2026, 6, 16, 1, 30, tzinfo=UTC)
CASE, OFFICERS = "周市监立〔2026〕1号", ("执法甲", "执法乙")
PAPER_OFFICE = "开封市示范市场监督管理局"


@dataclass
class Journey:
    """Where everybody stands: an open page for each of the people, and what the way has led to so far."""

    house: Installation
    address: str
    browser: Browser
    story: Story
    report: str
    log_key: str
    pages: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    #: Paths of the pages of the case and of its letters, by to whom they went.
    case: str = ""
    letters: dict[str, str] = field(default_factory=dict)

    @property
    def batch(self) -> str:
        return f"/batches/{self.story.code}"

    def of(self, who: str, width: int = DESK) -> Page:
        """The page at which somebody sits, signed in."""
        if who not in self.pages:
            context = self.browser.new_context(
                viewport={"width": width, "height": 844}, locale="zh-CN", base_url=self.address, has_touch=width == PHONE,
                accept_downloads=True,
            )  # fmt: skip
            with begin_write(self.house.desk) as tx:
                (account,) = (each for each in list_accounts(tx) if each.name == who)
                token = start_session(tx, account.id, TODAY).text
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.address}])
            page = context.new_page()
            page.on(
                "console", lambda said: self.complaints.append(said.text) if "Security" in said.text else None
            )
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            self.pages[who] = page
        return self.pages[who]


@pytest.fixture
def journey(browser: Browser, tmp_path: Path) -> Iterator[Journey]:
    """The goods as the story tells of them, up to the report of the laboratory."""
    folder = Folder(tmp_path / "data")
    with ExitStack() as running:
        listener = running.enter_context(closing(socket()))
        listener.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        create(folder, origin="case.example/ledger", public_host=host, clock=lambda: TODAY)
        house = running.enter_context(open_installation(folder, clock=lambda: TODAY))
        keys = register_in(house, PARTS, facts(owner=OWNER), {})
        followers = running.enter_context(following(house.ledger, house.index))
        running.enter_context(serving(house, listener))
        address = f"http://{host}"
        log_key = Line(address).get("/ledger/vkey").body.decode().strip()
        story = Story(PARTS, address, keys, VerifierKey.parse(log_key))
        report = tell_of_goods(story)
        with begin_read(house.ledger) as tx:
            last = read_head(tx).size - 1
        assert followers.search.wait_until(last, 60)
        assert followers.alerts.wait_until(last, 60)
        made = Journey(house, address, browser, story, report, log_key)
        yield made
        for page in made.pages.values():
            page.context.close()
        assert made.complaints == []


def enter(page: Page, **typed: str) -> None:
    """Type into the fields by their names (``body__number`` is ``body/number``)."""
    for name, text in typed.items():
        at = page.locator(f"[name='{name.replace('__', '/')}']")
        kind = at.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            for word in text.split(","):
                page.locator(f"[name='{name.replace('__', '/')}'][value='{word}']").check()
        elif at.evaluate("e => e.tagName") == "SELECT":
            at.select_option(text)
        else:
            at.fill(text)


def record(page: Page) -> None:
    page.locator("form[data-guard] .actions button[type=submit]").click()
    page.wait_for_load_state()


def table(page: Page, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, the foot included."""
    card = page.locator("section.card").filter(has=page.locator(f"h2:has-text('{heading}')"))
    return [row.locator("th, td").all_inner_texts() for row in card.locator("tbody tr, tfoot tr").all()]


def words(page: Page) -> str:
    return page.locator("main").inner_text()


def tiles(page: Page) -> dict[str, str]:
    """What waits on a desk: how many of what."""
    page.goto("/")
    return {
        tile.locator("span").inner_text(): tile.locator("strong").inner_text()
        for tile in page.locator(".waiting a").all()
    }


def once(ask: Callable[[], str | None], wanted: str) -> bool:
    """Whether it is answered within some seconds: alerts follow the ledger, and on a busy machine not at once."""
    until = monotonic() + 20
    while ask() != wanted and monotonic() < until:
        sleep(0.2)
    return ask() == wanted


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


@pytest.mark.timeout(900)  # as far as pytest is concerned: about a minute on a quiet machine
def test_a_case_across_regions_as_its_people_click_it(journey: Journey, tmp_path: Path) -> None:
    the_office_sees_the_failed_test_and_where_the_metres_are(journey)
    it_files_a_case(journey)
    it_writes_to_each_region(journey)
    the_other_city_answers_and_learns_no_more(journey)
    it_seals_the_drums_at_the_dealer(journey)
    the_dealer_is_refused_at_the_gate_and_sends_a_drum_all_the_same(journey)
    a_reply_comes_on_paper(journey)
    the_county_is_late_and_reminded(journey)
    the_maker_recalls(journey)
    the_key_user_is_told_and_answers(journey)
    the_evidence_is_checked_by_both_verifiers(journey, tmp_path)
    the_form_of_may_has_its_nine_rows(journey)


def the_office_sees_the_failed_test_and_where_the_metres_are(journey: Journey) -> None:
    page = journey.of("office")
    page.goto("/")
    picture(page, "case-01-desk")
    assert "导体电阻（主线芯）实测 0.241 Ω/km，限值 0.193 Ω/km" in words(page)

    page.click(".alerts a:text-is('这批货到哪里去了')")
    picture(page, "case-02-trace")
    assert table(page, "按地区") == [
        ["安徽省阜阳市颍州区 341202", "1,000", "0", "0", "0", "1,000"],
        ["河南省周口市川汇区 411602", "1,000", "497", "0", "3", "1,500"],
        ["河南省周口市淮阳区 411603", "500", "0", "0", "0", "500"],
        ["河南省周口市太康县 411627", "0", "0", "1,000", "0", "1,000"],
        ["合计", "2,500", "497", "1,000", "3", "4,000"],
    ]
    (stop,) = table(page, "追溯中断处")
    assert stop[:3] == ["周口市例示电缆经营部\n河南省周口市川汇区", "已发往此处，收货方尚未登记收货", "497"]


def it_files_a_case(journey: Journey) -> None:
    page = journey.of("office")
    page.goto("/")
    page.click(".alerts a:text-is('登记线索')")
    picture(page, "case-03-lead-form")
    assert page.input_value("[name='body/matter/batches/0/units']") == "3"
    enter(
        page,
        body__number="周市监线〔2026〕1号",
        body__source="sampling",
        occurred_at="2026-05-07",
        by__0__name=OFFICERS[0],
    )
    record(page)
    page.click("a:text-is('开始核查')")
    enter(page, occurred_at="2026-05-08")
    record(page)
    picture(page, "case-04-lead")
    assert "核查中" in words(page)

    page.click("a:text-is('立案')")
    officers = {f"by__{n}__name": name for n, name in enumerate(OFFICERS)}
    enter(
        page, body__number=CASE, body__category="quality", body__text="生产、销售导体电阻不合格的电力电缆",
        body__legal_basis="产品质量法第三十九条、第四十九条", body__matter__batches__0__units="",
        body__matter__parties=PARTS["maker"].name, occurred_at="2026-05-12", **officers,
    )  # fmt: skip
    picture(page, "case-05-case-form")
    record(page)
    journey.case = path_of(page)
    page.click("a:text-is('开展调查')")
    # Who filed it investigates it, unless somebody else is typed.
    assert [page.input_value(f"[name='by/{n}/name']") for n in (0, 1)] == list(OFFICERS)
    assert "市场监督管理行政处罚程序规定第十九、二十二条" in words(page)
    enter(page, occurred_at="2026-05-13")
    record(page)
    picture(page, "case-06-case")
    assert [(row[0], row[-1]) for row in table(page, "涉案范围")] == [
        ("安徽省阜阳市颍州区", "1,000"), ("河南省周口市川汇区", "1,500"), ("河南省周口市淮阳区", "500"), ("河南省周口市太康县", "1,000"),
        ("合计", "4,000"),
    ]  # fmt: skip
    assert "1,102,500.00 元" in page.locator("#crime").inner_text()  # 3,500 m that the maker sold at 315 yuan


def it_writes_to_each_region(journey: Journey) -> None:
    page = journey.of("office")
    page.click("a:text-is('要协查的地区')")
    picture(page, "case-07-regions")
    assert "一共 4,000 m" in words(page)
    for n, (who, region, drums, kind) in enumerate(
        (("abroad", "阜阳市颍州区", "6-7", "协助调查函"), ("county", "太康县", "4-5", "交办通知")), start=1
    ):
        page.goto(f"{journey.case}/regions")
        page.locator("section.card").filter(has_text=region).locator("a.button").click()
        enter(page, body__number=f"周市监协〔2026〕{n}号", occurred_at="2026-05-14")
        picture(page, f"case-08-letter-form-{who}")
        record(page)
        journey.letters[who] = path_of(page)
        picture(page, f"case-09-letter-{who}")
        assert page.locator("h1").inner_text() == f"{kind} 周市监协〔2026〕{n}号"
        ((_, what, units, metres),) = table(page, "函件内容")
        assert (what, units, metres) == (
            f"YJV 0.6/1kV 3×95+1×50 HZ-CASE-1 {PARTS['maker'].name}",
            drums,
            "1,000",
        )
        assert page.locator("dd a", has_text=CASE).get_attribute("href") == journey.case

    page.goto(journey.case)
    page.click("a:text-is('另拟一封函')")
    enter(
        page, body__number="周市监协〔2026〕3号", body__to_name=PAPER_OFFICE, body__region="开封市",
        body__matter__batches__0__code="", body__matter__batches__0__name="", occurred_at="2026-05-14",
    )  # fmt: skip
    record(page)
    picture(page, "case-10-letter-about-nothing")
    assert "请写明涉及的批次、无码货物、单位、项目" in words(page)
    assert page.input_value("[name='body/to_name']") == PAPER_OFFICE
    enter(page, body__matter__batches__0__code=journey.story.code)
    record(page)
    journey.letters["paper"] = path_of(page)
    assert "（没有账号，用纸质函件）" in words(page)
    page.goto(f"{journey.case}/regions")
    picture(page, "case-11-regions-asked")
    assert words(page).count("已发出，待签收") == 2


def the_other_city_answers_and_learns_no_more(journey: Journey) -> None:
    page = journey.of("abroad")
    assert tiles(page)["封其他机关来的函等您签收"] == "1"
    picture(page, "case-12-abroad-desk")
    page.locator(".waiting a", has_text="等您签收").click()
    page.click("a:text-is('周市监协〔2026〕1号')")
    page.click("a:text-is('签收')")
    enter(page, occurred_at="2026-05-18")
    record(page)
    page.click("a:text-is('回复')")
    enter(
        page,
        body__number="阜市监复〔2026〕9号",
        body__text="6、7 号盘均在商行仓库，已封存",
        occurred_at="2026-05-26",
    )
    picture(page, "case-13-reply-form")
    record(page)
    picture(page, "case-14-replied")
    assert "2026-05-26 完成" in words(page)
    assert "封其他机关来的函等您签收" not in tiles(page)
    for closed in (
        journey.case,
        f"{journey.case}/regions",
        journey.letters["county"],
        journey.letters["paper"],
    ):
        answer = page.goto(closed)
        assert answer is not None
        assert answer.status == 404, closed
        assert CASE not in page.content()


def it_seals_the_drums_at_the_dealer(journey: Journey) -> None:
    page = journey.of("office")
    page.goto(journey.case)
    page.click("a:text-is('强制措施')")
    enter(
        page, body__action="seal", body__number="周市监封〔2026〕1号", body__units="1-3", body__against=PARTS["dealer"].name,
        occurred_at="2026-06-15", **{f"by__{n}__name": name for n, name in enumerate(OFFICERS)},
    )  # fmt: skip
    picture(page, "case-15-measure-form")
    record(page)
    assert "还有 29 天" in page.locator("#holds").inner_text()


def the_dealer_is_refused_at_the_gate_and_sends_a_drum_all_the_same(journey: Journey) -> None:
    page = journey.of("dealer", PHONE)
    page.goto(f"/c/{journey.story.code}")
    page.click("a:text-is('打开这批货')")
    page.locator(".actions a:text-is('发货')").click()
    enter(
        page,
        codes=f"{journey.story.code} 1",
        body__to=PARTS["site"].name,
        body__region="太康县",
        occurred_at="2026-06-16",
    )
    page.locator("form[data-live] .actions button").last.click()
    page.wait_for_load_state()
    picture(page, "case-16-gate-refused")
    refusal = page.locator(".summary").inner_text()
    assert "1 号盘（卷）正被查封（周市监封〔2026〕1号）" in refusal
    assert "行政强制法第二十四、二十六条" in refusal
    assert "由作出措施的机关解除后再动" in refusal
    assert page.input_value("[name='body/to']") == PARTS["site"].name
    page.click("button[name=happened]")
    page.locator("h2:text-is('刚才记录的')").wait_for()
    picture(page, "case-17-gate-recorded")
    page.goto(journey.batch)
    picture(page, "case-17-gate-marked")
    sent = page.locator(".timeline li", has=page.locator("h3:text-is('发货')")).first.inner_text()
    assert "货物被查封、扣押或召回" in sent
    assert low_targets(page) == []

    office = journey.of("office")
    assert once(lambda: tiles(office).get("条预警"), "2")
    assert "货物被查封、扣押或召回" in words(office)


def a_reply_comes_on_paper(journey: Journey) -> None:
    page = journey.of("office")
    page.goto(journey.letters["paper"])
    page.click("a:text-is('回复')")
    enter(page, body__number="汴市监复〔2026〕3号", body__text="辖区内未见该批次", occurred_at="2026-06-12")
    record(page)
    picture(page, "case-18-reply-without-scan")
    assert "附上复函的扫描件" in page.locator(".summary").inner_text()
    assert page.input_value("[name='body/text']") == "辖区内未见该批次"
    scan = {"name": "复函扫描件.jpg", "mimeType": "image/jpeg", "buffer": photo(31)}
    page.locator("[name=documents]").last.set_input_files(scan)  # type: ignore[arg-type]
    record(page)
    picture(page, "case-19-reply-on-paper")
    said = words(page)
    assert "纸质，由 周口市示范市场监督管理局 录入" in said
    assert "复函扫描件.jpg" in said
    assert "还没有签收" not in said


def the_county_is_late_and_reminded(journey: Journey) -> None:
    county = journey.of("county")
    assert tiles(county)["封其他机关来的函等您签收"] == "1"
    county.goto(journey.letters["county"])
    county.click("a:text-is('签收')")
    enter(county, occurred_at="2026-05-18")
    record(county)
    picture(county, "case-20-county-received")
    assert "期限 2026-06-08 逾期 8 天" in " ".join(words(county).split())
    assert tiles(county)["个线索、案件、协查、样品、任务的期限已过"] == "1"

    page = journey.of("office")
    assert tiles(page)["封发出的函逾期没有回复"] == "1"
    picture(page, "case-21-office-desk")
    page.goto("/due")
    picture(page, "case-22-due")
    page.click("a:has-text('周市监协〔2026〕2号')")
    page.click("a:text-is('催办')")
    enter(
        page,
        body__number="周市监催〔2026〕1号",
        body__copy_to_name="河南省示范市场监督管理局",
        occurred_at="2026-06-15",
    )
    record(page)
    picture(page, "case-23-reminded")
    paper = page.request.get(page.locator("a", has_text="打印催办函").get_attribute("href") or "")
    assert paper.body().startswith(b"%PDF-")


def the_maker_recalls(journey: Journey) -> None:
    page = journey.of("maker")
    page.goto(journey.batch)
    assert CASE not in page.content()
    page.click("summary:has-text('记录')")
    page.click(".choices a:text-is('召回')")
    enter(
        page,
        body__number="ZH-2026-1",
        body__reason="导体电阻超出限值",
        body__remedy="return",
        occurred_at="2026-06-16",
    )
    picture(page, "case-24-recall-form")
    record(page)
    assert "整批召回（ZH-2026-1）" in words(page)

    consumer = journey.of("dealer", PHONE)
    consumer.goto(f"/c/{journey.story.code}")
    picture(consumer, "case-25-recalled")
    assert consumer.locator("h1").inner_text() == "本批货物正在召回，请停止使用"


def the_key_user_is_told_and_answers(journey: Journey) -> None:
    office = journey.of("office")
    office.goto(journey.case)
    office.click("a:text-is('通报')")
    enter(
        office, body__number="周市监通〔2026〕1号", body__recipients=PARTS["owner"].name, body__units="4-5",
        body__text="该批次抽检不合格，请停止使用并反馈", occurred_at="2026-06-16",
    )  # fmt: skip
    office.locator("[name='body/projects']").check()
    picture(office, "case-26-notice-form")
    record(office)

    page = journey.of("owner", PHONE)
    assert tiles(page)["份通报等您反馈"] == "1"
    picture(page, "case-27-key-user-desk")
    page.click("#notices h3 a")
    enter(
        page,
        body__action="use-stopped",
        body__text="4、5 号盘未敷设，已停用",
        body__length_mm="1,000",
        occurred_at="2026-06-16",
    )
    picture(page, "case-28-key-user-reply")
    assert low_targets(page) == []
    record(page)
    picture(page, "case-29-key-user-replied")
    assert "份通报等您反馈" not in tiles(page)
    office.goto(journey.batch)
    office.locator(".timeline li", has=office.locator("h3:text-is('通报')")).locator(
        "a:text-is('详情')"
    ).click()
    picture(office, "case-29-answers")
    answers = office.locator("#answers")
    assert PARTS["owner"].name in answers.inner_text()
    answers.locator("a", has_text="已停止使用，1,000 m，4、5 号盘未敷设，已停用").click()
    assert office.locator("h1").inner_text() == "处置反馈"


def the_evidence_is_checked_by_both_verifiers(journey: Journey, ground: Path) -> None:
    page = journey.of("office")
    page.goto(journey.case)
    picture(page, "case-30-case-at-the-end")
    page.click("a:text-is('提取证据')")
    assert [page.input_value(f"[name=officer{n}]") for n in (1, 2)] == list(OFFICERS)
    enter(page, place="周口市示范市场监督管理局 302 室", certificate1="豫P-1", certificate2="豫P-2")
    picture(page, "case-31-evidence-form")
    with page.expect_download() as coming:
        page.click("button:text-is('提取并下载证据包')")
    packed = ground / "evidence.zip"
    coming.value.save_as(packed)
    with ZipFile(packed) as archive:
        archive.extractall(ground / "unpacked")
    (folder,) = (ground / "unpacked").iterdir()

    by_program = subprocess.run(
        [sys.executable, "-I", folder / "verify.py", folder, "--key", journey.log_key], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert by_program.returncode == 0, by_program.stdout
    assert "结论：通过" in by_program.stdout
    context = journey.browser.new_context(
        viewport={"width": DESK, "height": 844}, offline=True, locale="zh-CN"
    )
    reader = context.new_page()
    reader.goto((folder / "verify.html").as_uri())
    assert verified(reader, packed, journey.log_key) == ("passed", [])
    picture(reader, "case-32-verified")

    payload = max(folder.glob("data/events/*/payload.json"))
    payload.write_bytes(payload.read_bytes().replace(b"2026", b"2025", 1))
    verdict, faults = verified(reader, folder, journey.log_key)
    picture(reader, "case-33-tampered")
    context.close()
    assert verdict == "failed"
    assert any(payload.parent.name in fault for fault in faults)


def verified(page: Page, path: Path, key: str) -> tuple[str, list[str]]:
    """The verdict of the package's own page, and the faults."""
    page.locator("#result").evaluate("e => { e.className = '' }")
    page.fill("#key", key)
    page.set_input_files("#folder" if path.is_dir() else "#zip", path)
    page.wait_for_selector("#result.passed, #result.failed", timeout=60_000)
    return page.locator("#result").get_attribute("class") or "", page.locator("#faults li").all_inner_texts()


def the_form_of_may_has_its_nine_rows(journey: Journey) -> None:
    """With one visit of technical help, typed in as late as the form is sent: the case and the failed test count, the sampling in April only
    since the year began, and the value of the goods is not known."""
    page = journey.of("office")
    page.goto(f"/parties/{MAKER}/record/technical-help")
    enter(page, body__number="周市监帮〔2026〕1号", body__topic="testing", occurred_at="2026-05-26")
    record(page)
    page.goto("/monthly?month=2026-05")
    picture(page, "case-34-months")
    page.click(f"a:text-is('{PARTS['office'].name}')")
    picture(page, "case-35-month")
    assert [(row[0], row[1], *row[3:]) for row in table(page, "九行")[:11]] == [
        ("1", "检查生产企业", "0", "0"),
        ("2", "检查经营企业", "0", "0"),
        ("3", "抽检产品", "0", "1"),
        ("3", "不合格产品", "1", "1"),
        ("4", "技术帮扶企业（家）", "1", "1"),
        ("4", "技术帮扶企业（次）", "1", "1"),
        ("5", "立案数（制假售假）", "0", "0"),
        ("6", "立案数（无证无照）", "0", "0"),
        ("7", "立案数（产品质量问题）", "1", "1"),
        ("8", "货值金额（违法产品）", "不详（1 起未认定）", "不详（1 起未认定）"),
        ("9", "罚没款", "0", "0"),
    ]
    page.locator("a[href*='/2026-05/quality']").first.click()
    picture(page, "case-36-behind-the-number")
    assert CASE in words(page)
    page.go_back()
    page.click("button:text-is('报送')")
    page.wait_for_load_state()
    picture(page, "case-37-submitted")
    assert "第 1 版" in words(page)
    assert "迟报" in words(page)
    assert "没有变化。" in words(page)
