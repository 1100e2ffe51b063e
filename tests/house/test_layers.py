"""The contract on layers holds, and does catch what it is there for: each test breaks a copy of the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """The verdict on the ``cabletrace`` that lies in ``folder``."""
    program = Path(sys.executable).with_name("lint-imports")
    command = [program, "--no-logo", "--no-cache", "--config", ROOT / "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    python_only = shutil.ignore_patterns("__pycache__", "static", "templates", "*.csv")
    return Path(shutil.copytree(ROOT / "trace", tmp_path / "cabletrace", ignore=python_only))


def test_every_import_points_downwards(copy: Path) -> None:
    verdict = lint_imports(copy.parent)

    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize(
    ("file", "line", "named"),
    [
        (
            "codes/stray.py",
            "from ..flow import stray",
            "cabletrace.codes is not allowed to import cabletrace.flow",
        ),
        ("errors.py", "import cabletrace.cli", "cabletrace.errors is not allowed to import cabletrace.cli"),
        (
            "auth/stray.py",
            "from .. import personal",
            "cabletrace.auth is not allowed to import cabletrace.personal",
        ),
        ("ledger/stray.py", "from ..model import stray", "the ledger knows nothing of cables BROKEN"),
        ("model/stray.py", "import sqlalchemy", "model and codes are pure BROKEN"),
        ("odds_and_ends.py", "", "odds_and_ends"),
    ],
    ids=[
        "upwards",
        "in a long form",
        "to a sibling",
        "a ledger of cables",
        "an engine in a pure package",
        "no layer",
    ],
)
def test_an_import_in_the_wrong_direction_is_caught(copy: Path, file: str, line: str, named: str) -> None:
    for place in ("flow", "model"):  # what the wrong lines import
        (copy / place / "stray.py").touch()
    with (copy / file).open("a") as source:
        source.write(f"\n{line}\n")

    verdict = lint_imports(copy.parent)

    assert verdict.returncode == 1
    assert named in verdict.stdout
