"""The compose file as its makers' tools read it, and what this house promises of every service in it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from postgres_for_tests import Server

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yml"
#: What the operator must say; as a test says it.
SAID = {
    "CABLETRACE_ORIGIN": "trace.example/ledger",
    "CABLETRACE_HOST": "trace.example",
    "CABLETRACE_WITNESS": "witness.example/association",
}
SECRETS = ("database-superuser", "database-owner", "database", "search")
#: They do one thing and end.
ONE_SHOTS = frozenset({"init", "migrate", "witness-init"})
_VARIABLE = re.compile(r"\$\{(?P<name>\w+):\?[^}]+\}")
_PINNED = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)?[\w.-]*(@sha256:[0-9a-f]{64})?")
_SECRET = re.compile(r"passw|secret|token|(?<!public_)key", re.IGNORECASE)


def read_compose() -> dict[str, Any]:
    """The file with its variables filled in and its anchors followed."""
    text = _VARIABLE.sub(lambda found: SAID[found["name"]], FILE.read_text(encoding="utf-8"))
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def is_ours(service: dict[str, Any]) -> bool:
    return str(service["image"]).startswith("cabletrace:")


def broken_promises(name: str, service: dict[str, Any]) -> Iterator[str]:
    """What of the house's promises this service does not keep, one word or two for each."""
    user = str(service.get("user", ""))
    if not re.fullmatch(r"[1-9]\d*:\d+", user):
        yield "may be root"
    if service.get("read_only") is not True:
        yield "writes anywhere"
    if service.get("cap_drop") != ["ALL"] or service.get("cap_add"):
        yield "has capabilities"
    if "no-new-privileges:true" not in service.get("security_opt", []):
        yield "gains privileges"
    if service.get("privileged") or service.get("pid") or service.get("ipc") == "host":
        yield "shares with the host"
    if service.get("network_mode") or not service.get("networks"):
        yield "on no network of ours"
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    if not limits.get("memory"):
        yield "memory without limit"
    if not limits.get("pids"):
        yield "processes without limit"
    if any("size=" not in each for each in service.get("tmpfs", [])):
        yield "scratch without limit"
    if not service.get("stop_grace_period"):
        yield "killed at once"
    if not service.get("logging", {}).get("options", {}).get("max-size"):
        yield "log without limit"
    if not _PINNED.fullmatch(str(service.get("image", ""))):
        yield "any version"
    yield from _of_its_life(name, service)
    for key, value in service.get("environment", {}).items():
        if _SECRET.search(key) and not (key.endswith("_FILE") and str(value).startswith("/run/secrets/")):
            yield "secret in the environment"
        if re.search(r"://[^/@]*:[^/@]*@", str(value)):
            yield "secret in the environment"
    for volume in service.get("volumes", []):
        if str(volume).startswith((".", "/", "~")):
            yield "folder of the host"
    if service.get("ports") and (
        name != "api" or any(each.get("host_ip") != "127.0.0.1" for each in service["ports"])
    ):
        yield "open to the world"


def lay_roles(server: Server, secrets: Mapping[str, Path]) -> None:
    """Feed a new server the file of roles as its image does, with passwords in these files."""
    server.make_database("cabletrace")
    file = read_compose()["configs"]["roles"]["file"]
    subprocess.run(
        [
            (server.programs / "initdb").resolve().with_name("psql"),
            *("--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", server.address("cabletrace")),
            *("--file", ROOT / file),
        ],
        env={
            **os.environ,
            "ROLES_OWNER_PASSWORD_FILE": str(secrets["database-owner"]),
            "ROLES_SERVICE_PASSWORD_FILE": str(secrets["database"]),
        },
        check=True,
    )


def _of_its_life(name: str, service: dict[str, Any]) -> Iterator[str]:
    if name in ONE_SHOTS:
        if service.get("restart") != "no":
            yield "begins again"
        return
    if not service.get("healthcheck", {}).get("test"):
        yield "health unknown"
    if service.get("restart") != "unless-stopped":
        yield "stays away"
