"""Pages into HTML: the Jinja environment, its words and its filters.

Templates carry both languages side by side, ``t("中文", "English")``; what arrives from data as a `Text` is
said by ``|say``. Everything is escaped and an unknown name is an error, never an empty space. Macros need
the reader's language, so they are imported ``with context``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from ..blobs.content import MAX_BLOB_BYTES
from ..clock import SHANGHAI, show_instant
from ..errors import Problem, Text
from ..http import attaching, photos
from ..http.forms import PICKED
from ..model.kinds import KINDS
from .assets import Assets, read_assets
from .flow_picture import balances, flow
from .metre_bar import bar
from .navigation import TRACE_HREF
from .qr import qr
from .views import Page
from .words import STATES, WHERES, kind_of

TEMPLATES = Path(__file__).parent / "templates"

#: Sent with every page. Nothing inline, nothing from elsewhere: what is not ours does not run.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def make_environment(assets: Assets | None = None) -> Environment:
    """The environment of all pages; made once, when the application is put together."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        begun=begun,
        count=count,
        day=day,
        file_size=file_size,
        instant=instant,
        metres=metres,
        say=say,
        wait=wait,
    )
    environment.globals.update(
        t=_t,
        static_url=(assets or read_assets()).url,
        problem_at=problem_at,
        picked=PICKED,
        attachment_limit=MAX_BLOB_BYTES,
        most_attachments=attaching.MOST_FILES,
        attachment_types=attaching.ACCEPT,
        kept_as=attaching.kept_as,
        most_photos=photos.MOST_PHOTOS,
        photo_limit=photos.LARGEST_PHOTO_BYTES,
        photos_limit=photos.MOST_PHOTO_BYTES,
        photo_types=photos.ACCEPT,
        kind_of=kind_of,
        states=STATES,
        wheres=WHERES,
        event_kinds=KINDS,
        trace_door=TRACE_HREF,
        balances=balances,
        bar=bar,
        flow=flow,
        qr=qr,
    )
    return environment


def render(environment: Environment, page: Page) -> str:
    """The page in its frame's language, as a whole document."""
    return environment.get_template(page.template).render(
        page=page, frame=page.frame, language=page.frame.language
    )


@pass_context
def _t(context: Context, zh: str, en: str) -> str:
    return en if context["language"] == "en" else zh


@pass_context
def say(context: Context, text: Text) -> str:
    """A `Text` in the reader's language."""
    return text.in_language(context["language"])


def begun(said: str) -> str:
    """English words as they stand alone: the first letter is a capital."""
    return said[:1].upper() + said[1:]


def problem_at(problems: tuple[Problem, ...], name: str) -> Problem | None:
    """The first problem with the form field of this name (JSON pointer ``/name``), or inside it."""
    return next((problem for problem in problems if f"{problem.where}/".startswith(f"/{name}/")), None)


def metres(length_mm: int) -> str:
    """Millimetres as metres: ``1,234.5``, at most three decimals and no trailing zeros."""
    whole = f"{Decimal(abs(length_mm)).scaleb(-3):,.3f}".rstrip("0").rstrip(".")
    return f"−{whole}" if length_mm < 0 else whole


def count(number: int) -> str:
    """``12,345``."""
    return f"{number:,}"


def instant(at: datetime) -> str:
    """``2026-05-02 08:30`` in Asia/Shanghai."""
    return show_instant(at)


def day(on: date | datetime) -> str:
    """``2026-05-02``; of an instant, its civil day in Asia/Shanghai."""
    return (on.astimezone(SHANGHAI).date() if isinstance(on, datetime) else on).isoformat()


def file_size(size_bytes: int) -> str:
    """``18 kB``, ``2.4 MB``: decimal units, as file managers show them."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000)):,} kB"
    return f"{size_bytes / 1_000_000:,.1f}".removesuffix(".0") + " MB"


@pass_context
def wait(context: Context, seconds: int) -> str:
    """A remaining time as people say it: never more exact than it is known."""
    english = context["language"] == "en"
    if seconds < 60:
        return "less than a minute" if english else "不到 1 分钟"
    minutes = -(-seconds // 60)
    if english:
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    return f"约 {minutes} 分钟"
