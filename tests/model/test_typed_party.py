"""A name and a credit code in one field are told apart, and a slip in the code never becomes part of the name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.model.state import KnownParty
from cabletrace.model.typed_party import TypedParty, check_called, parse_typed_party
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, MAKER

BOTH = TypedParty("城东五金（太康）", DEALER)
#: Its check character is wrong; one character was left out; one was typed twice.
WRONG, SHORT, LONG = "91411602MA4EYE7130", DEALER[:-1], DEALER + DEALER[-1]


@pytest.mark.parametrize(
    "text",
    [
        f"城东五金（太康） {DEALER}",
        f"  城东五金（太康）\u3000{DEALER.lower()} ",
        f"城东五金（太康）{DEALER}",
        f"城东五金（太康）（{DEALER}）",
        f"城东五金（太康） ({DEALER})",
        f"城东五金（太康），{DEALER}",
        f"城东五金（太康）,{DEALER}",
        f"城东五金（太康）（统一社会信用代码：{DEALER}）",
        f"{DEALER} 城东五金（太康）",
        f"{DEALER}，城东五金（太康）",
        f"（{DEALER}）城东五金（太康）",
        f"统一社会信用代码：{DEALER} 城东五金（太康）",
        "城东五金（太康） " + "".join(chr(ord(each) + 0xFEE0) for each in DEALER),
    ],
)
def test_a_name_and_a_code_are_read_in_every_way_in_which_people_write_them(text: str) -> None:
    assert parse_typed_party(text) == BOTH


@pytest.mark.parametrize(
    "text", [DEALER, f" {DEALER.lower()} ", f"{DEALER[:8]} {DEALER[8:]}", f"（{DEALER}）"]
)
def test_a_code_alone_has_no_name(text: str) -> None:
    assert parse_typed_party(text) == TypedParty("", DEALER)


@pytest.mark.parametrize(
    "name",
    ["城东五金", "（河南）城东五金（太康）", "ABC Cable Co., Ltd", "SHANGHAIELECTRICAL", "检验机构（CMA 231612110077）",
     "张三 13800000000", "00000000-0000-4000-8000-0000000000f7", "城东五金 2026"],
)  # fmt: skip
def test_what_only_holds_letters_or_a_shorter_number_is_a_name(name: str) -> None:
    assert parse_typed_party(name) == TypedParty(name)


@pytest.mark.parametrize("form", ["{}", "错码五金 {}", "错码五金（{}）", "错码五金，{}", "{} 错码五金"])
@pytest.mark.parametrize(
    ("code", "told"),
    [(WRONG, "第 18 位"), (SHORT, "应为 18 位，现为 17 位"), (LONG, "应为 18 位，现为 19 位")],
)
def test_a_slip_in_a_code_is_an_error_that_says_which_and_where(form: str, code: str, told: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_typed_party(form.format(code))

    (problem,) = refused.value.problems
    assert (problem.code, problem.came) == ("wrong-uscc", code)
    assert told in problem.detail.zh


def test_two_codes_are_refused() -> None:
    with pytest.raises(InputError, match="two credit codes"):
        parse_typed_party(f"{MAKER} 城东五金 {DEALER}")


@given(st.text(alphabet="城东五金AB12 （）,，:", max_size=40))
def test_whatever_is_typed_is_read_or_refused_and_a_name_is_read_as_itself(text: str) -> None:
    try:
        read = parse_typed_party(text)
    except InputError:
        return

    assert parse_typed_party(read.name) == TypedParty(read.name)


def test_the_name_beside_a_code_is_the_partys_own_or_refused() -> None:
    dealer = KnownParty(id=party_id(DEALER), name="城东五金（太康）有限公司", uscc=DEALER)

    for name in ("", dealer.name, "城东五金(太康) 有限公司"):
        check_called(dealer, name, party_id(MAKER))
    with pytest.raises(InputError) as refused:
        check_called(dealer, "假名五金", party_id(MAKER))

    (problem,) = refused.value.problems
    assert problem.detail.zh == "这个代码是「城东五金（太康）有限公司」的"
    assert problem.detail.en == "this code is 城东五金（太康）有限公司's"


@pytest.mark.parametrize(
    ("namers", "is_refused"), [({"me"}, True), ({"me", "another"}, False), ({"another"}, False)]
)
def test_what_others_call_a_party_binds_nobody(namers: set[str], is_refused: bool) -> None:
    named = KnownParty(id="x", name="城东五金", named_by=min(namers), namers=frozenset(namers))

    try:
        check_called(named, "另一个名称", "me")
    except InputError:
        assert is_refused
    else:
        assert not is_refused
