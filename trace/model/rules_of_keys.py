"""Rules about signing keys 签名公钥 and about signatures made with them.

A key is registered by its owner and nobody else, so that no operator can sign for a maker. Under its id neither
owner nor public key ever changes; a new key is a new id (rotation), and what is revoked stays revoked. A
signature is the *speaker's*: by whichever account it comes, it says that the party whose statement this is has
made exactly this statement. Keys are judged at the entry's time, never at the time that a draft speaks of.
"""

from __future__ import annotations

from typing import Any

from ..clock import shanghai_date
from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .signature import right_spelling, trouble_with
from .state import KnownKey
from .values import party_id, usual_key_id

#: Roles that may take back a key of another party, whose account or key was lost.
MAY_REVOKE = frozenset({"regulator", "operator"})


# --- keys ---------------------------------------------------------------------------------------------


def _entered_by_another(claim: Claim, draft: drafts.KeyDraft) -> Finding | None:
    if draft.body.revoked or claim.actor == party_id(draft.body.owner):
        return None
    return Finding(
        "/body/owner",
        draft.body.owner,
        Text("公钥只能由其所有单位自己的账号登记", "a key is registered by an account of its owner alone"),
        Text("请用该单位自己的账号登记", "sign in with an account of that party"),
    )


def _unusable(claim: Claim, draft: drafts.KeyDraft) -> Finding | None:
    trouble = trouble_with(draft.body.public_key)
    if trouble is None:
        return None
    return Finding(
        "/body/public_key",
        draft.body.public_key,
        trouble,
        Text("用 cabletrace keygen 或 openssl 重新生成", "make one with cabletrace keygen or openssl"),
    )


def _taken(claim: Claim, draft: drafts.KeyDraft) -> Finding | None:
    body = draft.body
    known, of_bytes = claim.state.keys[draft.subject.key], claim.state.public_keys[body.public_key]
    if known is not None and (known.owner, known.public_key) != (party_id(body.owner), body.public_key):
        return Finding(
            "/subject/key",
            draft.subject.key,
            Text("这个编号已是另一把公钥", "this id is another key's already"),
            Text("更换公钥请用新编号登记", "register a new key under a new id"),
        )
    if of_bytes is not None and of_bytes.id != draft.subject.key:
        return Finding(
            "/body/public_key",
            body.public_key,
            Text(
                f"这把公钥已登记，编号 {of_bytes.id}",
                f"this public key is registered already, as {of_bytes.id}",
            ),
            Text("重新生成一把；同一把公钥只登记一次", "make another: a public key is registered once"),
        )
    return None


def _revoked_for_good(claim: Claim, draft: drafts.KeyDraft) -> Finding | None:
    known = claim.state.keys[draft.subject.key]
    if known is None or not known.revoked:
        return None
    return Finding(
        "/subject/key",
        draft.subject.key,
        Text("这把公钥已吊销，不能恢复", "this key was revoked, and stays so"),
        Text("请登记一把新公钥", "register a new key"),
    )


def _revokes_nothing(claim: Claim, draft: drafts.KeyDraft) -> Finding | None:
    if not draft.body.revoked or claim.state.keys[draft.subject.key] is not None:
        return None
    return Finding(
        "/subject/key",
        draft.subject.key,
        Text("没有登记这把公钥，无可吊销", "no such key is registered, so none can be revoked"),
        Text("核对公钥编号", "check the id of the key"),
    )


def _over_already(claim: Claim, draft: drafts.KeyDraft) -> Finding | None:
    if draft.body.revoked or draft.body.validity.valid_to >= shanghai_date(claim.heard_at):
        return None
    return Finding(
        "/body/validity/valid_to",
        draft.body.validity.valid_to.isoformat(),
        Text("有效期已过，这把公钥签不了任何事件", "this validity is over: the key could sign nothing"),
        Text("改正有效期止", "correct the last day"),
    )


def _not_possessed(claim: Claim, draft: drafts.KeyDraft) -> Finding | None:
    body, key = draft.body, draft.subject.key
    if body.revoked or trouble_with(body.public_key) is not None:
        return None
    if body.has_proof(origin=claim.origin, key=key, event=draft.id):
        return None
    chosen = "" if key == usual_key_id(body.public_key) else f"--key-id {key} "
    command = f"cabletrace prove-key --key FILE {chosen}{claim.origin} {body.owner} {draft.id}"
    return Finding(
        "/body/possession",
        body.possession or "",
        Text("缺少持有证明", "there is no proof of possession")
        if body.possession is None
        else Text(
            "持有证明不符：不是这把私钥为本账本、本单位、本公钥、本事件所签",
            "the proof of possession does not fit: it was not made with this key for this ledger, party, key and event",
        ),
        Text(
            f"在保存私钥的机器上运行（FILE 换成私钥文件）： {command} 并把打印的一行填入「持有证明」",
            f"where the private key is, with its file for FILE, run: {command} and give the line that it prints",
        ),
    )


# --- signatures ---------------------------------------------------------------------------------------


def _known(claim: Claim) -> KnownKey | None:
    """The key that the signature names, if there is one and it is the speaker's."""
    assert claim.signature is not None, "rules about signatures are asked about signed drafts only"
    return claim.state.keys[claim.signature.key]


def _key_unknown(claim: Claim, draft: Any) -> Finding | None:
    assert claim.signature is not None
    if _known(claim) is not None:
        return None
    return Finding(
        "/signature/key",
        claim.signature.key,
        Text("没有登记这把公钥", "no such key is registered"),
        Text(
            "先登记公钥，收到回执后再签名提交", "register the key first, and sign once its receipt has come"
        ),
    )


def _of_another(claim: Claim, draft: Any) -> Finding | None:
    known = _known(claim)
    if known is None or known.owner == claim.speaker:
        return None
    return Finding(
        "/signature/key",
        known.id,
        Text(
            "这把公钥不属于陈述方；代录的单位不能代为签名",
            "this key is not the speaker's; whoever enters for another cannot sign for it",
        ),
        Text("由陈述方签名，或去掉签名", "let the speaker sign, or leave the signature out"),
    )


def _not_valid(claim: Claim, draft: Any) -> Finding | None:
    known, today = _known(claim), shanghai_date(claim.heard_at)
    if known is None or known.is_good_on(today):
        return None
    days = f"{known.valid_from} – {known.valid_to}"
    return Finding(
        "/signature/key",
        known.id,
        Text("这把公钥已吊销", "this key was revoked")
        if known.revoked
        else Text(f"这把公钥今天无效，有效期 {days}", f"this key is not valid today, only on {days}"),
        Text("用有效的公钥签名", "sign with a key that is valid"),
    )


def wrong_signature(value: str, covered: bytes) -> Finding:
    """That a signature does not fit, with what it must cover."""
    return Finding(
        "/signature/value",
        value,
        Text(
            "签名与内容不符：不是这把公钥对这些字节的签名",
            "the signature does not fit: it was not made with this key over these bytes",
        ),
        right_spelling(covered),
    )


def _wrong(claim: Claim, draft: Any) -> Finding | None:
    known, signature = _known(claim), claim.signature
    assert signature is not None
    if known is None or signature.is_right(known.public_key, claim.covered):
        return None
    return wrong_signature(signature.value, claim.covered)


# --- the table ----------------------------------------------------------------------------------------

ENTERED_BY_ANOTHER = Rule(
    "key-entered-by-another", Weight.AUTHORITY,
    Text("代他人登记公钥", "enters another party's key"),
    Text("公钥只由其所有单位登记，运维也不例外", "a key is registered by its owner alone, the operator not excepted"),
    _entered_by_another,
)  # fmt: skip
UNUSABLE = Rule(
    "key-unusable", Weight.INPUT,
    Text("公钥不可用", "unusable public key"),
    Text("公钥须为正常生成的 Ed25519 公钥（RFC 8032）", "a public key is a proper one of Ed25519 (RFC 8032)"),
    _unusable,
)  # fmt: skip
TAKEN = Rule(
    "key-taken", Weight.ARITHMETIC,
    Text("公钥或编号已登记", "key or id is taken"),
    Text("一个编号一把公钥，一把公钥一个单位，永不改变", "one id is one key and one key is one party's, for good"),
    _taken,
)  # fmt: skip
REVOKED_FOR_GOOD = Rule(
    "key-revoked", Weight.ARITHMETIC,
    Text("公钥已吊销", "key was revoked"),
    Text("吊销的公钥不能恢复", "a revoked key stays revoked"),
    _revoked_for_good,
)  # fmt: skip
REVOKES_NOTHING = Rule(
    "key-unknown", Weight.INPUT,
    Text("公钥未登记", "unknown key"),
    Text("吊销的公钥须已登记", "a key that is revoked must be registered"),
    _revokes_nothing,
)  # fmt: skip
OVER_ALREADY = Rule(
    "key-over", Weight.INPUT,
    Text("有效期已过", "validity is over"),
    Text("公钥按入账当日判断", "keys are judged on the day of the entry"),
    _over_already,
)  # fmt: skip

NOT_POSSESSED = Rule(
    "key-not-possessed", Weight.INPUT,
    Text("未证明持有私钥", "possession is not proved"),
    Text(
        "登记公钥须由该私钥自己签名证明持有", "whoever registers a key proves with it that he holds the private one"
    ),
    _not_possessed,
)  # fmt: skip

#: What every signed draft meets, whatever its kind.
SIGNED: tuple[Rule, ...] = (
    Rule(
        "signature-key-unknown", Weight.INPUT,
        Text("签名公钥未登记", "unknown signing key"),
        Text("签名须用已登记的公钥", "a signature is made with a registered key"),
        _key_unknown,
    ),
    Rule(
        "signature-of-another", Weight.AUTHORITY,
        Text("签名不是陈述方的", "not the speaker's signature"),
        Text("签名须为陈述方自己的", "a signature is the speaker's own"),
        _of_another,
    ),
    Rule(
        "signature-key-not-valid", Weight.AUTHORITY,
        Text("签名公钥无效", "signing key is not valid"),
        Text("公钥在入账当日须有效且未吊销", "a key must be valid and not revoked when the event is entered"),
        _not_valid,
    ),
    Rule(
        "signature-wrong", Weight.INPUT,
        Text("签名不符", "wrong signature"),
        Text("签名须覆盖草稿的规范字节", "a signature covers the canonical bytes of the draft"),
        _wrong,
    ),
)  # fmt: skip
WRONG = SIGNED[-1]
