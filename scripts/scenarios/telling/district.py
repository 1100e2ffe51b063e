"""What the stories have in common: a maker with its licence and product, and a building site. None of them exists."""

from __future__ import annotations

from typing import Any

from cabletrace.model.values import party_id

MAKER, SITE = "914116034J1417770M", "91411627JW786907XQ"
PROJECT = {"keeper": SITE, "number": "XM-2026-01"}
_LICENCE = "（豫）XK06-001-00917"


def facts(**of_project: str) -> list[dict[str, Any]]:
    """The licence, the product ``P01`` and the project; ``of_project``: who else has to do with that."""
    validity = {"valid_from": "2023-04-20", "valid_to": "2028-04-19"}
    return [
        {"kind": "certificate", "subject": {"certificate": {"holder": MAKER, "number": _LICENCE}},
         "body": {"type": "licence", "validity": validity}, "entered_for": party_id(MAKER)},
        {"kind": "product", "subject": {"product": {"maker": MAKER, "number": "P01"}},
         "body": {"name": "电力电缆", "designation": "YJV 0.6/1kV 3×95+1×50", "certificate": _LICENCE},
         "entered_for": party_id(MAKER)},
        {"kind": "project", "subject": {"project": PROJECT},
         "body": {"name": "示范小区配电工程", "region": "411627", "contractor": SITE, **of_project},
         "entered_for": party_id(SITE)},
    ]  # fmt: skip
