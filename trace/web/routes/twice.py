"""A form that is sent twice: first to hear in words what it would mean, then, confirmed, to be recorded."""

from __future__ import annotations

from collections.abc import Collection

from ...errors import Problem
from ...intake.admit import Proposal
from ...intake.record import Intake
from ...ledger.sequencer import Receipt
from ...model.admission import Refusal
from ..several import at_fields


def heard(
    intake: Intake, proposal: Proposal, fields: Collection[str], *, confirmed: bool
) -> Receipt | tuple[Problem, ...]:
    """What becomes of it: confirmed it is recorded, unless something stands against that; not yet confirmed it is only
    foreseen, and where nothing is in its way the problems are none. Problems stand at the ``fields`` of the form."""
    answer = intake.record_now([proposal])[0] if confirmed else intake.foresee(proposal).verdict
    if isinstance(answer, Receipt):
        return answer
    return at_fields(answer.problems, fields) if isinstance(answer, Refusal) else ()
