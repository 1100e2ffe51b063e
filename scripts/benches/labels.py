"""1,000 labels as PDF (also with their record), SVG, PNG and ZPL, and 1,000 codes as CSV and XLSX, in process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import uuid4

from measuring import house
from measuring.rounds import begin, interleaved, show

from cabletrace.app.installation import Installation, open_installation
from cabletrace.codes.qr import trace_url
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.db.engine import begin_read
from cabletrace.flow import books
from cabletrace.http.printing import How, LabelPrinting, Order
from cabletrace.labels.bitmap import label_bitmap, label_png
from cabletrace.labels.code_list import codes_csv, codes_xlsx
from cabletrace.labels.label import Label
from cabletrace.labels.pdf import labels_pdf
from cabletrace.labels.print_run import parse_print_run
from cabletrace.labels.sheet import SHEETS
from cabletrace.labels.svg import label_svg
from cabletrace.labels.zpl import zpl
from cabletrace.model.admission import Refusal

LABELS = 1_000
ROUNDS = 5
AIM = 3.0
#: Run by itself: a process that has imported nothing yet.
FIRST = "--first"


def main() -> None:
    labels = [label(unit) for unit in range(1, LABELS + 1)]
    if sys.argv[1:] == [FIRST]:
        print(seconds(lambda: labels_pdf(labels, parse_print_run())))
        return
    begin(
        f"{LABELS:,} different labels, {ROUNDS} rounds, kinds taking turns; the first PDF of a process is made by a new "
        "process in each round, and its clock does not count its start"
    )
    roll = SHEETS["roll-60x40"]
    kinds: dict[str, Callable[[], object]] = {
        "PDF, A4 3×8": lambda: labels_pdf(labels, parse_print_run()),
        "PDF, roll 60×40 mm": lambda: labels_pdf(labels, parse_print_run(sheet="roll-60x40")),
        "SVG": lambda: [label_svg(each, roll) for each in labels],
        "PNG, 300 dpi": lambda: [label_png(each, roll, 300) for each in labels],
        "ZPL, 203 dpi": lambda: [zpl(label_bitmap(each, roll, 203)) for each in labels],
        "codes as CSV": lambda: codes_csv(labels),
        "codes as XLSX": lambda: codes_xlsx(labels),
    }
    with house.folder() as folder, open_installation(folder) as installation:
        kinds["recorded, and PDF, A4 3×8"] = partial(recorded, installation)
        compare(kinds)


def compare(kinds: dict[str, Callable[[], object]]) -> None:
    for make in kinds.values():
        make()  # warm
    contenders: dict[str, Callable[[], float]] = {"PDF, A4 3×8, first of a process": first}
    contenders |= {name: partial(seconds, make) for name, make in kinds.items()}
    for name, figure in interleaved(contenders, ROUNDS).items():
        reached = (
            f"  aim ≤ {AIM:g}: {'reached' if figure.median <= AIM else 'missed'}" if "A4" in name else ""
        )
        show(name, figure, f"s{reached}")


def seconds(make: Callable[[], object]) -> float:
    began = time.perf_counter()
    make()
    return time.perf_counter() - began


def first() -> float:
    ran = subprocess.run([sys.executable, __file__, FIRST], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def recorded(installation: Installation) -> bytes:
    """Of a new batch of so many drums, all labels: laid out, recorded on the ledger, read back from there and made."""
    first = house.life(f"L{uuid4().hex[:12]}")[0]
    drums = {
        "units": [{"first": 1, "last": LABELS, "length_mm": house.DRUM_MM}],
        "length_mm": LABELS * house.DRUM_MM,
    }
    produced = replace(
        first, draft={**first.draft, "body": {"product": first.draft["body"]["product"], **drums}}
    )
    house.record(installation, [produced])
    with begin_read(installation.ledger) as tx:
        ((_, code),) = books.codes_of_lots(tx, [first.draft["subject"]["batch"]["lot"]]).popitem()[1]
    printing = LabelPrinting(
        ledger=installation.ledger,
        desk=installation.desk,
        intake=installation.intake,
        clock=installation.clock,
        code_keys=installation.code_keys,
        public_host=installation.identity.public_host,
    )
    maker, run = house.actors(installation)[house.MAKER], parse_print_run()
    done = printing.record(maker, [Order(code=code, id=str(uuid4()))], How(run=run))
    if isinstance(done, Refusal):
        raise SystemExit(str(done))
    return labels_pdf(printing.labels(maker, [each.event for each in done]), run)


def label(unit: int) -> Label:
    code = unit_code(BatchCode("7Q0M1ZK4C"), unit, bytes(range(32)))
    return Label(
        url=trace_url("trace.example.cn", code),
        printed=code.printed,
        maker="周口市示例电缆有限公司",
        designation="ZC-YJV22 0.6/1kV 4×120+1×70",
        lot="L20260501-01",
        unit=unit,
        length_mm=500_000,
        produced_on=date(2026, 5, 1),
    )


if __name__ == "__main__":
    main()
