"""The actor: who is asking, whichever door they came through.

An actor is made by a session, by an API key, by the command line, or is anonymous; everything behind the
doors sees only this value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..errors import InputError, Text
from ..model.involvement import knows_party
from ..model.scope import Part, Scope
from ..model.state import KnownParty
from ..model.units import Lent
from .policy import ACTIONS, NEVER_LENT, READ_IF_GRANTED, ROLES, Action, Reach, Role, may, recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking.

    ``account`` and ``party`` are ids, empty for the anonymous; ``scope`` is the account's own party, for an authority also its
    jurisdiction, for a certification body the certificates that it issued (never what it may merely *enter* for others: 代录 lends the pen, not the eyes);
    ``actions`` is what an API key was limited to, None for all that the role may do; who ``administers`` its
    organisation also has what the policy gives to administrators only.

    ``lent`` is what other authorities let it read; ``opened`` those parts of it whose reading stands on the ledger, so
    that they may be shown in this one answer.
    """

    account: str
    party: str
    role: Role
    scope: Scope
    name: str
    via: Literal["session", "api-key", "cli", "anonymous"]
    language: Literal["zh", "en"] = "zh"
    actions: frozenset[Action] | None = None
    lent: tuple[Lent, ...] = ()
    opened: tuple[Part, ...] = ()
    administers: bool = False

    @classmethod
    def anonymous(cls) -> Actor:
        """Anybody with a browser or a phone."""
        return cls(account="", party="", role=Role.PUBLIC, scope=Scope(), name="", via="anonymous")

    def reach(self, action: Action) -> Reach:
        """How far this actor's right to the action goes: the role's, unless its key leaves it out."""
        if self.actions is not None and action not in self.actions:
            return Reach.NONE
        return may(self.role, action, administers=self.administers)

    def require(self, action: Action) -> Reach:
        """The reach, if there is any. Raises InputError ``not-signed-in`` or ``not-allowed``."""
        reach = self.reach(action)
        if reach:
            return reach
        wanted = ACTIONS[action]
        if self.role is Role.PUBLIC:
            raise InputError.of(
                "not-signed-in",
                f"「{wanted.zh}」需要先登录",
                f"to {wanted.en}, sign in first",
                remedy=Text(
                    "请登录后再做一次（程序请带上接口密钥）；刚才什么都没有保存",
                    "sign in and do it again (programs send an API key); nothing was saved",
                ),
            )
        role = ROLES[self.role]
        if may(self.role, action, administers=self.administers):
            raise InputError.of(
                "not-allowed",
                f"此 API 密钥的权限不含「{wanted.zh}」",
                f"this API key does not cover: {wanted.en}",
                came=action.value,
                remedy=Text("另行创建包含该权限的密钥", "create a key that covers it"),
            )
        raise InputError.of(
            "not-allowed",
            f"「{role.zh}」账号无权「{wanted.zh}」",
            f"an account of the role {role.en} may not {wanted.en}",
            remedy=Text(
                "换用有此权限的账号，或请运维核对您的角色",
                "use an account that may, or ask the operator about your role",
            ),
        )

    def scope_for(self, action: Action) -> Scope:
        """What a reading action shows to this actor, with what was granted and opened; nothing where it has no right to
        it. To be found is not yet to be read (`granted_scope_for`)."""
        own = self.own_scope_for(action)
        if action not in READ_IF_GRANTED or not self.reach(action):
            return own
        return self._as_it_follows(own | Scope(parts=self.opened))

    def granted_scope_for(self, action: Action) -> Scope:
        """What others have granted and the actor may find to read by this action: by its line, and no more than that is
        told of it."""
        if action not in READ_IF_GRANTED or not self.reach(action):
            return Scope()
        return self._as_it_follows(Scope(parts=tuple(part for lent in self.lent for part in lent.parts)))

    def own_scope_for(self, action: Action) -> Scope:
        """What a reading action shows to this actor of its own right."""
        reach = self.reach(action)
        if reach is Reach.EVERYTHING:
            return Scope(everything=True)
        if reach is Reach.JURISDICTION:
            return self._as_it_follows(self.scope)
        if reach is not Reach.OWN:
            return Scope()
        return Scope(parties=self.scope.parties, certificates=self.scope.certificates)

    def _as_it_follows(self, scope: Scope) -> Scope:
        """A scope as it is to this role: who may not trace goods is told what is inside, and not where they went."""
        return scope if may(self.role, Action.READ_TRACE) else scope.inwards()

    def may_know(self, party: KnownParty) -> bool:
        """Whether this actor may be told that a party is on record (`model.involvement.knows_party`), whatever its key is for."""
        everything = may(self.role, Action.READ_BATCH) is Reach.EVERYTHING
        return everything or knows_party(self.scope, party)

    def may_record(self, kind: str, *, speaker: str, region: str | None) -> bool:
        """Whether the policy lets this actor enter an event of this kind as the speaker's statement.

        ``speaker`` is the party whose statement it is (``entered_for``, else the actor's own); ``region`` the six
        digits of where it happened, if it says so. That another speaker has *granted* it is judged by rule, at
        the entry's time (``no-grant-to-enter``). Raises InputError ``unknown-kind``.
        """
        reach = self.reach(recording(kind))
        if reach is Reach.EVERYTHING:
            return True
        if speaker != self.party:
            return reach >= Reach.GRANTED and kind not in NEVER_LENT
        if reach is Reach.JURISDICTION:
            return region is None or self._acts_in(region)
        return reach is Reach.OWN

    def _acts_in(self, region: str) -> bool:
        """Whether a region is in the jurisdiction, or the parties that a unit supervises may be there."""
        return self.scope.sees_region(region) or any(
            part.within.sees_region(region) for part in self.scope.parts
        )

    def enters_for_anybody(self, kind: str) -> bool:
        """Whether this actor needs no grant to enter this kind for another party."""
        return self.reach(recording(kind)) is Reach.EVERYTHING
