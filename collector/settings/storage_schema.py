"""Which keys say what is stored, and for how long? Recordings, retention and archives."""

from __future__ import annotations

from pydantic import Field

from collector.archives.config import DISK_BUDGET_GB, RELEASES_URL
from collector.settings.types import Line, Part


class RecordingPart(Part):
    """Recordings of the feeds' replies, which prove later what the feeds reported."""

    enabled: bool = Field(default=True, description="whether replies are recorded")
    folder: Line = Field(
        default="recordings", description="folder for the recordings (WARC files), inside `data`"
    )
    keep_days: int = Field(
        default=90,
        ge=0,
        le=36500,
        description="days after which a file is deleted, at least 8; what landings rest on is "
        "copied first, into `kept` in that folder. 0 keeps all files for ever",
    )


class RetentionPart(Part):
    """What is pruned from the database. What a landing rests on is never pruned."""

    prune_after_days: int | None = Field(
        default=None,
        ge=90,
        le=36500,
        description="days after which reports of aircraft that no watch wants are deleted, and of "
        "coverage only what its shares are computed from is kept. Landings of that time are "
        "closed: they are never derived again. If left out, nothing is pruned",
    )


class ArchivesPart(Part):
    """Where `backfill` fetches data of the past, and where it keeps them."""

    folder: Line = Field(default="archives", description="folder for fetched files, inside `data`")
    disk_budget_gb: float = Field(
        default=DISK_BUDGET_GB,
        gt=0,
        le=100_000,
        description="most disk space for `folder`, also while a day is fetched",
    )
    releases_url: Line = Field(
        default=RELEASES_URL,
        description="address of the list of day archives of a year, at adsb.lol or a mirror; "
        "{year} stands for the year",
    )
    history_url: Line | None = Field(
        default=None,
        description="address of a tar1090 map whose `globe_history/` you may read, preferably "
        "your own; if left out, there is none",
    )
