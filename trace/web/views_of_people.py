"""What the pages about accounts, invitations and sessions are given, as `views` has it for all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from ..errors import Problem, Text
from ..queries.answers import Standing
from .views import Choice, Page
from .words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One account in a list. ``region``: its jurisdiction, if it has one.

    ``invited_until``: it is none yet: so long its link can be used, by which it gets a name.
    """

    href: str
    name: str
    display_name: str
    organisation: str
    role: Text
    region: str = ""
    administers: bool = False
    standing: Standing
    last_seen: datetime | None = None
    invited_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPage(Page):
    """``manages``: whether the reader lets people in and out here, or only looks. ``total``: without the filters."""

    template: ClassVar[str] = "accounts.html"
    accounts: tuple[AccountRow, ...] = ()
    query: str = ""
    states: tuple[Choice, ...] = ()
    total: int = 0
    manages: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A live session; ``device`` and ``network`` are coarse, and empty where nothing is known."""

    device: str
    network: str
    since: datetime
    last_seen: datetime
    is_this: bool = False
    end_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage(Page):
    """One account for whoever manages it. ``can_change`` is false for one's own and for one with wider rights.

    ``locked_until``: no one can sign in under its name until then; ``failures``: failed attempts of late.
    """

    template: ClassVar[str] = "account.html"
    id: str
    row: AccountRow
    language: Language
    created_at: datetime
    password_changed_at: datetime | None = None
    sessions: tuple[SessionRow, ...] = ()
    keys: int = 0
    failures: int = 0
    locked_until: datetime | None = None
    can_change: bool = True
    can_lay_down: bool = False
    languages: tuple[tuple[Language, Text], ...] = (
        ("zh", Text("中文", "中文")),
        ("en", Text("English", "English")),
    )
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """A link that was handed out. ``account``: whose password it renews, empty for a new account."""

    display_name: str
    account: str
    organisation: str
    role: Text
    region: str
    administers: bool
    invited_by: str
    expires_at: datetime
    standing: Standing
    withdraw_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationsPage(Page):
    """``fresh_link`` is shown on this one answer only. ``roles``: value and word of the choices.

    ``parties`` are suggestions for the organisation, number (or id) and name; none where it is always the reader's
    own. ``regions``: whether any of the roles has a jurisdiction.
    """

    template: ClassVar[str] = "invitations.html"
    invitations: tuple[InvitationRow, ...] = ()
    roles: tuple[tuple[str, Text], ...] = ()
    parties: tuple[tuple[str, str], ...] = ()
    any_party: bool = True
    regions: bool = True
    typed: Mapping[str, str] = field(default_factory=dict)
    fresh_name: str = ""
    fresh_link: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage(Page):
    """What an invited person sees. ``account``: the name whose password is renewed, empty where one is chosen."""

    template: ClassVar[str] = "join.html"
    action: str
    display_name: str
    organisation: str
    role: Text
    expires_at: datetime
    account: str = ""
    name: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsPage(Page):
    template: ClassVar[str] = "sessions.html"
    sessions: tuple[SessionRow, ...] = ()
    password_changed_at: datetime | None = None
