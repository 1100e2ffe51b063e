"""Who lives in the invented city: names that no firm bears, credit codes that only pass their checks, no real person.

A company's name holds 示范, 例示, 模拟 or 虚构. Whoever has ``uscc`` None is known by name alone, as supervisors,
laboratories and authorities often are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ...auth.policy import Role
from ...codes.regions import region
from ...codes.uscc import compose_uscc
from ...model.values import business_id, party_id
from .places import CERTIFIED_IN, CITY, COUNTIES, FAR, NEIGHBOUR_WITH_AUTHORITY, NEIGHBOURS
from .sizes import Size

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FIRST = "禾泽沐川云岚景行知微乐山望舒南星若谷清和青野听雨长风见山"
_SECOND = ["示范", "例示", "模拟", "虚构"]
#: The first of so many projects is the grid company's.
GRID_OWNS_EVERY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """``account`` is the name to sign in with, "" for whoever keeps no books here; ``keeps_files``: spreadsheets."""

    id: str
    account: str
    name: str
    role: str
    region: str
    uscc: str | None = None
    cma: str | None = None
    keeps_files: bool = False

    @property
    def account_role(self) -> Role:
        return Role(self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A building site. Its contractor keeps the record."""

    number: str
    name: str
    region: str
    contractor: Company
    owner: Company
    supervisor: Company

    @property
    def ref(self) -> dict[str, str]:
        return {"keeper": self.contractor.uscc or self.contractor.id, "number": self.number}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody. Dealers are the first tier and buy from makers, shops the second; ``paper_dealers`` only write paper. The
    ``grid`` owns some projects and only watches; ``certifier`` issued every CCC certificate; ``others`` take no part in the
    trade either: association, 12315 desk, auditors, witness."""

    makers: Sequence[Company]
    dealers: Sequence[Company]
    shops: Sequence[Company]
    paper_dealers: Sequence[Company]
    contractors: Sequence[Company]
    owners: Sequence[Company]
    supervisors: Sequence[Company]
    laboratories: Sequence[Company]
    departments: Sequence[Company]
    grid: Company
    certifier: Company
    others: Sequence[Company]
    regulators: Mapping[str, Company]
    projects: Sequence[Project]

    def everybody(self) -> Sequence[Company]:
        return (
            *self.regulators.values(), *self.makers, *self.dealers, *self.shops, *self.paper_dealers, *self.contractors,
            *self.owners, *self.supervisors, *self.laboratories, *self.departments, self.grid, self.certifier, *self.others,
        )  # fmt: skip

    def authority(self, region: str) -> Company:
        """Who is competent in a county of the city."""
        return self.regulators[region]

    @property
    def association(self) -> Company:
        return next(each for each in self.others if each.role == "association")

    @property
    def city_authority(self) -> Company:
        return self.regulators[CITY]

    def home_shops(self) -> Sequence[Company]:
        return [shop for shop in self.shops if shop.region in COUNTIES]


def cast_of(size: Size, seed: int) -> Cast:
    """The same for the same size and seed."""
    chance = Random(f"cast {size.name} {seed}")  # noqa: S311 - the same every time is what is wanted
    made: set[str] = set()

    def company(
        n: int, kind: str, role: str, words: str, at: str, *, has_uscc: bool = True, has_account: bool = True
    ) -> Company:
        own = "".join(chance.sample(_FIRST, 2))
        name = f"{region(at).name}{own}{_SECOND[n % 4]}{words}"
        while name in made:
            name = f"{region(at).name}{''.join(chance.sample(_FIRST, 3))}{_SECOND[n % 4]}{words}"
        made.add(name)
        uscc = compose_uscc(at, "".join(chance.choices(_LETTERS, k=8))) if has_uscc else None
        return Company(
            id=party_id(uscc) if uscc else business_id("party", "city", str(seed), name),
            account=f"{kind}-{n + 1:03d}" if has_account else "",
            name=name,
            role=role,
            region=at,
            uscc=uscc,
            cma=f"2316{n:08d}" if role == "laboratory" else None,
            keeps_files=n % size.files_every == 0,
        )

    def around(n: int) -> str:
        """Two of three in the city, the others with its neighbours or far away."""
        return COUNTIES[n % 10] if n % 3 else (NEIGHBOURS if n % 6 else FAR)[n // 3 % 8]

    makers = [
        company(
            n, "maker", "manufacturer", "电缆有限公司", COUNTIES[(3 * n + 1) % 10] if n % 4 != 3 else "130102"
        )
        for n in range(size.makers)
    ]
    dealers = [
        company(n, "dealer", "distributor", "线缆贸易有限公司", around(n)) for n in range(size.dealers)
    ]
    shops = [
        company(n, "shop", "distributor", "五金经营部", around(n + 1), has_uscc=n % 5 != 4)
        for n in range(size.shops)
    ]
    papers = [
        company(n, "paper", "distributor", "物资供应站", NEIGHBOURS[n % 9], has_account=False)
        for n in range(size.paper_dealers)
    ]
    contractors = [
        company(n, "site", "contractor", "建设工程有限公司", COUNTIES[n % 10])
        for n in range(size.contractors)
    ]
    owners = [
        company(
            n,
            "owner",
            "owner",
            ("医院", "中学", "供电公司", "置业有限公司")[n % 4],
            COUNTIES[n % 10],
            has_uscc=False,
        )
        for n in range(max(4, size.contractors // 2))
    ]
    supervisors = [
        company(n, "supervisor", "supervisor", "工程监理有限公司", COUNTIES[n % 10], has_uscc=False)
        for n in range(max(2, size.contractors // 5))
    ]
    laboratories = [
        company(n, "lab", "laboratory", "检验检测中心", COUNTIES[n % 10], has_uscc=False)
        for n in range(size.laboratories)
    ]
    departments = [
        company(n, "department", "department", words, CITY, has_uscc=False)
        for n, words in enumerate(("住房和城乡建设局", "工业和信息化局"))
    ]
    regulators = {
        at: company(n, "regulator", "regulator", "市场监督管理局", at, has_uscc=False)
        for n, at in enumerate((CITY, *COUNTIES, NEIGHBOUR_WITH_AUTHORITY))
    }
    grid = company(0, "key-user", "key-user", "电网公司", CITY)
    certifier = company(0, "certifier", "certifier", "电器产品认证中心", CERTIFIED_IN)
    others = [
        company(0, kind, kind, words, CITY, has_uscc=False)
        for kind, words in (
            ("association", "电线电缆行业协会"),
            ("clerk", "12315中心"),
            ("auditor", "审计局"),
            ("witness", "账本见证中心"),
        )
    ]
    projects = [
        Project(
            number=f"XM-{n + 1:03d}",
            name=f"{region(contractor.region).name}{('配电改造', '住宅小区', '教学楼', '门诊楼')[n % 4]}示范工程",
            region=contractor.region if n % 5 != 4 else NEIGHBOURS[n % 9],
            contractor=contractor,
            owner=grid if n % GRID_OWNS_EVERY == 0 else owners[n % len(owners)],
            supervisor=supervisors[n % len(supervisors)],
        )
        for n, contractor in enumerate(each for each in contractors for _ in range(2))
    ]
    return Cast(
        makers=makers, dealers=dealers, shops=shops, paper_dealers=papers, contractors=contractors, owners=owners,
        supervisors=supervisors, laboratories=laboratories, departments=departments, grid=grid, certifier=certifier,
        others=others, regulators=regulators, projects=projects,
    )  # fmt: skip
