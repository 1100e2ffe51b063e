"""The things that are read one by one: a batch by its code, uncoded goods and a project by their ids; named as their streams are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def batch_thing(code: str) -> str:
    return f"batch:{code}"


def goods_thing(id_: str) -> str:
    return f"goods:{id_}"


def project_thing(id_: str) -> str:
    return f"project:{id_}"


def sort_and_id(thing: str) -> tuple[str, str]:
    """``batch``, ``goods`` or ``project``, and the code or id."""
    sort, _, id_ = thing.partition(":")
    return sort, id_


def ids_among(wanted: str, things: Iterable[str]) -> list[str]:
    """The codes of the batches, or the ids of the goods or projects, among these things, sorted."""
    return sorted(id_ for sort, id_ in map(sort_and_id, things) if sort == wanted)


def thing_of(draft: Any, batch: str | None) -> str | None:
    """What an event is about, if that is one such thing; ``batch`` is the code that the server assigned. What is said of
    another event is about what that one is about, which only the ledger knows."""
    if batch is not None:
        return batch_thing(batch)
    subject = draft.subject
    if getattr(subject, "goods", None) is not None:
        return goods_thing(subject.goods)
    project = getattr(subject, "project", None)
    return None if project is None else project_thing(project.id)
