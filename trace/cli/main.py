"""``cabletrace``: the command line."""

from __future__ import annotations

import typer

from . import (
    attachments,
    authorities,
    demo,
    doctor,
    export,
    labels,
    ledger,
    people,
    records,
    serve,
    signing,
    witness,
)
from .console import EXIT_CODES, words_for_errors

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
    labels,
    people,
    authorities,
    doctor,
    attachments,
    signing,
    witness,
):
    module.add_to(app)


def run() -> None:
    """The program's entry: commands, with words for whatever may go wrong."""
    with words_for_errors():
        app()
