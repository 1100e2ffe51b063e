"""Regions: the codes of today, the retired ones, and who is competent."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

import pytest

from cabletrace.codes.regions import (
    Region,
    coarse_region,
    current_code,
    distance_km,
    full_name,
    is_within,
    region,
    region_near,
    region_path,
)
from cabletrace.errors import InputError


def all_codes() -> list[str]:
    text = (files("cabletrace.codes") / "regions.csv").read_text("utf-8")
    return sorted({line["code"] for line in csv.DictReader(text.splitlines())})


def reason(code: str, on: date | None = None) -> str:
    with pytest.raises(InputError) as refused:
        region(code, on)
    assert refused.value.code == "unknown-region"
    return refused.value.problems[0].detail.zh


#: Domain reference §4.4: name, longitude, latitude (computed there with another library).
ZHOUKOU = {
    "411600": ("周口市", 114.878, 33.722),
    "411602": ("川汇区", 114.714, 33.623),
    "411603": ("淮阳区", 114.904, 33.715),
    "411621": ("扶沟县", 114.426, 34.097),
    "411622": ("西华县", 114.466, 33.789),
    "411623": ("商水县", 114.538, 33.515),
    "411624": ("沈丘县", 115.165, 33.293),
    "411625": ("郸城县", 115.290, 33.637),
    "411627": ("太康县", 114.843, 34.092),
    "411628": ("鹿邑县", 115.372, 33.889),
    "411681": ("项城市", 114.880, 33.271),
}


@pytest.mark.parametrize("code", ZHOUKOU)
def test_zhoukou_is_right_row_by_row(code: str) -> None:
    name, longitude, latitude = ZHOUKOU[code]

    found = region(code, date(2026, 5, 1))

    assert found.name == name
    assert (found.longitude, found.latitude) == (
        pytest.approx(longitude, abs=0.0015),
        pytest.approx(latitude, abs=0.0015),
    )
    assert found.valid_to is None


def test_the_neighbours_have_their_names() -> None:
    wanted = {
        "411000": "河南省许昌市",
        "411100": "河南省漯河市",
        "411400": "河南省商丘市",
        "411700": "河南省驻马店市",
        "410200": "河南省开封市",
        "341200": "安徽省阜阳市",
        "341600": "安徽省亳州市",
        "130528": "河北省邢台市宁晋县",
        "610113": "陕西省西安市雁塔区",
    }

    assert {code: full_name(code) for code in wanted} == wanted


def test_a_full_name_leaves_out_what_is_no_place() -> None:
    assert full_name("411603") == "河南省周口市淮阳区"
    assert full_name("110108") == "北京市海淀区"
    assert full_name("419001") == "河南省济源市"
    assert full_name("659001") == "新疆维吾尔自治区石河子市"
    assert full_name("441900") == "广东省东莞市"
    assert full_name("412727") == "河南省周口地区淮阳县"
    assert full_name("410000") == "河南省"


def test_today_has_34_provinces_333_prefectures_and_all_their_counties() -> None:
    in_use = [found for code in all_codes() if (found := region(code)).valid_to is None]

    collective = [r for r in in_use if r.name in ("市辖区", "县") or r.name.endswith("行政区划")]
    provinces = [r for r in in_use if r.code.endswith("0000")]
    prefectures = [r for r in in_use if r.code.endswith("00") and r not in provinces and r not in collective]

    assert (len(provinces), len(prefectures), len(collective)) == (34, 333, 9)
    assert len(in_use) == 34 + 333 + 9 + 2847


def test_a_retired_code_says_since_when_and_what_it_is_now() -> None:
    assert region("411626").valid_to == date(2019, 12, 31)
    assert region("411626", date(2018, 3, 1)).name == "淮阳县"
    assert (
        reason("411626", date(2026, 5, 1)) == "411626 淮阳县已于 2019 年停用，现为 411603 河南省周口市淮阳区"
    )


def test_in_the_year_of_change_both_codes_are_valid() -> None:
    assert region("411626", date(2019, 7, 1)).name == "淮阳县"
    assert region("411603", date(2019, 7, 1)).name == "淮阳区"
    assert "尚无" in reason("411603", date(2018, 12, 31))


def test_a_code_given_anew_to_another_place_is_read_by_its_day() -> None:
    assert region("419001", date(1990, 1, 1)).name == "义马市"
    assert region("419001", date(2020, 1, 1)).name == "济源市"
    assert region("130502", date(2015, 1, 1)).name == "桥东区"
    assert region("130502").name == "襄都区"


@pytest.mark.parametrize(
    ("retired", "now"),
    [
        ("412700", "411600"),
        ("412727", "411603"),
        ("411626", "411603"),
        ("412702", "411681"),
        ("371202", "370116"),
        ("320684", "320614"),
        ("410381", "410307"),
        ("411603", "411603"),
        ("510200", "500000"),
    ],
)
def test_a_code_leads_to_the_one_that_stands_today(retired: str, now: str) -> None:
    assert current_code(retired) == now


def test_a_name_shared_by_two_cities_does_not_lead_into_the_other_one() -> None:
    # 桥东区 of 石家庄 ended in 2014; 桥东区 of 邢台 is 襄都区 today.
    assert current_code("130103") == "130103"
    assert is_within("130103", "130100")


def test_a_county_that_became_a_prefecture_gives_its_officers_no_more_than_it_was() -> None:
    assert current_code("412701") == "411600"

    assert is_within("412701", "412701")
    assert is_within("412701", "411600")
    assert not is_within("411627", "412701")


def test_jurisdiction_follows_places_through_their_codes() -> None:
    assert is_within("411603", "411600")
    assert is_within("411603", "410000")
    assert is_within("411603", "411603")
    assert is_within("412727", "411600")
    assert is_within("411627", "412700")
    assert is_within("371202", "370100")
    assert is_within("110108", "110000")
    assert is_within("419001", "410000")
    assert not is_within("411600", "411603")
    assert not is_within("341202", "411600")


@pytest.mark.parametrize(
    "code", ["419998", "419999", "000000", "", "4116", "411603000000", "４１１６０３", "41160A"]
)
def test_what_was_never_a_region_is_unknown(code: str) -> None:
    assert "没有这个行政区划代码" in reason(code)
    with pytest.raises(InputError):
        is_within(code, "410000")
    with pytest.raises(InputError):
        is_within("411603", code)


def test_every_code_has_a_path_from_a_province_and_a_name() -> None:
    for code in all_codes():
        path = region_path(code)

        assert path[0].code.endswith("0000"), code
        assert path[-1].code == code
        assert 1 <= len(path) <= 3, code
        assert full_name(code)


def test_following_successors_always_ends_in_the_same_province_or_the_one_carved_out_of_it() -> None:
    for code in all_codes():
        now = current_code(code)

        assert current_code(now) == now
        assert now[:2] == code[:2] or (code[:2], now[:2]) in {("44", "46"), ("51", "50")}, (code, now)


def test_rows_of_one_code_follow_each_other_in_time() -> None:
    def rows(code: str) -> list[Region]:
        days = [date(year, 12, 31) for year in range(1980, 2027)]
        return [region(code, day) for day in days if _exists(code, day)]

    for code in all_codes()[::40]:
        starts = [row.valid_from or date.min for row in rows(code)]
        assert starts == sorted(starts), code


def _exists(code: str, day: date) -> bool:
    try:
        region(code, day)
    except InputError:
        return False
    return True


def test_every_region_in_use_lies_in_china() -> None:
    for code in all_codes():
        found = region(code)
        if found.longitude is not None and found.latitude is not None:
            assert 73 < found.longitude < 136, code
            assert 3 < found.latitude < 54, code


@pytest.mark.parametrize(
    ("code", "coarse"),
    [
        ("411627", "411600"),  # a county, to its prefecture
        ("412727", "411600"),  # a retired code, to where it lies today
        ("411600", "411600"),
        ("410000", "410000"),  # a province stays what it is
        ("110105", "110105"),  # a district of a municipality
        ("419001", "419001"),  # a county without a prefecture
    ],
)
def test_a_place_is_made_no_finer_than_a_prefecture(code: str, coarse: str) -> None:
    assert coarse_region(code) == coarse


def test_a_position_lies_in_the_region_whose_centre_is_nearest_and_abroad_in_none() -> None:
    found = [region_near(*each) for each in ((114.6, 33.6), (113.3, 23.1), (116.4, 39.9), (139.7, 35.7))]

    assert found[:2] == ["411600", "440100"]
    assert str(found[2]).startswith("1101")
    assert found[3] is None


def test_every_centre_is_nearest_to_itself() -> None:
    coarse = {coarse_region(code) for code in all_codes() if region(code).valid_to is None}
    places = [region(code) for code in coarse if len(region_path(code)) > 1]

    wrong = [
        r.code
        for r in places
        if r.longitude and r.latitude and region_near(r.longitude, r.latitude) != r.code
    ]

    assert wrong == []


def test_the_distance_of_two_regions_is_that_of_their_centres() -> None:
    km = distance_km("411600", "440100")

    assert km is not None
    assert 1_100 < km < 1_250
    assert distance_km("411600", "411600") == 0
