"""How people write down where an Elasticsearch is, and how the server is told who asks."""

from __future__ import annotations

import base64
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from cabletrace.errors import Broken, InputError
from cabletrace.search.elastic_server import parse_address


def authorization(line: str) -> str:
    """What a server at this address is told of who asks."""
    heard: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("Authorization", ""))
            self.send_response(200)
            for name, value in [
                ("X-Elastic-Product", "Elasticsearch"),
                ("Content-Type", "application/json"),
                ("Content-Length", "2"),
            ]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listening)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        with parse_address(line.replace("HOST", f"127.0.0.1:{server.server_port}")).connect() as client:
            client.cluster.health()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    return heard[0]


def basic(said: str) -> str:
    return f"Basic {base64.b64encode(said.encode()).decode()}"


def test_nodes_name_and_port_are_read_out_of_one_line() -> None:
    one = parse_address("https://es.example")
    more = parse_address("http://a.example:9201,b.example,[::1]:9300/province-41\n")

    assert (one.hosts, one.name) == (("https://es.example:9200",), "cable-batch")
    assert more.hosts == ("http://a.example:9201", "http://b.example:9200", "http://[::1]:9300")
    assert more.name == "province-41"


def test_a_user_with_a_password_is_told_by_the_basic_header() -> None:
    assert authorization("http://indexer:p%40ss%2Fword@HOST") == basic("indexer:p@ss/word")


def test_an_api_key_is_told_by_its_header_also_out_of_a_file(tmp_path) -> None:
    (tmp_path / "key").write_text("a2V5OnNlY3JldA==\n", encoding="utf-8")

    assert authorization("http://HOST?api_key=a2V5OnNlY3JldA%3D%3D") == "ApiKey a2V5OnNlY3JldA=="
    assert authorization(f"http://HOST?api_key_file={tmp_path / 'key'}") == "ApiKey a2V5OnNlY3JldA=="


def test_a_password_may_lie_in_a_file(tmp_path) -> None:
    (tmp_path / "password").write_text("from a file\n", encoding="utf-8")

    assert authorization(f"http://indexer@HOST?password_file={tmp_path / 'password'}") == basic(
        "indexer:from a file"
    )


def test_nobody_in_particular_is_told_nothing() -> None:
    assert authorization("http://HOST") == ""


def test_where_nobody_listens_nobody_answers() -> None:
    assert not parse_address("http://127.0.0.1:9").answers()


def test_a_secret_that_cannot_be_read_is_named_by_its_file(tmp_path) -> None:
    address = parse_address(f"http://es.example?api_key_file={tmp_path / 'none'}")

    with pytest.raises(Broken, match="none cannot be read"):
        address.connect()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "es.example:9200",
        "ftp://es.example",
        "https://",
        "https://es.example:0",
        "https://es.example:99999",
        "https://es.example:port",
        "https://es.example,",
        "https://es example",
        "https://es.example/Upper",
        "https://es.example/with.dot",
        "https://es.example?timeout=5",
        "https://es.example?ca=",
        "https://es.example?ca=/a&ca=/b",
        "https://es.example#part",
        "https://user@es.example",
        "https://@es.example",
        "https://:secret@es.example",
        "https://user:secret@es.example?api_key=x",
        "https://es.example?password_file=/a",
        "https://es.example?api_key=x&api_key_file=/a",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_what_may_be_secret(line: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_address(line)

    (problem,) = caught.value.problems
    assert problem.code == "wrong-input"
    assert problem.remedy is not None
    assert "secret" not in f"{problem}"
