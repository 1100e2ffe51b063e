"""What is searched: the two kinds of documents, their fields, and who may find them.

A `BatchDocument` holds what anybody with access to the batch may know. A `MovementDocument` holds one event
in the life of the batch (dispatch, receipt, acceptance …) with its parties and numbers, and is found only by
who may see that event. They are never mixed: a document with both would let an officer find a foreign batch
by the name of its buyer. A batch is a hit when every word is found in documents of it that the asker may see.

Documents are written whole and again and again; ``version`` is the ledger index of the newest event folded
in, and an older version never replaces a newer one. The state of certificates stays out: it changes with
the day, not with the ledger. Pure: whoever feeds the index reads the facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from ..errors import Text
from ..model.scope import Scope
from .tokens import Group, index_tokens

#: Changes whenever `fields_of` or the tables of an engine change; an index of another version is rebuilt.
SCHEMA_VERSION = 2


class Field(Enum):
    """Where a word was found: slug, how it is read, name for people."""

    BATCH_CODE = ("batch-code", Group.CODE, Text("追溯码", "trace code"))
    LOT = ("lot", Group.CODE, Text("批号", "lot"))
    DESIGNATION = ("designation", Group.SPEC, Text("型号规格", "designation"))
    MAKER = ("maker", Group.TEXT, Text("生产企业", "maker"))
    MAKER_ID = ("maker-id", Group.CODE, Text("生产企业代码", "maker's number"))
    PRODUCT = ("product", Group.TEXT, Text("产品名称", "product"))
    CERTIFICATE = ("certificate", Group.CODE, Text("证书编号", "certificate"))
    REPORT = ("report", Group.CODE, Text("报告编号", "report"))
    STANDARD = ("standard", Group.CODE, Text("执行标准", "standard"))
    PRODUCED_ON = ("produced-on", Group.CODE, Text("生产日期", "date of production"))
    MADE_IN = ("made-in", Group.TEXT, Text("产地", "place of production"))
    DELIVERY_NOTE = ("delivery-note", Group.CODE, Text("发货单号", "delivery note"))
    ORDER = ("order", Group.CODE, Text("订单号", "order"))
    ACCEPTANCE = ("acceptance", Group.CODE, Text("验收单号", "acceptance"))
    SUPERVISION = ("supervision", Group.CODE, Text("监理单号", "supervision"))
    SAMPLING = ("sampling", Group.CODE, Text("抽样单号", "sampling"))
    SEAL = ("seal", Group.CODE, Text("封样号", "seal"))
    USE = ("use", Group.CODE, Text("使用单号", "use"))
    PROJECT = ("project", Group.TEXT, Text("项目", "project"))
    PROJECT_CODE = ("project-code", Group.CODE, Text("项目编号", "project number"))
    PARTY = ("party", Group.TEXT, Text("单位", "party"))
    PARTY_ID = ("party-id", Group.CODE, Text("单位代码", "party's number"))
    PLACE = ("place", Group.TEXT, Text("地点", "place"))

    def __init__(self, slug: str, group: Group, label: Text):
        self.slug = slug
        self.group = group
        self.label = label


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDocument:
    """One batch. ``seq`` is the ledger index of its production and orders the hits, newest first.

    ``code`` is canonical (ten characters); ``designation`` as printed, ``normalised`` as parsed; ``made_in``
    names of places. ``parties`` and ``regions`` (six digits) are those with access to the batch.
    """

    code: str
    seq: int
    version: int
    lot: str
    maker_id: str
    maker: str
    product_name: str
    designation: str
    normalised: str
    certificates: tuple[str, ...] = ()
    standard: str = ""
    made_in: tuple[str, ...] = ()
    produced_on: date | None = None
    reports: tuple[str, ...] = ()
    parties: frozenset[str]
    regions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementDocument:
    """One event of one batch: ``id`` is the event's, ``batch`` the canonical code.

    ``numbers``, ``named`` (parties as id and name) and ``places`` are what can be found; ``parties`` and
    ``regions`` are those who may see the event. A void event stays, with nothing to be found in it: deleted
    documents come back when an old page is read again.
    """

    id: str
    batch: str
    version: int
    numbers: tuple[tuple[Field, str], ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    project_code: str = ""
    project: str = ""
    void: bool = False
    parties: frozenset[str]
    regions: frozenset[str]


Document = BatchDocument | MovementDocument


def fields_of(document: Document) -> tuple[tuple[Field, str], ...]:
    """What can be found in a document, in the order in which reasons are given; without empty texts."""
    if isinstance(document, BatchDocument):
        fields = [
            (Field.BATCH_CODE, document.code),
            (Field.LOT, document.lot),
            (Field.DESIGNATION, document.designation),
            (Field.DESIGNATION, document.normalised),
            (Field.MAKER, document.maker),
            (Field.MAKER_ID, document.maker_id),
            (Field.PRODUCT, document.product_name),
            *((Field.CERTIFICATE, number) for number in document.certificates),
            *((Field.REPORT, number) for number in document.reports),
            (Field.STANDARD, document.standard),
            (Field.PRODUCED_ON, document.produced_on.isoformat() if document.produced_on else ""),
            *((Field.MADE_IN, place) for place in document.made_in),
        ]
    elif document.void:
        fields = []
    else:
        fields = [
            *document.numbers,
            (Field.PROJECT, document.project),
            (Field.PROJECT_CODE, document.project_code),
            *((Field.PARTY, name) for _, name in document.named),
            *((Field.PARTY_ID, party) for party, _ in document.named),
            *((Field.PLACE, place) for place in document.places),
        ]
    return tuple((field, text) for field, text in fields if text)


#: Every document carries it: what is asked when no word is given.
ANY_DOCUMENT = "k"


def tokens_of(document: Document) -> list[str]:
    """Everything an engine indexes for a document: its words, and who may find it, as tokens of one list.

    Scope stands among the tokens so that an engine meets both in one look-up: a shop with five batches asks
    for 有限公司 without reading two hundred thousand. No text can forge such a token, because every token of
    a text begins with another letter.
    """
    if isinstance(document, MovementDocument) and document.void:
        return []
    words = [token for field, text in fields_of(document) for token in index_tokens(field.group, text)]
    parties = [_party_token(party) for party in sorted(document.parties)]
    areas = sorted({_area_token(region[:end]) for region in document.regions for end in (0, 2, 4, 6)})
    batch = document.code if isinstance(document, BatchDocument) else document.batch
    return [ANY_DOCUMENT, _batch_token(batch), *parties, *areas, *words]


#: Lists of tokens of which a document must carry at least one each.
Limits = tuple[tuple[str, ...], ...]


def scope_tokens(scope: Scope) -> tuple[Limits, ...]:
    """`model.involvement.sees`, compiled: a document is within the scope if it meets all limits of one of these. Not to be
    asked of a scope of everything."""
    if scope.everything:
        raise ValueError("a scope of everything is no list of tokens")
    own = (*map(_party_token, sorted(scope.parties)), *map(_area_token, scope.regions))
    ways: list[Limits] = [(own,)] if own else []
    for part in scope.parts:
        batches: Limits = (tuple(map(_batch_token, sorted(part.batches))),) if part.batches else ()
        chosen: tuple[Limits, ...] = ((),) if part.of is None else scope_tokens(part.of)
        ways += [(*batches, *of, *within) for of in chosen for within in scope_tokens(part.within)]
    return tuple(ways)


def _party_token(party: str) -> str:
    """Ids may hold any character; in hexadecimal they hold none that an engine would split at."""
    return "w" + party.encode().hex()


def _area_token(prefix: str) -> str:
    return "r" + prefix.encode().hex()


def _batch_token(code: str) -> str:
    return "b" + code.encode().hex()
