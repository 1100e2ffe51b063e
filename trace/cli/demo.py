"""``demo``: an installation to look at, of four files as people keep them or of an invented city."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from ..app.city.begun import read_begun
from ..app.city.build import Built, build_city, truth_path
from ..app.city.sizes import SIZES
from ..app.demo import ACCOUNTS, PASSWORD, Loaded, load_demo
from ..app.folder import Folder
from ..app.installation import Installation, create
from ..app.process import collecting_seldom
from ..app.settings import Settings
from ..auth.passwords import Passwords
from ..errors import Text
from .console import people, print_json, progress, say
from .options import Data, Json, folder, opened

ORIGIN = "demo.cabletrace.example/ledger"

CitySize = StrEnum("CitySize", {name: name for name in SIZES})  # type: ignore[misc]
Seed = Annotated[int, typer.Option(help="another city of the same size 种子", min=0)]

#: Whom to try in an invented city: the first of each sort, and the authority of a neighbouring one.
_CITY_ACCOUNTS: Sequence[tuple[str, Text]] = (
    ("maker-001", Text("生产企业：用表格记账", "a maker that keeps spreadsheets")),
    ("maker-002", Text("生产企业：接口上报", "a maker that records by itself")),
    ("dealer-001", Text("一级经销商", "a dealer of the first tier")),
    ("shop-001", Text("五金店", "a shop")),
    ("site-001", Text("施工单位", "a contractor")),
    ("owner-001", Text("建设单位", "an owner")),
    ("supervisor-001", Text("监理单位", "a construction supervisor")),
    ("lab-001", Text("检测机构", "a laboratory")),
    ("regulator-001", Text("市级监管部门：全市", "the regulator of the city")),
    ("regulator-002", Text("县区监管部门：川汇区", "the regulator of a county")),
    ("regulator-012", Text("外地监管部门：阜阳", "the regulator of another city")),
    (
        "department-001",
        Text("住建部门：本市工地与批次，答复通报", "a department: building sites of the city, notices"),
    ),
    (
        "key-user-001",
        Text("重点用户：电网公司的项目与通报", "a key user: the grid company's projects, notices"),
    ),
    (
        "certifier-001",
        Text("认证机构：CCC 证书下的批次与预警", "a certification body: what is made under its certificates"),
    ),
    ("association-001", Text("行业协会：备案与通报", "an association: the register, notices")),
    ("clerk-001", Text("12315 受理员：本市投诉举报", "a 12315 clerk: complaints and reports of the city")),
    ("auditor-001", Text("审计：全部证据，没有价格和姓名", "an auditor: all evidence, no prices, no names")),
    ("witness-001", Text("见证方：只看公开账本", "a witness: the public log")),
    ("operator", Text("平台运维", "the operator")),
)


def add_to(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    data: Data = None,
    size: Annotated[
        CitySize | None,
        typer.Option(
            help="an invented city: 1,800, 84,000 or 10⁶ events 虚构城市的规模", show_default="four files"
        ),
    ] = None,
    seed: Seed = 1,
    json: Json = False,
) -> None:
    """Make an installation to look at; one that was killed goes on 载入演示数据."""
    where = folder(data)
    if not where.is_installation:
        settings = Settings()
        host = settings.public_host or "demo.cabletrace.example"
        create(where, origin=ORIGIN, public_host=host, database=settings.database)
    with opened(data) as house, collecting_seldom():
        made = load(house, size, seed)
    if json:
        print_json(made)
        return
    words = f"cabletrace serve --data {where.root}"
    say(f"看一看：{words}", f"look at it: {words}")


def load(house: Installation, size: CitySize | None, seed: int) -> dict[str, Any]:
    """Load what is asked for; where an invented city is already and none is asked for, it stays as it is."""
    if size is None:
        return {"size": None, "files": [] if read_begun(house.folder) else _load_files(house)}
    with progress(f"虚构城市 an invented {size.value}") as bar:
        built = build_city(house, Passwords(), SIZES[size.value], seed, bar)
    _tell(built, house.folder)
    return {
        "size": built.size,
        "seed": built.seed,
        "events": built.events,
        "lots": built.lots,
        "planted": built.planted,
        "truth": str(truth_path(house.folder)),
    }


def _tell(built: Built, where: Folder) -> None:
    say(
        f"{built.events:,} 条记录，{built.lots:,} 个批次，其中 {built.planted:,} 个有问题，答案在 {truth_path(where)}",
        f"{built.events:,} events, {built.lots:,} lots, {built.planted:,} of them bad: {truth_path(where)} tells which",
    )


def _load_files(house: Installation) -> list[dict[str, Any]]:
    with progress("载入演示数据 loading the demo") as bar:
        loaded = list(load_demo(house, Passwords(), lambda _file, done, of: bar(done, of)))
    return [_of_file(each) for each in loaded]


def _of_file(each: Loaded) -> dict[str, Any]:
    good, bad = (sum(getattr(sheet, count) for sheet in each.report.sheets) for count in ("good", "bad"))
    marked = len(each.report.marked)
    say(
        f"{each.file}：{good} 行入账（{marked} 行带标记），{bad} 行有误未入账",
        f"{each.file}: {good} rows recorded ({marked} of them marked), {bad} bad rows left out",
    )
    return {"file": each.file, "good": good, "bad": bad, "marked": marked}


def introduce(address: str, where: Folder) -> None:
    """Where to click and with which accounts."""
    people.print()
    say(
        f"打开 {address}/sign-in ，演示账号（密码都是 {PASSWORD}）：",
        f"open {address}/sign-in ; demo accounts, all with the password {PASSWORD}:",
    )
    here = _CITY_ACCOUNTS if read_begun(where) else [(each.name, each.task) for each in ACCOUNTS]
    for name, task in here:
        people.print(f"  {name:<15} {task.zh}  [dim]{task.en}[/dim]")
    say(
        f"公众查验：{address}/c/…（批次页面上有二维码）",
        f"public check: {address}/c/… (codes are on every batch page)",
    )
    say(f"接口文档：{address}/docs", f"API documentation: {address}/docs")
