"""Projects as they are typed into a form, one a line: by number, by name, or by the address of their page."""

from __future__ import annotations

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..errors import InputError, Text
from ..model.state import KnownProject
from ..queries import registry
from ..registry import register
from .several import lines_in, read_each

#: So many projects whose names hold what was typed are looked at for the one that is called so.
_MOST_ALIKE = 200


def projects_named(tx: Connection, actor: Actor, typed: str) -> list[dict[str, str]]:
    """Each project as a draft names it, each once. Raises InputError at the field ``projects``."""
    ids = read_each("projects", lambda line: _project(tx, actor, line), lines_in(typed))
    known = register.projects(tx, ids)
    return [project_ref(known[id_]) for id_ in ids]


def project_ref(project: KnownProject) -> dict[str, str]:
    """As a draft names it."""
    return {"keeper": project.keeper, "number": project.number}


def project_shown(project: KnownProject) -> str:
    """As it may be typed, where numbers of several keepers are the same too."""
    return f"/projects/{project.id}"


def last_of(address: str) -> str:
    """The id that an address of a page ends with, or an id by itself."""
    return address.rstrip("/").rpartition("/")[2]


def _project(tx: Connection, actor: Actor, typed: str) -> str:
    """The id of the one project that the actor may see and that is called so. Raises InputError."""
    last = last_of(typed)
    if last in register.projects(tx, [last]):
        return last
    found = registry.projects(tx, actor, text=typed, limit=_MOST_ALIKE).rows
    called = {row.id for row in found if not row.granted and typed in (row.number, row.name)}
    if len(called) != 1:
        raise InputError.of(
            "unknown-reference",
            "有几个项目都叫这个名称或编号" if called else "您能看到的项目里没有这个名称或编号",
            "several projects have this name or number"
            if called
            else "you see no project of this name or number",
            came=typed,
            remedy=Text("可填项目页面的地址", "give the address of the project's page"),
        )
    return called.pop()
