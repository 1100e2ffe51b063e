"""Drafts: one strict door, where every wrong member is named at its place in both languages."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cases_for_tests as cases
import drafts_for_tests as some
import programmes_for_tests as campaigns
from cabletrace.codes.trace_code import BatchCode
from cabletrace.errors import ANSWERS, InputError, Problem
from cabletrace.ledger import canonical
from cabletrace.model.drafts import CORRECTABLE, draft_adapter, parse_draft
from cabletrace.model.kinds import KINDS, Kind
from cabletrace.model.values import MAX_INTEGER, MAX_UNIT, business_id, party_id
from drafts_for_tests import DEALER, MAKER, NOBODY, OPERATOR, SITE
from world_for_tests import draft_of

EVERY_KIND: dict[str, Callable[[], some.Envelope]] = {
    "party": lambda: some.party(MAKER, "周口市示例电缆有限公司", "manufacturer"),
    "certificate": some.certificate,
    "product": some.product,
    "project": some.project,
    "key": some.key,
    "grant": lambda: some.grant(SITE, DEALER, "receipt"),
    "order": some.order,
    "reservation": some.reservation,
    "production": some.production,
    "labelling": lambda: some.labelling(CODE),
    "testing": some.report,
    "dispatch": lambda: some.dispatch(units=[(1, 2)]),
    "receipt": lambda: some.receipt(units=[(1, 2)]),
    "acceptance": some.acceptance,
    "supervision": some.supervision,
    "use": some.use,
    "sampling": some.sampling,
    "split": some.split,
    "return": lambda: some.returned(units=[(1, 2)]),
    "disposal": lambda: some.disposal(units=[(1, 2)]),
    "sale": lambda: some.sale(unit=1, length_mm=20_000),
    "inspection": lambda: some.inspection({"goods": some.GOODS}, goods=some.MARKS),
    "visit-plan": some.visit_plan,
    "technical-help": some.technical_help,
    "credit-class": some.credit_class,
    "monthly-form": some.monthly_form,
    "sample-step": lambda: some.sample_step(EVENT),
    "rectification": lambda: some.rectification(EVENT),
    "sampling-plan": some.sampling_plan,
    "sampling-draw": lambda: some.sampling_draw(EVENT),
    "measure": lambda: some.measure(units=[(1, 2)]),
    "recall": some.recall,
    "notice": some.notice,
    "notice-reply": lambda: some.notice_reply(EVENT),
    "complaint": some.complaint,
    "report": some.hint,
    "alert": some.alert,
    "alert-finding": lambda: some.finding(EVENT),
    "alert-step": cases.alert_step,
    "calendar": some.calendar,
    "lead": cases.lead,
    "lead-step": lambda: cases.lead_step(EVENT),
    "case": cases.case,
    "case-step": lambda: cases.case_step(EVENT, "investigate"),
    "request": lambda: cases.request(case=EVENT),
    "request-step": lambda: cases.request_step(EVENT, "received"),
    "programme": campaigns.programme,
    "listing": campaigns.listing,
    "discipline": cases.discipline,
    "discipline-step": lambda: cases.discipline_step(EVENT, "approved"),
    "listing-step": lambda: campaigns.listing_step(EVENT),
    "self-check": campaigns.self_check,
    "commitment": campaigns.commitment,
    "programme-step": lambda: campaigns.report(EVENT),
    "confirmation": some.confirmation,
    "alias": lambda: some.alias(code="6901234567892"),
    "correction": lambda: some.correction(some.dispatch(units=[(1, 2)]), some.dispatch(units=[(1, 1)])),
    "erasure": lambda: some.erasure(EVENT, "complaint", "/body/complainant/name"),
    "read": some.read,
    "statement": some.statement,
}
CODE = BatchCode("7Q0M1ZK4C").canonical
#: Some event that is spoken of.
EVENT = "00000000-0000-4000-8000-0000000000ee"


def problems_with(draft: Any) -> list[Problem]:
    with pytest.raises(InputError) as raised:
        parse_draft(canonical.encode(draft))
    return list(raised.value.problems)


def a_dispatch(**body: Any) -> dict[str, Any]:
    draft: dict[str, Any] = some.dispatch(units=[(1, 2)])["draft"]
    draft["body"] |= body
    return draft


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_is_read_as_what_it_says(kind: str) -> None:
    envelope = EVERY_KIND[kind]()

    draft = draft_of(envelope)

    assert draft.kind == kind
    assert draft.id == envelope["draft"]["id"]
    assert type(draft).__name__ == f"{kind.title().replace('-', '')}Draft"


def test_every_kind_has_a_name_in_both_languages_and_an_example_here() -> None:
    kinds = set(get_args(Kind))

    assert kinds == set(KINDS) == set(EVERY_KIND)
    assert all(text.zh and text.en for text in KINDS.values())


def test_the_json_schema_names_every_kind_for_readers_of_the_interface() -> None:
    schema = draft_adapter().json_schema()

    assert set(schema["discriminator"]["mapping"]) == set(KINDS)
    assert all(definition.get("additionalProperties") is False for definition in schema["$defs"].values())


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_no_level_of_any_kind_takes_a_member_that_it_does_not_know(kind: str) -> None:
    draft = EVERY_KIND[kind]()["draft"]
    for path in object_paths(draft):
        widened = deepcopy(draft)
        inside(widened, path)["colour"] = "red"

        (problem,) = problems_with(widened)

        assert problem.where == "".join(f"/{step}" for step in (*path, "colour"))
        assert problem.detail.zh == "没有这个字段"
        assert problem.came == "red"


def object_paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [path, *(p for name, member in value.items() for p in object_paths(member, (*path, name)))]
    if isinstance(value, list):
        return [p for n, item in enumerate(value) for p in object_paths(item, (*path, n))]
    return []


def inside(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"units": [[True, 2]]}, "/body/units/0/0"),
        ({"units": [["1", 2]]}, "/body/units/0/0"),
        ({"units": [[1, 2, 3]]}, "/body/units/0"),
        ({"units": [[1]]}, "/body/units/0/1"),
        ({"units": [1]}, "/body/units/0"),
        ({"units": {"first": 1}}, "/body/units"),
        ({"units": [[0, 2]]}, "/body/units/0/0"),
        ({"units": [[1, MAX_UNIT + 1]]}, "/body/units/0/1"),
        ({"units": [[n, n] for n in range(1, 1002)]}, "/body/units"),
        ({"length_mm": 0}, "/body/length_mm"),
        ({"length_mm": -1}, "/body/length_mm"),
        ({"length_mm": "500"}, "/body/length_mm"),
        ({"length_mm": False}, "/body/length_mm"),
        ({"price_fen_per_metre": -1}, "/body/price_fen_per_metre"),
        ({"delivery_note": ""}, "/body/delivery_note"),
        ({"delivery_note": "FH-1 "}, "/body/delivery_note"),
        ({"delivery_note": "FH\n1"}, "/body/delivery_note"),
        ({"delivery_note": "F" * 81}, "/body/delivery_note"),
        ({"carrier": 5}, "/body/carrier"),
        ({"to": NOBODY.upper()}, "/body/to"),
        ({"to": MAKER[:-1] + ("0" if MAKER[-1] != "0" else "1")}, "/body/to"),
        ({"to": MAKER.lower()}, "/body/to"),
        ({"region": "999999"}, "/body/region"),
        ({"region": "4116"}, "/body/region"),
    ],
)
def test_a_wrong_member_is_named_at_its_place(body: dict[str, Any], where: str) -> None:
    (problem,) = problems_with(a_dispatch(**body))

    assert problem.where == where
    assert_readable(problem)


@pytest.mark.parametrize(
    ("members", "where", "code"),
    [
        ({"id": "not-a-uuid"}, "/id", "wrong-input"),
        ({"id": NOBODY.replace("f", "F")}, "/id", "wrong-input"),
        ({"kind": "dispatchx"}, "/kind", "unknown-kind"),
        ({"kind": 5}, "/kind", "unknown-kind"),
        ({"occurred_at": "2026-05-02T08:30:00"}, "/occurred_at", "wrong-date"),
        ({"occurred_at": "2026-05-02"}, "/occurred_at", "wrong-date"),
        ({"occurred_at": "2026-02-29T08:30:00+08:00"}, "/occurred_at", "wrong-date"),
        ({"occurred_at": "2026-05-02T08:30:60+08:00"}, "/occurred_at", "wrong-date"),
        ({"occurred_at": "2026-05-02T08:30:00+24:00"}, "/occurred_at", "wrong-date"),
        ({"occurred_at": "1949-12-31T08:30:00+08:00"}, "/occurred_at", "wrong-date"),
        ({"occurred_at": "２０２６-05-02T08:30:00+08:00"}, "/occurred_at", "wrong-date"),
        ({"occurred_at": "2026-05-02T08:30:00+08:00"}, "/occurred_at", "wrong-date"),  # with precision: day
        ({"precision": "hour"}, "/precision", "wrong-input"),
        ({"ask": 1}, "/ask", "wrong-input"),
        ({"subject": {}}, "/subject/batch", "wrong-input"),
        ({"subject": {"batch": {}}}, "/subject/batch", "wrong-input"),
        ({"subject": {"batch": {"lot": "L1"}}}, "/subject/batch", "wrong-input"),
        ({"subject": {"batch": {"maker": MAKER}}}, "/subject/batch", "wrong-input"),
        ({"subject": {"batch": {"code": "AAAAAAAAAA"}}}, "/subject/batch/code", "wrong-trace-code"),
        ({"place": {"region": "000000"}}, "/place/region", "unknown-region"),
        ({"place": {"name": "仓库"}}, "/place/region", "wrong-input"),
        ({"by": [{"role": "boss", "name": "甲"}]}, "/by/0/role", "wrong-input"),
        ({"by": [{"role": "keeper", "name": ""}]}, "/by/0/name", "wrong-input"),
        ({"by": [{"role": "keeper", "name": "甲\n乙"}]}, "/by/0/name", "wrong-input"),
        ({"documents": [{"sha256": "ab", "name": "a", "media_type": "a/b", "size": 1}]}, "/documents/0/sha256", "wrong-input"),
        ({"entered_for": "示例公司"}, "/entered_for", "wrong-input"),
    ],
)  # fmt: skip
def test_a_wrong_member_of_the_draft_is_named_with_its_own_code(
    members: dict[str, Any], where: str, code: str
) -> None:
    (problem,) = problems_with({**a_dispatch(), **members})

    assert (problem.where, problem.code) == (where, code)
    assert_readable(problem)


def assert_readable(problem: Problem) -> None:
    assert problem.code in ANSWERS
    assert re.search(r"[一-鿿]", problem.detail.zh)
    assert re.search(r"[a-z]{3}", problem.detail.en)
    for text in (problem.detail.zh, problem.detail.en):
        assert "{" not in re.sub(r"应为 \^.*|form \^.*", "", text)  # nothing was left unfilled
        assert "Input should" not in text  # the library's words are for programmers


def test_everything_wrong_is_named_at_once() -> None:
    draft = a_dispatch(region="999999", units=[[3, 2]], length_mm=0)
    del draft["body"]["to"], draft["occurred_at"]

    wheres = {problem.where for problem in problems_with(draft)}

    assert wheres == {"/body/region", "/body/units", "/body/length_mm", "/body/to", "/occurred_at"}


def test_a_pointer_escapes_what_a_member_name_may_hold() -> None:
    (problem,) = problems_with(a_dispatch(**{"a/b~c": 1}))

    assert problem.where == "/body/a~1b~0c"


@pytest.mark.parametrize("value", [[], 5, "draft", True])
def test_what_is_no_object_is_no_draft(value: Any) -> None:
    (problem,) = problems_with(value)

    assert problem.where == ""
    assert problem.detail.zh == "应为对象"


@pytest.mark.parametrize("length_mm", [7.5, 1e3, MAX_INTEGER + 1, float("nan")])
def test_a_number_that_not_every_reader_reads_alike_never_reaches_a_draft(length_mm: float) -> None:
    draft = a_dispatch(length_mm=length_mm)

    with pytest.raises(InputError) as raised:
        canonical.encode(draft)

    assert raised.value.problems[0].where == "/body/length_mm"


@given(
    st.lists(st.tuples(st.integers(-1, 12), st.integers(-1, 12)), max_size=5).filter(
        lambda ranges: all(first >= 1 and last >= 1 for first, last in ranges)
    )
)
def test_ranges_of_units_ascend_and_never_overlap(ranges: list[tuple[int, int]]) -> None:
    draft = a_dispatch(units=[list(each) for each in ranges])
    numbers = [n for first, last in ranges for n in range(first, last + 1)]
    in_order = all(first <= last for first, last in ranges) and numbers == sorted(set(numbers))

    if in_order:
        assert draft_of({"draft": draft}).body.units == tuple(ranges)
    else:
        assert [p.code for p in problems_with(draft)] == ["wrong-unit-range"]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "where"),
    [
        ("2026-02-30", "2027-01-01", "/body/validity/valid_from"),
        ("2026-01-01T00:00:00Z", "2027-01-01", "/body/validity/valid_from"),
        ("2026-01-01T08:30:00Z", "2027-01-01", "/body/validity/valid_from"),
        (20260101, "2027-01-01", "/body/validity/valid_from"),
        ("0", "2027-01-01", "/body/validity/valid_from"),
        ("2026-01-01", "1800000000", "/body/validity/valid_to"),
        ("2027-01-02", "2027-01-01", "/body/validity"),
    ],
)
def test_a_period_of_validity_is_whole_days_in_order(valid_from: Any, valid_to: Any, where: str) -> None:
    (problem, *_) = problems_with(some.certificate(valid_from=valid_from, valid_to=valid_to)["draft"])

    assert (problem.where, problem.code) == (where, "wrong-date")
    assert_readable(problem)


@pytest.mark.parametrize("value", ["7,14", "７.1", "7.", ".5", "+1", "1e3", "约7", "NaN", ""])
def test_a_measured_value_is_a_plain_decimal(value: str) -> None:
    (problem,) = problems_with(some.report(value=value)["draft"])

    assert problem.where == "/body/items/0/value"


def test_the_day_on_which_rules_judge_is_that_of_shanghai() -> None:
    late = a_dispatch() | {"occurred_at": "2026-05-01T16:00:00.5Z"}
    del late["precision"]

    assert draft_of({"draft": late}).occurred_on == date(2026, 5, 2)


def test_a_day_without_its_beginning_is_no_day() -> None:
    registered = some.project(precision="day")["draft"]

    (problem,) = problems_with(registered)

    assert (problem.where, problem.code) == ("/occurred_at", "wrong-date")


def test_a_retired_region_is_still_the_place_where_something_happened() -> None:
    draft = a_dispatch(region="412727")  # 淮阳县, a district since 2019

    assert draft_of({"draft": draft}).body.region == "412727"


# --- subjects -----------------------------------------------------------------------------------------

SUBJECTS: dict[str, Any] = {
    "batch": some.batch_of()["batch"],
    "goods": some.GOODS,
    "party": DEALER,
    "project": some.PROJECT,
    "region": "411602",
}
#: What each act may be about; everything else is refused.
ABOUT: dict[str, set[str]] = {
    "testing": {"batch", "goods"},
    "sampling": {"batch", "goods"},
    "measure": {"batch", "goods"},
    "inspection": {"batch", "goods", "party", "project"},
    "technical-help": {"party"},
    "credit-class": {"party"},
    "notice": {"batch", "goods", "party"},
    "complaint": {"batch", "goods", "party"},
    "report": {"batch", "goods", "party"},
    "confirmation": {"party", "goods"},
    "alias": {"batch", "goods", "party"},
    "read": {"batch", "goods", "party", "project", "region"},
}


@pytest.mark.parametrize("kind", ABOUT)
@pytest.mark.parametrize("thing", SUBJECTS)
def test_an_act_is_about_the_things_that_it_can_be_about(kind: str, thing: str) -> None:
    draft = EVERY_KIND[kind]()["draft"] | {"subject": {thing: SUBJECTS[thing]}}

    if thing in ABOUT[kind]:
        assert getattr(draft_of({"draft": draft}).subject, thing) is not None
    else:
        (problem,) = problems_with(draft)
        assert problem.where == "/subject"
        assert_readable(problem)


@pytest.mark.parametrize("subject", [{}, {"batch": SUBJECTS["batch"], "goods": some.GOODS}])
def test_an_act_is_about_exactly_one_thing(subject: dict[str, Any]) -> None:
    (problem,) = problems_with(some.inspection()["draft"] | {"subject": subject})

    assert problem.where == "/subject"
    assert_readable(problem)


@pytest.mark.parametrize(
    "kind", [kind for kind, make in EVERY_KIND.items() if "batch" in make()["draft"]["subject"]]
)
def test_only_what_needs_no_time_may_leave_it_out(kind: str) -> None:
    draft = EVERY_KIND[kind]()["draft"]
    for member in ("occurred_at", "precision"):
        draft.pop(member, None)

    if kind in ("alias", "read", "statement"):
        assert draft_of({"draft": draft}).occurred_at is None
    else:
        (problem,) = problems_with(draft)
        assert (problem.where, problem.detail.zh) == ("/occurred_at", "缺少必填项")


@pytest.mark.parametrize("said", [{}, {"whole": True, "taken": {"count": 1, "digest": "0" * 64}}])
def test_a_statement_is_of_the_whole_history_or_of_what_was_taken(said: dict[str, Any]) -> None:
    draft = some.statement()["draft"] | {"body": {"ground": "核查", **said}}

    (problem,) = problems_with(draft)

    assert problem.where == "/body/whole"
    assert_readable(problem)


def test_a_complaint_names_who_complains_and_a_report_need_not() -> None:
    anonymous = some.complaint()["draft"]
    del anonymous["body"]["complainant"]

    (problem,) = problems_with(anonymous)

    assert problem.where == "/body/complainant"
    assert draft_of(some.hint()).body.complainant is None


# --- what is said about events ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_correction_reads_its_right_version_as_the_kind_that_it_corrects(kind: str) -> None:
    of = EVERY_KIND[kind]()
    correction = some.correction(of, of)["draft"]

    if kind in CORRECTABLE:
        assert draft_of({"draft": correction}).body.right == draft_of(of).body
        spoilt = deepcopy(correction)
        spoilt["body"]["right"]["colour"] = "red"
        assert [p.where for p in problems_with(spoilt)] == ["/body/right/colour"]
    else:
        (problem,) = problems_with(correction)
        assert problem.where == "/subject/kind"
        assert_readable(problem)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"void": True}, "/body/right"),  # with a right version as well
        ({"right": None}, "/body/right"),  # with neither
        ({"right": {}}, "/body/right/to"),
        ({"right": [1]}, "/body/right"),
        ({"right": {"to": DEALER, "region": "411602", "units": [[2, 1]]}}, "/body/right/units"),
        ({"of": "the last one"}, "/body/of"),
        ({"reason": ""}, "/body/reason"),
    ],
)
def test_a_correction_brings_the_whole_right_version_or_says_void(body: dict[str, Any], where: str) -> None:
    correction = EVERY_KIND["correction"]()["draft"]
    correction["body"] |= body

    problems = problems_with(correction)

    assert problems[0].where == where
    assert_readable(problems[0])


def test_a_right_version_says_when_it_happened_unless_it_is_a_registry_fact() -> None:
    timeless = some.correction(some.certificate(), some.certificate(valid_to="2027-01-01"))["draft"]
    dispatch = EVERY_KIND["correction"]()["draft"]
    del dispatch["occurred_at"], dispatch["precision"]
    void = some.correction(some.dispatch(units=[(1, 1)]))["draft"]

    assert draft_of({"draft": timeless}).occurred_at is None
    assert draft_of({"draft": void}).body.void
    assert [p.where for p in problems_with(dispatch)] == ["/occurred_at"]


@pytest.mark.parametrize("kind", ["dispatch", "notice-reply", "correction"])
def test_a_reply_is_to_a_notice_a_complaint_or_a_report(kind: str) -> None:
    (problem,) = problems_with(some.notice_reply(EVENT, kind)["draft"])

    assert problem.where == "/subject/kind"
    assert_readable(problem)


@pytest.mark.parametrize("pointer", ["", "by/0/name", "/by/0/name/", "/BY/0", "/by//name"])
def test_an_erasure_names_places_by_pointer(pointer: str) -> None:
    (problem,) = problems_with(some.erasure(EVENT, "complaint", pointer)["draft"])

    assert problem.where == "/body/pointers/0"


def test_a_batch_code_has_one_spelling_in_a_draft() -> None:
    code = BatchCode("23456789A").canonical
    spelt = f"{code[:5]}-{code[5:]}"

    taken = draft_of({"draft": {**a_dispatch(), "subject": {"batch": {"code": code}}}})
    (problem,) = problems_with({**a_dispatch(), "subject": {"batch": {"code": spelt}}})

    assert taken.subject.batch.code == code
    assert problem.where == "/subject/batch/code"


def test_a_party_is_the_same_by_its_credit_code_and_by_the_id_that_follows_from_it() -> None:
    id_ = party_id(MAKER)

    assert party_id(id_) == id_ != party_id(SITE)
    assert party_id(OPERATOR) == OPERATOR
    assert draft_of(some.dispatch(units=[(1, 1)], to=id_)).body.to == id_


def test_a_business_key_is_not_confused_with_its_neighbours() -> None:
    ids = {
        business_id("project", "a", "bc"),
        business_id("project", "ab", "c"),
        business_id("project", "abc"),
        business_id("product", "a", "bc"),
    }

    assert len(ids) == 4
