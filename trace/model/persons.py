"""Persons: where natural persons stand in a draft, and which of them the law keeps on record.

The one place that knows. Committing, comparing, verifying, erasing and showing personal data all ask here, so
a personal field that is added to a draft is added here or stands on the ledger in clear.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

COMPLAINANT = "/body/complainant"
OFFICIAL = "/body/official/name"

#: Roles whose bearers answer for quality for life (质量终身责任): their names are locked, never erased. The law
#: that has them kept stands above a wish to be forgotten: 个人信息保护法 第四十七条第二款, 建设工程质量管理条例 第七十七条.
STATUTORY_ROLES = frozenset({"inspector", "acceptor", "engineer", "tester", "officer", "reviewer"})
#: About whom a clue is: kept while the organ of discipline may ask, never looked up by name.
OF_A_CLUE = "official"


class PersonalField(NamedTuple):
    """A personal field of a draft: its JSON pointer from the draft, what stands there (clear text or commitment), and
    the role of a responsible person or `OF_A_CLUE`; None for one who complains or reports."""

    pointer: str
    value: str
    role: str | None

    @property
    def is_locked(self) -> bool:
        """Whether the name of this person is kept by law."""
        return self.role in STATUTORY_ROLES or self.role == OF_A_CLUE


def persons_in(draft: Any) -> Iterator[PersonalField]:
    """Every personal field of a draft, in a fixed order.

    A correction has its own responsible persons; none of the kinds that can be corrected has a complainant.
    """
    for n, person in enumerate(draft.by):
        yield PersonalField(f"/by/{n}/name", person.name, person.role)
    complainant = getattr(draft.body, "complainant", None)
    if complainant is not None:
        yield PersonalField(f"{COMPLAINANT}/name", complainant.name, None)
        yield PersonalField(f"{COMPLAINANT}/phone", complainant.phone, None)
    official = getattr(draft.body, "official", None)
    if official is not None:
        yield PersonalField(OFFICIAL, official.name, OF_A_CLUE)


def names_somebody(where: str) -> bool:
    """Whether what stands at this place of a draft may be, or hold, a personal value: such are never shown again."""
    if where.startswith("/by"):
        return not where.endswith("/role")
    return where.startswith(COMPLAINANT) or where == OFFICIAL


def is_responsible(pointer: str) -> bool:
    """Whether it is the name of a responsible person, who can be looked up; those who complain cannot."""
    return pointer.startswith("/by/")
