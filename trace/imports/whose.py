"""Whose a file is, and whose the lots are that it names: the file says so, or the ledger does, or a person.

A lot number is its maker's: two makers may use the same. Where neither the row, nor the ledger, nor what concerns
the speaker decides, `WhoseLots` asks once for the whole file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..auth.actor import Actor
from ..codes.uscc import is_uscc, parse_uscc
from ..errors import InputError, Text
from ..model.state import KnownParty
from ..model.values import party_id
from .cells import party_of, uscc_of
from .columns import (
    ACCEPTANCES,
    BATCHES,
    FACTORY_TESTS,
    OPINIONS,
    ORDERS,
    PRODUCTS,
    PROJECTS,
    SHIPMENTS,
    USES,
)
from .known import REGISTER_FIRST, Known
from .parties import Cast
from .rows import Line, Reading, Table


class WhoseLots(InputError):
    """The file does not say whose it is, or whose its lots are: ask once, then call again with the answer.

    ``candidates`` may be empty: then the party must make itself known first.
    """

    def __init__(self, candidates: Iterable[KnownParty], detail: Text, came: str = "") -> None:
        self.candidates = tuple(sorted(candidates, key=lambda party: (party.name, party.id)))
        names = [party.name for party in self.candidates]
        remedy = REGISTER_FIRST
        if names:
            remedy = Text(
                f"请说明是哪个单位：{'、'.join(names)}（命令行用 --as）",
                f"say which party: {', '.join(names)} (--as on the command line)",
            )
        super().__init__(
            *InputError.of("whose-lots", detail.zh, detail.en, came=came, remedy=remedy).problems
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """``maker`` speaks in a maker's tables, ``receiver`` in those of goods that came, ``contractor`` in those of a site, where
    a row does not say otherwise.

    ``asked`` fills with the lots of which nobody can say whose they are, and who has them.
    """

    known: Known
    cast: Cast
    answer: KnownParty | None
    maker: str
    receiver: str
    contractor: str
    lots_here: Mapping[str, frozenset[str]]
    suppliers: frozenset[str]
    asked: dict[str, frozenset[str]] = field(default_factory=dict)

    def maker_of(self, reading: Reading, speaker: str) -> str:
        """The maker of the row's lot. Of a lot nobody knows the speaker: the rules then say that there is none."""
        lot = reading.line.glance("lot")
        code, typed = reading.may("maker_uscc", uscc_of), reading.may("maker", party_of)
        code = code or (None if typed is None else typed.uscc)
        if code is not None:
            return party_id(code)
        makers = self.lots_here.get(lot, frozenset()).union(self.known.lots.get(lot, ()))
        if typed is not None:
            makers = frozenset(id_ for id_ in makers if self.cast.is_called(id_, typed.name))
        return self._chosen(lot, makers, speaker)

    def _chosen(self, lot: str, makers: frozenset[str], speaker: str) -> str:
        if len(makers) < 2:
            return next(iter(makers), speaker)
        if self.answer is not None and self.answer.id in makers:
            return self.answer.id
        if speaker in makers:
            return speaker
        concerns = [id_ for id_ in makers if speaker in self.known.concerned.get((id_, lot), ())]
        supplying = [id_ for id_ in makers if id_ in self.suppliers]
        for some in (concerns, supplying):
            if len(some) == 1:
                return some[0]
        if self.answer is None:
            self.asked[lot] = makers
        return speaker

    def keeper_of_order(self, reading: Reading, usual: str) -> str:
        """Of the two parties that the row of an order names the one whose file it is; ``usual`` where it names no buyer.

        Where neither is, the row is in trouble: it is somebody else's.
        """
        line = reading.line
        if line.names_nobody("buyer"):
            return usual
        ours = [self.receiver, usual] if self.answer is None else [self.answer.id, self.receiver, usual]
        if line.names_nobody("supplier"):
            return ours[0]
        for id_ in ours:
            if self.is_meant(line, "buyer", id_) or self.is_meant(line, "supplier", id_):
                return id_
        own = self.known.parties[ours[0]].name if ours[0] in self.known.parties else ours[0]
        reading.refuse(
            "buyer",
            f"供方、需方都不是「{own}」，这是别的单位的订单",
            f"neither the supplier nor the buyer is {own}: this is somebody else's order",
            Text(
                "只导入本单位的订单；本单位请写登记的全名或信用代码。",
                "Import your own orders only; write your own party by its full name as registered, or its credit code.",
            ),
        )
        return ours[0]

    def is_meant(self, line: Line, name: str, id_: str) -> bool:
        """Whether the row names this party in these two fields; a code decides."""
        typed = line.glance_party(name)
        code = line.glance(f"{name}_uscc") or typed.uscc
        if code:
            return is_uscc(code) and party_id(parse_uscc(code)) == id_
        return typed.name != "" and self.cast.is_called(id_, typed.name)

    def ask(self) -> None:
        """Raises `WhoseLots` where a lot was met that several makers have."""
        if self.asked:
            lots = sorted(self.asked)
            shared = frozenset.intersection(*self.asked.values()) or frozenset.union(*self.asked.values())
            raise WhoseLots(
                _parties(self.known, shared),
                Text(
                    f"批号「{lots[0]}」等 {len(lots)} 个批号有几家企业登记，文件没有写明是哪一家的",
                    f"several makers have registered lot {lots[0]} ({len(lots)} such lots); the file does not say whose it is",
                ),
                came=lots[0],
            )

    def check_answer(self, speakers: Iterable[str]) -> None:
        """Raises InputError where the answer that was given has nothing to do with the file."""
        if self.answer is None:
            return
        makers = {id_ for ids in (*self.known.lots.values(), *self.lots_here.values()) for id_ in ids}
        if self.answer.id not in makers.union(speakers):
            raise InputError.of(
                "wrong-input",
                f"文件不是「{self.answer.name}」的，也没有它的批次",
                f"the file neither speaks for {self.answer.name} nor names lots of it",
                came=self.answer.name,
                remedy=Text(
                    "请去掉所指定的单位，或换成文件中的单位。",
                    "Leave the party out, or name one of the file.",
                ),
            )


def whose(
    tables: Sequence[Table], known: Known, cast: Cast, actor: Actor, answer: KnownParty | None
) -> Whose:
    """Find out who speaks. Raises `WhoseLots` where only a person can say."""
    lines = {
        kind: [line for table in tables if table.kind is kind for line in table.lines()] for kind in _ASKED
    }
    maker = _maker(lines[PRODUCTS] + lines[BATCHES], lines[FACTORY_TESTS] + lines[SHIPMENTS], lines[BATCHES],
                   known, cast, actor, answer)  # fmt: skip
    at_site = [line for kind in (ORDERS, ACCEPTANCES, OPINIONS, USES) for line in lines[kind]]
    contractor = _contractor(lines[PROJECTS], at_site, known, cast, actor, answer)
    here: dict[str, frozenset[str]] = {}
    for line in lines[BATCHES]:
        lot = line.glance("lot")
        here[lot] = here.get(lot, frozenset()) | {_stated(line, "maker", "maker_uscc", cast) or maker}
    suppliers = {_stated(line, "supplier", "supplier_uscc", cast) for line in lines[ORDERS]}
    return Whose(
        known=known,
        cast=cast,
        answer=answer,
        maker=maker,
        receiver=actor.party if actor.via != "cli" or answer is None else answer.id,
        contractor=contractor,
        lots_here=here,
        suppliers=frozenset(id_ for id_ in suppliers if id_ is not None),
    )


_ASKED = (PRODUCTS, BATCHES, FACTORY_TESTS, SHIPMENTS, PROJECTS, ORDERS, ACCEPTANCES, OPINIONS, USES)


def _maker(
    stating: Sequence[Line],
    with_lots: Sequence[Line],
    batches: Sequence[Line],
    known: Known,
    cast: Cast,
    actor: Actor,
    answer: KnownParty | None,
) -> str:
    stated = _usual(_stated(line, "maker", "maker_uscc", cast) for line in stating)
    if stated is not None:
        return stated
    if answer is not None:
        return answer.id
    if actor.via != "cli":
        return actor.party
    makers = [frozenset(some) for line in with_lots if (some := known.lots.get(line.glance("lot")))]
    if batches and not makers:
        raise WhoseLots(
            known.manufacturers,
            Text("文件没有写明生产企业", "the file does not say who the maker is"),
        )
    return _only(makers, known, Text("发货或检测的批次属于不止一家企业，文件没有写明是谁的",
                                     "the lots are of more than one maker, and the file does not say whose it is")) \
        or actor.party  # fmt: skip


def _contractor(
    stating: Sequence[Line],
    at_site: Sequence[Line],
    known: Known,
    cast: Cast,
    actor: Actor,
    answer: KnownParty | None,
) -> str:
    stated = _usual(_stated(line, "contractor", "contractor_uscc", cast) for line in stating)
    if stated is not None:
        return stated
    keepers = {
        number: frozenset(p.keeper for p in known.projects.values() if p.number == number)
        for number in {line.glance("project") for line in at_site}
    }
    if answer is not None and any(answer.id in some for some in keepers.values()):
        return answer.id
    kept = [some for some in keepers.values() if some]
    if actor.via != "cli" and (not kept or any(actor.party in some for some in kept)):
        return actor.party
    found = _only(
        kept,
        known,
        Text(
            "这些项目编号有几家单位登记，文件没有写明是谁的",
            "several parties keep projects of these numbers, and the file does not say whose it is",
        ),
    )
    return found or (answer.id if answer is not None else actor.party)


def _only(groups: Sequence[frozenset[str]], known: Known, question: Text) -> str | None:
    """The only party that is in every group; None where there are no groups. Raises `WhoseLots`."""
    if not groups:
        return None
    everywhere = frozenset.intersection(*groups)
    if len(everywhere) == 1:
        return next(iter(everywhere))
    raise WhoseLots(_parties(known, everywhere or frozenset.union(*groups)), question)


def _stated(line: Line, name: str, uscc: str, cast: Cast) -> str | None:
    typed = line.glance_party(name)
    code = line.glance(uscc) or typed.uscc or ""
    if is_uscc(code):
        return party_id(parse_uscc(code))
    return cast.speaker_called(typed.name) if typed.name and not code else None


def _usual(ids: Iterable[str | None]) -> str | None:
    """What most rows say: one row with another code does not turn the file over."""
    counted = Counter(id_ for id_ in ids if id_ is not None)
    return counted.most_common(1)[0][0] if counted else None


def _parties(known: Known, ids: Iterable[str]) -> list[KnownParty]:
    return [known.parties[id_] for id_ in ids if id_ in known.parties]
