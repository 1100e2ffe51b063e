"""Every page, in every state of the samples and in both languages, keeps the house's rules for pages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from jinja2 import Environment, UndefinedError

from cabletrace.auth.policy import Role
from cabletrace.queries.public import PublicFacts
from cabletrace.web.rendering import TEMPLATES, make_environment, render
from cabletrace.web.samples import samples
from cabletrace.web.samples_in_common import MAKER, frame
from cabletrace.web.views import BatchPage, MovingPage, Page, PublicPage, RecordPage
from cabletrace.web.words import WHERES, Language
from html_for_tests import Reader

LANGUAGES: tuple[Language, ...] = ("zh", "en")
HAN = re.compile(r"[\u4e00-\u9fff]")
UNEXPLAINED = WHERES["unexplained"].zh


@pytest.fixture(scope="module")
def environment() -> Environment:
    return make_environment()


@pytest.fixture(scope="module")
def pages(environment: Environment) -> dict[tuple[Language, str], Reader]:
    return {
        (language, name): Reader(render(environment, page))
        for language in LANGUAGES
        for name, page in samples(language).items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
class TestEveryPage:
    """Each rule over all pages of a language: one test for each page and rule took longer to count than to run."""

    @pytest.fixture
    def every(self, pages: dict, language: Language) -> list[tuple[str, Reader]]:
        return [(name, page) for (said, name), page in pages.items() if said == language]

    def test_nests_its_elements_properly(self, every: list[tuple[str, Reader]]) -> None:
        assert [(name, page.stray, page.open) for name, page in every if page.stray or page.open] == []

    def test_says_its_language_and_has_a_title(
        self, every: list[tuple[str, Reader]], language: Language
    ) -> None:
        for name, page in every:
            assert next(page.all("html")).attributes["lang"] == ("en" if language == "en" else "zh-CN"), name
            assert next(page.all("title")).text.strip(" ·\n") not in {"", "电缆追溯", "cabletrace"}, name

    def test_has_one_main_heading(self, every: list[tuple[str, Reader]]) -> None:
        assert {name: len(list(page.all("h1"))) for name, page in every} == dict.fromkeys(dict(every), 1)

    def test_carries_no_inline_style_or_script(self, every: list[tuple[str, Reader]]) -> None:
        for name, page in every:
            assert not list(page.all("style")), name
            for element in page.elements:
                assert "style" not in element.attributes, (name, element)
                assert not [each for each in element.attributes if each.startswith("on")], (name, element)
            for script in page.all("script"):
                assert script.attributes["src"], name
                assert script.text == "", name

    def test_fetches_nothing_from_elsewhere(self, every: list[tuple[str, Reader]]) -> None:
        for name, page in every:
            for element in page.all("script", "link", "img", "use", "form", "iframe"):
                for attribute in ("src", "href", "action"):
                    assert "//" not in (element.attributes.get(attribute) or ""), (name, element)

    def test_names_every_picture(self, every: list[tuple[str, Reader]]) -> None:
        for name, page in every:
            for picture in page.all("img", "svg"):
                said = picture.attributes
                assert said.get("alt") or said.get("aria-label") or said.get("aria-hidden"), (name, picture)

    def test_labels_every_input(self, every: list[tuple[str, Reader]]) -> None:
        for name, page in every:
            labelled = {label.attributes.get("for") for label in page.all("label")}
            for control in page.all("input", "select", "textarea"):
                if control.attributes.get("type") != "hidden":
                    is_labelled = control.attributes.get("id") in labelled or "label" in control.ancestors
                    assert is_labelled, (name, control)

    def test_gives_no_id_twice_and_links_to_those_it_has(self, every: list[tuple[str, Reader]]) -> None:
        for name, page in every:
            ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]

            assert len(ids) == len(set(ids)), name
            for link in page.all("a"):
                href = link.attributes.get("href") or ""
                assert not href.startswith("#") or href == "#" or href[1:] in ids, (name, href)

    def test_sends_the_form_token_with_every_form_that_writes(self, every: list[tuple[str, Reader]]) -> None:
        for name, page in every:
            writing = [form for form in page.all("form") if form.attributes.get("method") == "post"]
            tokens = [i for i in page.all("input") if i.attributes.get("name") == "form_token"]

            assert len(tokens) == len(writing), name


#: What stays Chinese on an English page: the brand's other name and the switch back.
NAMES = ("电缆追溯", "中文")


def test_the_english_chrome_of_the_public_page_holds_no_chinese(environment: Environment) -> None:
    page = PublicPage(frame=frame("en", "/c", role=Role.PUBLIC), outcome="ask")

    text = next(Reader(render(environment, page)).all("body")).text

    for name in NAMES:
        text = text.replace(name, "")
    assert not HAN.findall(text)


def test_every_text_in_a_template_has_both_languages() -> None:
    one_sided = []
    for template in TEMPLATES.rglob("*.html"):
        source = template.read_text(encoding="utf-8")
        outside = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
        outside = re.sub(r'\bt\(("[^"]*"|\'[^\']*\'),\s*("[^"]*"|\'[^\']*\')\)', "", outside)
        one_sided += [f"{template.name}: {line.strip()}" for line in outside.splitlines() if HAN.search(line)]

    # The switch names the other language in its own words; quoted values keep their brackets.
    assert [line for line in one_sided if '"中文" if' not in line and "「" not in line] == []


def test_a_template_that_asks_for_what_is_not_there_fails(environment: Environment) -> None:
    template = environment.from_string("{{ page.buyer }}")

    with pytest.raises(UndefinedError, match="buyer"):
        template.render(page=samples("zh")["public-issued"], language="zh")


def test_what_people_typed_is_escaped(environment: Environment) -> None:
    page = PublicPage(
        frame=frame("zh", "/c", role=Role.PUBLIC), outcome="mistyped", code='"><script>alert(1)</script>'
    )

    html = render(environment, page)

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_the_public_facts_have_no_room_for_buyer_price_or_project() -> None:
    words = " ".join(PublicFacts.__dataclass_fields__)

    assert not re.search(r"buyer|seller|holder|price|fen|project|owner|region", words)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("public-issued", "本平台签发，目前没有召回"),
        ("public-batch", "本平台签发，目前没有召回"),
        ("public-recalled", "这一盘（卷）正在召回，请停止使用"),
        ("public-batch-recalled", "本批货物正在召回，请停止使用"),
        ("public-batch-recalled-in-part", "本批部分盘（卷）正在召回：10–14 号"),
        ("public-copied", "本平台签发，但已确认有人复制了这个码"),
        ("public-not-issued", "不是本平台签发"),
        ("public-reserved", "空白标签，还没有登记货物"),
        ("public-mistyped", "输入有误"),
    ],
)
def test_the_public_page_says_one_plain_answer(pages: dict, name: str, said: str) -> None:
    page = pages["zh", name]

    assert next(page.all("h1")).text == said


@pytest.mark.parametrize(
    "name",
    [
        "public-issued",
        "public-recalled",
        "public-copied",
        "public-reserved",
        "public-not-issued",
        "public-mistyped",
    ],
)
def test_every_one_of_the_answers_leads_to_a_complaint_about_its_code(pages: dict, name: str) -> None:
    links = [link.attributes["href"] or "" for link in pages["zh", name].all("a")]

    assert [link for link in links if link.startswith("/report?code=7K3Q")]


@pytest.mark.parametrize("name", ["public-recalled", "public-batch-recalled-in-part"])
def test_a_recall_of_some_drums_says_which(pages: dict, name: str) -> None:
    said = next(pages["zh", name].all("main")).text

    assert "召回范围：本批 10–14 号盘（卷）" in said
    assert "本批货物正在召回" not in said


def test_goods_are_scanned_above_the_deliveries_that_need_no_scanning(
    pages: dict, environment: Environment
) -> None:
    page = samples("zh")["receive"]
    assert isinstance(page, MovingPage)
    ids = [e.attributes.get("id") for e in pages["zh", "receive"].all("input", "section")]
    many = Reader(render(environment, replace(page, arrivals=page.arrivals * 2)))

    assert ids.index("field-code") < ids.index("arrivals")
    assert "#arrivals" in [link.attributes["href"] for link in pages["zh", "receive"].all("a")]
    folded = [e for e in many.all("summary") if e.text.startswith("是什么货")]
    assert len(folded) == 4


def test_a_confirmed_copy_is_told_with_what_to_compare_and_accuses_nobody(pages: dict) -> None:
    for name in ("public-copied", "public-recalled-and-copied"):
        said = next(pages["zh", name].all("main")).text

        assert "监管部门已核实" in said
        assert "广东省广州市" in said
        assert "可能是真货，也可能是复制品" in said
        assert "米标" in said
        assert not re.search("假冒|造假|伪造|嫌疑|仿冒", said)


def test_a_region_table_that_does_not_add_up_says_by_how_much(pages: dict) -> None:
    text = next(pages["zh", "trace-torn"].all("main")).text

    assert "合计与生产量相差 −0.001 m" in text
    assert "合计与生产量一致" not in text


@pytest.mark.parametrize("name", ["batch-full", "trace-full"])
def test_what_more_came_and_what_less_stand_apart_drum_by_drum(pages: dict, name: str) -> None:
    page = pages["zh", name]
    rows = [" ".join(row.text.split()) for row in page.all("tr")]
    lines = [" ".join(line.text.split()) for line in page.all("li")]

    # The share is of all that is somewhere, 8,060.5 m, so that no share is above the whole.
    assert [row for row in rows if re.match(r"\S*（比账上", row)] == [
        f"{UNEXPLAINED}（比账上少） 148.25 1.8",
        f"{UNEXPLAINED}（比账上多） −60.5 —",
    ]
    assert [re.sub(".*收", "收", line) for line in lines if "比账上" in line] == [
        "收到或查扣的散装比账上多 0.5 m",
        f"收货方报的比账上多 60 m（20 号盘） · 账上原在 {MAKER}",
        f"收货方报的比账上少 148.25 m（21–22 号盘） · 账上原在 {MAKER}",
    ]


def test_a_corrected_event_stays_struck_beside_its_correction(pages: dict) -> None:
    page = pages["zh", "batch-full"]

    assert [struck.text for struck in page.all("del")] == ["使用 1,250 m：3 号楼配电干线"]
    assert "使用 1,215 m" in next(page.all("main")).text


def test_a_long_history_folds_and_loses_nothing(environment: Environment) -> None:
    batch = samples("zh")["batch-full"]
    assert isinstance(batch, BatchPage)
    events = tuple(replace(batch.events[0], index=n) for n in range(23))

    page = Reader(render(environment, replace(batch, events=events)))

    steps = [step for step in page.all("li") if (step.attributes.get("id") or "").startswith("event-")]
    assert [step.attributes["id"] for step in steps] == [f"event-{n}" for n in range(23)]
    assert sum("details" in step.ancestors for step in steps) == 3
    assert "其余 3 条" in next(page.all("main")).text


def test_an_alert_leads_to_the_event_that_raised_it(pages: dict) -> None:
    links = [a.attributes["href"] for a in pages["zh", "alerts-full"].all("a") if "h3" in a.ancestors]

    assert links
    assert all(re.fullmatch(r"/batches/[0-9A-Z]{10}#event-[0-9]+", link or "") for link in links)


def test_an_answer_that_lists_what_it_rests_on_does_not_say_it_twice(pages: dict) -> None:
    text = next(pages["zh", "batch-full"].all("main")).text

    assert "收货没有对应的发货（1 次）" in text
    assert "导体电阻实测 0.561 Ω/km，超过限值" not in text


def test_the_key_is_on_the_page_once_and_only_when_fresh(environment: Environment) -> None:
    secret = "ct_4f9a_9sQ2w7Xk3LmN8vB5cR1tY6uP0aD4fG"
    shown: dict[str, Page] = samples("zh")

    assert secret in render(environment, shown["keys-full"])
    assert secret not in render(environment, shown["keys-wrong"])


def test_a_box_that_asks_whether_it_is_meant_has_a_sample() -> None:
    asked = [page for page in samples("zh").values() if isinstance(page, RecordPage) and page.doubt]

    assert asked


def test_every_template_of_a_page_has_a_sample() -> None:
    shown = {page.template for page in samples("zh").values()}
    written = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name != "components" and path.name != "base.html"
    }

    assert written == shown
