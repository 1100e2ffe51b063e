"""What every route declares, and the OpenAPI document that is made of it.

A route says with `needs` which action of the policy it takes; a test walks all routes and asks each as every
role. What the framework would describe wrongly (its own error bodies) is replaced by our problems.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ..auth.policy import ACTIONS, Action, Role, may
from ..errors import ANSWERS
from .allowance import EVENTS_PER_MINUTE, READS_PER_MINUTE, Cost
from .door import ALLOWANCE
from .problems import MEDIA_TYPE

#: Where a route's declaration stands in its operation.
ACTION = "x-action"
#: The action of recording depends on what is recorded.
RECORDING = "record:{kind}"

_SIGNED_IN: list[dict[str, list[str]]] = [{"apiKey": []}, {"session": []}]

TAGS = [
    {"name": "events 事件", "description": "记录与读取事件 record and read events"},
    {"name": "batches 批次", "description": "批次、流向、追溯 batches, where the metres are, tracing"},
    {"name": "search 查询", "description": "一个搜索框 one box for everything"},
    {
        "name": "registry 备案",
        "description": "企业、产品、证书、项目 parties, products, certificates, projects",
    },
    {"name": "persons 责任人", "description": "按姓名查责任人 what a responsible person answers for"},
    {"name": "alerts 预警", "description": "规则发现的事项，不是结论 what the rules noticed; no verdicts"},
    {
        "name": "evidence 证据",
        "description": "可离线核验的证据包 packages that are checked offline, for court",
    },
    {"name": "imports 导入", "description": "表格导入，先试行后入账 spreadsheets: rehearse, then record"},
    {
        "name": "blobs 附件",
        "description": "照片与文件，先上传再由事件引用 photos and papers: uploaded first, then named by events",
    },
    {"name": "keys 密钥", "description": "本账号的 API 密钥 API keys of the own account"},
    {"name": "public 公开", "description": "无需登录 no sign-in"},
]

DESCRIPTION = f"""
电线电缆质量追溯账本的接口。JSON；错误一律为 RFC 9457 `application/problem+json`，带稳定代码与中英文说明；
列表用 `Link: …; rel="next"` 翻页，只能向后读，由读者自己记住来路；检索另给 `rel="prev"` 与 `rel="first"`。`lang=zh` 或 `lang=en` 处处可用；没有列出的参数一律拒绝（400），并指出最接近的名称，
`/c/…`、`/r/…` 等供人打开的地址除外。机器用 `Authorization: Bearer ct_…`；浏览器会话修改数据时另需
`X-Form-Token`。

The traceability ledger for electric cable products. JSON; every error is RFC 9457 `application/problem+json`
with a stable code and both languages; lists continue at `Link: …; rel="next"` and are read forwards only: the way back is what the reader came by. The search says `rel="prev"` and
`rel="first"` too. Every address takes `lang=zh` or `lang=en`; a parameter that is not described
is refused (400) with the nearest that is, except where people open links (`/c/…`, `/r/…`). Machines send
`Authorization: Bearer ct_…`; a browser's session also sends `X-Form-Token` when it changes something. Lengths
are integer millimetres, instants RFC 3339 in UTC, days civil days of Asia/Shanghai. A repeated request with
the same event id is answered with the first receipt.

每个密钥、每个登录各有额度：`x-allowance: reading` 的查询和导出每分钟 {READS_PER_MINUTE:,} 次，`recording` 每分钟
{EVENTS_PER_MINUTE:,} 条事件（默认值，可由运维调整）；用完时回答 429，`Retry-After` 说明几秒后再试。

Each key and each session has allowances: readings and exports marked `x-allowance: reading`, {READS_PER_MINUTE:,} a
minute; `recording`, {EVENTS_PER_MINUTE:,} events a minute (defaults; the operator may set others). Beyond them the answer is
429 with `Retry-After` in seconds.
"""


def costs(cost: Cost) -> dict[str, Any]:
    """The declaration of a route that takes from an allowance of the session or key: with `needs`, or on a page."""
    return {ALLOWANCE: cost.value}


def needs(action: Action, **more: Any) -> dict[str, Any]:
    """The declaration of a route: the action it takes. ``more`` goes into the operation as it is."""
    title = ACTIONS[action]
    return {
        ACTION: action.value,
        "security": [{}, *_SIGNED_IN] if may(Role.PUBLIC, action) else _SIGNED_IN,
        "x-action-title": {"zh": title.zh, "en": title.en},
        **more,
    }


def needs_recording(**more: Any) -> dict[str, Any]:
    """The declaration of the route that records: each kind of event is an action of its own."""
    return {ACTION: RECORDING, "security": _SIGNED_IN, **more}


def open_to_all(**more: Any) -> dict[str, Any]:
    """The declaration of a route that shows nothing of anybody: health, and this description."""
    return {ACTION: "", "security": [], **more}


def answers_with(
    media_type: str, description: str, schema: Mapping[str, Any] | None = None
) -> dict[int | str, Any]:
    """The ``responses`` of a route whose answer is no JSON value."""
    return {
        200: {
            "description": description,
            "content": {media_type: {"schema": dict(schema or {"type": "string"})}},
        }
    }


def header(description: str) -> dict[str, Any]:
    """A header of an answer, for ``responses``."""
    return {"description": description, "schema": {"type": "string"}}


# --- the document -------------------------------------------------------------------------------------

_ALWAYS = (400, 404, 405, 406, 422, 429, 500, 503, 507)
_WITH_BODY = (409, 413, 415)
_SIGNED_IN_ONLY = (401, 403)
_HEADERS_OF_PROBLEMS = {
    401: {"WWW-Authenticate": header("Bearer")},
    405: {"Allow": header("此地址支持的方法 the methods that this address supports")},
    429: {"Retry-After": header("几秒后再试 seconds to wait")},
    503: {"Retry-After": header("几秒后再试 seconds to wait")},
}
_LINK = header('下一页，最后一页没有 RFC 8288, `<…>; rel="next"`; none on the last page')


def describe(app: FastAPI, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The OpenAPI document of all routes of the app that are in it; ``schemas`` are components besides."""
    document = get_openapi(
        title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, tags=TAGS
    )
    components = document.setdefault("components", {})
    known = components.setdefault("schemas", {})
    for theirs in ("HTTPValidationError", "ValidationError"):
        known.pop(theirs, None)
    known.update(schemas)
    known["Text"] = _TEXT
    known["ProblemDocument"] = _PROBLEM
    components["responses"] = {f"Problem{status}": _problem_response(status) for status in _all_statuses()}
    components["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "API 密钥 API key: ct_…"},
        "session": {"type": "apiKey", "in": "cookie", "name": "cabletrace_session"},
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            _add_problems(operation)
            if any(parameter["name"] == "after" for parameter in operation.get("parameters", ())):
                operation["responses"]["200"].setdefault("headers", {})["Link"] = _LINK
    return document


def _add_problems(operation: dict[str, Any]) -> None:
    statuses = set(_ALWAYS)
    if "requestBody" in operation:
        statuses.update(_WITH_BODY)
    if operation.get("security"):  # an API key that opens nothing is refused wherever it is shown
        statuses.update(_SIGNED_IN_ONLY)
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}


def _all_statuses() -> list[int]:
    return sorted({*_ALWAYS, *_WITH_BODY, *_SIGNED_IN_ONLY})


def _problem_response(status: int) -> dict[str, Any]:
    codes = [name for name, answer in ANSWERS.items() if answer.status == status]
    titles = "; ".join(f"`{name}` {ANSWERS[name].title.zh} {ANSWERS[name].title.en}" for name in codes)
    more = "; 规则名称 the name of a rule" if status == 409 else ""
    return {
        "description": titles + more,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        "headers": _HEADERS_OF_PROBLEMS.get(status, {}),
    }


_TEXT = {
    "type": "object",
    "description": "一句话，中英文 one sentence in both languages",
    "required": ["zh", "en"],
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; 每一处错误都在 problems 里 every single fault stands in problems",
    "required": ["type", "status", "code", "title", "detail", "problems"],
    "properties": {
        "type": {"type": "string", "example": "urn:cabletrace:problem:wrong-input"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "稳定代码或规则名称 a stable code or the name of a rule"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "title", "detail"],
                "properties": {
                    "code": {"type": "string"},
                    "title": {"$ref": "#/components/schemas/Text"},
                    "detail": {"$ref": "#/components/schemas/Text"},
                    "ground": {"$ref": "#/components/schemas/Text"},
                    "where": {
                        "type": "string",
                        "description": "JSON pointer, 参数或列名 parameter or column",
                    },
                    "came": {"type": "string"},
                    "remedy": {"$ref": "#/components/schemas/Text"},
                },
            },
        },
    },
}
