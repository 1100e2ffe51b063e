"""How the committer stands: it writes, it is being started anew, or it has stopped until somebody acts.

Three things are kept apart, for three different people wait for them: a pause ends by itself; a stop needs the operator;
an unknown outcome needs whoever proposed, who asks again by the same id.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Broken


class Stopped(Broken):
    """The ledger is not written to any more, until its operator acts; the message says why."""


class Paused(RuntimeError):
    """The committer is being started anew and takes nothing just now; nothing of what was proposed was taken."""


class OutcomeUnknown(RuntimeError):
    """The committer has died with these proposals in hand: each is recorded whole or not at all, and its id tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """``stopped`` and ``paused`` say why nothing is recorded, and are empty while all is well.

    ``waiting`` proposals of ``waiting_bytes`` have no answer yet; ``turned_away`` found no room since the start, and
    ``restarts`` times a committer that had died was started anew.
    """

    stopped: str = ""
    paused: str = ""
    waiting: int = 0
    waiting_bytes: int = 0
    turned_away: int = 0
    restarts: int = 0
