"""An invented city into an installation, through the doors that everybody uses: drafts, and files of those who keep files.

Order: the register at the machine, accounts, the makers' wares, then block by block, each in stages. After each block
its number is kept in ``city.json``; killed, the generation goes on behind it, and what of the next block is recorded
already is recognised by its ids. At the end the truth stands beside the ledger, in ``city-truth.json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import orjson

from ...auth.accounts import create_account, list_accounts
from ...auth.actor import Actor
from ...auth.passwords import Passwords
from ...auth.policy import WITH_JURISDICTION, Role
from ...db.engine import begin_read, begin_write
from ...errors import Broken
from ...imports.run import commit, understand
from ...intake.record import prepare
from ...ledger.sequencer import Receipt
from ...ledger.store import read_head
from ..demo import PASSWORD
from ..folder import Folder
from ..installation import Installation
from .begun import beginning_of, keep, to_go_on
from .blocks import Block, City, city_of
from .copies import check_copies
from .files import Kept, laboratory_file, register_file, shipments_file, site_file
from .sizes import Size
from .telling import Draft, Said, Stage, named
from .truth import Truth

#: Events prepared and recorded with one call.
CHUNK = 1_000

Progress = Callable[[int, int], object]
_Each = TypeVar("_Each")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What stands in the installation: its size by name, events on the ledger, lots, and how many are bad."""

    size: str
    seed: int
    events: int
    lots: int
    planted: int


def truth_path(folder: Folder) -> Path:
    return folder.root / "city-truth.json"


def build_city(house: Installation, passwords: Passwords, size: Size, seed: int, progress: Progress) -> Built:
    """Bring an invented city in, or go on where that was cut short; ``progress`` is told (blocks done, of how many).

    Raises InputError where the installation holds anything else, `Broken` where something is refused: nothing should be.
    """
    city, truth = city_of(size, seed), Truth()
    begun = to_go_on(house.folder, beginning_of(city), whole=size.block_count, said=_said(house))
    entry = _Entry(house, city, {})
    fresh = begun.blocks < 0
    if fresh:
        keep(house.folder, begun)
        entry.register()
    entry.let_in(passwords)
    if fresh:
        entry.stock()
        keep(house.folder, begun := begun.reached(0))
    progress(begun.blocks, size.block_count)
    for block in city.blocks():
        truth.add(block)
        if block.number < begun.blocks:
            continue
        entry.bring(block)
        keep(house.folder, begun := begun.reached(block.number + 1))
        progress(begun.blocks, size.block_count)
    if not (kept := truth_path(house.folder)).exists():
        kept.write_bytes(orjson.dumps(truth.members(), option=orjson.OPT_INDENT_2))
    return Built(size=size.name, seed=seed, events=_said(house), lots=truth.lots, planted=len(truth.planted))


def _said(house: Installation) -> int:
    with begin_read(house.ledger) as tx:
        return read_head(tx).size


@dataclass(slots=True)
class _Entry:
    """The doors: everybody enters under the own account, the register is entered at the machine."""

    house: Installation
    city: City
    actors: dict[str, Actor]

    def register(self) -> None:
        machine = self.house.at_the_machine()
        for some in _chunks(self.city.registrations()):
            self.record([({**draft, "entered_for": speaker.id}, machine) for speaker, draft in some])

    def let_in(self, passwords: Passwords) -> None:
        """An account for everybody who keeps books; all with the demo's password, since they guard nothing."""
        with begin_read(self.house.desk) as tx:
            before = {account.name: account for account in list_accounts(tx)}
        everybody = [company for company in self.city.cast.everybody() if company.account]
        missing = [company for company in everybody if company.account not in before]
        if missing or "operator" not in before:
            stored = passwords.enrol(PASSWORD, name="")
            with begin_write(self.house.desk) as tx:
                if "operator" not in before:
                    create_account(
                        tx,
                        name="operator",
                        password=stored,
                        party=self.house.operator,
                        role=Role.OPERATOR,
                        display_name="平台运维",
                        now=self.house.clock(),
                    )
                for company in missing:
                    before[company.account] = create_account(
                        tx,
                        name=company.account,
                        password=stored,
                        party=company.id,
                        role=company.account_role,
                        display_name=company.name,
                        region=company.region if company.account_role in WITH_JURISDICTION else None,
                        now=self.house.clock(),
                    )
        self.actors = {company.id: before[company.account].acting("session") for company in everybody}

    def stock(self) -> None:
        """What each maker makes, under which papers."""
        certifier = self.city.cast.certifier
        for maker in self.city.cast.makers:
            wares = self.city.range_of(maker)
            if maker.keeps_files:
                numbers = [(ware, number) for ware, number, _, _ in wares]
                self.bring_file(register_file(maker, f"{maker.account}-产品", numbers, (), certifier.name))
            else:
                drafts = [
                    draft for _, _, certificate, product in wares for draft in (certificate, product) if draft
                ]
                self.record([(draft, self.actors[maker.id]) for draft in drafts])
            suspended = self.city.suspensions(maker)
            self.record([(draft, self.actors[certifier.id]) for draft in suspended])

    def bring(self, block: Block) -> None:
        for stage in Stage:
            said = block.of(stage)
            files, rest = _kept_as_files(self.city, block, stage, said)
            for file in files:
                self.bring_file(file)
            for some in _chunks(rest):
                self.record([(each.draft, self.actors[each.speaker.id]) for each in some])
        check_copies(self.house, block.planted)

    def bring_file(self, file: Kept) -> None:
        actor = self.actors[file.keeper.id]
        with begin_read(self.house.ledger) as tx:
            understood = understand(tx, file.content, file.name, actor)
        report = commit(understood, self.house.intake, actor)
        if report.bad:
            raise Broken(f"{file.name} of the invented city has a bad row: {report.bad[0]}")

    def record(self, drafts: Sequence[tuple[Draft, Actor]]) -> None:
        answers = self.house.intake.record_patiently(
            [prepare({"draft": draft}, actor) for draft, actor in drafts]
        )
        for (draft, _), answer in zip(drafts, answers, strict=True):
            if not isinstance(answer, Receipt):
                raise Broken(f"the invented city was refused: {draft}: {answer}")


def _kept_as_files(
    city: City, block: Block, stage: Stage, said: Sequence[Said]
) -> tuple[list[Kept], list[Said]]:
    """The files in which a stage of a block is kept, and what is left to be said by drafts."""
    everybody = {named(company): company for company in city.cast.everybody()}
    name = f"{block.maker.account}-{block.number:04d}"
    match stage:
        case Stage.MAKING if block.maker.keeps_files:
            own = [each for each in said if each.speaker is block.maker]
            rest = [each for each in said if each.speaker is not block.maker]
            files = [
                register_file(block.maker, name, (), own),
                shipments_file(block.maker, name, own, everybody),
            ]
            return files, rest
        case Stage.SITE:
            by_site: dict[str, list[Said]] = {}
            for each in said:
                by_site.setdefault(each.draft["body"]["project"]["keeper"], []).append(each)
            keeping = {id_: some for id_, some in by_site.items() if everybody[id_].keeps_files}
            files = [
                site_file(everybody[id_], name, some, everybody) for id_, some in sorted(keeping.items())
            ]
            kept = {id(each) for some in keeping.values() for each in some}
        case Stage.LABORATORY:
            by_laboratory: dict[str, list[Said]] = {}
            samplings = {
                each.draft["body"]["number"]: each for each in said if each.draft["kind"] == "sampling"
            }
            for each in said:
                body = each.draft["body"]
                if (
                    each.draft["kind"] == "testing"
                    and body["type"] == "supervision"
                    and each.speaker.keeps_files
                ):
                    by_laboratory.setdefault(named(each.speaker), []).extend(
                        [samplings[body["sampling"]], each]
                    )
            files = [
                laboratory_file(everybody[id_], name, some, everybody)
                for id_, some in sorted(by_laboratory.items())
            ]
            kept = {id(each) for some in by_laboratory.values() for each in some}
        case _:
            return [], list(said)
    return files, [each for each in said if id(each) not in kept]


def _chunks(all_: Iterable[_Each]) -> Iterator[list[_Each]]:
    some: list[_Each] = []
    for each in all_:
        some.append(each)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some
