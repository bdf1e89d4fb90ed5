"""On whose terms may a feed be asked, and what must never be asked at all?"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a feed's data may be used, and what every report must print."""

    attribution: str
    licence: str
    redistributable: bool
    needs_consent: bool
    url: str


PROTECTED = ("adsbexchange.com", "adsb.fi", "airplanes.live", "theairtraffic.com")
"""Domains whose maps ask not to be read by programs, and protect themselves (FEEDS.md §4.3)."""


def protected(url: str) -> str | None:
    """The host, if it is one that must not be read by programs.

    >>> protected("https://globe.adsb.fi/"), protected("http://192.168.1.20/tar1090/")
    ('globe.adsb.fi', None)
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    return host if any(f".{host}".endswith(f".{each}") for each in PROTECTED) else None
