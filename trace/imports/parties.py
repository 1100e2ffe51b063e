"""Who is meant by the names and numbers in a file, and what has to be said of parties that are not known yet.

A credit code decides who is meant. A bare name means the party that this speaker has named so before; else the
only registered party of that name; else a new one, "named by" the speaker and unconfirmed.
"""

from __future__ import annotations

from ..auth.actor import Actor
from ..codes.regions import current_code
from ..codes.uscc import parse_uscc, region_of_uscc
from ..errors import InputError, Text
from ..model.typed_party import TypedParty, check_called
from ..model.values import business_id, party_id
from .cells import party_of, required_text, uscc_of
from .grid import EMPTY
from .known import Known
from .rows import Reading, Said, event_id, given


class Cast:
    """The parties of one file, by id. Whoever it names first under a code or a name gives the party its name."""

    def __init__(self, known: Known, actor: Actor) -> None:
        self._known = known
        self._actor = actor
        self._new: dict[str, Said] = {}

    def introductions(self, *ids: str | None) -> tuple[Said, ...]:
        """What must be recorded about these parties before they can be referred to."""
        return tuple(self._new[id_] for id_ in dict.fromkeys(ids) if id_ is not None and id_ in self._new)

    # ---- who speaks

    def themselves(self, reading: Reading, name: str, uscc: str, role: str) -> str | None:
        """The party that speaks in this row, by its name and code; None where it has neither or a wrong one."""
        meant = self._typed(reading, name, uscc, by=self._actor.party)
        if meant is None:
            return None
        return self.self_registered(
            party_id(meant.uscc) if meant.uscc is not None else self.speaker_called(meant.name),
            meant.name or None,
            role,
            column=name,
            uscc=meant.uscc,
        )

    def speaker_called(self, name: str) -> str:
        """The id of a party that speaks in a file under a bare name."""
        return self.registered(name) or business_id("party-name", self._actor.party, name)

    def self_registered(
        self,
        id_: str,
        name: str | None,
        role: str,
        *,
        column: str,
        uscc: str | None = None,
        cma: str | None = None,
    ) -> str:
        """This party, which says itself who it is unless it has done so already."""
        before = self._known.parties.get(id_) if self._is_known(id_) else None
        if before is not None and before.named_by is None:
            return id_
        if before is not None and self._actor.via != "cli" and self._actor.party != id_:
            return id_  # a pen that was lent for deliveries need not be good for this
        called = name or (before.name if before is not None else uscc or id_)
        return self._introduce(id_, called, speaker=id_, column=column, roles=(role,), uscc=uscc, cma=cma)

    def laboratory(self, cma: str, name: str | None) -> str:
        """The laboratory with this CMA number."""
        called = name or f"检验检测机构（CMA {cma}）"
        return self.self_registered(self.laboratory_id(cma), called, "laboratory", column="cma", cma=cma)

    def laboratory_id(self, cma: str) -> str:
        """Its own party if it has one; a number that two parties claim, or none, has a party by itself."""
        registered = [party.id for party in self._known.by_cma.get(cma, ()) if party.named_by is None]
        if self._actor.party in registered:
            return self._actor.party
        made = business_id("party-cma", cma)
        others = [id_ for id_ in registered if id_ != made]
        return others[0] if len(others) == 1 else made

    # ---- who is spoken of

    def named(
        self, reading: Reading, name: str, uscc: str, *, by: str, roles: tuple[str, ...] = ()
    ) -> str | None:
        """The party that a row names in these two fields, one of which must be filled in."""
        if reading.line.cell(name).is_empty and reading.line.cell(uscc).is_empty:
            reading.text(name)
            return None
        return self.may_name(reading, name, uscc, by=by, roles=roles)

    def may_name(
        self,
        reading: Reading,
        name: str,
        uscc: str,
        *,
        by: str,
        roles: tuple[str, ...] = (),
        recorded: str | None = None,
    ) -> str | None:
        """The same where both may be empty. ``recorded``: the party that stands here on the ledger already."""
        meant = self._typed(reading, name, uscc, by=by)
        if meant is None:
            return None
        id_ = party_id(meant.uscc) if meant.uscc is not None else self._called(meant.name, by, recorded)
        if self._is_known(id_, by) or id_ in self._new:
            return id_
        if not meant.name:
            reading.need(name, lambda _: required_text(EMPTY))
            return None
        return self._introduce(id_, meant.name, speaker=by, column=name, roles=roles, uscc=meant.uscc)

    def _typed(self, reading: Reading, name: str, uscc: str, *, by: str) -> TypedParty | None:
        """Name and code in these two fields, of which the first may hold both; None where there is neither, or a wrong one."""
        before = len(reading.troubles)
        code, typed = reading.may(uscc, uscc_of), reading.may(name, party_of)
        if len(reading.troubles) > before or (code is None and typed is None):
            return None
        if typed is None or typed.uscc is None:
            return TypedParty("" if typed is None else typed.name, code)
        if code not in (None, typed.uscc):
            reading.refuse(
                name,
                "这里的代码与代码列的不同",
                "the code here is another than that in the column of codes",
                Text("请核对，只保留一个代码。", "Check them, and leave one."),
            )
            return None
        id_, called = party_id(typed.uscc), typed.name
        if self._is_known(id_, by):
            reading.need(name, lambda _: check_called(self._known.parties[id_], called, by))
        return typed if len(reading.troubles) == before else None

    def home(self, id_: str, uscc: str | None = None) -> str | None:
        """The region of a party: as registered, else as its credit code says, brought up to date."""
        party = self._known.parties.get(id_) if self._is_known(id_) else None
        if party is not None and party.region is not None:
            return party.region
        introduced = self._new[id_].draft["body"].get("region") if id_ in self._new else None
        return introduced or home_of_code(uscc or (party.uscc if party is not None else None))

    def registered(self, name: str) -> str | None:
        """The only party of this name that speaks for itself."""
        found = [party.id for party in self._known.by_name.get(name, ()) if party.named_by is None]
        if self._actor.party in found:
            return self._actor.party
        return found[0] if len(found) == 1 else None

    def is_called(self, id_: str, name: str) -> bool:
        """Whether this is a party's name, on the ledger or as this file has introduced it."""
        if id_ in self._new:
            return bool(self._new[id_].draft["body"]["name"] == name)
        return id_ in self._known.parties and self._known.parties[id_].name == name

    def _is_known(self, id_: str, by: str | None = None) -> bool:
        """Whether a party is on record, of those that the actor may know or that ``by``, for whom it enters, has named; whom
        another one merely named is as new as one of which nobody heard."""
        party = self._known.parties.get(id_)
        return party is not None and (by in party.namers or self._actor.may_know(party))

    def _called(self, name: str, by: str, recorded: str | None) -> str:
        if (
            recorded is not None
            and self._is_known(recorded, by)
            and self._known.parties[recorded].name == name
        ):
            return recorded
        made = business_id("party-name", by, name)
        if made in self._known.parties:
            return made
        return self._named_before(name, by) or self.registered(name) or made

    def _named_before(self, name: str, by: str) -> str | None:
        """The only party that this speaker has called so, here or earlier, and told by its credit code."""
        found = {party.id for party in self._known.by_name.get(name, ()) if by in party.namers}
        found.update(
            id_
            for id_, said in self._new.items()
            if said.speaker == by and said.draft["body"]["name"] == name and "uscc" in said.draft["body"]
        )
        return found.pop() if len(found) == 1 else None

    def _introduce(
        self,
        id_: str,
        name: str,
        *,
        speaker: str,
        column: str,
        roles: tuple[str, ...],
        uscc: str | None = None,
        cma: str | None = None,
    ) -> str:
        if id_ not in self._new or (speaker == id_ and self._new[id_].speaker != id_):
            draft = {
                "id": event_id(speaker, "party", id_),
                "kind": "party",
                "subject": {"party": uscc or id_},
                "body": given(name=name, roles=list(roles), uscc=uscc, cma=cma, region=home_of_code(uscc)),
            }
            self._new[id_] = Said(draft=draft, speaker=speaker, fields={"": column})
        return id_


def home_of_code(uscc: str | None) -> str | None:
    """The region in which a credit code was given, as it is called today; None where no table has it any more."""
    if uscc is None:
        return None
    try:
        return current_code(region_of_uscc(parse_uscc(uscc)))
    except InputError:
        return None  # codes keep regions that no table has any more
