"""What can be wrong with what came from outside, in words, and the one table that maps it to answers.

Three kinds of trouble are kept apart (docs/glossary.md):

* `InputError`: what came is not what was wanted. It names what came, what was wanted and where. Nothing
  was written. Status 4xx.
* a *refusal by rule* is a returned value (``model.rules``), not an exception. Status 409.
* `Broken`: an invariant of ours does not hold. It stops the part that noticed, loudly. Status 500/503.

Every text a person may see stands in both languages, side by side, so that neither can go missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input, or one ground of a refusal.

    ``code`` is a stable name from `ANSWERS` or the name of a rule; ``where`` a JSON pointer, a column or a
    parameter; ``came`` what was received, shortened; ``detail`` the reason; ``remedy`` what to do about it; ``choices`` what may have been
    meant, each as it is to be typed.
    """

    code: str
    detail: Text
    where: str = ""
    came: str = ""
    remedy: Text | None = None
    choices: tuple[str, ...] = ()

    def at(self, where: str) -> Problem:
        """The same problem, located: what is put in front is what encloses the place known so far."""
        return replace(self, where=where + self.where)


def shown(value: object, limit: int = 80) -> str:
    """A received value in a form fit for an error text: one line, bounded, no control characters."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF else "\ufffd" for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


class InputError(ValueError):
    """What came from outside is not what was wanted: carries every problem found, not only the first."""

    def __init__(self, *problems: Problem):
        if not problems:
            raise TypeError("an InputError without a problem explains nothing")
        self.problems = problems
        super().__init__("; ".join(f"{p.where}: {p.detail.en}" if p.where else p.detail.en for p in problems))

    @classmethod
    def of(
        cls,
        code: str,
        zh: str,
        en: str,
        *,
        came: object = "",
        where: str = "",
        remedy: Text | None = None,
        choices: tuple[str, ...] = (),
    ) -> InputError:
        """An error with a single problem, the usual case in a parser."""
        shortened = shown(came) if came != "" else ""
        return cls(Problem(code, Text(zh, en), where=where, came=shortened, remedy=remedy, choices=choices))

    def at(self, where: str) -> InputError:
        """The same error, located."""
        return InputError(*(problem.at(where) for problem in self.problems))

    @property
    def code(self) -> str:
        return self.problems[0].code


class TooManyRequests(InputError):
    """Answered ``too-many-requests``, with ``Retry-After: retry_after_seconds``."""

    def __init__(self, retry_after_seconds: int, detail: Text, remedy: Text):
        self.retry_after_seconds = retry_after_seconds
        super().__init__(Problem("too-many-requests", detail, remedy=remedy))


class Broken(RuntimeError):
    """An invariant of the house does not hold. The message names it, for the person on call."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a problem is answered over HTTP: status and title."""

    status: int
    title: Text


#: Stable codes of everything that can be answered but success. Rules add their own names (status 409).
ANSWERS: Mapping[str, Answer] = {
    # the request itself
    "malformed-json": Answer(400, Text("请求体不是合法的 JSON", "The body is not valid JSON")),
    "bad-request": Answer(400, Text("请求有误", "Bad request")),
    "not-signed-in": Answer(401, Text("请先登录", "Sign in first")),
    "wrong-credentials": Answer(401, Text("账号或密码不对", "Wrong account or password")),
    "not-allowed": Answer(403, Text("无权进行此操作", "Not allowed")),
    "wrong-form-token": Answer(
        403, Text("页面已过期，请刷新后再试", "This page has expired; reload and try again")
    ),
    "not-found": Answer(404, Text("没有找到", "Not found")),
    "not-issued-here": Answer(404, Text("不是本平台签发", "Not issued here")),
    "wrong-method": Answer(405, Text("不支持的方法", "Method not allowed")),
    "not-acceptable": Answer(406, Text("不支持所要求的格式", "Not acceptable")),
    "same-id-other-content": Answer(409, Text("相同编号，内容不同", "Same id, other content")),
    "already-exists": Answer(409, Text("已经存在", "Already exists")),
    "too-large": Answer(413, Text("内容过大", "Too large")),
    "wrong-media-type": Answer(415, Text("不支持的内容类型", "Unsupported media type")),
    "too-many-requests": Answer(429, Text("请求过于频繁", "Too many requests")),
    # the content
    "wrong-input": Answer(422, Text("输入有误", "Wrong input")),
    "wrong-disclosure": Answer(422, Text("承诺与披露不符", "Commitments and disclosures do not fit")),
    "unknown-kind": Answer(422, Text("未知的事件类型", "Unknown kind of event")),
    "unknown-reference": Answer(422, Text("所指对象不存在", "What is referred to does not exist")),
    "not-yet": Answer(422, Text("尚未支持", "Not supported yet")),
    # codes and identifiers
    "wrong-trace-code": Answer(422, Text("追溯码有误", "Wrong trace code")),
    "wrong-unit-range": Answer(422, Text("盘号范围有误", "Wrong range of units")),
    "wrong-receipt-number": Answer(422, Text("回执号有误", "Wrong receipt number")),
    "wrong-uscc": Answer(422, Text("统一社会信用代码有误", "Wrong unified social credit code")),
    "wrong-certificate-number": Answer(422, Text("证书编号有误", "Wrong certificate number")),
    "unknown-region": Answer(422, Text("未知的行政区划代码", "Unknown region code")),
    "not-a-cable": Answer(422, Text("不是电线电缆型号规格", "Not a cable designation")),
    "wrong-quantity": Answer(422, Text("数值有误", "Wrong quantity")),
    "wrong-date": Answer(422, Text("日期有误", "Wrong date")),
    # files
    "unreadable-file": Answer(422, Text("文件无法读取", "The file cannot be read")),
    "wrong-hash": Answer(422, Text("内容与 SHA-256 不符", "The content has another SHA-256")),
    "whose-lots": Answer(422, Text("须说明是哪个单位的", "It must be said whose it is")),
    # our own trouble
    "stopped": Answer(
        503, Text("账本已停止写入，请联系运维", "The ledger has stopped writing; call the operator")
    ),
    "starting-anew": Answer(503, Text("记录功能正在自动恢复", "Recording is being started anew")),
    "outcome-unknown": Answer(
        503, Text("结果未知，请按原编号再问", "Outcome unknown; ask again by the same id")
    ),
    "reading-not-recorded": Answer(
        503, Text("查阅未能留痕，暂不能查看", "The reading cannot be recorded, so nothing is shown")
    ),
    "queue-full": Answer(503, Text("等待入账的事件过多", "Too many events wait to be recorded")),
    "no-room": Answer(503, Text("磁盘已满", "The disk is full")),
    "search-away": Answer(503, Text("检索暂时不能使用", "The search cannot be used for the moment")),
    "busy": Answer(503, Text("繁忙，请稍后再试", "Busy; try again later")),
    "disk-full": Answer(507, Text("磁盘已满，请联系运维", "The disk is full; call the operator")),
    "internal": Answer(500, Text("内部错误，已记录", "Internal error; it has been recorded")),
}
