"""Numbers of CCC certificates, production licences and laboratories."""

from __future__ import annotations

import pytest

from cabletrace.codes.certificate_number import (
    CertificateKind,
    parse_ccc_number,
    parse_certificate_number,
    parse_cma_number,
    parse_licence_number,
)
from cabletrace.errors import InputError


@pytest.mark.parametrize(
    "text",
    [
        "2021010105400017",
        " 2021 0101 0540 0017 ",
        "２０２１０１０１０５４０００１７",
        "CCC 2021010105400017",
        "证书编号：2021010105400017",
    ],
)
def test_a_ccc_number_is_sixteen_digits(text: str) -> None:
    assert parse_ccc_number(text) == "2021010105400017"


@pytest.mark.parametrize(
    "text",
    [
        "（豫）XK06-001-00917",
        "(豫)XK06-001-00917",
        "豫XK06-001-00917",
        "【豫】xk06—001－00917号",
        "编号：( 豫 ) XK06-001-00917（副本）",
    ],
)
def test_a_licence_is_kept_in_one_spelling(text: str) -> None:
    assert parse_licence_number(text) == "（豫）XK06-001-00917"


def test_a_national_licence_has_no_province() -> None:
    assert parse_licence_number("XK06-001-00238") == "XK06-001-00238"


def test_a_normal_form_is_its_own_normal_form() -> None:
    for number in ("（豫）XK06-001-00917", "XK06-001-00238"):
        assert parse_licence_number(number) == number


def test_a_cma_number_is_twelve_digits() -> None:
    assert (
        parse_cma_number("CMA 231612110099") == parse_cma_number("２３１６１２１１００９９") == "231612110099"
    )


@pytest.mark.parametrize(
    ("read", "text", "why"),
    [
        (parse_ccc_number, "20210101054", "现为 11 位"),
        (parse_ccc_number, "20210101054000170000", "现为 20 位"),
        (parse_ccc_number, "1999010105400017", "2002"),
        (parse_ccc_number, "（豫）XK06-001-00917", "16 位数字"),
        (parse_ccc_number, "", "16 位数字"),
        (parse_licence_number, "（豫）XK06-001-0917", "形如"),
        (parse_licence_number, "（豫）XK06-001-009177", "形如"),
        (parse_licence_number, "（香）XK06-001-00917", "形如"),
        (parse_licence_number, "（豫XK06-001-00917", "形如"),
        (parse_licence_number, "（豫）XK16-204-00917", "不是电线电缆"),
        (parse_licence_number, "2021010105400017", "形如"),
        (parse_cma_number, "2316121100", "现为 10 位"),
        (parse_cma_number, "23161211009X", "12 位数字"),
    ],
)
def test_wrong_numbers_are_refused_with_their_reason(read, text: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        read(text)

    assert refused.value.code == "wrong-certificate-number"
    assert why in refused.value.problems[0].detail.zh


def test_the_kind_is_seen_from_the_number_where_nobody_tells_it() -> None:
    assert parse_certificate_number("2021010105400017", None) == (CertificateKind.CCC, "2021010105400017")
    licence = (CertificateKind.LICENCE, "（豫）XK06-001-00917")
    assert parse_certificate_number("（豫）xk06-001-00917", None) == licence


def test_a_told_kind_is_not_overruled_by_the_number() -> None:
    with pytest.raises(InputError, match="16 digits"):
        parse_certificate_number("（豫）XK06-001-00917", CertificateKind.CCC)


def test_both_kinds_have_names_for_people() -> None:
    assert [kind.text.zh for kind in CertificateKind] == ["强制性产品认证（CCC）", "工业产品生产许可证"]
