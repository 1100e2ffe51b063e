"""The invented city in order: who is registered, then month by month and maker by maker what happens.

A block is a maker's month. It follows from size, seed and its number alone, so that a generation that was killed goes on
with the block in which it was killed, and the same events have the same ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from ...model.values import business_id
from .companies import Cast, Company, cast_of
from .life import FAULTS, Planted, life_of
from .places import COUNTIES
from .sizes import Size
from .street import Uncoded, street_of
from .telling import Draft, Said, Stage, given, named, on_day
from .wares import BAD_PAPERS, ENDS, VALID, WARES, Ware

FIRST_MONTH = date(2025, 3, 1)
GRANTED = {"valid_from": "2024-01-01", "valid_to": "2035-12-31"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A maker's month: what is said in it, what was planted, and its metres by (state, region)."""

    number: int
    maker: Company
    said: Sequence[Said]
    planted: Sequence[Planted]
    uncoded: Uncoded
    where: Sequence[Mapping[tuple[str, str], int]]

    def of(self, stage: Stage) -> list[Said]:
        return [each for each in self.said if each.stage is stage]


@dataclass(frozen=True, slots=True)
class City:
    """All of it, pure: the same for the same size and seed."""

    size: Size
    seed: int
    cast: Cast

    def blocks(self) -> Iterator[Block]:
        return (self.block(number) for number in range(self.size.block_count))

    def block(self, number: int) -> Block:
        size = self.size
        month, n = divmod(number, size.makers)
        maker = self.cast.makers[n]
        chance = Random(f"block {size.name} {self.seed} {number}")  # noqa: S311 - the same every time is what is wanted
        begins = (FIRST_MONTH + timedelta(days=31 * month)).replace(day=1)
        said: list[Said] = []
        planted: list[Planted] = []
        where: list[Mapping[tuple[str, str], int]] = []
        for k in range(size.lots):
            day = begins + timedelta(days=chance.randint(0, 26))
            index = number * size.lots + k
            lot = f"{maker.account[-3:]}-{day:%y%m%d}-{k:02d}"
            bad, clean = divmod(index, size.bad_every)
            fault = "" if clean else list(FAULTS)[bad % len(FAULTS)]
            told, fault_of, whereabouts = life_of(
                self.cast, maker, lot, day, fault=fault, chance=chance, seed=self.seed
            )
            said += told
            where.append(whereabouts)
            planted += [] if fault_of is None else [fault_of]
        key = (str(self.seed), maker.id, str(month))
        beside, uncoded = street_of(self.cast, maker, lot, begins + timedelta(days=40), chance, key)
        return Block(
            number=number, maker=maker, said=[*said, *beside], planted=planted, uncoded=uncoded, where=where
        )  # fmt: skip

    # --- the register

    def registrations(self) -> Iterator[tuple[Company, Draft]]:
        """Parties, grants and projects, each with whose statement it is; entered at the machine."""
        for company in self.cast.everybody():
            body = {"name": company.name, "roles": [company.role], "region": company.region}
            part_of = self._parent_of(company)
            yield (
                company if part_of is None else self.cast.city_authority,
                self._fact(
                    "party",
                    {"party": named(company)},
                    {**body, **given(uscc=company.uscc, cma=company.cma, part_of=part_of)},
                ),
            )
        for laboratory in self.cast.laboratories:
            for authority in self.cast.regulators.values():
                yield authority, self._grant(authority, laboratory, "sampling")
        for project in self.cast.projects:
            body = {
                "name": project.name, "region": project.region, "owner": named(project.owner),
                "contractor": named(project.contractor), "supervisor": named(project.supervisor),
            }  # fmt: skip
            yield project.contractor, self._fact("project", {"project": project.ref}, body)
        yield from self._campaign()
        pairs = {(project.supervisor.id, project.contractor.id): project for project in self.cast.projects}
        for project in pairs.values():
            yield project.supervisor, self._grant(project.supervisor, project.contractor, "supervision")

    def _campaign(self) -> Iterator[tuple[Company, Draft]]:
        """A special campaign of the city's authority: every county looks at its makers, then at its dealers; two have reported."""
        city, counties = self.cast.city_authority, [self.cast.authority(at) for at in COUNTIES]
        units = [named(each) for each in counties]
        about = {"programme": business_id("city", str(self.seed), "programme")}
        body = {
            "number": "周示范市监办〔2025〕12号", "name": "电线电缆质量安全专项行动", "summary_due": "2025-10-12",
            "phases": [
                {"name": "自查", "opens_on": "2025-03-10", "closes_on": "2025-04-10"},
                {"name": "排查", "opens_on": "2025-04-11", "closes_on": "2025-09-30"},
            ],
            "tasks": [
                {"code": "1", "text": "督促辖区生产企业自查并签订质量承诺", "units": units, "phase": 1, "about": "makers", "asks": ["self-check", "commitment"]},
                {"code": "2", "text": "检查建材市场的经营企业，抽检电缆", "units": units, "phase": 2, "about": "dealers"},
            ],
        }  # fmt: skip
        yield city, {**self._fact("programme", about, body), **on_day(date(2025, 3, 5))}
        for unit, name, day, text in (
            (counties[0], "reported", date(2025, 4, 2), "已召开动员会，督促企业开展自查"),
            (counties[1], "reported", date(2025, 4, 3), "已逐家上门核对自查情况"),
            (counties[0], "done", date(2025, 4, 9), "生产企业自查全部完成"),
        ):
            said = {"step": name, "task": "1", "text": text}
            id_ = business_id("city", str(self.seed), "programme-step", unit.id, name)
            draft = {"id": id_, "kind": "programme-step", "subject": about, "body": said, **on_day(day)}
            yield unit, draft

    def _parent_of(self, company: Company) -> dict[str, Any] | None:
        """A county's authority is a branch of the city's: campaigns, the monthly form and what is handed down go along that."""
        if company.role != "regulator" or company.region not in COUNTIES:
            return None
        parent = named(self.cast.city_authority)
        return {"parent": parent, "type": "branch", "regions": [company.region], "validity": GRANTED}

    def _grant(self, grantor: Company, grantee: Company, kind: str) -> Draft:
        subject = {"grant": {"grantor": named(grantor), "grantee": named(grantee)}}
        return self._fact("grant", subject, {"kinds": [kind], "validity": GRANTED})

    def _fact(self, kind: str, subject: dict[str, Any], body: dict[str, Any]) -> Draft:
        id_ = business_id(
            "city", str(self.seed), kind, repr(sorted(subject.items())), repr(body.get("status"))
        )
        return {"id": id_, "kind": kind, "subject": subject, "body": body}

    def range_of(self, maker: Company) -> list[tuple[Ware, str | None, Draft | None, Draft]]:
        """A maker's wares: certificate number, certificate and product as drafts."""
        chance = Random(f"range {self.seed} {maker.id}")  # noqa: S311 - the same every time is what is wanted
        found = []
        for ware in (*WARES, *BAD_PAPERS):
            number, certificate = None, None
            if ware.certified is not None:
                number = (
                    f"（豫）XK06-001-{chance.randint(0, 99999):05d}" if ware.certified == "licence"
                    else f"2023010105{chance.randint(0, 999999):06d}"
                )  # fmt: skip
                until = ENDS if ware.standing == "expired" else VALID[1]
                validity = {"valid_from": str(VALID[0]), "valid_to": str(until)}
                subject = {"certificate": {"holder": named(maker), "number": number}}
                issuer = {"issued_by": named(self.cast.certifier)} if ware.certified == "ccc" else {}
                certificate = self._fact(
                    "certificate", subject, {"type": ware.certified, "validity": validity, **issuer}
                )
            subject = {"product": {"maker": named(maker), "number": ware.number}}
            body = {
                "name": ware.name, "designation": ware.designation, "standard": ware.standard, **given(certificate=number),
            }  # fmt: skip
            found.append((ware, number, certificate, self._fact("product", subject, body)))
        return found

    def suspensions(self, maker: Company) -> Iterator[Draft]:
        """Certificates that are suspended from before the first production on: the word of the certification body."""
        for ware, number, certificate, _ in self.range_of(maker):
            if ware.standing == "suspended" and certificate is not None and number is not None:
                validity = {"valid_from": str(ENDS), "valid_to": str(VALID[1])}
                body = {**certificate["body"], "validity": validity, "status": "suspended"}
                yield self._fact("certificate", certificate["subject"], body)


def city_of(size: Size, seed: int) -> City:
    return City(size, seed, cast_of(size, seed))
