"""Rules about a monthly form that is submitted: it is one of the forms there are, of a month that has begun, counted on a ledger that there is."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .monthly import Month, form_called


def _another_form(_claim: Claim, draft: drafts.MonthlyFormDraft) -> Finding | None:
    form = form_called(draft.body.form)
    if form is None:
        return Finding(
            "/body/form",
            draft.body.form,
            Text("没有这个版本的月报表", "there is no such version of the form"),
        )
    said, wanted = [each.key for each in draft.body.figures], [cell.key for cell in form.cells]
    if said == wanted:
        return None
    return Finding(
        "/body/figures",
        ", ".join(said),
        Text("各格与表不符", "these are not the cells of the form"),
        Text(f"依次写：{'、'.join(wanted)}", f"in this order: {', '.join(wanted)}"),
    )


def _odd_period(_claim: Claim, draft: drafts.MonthlyFormDraft) -> Finding | None:
    month, on = Month.parse(draft.subject.month), draft.occurred_on
    if on is not None and month.first > on:
        return Finding(
            "/subject/month",
            draft.subject.month,
            Text("这个月还没有开始", "this month has not begun"),
            Text("月报在当月或以后报送", "a form is submitted in its month or later"),
        )
    if draft.body.since <= month.first:
        return None
    return Finding(
        "/body/since",
        str(draft.body.since),
        Text("累计起算日晚于本月 1 日", "the cumulative numbers begin after the month has"),
        Text(f"写 {month.first} 或更早的日期", f"say {month.first} or an earlier day"),
    )


def _beyond_the_ledger(claim: Claim, draft: drafts.MonthlyFormDraft) -> Finding | None:
    if draft.body.counted_at < claim.seq:
        return None
    return Finding(
        "/body/counted_at",
        str(draft.body.counted_at),
        Text(f"账本到 {claim.seq - 1} 为止", f"the ledger ends with {claim.seq - 1}"),
    )


ANOTHER_FORM = Rule(
    "not-the-form", Weight.INPUT,
    Text("不是月报表的格式", "not the form"),
    Text("月报九行，各格有固定的名称和次序", "the form has nine rows, and its cells their names and order"),
    _another_form,
)  # fmt: skip
ODD_PERIOD = Rule(
    "odd-period", Weight.INPUT,
    Text("月报期间有误", "odd period"),
    Text("月报属于已经开始的一个月，累计数包含本月", "a form is of a month that has begun, and its cumulative numbers hold that month"),
    _odd_period,
)  # fmt: skip
COUNTED_BEYOND = Rule(
    "counted-beyond-the-ledger", Weight.INPUT,
    Text("统计截至将来", "counted in the future"),
    Text("月报按已有的账本统计", "a form is counted on a ledger that there is"),
    _beyond_the_ledger,
)  # fmt: skip
