"""Text in statements that every engine reads alike."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal_column


def first_of(text: ColumnElement[str], length: int) -> ColumnElement[str]:
    """The first so many characters. The numbers stand in the statement: PostgreSQL's substr takes none of 64 bits."""
    return func.substr(text, literal_column("1"), literal_column(str(length)))
