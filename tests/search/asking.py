"""What people type and choose: generated questions of every class, from a seed."""

from __future__ import annotations

import random

from cabletrace.model.scope import Part, Scope
from cabletrace.search.documents import fields_of
from cabletrace.search.facets import SEVERITIES, STATES, VERDICTS, Facet
from cabletrace.search.tokens import Group

from .brute_force import Asked
from .conftest import BUYERS, CABLES, MAKERS, NUMBERS, PROJECTS, REGIONS, RULES, Market, batch_of, parts_of

EVERYTHING = Scope(everything=True)
SCOPES = [
    EVERYTHING,
    Scope(regions=("",)),
    Scope(regions=("41",)),
    Scope(regions=("411627",)),
    Scope(parties=frozenset({"92B1"})),
    Scope(parties=frozenset({"91M2"}), regions=("3412",)),
    Scope(parties=frozenset({"nobody"})),
    Scope(certificates=frozenset({("91M1", "（豫）XK06-001-00917"), ("91M2", "no such number")})),
    Scope(parties=frozenset({"92B3"}), certificates=frozenset({("91M2", "（豫）XK06-001-00917")})),
    Scope(),
    Scope(parts=(Part(Scope(regions=("41",)), Scope(parties=frozenset({"92B1"}))),)),
    Scope(parts=(Part(Scope(regions=("41",)), Scope(sites=frozenset({"site-1", "site-2"}))),)),
]


def some_of(market: Market) -> Scope:
    """What a province sees of every third batch, as if it had granted them."""
    granted = frozenset(f"batch:{batch_of(document)}" for document in market.documents[::3])
    return Scope(parts=(Part(Scope(regions=("41",)), things=granted),))


#: What concerns one party in a province, as if that had granted it.
OF_ONE_PARTY = Scope(parts=(Part(Scope(regions=("41",)), Scope(parties=frozenset({"92B1"}))),))


def asker(choose: random.Random, market: Market) -> tuple[Scope, Scope]:
    """What is somebody's own, and what was granted to him."""
    own = choose.choice([*SCOPES, Scope(regions=("3412",)) | some_of(market)])
    return own, choose.choice([Scope(), Scope(), some_of(market), OF_ONE_PARTY])


def spelled(choose: random.Random, text: str) -> str:
    """The same in another case, width or cross."""
    text = choose.choice([str.lower, str.upper, str])(text)
    if choose.random() < 0.3:
        text = "".join(chr(ord(c) + 0xFEE0) if "!" < c <= "~" and c not in ",;" else c for c in text)
    return text


def ask_chinese(choose: random.Random) -> Asked:
    name = choose.choice(
        [name for _, name in MAKERS + BUYERS + PROJECTS] + ["河南省周口市淮阳区", "聚氯乙烯绝缘电线"]
    )
    letters = "".join(filter(str.isalnum, name))
    length = choose.choice([1, 2, 2, 2, 3, 4, 6])
    start = choose.randrange(max(1, len(letters) - length + 1))
    return Asked(letters[start : start + length])


def ask_code(choose: random.Random, market: Market) -> Asked:
    codes = [text for field, text in fields_of(choose.choice(market.documents)) if field.group is Group.CODE]
    code = "".join(filter(str.isalnum, choose.choice(codes or ["HZ-JC-000-1"])))
    length = choose.randrange(3, max(4, len(code) + 1))
    start = choose.randrange(max(1, len(code) - length + 1))
    return Asked(spelled(choose, code[start : start + length]))


def ask_id(choose: random.Random) -> Asked:
    """The beginning of an id, all of it, or a piece out of its middle, which finds none."""
    letters = choose.choice([*NUMBERS.values(), *(id_ for id_, _ in MAKERS + BUYERS)])
    start = choose.choice([0, 0, 0, 1, 9])
    length = choose.choice([3, 7, 8, 9, 12, len(letters)])
    return Asked(spelled(choose, letters[start : start + length].strip("-") or letters))


def ask_specification(choose: random.Random) -> Asked:
    _, _, (type_, voltage, cores) = choose.choice(CABLES)
    cross = choose.choice("x×*X✕")
    area = choose.choice(["", "mm2", "mm²", "平方"])
    written = cores.replace("x", cross) + area
    single = cores.removeprefix("1x")
    return choose.choice(
        [
            Asked(spelled(choose, type_)),
            Asked(spelled(choose, cores.replace("x", cross)) + area),
            Asked(spelled(choose, f"{type_}-") + written, (type_, cores)),
            Asked(f"{type_}{voltage}kV" + written, (type_, f"{voltage}kv", cores))
            if "0.6" in voltage
            else Asked(voltage),
            Asked(f"{type_}{choose.choice(['', '-'])}{single}{area}", (type_, single), pieces_only=True)
            if single != cores
            else Asked(type_),
        ]
    )


def ask(choose: random.Random, market: Market) -> list[Asked]:
    kinds = [
        lambda: ask_chinese(choose),
        lambda: ask_code(choose, market),
        lambda: ask_id(choose),
        lambda: ask_specification(choose),
    ]
    asked = [choose.choice(kinds)() for _ in range(choose.choice([1, 1, 2, 2, 3]))]
    # Chinese with Latin in one word (示范2号) is looked for in pieces too: examples in test_tokens.
    return [
        word
        for word in asked
        if len({c > "⺀" for c in word.typed if not "！" <= c <= "～"}) == 1 or word.pieces
    ] or [Asked("电缆")]


def choose_filters(choose: random.Random) -> dict[Facet, tuple[str, ...]]:
    """Up to three facets with one or two values each, some of which nothing has."""
    regions = [code[:end] for code in REGIONS for end in (2, 4, 6)]
    months = [
        "2026-03",
        "2026-04",
        "2026-05",
        "2026-03..2026-04",
        "2026-04..",
        "..2026-03",
        "2019-11..2025-02",
    ]
    values: dict[Facet, list[str]] = {
        Facet.REGION: [*regions, "11"],
        Facet.MADE: [*regions, "4412"],
        Facet.STATE: [*STATES],
        Facet.SEVERITY: [*SEVERITIES],
        Facet.ALERT: [*RULES, "nothing-like-it"],
        Facet.VERDICT: [*VERDICTS],
        Facet.MONTH: months,
        Facet.MAKER: [*(id_ for id_, _ in MAKERS), "91MX"],
    }
    for _, normalised, _ in CABLES:
        for facet, value in parts_of(normalised):
            values.setdefault(facet, []).append(value or "ZA")
    chosen = choose.sample(list(values), choose.choice([1, 1, 2, 2, 3]))
    return {
        facet: tuple(sorted(set(choose.choices(values[facet], k=choose.choice([1, 1, 2])))))
        for facet in chosen
    }
