"""What a program sends as one JSON document: how it is described, and how it is read."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import Request
from pydantic import TypeAdapter, ValidationError

from ..errors import InputError
from ..ledger import canonical
from .door import read_body, require_json
from .failures import problems_in

T = TypeVar("T")


def sends(schema: str) -> dict[str, Any]:
    """The body of an operation that takes a document of this schema of the description, for `contract.needs`."""
    named = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {"requestBody": {"required": True, "content": {"application/json": named}}}


async def read_sent(request: Request, shape: TypeAdapter[T], limit: int) -> T:
    """The document, of at most so many bytes. Raises InputError for a body that is none, or has another shape."""
    require_json(request)
    data = await read_body(request, limit)
    canonical.decode(data, limit)  # as strict as everywhere: no name twice, no unsound text
    try:
        return shape.validate_json(data)
    except ValidationError as error:
        raise InputError(*problems_in(error.errors())) from None
