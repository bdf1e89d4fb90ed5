"""On which terms may a feed be asked? `Terms` states them; `PROTECTED` hosts are never asked."""

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
    findings: bool = False
    """Whether findings that rest on it may be published though its data may not be passed on."""

    @property
    def leaves(self) -> str:
        """What may be published of it: `raw` (its positions), `derived` (counts that rest on them),
        or `nothing`."""
        if self.redistributable:
            return "raw"
        return "derived" if self.findings else "nothing"

    @property
    def credit(self) -> str:
        """Whose data it is and under which licence: `adsb.lol contributors (ODbL 1.0)`."""
        return f"{self.attribution} ({self.licence})"


PROTECTED = ("adsbexchange.com", "adsb.fi", "airplanes.live", "theairtraffic.com")
"""Domains whose maps do not allow programs (docs/feed-formats.md#protected-maps)."""


def protected(url: str) -> str | None:
    """Return the host if programs must not read it, else None.

    >>> protected("https://globe.adsb.fi/"), protected("http://192.168.1.20/tar1090/")
    ('globe.adsb.fi', None)
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    return host if any(f".{host}".endswith(f".{domain}") for domain in PROTECTED) else None
