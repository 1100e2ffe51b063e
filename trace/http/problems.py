"""Error answers: problems as RFC 9457 ``application/problem+json``, the same members for every route.

``type`` is a stable URN, ``code`` the name in `ANSWERS` or of a rule, ``title``/``detail`` in the asker's language
with both languages beside them, ``problems`` every single fault with its place, what came and the remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import Response

from ..errors import ANSWERS, Problem, Text
from ..model.admission import Refusal
from ..model.rules import RULES

MEDIA_TYPE = "application/problem+json"
_FALLBACK = Text("请求被拒绝", "The request was refused")


def status_of(problems: Sequence[Problem]) -> int:
    """The status of the gravest problem: what cannot be read is named before what is not allowed."""
    return max((_status(problem.code) for problem in problems), key=_PRECEDENCE.index)


def _status(code: str) -> int:
    if code in RULES:
        return RULES[code].weight.status
    answer = ANSWERS.get(code)
    return 422 if answer is None else answer.status


_PRECEDENCE = [200, 409, 422, 404, 405, 406, 403, 401, 400, 413, 415, 429, 500, 503, 507]


def title_of(code: str) -> Text:
    """The short name of a problem, from the table of answers or of rules."""
    if code in RULES:
        return RULES[code].title
    answer = ANSWERS.get(code)
    return _FALLBACK if answer is None else answer.title


def problem_document(problems: Sequence[Problem], status: int, language: str) -> dict[str, Any]:
    """The members of a problem answer. The first problem of the gravest status gives title and detail."""
    first = next((p for p in problems if _status(p.code) == status), problems[0])
    return {
        "type": f"urn:cabletrace:problem:{first.code}",
        "status": status,
        "code": first.code,
        "title": title_of(first.code).in_language(language),
        "detail": first.detail.in_language(language),
        "problems": [_member(problem) for problem in problems],
    }


def _member(problem: Problem) -> dict[str, Any]:
    title = title_of(problem.code)
    member: dict[str, Any] = {
        "code": problem.code,
        "title": {"zh": title.zh, "en": title.en},
        "detail": {"zh": problem.detail.zh, "en": problem.detail.en},
    }
    if problem.code in RULES:
        ground = RULES[problem.code].ground
        member["ground"] = {"zh": ground.zh, "en": ground.en}
    if problem.where:
        member["where"] = problem.where
    if problem.came:
        member["came"] = problem.came
    if problem.remedy is not None:
        member["remedy"] = {"zh": problem.remedy.zh, "en": problem.remedy.en}
    return member


def problem_response(
    problems: Sequence[Problem],
    language: str,
    status: int | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem answer over HTTP."""
    code = status_of(problems) if status is None else status
    document = problem_document(problems, code, language)
    return Response(
        orjson.dumps(document),
        status_code=code,
        media_type=MEDIA_TYPE,
        headers={**headers_of(code), **(headers or {})},
    )


def refusal_document(refusal: Refusal, language: str) -> dict[str, Any]:
    return problem_document(refusal.problems, refusal.status, language)


def headers_of(status: int) -> dict[str, str]:
    """What goes with every answer of this status."""
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": "5"} if status == 503 else {}
