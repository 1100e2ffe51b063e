"""Which engine an installation searches with: the embedded one in ``index.db`` or, where a file `ADDRESS` lies beside it, the
Elasticsearch whose address it holds. It can be changed at any time: what is searched follows from the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from ..db.database import closing, database_exists, open_database
from ..db.engine import begin_write, open_sqlite
from ..search import elastic_place
from ..search.elastic_server import parse_address
from ..search.embedded import EmbeddedIndex
from ..search.index import SearchIndex

#: The file that says where the search engine of its folder is; without it the engine is embedded.
ADDRESS = "search.address"
#: What people say for the embedded one.
EMBEDDED = "embedded"


def engine_apart(folder: Path) -> str | None:
    """The address of the server that this folder is searched with, if one is."""
    file = folder / ADDRESS
    return file.read_text(encoding="utf-8").strip() if file.exists() else None


@contextmanager
def open_index(file: Path, desk: Engine) -> Iterator[SearchIndex]:
    """The index of an installation by the path of the embedded one; no server is asked yet. Raises InputError for an address that
    cannot be one."""
    line = engine_apart(file.parent)
    if line is None:
        with closing(open_sqlite(file)) as engine:
            yield EmbeddedIndex(engine)
    else:
        # Imported here because its client takes a third of a second, which nobody else should wait.
        from ..search.elastic import ElasticIndex

        address = parse_address(line)
        with address.connect() as client:
            yield ElasticIndex(client, desk, name=address.name)


def forget_index(file: Path, desk: Path) -> None:
    """Empty the index of an installation, by the paths of the embedded one and of the desk; who follows the ledger fills it again.
    No server is asked: what was noted of its index is forgotten."""
    line = engine_apart(file.parent)
    if line is None:
        with closing(open_sqlite(file)) as engine:
            EmbeddedIndex(engine).start_over()
        return
    if not database_exists(desk):
        return
    with closing(open_database(desk)) as engine, begin_write(engine) as tx:
        elastic_place.forget(tx, parse_address(line).name)


def use_engine(folder: Path, line: str) -> None:
    """Search with this from the next start on: an address, or `EMBEDDED`. Raises InputError for what is neither."""
    file = folder / ADDRESS
    if line == EMBEDDED:
        file.unlink(missing_ok=True)
        return
    parse_address(line)
    folder.mkdir(parents=True, exist_ok=True)
    half_written = file.with_suffix(".new")
    half_written.touch(mode=0o600)
    half_written.write_text(f"{line.strip()}\n", encoding="utf-8")
    half_written.replace(file)
