"""Verifier keys as people paste them: the text of a key, checked to be of whom it must be."""

from __future__ import annotations

from ..errors import InputError
from .note import COSIGNATURE_ED25519, ED25519, NoteError, VerifierKey


def ledger_key(text: str) -> VerifierKey:
    """The key of a ledger from its text. Raises InputError for what is none, and for the key of a witness."""
    key = _parsed(text)
    if key.kind != ED25519:
        raise InputError.of(
            "wrong-input",
            "这是见证人的公钥，账本的公钥类型应为 0x01",
            "this is the key of a witness; that of a ledger has the type 0x01",
            came=text,
        )
    return key


def witness_key(text: str) -> VerifierKey:
    """The key of a witness from its text. Raises InputError for what is none, and for the key of a ledger."""
    key = _parsed(text)
    if key.kind != COSIGNATURE_ED25519:
        raise InputError.of(
            "wrong-input",
            "这是账本的公钥，见证人的公钥类型应为 0x04",
            "this is the key of a ledger; that of a witness has the type 0x04",
            came=text,
        )
    return key


def _parsed(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except NoteError as error:
        raise InputError.of(
            "wrong-input", "不是公钥文本", f"not a verifier key: {error}", came=text
        ) from None
