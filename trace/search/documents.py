"""What is searched: the two kinds of documents, their fields, and who may find them.

A `BatchDocument` holds what anybody with access to the batch may know. A `MovementDocument` holds one event
in the life of the batch (dispatch, receipt, acceptance …) with its parties and numbers, and is found only by
who may see that event. They are never mixed: a document with both would let an officer find a foreign batch
by the name of its buyer. A batch is a hit when every word is found in documents of it that the asker may see.

Of a batch that another authority has only granted, its label speaks: what the line of a hit says of it, and what an
officer who has the drum, or its photo, before him needs to name it (`LABEL_FIELDS`). Certificates, reports and the place of
production stand on the page, behind the reading.

Documents are written whole and again and again; ``version`` is the ledger index of the newest event folded
in, and an older version never replaces a newer one. The state of certificates stays out: it changes with
the day, not with the ledger. Pure: whoever feeds the index reads the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from ..errors import Text
from .audience import ON_A_LABEL, Audience
from .facets import Circumstance, Facet
from .tokens import Group, token_lines

#: Changes whenever `fields_of` or the tables of an engine change; an index of another version is rebuilt.
SCHEMA_VERSION = 7


class Field(Enum):
    """Where a word was found: slug, how it is read, name for people."""

    BATCH_CODE = ("batch-code", Group.CODE, Text("追溯码", "trace code"))
    LOT = ("lot", Group.CODE, Text("批号", "lot"))
    DESIGNATION = ("designation", Group.SPEC, Text("型号规格", "designation"))
    MAKER = ("maker", Group.TEXT, Text("生产企业", "maker"))
    MAKER_ID = ("maker-id", Group.ID, Text("生产企业代码", "maker's number"))
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
    PARTY_ID = ("party-id", Group.ID, Text("单位代码", "party's number"))
    PLACE = ("place", Group.TEXT, Text("地点", "place"))

    __hash__ = object.__hash__  # each is one object, and the hash of its name is made in Python

    def __init__(self, slug: str, group: Group, label: Text):
        self.slug = slug
        self.group = group
        self.label = label


#: By which a batch is found that was only granted; they stand first in its document.
LABEL_FIELDS = frozenset(
    {
        Field.BATCH_CODE,
        Field.LOT,
        Field.DESIGNATION,
        Field.MAKER,
        Field.MAKER_ID,
        Field.PRODUCT,
        Field.PRODUCED_ON,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDocument:
    """One batch. ``seq`` is the ledger index of its production and orders the hits, newest first. ``maker_party`` is the
    id of the maker, ``maker_id`` the number that people know it by.

    ``code`` is canonical (ten characters); ``designation`` as printed, ``normalised`` as parsed, and ``parts`` what it is
    made of, by facet; ``made_in`` names of places, ``made`` the six digits of the region. ``circumstances`` are where its
    metres are and what was noticed, each for its own audience. ``parties``, ``regions`` (six digits) and ``sites`` are those
    with access to the batch, and whoever issued one of ``certificates`` has it too.
    """

    code: str
    seq: int
    version: int
    lot: str
    maker_party: str
    maker_id: str
    maker: str
    product_name: str
    designation: str
    normalised: str
    certificates: tuple[str, ...] = ()
    standard: str = ""
    parts: tuple[tuple[Facet, str], ...] = ()
    made_in: tuple[str, ...] = ()
    made: str = ""
    produced_on: date | None = None
    reports: tuple[str, ...] = ()
    verdict: str = "untested"
    circumstances: tuple[Circumstance, ...] = ()
    parties: frozenset[str]
    regions: frozenset[str]
    sites: frozenset[str] = frozenset()

    def open_values(self) -> dict[Facet, str]:
        """The value of every open facet that it has one of."""
        values = {
            **dict(self.parts),
            Facet.MAKER: self.maker_party,
            Facet.MADE: self.made,
            Facet.MONTH: "" if self.produced_on is None else self.produced_on.isoformat()[:7],
            Facet.VERDICT: self.verdict,
        }
        return {facet: value for facet, value in values.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementDocument:
    """One event of one batch: ``id`` is the event's, ``batch`` the canonical code.

    ``numbers``, ``named`` (parties as id and name) and ``places`` are what can be found; ``parties``,
    ``regions``, ``sites`` and ``left`` (`Audience`) are those who may see the event. A void event stays, with nothing to be found in it: deleted
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
    sites: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


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
            (Field.PRODUCED_ON, document.produced_on.isoformat() if document.produced_on else ""),
            *((Field.CERTIFICATE, number) for number in document.certificates),
            *((Field.REPORT, number) for number in document.reports),
            (Field.STANDARD, document.standard),
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
    return tuple([each for each in fields if each[1]])


def audience_of(document: Document) -> list[str]:
    """The tokens of those who may find a document; nobody finds a void one."""
    parties, regions, sites = document.parties, document.regions, document.sites
    if isinstance(document, MovementDocument):
        return [] if document.void else Audience(parties, regions, sites, left=document.left).tokens()
    # A batch is open to whoever issued its certificate; its movements are not.
    made_under = frozenset((document.maker_party, number) for number in document.certificates)
    return Audience(parties, regions, sites, made_under).tokens()


def batch_of(document: Document) -> str:
    """The canonical code of the batch that a document is about."""
    return document.code if isinstance(document, BatchDocument) else document.batch


def lines_of(fields: Sequence[tuple[Field, str]]) -> tuple[str, str]:
    """The words of a document's `fields_of`, as tokens with spaces between them: those on the label of a batch, with the sign of a
    label, or nothing of a movement; and all others."""
    label = [each for each in fields if each[0] in LABEL_FIELDS]
    beside = [each for each in fields if each[0] not in LABEL_FIELDS]
    return f"{ON_A_LABEL} {_line(label)}" if label else "", _line(beside)


def _line(fields: Sequence[tuple[Field, str]]) -> str:
    said = [token_lines(field.group, text) for field, text in fields]
    whole = dict.fromkeys([whole for whole, _ in said])
    return " ".join(filter(None, [*whole, *[tokens for _, tokens in said]]))
