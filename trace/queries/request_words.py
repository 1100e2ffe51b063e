"""The words of requests to other authorities: what is asked, and what a reply was worth."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Text

QUESTIONS: Mapping[str, Text] = {
    "authenticity": Text("产品真伪，是否为标称生产企业生产", "whether it is genuine, made by whom it names"),
    "purchases": Text("进货来源、数量、票据", "where it was bought, how much, with which papers"),
    "sales": Text("销售流向、数量", "to whom it was sold, how much"),
    "prices": Text("进货和销售价格", "prices of purchase and sale"),
    "stock": Text("现有库存和存放地点", "what is in stock, and where"),
    "licences": Text("证照和资质情况", "licences and certificates"),
    "report-authenticity": Text("检验报告真伪", "whether test reports are genuine"),
}
REPLY_OUTCOMES: Mapping[str, Text] = {
    "sufficient": Text("已查清", "settles what was asked"),
    "partial": Text("部分查清", "settles a part of it"),
    "insufficient": Text("未查清，需继续协查", "settles nothing: to be asked again"),
}
