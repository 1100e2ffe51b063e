"""Names of regions: whole and short, with or without what stands above; several are offered, and so are the nearest."""

from __future__ import annotations

import pytest

from cabletrace.codes.region_names import LONGEST, MOST_CHOICES, region_named, short_name
from cabletrace.codes.regions import codes_in_use, full_name, region, region_path
from cabletrace.errors import InputError, Problem


def refused(text: str) -> Problem:
    with pytest.raises(InputError) as caught:
        region_named(text)
    (problem,) = caught.value.problems
    assert problem.code == "unknown-region"
    assert problem.came == text
    return problem


def meant(text: str) -> set[str]:
    """The codes that a name stands for: one, or those that are offered; a long list is cut."""
    try:
        return {region_named(text)}
    except InputError as error:
        (problem,) = error.problems
        assert "有几个地区" in problem.detail.zh, text
        return {region_named(each) for each in problem.choices}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("太康", "411627"),
        ("太康县", "411627"),
        ("川汇", "411602"),
        ("周口", "411600"),
        ("河南周口", "411600"),
        ("河南周口太康", "411627"),
        ("周口太康县", "411627"),
        ("河南省太康", "411627"),
        ("河南省 周口市 太康县", "411627"),
        ("北京朝阳", "110105"),
        ("朝阳朝阳", "211321"),
        ("济源", "419001"),
        ("内蒙古", "150000"),
        ("广西", "450000"),
        ("延边", "222400"),
        ("博尔塔拉", "652700"),
        ("西双版纳", "532800"),
        ("鄂温克", "150724"),
        ("阿荣", "150721"),
        ("香港", "810000"),
        ("411627", "411627"),
        ("411626", "411603"),
    ],
)
def test_a_name_may_leave_out_its_endings_and_what_stands_above(typed: str, code: str) -> None:
    assert region_named(typed) == code


def test_every_whole_name_is_the_region_itself() -> None:
    assert [code for code in codes_in_use() if region_named(full_name(code)) != code] == []


def test_every_name_without_what_stands_above_is_the_region_itself_or_offers_it() -> None:
    for code in codes_in_use():
        name = region(code).name

        found = meant(name)

        assert code in found or len(found) == MOST_CHOICES, name
        assert {region(each).name for each in found} == {name}


def test_every_short_name_is_the_region_itself_or_offers_it() -> None:
    for code in codes_in_use():
        short = short_name(region(code).name)

        found = meant(short)

        assert code in found or len(found) == MOST_CHOICES, short
        assert all(short in (region(each).name, short_name(region(each).name)) for each in found), short


def test_every_short_name_below_short_names_is_the_region_itself_or_offers_it() -> None:
    for code in codes_in_use():
        names = [row.name for row in region_path(code) if not row.is_collective]

        assert code in meant("".join(map(short_name, names))), names


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ("河南", ("河南省", "青海省黄南藏族自治州河南蒙古族自治县")),
        ("吉林", ("吉林省", "吉林省吉林市")),
        ("朝阳", ("北京市朝阳区", "辽宁省朝阳市", "辽宁省朝阳市朝阳县", "吉林省长春市朝阳区")),
        ("朝阳区", ("北京市朝阳区", "吉林省长春市朝阳区")),
    ],
)
def test_a_name_of_several_is_not_decided_but_offers_all_of_them(
    typed: str, choices: tuple[str, ...]
) -> None:
    problem = refused(typed)

    assert problem.detail.zh == "有几个地区都叫这个名称"
    assert problem.choices == choices
    assert problem.remedy is not None
    assert all(each in problem.remedy.zh and each in problem.remedy.en for each in choices)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("太康市", "河南省周口市太康县"),
        ("淮阳县", "河南省周口市淮阳区"),
        ("周口市太抗县", "河南省周口市太康县"),
        ("周口商水水", "河南省周口市商水县"),
        ("川江区", "河南省周口市川汇区"),
        ("商丘市太康县", "河南省周口市太康县"),
    ],
)
def test_a_slip_offers_the_nearest_names(typed: str, nearest: str) -> None:
    problem = refused(typed)

    assert problem.detail.zh == "没有叫这个名称的地区"
    assert problem.choices[0] == nearest
    assert region_named(nearest)


@pytest.mark.parametrize("typed", ["", "县", "某某县", "北", "x", "太" * (LONGEST + 1), "河南省" * 500])
def test_what_is_like_nothing_offers_nothing_and_says_what_is_wanted(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        region_named(typed)

    (problem,) = caught.value.problems
    assert problem.choices == ()
    assert problem.remedy is not None
    assert "河南省周口市川汇区" in problem.remedy.zh
