"""Which maps must never be asked? Those for people, which keep programs out. Pure (step 1)."""

from __future__ import annotations

from urllib.parse import urlsplit

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
