"""Invented pages of the ledger; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace

from ..auth.policy import Role
from ..errors import Problem, Text
from .samples_in_common import AT, frame
from .views import (
    Answer,
    LedgerPage,
    Page,
    Proven,
    Witness,
)
from .words import Language


def samples_of_the_ledger(language: Language) -> dict[str, Page]:
    origin = "trace.example/ledger"
    root = "mCkYkbMz5WPhTtuKnmHuWa0Vb5X8dCwPMC2kZcHjH1s="
    full = LedgerPage(
        frame=frame(language, "/ledger"),
        answer=Answer(
            "fine",
            Text(
                "序号 48,189 及以前，谁也不能悄悄改写", "Up to index 48,189 nobody can rewrite history unseen"
            ),
            Text(
                "见证人已会签前 48,190 条；其后有 24 条尚未会签。",
                "Witnesses have cosigned the first 48,190 entries; after them 24 are not cosigned yet.",
            ),
        ),
        origin=origin,
        vkey=f"{origin}+5a1f03c2+AZ0mL0m1tW3VJ8pQ0b4m3o4h7e2k9c5d8f1a6b0c3d2e",
        size=48_214,
        root=root,
        checkpoint=f"{origin}\n48214\n{root}\n\n— {origin} Wh8DwpQ1kE0m3r8t5y7u2i9o0p1a2s3d4f5g6h7j8k9l0z1x2c3v4b5n6m7Q==\n",
        witnesses=(
            Witness(
                name="witness.example/association", size=48_190, at=AT, age=Text("3 分钟前", "3 min ago")
            ),
            Witness(name="witness.example/grid", size=None, at=None),
        ),
        query="48213",
        proven=Proven(
            event_id="0196a3c4-7f00-7c11-9a55-3d2f5b1c7e90",
            index=48_213,
            at=AT,
            entry_hash="9f2c41d7" * 8,
            proof_href="/api/v1/events/x/proof",
            entry_href="/api/v1/events/x/entry",
            payload_href="/api/v1/events/x/payload",
        ),
    )
    empty = LedgerPage(
        frame=replace(frame(language, "/ledger", role=Role.PUBLIC), as_of=None),
        answer=Answer(
            "unknown",
            Text("还没有见证人会签", "No witness has cosigned yet"),
            Text(
                "此前的历史只由本平台自己的签名担保。",
                "Until then history rests on the platform's own signature alone.",
            ),
        ),
        origin=origin,
        vkey=full.vkey,
        size=0,
        root="47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        checkpoint=None,
    )
    missing = replace(
        full,
        query="99999",
        proven=None,
        problems=(
            Problem(
                "not-found",
                Text("账本上没有第 99,999 条", "The ledger has no index 99,999"),
                came="99999",
            ),
        ),
    )
    contradicted = replace(
        full,
        answer=Answer(
            "stop",
            Text(
                "见证人 witness.example/grid 所存的历史与本账本不同",
                "Another history than this ledger's is held by the witness witness.example/grid",
            ),
            Text(
                "账本可能被回退或改写，也可能是见证人有误。",
                "The ledger may have been set back or rewritten.",
            ),
        ),
        witnesses=(
            full.witnesses[0],
            Witness(
                name="witness.example/grid",
                size=48_300,
                at=AT,
                age=Text("3 分钟前", "3 min ago"),
                contradiction=Text(
                    "见证人已会签 48300 条，本账本只有 48214 条：账本可能被回退或截短",
                    "it has cosigned 48300 entries, this ledger has 48214: the ledger may have been set back or cut",
                ),
            ),
            Witness(name="witness.example/idle", size=47_000, at=AT, silent=True),
        ),
    )
    return {
        "ledger-full": full,
        "ledger-empty": empty,
        "ledger-missing": missing,
        "ledger-contradicted": contradicted,
        "ledger-stopped": replace(
            full,
            hindered=Answer(
                "stop",
                Text(
                    "账本已停止写入，已记录的内容不受影响",
                    "The ledger has stopped writing; what is recorded is safe",
                ),
                Text(
                    "原因：the disk has failed。排除后运行 cabletrace verify，再重新启动服务。",
                    "Why: the disk has failed. Put that right, run cabletrace verify, then start the service anew.",
                ),
            ),
        ),
    }
