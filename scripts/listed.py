"""The programs of a folder by name: what there are, one, some or all of them; for scripts/bench and scripts/scenario."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import starter


def first_line(program: Path) -> str:
    return (ast.get_docstring(ast.parse(program.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def run(folder: str, zh: str, en: str) -> None:
    """Name the programs of scripts/``folder``, or run those that were asked for, each in its turn."""
    programs = {file.stem: file for file in sorted((starter.ROOT / "scripts" / folder).glob("*.py"))}
    asked = sys.argv[1:]
    if not asked:
        for name, file in programs.items():
            print(f"{name:<16}{first_line(file)}")
        return
    unknown = set(asked) - set(programs) - {"all"}
    if unknown:
        sys.exit(
            f"没有这样的{zh} no such {en}: {', '.join(sorted(unknown))}. 有 There are: {', '.join(programs)}"
        )
    python = starter.ready("dev") / "python"
    failed = []
    for name in programs if "all" in asked else asked:
        print(f"== {name}: {first_line(programs[name])}", flush=True)
        if subprocess.run([python, programs[name]], env=starter.surroundings(), check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"{en}: 未完成 failed: {', '.join(failed)}")
