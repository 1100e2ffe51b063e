"""``label``: the labels of a batch as a file, of the form that the file's ending names.

Without ``--record`` they are previews and say so; with it the printing is recorded first, entered for the maker. A list of codes
cannot say that it is a preview: it is handed out only when it is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from ..app.installation import Installation
from ..auth.actor import Actor
from ..auth.policy import Role
from ..clock import format_instant
from ..codes.trace_code import batch_code_in
from ..codes.unit_ranges import parse_units
from ..db.engine import begin_read
from ..errors import InputError, Text
from ..flow import books
from ..intake.record import prepare
from ..labels.bitmap import Resolution, label_bitmap, label_png
from ..labels.code_list import MOST_CODES, codes_csv, codes_xlsx
from ..labels.label import Label
from ..labels.pdf import labels_pdf
from ..labels.print_run import PrintRun, parse_print_run
from ..labels.sheet import SHEETS
from ..labels.svg import label_svg
from ..labels.zpl import zpl
from ..model.admission import Refusal
from ..model.scope import Scope
from ..queries.labels import labels_of
from .console import print_json, say
from .options import Data, Json, must_be_new, opened


def add_to(app: typer.Typer) -> None:
    app.command("label")(label)


Draw = Callable[[Sequence[Label], PrintRun, Resolution], bytes]
#: Ending -> how many labels fit into such a file, and what writes it.
_FORMS: Mapping[str, tuple[Callable[[PrintRun], int], Draw]] = {
    ".pdf": (lambda run: run.most_labels, lambda labels, run, _: labels_pdf(labels, run)),
    ".csv": (lambda _: MOST_CODES, lambda labels, *_: codes_csv(labels)),
    ".xlsx": (lambda _: MOST_CODES, lambda labels, *_: codes_xlsx(labels)),
    ".zpl": (
        lambda run: run.most_labels,
        lambda labels, run, dpi: b"".join(
            zpl(label_bitmap(each, run.sheet, dpi), run.copies) for each in labels
        ),
    ),
    ".svg": (lambda _: 1, lambda labels, run, _: label_svg(labels[0], run.sheet)),
    ".png": (lambda _: 1, lambda labels, run, dpi: label_png(labels[0], run.sheet, dpi)),
}

#: Codes without a preview on them.
_LISTS = (".csv", ".xlsx")


def label(
    code: Annotated[str, typer.Argument(help="batch code, or the code of one of its units 追溯码")],
    file: Annotated[Path, typer.Argument(help=f"new file: {', '.join(_FORMS)} 新文件", dir_okay=False)],
    units: Annotated[str, typer.Option(help="1-40, 55; all if empty 盘号")] = "",
    sheet: Annotated[str, typer.Option(help=f"{', '.join(SHEETS)} 标签纸")] = "",
    start: Annotated[str, typer.Option(help="first free position of the sheet, from 1 从第几格开始")] = "",
    copies: Annotated[str, typer.Option(help="copies of each 份数")] = "",
    right: Annotated[str, typer.Option(help="mm to the right, negative to the left 右移毫米")] = "",
    down: Annotated[str, typer.Option(help="mm down, negative up 下移毫米")] = "",
    dpi: Annotated[int, typer.Option(help="203, 300: dots of PNG and ZPL 每英寸点数")] = Resolution.FINE,
    record: Annotated[bool, typer.Option("--record", help="record them as printed 登记打印")] = False,
    reason: Annotated[str, typer.Option(help="why again: damaged, lost, misprint, other 补打原因")] = "",
    note: Annotated[str, typer.Option(help="in words 说明")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Labels of a batch as a file; SVG and PNG hold one, CSV and XLSX the codes 打印标签. Previews unless recorded; lists
    of codes are recorded always."""
    form = _FORMS.get(file.suffix.lower())
    if form is None:
        raise InputError.of(
            "wrong-input",
            f"文件名应以 {'、'.join(_FORMS)} 结尾",
            f"the file's name ends in one of {', '.join(_FORMS)}",
            came=file.name,
            where="FILE",
        )
    must_be_new(file)
    output = "codes" if file.suffix.lower() in _LISTS else "labels"
    if output == "codes" and not record:
        raise InputError.of(
            "wrong-input",
            "追溯码清单等同于标签，须登记打印",
            "a list of codes is as good as labels: its printing is recorded",
            came=file.name,
            where="FILE",
            remedy=Text("加上 --record；只想看样张请用 .pdf", "add --record, or take a preview as .pdf"),
        )
    most, draw = form
    run = parse_print_run(sheet=sheet, start=start, copies=copies, right=right, down=down)
    with opened(data) as house:
        maker, labels = _labels(house, code, units, most(run), is_preview=not record)
        content = draw(labels, run, _resolution(dpi))
        if record:
            _record(
                house,
                code,
                maker,
                labels,
                {"copies": run.copies} if output == "labels" else {"output": output},
                {name: said for name, said in (("reason", reason), ("note", note)) if said},
            )
    with file.open("xb") as out:
        out.write(content)
    if json:
        print_json({"file": str(file), "labels": len(labels), "copies": run.copies, "bytes": len(content)})
    else:
        say(f"{len(labels)} 张标签已写入 {file}", f"{len(labels)} labels written to {file}")


def _resolution(dpi: int) -> Resolution:
    try:
        return Resolution(dpi)
    except ValueError:
        raise InputError.of(
            "wrong-input", "分辨率应为 203 或 300", "203 or 300 dots per inch", came=dpi, where="--dpi"
        ) from None


def _record(
    house: Installation,
    code: str,
    maker: str,
    labels: Sequence[Label],
    how: Mapping[str, int | str],
    why: Mapping[str, str],
) -> None:
    """On the ledger, for the maker. Raises InputError with what the rules found."""
    units = parse_units(", ".join(str(label.unit) for label in labels))
    draft = {
        "id": str(uuid4()),
        "kind": "labelling",
        "subject": {"batch": {"code": batch_code_in(code).canonical}},
        "occurred_at": format_instant(house.clock()),
        "entered_for": maker,
        "body": {"units": [[each.first, each.last] for each in units], **how, **why},
    }
    (answer,) = house.intake.record_now([prepare({"draft": draft}, house.at_the_machine())])
    if isinstance(answer, Refusal):
        raise InputError(*answer.problems)


def _labels(
    house: Installation, code: str, units: str, most: int, *, is_preview: bool
) -> tuple[str, Sequence[Label]]:
    """The maker, and the labels as it would get them: whoever works at the machine enters for others, and prints for them."""
    wanted = parse_units(units) if units.strip() else ()
    with begin_read(house.ledger) as tx:
        canonical = batch_code_in(code).canonical
        batch = books.batches(tx, [canonical]).get(canonical)
        labels = batch and labels_of(
            tx, _as_maker(house, batch.maker), code,
            keys=house.code_keys, public_host=house.identity.public_host, units=wanted, most=most,
            is_preview=is_preview,
        )  # fmt: skip
    if batch is None or not labels:
        raise InputError.of("not-found", "没有这个批次", "there is no such batch", came=code, where="CODE")
    return batch.maker, labels


def _as_maker(house: Installation, maker: str) -> Actor:
    here = house.at_the_machine()
    return Actor(
        account=here.account,
        party=maker,
        role=Role.MANUFACTURER,
        scope=Scope(parties=frozenset({maker})),
        name=here.name,
        via="cli",
    )
