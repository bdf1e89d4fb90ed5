"""Where are archives kept, and where are they fetched from? The settings say both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

RELEASES_URL = (
    "https://raw.githubusercontent.com/adsblol/globe_history_{year}/HEAD/PREFERRED_RELEASES.txt"
)
"""adsb.lol's list of the day archives of a year (docs/feed-formats.md#day-archives)."""
DISK_BUDGET_GB = 10.0
"""Space for three days of adsb.lol, of about 3 GB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """The archives of the past, as configured."""

    folder: Path
    """Holds everything that is fetched."""
    releases_url: str = RELEASES_URL
    """Contains `{year}`."""
    history_url: str | None = None
    """A tar1090 map that serves `globe_history/…`; None if none is configured."""
    disk_budget_gb: float = DISK_BUDGET_GB
    """Most space that `folder` may take; 1 GB is 10⁹ bytes."""
