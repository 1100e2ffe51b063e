"""A Go that is new enough for the programs under ``tests/go``, whatever the machine has."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

#: What Tessera's module asks for. A Go that is older (Debian 12 has 1.19) fetches this one as a module.
TOOLCHAIN = "1.24.11"
#: What the module of that toolchain must hash to, for each platform that we have tried.
SUMS = {"linux-amd64": "h1:hxQU5yWTnb0g5kLfz0z3G0wrgC9rQGwX9qPSPnpQuGY="}
#: As it is, and no other than the one that was asked for.
LOCAL = {"GOTOOLCHAIN": "local"}


def new_go() -> Path:
    """A Go of at least `TOOLCHAIN`. Skips, loudly, where it can be had from nowhere; in CI that is a failure."""
    found = shutil.which("go")
    assert found, "this check needs Go: install golang-go (Debian) or from go.dev, and put it on the PATH"
    version = re.search(r"go(\d+)\.(\d+)", _said(Path(found), "version"))
    assert version is not None
    if (int(version[1]), int(version[2])) >= tuple(int(part) for part in TOOLCHAIN.split("."))[:2]:
        return Path(found)
    platform = _said(Path(found), "env", "GOOS", "GOARCH").strip().replace("\n", "-")
    fetched = json.loads(
        _fetched(Path(found), Path.cwd(), f"golang.org/toolchain@v0.0.1-go{TOOLCHAIN}.{platform}")
    )
    assert fetched["Sum"] == SUMS[platform], "this is not the toolchain that was tried"
    root = Path(fetched["Dir"])
    # Modules are kept without the right to be run, which newer versions of Go give to a toolchain by themselves.
    for program in (*(root / "bin").iterdir(), *(root / "pkg" / "tool").rglob("*")):
        if program.is_file():
            program.chmod(0o755)
    return root / "bin" / "go"


def build(go: Path, folder: Path, program: Path) -> Path:
    """Build the Go program in a folder, whose modules are pinned with their hashes in ``go.sum``."""
    _fetched(go, folder)
    subprocess.run(
        [go, "build", "-mod=readonly", "-o", program, "."], cwd=folder, check=True, env=_surroundings()
    )
    return program


def _fetched(go: Path, folder: Path, *modules: str) -> str:
    command = [go, "mod", "download", *(["-json"] if modules else []), *modules]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=_surroundings(), timeout=280
    )
    if done.returncode:
        pytest.skip(
            f"NOT TRIED 未测：Go modules cannot be fetched: {(done.stderr or done.stdout)[-300:].strip()}"
        )
    return done.stdout


def _said(go: Path, *words: str) -> str:
    done = subprocess.run([go, *words], capture_output=True, text=True, check=True, env=_surroundings())
    return done.stdout


def _surroundings() -> dict[str, str]:
    return {**os.environ, **LOCAL}
