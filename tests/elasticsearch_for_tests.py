"""A real Elasticsearch for tests: the server that its makers publish for integration tests, fetched once through Maven, run as
a plain process with a data folder of its own, on loopback, behind a password.

Started once for each process of the tests, and stopped and started again over the same data by whoever asks for it. The server
refuses to run as root: it then runs as an account without rights. It is the server and its security and nothing more: no root page, no scripts, no `_reindex`, no analyzers beyond the stock ones, no
keys of its own making; what our index needs is there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

ARTIFACT = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.19.21:zip"
SHA256 = "215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"

USER = "elastic"
_ACCOUNT = "nobody"
_JAVA = "-Xms512m -Xmx512m"
#: The second compiler of Java pays off after minutes, and costs as much as all that a test asks.
_COMPILED_ONCE = "-XX:TieredStopAtLevel=1"
_PATIENCE_SECONDS = 150
_SETTINGS = """
cluster.name: cabletrace-tests
discovery.type: single-node
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
path.data: {folder}/data
path.logs: {folder}/logs
xpack.security.enabled: true
xpack.security.http.ssl.enabled: false
xpack.security.transport.ssl.enabled: false
xpack.security.enrollment.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
"""


@dataclass(slots=True)
class Server:
    """A running server: who asks it as `USER` with this password may do everything."""

    port: int
    password: str
    folder: Path
    program: Path
    surroundings: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Over the data that lie in the folder; and wait until it answers."""
        log = self.folder / "log"
        with log.open("ab") as written:
            self.process = subprocess.Popen(
                [self.program],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.surroundings,
                start_new_session=True,
                **_account(),  # type: ignore[arg-type]
            )
        _wait_until_up(self, log)

    def stop(self) -> None:
        """The launcher, and the server that it started."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fall_silent(self) -> None:
        """Take connections and answer nothing, as behind a network that swallows everything."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def speak_again(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)

    def ask(self, path: str, password: str | None = None) -> tuple[int, object]:
        """Status and body of one GET, with another password if one is given."""
        said = base64.b64encode(f"{USER}:{password or self.password}".encode()).decode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Authorization": f"Basic {said}"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def fetched() -> Path:
    """The server as its makers packed it, out of the cache of the user, else through Maven; checked either way."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cabletrace-tests"
    file = cache / "elasticsearch-8.19.21.zip"
    if not file.exists():
        maven = shutil.which("mvn")
        if maven is None:
            raise RuntimeError("no Maven here: install Debian's package maven (scripts/test --full does)")
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            copy = [maven, "-q", "-B", _COPY, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
            _run(copy, cwd=folder)
            _check(Path(folder, file.name))
            Path(folder, file.name).replace(file)
    _check(file)
    return file


def _check(file: Path) -> None:
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != SHA256:
        raise RuntimeError(f"{file} has the hash {found}, not {SHA256}: delete it and try again")


def java() -> Path:
    """The home of a Java 17, which is what this server runs on."""
    homes = sorted(Path("/usr/lib/jvm").glob("java-17-openjdk-*/bin/java"))
    if not homes:
        raise RuntimeError(
            "no Java 17 here: install Debian's package openjdk-17-jre-headless (scripts/test --full does)"
        )
    return homes[0].parent.parent


@contextmanager
def elasticsearch(*, to_be_measured: bool = False) -> Iterator[Server]:
    """A new server with nothing in it, gone afterwards; ready soon, or as fast in the long run as one in use."""
    file, home = fetched(), java()
    folder = Path(tempfile.mkdtemp(prefix="cabletrace-elasticsearch-"))
    try:
        with zipfile.ZipFile(file) as packed:
            packed.extractall(folder)
        (unpacked,) = folder.glob("elasticsearch-*")
        for program in (unpacked / "bin").iterdir():
            program.chmod(0o755)
        http, transport = _free_ports()
        settings = _SETTINGS.format(http=http, transport=transport, folder=folder)
        (unpacked / "config" / "elasticsearch.yml").write_text(settings, encoding="utf-8")
        scratch = folder / "scratch"  # apart: the server refuses one in which its own programs lie
        scratch.mkdir()
        if os.geteuid() == 0:
            for each in (folder, *folder.rglob("*")):
                shutil.chown(each, _ACCOUNT)
        password = secrets.token_hex(12)
        surroundings = {
            "PATH": os.defpath,
            "HOME": str(folder),
            "ES_JAVA_HOME": str(home),
            "ES_JAVA_OPTS": _JAVA if to_be_measured else f"{_JAVA} {_COMPILED_ONCE}",
            "ES_TMPDIR": str(scratch),
        }
        # Not in the settings and not in the command line, where everybody reads it.
        keep = [
            unpacked / "bin" / "elasticsearch-keystore",
            "add",
            "--force",
            "--stdin",
            "bootstrap.password",
        ]
        _run(keep, cwd=folder, env=surroundings, input=password, **_account())
        server = Server(http, password, folder, unpacked / "bin" / "elasticsearch", surroundings)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_up(server: Server, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            if server.ask("/_cluster/health?wait_for_status=yellow&timeout=10s")[0] == 200:
                return
        except (OSError, ValueError):
            pass  # not listening yet, or not answering yet
        time.sleep(0.2)
    raise RuntimeError(f"Elasticsearch did not come up: {log.read_text(encoding='utf-8')[-3000:]}")


def _account() -> dict[str, object]:
    return {"user": _ACCOUNT, "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def _run(command: list[Path | str], **options: object) -> None:
    done = subprocess.run(  # type: ignore[call-overload]
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}")


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for listener in (one, other):
            listener.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
