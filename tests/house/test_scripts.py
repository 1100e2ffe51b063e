"""The scripts can be started by anybody: executable, readable by an old Python, in words when something is missing."""

import ast
import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from cabletrace.app.city.sizes import SIZES

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"
PROGRAMS = [*sorted(p for p in SCRIPTS.iterdir() if p.is_file() and p.suffix == ""), ROOT / ".ci" / "run"]


@pytest.fixture
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The starter of a project in an empty folder, whose environment was never made."""
    (tmp_path / "requirements").mkdir()
    for name in (
        "pyproject.toml",
        "requirements/runtime.txt",
        "requirements/dev.txt",
        "requirements/setup.txt",
    ):
        (tmp_path / name).write_text(name)
    spec = importlib.util.spec_from_file_location("starter", SCRIPTS / "starter.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    environment = tmp_path / ".venv"
    places = {"ROOT": tmp_path, "ENVIRONMENT": environment, "BIN": environment / "bin"}
    places |= {
        "PYTHON": environment / "bin" / "python",
        "STAMP": environment / "stamp",
        "LOCK": tmp_path / "lock",
    }
    for name, place in places.items():
        monkeypatch.setattr(module, name, place)
    return module


def finish(starter: ModuleType, kind: str) -> None:
    """What `starter.make` leaves behind, without its downloads."""
    starter.BIN.mkdir(parents=True, exist_ok=True)
    (starter.BIN / "cabletrace").touch()
    starter.PYTHON.unlink(missing_ok=True)
    starter.PYTHON.symlink_to(sys.executable)
    starter.STAMP.write_text(f"{kind} {starter.fingerprint(kind)}\n")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_a_script_can_be_started(program: Path) -> None:
    first = program.read_text(encoding="utf-8").splitlines()[0]

    assert os.access(program, os.X_OK)
    assert first in ("#!/usr/bin/env python3", "#!/usr/bin/env bash")
    if first.endswith("bash"):
        assert subprocess.run(["bash", "-n", program], check=False).returncode == 0


@pytest.mark.parametrize(
    "script",
    [SCRIPTS / "starter.py", *(p for p in PROGRAMS if p.parent == SCRIPTS)],
    ids=lambda path: path.name,
)
def test_a_script_parses_on_an_old_python_so_that_it_can_say_what_it_needs(script: Path) -> None:
    ast.parse(script.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_python_that_is_too_old_is_told_so_in_both_languages(
    starter: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(
        SystemExit, match=r"需要 Python 3\.11 或更高版本(.|\n)*Python 3\.11 or newer is needed"
    ):
        starter.ready("runtime")


def test_a_python_that_is_too_old_hands_over_to_a_newer_one(
    starter: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    monkeypatch.setattr(sys, "argv", ["scripts/run", "--port", "0"])
    monkeypatch.setenv("PATH", str(tmp_path))
    broken, newer = tmp_path / "python3.11", tmp_path / "python3.12"
    for program, text in (
        (broken, "#!/bin/sh\nexit 127\n"),
        (newer, f'#!/bin/sh\nexec {sys.executable} "$@"\n'),
    ):
        program.write_text(text)
        program.chmod(0o755)
    handed = []

    monkeypatch.setattr(os, "execv", lambda *call: handed.append(call) or sys.exit(0))
    with pytest.raises(SystemExit):
        starter.ready("runtime")

    assert handed == [(str(newer), [str(newer), "scripts/run", "--port", "0"])]


def test_a_finished_environment_is_not_made_again(starter: ModuleType) -> None:
    finish(starter, "runtime")

    assert starter.is_made("runtime")
    assert not starter.is_made("dev")


def test_an_environment_for_development_also_serves_the_service(starter: ModuleType) -> None:
    finish(starter, "dev")

    assert starter.is_made("runtime")


@pytest.mark.parametrize(
    "change", ["pyproject.toml", "requirements/dev.txt", "no program", "no stamp", "no python"]
)
def test_an_environment_that_is_not_what_the_lists_say_is_not_taken_for_finished(
    starter: ModuleType, change: str
) -> None:
    finish(starter, "dev")
    assert starter.is_made("dev")

    lost = {"no program": starter.BIN / "cabletrace", "no stamp": starter.STAMP, "no python": starter.PYTHON}
    if change in lost:
        lost[change].unlink()
    else:
        (starter.ROOT / change).write_text("another")

    assert not starter.is_made("dev")


def test_what_runs_inside_is_told_of_no_foreign_paths_and_keeps_what_it_compiled(
    starter: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "HELD"):
        monkeypatch.setenv(name, "1")

    told = starter.surroundings()

    assert {name for name in told if name.startswith("PYTHON")}.isdisjoint(
        {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}
    )
    assert told["HELD"] == "1"
    assert told["PATH"].startswith(f"{starter.BIN}{os.pathsep}")


def test_pip_s_index_reaches_uv(starter: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nindex-url = https://wide.example/simple\ntrusted-host = a.example\n    b.example\n"
        "[install]\nindex-url = https://near.example/simple\n"
    )
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://own.example/simple")
    monkeypatch.setattr(starter, "PYTHON", sys.executable)

    told = starter.told_to_pip()

    assert told["UV_DEFAULT_INDEX"] == "https://near.example/simple"
    assert told["UV_INDEX"] == "https://own.example/simple"
    assert told["UV_INSECURE_HOST"] == "a.example b.example"


@pytest.mark.parametrize("wrong", ["-1", "65536", "http", "８０００"])
def test_a_wrong_port_is_refused_before_anything_is_prepared(wrong: str) -> None:
    asked = subprocess.run([SCRIPTS / "run", f"--port={wrong}"], capture_output=True, text=True, check=False)

    assert asked.returncode == 2
    assert "端口应为 0 到 65535 的整数" in asked.stderr


@pytest.mark.parametrize("size", [None, *SIZES])
def test_the_size_of_the_demo_is_passed_on(size: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[tuple[str, ...]] = []
    monkeypatch.syspath_prepend(SCRIPTS)
    starter = importlib.import_module("starter")
    monkeypatch.setattr(starter, "enter", lambda *words: handed.append(words))
    more = ["--size", size] if size else []
    monkeypatch.setattr(sys, "argv", ["scripts/run", "--port", "0", "--data", "D", *more])

    runpy.run_path(str(SCRIPTS / "run"), run_name="__main__")

    assert handed == [("runtime", "cabletrace", "serve", "--demo", "--port", "0", "--data", "D", *more)]


def test_a_size_that_is_none_is_refused_before_anything_is_prepared() -> None:
    asked = subprocess.run([SCRIPTS / "run", "--size=nation"], capture_output=True, text=True, check=False)

    assert asked.returncode == 2
    assert "village" in asked.stderr


@pytest.mark.full
def test_a_fresh_copy_makes_its_environment_mends_it_and_then_starts_at_once(tmp_path: Path) -> None:
    # given a copy of the project on a machine that has nothing of ours
    for folder in ("trace", "scripts", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "README.md").touch()
    command = [sys.executable, SCRIPTS.relative_to(ROOT) / "setup"]

    # when it is interrupted halfway, and run again twice
    first = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    time.sleep(2)
    os.killpg(first.pid, 9)
    first.wait()
    assert not list(tmp_path.glob(".venv/made-*"))
    subprocess.run(command, cwd=tmp_path, check=True)
    begun = time.monotonic()
    again = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    seconds = time.monotonic() - begun

    # then the second needs next to no time and the package is the copy's
    assert seconds < 1
    assert again.stdout.strip() == str(tmp_path / ".venv" / "bin")
    asked = [
        tmp_path / ".venv/bin/python",
        "-I",
        "-c",
        "import cabletrace, fastapi; print(cabletrace.__file__)",
    ]
    assert subprocess.check_output(asked, text=True).strip() == str(tmp_path / "trace" / "__init__.py")
