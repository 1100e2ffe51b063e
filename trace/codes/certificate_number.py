"""Numbers of certificates: CCC 强制性产品认证, production licence 工业产品生产许可证, CMA 检验检测机构资质认定.

They are read in the spellings found on labels and in spreadsheets and kept in one. Only the form is judged: none
of the three has a check digit, so whether a certificate exists and is valid is a fact from its register.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from ..errors import InputError, Text


class CertificateKind(StrEnum):
    """The two regimes under which cable may be made: by product class, never both for one product."""

    CCC = "ccc"
    LICENCE = "licence"

    @property
    def text(self) -> Text:
        return _KIND_TEXT[self]


_KIND_TEXT = {
    CertificateKind.CCC: Text("强制性产品认证（CCC）", "Compulsory product certification (CCC)"),
    CertificateKind.LICENCE: Text("工业产品生产许可证", "Production licence"),
}

#: The abbreviations that stand in front of a licence issued by a province; five provinces have two.
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新"
_LICENCE = re.compile(
    rf"(?:\(([{_PROVINCES}])\)|([{_PROVINCES}]))?XK([0-9]{{2}})-([0-9]{{3}})-([0-9]{{5}})(?:号|\(.*\))?",
    re.DOTALL,
)
#: 06 is the industry, 001 the product: wire and cable.
_CABLE = ("06", "001")
#: CCC replaced two older schemes in May 2002.
_FIRST_CCC_YEAR = 2002
_LONGEST_TEXT = 100


def parse_ccc_number(text: str) -> str:
    """16 digits: year of first issue, body (2), product class (4), serial (6). ``2021010105400017``.

    The year is not the validity. Raises `InputError` ``wrong-certificate-number``.
    """
    number = _digits(text, "CCC", 16)
    if int(number[:4]) < _FIRST_CCC_YEAR:
        raise _wrong(
            text,
            f"CCC 证书编号前 4 位为首次发证年份，不会早于 {_FIRST_CCC_YEAR} 年",
            f"a CCC number begins with the year of first issue, not before {_FIRST_CCC_YEAR}",
        )
    return number


def parse_licence_number(text: str) -> str:
    """``（豫）XK06-001-00917``, with full-width brackets; a national one without a province: ``XK06-001-00917``.

    Takes any brackets or none, any dashes, and 号 or a remark in brackets behind the number, which is dropped.
    Raises `InputError` ``wrong-certificate-number``.
    """
    folded = re.sub(r"[‐-―−ー]", "-", _folded(text)).translate(str.maketrans("[]【】〔〕", "()()()"))
    match = _LICENCE.fullmatch(folded)
    if match is None:
        raise _wrong(
            text,
            "生产许可证编号应形如（豫）XK06-001-00917",
            "a production licence number looks like （豫）XK06-001-00917",
        )
    if (match[3], match[4]) != _CABLE:
        raise _wrong(
            text,
            f"XK{match[3]}-{match[4]} 不是电线电缆的生产许可证，电线电缆为 XK06-001",
            f"XK{match[3]}-{match[4]} is not the licence of wire and cable, which is XK06-001",
        )
    province = match[1] or match[2]
    number = f"XK{match[3]}-{match[4]}-{match[5]}"
    return f"（{province}）{number}" if province else number


def parse_cma_number(text: str) -> str:
    """12 digits, the accreditation of a testing laboratory. ``231612110099``.

    Raises `InputError` ``wrong-certificate-number``.
    """
    return _digits(text, "CMA", 12)


def parse_certificate_number(text: str, kind: CertificateKind | None) -> tuple[CertificateKind, str]:
    """A product's certificate. Where the kind is not told, ``XK`` makes it a licence and anything else a CCC."""
    if kind is None:
        kind = CertificateKind.LICENCE if "XK" in _folded(text) else CertificateKind.CCC
    return kind, (parse_licence_number if kind is CertificateKind.LICENCE else parse_ccc_number)(text)


def _digits(text: str, scheme: str, length: int) -> str:
    number = _folded(text).removeprefix(scheme).lstrip(":")
    if re.fullmatch(rf"[0-9]{{{length}}}", number) is None:
        zh, en = (
            f"{scheme} 证书编号应为 {length} 位数字",
            f"a {scheme} certificate number has {length} digits",
        )
        if re.fullmatch("[0-9]+", number):
            zh, en = f"{zh}，现为 {len(number)} 位", f"{en}, this has {len(number)}"
        raise _wrong(text, zh, en)
    return number


def _folded(text: str) -> str:
    """Half width, upper case, without spaces and without words in front such as ``证书编号：``."""
    folded = "".join(unicodedata.normalize("NFKC", text[: _LONGEST_TEXT + 1]).upper().split())
    return re.sub(r"^(?:生产许可证|许可证|证书)?(?:编号|号)?:", "", folded)


def _wrong(came: str, zh: str, en: str) -> InputError:
    remedy = Text("请对照证书原件核对编号。", "Compare the number with the certificate itself.")
    return InputError.of("wrong-certificate-number", zh, en, came=came, remedy=remedy)
