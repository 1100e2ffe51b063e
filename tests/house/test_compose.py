"""docker-compose.yml and the Dockerfile: valid as their makers define it, and as strict as this house promises.

No container is started here. What stands in the files is read as the schema of the Compose Specification, our own command line and
parsers of addresses, and a real PostgreSQL read it; the image's own steps are run in a folder.
"""

from __future__ import annotations

import copy
import fnmatch
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import psycopg
import pytest
import typer

from cabletrace import __version__
from cabletrace.cli.main import app
from cabletrace.db.postgres import Schema
from cabletrace.search.elastic_server import parse_address
from compose_for_tests import ONE_SHOTS, ROOT, SECRETS, broken_promises, is_ours, lay_roles, read_compose
from postgres_for_tests import Server, postgres

VENDOR = Path(__file__).with_name("vendor")
COMPOSE = read_compose()
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if is_ours(service)}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


# --- as their makers define it


def schema() -> Any:
    return jsonschema_rs.validator_for(
        json.loads((VENDOR / "compose-spec-2.16.2.json").read_text(encoding="utf-8"))
    )


def test_the_file_is_what_the_compose_specification_says() -> None:
    assert [error.message for error in schema().iter_errors(COMPOSE)] == []


def test_a_word_that_the_specification_does_not_know_would_be_seen() -> None:
    wrong = copy.deepcopy(COMPOSE)
    wrong["services"]["api"]["readonly"] = True

    assert [error.message for error in schema().iter_errors(wrong)]


def test_the_vendored_schema_is_what_the_manifest_says() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))

    assert {row["file"] for row in manifest} == {p.name for p in VENDOR.iterdir()} - {"manifest.json"}
    for row in manifest:
        assert hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]


# --- as this house promises


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_keeps_every_promise(name: str) -> None:
    assert list(broken_promises(name, SERVICES[name])) == []


def without(*path: str) -> Callable[[Any], None]:
    def change(service: Any) -> None:
        for step in path[:-1]:
            service = service[step]
        del service[path[-1]]

    return change


def with_(**words: Any) -> Callable[[Any], None]:
    return lambda service: service.update(words)


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        (without("read_only"), "writes anywhere"),
        (without("user"), "may be root"),
        (with_(user="0:0"), "may be root"),
        (with_(user="postgres"), "may be root"),
        (without("cap_drop"), "has capabilities"),
        (with_(cap_add=["NET_ADMIN"]), "has capabilities"),
        (without("security_opt"), "gains privileges"),
        (with_(privileged=True), "shares with the host"),
        (with_(network_mode="host"), "on no network of ours"),
        (without("deploy", "resources", "limits", "memory"), "memory without limit"),
        (without("deploy", "resources", "limits", "pids"), "processes without limit"),
        (with_(tmpfs=["/tmp"]), "scratch without limit"),  # noqa: S108
        (without("stop_grace_period"), "killed at once"),
        (without("logging"), "log without limit"),
        (with_(image="postgres:latest"), "any version"),
        (with_(image="postgres"), "any version"),
        (with_(environment={"POSTGRES_PASSWORD": "secret"}), "secret in the environment"),
        (with_(environment={"CABLETRACE_SEARCH": "http://elastic:secret@es"}), "secret in the environment"),
        (with_(volumes=["/var/run/docker.sock:/var/run/docker.sock"]), "folder of the host"),
        (with_(ports=[{"target": 1, "published": "1"}]), "open to the world"),
    ],
)
def test_a_promise_that_one_service_lost_would_be_seen(change: Callable[[Any], None], promise: str) -> None:
    for name, kept in SERVICES.items():
        service = copy.deepcopy(kept)
        change(service)

        assert promise in list(broken_promises(name, service)), name


def test_a_service_whose_health_nobody_asks_or_that_stays_away_would_be_seen() -> None:
    for name in SERVICES.keys() - ONE_SHOTS:
        service = copy.deepcopy(SERVICES[name])
        del service["healthcheck"], service["restart"]

        assert list(broken_promises(name, service)) == ["health unknown", "stays away"], name


def test_only_the_services_are_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["api"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    (port,) = SERVICES["api"]["ports"]
    first, last = (int(each) for each in port["published"].split("-"))
    assert last - first + 1 == SERVICES["api"]["deploy"]["replicas"] >= 2


def test_everything_waits_for_what_it_needs_and_recording_never_for_the_search_engine() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other in ONE_SHOTS else "service_healthy"
            assert how["condition"] == wanted, (name, other)
    assert SERVICES["api"]["depends_on"].keys() == {"postgres", "migrate"}
    assert SERVICES["indexer"]["depends_on"].keys() == {"postgres", "elasticsearch", "migrate"}


def test_secrets_are_files_that_are_neither_in_the_project_nor_in_the_image() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()

    assert set(COMPOSE["secrets"]) == set(SECRETS)
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"compose/secrets/{name}"}
    assert "/compose/secrets/" in ignored
    assert not any("compose" in line for line in allowed_in_the_image())
    for config in COMPOSE["configs"].values():
        assert (ROOT / config["file"]).is_file()


def test_everything_that_a_service_names_is_declared_and_everything_declared_is_used() -> None:
    def named(key: str, part: Callable[[Any], str]) -> set[str]:
        return {part(each) for service in SERVICES.values() for each in service.get(key, [])}

    assert named("secrets", str) == COMPOSE["secrets"].keys()
    assert named("networks", str) == COMPOSE["networks"].keys()
    assert named("volumes", lambda each: each.split(":")[0]) == COMPOSE["volumes"].keys()
    assert named("configs", lambda each: each["source"]) == COMPOSE["configs"].keys()


# --- what our own programs make of it


def parsed(words: list[str]) -> dict[str, Any]:
    """The options of a command line, as the program itself takes it apart. Raises for what it does not know."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    assert rest.pop(0) == "cabletrace"
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    options: dict[str, Any] = command.make_context("cabletrace", rest).params
    return options


@pytest.mark.parametrize("name", OURS)
def test_the_command_of_a_service_is_one_that_the_program_knows(name: str) -> None:
    parsed(OURS[name]["command"])


@pytest.mark.parametrize("words", [["serve", "--no-follower"], ["follow", "--port", "1"], ["start"]])
def test_a_command_that_the_program_does_not_know_would_be_seen(words: list[str]) -> None:
    with pytest.raises(Exception, match=r"start|No such option"):
        parsed(["cabletrace", *words])


def test_services_do_not_follow_and_one_alone_does() -> None:
    assert parsed(SERVICES["api"]["command"])["followers"] is False
    assert [name for name, each in OURS.items() if each["command"][1] == "follow"] == ["indexer"]
    assert SERVICES["indexer"].get("deploy", {}).get("replicas", 1) == 1
    assert (
        str(parsed(SERVICES["indexer"]["command"])["pulse"]) in SERVICES["indexer"]["healthcheck"]["test"][-1]
    )


def secret_files(text: str) -> set[str]:
    return {found.removeprefix("/run/secrets/") for found in re.findall(r"/run/secrets/[\w-]+", text)}


def test_addresses_are_such_as_the_program_takes_and_lead_to_services_and_secrets_of_this_file() -> None:
    init = SERVICES["init"]
    said = init["environment"]
    options = parsed(init["command"])
    ours = Schema.at(said["CABLETRACE_DATABASE"], Path("ledger.db"))
    owner = Schema.at(options["owner"], Path("ledger.db"))
    search = parse_address(said["CABLETRACE_SEARCH"])

    assert (ours.database.host, owner.database.host, search.hosts) == (
        "postgres",
        "postgres",
        ("http://elasticsearch:9200",),
    )
    assert (owner.database.username, owner.role) == ("dba", "cabletrace_owner")
    assert options["once"]
    files = {ours.password_file, owner.password_file, search.parameters["password_file"]}
    assert {file.removeprefix("/run/secrets/") for file in files} == set(init["secrets"])
    assert parsed(SERVICES["migrate"]["command"])["owner"] == options["owner"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_secret_that_a_service_reads_is_given_to_it_and_no_other(name: str) -> None:
    service = SERVICES[name]
    read = secret_files(json.dumps(service))
    if name in ("migrate", "api", "indexer"):  # their addresses lie in the data folder
        read |= secret_files(json.dumps(SERVICES["init"]["environment"]))

    assert read == set(service.get("secrets", []))


# --- the image


def copied() -> list[str]:
    """What the Dockerfile takes from the project."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE)
    return [word for line in lines for word in line.split()[:-1]]


def allowed_in_the_image() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def test_every_file_that_the_image_takes_is_there_and_let_in() -> None:
    assert copied()
    for name in copied():
        assert (ROOT / name).exists(), name
        assert any(fnmatch.fnmatch(name.split("/")[0], each) for each in allowed_in_the_image()), name


def test_the_image_is_of_this_version_not_root_and_on_a_named_python() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)

    assert {service["image"] for service in OURS.values()} == {f"cabletrace:{__version__}"}
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm(@sha256:[0-9a-f]{64})?", bases[0])
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    assert users == [OURS["api"]["user"]]


def test_folders_that_are_volumes_belong_to_whoever_writes_there() -> None:
    (made,) = re.findall(
        r"install --directory --owner=(\d+) --group=(\d+) --mode=0700 (.+)$", DOCKERFILE, re.M
    )

    assert f"{made[0]}:{made[1]}" == OURS["api"]["user"]
    mounted = {volume.split(":")[1] for service in OURS.values() for volume in service.get("volumes", [])}
    assert set(made[2].split()) == mounted


@pytest.mark.nightly  # minutes: every package is fetched
def test_the_steps_of_the_image_make_a_program_that_runs_without_the_project(tmp_path: Path) -> None:
    # given exactly the files that the image takes, in an empty folder
    source, made = tmp_path / "src", tmp_path / "opt"
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE):
        *names, into = line.split()
        for name in names:
            target = source / into
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)
    first_stage = DOCKERFILE.split("\nFROM ")[1]
    steps = re.findall(r"^RUN (.+)$", first_stage, flags=re.MULTILINE)
    assert len(steps) == 5

    # when its steps are run there
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    for step in steps:
        command = step.replace("/opt/cabletrace", str(made))
        subprocess.run(["bash", "-c", command], cwd=source, env=surroundings, check=True)
    shutil.rmtree(source)

    # then the program is there, whole, and nothing that could bring more packages
    asked = subprocess.run(
        [made / "bin" / "cabletrace", "init", "--data", tmp_path / "data", "--json"],
        env={"PATH": os.defpath},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(asked.stdout)["origin"] == "cabletrace.example/ledger"
    served = subprocess.run(
        [made / "bin" / "python", "-c", "import cabletrace.app.server, cabletrace.cli.main, uvicorn"],
        env={"PATH": os.defpath},
        cwd=tmp_path,
        check=False,
    )
    assert served.returncode == 0
    assert not {"pip", "uv", "setuptools"} & {p.name for p in made.glob("lib/python3*/site-packages/*")}


# --- the database, as a real server makes it of our file


@pytest.mark.full
def test_the_roles_of_the_database_make_a_ledger_that_the_service_can_only_add_to(tmp_path: Path) -> None:
    # given a new server to which the file of roles was fed as its image feeds it, and passwords in files
    secrets = {name: tmp_path / name for name in ("database", "database-owner")}
    for name, file in secrets.items():
        file.write_text(f"the one of {name}\n", encoding="utf-8")
    with postgres() as server:
        lay_roles(server, secrets)

        def run(name: str) -> subprocess.CompletedProcess[str]:
            return run_one_shot(name, server, tmp_path)

        # when the one-shots run, and run again
        first, *others = (run(name) for name in ("init", "migrate", "init", "migrate"))

        # then there is one ledger, and the service can add to it and not change it
        assert [each.returncode for each in (first, *others)] == [0] * 4, [each.stderr for each in others]
        assert "made the ledger" in first.stderr
        assert "already" in others[1].stderr
        address = f"host=127.0.0.1 port={server.port} user=cabletrace dbname=cabletrace"
        with psycopg.connect(address, password="the one of database", autocommit=True) as service:
            assert service.execute("SELECT count(*) FROM ledger.entry").fetchone() == (1,)
            for statement in (
                "UPDATE ledger.entry SET seq = 7",
                "ALTER TABLE ledger.entry DISABLE TRIGGER ALL",
                "SET ROLE cabletrace_owner",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    service.execute(statement)


def run_one_shot(name: str, server: Server, folder: Path) -> subprocess.CompletedProcess[str]:
    """A service of the file that ends, as a process: its passwords and its data lie in this folder."""

    def moved(text: str) -> str:
        text = text.replace("@postgres/", f"@127.0.0.1:{server.port}/")
        return text.replace("/run/secrets/", f"{folder}/")

    service = SERVICES[name]
    said = {**SERVICES["init"]["environment"], "CABLETRACE_DATA": str(folder / "data"), "HOME": str(folder)}
    return subprocess.run(
        [Path(sys.executable).with_name("cabletrace"), *(moved(word) for word in service["command"][1:])],
        env={**os.environ, **{key: moved(value) for key, value in said.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
