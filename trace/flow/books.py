"""The books: where every metre of every batch is, as tables.

A projection. `posting` is the journal (double entry, one row a posting); `run`, `loose`, `admission` and `hold`
are the state that follows from it and that the rules need; `involvement` says to whom a batch is open. Lengths
are integer millimetres.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from ..db.bulk import insert_rows
from ..db.columns import Integer
from ..db.prepared import Prepared
from ..db.several import chunks, delete_rows
from ..model.admission import Wanted
from ..model.involvement import made_under
from ..model.postings import Posting
from ..model.scope import Part, Scope
from ..model.state import (
    CUT,
    UNEXPLAINED,
    Account,
    Admission,
    Book,
    Hold,
    KnownBatch,
    MaterialIn,
    Run,
    State,
    UnitLength,
)
from ..model.things import ids_among

metadata = MetaData()
_Part = TypeVar("_Part")
_PROJECTION = {"kind": "projection"}


def _account_columns(prefix: str = "") -> list[Column[Any]]:
    return [
        Column(f"{prefix}state", String, nullable=False),
        Column(f"{prefix}party", String(36), nullable=False),
        Column(f"{prefix}region", String(6), nullable=False),
        Column(f"{prefix}project", String(36), nullable=False),
    ]


batch = Table(
    "batch",
    metadata,
    Column("code", String(10), primary_key=True),
    Column("maker", String(36), nullable=False),
    Column("lot", String, nullable=False),
    Column("product", String, nullable=False),
    Column("designation", String, nullable=False, comment="as printed when the batch was made"),
    Column("certificate", String),
    Column("produced_on", Date, nullable=False),
    Column("length_mm", Integer, nullable=False),
    Column("copper_g", Integer, comment="as weighed at production"),
    Column("key_version", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    UniqueConstraint("maker", "lot"),
    Index("batch_by_lot", "lot"),
    Index("batch_by_product", "maker", "product"),
    Index("batch_by_seq", "seq"),
    info=_PROJECTION,
)
batch_unit = Table(
    "batch_unit",
    metadata,
    Column("batch", String(10), primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("length_mm", Integer, nullable=False),
    info=_PROJECTION,
)
batch_material = Table(
    "batch_material",
    metadata,
    Column("batch", String(10), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("material", String, nullable=False),
    Column("lot", String, nullable=False, comment="of whoever made the material; empty without a number"),
    Column("mass_g", Integer),
    Index("batch_material_by_lot", "lot"),
    info=_PROJECTION,
)
piece = Table(
    "piece",
    metadata,
    Column("batch", String(10), primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False, comment="the number of the piece"),
    Column("last", Integer, nullable=False),
    Column("length_mm", Integer, nullable=False),
    info=_PROJECTION,
)
hold = Table(
    "hold",
    metadata,
    Column("batch", String(10), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("type", String, nullable=False, comment="register, seal, seize, confiscate, recall"),
    Column("number", String, nullable=False),
    Column("by", String(36), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("origin", JSON, comment="the account that seized metres came from"),
    Column("length_mm", Integer, nullable=False),
    Column("more_days", Integer, nullable=False),
    Column("test_days", Integer, nullable=False),
    Column("ended_on", Date),
    Index("hold_by_authority", "by"),
    info=_PROJECTION,
)
run = Table(
    "run",
    metadata,
    Column("batch", String(10), primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    *_account_columns(),
    Column("length_mm", Integer, nullable=False),
    Column("missing_legs", String, nullable=False, comment="sender>receiver, one after the other"),
    info=_PROJECTION,
)
loose = Table(
    "loose",
    metadata,
    Column("batch", String(10), nullable=False),
    *_account_columns(),
    Column("length_mm", Integer, nullable=False),
    PrimaryKeyConstraint("batch", "state", "party", "region", "project"),
    info=_PROJECTION,
)
laid = Table(
    "laid",
    metadata,
    Column("batch", String(10), nullable=False),
    Column("unit", Integer, nullable=False, comment="0: of a loose length"),
    *_account_columns(),
    Column("length_mm", Integer, nullable=False),
    PrimaryKeyConstraint("batch", "unit", "state", "party", "region", "project"),
    info=_PROJECTION,
)
admission = Table(
    "admission",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("batch", String(10), nullable=False, index=True),
    Column("project", String(36), nullable=False),
    Column("opinion", String, nullable=False),
    Column("on_day", Date, nullable=False),
    info=_PROJECTION,
)
posting = Table(
    "posting",
    metadata,
    Column("batch", String(10), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    *_account_columns("from_"),
    *_account_columns("to_"),
    Column("length_mm", Integer, nullable=False),
    Column("undoes", Boolean, nullable=False, comment="takes a posting the other way round back"),
    info=_PROJECTION,
)
involvement = Table(
    "involvement",
    metadata,
    Column("who", String(38), primary_key=True, comment="p:<party id>, r:<region> or s:<site id>"),
    Column("batch", String(10), primary_key=True),
    Column("seq", Integer, nullable=False, comment="index of the first event that concerns them"),
    Index("involvement_by_batch", "batch"),
    info=_PROJECTION,
)


# --- for the rules ------------------------------------------------------------------------------------


# Written once: they run with every group of the ledger.
_BATCHES_BY_LOT = select(batch).where(
    tuple_(batch.c.maker, batch.c.lot).in_(bindparam("lots", expanding=True))  # unique (maker, lot)
)
_BATCHES_BY_CODE = select(batch).where(batch.c.code.in_(bindparam("codes", expanding=True)))
_DELETE_RUN = Prepared(delete(run).where(run.c.batch == bindparam("b"), run.c.first == bindparam("f")))


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put wanted batches into the state, with their books and whom they concern."""
    lots = wanted.lots - state.lots.keys()
    codes = wanted.batches - state.batches.keys()
    state.lots.update(dict.fromkeys(lots))
    state.batches.update(dict.fromkeys(codes))
    found: dict[str, Any] = {}
    for some_lots in chunks(lots):
        for row in tx.execute(_BATCHES_BY_LOT, {"lots": some_lots}):
            state.lots[row.maker, row.lot] = row.code
            found[row.code] = row
    for chunk in chunks(codes):
        for row in tx.execute(_BATCHES_BY_CODE, {"codes": chunk}):
            found[row.code] = row
    fresh = [code for code in found if state.batches.get(code) is None]
    units = grouped(tx, batch_unit, fresh, batch_unit.c.first)
    pieces = grouped(tx, piece, fresh, piece.c.first)
    materials = grouped(tx, batch_material, fresh, batch_material.c.n)
    books = read_books(tx, fresh)
    for code in fresh:
        row = found[code]
        state.batches[code] = batch_in(row, units[code], pieces[code], materials[code])
        state.lots[row.maker, row.lot] = code
        state.books[code] = books[code]
    for code, whom in _rows_of_involvement(tx, fresh).items():
        state.involved[code] = frozenset(whom)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a group of events changed in the books."""

    batches: Sequence[KnownBatch]
    #: Batches that a split or a correction has changed, as they are now.
    rebatched: Sequence[KnownBatch]
    #: The book of each changed batch as it was before the group and as it is now.
    books: Mapping[str, tuple[Book | None, Book]]
    #: (index of the event, its postings in order)
    postings: Sequence[tuple[int, Sequence[Posting]]]
    #: (who, batch, index of the event)
    involvement: Sequence[tuple[str, str, int]]


def write(tx: Connection, changes: Changes) -> None:
    """Write what changed; of a book only the rows that differ."""
    anew = {known.code for known in changes.rebatched}
    delete_rows(tx, batch, batch.c.code, anew)
    for table in (batch_unit, piece, batch_material):
        delete_rows(tx, table, table.c.batch, anew)
    written = [*changes.batches, *changes.rebatched]
    if written:
        tx.execute(insert(batch), [_batch_row(known) for known in written])
        insert_rows(tx, batch_unit, [_unit_row(known, g) for known in written for g in known.units])
        insert_rows(tx, piece, [_unit_row(known, g) for known in written for g in known.pieces])
        insert_rows(
            tx,
            batch_material,
            [(known.code, n, *each) for known in written for n, each in enumerate(known.materials)],
        )
    _write_runs(tx, changes.books)
    _write_loose(tx, changes.books)
    _write_laid(tx, changes.books)
    _write_admissions(tx, changes.books)
    _write_holds(tx, changes.books)
    insert_rows(
        tx,
        posting,
        [_posting_row(seq, n, each) for seq, some in changes.postings for n, each in enumerate(some)],
    )
    insert_rows(tx, involvement, changes.involvement)


def _write_runs(tx: Connection, books: Mapping[str, tuple[Book | None, Book]]) -> None:
    gone: list[dict[str, int | str | bytes]] = []
    come: list[tuple[int | str, ...]] = []
    for code, (before, now) in books.items():
        old = set() if before is None else set(before.runs)
        new = set(now.runs)
        gone += [{"b": code, "f": each.first} for each in old - new]
        come += [_run_row(code, each) for each in now.runs if each not in old]
    _DELETE_RUN.run_for_each(tx, gone)
    insert_rows(tx, run, come)


def _write_admissions(tx: Connection, books: Mapping[str, tuple[Book | None, Book]]) -> None:
    rows = []
    for code, (before, now) in books.items():
        stood = before.admissions if before is not None else []
        kept = now.admissions[: len(stood)] == stood
        if not kept:  # a correction took back an opinion
            tx.execute(delete(admission).where(admission.c.batch == code))
        for each in now.admissions[len(stood) if kept else 0 :]:
            place = {"seq": each.seq, "first": each.first, "last": each.last, "batch": code}
            rows.append({**place, "project": each.project, "opinion": each.opinion, "on_day": each.on})
    if rows:
        tx.execute(insert(admission), rows)


def _write_holds(tx: Connection, books: Mapping[str, tuple[Book | None, Book]]) -> None:
    rows = [
        {
            "batch": code,
            "n": n,
            **each._asdict(),
            "origin": None if each.origin is None else list(each.origin),
        }
        for code, holds in _changed(tx, hold, books, lambda book: book.holds).items()
        for n, each in enumerate(holds)
    ]
    if rows:
        tx.execute(insert(hold), rows)


def _write_loose(tx: Connection, books: Mapping[str, tuple[Book | None, Book]]) -> None:
    changed = _changed(tx, loose, books, lambda book: book.loose)
    insert_rows(
        tx,
        loose,
        [
            (code, *account, length_mm)
            for code, pools in changed.items()
            for account, length_mm in sorted(pools.items())
        ],
    )


def _write_laid(tx: Connection, books: Mapping[str, tuple[Book | None, Book]]) -> None:
    changed = _changed(tx, laid, books, lambda book: book.laid)
    insert_rows(
        tx,
        laid,
        [
            (code, unit, *account, length_mm)
            for code, places in changed.items()
            for (unit, account), length_mm in sorted(places.items())
        ],
    )


def _changed(
    tx: Connection,
    table: Table,
    books: Mapping[str, tuple[Book | None, Book]],
    part: Callable[[Book], _Part],
) -> dict[str, _Part]:
    """This part of the books in which it changed, by batch; the rows that it had are deleted, to be written anew."""
    changed = {
        code: part(now) for code, (before, now) in books.items() if part(before or Book()) != part(now)
    }
    delete_rows(tx, table, table.c.batch, changed)
    return changed


# --- for readers --------------------------------------------------------------------------------------


def batches(tx: Connection, codes: Iterable[str]) -> dict[str, KnownBatch]:
    """The registered batches among these codes."""
    wanted = sorted(set(codes))
    units = grouped(tx, batch_unit, wanted, batch_unit.c.first)
    pieces = grouped(tx, piece, wanted, piece.c.first)
    materials = grouped(tx, batch_material, wanted, batch_material.c.n)
    return {
        row.code: batch_in(row, units[row.code], pieces[row.code], materials[row.code])
        for chunk in chunks(wanted)
        for row in tx.execute(select(batch).where(batch.c.code.in_(chunk)))
    }


def registered(tx: Connection, first: int, end: int) -> list[str]:
    """The codes of the batches whose production is an entry from ``first`` to before ``end``."""
    seq = batch.c.seq  # index: batch_by_seq
    return list(tx.execute(select(batch.c.code).where(seq >= first, seq < end)).scalars())


def codes_of_lots(
    tx: Connection, lots: Iterable[str], scope: Scope | None = None
) -> dict[str, list[tuple[str, str]]]:
    """(maker, code) of every batch with each of these lot numbers, oldest first; of those alone that a ``scope`` may see, by as
    many look-ups whether there are others. Lot numbers are the maker's: one may have several batches, or none."""
    found: dict[str, list[tuple[str, str]]] = {lot: [] for lot in lots}
    for chunk in chunks(found):
        rows = tx.execute(
            select(batch.c.lot, batch.c.maker, batch.c.code)
            .where(batch.c.lot.in_(chunk), true() if scope is None else open_to(scope))  # batch_by_lot
            .order_by(batch.c.seq)
        )
        for row in rows:
            found[row.lot].append((row.maker, row.code))
    return found


def read_books(tx: Connection, codes: Sequence[str]) -> dict[str, Book]:
    """The book of each of these batches."""
    runs = grouped(tx, run, codes, run.c.first)
    pools = grouped(tx, loose, codes, loose.c.state)
    admissions = grouped(tx, admission, codes, admission.c.seq, admission.c.first)
    holds = grouped(tx, hold, codes, hold.c.n)
    places = grouped(tx, laid, codes, laid.c.unit)
    return {
        code: Book(
            runs=[
                Run(
                    first=row.first,
                    last=row.last,
                    account=_account_in(row),
                    length_mm=row.length_mm,
                    missing_legs=_legs_in(row.missing_legs),
                )
                for row in runs[code]
            ],
            loose={_account_in(row): row.length_mm for row in pools[code]},
            laid={(row.unit, _account_in(row)): row.length_mm for row in places[code]},
            admissions=[
                Admission(
                    first=row.first,
                    last=row.last,
                    project=row.project,
                    opinion=row.opinion,
                    on=row.on_day,
                    seq=row.seq,
                )
                for row in admissions[code]
            ],
            holds=[_hold_in(row) for row in holds[code]],
        )
        for code in codes
    }


def read_postings(tx: Connection, code: str, up_to: int | None = None) -> list[tuple[int, Posting]]:
    """(index of the event, posting) of one batch in order; up to and including an index if it is given."""
    statement = select(posting).where(posting.c.batch == code).order_by(posting.c.seq, posting.c.n)
    if up_to is not None:
        statement = statement.where(posting.c.seq <= up_to)
    return [(row.seq, posting_in(row)) for row in tx.execute(statement)]


def read_unexplained(tx: Connection, of: ColumnElement[bool], up_to: int | None = None) -> list[Posting]:
    """The postings of the chosen batches by which metres came to be unexplained or no longer are, in order."""
    statement = select(posting).where(
        posting.c.batch.in_(select(batch.c.code).where(of)),
        or_(posting.c.from_state == UNEXPLAINED.state, posting.c.to_state == UNEXPLAINED.state),
    )
    if up_to is not None:
        statement = statement.where(posting.c.seq <= up_to)
    return [
        posting_in(row) for row in tx.execute(statement.order_by(posting.c.batch, posting.c.seq, posting.c.n))
    ]


def postings_of(tx: Connection, code: str, seq: int) -> list[Posting]:
    """The postings of one event of a batch, in order."""
    statement = select(posting).where(posting.c.batch == code, posting.c.seq == seq).order_by(posting.c.n)
    return [posting_in(row) for row in tx.execute(statement)]


@dataclass(frozen=True, slots=True)
class Balance:
    """Metres of a batch at an account."""

    batch: str
    account: Account
    length_mm: int


def balances(tx: Connection, of: ColumnElement[bool], up_to: int | None = None) -> list[Balance]:
    """What stands at every account of the batches that ``of`` (a condition on `batch`) selects.

    Summed from the journal in the database, so it holds as of any index. The source account is left out.
    """
    chosen = select(batch.c.code).where(of)
    conditions: list[ColumnElement[bool]] = [posting.c.batch.in_(chosen)]
    if up_to is not None:
        conditions.append(posting.c.seq <= up_to)
    sides = union_all(
        *(
            select(
                posting.c.batch,
                posting.c[f"{side}state"].label("state"),
                posting.c[f"{side}party"].label("party"),
                posting.c[f"{side}region"].label("region"),
                posting.c[f"{side}project"].label("project"),
                (posting.c.length_mm * sign).label("length_mm"),
            ).where(*conditions)
            for side, sign in (("from_", -1), ("to_", 1))
        )
    ).subquery()
    account = (sides.c.batch, sides.c.state, sides.c.party, sides.c.region, sides.c.project)
    total = func.sum(sides.c.length_mm)
    statement = (
        select(*account, total.label("length_mm"))
        .where(sides.c.state != "produced")
        .group_by(*account)
        .having(total != 0)
        .order_by(*account)
    )
    return [Balance(row.batch, _account_in(row), row.length_mm) for row in tx.execute(statement)]


def edges(
    tx: Connection, of: ColumnElement[bool], up_to: int | None = None
) -> list[tuple[Account, Account, int]]:
    """(source, target, metres in mm) between accounts over the chosen batches, summed in the database; what was
    only cut into pieces went nowhere, and what was taken back never went (`moved_by`)."""
    return sorted(summed(tx, of, up_to)[0])


def summed(
    tx: Connection, of: ColumnElement[bool], up_to: int | None = None
) -> tuple[list[tuple[Account, Account, int]], dict[Account, int]]:
    """`edges` in any order, and of each account the index of the newest event that posted to it or from it, corrected or not.

    Cost: one grouping over the postings of the chosen batches.
    """
    conditions: list[ColumnElement[bool]] = [
        posting.c.batch.in_(select(batch.c.code).where(of)),
        posting.c.from_state != CUT.state,
        posting.c.to_state != CUT.state,
    ]
    if up_to is not None:
        conditions.append(posting.c.seq <= up_to)
    columns = [posting.c[f"{side}{name}"] for side in ("from_", "to_") for name in Account._fields]
    statement = (
        select(*columns, posting.c.undoes, func.sum(posting.c.length_mm), func.max(posting.c.seq))
        .where(*conditions)
        .group_by(*columns, posting.c.undoes)
    )
    moved: list[tuple[Account, Account, int]] = []
    is_undone = False
    newest: dict[Account, int] = {}
    accounts: dict[tuple[Any, ...], Account] = {}
    for row in tx.execute(statement).all():
        cells = tuple(row)
        from_, to = cells[0:4], cells[4:8]
        source = accounts.get(from_) or accounts.setdefault(from_, Account(*from_))
        target = accounts.get(to) or accounts.setdefault(to, Account(*to))
        undoes, length_mm, seq = cells[8:]
        if undoes:
            is_undone = True
            moved.append((target, source, -length_mm))
        else:
            moved.append((source, target, length_mm))
        if seq > newest.get(source, -1):
            newest[source] = seq
        if seq > newest.get(target, -1):
            newest[target] = seq
    return (_together(moved) if is_undone else moved), newest


def _together(moved: Iterable[tuple[Account, Account, int]]) -> list[tuple[Account, Account, int]]:
    """What went from each account to each other one, less what was undone."""
    sums: dict[tuple[Account, Account], int] = defaultdict(int)
    for source, target, length_mm in moved:
        sums[source, target] += length_mm
    return [(source, target, mm) for (source, target), mm in sums.items() if mm]


def edges_by_batch(tx: Connection, codes: Sequence[str]) -> dict[str, list[tuple[Account, Account, int]]]:
    """`edges` of each of these batches."""
    of = posting.c.batch.in_(list(codes))
    columns = [posting.c[f"{side}{name}"] for side in ("from_", "to_") for name in Account._fields]
    statement = (
        select(posting.c.batch, posting.c.undoes, *columns, func.sum(posting.c.length_mm))
        .where(of, posting.c.from_state != CUT.state, posting.c.to_state != CUT.state)
        .group_by(posting.c.batch, posting.c.undoes, *columns)
    )
    sums: dict[tuple[str, Account, Account], int] = defaultdict(int)
    for row in tx.execute(statement):
        source, target = Account(*row[2:6]), Account(*row[6:10])
        if row.undoes:
            sums[row.batch, target, source] -= row[10]
        else:
            sums[row.batch, source, target] += row[10]
    went: dict[str, list[tuple[Account, Account, int]]] = {code: [] for code in codes}
    for (code, source, target), length_mm in sums.items():
        if length_mm:
            went[code].append((source, target, length_mm))
    return went


def open_to(scope: Scope) -> ColumnElement[bool]:
    """The condition on `batch` that a scope may see it: `model.involvement.sees`, compiled from who is involved."""
    if scope.everything:
        return true()
    ways = [_open_to_part(part) for part in scope.parts]
    if scope.parties or scope.regions or scope.sites:
        reached = [
            involvement.c.who.in_(named_in(scope)),
            # A range instead of LIKE: it uses the primary key whatever the collation.
            *(involvement.c.who.between(f"r:{prefix}", f"r:{prefix}\uffff") for prefix in scope.regions),
        ]
        ways.append(batch.c.code.in_(select(involvement.c.batch).where(or_(*reached))))
    if scope.certificates:  # by maker and lot, an index of makers too
        ways.append(tuple_(batch.c.maker, batch.c.certificate).in_(sorted(scope.certificates)))
    return or_(*ways) if ways else false()


def named_in(scope: Scope) -> list[str]:
    """The parties and sites of a scope as `model.involvement` calls them: what is met by being the same."""
    return [f"p:{party}" for party in sorted(scope.parties)] + [f"s:{site}" for site in sorted(scope.sites)]


def _open_to_part(part: Part) -> ColumnElement[bool]:
    limits = [open_to(part.within)]
    if part.of is not None:
        limits.append(open_to(part.of))
    if part.things:
        limits.append(batch.c.code.in_(ids_among("batch", part.things)))
    return and_(*limits)


def involved_in(tx: Connection, codes: Sequence[str]) -> dict[str, set[str]]:
    """Who is involved in each of these batches, and under which certificate it was made (`made_under`)."""
    found = _rows_of_involvement(tx, codes)
    for chunk in chunks(found):
        of_these = (batch.c.code.in_(chunk), batch.c.certificate.is_not(None))
        for row in tx.execute(select(batch.c.code, batch.c.maker, batch.c.certificate).where(*of_these)):
            found[row.code].add(made_under(row.maker, row.certificate))
    return found


def _rows_of_involvement(tx: Connection, codes: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {code: set() for code in codes}
    for row in (row for rows in grouped(tx, involvement, codes).values() for row in rows):
        found[row.batch].add(row.who)
    return found


# --- rows ---------------------------------------------------------------------------------------------


def grouped(tx: Connection, table: Table, codes: Iterable[str], *order: Column[Any]) -> dict[str, list[Any]]:
    """Rows of the table by batch, in order."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for chunk in chunks(codes):
        for row in tx.execute(select(table).where(table.c.batch.in_(chunk)).order_by(*order)):
            rows[row.batch].append(row)
    return rows


def _batch_row(known: KnownBatch) -> dict[str, Any]:
    return {
        "code": known.code,
        "maker": known.maker,
        "lot": known.lot,
        "product": known.product,
        "designation": known.designation,
        "certificate": known.certificate,
        "produced_on": known.produced_on,
        "length_mm": known.length_mm,
        "copper_g": known.copper_g,
        "key_version": known.key_version,
        "seq": known.seq,
    }


def _unit_row(known: KnownBatch, group: UnitLength) -> tuple[int | str, ...]:
    return (known.code, group.first, group.last, group.length_mm)


def _unit_in(row: Any) -> UnitLength:
    return UnitLength(first=row.first, last=row.last, length_mm=row.length_mm)


def _hold_in(row: Any) -> Hold:
    cells = {name: row._mapping[name] for name in Hold._fields}
    return Hold(**{**cells, "origin": None if row.origin is None else Account(*row.origin)})


def batch_in(row: Any, units: Sequence[Any], pieces: Sequence[Any], materials: Sequence[Any]) -> KnownBatch:
    return KnownBatch(
        code=row.code,
        maker=row.maker,
        lot=row.lot,
        product=row.product,
        designation=row.designation,
        certificate=row.certificate,
        produced_on=row.produced_on,
        length_mm=row.length_mm,
        units=tuple(_unit_in(u) for u in units),
        pieces=tuple(_unit_in(u) for u in pieces),
        key_version=row.key_version,
        seq=row.seq,
        copper_g=row.copper_g,
        materials=tuple(MaterialIn(each.material, each.lot, each.mass_g) for each in materials),
    )


def _run_row(code: str, each: Run) -> tuple[int | str, ...]:
    return (code, each.first, each.last, *each.account, each.length_mm, _legs(each.missing_legs))


def _legs(legs: tuple[tuple[str, str], ...]) -> str:
    return " ".join(f"{sender}>{receiver}" for sender, receiver in legs)


def _legs_in(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (leg.split(">") for leg in text.split())
    return tuple((sender, receiver) for sender, receiver in pairs)


def _posting_row(seq: int, n: int, each: Posting) -> tuple[int | str, ...]:
    return (
        each.batch,
        seq,
        n,
        each.first,
        each.last,
        *each.source,
        *each.target,
        each.length_mm,
        each.undoes,
    )


def posting_in(row: Any) -> Posting:
    return Posting(
        batch=row.batch,
        first=row.first,
        last=row.last,
        source=_account_in(row, "from_"),
        target=_account_in(row, "to_"),
        length_mm=row.length_mm,
        undoes=row.undoes,
    )


def _account_in(row: Any, prefix: str = "") -> Account:
    values = row._mapping
    return Account(*(values[f"{prefix}{name}"] for name in Account._fields))
