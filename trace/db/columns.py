"""Types of columns that are not the same in every engine."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Integer as _Integer

#: A whole number. Lengths in millimetres and indexes of the ledger outgrow the 32 bits of PostgreSQL's INTEGER; SQLite's has 64,
#: and numbers rows by itself only under that name.
Integer = _Integer().with_variant(BigInteger(), "postgresql")
