"""Where do archives lie, and where are they fetched from? A plain value; the settings build it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

RELEASES_URL = (
    "https://raw.githubusercontent.com/adsblol/globe_history_{year}/HEAD/PREFERRED_RELEASES.txt"
)
"""The list of a year's day archives, of adsb.lol (FEEDS.md §4.1)."""
DISK_BUDGET_GB = 10.0
"""Three days of adsb.lol, of about 3 GB each, while one of them is fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """The archives of the past, as configured."""

    folder: Path
    """For what is fetched."""
    releases_url: str = RELEASES_URL
    """Holds `{year}`."""
    history_url: str | None = None
    """A tar1090 instance that gives `globe_history/…`; None: there is none."""
    disk_budget_gb: float = DISK_BUDGET_GB
    """Never more in `folder` than this; 1 GB is 10⁹ bytes."""
