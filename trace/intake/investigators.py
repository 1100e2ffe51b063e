"""Who has investigated a case, by name: looked up where a step is judged, so that nobody reviews what he investigated.

Names stand on the ledger as commitments and are told apart by their disclosed clear text alone. What was erased, or never
disclosed, is compared with nothing. A rebuild judges nothing and looks nobody up.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ..ledger import store
from ..ledger.payload import decode_payload
from ..model.drafts import CaseDraft, CaseStepDraft, CorrectionDraft, Draft, parse_draft
from ..model.rules_of_cases import as_compared
from ..model.state import State
from ..model.streams import case_stream
from ..personal import disclosures
from ..registry import register

#: Who investigates is named so; who reviews is not.
_ROLE = "officer"


def look_up(tx: Connection, draft: Draft, state: State) -> None:
    """Put the names of those who have investigated the draft's case into the state, if they are not known yet."""
    if not isinstance(draft, CaseDraft | CaseStepDraft) or draft.subject.case in state.investigators:
        return
    named: dict[str, set[str]] = {}
    rows = list(store.read_stream(tx, case_stream(draft.subject.case)))
    newest = register.newest_versions(tx, [row.event_id for row in rows])
    for row in (*rows, *store.read_rows_by_id(tx, list(newest.values())).values()):
        said = parse_draft(decode_payload(row.payload).draft, recorded=True)
        named[said.id] = {f"/by/{n}/name" for n, person in enumerate(said.by) if person.role == _ROLE}
    disclosed = disclosures.read(tx, named)
    state.investigators[draft.subject.case] = frozenset(
        as_compared(each.value)
        for id_, opened in disclosed.items()
        for each in opened
        if each.pointer in named[id_]
    )


def add(draft: Draft, names: Sequence[str], state: State) -> None:
    """Those of a draft that was admitted; ``names`` its responsible persons in clear, in their order."""
    if isinstance(draft, CorrectionDraft) and draft.subject.kind in ("case", "case-step"):
        state.investigators.clear()  # who it was is looked up anew
    if not isinstance(draft, CaseDraft | CaseStepDraft):
        return
    fresh = {as_compared(name) for person, name in zip(draft.by, names, strict=True) if person.role == _ROLE}
    known = state.investigators.get(draft.subject.case, frozenset())
    state.investigators[draft.subject.case] = known | fresh
