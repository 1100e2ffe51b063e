"""Where an Elasticsearch is, as people write it down in one line, and the client that asks there.

``https://USER:PASSWORD@HOST:PORT,HOST:PORT/NAME?ca=FILE``: one or more nodes, the name that the index bears there (`NAME`
where none is given), the file of whoever vouches for the server's certificate. In place of user and password: ``api_key_file=FILE``,
``password_file=FILE`` beside a user, or ``api_key=KEY``. Files are read when the client is made: secrets need not stand in the line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..errors import Broken, InputError, Text

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

#: The alias to read by, and the beginning of every other name.
NAME = "cable-batch"
_PORT = 9200
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?")
_PARAMETERS = frozenset({"ca", "api_key", "api_key_file", "password_file"})
#: For everything but searches, which are more impatient (`elastic`).
_REQUEST_SECONDS = 30.0
#: For a look whether anybody is there.
_LOOK_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """``hosts`` with scheme and port, the ``name`` of the index, and how the server is told who asks: nothing, a user with a
    password or the file of one, or an API key or the file of one."""

    hosts: tuple[str, ...]
    name: str
    user: str = ""
    parameters: Mapping[str, str]

    def connect(self) -> Elasticsearch:
        """A client; nobody is asked yet. Raises `Broken` for a file that cannot be read."""
        # Imported here because it takes a third of a second, which only those who search there should wait.
        from elasticsearch import Elasticsearch

        said: dict[str, Any] = {}
        if "api_key" in self.parameters or "api_key_file" in self.parameters:
            said["api_key"] = self._secret("api_key")
        elif self.user:
            said["basic_auth"] = (self.user, self._secret("password"))
        if "ca" in self.parameters:
            said["ca_certs"] = self.parameters["ca"]
        return Elasticsearch(
            list(self.hosts),
            request_timeout=_REQUEST_SECONDS,
            max_retries=1
            if len(self.hosts) > 1
            else 0,  # the same node again is what a busy one can least use
            retry_on_timeout=False,
            **said,
        )

    def answers(self) -> bool:
        """Whether somebody answers there just now, and lets in who asks. Raises `Broken` for a file that cannot be read."""
        from elasticsearch import ApiError, TransportError

        with self.connect() as client:
            try:
                client.options(request_timeout=_LOOK_SECONDS).indices.exists_alias(name=self.name)
            except (ApiError, TransportError):
                return False
        return True

    def _secret(self, name: str) -> str:
        file = self.parameters.get(f"{name}_file")
        if file is None:
            return self.parameters.get(name, "")
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise Broken(f"search engine: {file} cannot be read: {error}") from error


def parse_address(line: str) -> Address:
    """Raises InputError ``wrong-input``; what came is not repeated, since a password may stand in it."""
    parts = urlsplit(line.strip())
    user, at, hosts = parts.netloc.rpartition("@")
    nodes = [_HOST.fullmatch(each) for each in hosts.split(",")]
    name = parts.path.strip("/") or NAME
    given = parse_qsl(parts.query, keep_blank_values=True)
    parameters = dict(given)
    if parts.scheme not in ("http", "https") or not all(nodes) or not all(map(_has_port, nodes)):
        raise _wrong("主机应写成 https://主机:端口", "hosts are wanted as https://host:port")
    if not _NAME.fullmatch(name):
        raise _wrong(
            "索引名称只用小写字母、数字、连字符和下划线",
            "the name of an index is of small letters, digits, hyphens and underscores",
        )
    if unknown := sorted(parameters.keys() - _PARAMETERS):
        raise _wrong(f"没有这个参数：{unknown[0]}", f"there is no parameter {unknown[0]}")
    if len(given) != len(parameters) or not all(parameters.values()) or parts.fragment:
        raise _wrong("每个参数只给一次，并要有值", "each parameter is given once, with a value")
    account, colon, password = user.partition(":")
    if colon:
        parameters["password"] = unquote(password)
    ways = [each for each in ("api_key", "api_key_file", "password", "password_file") if each in parameters]
    if (
        len(ways) > 1
        or bool(account) != any(each.startswith("password") for each in ways)
        or (at and not account)
    ):
        raise _wrong(
            "身份只用一种方式：用户名加密码（或 password_file），或 api_key，或 api_key_file",
            "who asks is said in one way: a user with a password or password_file, api_key, or api_key_file",
        )
    return Address(
        hosts=tuple(f"{parts.scheme}://{node['name']}:{node['port'] or _PORT}" for node in nodes if node),
        name=name,
        user=unquote(account),
        parameters=parameters,
    )


def _has_port(node: re.Match[str] | None) -> bool:
    return node is not None and (node["port"] is None or 0 < int(node["port"]) < 65536)


def _wrong(zh: str, en: str) -> InputError:
    return InputError.of(
        "wrong-input",
        f"检索引擎的地址不对：{zh}",
        f"the address of the search engine is wrong: {en}",
        where="search",
        remedy=Text(
            f"例如 https://user:password@es.example:{_PORT}/{NAME}?ca=/etc/ssl/es.pem",
            f"such as https://user:password@es.example:{_PORT}/{NAME}?ca=/etc/ssl/es.pem",
        ),
    )
