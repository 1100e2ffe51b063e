"""Personal fields of a draft: where they stand, and how clear text is replaced by commitments.

Natural persons stand only in ``by`` (later also in ``/body/complainant``). What the ledger keeps of them is a
salted commitment; the clear text goes to the erasable table of disclosures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from ..errors import InputError, Text
from ..ledger import canonical
from ..personal.commitment import commit, is_commitment
from ..personal.disclosures import Disclosure


def commit_personal_fields(
    clear: bytes, event_id: str, salt_for: Callable[[str], bytes]
) -> tuple[bytes, tuple[Disclosure, ...]]:
    """The draft with its personal fields committed, and what the commitments open to.

    ``clear`` is a canonical draft; ``salt_for(pointer)`` gives 16 bytes. A draft without persons comes back as
    the same bytes. Raises InputError for a field that is a commitment already.
    """
    if b'"by":' not in clear:
        return clear, ()
    draft: dict[str, Any] = orjson.loads(clear)
    opened: list[Disclosure] = []
    for n, person in enumerate(draft.get("by", ())):
        pointer = f"/by/{n}/name"
        if is_commitment(person["name"]):
            raise InputError.of(
                "not-yet",
                "暂不接受客户端自行承诺的个人信息",
                "commitments made by the client are not accepted yet",
                came=person["name"],
                where=pointer,
                remedy=Text("直接填写姓名，由服务器承诺", "send the name itself; the server commits it"),
            )
        opened.append(Disclosure(event_id, pointer, salt_for(pointer), person["name"]))
        person["name"] = commit(opened[-1].salt, pointer, person["name"])
    return canonical.encode(draft), tuple(opened)
