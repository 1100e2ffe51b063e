"""The record of the extraction 提取笔录: what was taken, how, when, where and by whom, to be signed on paper.

What it has to say: 案由、对象、内容、方法、时间、地点、人员 (市场监督管理行政处罚程序规定 第二十六条; 市场监督管理行政执法电子数据取证暂行规定).
It carries the digest of the list of all that was taken, so that the signed paper protects the files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..clock import SHANGHAI
from ..papers.paper import Fields, Heading, Paper, Paragraph, Signatures, Table

#: How data leave the ledger, unless whoever takes them says more.
METHOD = "网络在线提取：登录质量追溯平台，由平台从账本导出事件原文、公开条目、包含证明与检查点，生成证据包（ZIP），并当场用包内核验程序核验。"
_LONGEST_LIST = 120
_LISTED = ("data/attachments/", "data/checkpoint", "data/contents.json")


@dataclass(frozen=True, slots=True)
class Officer:
    """Who takes evidence: a name, and the number of the certificate of office 执法证号."""

    name: str
    certificate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the ledger does not know of the extraction. ``method``, ``witness`` and ``holder`` may be empty."""

    ground: str
    place: str
    officers: Sequence[Officer]
    case: str = ""
    method: str = ""
    witness: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What the record says of the ledger. ``made_at``: when the statement was recorded; ``digest``: of the list ``items`` (name,
    bytes, SHA-256), which is data/content-sha256.txt; ``extent``: what of the history was taken, in words."""

    authority: str
    subject: str
    extent: str
    made_at: datetime
    platform: str
    verifier_key: str
    size: int
    root: str
    statement: int
    digest: str
    items: Sequence[tuple[str, int, str]]
    url: str


def record_paper(said: Circumstances, taken: Extraction) -> Paper:
    """The paper. It lists the events, attachments and checkpoints; their proofs and all else stand under the digest of the list."""
    at = taken.made_at.astimezone(SHANGHAI)
    officers = [(f"{each.name}（执法证号：{each.certificate or '　　　　　　'}）") for each in said.officers]
    listed = [
        item for item in taken.items if item[0].startswith(_LISTED) or item[0].endswith("/payload.json")
    ]
    listed = listed[:_LONGEST_LIST]
    more = len(taken.items) - len(listed)
    return Paper(
        title="电子数据提取笔录",
        authority=taken.authority,
        blocks=(
            Fields(
                (
                    (("案由", said.ground), ("案号", said.case)),
                    (("提取对象", taken.subject),),
                    (("提取内容", taken.extent),),
                    (("提取时间", f"{at:%Y-%m-%d %H:%M:%S}（北京时间）"), ("提取地点", said.place)),
                    (("提取方法", said.method or METHOD),),
                    (("提取人员", "；".join(officers)),),
                    (
                        ("电子数据持有人（提供人）", said.holder or taken.platform),
                        ("见证人", said.witness),
                    ),
                )
            ),
            Heading("账本与完整性"),
            Fields(
                (
                    (("账本", taken.platform), ("检查点条数", f"{taken.size:,}")),
                    (("检查点树根", taken.root),),
                    (("账本公钥", taken.verifier_key),),
                    (("取证声明的账本序号", str(taken.statement)),),
                    (("提取内容校验值（SHA-256）", taken.digest),),
                )
            ),
            Paragraph(
                "提取内容校验值是证据包内 data/content-sha256.txt 的散列，该文件列有每一份提取文件的散列。核验时先核对此值与本笔录一致，"
                "再运行 verify.py 或打开 verify.html。"
            ),
            Heading("提取清单"),
            Table(
                ("文件", "字节", "SHA-256"),
                (44, 12, 44),
                [(name.removeprefix("data/"), f"{size:,}", digest) for name, size, digest in listed],
                frozenset({1}),
            ),
            *(
                (
                    Paragraph(
                        f"另有 {more:,} 个文件（公开条目、证明、公钥等），逐一列于 data/content-sha256.txt。",
                        is_indented=False,
                    ),
                )
                if more
                else ()
            ),
            Paragraph(
                "以上笔录经核对无误。持有人（提供人）拒绝签名或不能签名的，由提取人员注明，见证人签名。"
            ),
            Signatures(
                ("提取人员（签名）", "提取人员（签名）", "电子数据持有人（提供人）（签名）", "见证人（签名）")
            ),
        ),
        url=taken.url,
        foot=f"提取内容校验值 {taken.digest[:16]}…",
        made_at=taken.made_at,
    )
