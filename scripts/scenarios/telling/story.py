"""A story as it is told: who says what, what the ledger answers, where every metre is, and the proof of each event."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.proof_file import check_proof_file

from .stage import Answer, Line, Part

STATES = {
    "held": "在库", "transit": "在途", "project": "在工地", "used": "已使用", "sampled": "已抽样", "seized": "查封扣押",
    "sold": "已零售", "scrapped": "已报废", "unexplained": "来源不明",
}  # fmt: skip


@dataclass
class Story:
    """Who speaks, and what was answered; the batch is watched by the part ``office``, which sees all of it."""

    parts: Mapping[str, Part]
    address: str
    keys: Mapping[str, str]
    log_key: VerifierKey
    code: str = ""
    steps: int = 0
    ids: dict[str, str] = field(default_factory=dict)

    def say(self, who: str, title: str, draft: Mapping[str, Any], **beside: Any) -> str:
        """Record, print where every metre is and prove it; the id of the event."""
        answer, draft = self._post(who, draft, beside)
        if answer.status != 201:
            sys.exit(f"refused, against the story: {title}: {answer.body.decode()}")
        receipt = answer.json()
        self._head(who, title)
        read = self.line(who).get(f"/api/v1/events/{draft['id']}").json()
        self.code = read["batch"] or self.code
        marks = f"，标记 {', '.join(read['marks'])}" if read["marks"] else ""
        print(f"     入账 第 {receipt['index']} 条{marks}：{read['happening']['what']['zh']}")
        if self.code:
            self._metres()
        self._prove(who, draft["id"], receipt["index"])
        return str(draft["id"])

    def refused(self, who: str, title: str, rule: str, draft: Mapping[str, Any]) -> None:
        """Ask for what must be refused by this rule."""
        answer, _ = self._post(who, draft, {})
        if answer.status not in (403, 409, 422):
            sys.exit(f"not refused, against the story: {title}: {answer.status}")
        self._head(who, title)
        codes = [problem["code"] for problem in answer.json()["problems"]]
        if rule not in codes:
            sys.exit(f"refused by {codes}, not by {rule}")
        for problem in answer.json()["problems"]:
            print(
                f"     拒绝 {problem['code']}：{problem['detail']['zh']}；{problem.get('remedy', {}).get('zh', '')}"
            )
        self._metres()

    def _post(
        self, who: str, draft: Mapping[str, Any], beside: Mapping[str, Any]
    ) -> tuple[Answer, dict[str, Any]]:
        whole = {"id": str(uuid4()), **draft}
        return self.line(who).post("/api/v1/events", {"draft": whole, **beside}), whole

    def line(self, who: str) -> Line:
        return Line(self.address, self.keys[who])

    def _head(self, who: str, title: str) -> None:
        self.steps += 1
        print(f"\n{self.steps:>3}. {self.parts[who].name}：{title}")

    def _metres(self) -> None:
        flow = self.line("office").get(f"/api/v1/batches/{self.code}/flow").json()
        places = [
            f"{STATES[row['state']]} {row['holder']['zh'] or '—'}（{row['region'] or '—'}）{row['length_mm'] / 1000:g} m"
            for row in flow["where"]
        ]
        total = sum(row["length_mm"] for row in flow["where"])
        if total != flow["length_mm"]:
            sys.exit(f"{total} mm are somewhere, {flow['length_mm']} mm were made")
        print(
            f"     每一米：{'；'.join(places)}。合计 {total / 1000:g} m = 生产 {flow['length_mm'] / 1000:g} m"
        )

    def _prove(self, who: str, event_id: str, index: int) -> None:
        line = self.line(who)
        entry = line.get(f"/api/v1/events/{event_id}/entry").body
        proof = line.get(f"/api/v1/events/{event_id}/proof").body
        _, tree = check_proof_file(proof, entry=entry, vkey=self.log_key)
        print(f"     证明：第 {index} 条在 {tree.size} 条的树中，树根 {tree.root.hex()[:16]}…，签名有效")


def on(day: str) -> dict[str, Any]:
    return {"occurred_at": f"{day}T00:00:00+08:00", "precision": "day"}
