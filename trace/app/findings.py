"""What an examination of an installation found, one thing at a time: how it is, how it should be, what mends it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from ..errors import Text

#: ``fault``: the service does not start, or evidence is lost. ``warning``: it serves, and somebody should look.
Level = Literal["ok", "warning", "fault"]

#: Everything that is looked at, in that order.
TITLES: Mapping[str, Text] = MappingProxyType(
    {
        "python": Text("Python 版本", "Python"),
        "sqlite": Text("SQLite 版本", "SQLite"),
        "port": Text("服务地址", "address of the service"),
        "folder": Text("数据目录", "data folder"),
        "owner": Text("数据归谁", "whose the data are"),
        "writable": Text("能否写入", "can be written"),
        "room": Text("磁盘空间", "room on the disk"),
        "key-files": Text("密钥文件", "key files"),
        "key-permissions": Text("密钥权限", "permissions of the keys"),
        "ledger": Text("账本文件", "ledger file"),
        "schema": Text("数据库表", "tables"),
        "signing-key": Text("签名密钥与账本", "signing key and ledger"),
        "checkpoint": Text("检查点与右缘", "checkpoint and right edge"),
        "host": Text("对外域名", "public host"),
        "clock": Text("时钟", "clock"),
        "desk": Text("账号与任务库", "desk of accounts and jobs"),
        "history": Text("以前签名的历史", "history that was signed"),
        "witnesses": Text("见证人", "witnesses"),
        "cosigned": Text("会签", "cosignatures"),
        "alerts": Text("预警", "alerts"),
        "index": Text("检索索引", "search index"),
        "attachments": Text("附件", "attachments"),
        "authorities": Text("监管部门的所在地区", "regions of authorities"),
        "scans": Text("查验记录", "checks of codes"),
        "copies": Text("备份", "copies"),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """``name`` is a key of `TITLES`; ``came`` what is there. Where all is well nothing else was ``wanted``, and the
    ``remedy`` is at most advice."""

    name: str
    level: Level
    came: Text
    wanted: Text | None = None
    remedy: Text | None = None

    @property
    def title(self) -> Text:
        return TITLES[self.name]


def fine(name: str, zh: str, en: str) -> Finding:
    return Finding(name, "ok", Text(zh, en))


def command(words: str, root: Path) -> str:
    """A command line about the data folder, to be copied."""
    return f"cabletrace {words} --data {shlex.quote(str(root))}"
