"""No file names a machine's folders, a package registry's host, or a thing left undone."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# The words are put together here, so that this file does not hold them itself.
FOLDERS = "|".join(["work", "root", "home", "tmp", "Users"])
HOSTS = "|".join(
    [
        r"pypi\." + "org",
        r"pythonhosted\." + "org",
        r"registry\.npm" + "js",
        r"npm" + r"mirror\.com",
        r"static\.crates" + r"\.io",
        r"proxy\.golang" + r"\.org",
        r"deb\.debian" + r"\.org",
        r"mirrors\.(?:aliyun|tuna|ustc|cloud\.tencent)",
    ]
)
WORDS = "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3 + ":"])

UNWANTED = {
    "a machine's folder": re.compile(r"(?<![\w.:/*})\]-])/(?:" + FOLDERS + ")/"),
    "a registry's host": re.compile(HOSTS),
    "a thing left undone": re.compile(rf"\b(?:{WORDS})\b"),
}


def files_of_the_project() -> Iterator[Path]:
    """What is, or is about to be, under version control; outside a clone, what is not hidden or made here."""
    command = ["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        yield from (ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
        return
    for folder in ("trace", "scripts", "tests", "docs", "requirements", ".ci"):
        yield from (p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    yield from (p for p in ROOT.iterdir() if p.is_file())


def unwanted(text: str) -> Iterator[str]:
    for what, pattern in UNWANTED.items():
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{line}: {what}: {found[0]}"


def test_no_file_names_what_belongs_to_a_machine_or_to_later() -> None:
    texts = {}
    for path in files_of_the_project():
        if "vendor" not in path.parts:  # other people's files, kept byte for byte
            texts[path.relative_to(ROOT)] = path.read_bytes().decode("utf-8", errors="ignore")

    found = [f"{path}:{line}" for path, text in texts.items() if "\0" not in text for line in unwanted(text)]

    assert len(texts) > 20
    assert found == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("see /" + "root/.config", True),
        ('"/' + 'work/main"', True),
        ("https://" + "pypi." + "org/simple", True),
        ("# TO" + "DO later", True),
        ("https://example.com/work/1", False),
        ("trace/" + "root/leaf", False),
        ("a todo list in a sentence", False),
    ],
)
def test_what_is_unwanted_is_seen_and_nothing_else(text: str, seen: bool) -> None:
    assert bool(list(unwanted(text))) is seen
