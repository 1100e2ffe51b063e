"""Where the invented city lies: Zhoukou's ten counties and districts, its neighbours, and cities far away (GB/T 2260)."""

from __future__ import annotations

from collections.abc import Sequence

CITY = "411600"
COUNTIES: Sequence[str] = (
    "411602", "411603", "411621", "411622", "411623", "411624", "411625", "411627", "411628", "411681",
)  # fmt: skip
#: 漯河, 驻马店, 阜阳, 亳州, 商丘, 开封, 许昌.
NEIGHBOURS: Sequence[str] = (
    "411103", "411104", "411702", "411722", "341202", "341602", "411402", "410212", "411003",
)  # fmt: skip
#: 郑州, 武汉, 广州, 西安, 石家庄, 济南, 成都, 乌鲁木齐.
FAR: Sequence[str] = ("410105", "420106", "440106", "610113", "130102", "370112", "510107", "650102")
#: 郑州, where the certification body sits.
CERTIFIED_IN = "410105"
#: Far enough that no lorry brings a drum there from Zhoukou within hours.
GUANGZHOU = "440106"
#: 阜阳, whose authority takes part.
NEIGHBOUR_WITH_AUTHORITY = "341200"
