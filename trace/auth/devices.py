"""Where a session was begun, as coarsely as its owner needs to recognise it: browser and system, and a network.

Of an address only the part that names a network is kept (/24, of IPv6 /48): enough to tell the office from a
foreign country, too little to follow a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

# The first that occurs: browsers name those that they descend from after themselves.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Whence:
    """Where a session comes from; empty where nothing is known of it."""

    device: str = ""
    network: str = ""


def whence(user_agent: str, address: str) -> Whence:
    """The coarse words for a browser's own description and a network address; what neither knows is empty."""
    words = (
        next((word for sign, word in table if sign in user_agent), "") for table in (_BROWSERS, _SYSTEMS)
    )
    return Whence(" · ".join(filter(None, words)), _network(address))


def _network(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    known = getattr(known, "ipv4_mapped", None) or known
    return str(ip_network(f"{known}/{24 if known.version == 4 else 48}", strict=False))
