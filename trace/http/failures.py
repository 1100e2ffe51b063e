"""Whatever goes wrong, answered in one form: problem+json for programs, the error page for browsers.

The one place where exceptions become answers. No text of a library reaches a client: what it found is said in
our words and both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from ..auth.actor import Actor
from ..db.engine import disk_is_full
from ..errors import ANSWERS, InputError, Problem, Text, TooManyRequests, shown
from ..ledger.room import Full
from ..ledger.standing import OutcomeUnknown, Paused, Standing, Stopped
from ..search.index import Away
from .door import actor_known, language_of, wants_page
from .problems import headers_of, problem_response, status_of

#: Prints problems as a page: request, status, problems.
ErrorPage = Callable[[Request, int, Sequence[Problem]], Response]

STOPPED = Problem(
    "stopped",
    Text(
        "账本已停止写入，已记录的内容不受影响；请联系运维",
        "the ledger has stopped writing; what is recorded is safe; call the operator",
    ),
    remedy=Text(
        "恢复后用同一编号再发一次：若已记录，会得到原来的回执",
        "send it again under the same id when it writes again: if it was recorded, its first receipt comes back",
    ),
)
STARTING_ANEW = Problem(
    "starting-anew",
    Text(
        "记录进程意外结束，正在自动重新启动；此次内容未记录，已记录的内容不受影响",
        "the process that records has died and is being started anew by itself; this was not recorded, what is recorded "
        "is safe",
    ),
    remedy=Text("几秒后用同一编号再发一次", "send it again under the same id in some seconds"),
)
OUTCOME_UNKNOWN = Problem(
    "outcome-unknown",
    Text(
        "记录进程在处理时意外结束：此次内容或已完整入账，或完全没有",
        "the process that records died while it had this in hand: it is recorded whole, or not at all",
    ),
    remedy=Text(
        "几秒后用同一编号原样再发一次：若已入账，会得到原来的回执，不会重复记录；也可用 GET /api/v1/events/{编号} 查询",
        "send the same again under the same id in some seconds: if it was recorded, its first receipt comes back, and "
        "nothing is recorded twice; or ask GET /api/v1/events/{id}",
    ),
)
QUEUE_FULL = Problem(
    "queue-full",
    Text(
        "等待入账的事件过多，此次请求的内容一条也没有记录",
        "too many events wait to be recorded; nothing of this request was recorded",
    ),
    remedy=Text(
        "几秒后用同一编号原样再发一次，重试是安全的",
        "send the same again under the same ids in some seconds; trying again is safe",
    ),
)
BUSY = Problem(
    "busy",
    Text("同时请求过多，数据库未能及时答复", "too many at once: the database did not answer in time"),
    remedy=Text("几秒后再试，重试是安全的", "try again in some seconds; trying again is safe"),
)
DISK_FULL = Problem(
    "disk-full",
    Text(
        "磁盘已满，此次内容未保存，已记录的内容不受影响；请联系运维",
        "the disk is full: this was not saved, what is recorded is safe; call the operator",
    ),
    remedy=Text("腾出空间后再试，重试是安全的", "try again when there is room; trying again is safe"),
)
SEARCH_AWAY = Problem(
    "search-away",
    Text(
        "检索暂时不能使用；记录和其他功能不受影响",
        "the search cannot be used for the moment; recording and everything else goes on",
    ),
    remedy=Text(
        "稍后再试；追溯码和完整的批号现在也能查",
        "try again later; trace codes and whole lot numbers are found now as well",
    ),
)
TOO_LARGE = Problem(
    "too-large", Text("发来的内容超过此地址的上限", "what came is more than this address takes")
)


def hindrance(standing: Standing) -> Problem | None:
    """Why nothing can be recorded at this moment. The reason itself stands in the log and not here."""
    return STOPPED if standing.stopped else STARTING_ANEW if standing.paused else None


class Failures:
    """Answers what was raised; ``page`` prints errors for people, None where there are no pages."""

    def __init__(self, page: ErrorPage | None = None) -> None:
        self._page = page

    def install(self, app: FastAPI) -> None:
        """Make the app answer through this."""
        answers: Mapping[type[Exception], Callable[[Request, Any], Response]] = {
            InputError: self._wrong_input,
            RequestValidationError: self._wrong_parameters,
            HTTPException: self._by_the_framework,
            Stopped: lambda request, _: self.answer(request, [STOPPED]),
            Paused: lambda request, _: self.answer(request, [STARTING_ANEW]),
            OutcomeUnknown: lambda request, _: self.answer(request, [OUTCOME_UNKNOWN]),
            Full: lambda request, _: self.answer(request, [QUEUE_FULL]),
            Away: lambda request, _: self.answer(request, [SEARCH_AWAY]),
            OperationalError: self._database,
            PoolTimeout: lambda request, _: self.answer(request, [BUSY]),
            ClientDisconnect: lambda _, __: Response(status_code=400),  # nobody is left to read it
        }
        for kind, answer in answers.items():
            app.add_exception_handler(kind, _awaited(answer))

    def answer(
        self,
        request: Request,
        problems: Sequence[Problem],
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """These problems as the asker wants them."""
        code = status_of(problems) if status is None else status
        if self._page is not None and wants_page(request):
            response = self._page(request, code, problems)
            response.headers.update({**headers_of(code), **(headers or {})})
            return response
        language = language_of(request, actor_known(request) or Actor.anonymous())
        return problem_response(problems, language, code, dict(headers or {}))

    def crashed(self, request: Request) -> Response:
        """The answer to what nobody foresaw."""
        id_ = request.state.request_id
        detail = Text(
            f"内部错误，已记录；报修时请提供请求编号 {id_}",
            f"an internal error, which was recorded; when you call for help, give the request id {id_}",
        )
        problems = [Problem("internal", detail)]
        try:
            return self.answer(request, problems)
        except Exception:  # the page of errors may be what is broken
            return problem_response(problems, language_of(request, Actor.anonymous()))

    def too_large(self, request: Request) -> Response:
        """The answer to a body that the framework would not read."""
        return self.answer(request, [TOO_LARGE])

    def _wrong_input(self, request: Request, error: InputError) -> Response:
        wait = {"Retry-After": str(error.retry_after_seconds)} if isinstance(error, TooManyRequests) else {}
        return self.answer(request, error.problems, headers=wait)

    def _wrong_parameters(self, request: Request, error: RequestValidationError) -> Response:
        return self.answer(
            request, [_problem_of(found, ".".join(map(str, found["loc"][1:]))) for found in error.errors()]
        )

    def _by_the_framework(self, request: Request, error: HTTPException) -> Response:
        status, headers = error.status_code, dict(error.headers or {})
        if status == 404:
            problem = nothing_here(request)
        elif status == 405:
            allowed = ", ".join(_methods_at(request))
            headers = {"Allow": allowed}
            problem = Problem(
                "wrong-method",
                Text(f"此地址不支持 {request.method}", f"{request.method} is not supported at this address"),
                came=shown(request.method),
                remedy=Text(f"可用：{allowed}", f"supported: {allowed}"),
            )
        elif status == 413:
            problem = TOO_LARGE
        else:
            code = next((name for name, answer in ANSWERS.items() if answer.status == status), "bad-request")
            problem = Problem(code, Text("请求无法读取", "the request cannot be read"))
        return self.answer(request, [problem], status=status, headers=headers)

    def _database(self, request: Request, error: OperationalError) -> Response:
        if "locked" in str(error.orig):
            return self.answer(request, [BUSY])
        if disk_is_full(error):
            return self.answer(request, [DISK_FULL])
        raise error


def _methods_at(request: Request) -> list[str]:
    """What can be done at this address, over all routes: the framework names those of the first one only."""
    methods: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        match, _ = context.original_route.matches(request.scope)
        if match is not Match.NONE:
            methods |= context.methods or set()
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


def nothing_here(request: Request) -> Problem:
    """That an address leads nowhere."""
    return Problem(
        "not-found",
        Text("没有这个地址", "there is nothing at this address"),
        came=shown(request.url.path),
        remedy=Text("请核对地址，或从首页重新查找", "check the address, or start from the first page"),
    )


def not_found(zh: str, en: str, came: object) -> InputError:
    """What was asked for does not exist or is not open to the asker: one answer for both."""
    return InputError.of(
        "not-found",
        f"没有找到{zh}",
        f"{en} was not found",
        came=came,
        remedy=Text(
            "请核对编号；不属于您的单位、项目或辖区的内容也会这样回答",
            "check what you typed; what is outside your organisation, projects or jurisdiction is answered the same way",
        ),
    )


#: What was found wrong with a parameter or member, in our words; braces are filled from its context.
_WANTED: Mapping[str, Text] = {
    "missing": Text("缺少此项", "this is required"),
    "unexpected_keyword_argument": Text("没有这个字段", "there is no such member"),
    "string_type": Text("应为文字", "text is wanted"),
    "list_type": Text("应为数组", "an array is wanted"),
    "int_parsing": Text("应为整数", "an integer is wanted"),
    "int_parsing_size": Text("数字过大", "the number is too large"),
    "int_from_float": Text("应为整数", "an integer is wanted"),
    "bool_parsing": Text("应为 true 或 false", "true or false is wanted"),
    "greater_than_equal": Text("不应小于 {ge}", "at least {ge} is wanted"),
    "less_than_equal": Text("不应大于 {le}", "at most {le} is taken"),
    "string_too_short": Text("至少应有 {min_length} 个字符", "at least {min_length} characters are wanted"),
    "string_too_long": Text("最多 {max_length} 个字符", "at most {max_length} characters are taken"),
    "literal_error": Text("应为下列之一：{expected}", "one of these is wanted: {expected}"),
    "enum": Text("应为下列之一：{expected}", "one of these is wanted: {expected}"),
}


def problems_in(errors: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """What pydantic found in a body, in our words; located by JSON pointer."""
    problems: list[Problem] = []
    for found in errors:
        where = "".join(f"/{step}" for step in found["loc"])
        cause = found.get("ctx", {}).get("error")  # what a validator of ours has said already
        problems += cause.at(where).problems if isinstance(cause, InputError) else [_problem_of(found, where)]
    return problems


def _problem_of(found: Mapping[str, Any], where: str) -> Problem:
    wanted = _WANTED.get(found["type"], Text("不符合要求", "this is not what is wanted"))
    context = found.get("ctx", {})
    return Problem(
        "wrong-input",
        Text(wanted.zh.format_map(context), wanted.en.format_map(context)),
        where=where,
        came="" if found["type"] == "missing" else shown(found["input"]),
    )


def _awaited(answer: Callable[[Request, Any], Response]) -> Callable[[Request, Any], Any]:
    """As a coroutine, so that an error is answered at once and not behind a queue of threads."""

    async def answered(request: Request, error: Any) -> Response:
        return answer(request, error)

    return answered
