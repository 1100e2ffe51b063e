"""What goes wrong at the command line is said in words: both languages, an exit code, no statement of SQL."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from cabletrace.cli.console import BROKEN, words_for_errors
from cabletrace.errors import Broken


@pytest.mark.parametrize(
    ("raised", "zh", "en"),
    [
        (Broken("the root differs"), "账本不可用：the root differs", "must not be used: the root differs"),
        (OperationalError("INSERT", ["秘密"], Exception("database or disk is full")), "磁盘已满", "is full"),
        (OperationalError("INSERT", ["秘密"], Exception("database is locked")), "数据库未能完成", "database is locked"),
    ],
)  # fmt: skip
def test_what_went_wrong_is_said_in_words(
    raised: Exception, zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, words_for_errors():
        raise raised

    said = capsys.readouterr().err
    assert ended.value.code == BROKEN
    assert zh in said
    assert en in said
    assert not any(inside in said for inside in ("INSERT", "秘密", "sqlalche.me"))
