"""Several things typed into one field of a form, and problems of a draft brought back to the fields they came from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from ..errors import InputError, Problem


def read_each(field: str, read: Callable[[str], str], typed: Iterable[str]) -> list[str]:
    """Each as it is meant, each once. Raises InputError at the field; a choice among names would stand there for all of
    them, so that none is offered."""
    try:
        return list(dict.fromkeys(map(read, typed)))
    except InputError as error:
        at_field = (replace(problem, where=f"/{field}", choices=()) for problem in error.problems)
        raise InputError(*at_field) from None


def words_in(text: str) -> list[str]:
    """Words between spaces, commas and line ends."""
    return text.replace("，", " ").replace("、", " ").replace(",", " ").replace("；", " ").split()


def lines_in(text: str) -> list[str]:
    """Lines, for names that hold spaces."""
    return [line for line in (each.strip() for each in text.splitlines()) if line]


def at_fields(problems: Iterable[Problem], fields: Collection[str]) -> tuple[Problem, ...]:
    """Problems at the fields of a form that are called as members of the draft are: the innermost that is one."""

    def field_of(where: str) -> str:
        named = [part for part in where.split("/") if part in fields]
        return f"/{named[-1]}" if named else where

    return tuple(replace(problem, where=field_of(problem.where)) for problem in problems)
