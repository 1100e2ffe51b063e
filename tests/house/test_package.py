"""What is installed is what lies in the folder, under its one name, and importing it does nothing."""

import json
import shutil
import subprocess
import sys
import textwrap
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "trace"


def python(program: str, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-W", "error", "-c", textwrap.dedent(program), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel built from a copy by the project's own build backend, without a network."""
    copy = tmp_path_factory.mktemp("project")
    shutil.copytree(SOURCE, copy / "trace", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", copy / "requirements")
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "README.md").touch()
    built = python("from setuptools import build_meta; build_meta.build_wheel('.')", cwd=copy)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(copy.glob("*.whl"))) as file:
        return file.namelist()


def test_the_package_list_names_every_folder_of_the_package() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "packages"
    ]

    folders = [
        ".".join(["cabletrace", *p.parent.relative_to(SOURCE).parts]) for p in SOURCE.rglob("__init__.py")
    ]

    assert sorted(listed) == sorted(folders)


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel: list[str]) -> None:
    files = {p.relative_to(SOURCE).as_posix() for p in SOURCE.rglob("*") if p.is_file()}

    expected = {f"cabletrace/{name}" for name in files if "__pycache__" not in name}

    assert {name for name in wheel if not name.startswith("cabletrace-")} == expected


def test_the_source_folder_refuses_to_be_imported_under_its_own_name() -> None:
    tried = python(
        "import trace", cwd=ROOT
    )  # the current folder comes first, so this is not the standard library's

    assert tried.returncode != 0
    assert "must be imported as 'cabletrace', not as 'trace'" in tried.stderr


def test_the_root_of_the_project_is_not_among_the_import_paths() -> None:
    # given that folder trace would hide the standard library's module from everything else
    assert not {"", str(ROOT)} & set(sys.path)


#: Imports every module, or else runs the given lines as one of them, and prints what was done besides defining.
WATCH_IMPORTS = """
    import importlib, json, logging, os, pkgutil, sys, threading
    import cabletrace

    folder, done = os.path.dirname(cabletrace.__file__), []
    standard = ("<frozen", os.path.dirname(os.__file__) + os.sep)

    def blame(what):
        # Third-party packages may look around while they are imported; our files may not, nor have it done for
        # them by the standard library.
        frame = sys._getframe(2)
        while frame.f_code.co_filename.startswith(standard):
            frame = frame.f_back
        if frame.f_code.co_filename.startswith(folder):
            done.append(f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno} {what}")

    def audit(event, arguments):
        if event == "open" and arguments[1] and set("wax+") & set(str(arguments[1])):
            blame(f"writes {arguments[0]}")
        elif event.split(".")[0] in ("sqlite3", "socket", "subprocess", "signal"):
            blame(event)

    class Watched(type(os.environ)):
        def __getitem__(self, name):
            blame(f"reads the environment variable {name}")
            return super().__getitem__(name)

    os.environ.__class__ = Watched
    sys.addaudithook(audit)
    start = threading.Thread.start
    threading.Thread.start = lambda self: (blame("starts a thread"), start(self))

    modules = []
    for lines in sys.argv[1:]:
        exec(compile(lines, os.path.join(folder, "given.py"), "exec"))
    if not sys.argv[1:]:
        modules = [found.name for found in pkgutil.walk_packages(cabletrace.__path__, "cabletrace.")]
    for name in modules:
        importlib.import_module(name)
    done += [f"logs to {handler}" for handler in logging.getLogger().handlers]
    print(json.dumps({"modules": len(modules), "done": done}))
"""


def test_nothing_happens_on_import() -> None:
    watched = python(WATCH_IMPORTS)

    assert watched.returncode == 0, watched.stderr
    seen = json.loads(watched.stdout)
    assert seen["done"] == []
    assert seen["modules"] >= len(list(SOURCE.rglob("*.py"))) - 1  # all but the package itself


@pytest.mark.parametrize(
    "deed",
    [
        "import os; os.environ.get('HOME')",
        "import sqlite3; sqlite3.connect(':memory:')",
        "import threading; threading.Thread(target=int).start()",
        "import socket; socket.socket()",
        "import logging; logging.basicConfig()",
        "open('left-behind', 'w')",
    ],
)
def test_a_deed_on_import_would_be_seen(deed: str, tmp_path: Path) -> None:
    watched = python(WATCH_IMPORTS, deed, cwd=tmp_path)

    assert watched.returncode == 0, watched.stderr
    assert json.loads(watched.stdout.splitlines()[-1])["done"]
