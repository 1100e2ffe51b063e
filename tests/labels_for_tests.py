"""Labels to print in tests, and a reader that knows nothing of how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import zxingcpp
from PIL import Image

from cabletrace.codes.qr import trace_url
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.labels.label import Label

BATCH = BatchCode("7Q0M1ZK4C")
LONG_NAME = "某某省某某市某某区示例电线电缆（集团）股份有限公司特种电缆第一分公司 Example Wire & Cable (Group) Co., Ltd."


def label(unit: int = 37, **changed: object) -> Label:
    code = unit_code(BATCH, unit, bytes(range(32)))
    said: dict[str, object] = {
        "url": trace_url("trace.example.cn", code),
        "printed": code.printed,
        "maker": "周口市示例电缆有限公司",
        "designation": "ZC-YJV22 0.6/1kV 4×120+1×70",
        "lot": "L20260501-01",
        "unit": unit,
        "length_mm": 500_000,
        "produced_on": date(2026, 5, 1),
    }
    return Label(**(said | changed))  # type: ignore[arg-type]


def labels(count: int, **changed: object) -> list[Label]:
    return [label(unit, **changed) for unit in range(1, count + 1)]


def read_from(image: Image.Image) -> list[str]:
    """What the QR codes of a picture say, as one reads: from the top, then from the left."""
    found = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [each.text for each in sorted(found, key=_as_one_reads)]


def _as_one_reads(found: zxingcpp.Barcode) -> Sequence[int]:
    corner = found.position.top_left
    return round(corner.y / 50), corner.x
