"""Where a session comes from: enough to recognise it, too little to follow a person."""

import pytest

from cabletrace.auth.devices import Whence, whence

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 14; 23049RAD8C) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.47"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (EDGE, "Edge · Windows"),
        (SAFARI, "Safari · iPhone"),
        (WECHAT, "WeChat · Android"),
        ("curl/8.5.0", ""),
        ("Linux<script>", "Linux"),
        ("", ""),
    ],
)
def test_a_browser_is_named_by_the_first_word_that_tells_it_from_others(agent: str, device: str) -> None:
    assert whence(agent, "").device == device


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    assert whence("", address) == Whence("", network)
