"""Receipt numbers 回执号: under which whoever complained or reported asks what became of it, without an account.

11 random characters and 1 check character in the alphabet of trace codes, printed ``XXXX-XXXX-XXXX``; twelve, so
that none is ever read as the code of a batch (10) or of a drum (20). 55 bits: nobody finds another's by trying.
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import InputError, Text
from .trace_code import ALPHABET, LONGEST_TEXT, check_character, folded

_BODY = 11
LENGTH = _BODY + 1


def mint_receipt_number(random_bytes: Callable[[int], bytes]) -> str:
    """A new number in its canonical form, without hyphens. That it is not in use yet is for the caller."""
    bits = int.from_bytes(random_bytes(7), "big") & (1 << 5 * _BODY) - 1
    body = "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_BODY)))
    return body + check_character(body)


def printed_receipt_number(number: str) -> str:
    """``XXXX-XXXX-XXXX``."""
    return "-".join(number[at : at + 4] for at in range(0, LENGTH, 4))


def parse_receipt_number(text: str) -> str:
    """Read a number as people type it; the canonical form. Raises InputError ``wrong-receipt-number``."""
    read = folded(text) if len(text) <= LONGEST_TEXT else ""
    if len(read) == LENGTH and set(read) <= set(ALPHABET) and check_character(read[:-1]) == read[-1]:
        return read
    raise InputError.of(
        "wrong-receipt-number",
        f"回执号应为 {LENGTH} 位，请核对",
        f"a receipt number has {LENGTH} characters; this is none",
        came=text,
        remedy=Text("请对照回执重新输入", "type it again from the receipt"),
    )
