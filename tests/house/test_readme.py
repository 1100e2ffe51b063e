"""The blocks of the README that are marked as tests do what the README says.

A block is marked by a line ``<!-- test -->`` right before its fence. In a ``console`` block a line ``$ …`` is a
command (``> …`` continues it) and the lines below it are what it prints; ``…`` stands for anything, and nothing
written means nothing promised. A ``python`` block runs to its end. The commands run in the root of the project
with the environment's programs, one after another. Where a block speaks to 127.0.0.1:8000, the service with
its demonstration is running, on a port of its own.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
ADDRESS = "127.0.0.1:8000"  # as the README has it

MARKED = re.compile(r"^<!-- test -->\n+```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (?P<line>.*(?:\n> .*)*)(?P<printed>(?:\n(?!\$ ).*)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A marked block: the line it begins at, its language, its text."""

    line: int
    language: str
    body: str

    def commands(self) -> Iterator[tuple[list[str], str]]:
        """What to run and what it is said to print. Raises for a block that nothing can be run of."""
        if self.language == "python":
            yield [sys.executable, "-I", "-c", self.body], ""
            return
        found = list(COMMAND.finditer(self.body)) if self.language == "console" else []
        if not found:
            raise ValueError(f"line {self.line}: a marked block of {self.language} without a command")
        for command in found:
            yield ["bash", "-c", command["line"].replace("\n> ", "\n")], command["printed"].strip()


def marked_blocks(text: str) -> list[Block]:
    return [
        Block(text.count("\n", 0, m.start()) + 1, m["language"], m["body"]) for m in MARKED.finditer(text)
    ]


def as_promised(printed: str, promised: str) -> bool:
    """Whether the output is the written one, trailing spaces aside, with … and ... standing for anything."""
    parts = re.split(r"…|\.\.\.", promised)
    pattern = ".*?".join(re.escape(part) for part in parts)
    return not promised or re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def run_blocks(
    text: str, start: Callable[[], AbstractContextManager[str]], variables: dict[str, str]
) -> list[str]:
    """What is not as the text says, one sentence each. ``start`` starts the service and gives its address."""
    faults = []
    with ExitStack() as stack:
        address = ""
        for block in marked_blocks(text):
            if ADDRESS in block.body and not address:
                address = stack.enter_context(start())
            for command, promised in block.commands():
                words = [word.replace(ADDRESS, address) for word in command]
                done = subprocess.run(
                    words, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
                )
                printed = done.stdout.replace(address, ADDRESS) if address else done.stdout
                if done.returncode or not as_promised(printed, promised):
                    faults.append(
                        f"line {block.line}: {command[-1]}: {done.returncode}: {printed}{done.stderr}"
                    )
    return faults


@contextlib.contextmanager
def service(command: list[str], port: int, log: Path, variables: dict[str, str]) -> Iterator[str]:
    """Run the command until it says it is ready, give its address, and end it as Ctrl-C would."""
    with log.open("w") as output:
        running = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT)
    try:
        while f"ready http://127.0.0.1:{port}" not in log.read_text():
            assert running.poll() is None, f"the service ended: {log.read_text()}"
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()  # the test's own time limit holds


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """Programs of the environment first, data in a folder that goes away."""
    data = {"CABLETRACE_DATA": str(tmp_path / "data"), "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    return {**os.environ, **data}


@pytest.mark.parametrize("page", ["README.md", "docs/signing.md", "docs/imports.md"])
def test_the_readme_is_true(page: str, tmp_path: Path, variables: dict[str, str]) -> None:
    readme = ROOT / page
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""

    def start() -> AbstractContextManager[str]:
        port = free_port()
        command = [str(PROGRAMS / "cabletrace"), "serve", "--demo", "--port", str(port)]
        return service([*command, "--data", str(tmp_path / "data")], port, tmp_path / "log", variables)

    assert run_blocks(text, start, variables) == []
    assert len(marked_blocks(text)) == text.count("<!-- test -->"), "a mark without a block right after it"


SAMPLE = """
```console
$ exit 1
```
<!-- test -->
```console
$ echo one; echo two
one
…
$ printf '%s\\n' \\
> three
three
```
<!-- test -->
```python
import cabletrace
```
"""


def no_service() -> AbstractContextManager[str]:
    raise AssertionError("nothing in this text speaks to a service")


def test_only_marked_blocks_are_run_and_dots_stand_for_anything(variables: dict[str, str]) -> None:
    faults = run_blocks(SAMPLE, no_service, variables)

    assert len(marked_blocks(SAMPLE)) == 2
    assert faults == []


@pytest.mark.parametrize(
    ("truth", "lie"),
    [("three\n```", "four\n```"), ("echo two", "exit 3"), ("import cabletrace", "import trace.flow")],
    ids=["other output", "a failing command", "a failing program"],
)
def test_a_block_that_is_not_true_is_named(variables: dict[str, str], truth: str, lie: str) -> None:
    faults = run_blocks(SAMPLE.replace(truth, lie), no_service, variables)

    assert len(faults) == 1
    assert faults[0].startswith("line ")


def test_a_marked_block_that_nothing_can_be_run_of_is_an_error(variables: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="without a command"):
        run_blocks("<!-- test -->\n```console\nno prompt\n```\n", no_service, variables)


SMALL_SERVER = """
import http.server, sys
with http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler) as server:
    print(f"ready http://127.0.0.1:{sys.argv[1]}", flush=True)
    server.serve_forever()
"""


def test_a_block_that_speaks_to_the_service_finds_it_running(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    text = (
        "<!-- test -->\n```python\nimport urllib.request\n"
        f"assert urllib.request.urlopen('http://{ADDRESS}/pyproject.toml').status == 200\n```\n"
    )
    port = free_port()

    def start() -> AbstractContextManager[str]:
        return service([sys.executable, "-c", SMALL_SERVER, str(port)], port, tmp_path / "log", variables)

    assert run_blocks(text, start, variables) == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0  # and it is gone afterwards
