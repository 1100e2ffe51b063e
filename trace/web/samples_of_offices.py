"""Invented pages of events, persons, accounts and keys; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..auth.policy import Role
from ..errors import Problem, Text
from ..queries import events
from ..queries.answers import Standing
from ..queries.persons import GROUNDS, Deed, Erased, PersonalValue, ProjectName
from ..queries.persons import ROLES as PARTS
from ..queries.timeline import Happening
from .happened import CORRECTED_UNSEEN
from .samples_in_common import AT, CODE, FINE, LONG, MAKER, frame, some_signing_keys
from .samples_of_grants import samples_of_grants
from .samples_of_people import people
from .views import (
    ErasePage,
    Event,
    EventPage,
    KeyRow,
    KeysPage,
    Mark,
    Page,
    PasswordPage,
    PersonsPage,
    SigningKeysPage,
)
from .words import Language


def _happening() -> Happening:
    return Happening(
        index=48_120,
        event_id="0196a000-0000-7000-8000-000000000007",
        kind="acceptance",
        title=Text("验收", "acceptance"),
        what=Text("验收 1–3 号盘（卷），准予进场", "units 1–3 accepted"),
        occurred_at=AT,
        by_day=True,
        recorded_at=AT,
        late=False,
        party="0c",
        who=LONG,
        entered_by="",
        region="411627",
        place=Text("河南省周口市太康县", "河南省周口市太康县"),
        marks=(),
        persons=(),
        documents=(),
    )


def samples_of_persons(language: Language) -> dict[str, Page]:
    happening = _happening()
    values = (
        PersonalValue(
            pointer="/by/0/name", label=PARTS["acceptor"], value="示例甲", locked=True, erased=None
        ),
        PersonalValue(
            pointer="/by/1/name", label=PARTS["witness"], value="示例乙", locked=False, erased=None
        ),
        PersonalValue(
            pointer="/by/2/name",
            label=PARTS["keeper"],
            value=None,
            locked=False,
            erased=Erased(48_200, GROUNDS["consent-withdrawn"]),
        ),
        PersonalValue(pointer="/by/3/name", label=PARTS["other"], value=None, locked=False, erased=None),
    )
    found = events.EventPage(
        happening=happening,
        batch="7K3QF9TWZP",
        about=None,
        corrected_by="0196a000-0000-7000-8000-000000000009",
        persons=values,
        may_erase=True,
        entry=b"{}",
        entry_hash=bytes(range(32)),
        recorded_at=AT,
        payload=b"{}",
    )
    event = Event(index=48_120, kind="acceptance", what=happening.what, at=AT, by_day=True, who=LONG)
    here = f"/events/{happening.event_id}"
    deed = Deed(
        name="示例甲",
        role="acceptor",
        part=PARTS["acceptor"],
        happening=happening,
        batch="7K3QF9TWZP",
        printed=CODE,
        lot="HZ260301-111",
        projects=(ProjectName("0d", "模拟市东城区配电网改造工程（二期）"),),
        corrected=True,
    )
    erase = ErasePage(
        frame=frame(language, f"{here}/erase"),
        event=event,
        back_href=here,
        fields=(("/by/1/name", Text("见证人：示例乙", "witness: 示例乙")),),
        locked=(PARTS["acceptor"],),
        grounds=tuple(GROUNDS.items()),
        typed={"id": "0196a000-0000-7000-8000-000000000008"},
    )
    return {
        "event-full": EventPage(
            frame=frame(language, here), found=found, event=event, batch=CODE, erase_href=f"{here}/erase"
        ),
        "event-bare": EventPage(
            frame=frame(language, here),
            found=replace(
                found,
                batch=None,
                about=happening.event_id,
                corrected_by=None,
                persons=(),
                may_erase=False,
                payload=None,
            ),
            event=replace(event, is_struck=True, marks=(Mark("corrected", CORRECTED_UNSEEN, "unknown"),)),
        ),
        "erase": erase,
        "erase-wrong": replace(
            erase,
            problems=(
                Problem(
                    "wrong-input", Text("请勾选要删除的项", "tick what is to be erased"), where="/pointers"
                ),
                Problem("wrong-input", Text("请选择理由", "choose the ground"), where="/ground"),
            ),
        ),
        "erase-nothing": replace(erase, fields=()),
        "persons": PersonsPage(frame=frame(language, "/persons")),
        "persons-found": PersonsPage(
            frame=frame(language, "/persons"),
            name="示例甲",
            deeds=(deed, replace(deed, batch=None, printed="", lot="", projects=(), corrected=False)),
            next_href="/persons?name=%E7%A4%BA%E4%BE%8B%E7%94%B2&after=48120",
        ),
        "persons-nobody": PersonsPage(frame=frame(language, "/persons"), name="示例丁"),
    }


def samples_of_accounts(language: Language) -> dict[str, Page]:
    at = frame(language, "/accounts", Role.OPERATOR)
    return people(at, frame(language, "/join/x", Role.PUBLIC), at=AT, long=LONG, maker=MAKER)


def samples_of_offices(language: Language) -> dict[str, Page]:
    actions = (
        ("record:production", Text("生产", "record production")),
        ("read:batch", Text("查看批次", "see a batch")),
    )
    at = frame(language, "/accounts", Role.OPERATOR)
    keys = KeysPage(
        frame=replace(at, path="/keys"),
        keys=(
            KeyRow(
                prefix="ct_4f9a",
                label="产线 MES",
                actions=(actions[0][1], actions[1][1]),
                created_at=AT,
                last_used_at=AT,
                expires_on=date(2027, 5, 2),
                standing=FINE,
                revoke_href="/keys/1/revoke",
            ),
            KeyRow(
                prefix="ct_0b11",
                label=LONG,
                actions=(actions[1][1],),
                created_at=AT,
                last_used_at=None,
                expires_on=date(2026, 12, 31),
                standing=Standing("stop", Text("已吊销", "Revoked")),
            ),
        ),
        actions=actions,
        fresh_label="产线 MES",
        fresh_key="ct_4f9a_9sQ2w7Xk3LmN8vB5cR1tY6uP0aD4fG",
    )
    no_label = Problem("wrong-input", Text("请填写名称", "Give it a name"), where="/label")
    no_action = Problem("wrong-input", Text("至少勾一项权限", "Tick at least one"), where="/actions")
    different = Problem(
        "wrong-input", Text("两次输入的新密码不一样", "the new passwords differ"), where="/again"
    )
    return {
        "signing-keys-full": SigningKeysPage(
            frame=replace(at, path="/signing-keys"), keys=some_signing_keys()
        ),
        "signing-keys-wrong": SigningKeysPage(
            frame=replace(at, path="/signing-keys"),
            typed={"public_key": "AAAA", "valid_from": "2026-05-02", "valid_to": "2028-05-01"},
            problems=(
                Problem(
                    "key-unusable",
                    Text("不是 Ed25519 公钥", "this is no Ed25519 public key"),
                    where="/public_key",
                    came="AAAA",
                ),
            ),
        ),
        **samples_of_grants(at),
        "keys-full": keys,
        "keys-wrong": replace(keys, keys=(), fresh_key="", problems=(no_label, no_action)),
        "password": PasswordPage(frame=replace(at, path="/password")),
        "password-wrong": PasswordPage(frame=replace(at, path="/password"), problems=(different,)),
    }
