"""The server that the second engine is tested on: that it comes, keeps its door, and goes."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from elasticsearch_for_tests import elasticsearch, fetched

pytestmark = pytest.mark.full


def test_a_server_comes_up_refuses_a_wrong_password_and_goes_away():
    with elasticsearch() as server:
        right, health = server.ask("/_cluster/health")
        wrong, refusal = server.ask("/_cluster/health", password="guessed")
        owner = Path(f"/proc/{server.process.pid}").stat().st_uid

    assert right == 200
    assert health["number_of_nodes"] == 1
    assert wrong == 401
    assert "security_exception" in str(refusal)
    assert owner != 0
    assert server.process.poll() is not None
    with socket.socket() as asking, pytest.raises(ConnectionRefusedError):
        asking.connect(("127.0.0.1", server.port))


def test_a_server_that_is_not_the_published_one_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    file = tmp_path / "cabletrace-tests" / "elasticsearch-8.19.21.zip"
    file.parent.mkdir()
    file.write_bytes(b"something else")

    with pytest.raises(RuntimeError, match="has the hash"):
        fetched()
