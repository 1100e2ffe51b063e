"""What the full form of the tests and a cluster need besides Python: which of it is missing, and how it is brought."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Iterable  # noqa: UP035  (scripts parse on Python 3.8)

POSTGRESQL = ("/usr/lib/postgresql",)
ELASTICSEARCH = ("/etc/java-17-openjdk/security/java.security", "mvn")

#: A program or file that shows that a tool is here, and its Debian package.
TOOLS = {
    "chromium": "chromium",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "fonts-noto-cjk",
    "go": "golang-go",
    "strace": "strace",
    "/usr/lib/postgresql": "postgresql",
    "/etc/java-17-openjdk/security/java.security": "openjdk-17-jre-headless",
    "mvn": "maven",
    "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go": "golang-golang-x-mod-dev",
}


def missing_tools(signs: Iterable[str] = tuple(TOOLS)) -> list[str]:
    return [TOOLS[sign] for sign in signs if not (shutil.which(sign) or Path(sign).exists())]


def bring_tools(signs: Iterable[str] = tuple(TOOLS)) -> list[str]:
    """Install what is missing, where that can be done; what is missing still."""
    signs = tuple(signs)
    missing = missing_tools(signs)
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        # The package manager looks for its own tools where a plain user's PATH does not lead.
        programs = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
        variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": programs}
        print(f"== apt-get install {' '.join(missing)}", flush=True)
        for words in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
            command = ["apt-get", "-qq", *words]
            subprocess.run(
                command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
            )
        missing = missing_tools(signs)
    return missing
