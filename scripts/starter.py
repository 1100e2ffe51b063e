"""Make the environment that everything here runs in, once, and remember that it is made.

Every script of this folder begins here. Only the standard library is used, and the file parses on
Python 3.8, so that an old Python gets words instead of a syntax error.

Order: an interpreter of 3.11 or newer; the stamp, where all later runs end after a fraction of a second;
a lock; a virtual environment; pip brings uv, uv brings the packages, each by its recorded hash; the project
itself, editable; the stamp. The stamp is taken away first and put back last: an environment without one
was not finished, or not made here, and is made anew.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, NoReturn  # noqa: UP035  (Iterator from collections.abc is 3.9)

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / "bin"
PYTHON = BIN / "python"
STAMP = ENVIRONMENT / "made-by-starter"
LOCK = ROOT / "build" / "environment.lock"
OLDEST = (3, 11)

#: Each kind of environment and its hashed lists. "dev" holds the other lists, in equal versions.
LISTS = {"runtime": ("setup.txt", "runtime.txt"), "dev": ("dev.txt",)}

#: What pip may have been told about where packages are, and uv's word for it with uv's separator.
TOLD_TO_PIP = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "proxy": ("ALL_PROXY", " "),
}


def say(zh: str, en: str) -> None:
    print(f"{zh}\n{en}", file=sys.stderr, flush=True)


def stop(zh: str, en: str) -> NoReturn:
    raise SystemExit(f"{zh}\n{en}")


def enter(kind: str, *command: str | Path) -> NoReturn:
    """Become ``command`` (its first word a program of the environment): signals reach it, not a parent."""
    program = ready(kind) / command[0]
    os.execve(program, [str(word) for word in command], surroundings())


def ready(kind: str) -> Path:
    """The folder of the environment's programs, after everything of ``kind`` is installed.

    Ends the process with words in both languages where that cannot be done.
    """
    use_a_new_enough_python()
    try:
        if not is_made(kind):
            with alone():
                if not is_made(kind):  # another process may have made it while this one waited
                    make(kind)
    except KeyboardInterrupt:
        say("已中断；下次运行时会重新准备。", "Interrupted; the next run makes the environment anew.")
        raise SystemExit(130) from None
    return BIN


def surroundings() -> dict[str, str]:
    """The environment variables for what runs inside: its programs first, no foreign import paths.

    Containers like to forbid Python to keep what it compiled. Here that would make every start three times as slow.
    """
    foreign = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {
        **kept,
        "VIRTUAL_ENV": str(ENVIRONMENT),
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def use_a_new_enough_python() -> None:
    """Return if this Python will do; else become the same script under one on the PATH that will."""
    if os.name != "posix":
        stop(
            "这些脚本需要 Linux 或 macOS；在 Windows 上请使用 WSL。",
            "These scripts need Linux or macOS; on Windows use WSL.",
        )
    if sys.version_info >= OLDEST:
        return
    for minor in range(OLDEST[1], 20):
        other = shutil.which(f"python3.{minor}")
        if other and version_of(Path(other)):  # a version manager's shim may stand for nothing
            os.execv(other, [other, *sys.argv])
    here = ".".join(map(str, sys.version_info[:3]))
    stop(
        f"需要 Python 3.11 或更高版本，当前是 {here}。请安装后再运行（例如 apt install python3.11-venv）。",
        f"Python 3.11 or newer is needed, this is {here}. Install one and run again.",
    )


def version_of(python: Path) -> str | None:
    """What the interpreter says it is ("3.11.7"), or None if it does not run."""
    question = "import platform; print(platform.python_version())"
    try:
        answer = subprocess.run([python, "-IS", "-c", question], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()


def fingerprint(kind: str) -> str:
    """One digest of all that decides what the environment is: change any of it and it is brought up to date."""
    parts = [str(ROOT).encode(), (version_of(PYTHON) or "").encode()]
    files = [Path(__file__), ROOT / "pyproject.toml", *(ROOT / "requirements" / name for name in LISTS[kind])]
    parts += [file.read_bytes() for file in files]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def is_made(kind: str) -> bool:
    """Whether the environment is finished and holds ``kind``; one for "dev" also serves "runtime"."""
    try:
        made, digest = STAMP.read_text().split()
    except (OSError, ValueError):
        return False
    return made in (kind, "dev") and digest == fingerprint(made) and (BIN / "cabletrace").exists()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the lock on the environment; the system lets go of it however this process ends."""
    import fcntl  # not on Windows, where `use_a_new_enough_python` has already said so

    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(
                "另一个进程正在准备运行环境，请稍候……",
                "Another process is preparing the environment; waiting …",
            )
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make(kind: str) -> None:
    """Bring the environment to exactly what the lists of ``kind`` say. Call it under the lock."""
    say(
        "正在准备运行环境，首次约需一分钟……",
        "Preparing the environment; the first time takes about a minute …",
    )
    sound = STAMP.exists() and has_its_own_library()
    STAMP.unlink(missing_ok=True)  # from here to the last line an interruption means: begin anew
    if not sound:
        create()
    lists = [str(ROOT / "requirements" / name) for name in LISTS[kind]]
    uv("pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), *lists)
    # setuptools is already here by its hash, so that nothing unrecorded is fetched to build with.
    local = ("--quiet", "--offline", "--no-deps", "--no-build-isolation", "--python", str(PYTHON))
    uv("pip", "install", *local, "--editable", str(ROOT))
    STAMP.write_text(f"{kind} {fingerprint(kind)}\n")


def has_its_own_library() -> bool:
    """False when the system's Python under the environment has become another, or is gone."""
    version = version_of(PYTHON)
    return version is not None and (ENVIRONMENT / "lib" / "python{}.{}".format(*version.split("."))).is_dir()


def create() -> None:
    """A new virtual environment, whatever was there before, with the hashed pip, setuptools and uv in it."""
    # Inside a virtual environment, perhaps the very one that is to be replaced, its maker is asked.
    base = getattr(sys, "_base_executable", sys.executable)
    if importlib.util.find_spec("ensurepip"):
        options, pip = [], [str(PYTHON), "-m", "pip"]
    elif importlib.util.find_spec("pip"):  # Debian without python3-venv
        options, pip = ["--without-pip"], [base, "-m", "pip", "--python", str(PYTHON)]
    else:
        stop(
            "这个 Python 既没有 pip 也不能创建带 pip 的虚拟环境。Debian/Ubuntu 上请执行：apt install python3-venv",
            "This Python has no pip and cannot make an environment with one. "
            "On Debian or Ubuntu: apt install python3-venv",
        )
    call([base, "-m", "venv", "--clear", *options, str(ENVIRONMENT)])
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    call([*pip, *install, "-r", str(ROOT / "requirements" / "setup.txt")])


def uv(*arguments: str) -> None:
    """Run uv from the environment, told of the same package index and certificates as pip."""
    call([str(BIN / "uv"), *arguments], {**told_to_pip(), **os.environ})


def told_to_pip() -> dict[str, str]:
    """pip's settings from its files and variables, in uv's words. Passed on at run time, never written down."""
    asked = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    settings = dict(line.split("=", 1) for line in asked.stdout.splitlines() if "=" in line)
    told = {}
    for section in ("global", "install", ":env:"):  # pip's order: the later one wins
        for option, (variable, separator) in TOLD_TO_PIP.items():
            value = settings.get(f"{section}.{option}")
            if value:
                told[variable] = separator.join(ast.literal_eval(value).split())
    return told


def call(command: list[str], variables: dict[str, str] | None = None) -> None:
    """Run one step of the making; what it prints is shown. Ends the process with words if it fails."""
    try:
        subprocess.run(command, env=variables, check=True)
    except (OSError, subprocess.CalledProcessError) as trouble:
        say(
            "运行环境没有准备好，原因见上。若是网络问题：检查网络，或为 pip 设置可用的镜像"
            "（pip config set global.index-url 地址），然后再运行一次。",
            "The environment could not be made; the reason stands above. If it is the network: check it, or tell "
            "pip of a mirror (pip config set global.index-url ADDRESS), then run again.",
        )
        raise SystemExit(f"{trouble}") from None
