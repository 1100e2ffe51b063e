"""What docker-compose.yml describes, as plain processes on loopback: a real PostgreSQL and a real Elasticsearch, two services, who
follows the ledger, and a witness. Each part can be killed and started again; ``python cluster_for_tests.py`` is scripts/cluster.

The roles of the database, the commands, and passwords in files are those of the compose file.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import elasticsearch_for_tests
import postgres_for_tests
from cabletrace.app.demo import ACCOUNTS, PASSWORD
from cabletrace.app.folder import Folder
from compose_for_tests import SAID, SECRETS, lay_roles, read_compose

PROGRAM = Path(sys.executable).with_name("cabletrace")
#: What nobody reaches for in a demonstration, and a test may not.
_GENEROUS = {"CABLETRACE_READS_PER_MINUTE": "1000000", "CABLETRACE_EVENTS_PER_MINUTE": "1000000"}


@dataclass(slots=True)
class Part:
    """A program of ours with its words; ``ready`` begins the line by which it says that it is up."""

    words: Sequence[str]
    surroundings: dict[str, str]
    log: Path
    ready: str = "ready "
    _process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """And wait until it is up."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        with self.log.open("ab") as errors:
            self._process = subprocess.Popen(
                [PROGRAM, *self.words],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self.surroundings,
            )

    def wait(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        if not any(line.startswith(self.ready) for line in self._process.stdout):
            raise RuntimeError(f"{' '.join(self.words)} did not start: {self.log.read_text('utf-8')[-3000:]}")

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.communicate()
            self._process = None


@dataclass(slots=True, kw_only=True)
class Cluster:
    """All of it, running."""

    folder: Folder
    database: postgres_for_tests.Server
    search: elasticsearch_for_tests.Server
    services: list[Part] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    indexer: Part
    witness: Part
    witness_address: str


@contextmanager
def cluster(root: Path, *, demo: bool) -> Iterator[Cluster]:
    """In this folder, which is empty or not there; with the demonstration, if it is wanted. Everything is ended afterwards."""
    with ExitStack() as running:
        database = running.enter_context(postgres_for_tests.postgres())
        search = running.enter_context(elasticsearch_for_tests.elasticsearch())
        run = Surroundings(root, database, search)
        lay_roles(database, run.secrets)
        run.one_shot("init")
        run.one_shot("migrate")
        if demo:
            run.command("demo")
        run.one_shot("witness-init")
        ports = free_ports(3)
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        made = Cluster(
            folder=Folder(root / "data"),
            database=database,
            search=search,
            services=[run.part("api", f"api-{n}", "--port", str(port)) for n, port in enumerate(ports[:2])],
            addresses=addresses[:2],
            indexer=run.part("indexer", "indexer", ready="following"),
            witness=run.part("witness", "witness", "--port", str(ports[2])),
            witness_address=addresses[2],
        )
        parts = (made.witness, *made.services, made.indexer)
        for part in parts:
            part.launch()
            running.callback(part.stop)
        for part in parts:
            part.wait()
        run.command(
            "witness", "follow", "--folder", str(root / "witness"), text_at(addresses[0], "/ledger/vkey")
        )
        run.command("cosigner", "add", text_at(addresses[2], "/vkey"), addresses[2])
        yield made


class Surroundings:
    """Where passwords, data and logs of a cluster lie, and how a command of the compose file is said there."""

    def __init__(
        self, root: Path, database: postgres_for_tests.Server, search: elasticsearch_for_tests.Server
    ) -> None:
        self._root = root
        self._port = database.port
        self._search = search.address.removeprefix("http://")
        (root / "secrets").mkdir(mode=0o700, parents=True)
        self.secrets = {name: root / "secrets" / name for name in SECRETS}
        for name, file in self.secrets.items():
            file.write_text(search.password if name == "search" else secrets.token_hex(12), encoding="utf-8")
        self._services = read_compose()["services"]

    def _moved(self, text: str) -> str:
        for there, here in {
            "@postgres/": f"@127.0.0.1:{self._port}/",
            "@elasticsearch:9200/": f"@{self._search}/",
            "/run/secrets/": f"{self._root}/secrets/",
            "/run/following/": f"{self._root}/",
            "/witness": f"{self._root}/witness",
        }.items():
            text = text.replace(there, here)
        return text

    def _words(self, service: str) -> list[str]:
        return [
            self._moved(word) if word not in SAID.values() else word
            for word in self._services[service]["command"][1:]
        ]

    def _environment(self) -> dict[str, str]:
        said = {
            key: self._moved(value)
            for key, value in self._services["init"]["environment"].items()
            if key.startswith("CABLETRACE_")
        }
        ours = {"CABLETRACE_DATA": f"{self._root}/data", "CABLETRACE_COSIGN_SECONDS": "1", **_GENEROUS}
        return {**os.environ, "NO_COLOR": "1", **said, **ours}

    def command(self, *words: str) -> str:
        """Run to its end; what it printed."""
        done = subprocess.run(
            [PROGRAM, *words], capture_output=True, text=True, check=False, env=self._environment()
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def one_shot(self, service: str) -> None:
        self.command(*self._words(service))

    def part(self, service: str, name: str, *words: str, ready: str = "ready ") -> Part:
        """A service of the file as a process; its words may be followed by others, which then count."""
        return Part([*self._words(service), *words], self._environment(), self._root / f"{name}.log", ready)


def text_at(address: str, path: str) -> str:
    with urllib.request.urlopen(address + path, timeout=30) as answer:  # noqa: S310 - our own service
        body: bytes = answer.read()
        return body.decode().strip()


def free_ports(count: int) -> list[int]:
    """Taken at once, so that no two are the same."""
    with ExitStack() as taken:
        listeners = [taken.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


def main(folder: str) -> None:
    """Run one until it is ended by Ctrl-C or SIGTERM."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: sys.exit(0))
    with ExitStack() as scratch:
        root = Path(
            folder or scratch.enter_context(tempfile.TemporaryDirectory(prefix="cabletrace-cluster-"))
        )
        if root.exists() and any(root.iterdir()):
            sys.exit(f"{root} 不是空目录 is not empty")
        print("正在启动，约一分钟…… starting, about a minute …", flush=True)
        with cluster(root.resolve(), demo=True) as made:
            for number, address in enumerate(made.addresses):
                print(f"服务 service {number}       {address}")
            print(f"见证人 witness       {made.witness_address}")
            print(f"数据库 PostgreSQL    127.0.0.1:{made.database.port}")
            print(f"检索 Elasticsearch   {made.search.address}")
            print(f"目录 folder          {root}")
            print(f"账号 accounts, {PASSWORD}：{' '.join(each.name for each in ACCOUNTS)}")
            print(f"ready {made.addresses[0]}", flush=True)
            signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
