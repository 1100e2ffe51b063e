"""``cabletrace``: the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from . import (
    attachments,
    authorities,
    calendars,
    demo,
    doctor,
    evidence,
    export,
    following,
    indexing,
    labels,
    ledger,
    people,
    records,
    serve,
    signing,
    updating,
    witness,
)
from .console import DONE, EXIT_CODES, words_for_errors

app = typer.Typer(
    name="cabletrace",
    help="电线电缆质量追溯账本与查询服务 · traceability ledger and lookup service for electric cable products",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (
    ledger,
    demo,
    records,
    serve,
    export,
    evidence,
    following,
    indexing,
    labels,
    people,
    authorities,
    calendars,
    doctor,
    attachments,
    signing,
    updating,
    witness,
):
    module.add_to(app)


def run(words: Sequence[str] | None = None) -> None:
    """The program's entry: commands, with words for whatever may go wrong, also where one document is wanted. ``words`` are
    those of the command line unless others are given. Ends in SystemExit."""
    said = sys.argv[1:] if words is None else list(words)
    with words_for_errors(as_json="--json" in said):
        code = app(
            said, prog_name="cabletrace", standalone_mode=False
        )  # else mistakes of usage are told in English only
    raise SystemExit(code if isinstance(code, int) else DONE)
