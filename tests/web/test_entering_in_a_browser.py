"""Journeys of people who enter something by hand, in a real browser; pictures are kept to be looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from socket import socket

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_for_tests import DESK, PHONE, low_targets, picture, serving
from cabletrace.codes.trace_code import batch_code_in, unit_code
from cabletrace.db.engine import begin_read
from cabletrace.flow.books import codes_of_lots
from cabletrace.http.door import SESSION_COOKIE
from cabletrace.intake.record import prepare
from drafts_for_tests import MAKER, batch_of, dispatch, production
from files_for_tests import photo
from service_for_tests import Service, Told, service_in

pytestmark = pytest.mark.full

Start = Callable[..., Page]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[tuple[Service, str]]:
    """The story's service on a free port, with the address under which a browser reaches it."""
    folder = tmp_path_factory.mktemp("by-hand") / "data"
    with service_in(folder, told) as service, closing(socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        with serving(service.house, listener):
            yield service, f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def start(browser: Browser, house: tuple[Service, str]) -> Iterator[Start]:
    """A browser of one of the accounts, or of nobody; nothing may be blocked on the way."""
    service, address = house
    contexts, complaints = [], list[str]()

    def begin(who: str = "", width: int = DESK, scheme: str = "light", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            locale="zh-CN",
            base_url=address,
            has_touch=width == PHONE,
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=script,
        )
        contexts.append(context)
        if who:
            context.add_cookies([{"name": SESSION_COOKIE, "value": service.tokens[who], "url": address}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if "Security" in said.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield begin
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_dealer_cuts_a_drum_and_sells_a_piece(start: Start, house: tuple[Service, str], width: int) -> None:
    batch = f"/batches/{house[0].code['L1']}"
    first = 20 if width == PHONE else 30
    page = start("dealer", width)
    page.goto(batch)
    page.click("summary:has-text('记录')")
    picture(page, "entry-menu")
    page.click(".choices a:text-is('分切')")
    page.locator(".entries a", has_text="1 号").first.click()
    assert page.input_value("[name='body/unit']") == "1"
    page.fill("[name='body/pieces/0/unit']", str(first))
    page.fill("[name='body/pieces/0/length_mm']", "900")
    page.fill("[name='occurred_at']", "2026-05-20")
    page.click("form[data-guard] .actions button[type=submit]")
    picture(page, "entry-split-wrong")
    assert "余量只有" in page.locator(".summary").inner_text()
    if width == PHONE:
        assert [low for low in low_targets(page) if "余量" not in low] == []

    page.fill("[name='body/pieces/0/length_mm']", "30")
    page.click("form[data-guard] .actions button[type=submit]")
    page.wait_for_url(re.compile(r"#event-\d+$"))

    page.goto(f"{batch}?unit={first}")
    picture(page, "entry-piece")
    assert "从第 1 盘分切" in page.locator("#unit").inner_text()


def test_an_officer_seals_a_drum_and_what_is_moved_all_the_same_is_marked(
    start: Start, house: tuple[Service, str]
) -> None:
    batch = f"/batches/{house[0].code['L1']}"
    officer = start("regulator", DESK, "dark")
    officer.goto(f"{batch}/record/measure?units=3")
    officer.select_option("[name='body/action']", "seal")
    officer.fill("[name='body/number']", "周市监封〔2026〕12号")
    officer.fill("[name='body/against']", "李某家庭作坊")
    officer.fill("[name='occurred_at']", "2026-06-25")
    officer.click("form[data-guard] .actions button[type=submit]")
    picture(officer, "entry-measure-unregistered")
    officer.check("[name=introduces]")
    officer.click("form[data-guard] .actions button[type=submit]")
    officer.wait_for_url(re.compile(r"#event-\d+$"))
    picture(officer, "entry-sealed")
    assert "还有 " in officer.locator("#holds").inner_text()

    maker = start("maker", PHONE)
    maker.goto(f"{batch}/record/sale?units=3")
    maker.select_option("[name='body/buyer']", "unknown")
    maker.click("form[data-guard] .actions button[type=submit]")
    picture(maker, "entry-held")
    assert "行政强制法" in maker.locator(".summary").inner_text()
    maker.click("button[name=happened]")
    maker.wait_for_url(re.compile(r"#event-\d+$"))
    assert maker.locator(".timeline .badge", has_text="查封").count() >= 1


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_site_corrects_a_use_and_sees_the_metres_before(
    start: Start, house: tuple[Service, str], width: int
) -> None:
    batch = f"/batches/{house[0].code['L1']}"
    page = start("site", width)
    page.goto(batch)
    corrected_before = page.locator("#timeline del").count()
    page.locator("li", has=page.locator("h3:text-is('使用')")).locator("a:text-is('更正')").first.click()
    picture(page, "correct-form")
    length = "55" if width == DESK else "52"
    page.fill("[name=reason]", "抄错了米标")
    page.fill("[name='body/length_mm']", length)
    page.click("button[value=check]")
    picture(page, "correct-checked")
    assert "米数会怎样" in page.locator("main").inner_text()
    page.click("button[value=record]")
    page.wait_for_url(re.compile(r"#event-\d+$"))
    picture(page, "corrected-timeline")
    assert page.locator("#timeline del").count() == corrected_before + 1
    assert f"更正为：使用 {length} m" in page.locator("#timeline").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_a_consumer_complains_on_a_phone_and_asks_how_it_stands(
    start: Start, house: tuple[Service, str], script: bool
) -> None:
    page = start("", PHONE, script=script)
    page.goto(f"/c/{house[0].code['L1']}")
    page.click("a:text-is('投诉或举报')")
    picture(page, "report-choose")
    page.click("a:text-is('我要投诉')")
    page.fill("[name='body/text']", "量出来线径不够，商家不退。")
    page.select_option("[name='body/wants']", "refund")
    page.fill("[name='place/region']", "朝阳区")
    page.fill("[name='body/complainant/name']", "某女士")
    page.fill("[name='body/complainant/phone']", "000-0000")
    page.click("form[action='/report/complaint'] button[type=submit]")
    picture(page, "report-wrong")
    assert "有几个地区都叫这个名称" in page.locator(".summary").inner_text()
    assert page.input_value("[name='body/text']") == "量出来线径不够，商家不退。"

    page.fill("[name='place/region']", "周口市川汇区")
    page.click("form[action='/report/complaint'] button[type=submit]")
    page.wait_for_url("**/r/*")
    picture(page, "receipt-fresh")
    number = page.locator(".secret span").first.inner_text()
    assert page.locator("h1").inner_text() == "投诉已收到"

    page.goto("/r")
    page.fill("[name=number]", number.lower())
    page.click("form[action='/r'] button")
    assert page.locator("h1").inner_text() == "已收到，等待处理"
    picture(page, "receipt")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_site_accepts_at_the_gate_and_is_told_what_is_wrong(
    start: Start, house: tuple[Service, str], width: int
) -> None:
    page = start("site", width)
    page.goto(f"/c/{house[0].code['L1']}")
    page.click("a:text-is('打开这批货')")
    page.click("summary:has-text('记录')")
    page.click(".choices a:text-is('验收')")
    page.fill("[name='body/units']", "77")
    page.locator(".picks label", has_text="拒收").click()
    page.fill("[name='body/number']", f"YS-{width}")
    page.fill("[name='occurred_at']", "2026-05-20")
    page.locator("[name=documents]").last.set_input_files(
        {"name": "到货.jpg", "mimeType": "image/jpeg", "buffer": photo(30)}
    )
    page.click("form[data-guard] .actions button[type=submit]")
    picture(page, "entry-acceptance-wrong")
    assert page.locator(".summary a").count() == 1
    assert page.is_checked("[name='body/result'][value=reject]")
    assert page.is_checked("[name=kept]")
    if width == PHONE:
        assert [low for low in low_targets(page) if "77" not in low] == []

    page.locator(".entries a", has_text="2 号").first.click()
    assert page.input_value("[name='body/units']") == "2"
    page.locator(".picks label", has_text="接收").click()
    page.fill("[name='body/number']", f"YS-{width}")
    page.fill("[name='occurred_at']", "2026-05-20")
    picture(page, "entry-acceptance")
    page.click("form[data-guard] .actions button[type=submit]")
    page.wait_for_url(re.compile(r"#event-\d+$"))
    assert f"验收单 YS-{width}" in page.locator("#timeline").inner_text()


@pytest.mark.parametrize(("width", "script"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_a_laboratory_adds_rows_and_sees_its_values_beside_the_limits(
    start: Start, house: tuple[Service, str], width: int, script: bool
) -> None:
    page = start("laboratory", width, script=script)
    page.goto(f"/batches/{house[0].code['L1']}/record/testing?unit=2")
    rows = page.locator("[name^='body/items'][name$='indicator']")
    before = rows.count()
    page.fill("[name='body/report']", f"WT-{width}-{script}")
    page.click("button[name=more]")
    assert rows.count() > before
    page.fill("[name='body/items/0/indicator']", "导体电阻")
    page.fill("[name='body/items/0/value']", "0.251")
    page.fill("[name='body/items/0/unit']", "kV")
    page.select_option("[name='body/type']", "commissioned")
    page.fill("[name='occurred_at']", "2026-05-20")
    page.press("[name='body/report']", "Enter")
    page.wait_for_selector(".summary")
    picture(page, f"entry-testing-wrong-{'script' if script else 'bare'}")
    assert page.locator(".summary a").get_attribute("href") == "#field-body/items/0/unit"
    assert page.locator(".wrong").count() == 1

    page.fill("[name='body/items/0/unit']", "Ω/km")
    page.click("form[data-guard] .actions button[type=submit]")
    page.wait_for_url("**#tests")
    assert re.search(rf"WT-{width}-{script}[\s\S]*0\.251[\s\S]*≤ 0\.193", page.locator("#tests").inner_text())


@pytest.mark.parametrize("script", [True, False])
def test_photos_of_the_public_stay_after_an_error(
    start: Start, house: tuple[Service, str], script: bool
) -> None:
    photos = [
        {"name": f"{shade}.jpg", "mimeType": "image/jpeg", "buffer": photo(shade)} for shade in (30, 90, 150)
    ]
    page = start("", PHONE, script=script)
    page.goto(f"/report/report?code={house[0].code['L1']}")
    page.fill("[name='body/text']", "线芯偏细")
    page.fill("[name='place/region']", "朝阳区")
    page.locator("[name=documents]").last.set_input_files(photos)
    page.click("form[action='/report/report'] .actions button")
    picture(page, f"report-photos-wrong-{'script' if script else 'bare'}")
    assert "已收下的照片，不用再选" in page.locator("#field-documents").inner_text()
    assert page.input_value("[name='body/text']") == "线芯偏细"

    page.fill("[name='place/region']", "周口市川汇区")
    page.click("form[action='/report/report'] .actions button")
    page.wait_for_url("**/r/*")
    number = page.url.rpartition("/")[2]

    officer = start("regulator", DESK)
    officer.goto(f"/submissions/{number}")
    officer.wait_for_load_state("networkidle")
    picture(officer, "submission-photos")
    seen = officer.locator("main img").evaluate_all("(all) => all.map((each) => each.naturalWidth)")
    assert seen == [64] * len(photos)


def test_too_many_photos_are_told_before_they_travel(start: Start) -> None:
    page = start("", PHONE)
    page.goto("/report/report")
    chooser = page.locator("[name=documents]").last
    one = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(30)}

    chooser.set_input_files([one] * 7)
    assert chooser.evaluate("(field) => field.validationMessage") == "照片太多或太大，请少选几张"
    chooser.set_input_files([one] * 6)
    assert chooser.evaluate("(field) => field.validationMessage") == ""
    chooser.set_input_files([{**one, "buffer": bytes(10 * 2**20 + 1)}])
    assert chooser.evaluate("(field) => field.validationMessage") != ""


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_maker_changes_the_photos_of_a_record(start: Start, house: tuple[Service, str], width: int) -> None:
    page = start("maker", width)
    page.goto(f"/events/{house[0].event['production']}/correct")
    page.fill("[name=reason]", "照片拍错了")
    page.locator("[name=dropped]").first.check()
    page.locator("[name=documents]").last.set_input_files(
        {"name": f"{width}.jpg", "mimeType": "image/jpeg", "buffer": photo(width % 250)}
    )
    picture(page, "correct-attachments")
    page.click("button[value=check]")
    picture(page, "correct-attachments-checked")
    assert f"{width}.jpg" in page.locator("main").inner_text()
    page.click("button[value=record]")
    page.wait_for_url(re.compile(r"#event-\d+$"))
    page.goto(f"/events/{house[0].event['production']}/correct")
    assert f"去掉 {width}.jpg" in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_batch_is_registered_labelled_sent_by_codes_and_received_by_one_touch(
    start: Start, house: tuple[Service, str], width: int
) -> None:
    maker = start("maker", width)
    maker.goto("/")
    picture(maker, "day-desk")
    maker.click(".actions a:has-text('登记一批')")
    lot = maker.input_value("[name='subject/batch/lot']")
    maker.fill("[name='body/units']", "1-20 × 500; 21 × 320")
    expect(maker.locator("#understood")).to_contain_text("10,320 m")
    picture(maker, "day-produce")
    if width == PHONE:
        assert low_targets(maker) == []
    maker.press("[name='body/units']", "Enter")
    maker.wait_for_url(re.compile(r"/batches/[0-9A-Z]{10}$"))
    assert lot in maker.inner_text("h1 + p")
    picture(maker, "day-batch")
    maker.click(".actions a:has-text('打印标签')")
    assert maker.locator(".labels-grid svg").count() == 21
    picture(maker, "day-labels")
    maker.go_back()
    batch = batch_code_in(maker.url.rpartition("/")[2])
    first = unit_code(batch, 1, house[0].house.code_keys[1]).printed

    maker.click(".actions a:has-text('发货')")
    maker.fill("#field-codes", "")
    for typed in (first, first, first[:-1] + ("A" if first[-1] != "A" else "B")):
        maker.fill("#field-code", typed)
        maker.press("#field-code", "Enter")
        assert maker.input_value("#field-code") == ""
    expect(maker.locator("#list .note")).to_have_count(2)
    assert "重复" in maker.inner_text("#list")
    picture(maker, "day-scanned")
    maker.fill("#field-codes", batch.printed)
    expect(maker.locator("#list")).to_contain_text("10,320 m")
    maker.fill("[name='body/to']", "周口市例示五金经营部")
    maker.fill("[name='body/delivery_note']", f"FH-{lot}")
    picture(maker, "day-dispatch")
    if width == PHONE:
        assert low_targets(maker) == []
    maker.click("button:has-text('记录发货')")
    maker.wait_for_selector("text=已记录")
    picture(maker, "day-dispatched")

    dealer = start("dealer", width)
    dealer.goto("/receive")
    picture(dealer, "day-receive")
    if width == PHONE:
        assert low_targets(dealer) == []
    form = dealer.locator("#arrivals form", has_text=f"FH-{lot}")
    form.locator("button:has-text('按单收货')").click()
    dealer.wait_for_selector("text=已记录")
    picture(dealer, "day-received")
    dealer.goto(f"/stock?q={lot}")
    assert "10,320 m" in dealer.inner_text("main")
    picture(dealer, "day-stock")
    dealer.goto("/orders")
    picture(dealer, "day-orders")


def test_a_batch_is_registered_without_a_script_too(start: Start) -> None:
    maker = start("maker", DESK, script=False)
    maker.goto("/batches/new")
    maker.fill("[name='body/units']", "3 卷 × 100")
    maker.click("button:has-text('先核对')")
    expect(maker.locator("#understood")).to_contain_text("300 m")
    maker.click("section.card button:has-text('记录这一批')")
    maker.wait_for_url(re.compile(r"/batches/[0-9A-Z]{10}$"))


@pytest.mark.parametrize(("width", "script"), [(PHONE, True), (PHONE, False), (DESK, True)])
def test_a_dealer_enters_an_order_and_finds_it_in_the_list(
    start: Start, house: tuple[Service, str], width: int, script: bool
) -> None:
    number = f"DD-{width}-{script}"
    page = start("dealer", width, script=script)
    page.goto("/orders")
    page.click("a:has-text('登记订单')")
    page.locator(".picks label", has_text="需方").click()
    page.fill("[name=partner]", "周口市示例电缆有限公司")
    page.fill("[name='subject/order/number']", number)
    page.fill("[name='body/items/0/designation']", "YJV 4×35")
    page.fill("[name='body/items/0/length_mm']", "很长")
    page.click("button[name=more]")
    assert page.locator("[name^='body/items'][name$='designation']").count() > 3
    picture(page, f"order-entered-{'script' if script else 'bare'}")
    if width == PHONE:
        assert low_targets(page) == []
    page.click("form[data-guard] .actions button[type=submit]")
    page.wait_for_selector(".summary")
    assert page.locator(".wrong").count() == 1
    assert page.input_value("[name=partner]") == "周口市示例电缆有限公司"

    page.fill("[name='body/items/0/length_mm']", "500")
    page.fill("[name='body/items/0/due']", "2026-07-20")
    page.click("form[data-guard] .actions button[type=submit]")
    page.wait_for_url("**/orders?q=*")
    picture(page, f"order-listed-{'script' if script else 'bare'}")
    assert number in page.inner_text("main")
    page.click("a:has-text('原记录')")
    page.click("a:has-text('更正')")
    assert page.input_value("[name='body/items/0/length_mm']") == "500"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_measured_length_stays_while_more_drums_are_scanned(
    start: Start, house: tuple[Service, str], width: int
) -> None:
    service, _ = house
    machine, lot = service.house.at_the_machine(), f"MEASURED-{width}"
    coming = (
        production(lot, [(1, 2, 500_000)], on="2026-06-01", entered_for=MAKER),
        dispatch(batch_of(MAKER, lot), units=[(1, 2)], on="2026-06-20", entered_for=MAKER),
    )
    service.house.intake.record_now([prepare(each, machine) for each in coming])
    with begin_read(service.house.ledger) as tx:
        ((_, code),) = codes_of_lots(tx, [lot])[lot]
    first, second = (
        unit_code(batch_code_in(code), unit, service.house.code_keys[1]).printed for unit in (1, 2)
    )
    page = start("dealer", width)
    page.goto("/receive")
    page.fill("#field-code", first)
    page.press("#field-code", "Enter")
    page.fill(f"[name='measured/{code}']", "1 × 490")
    page.fill("#field-code", second)
    page.press("#field-code", "Enter")
    expect(page.locator("#list")).to_contain_text("2 盘（卷）")
    assert page.input_value(f"[name='measured/{code}']") == "1 × 490"
    picture(page, "receive-measured")
    if width == PHONE:
        assert low_targets(page) == []

    page.click("button:has-text('记录收货')")
    page.wait_for_selector("text=已记录")
    page.goto(f"/batches/{code}")
    assert "实测 1 号 490 m" in page.inner_text("#timeline")
