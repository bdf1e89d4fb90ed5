"""What does the rest of the program get to see of the configuration? Checked, final values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from collector.archives.config import ArchiveSettings
from collector.feeds.config import FeedSettings
from collector.mail.config import MailSettings
from collector.model import Airfield, Recipient, Watch
from collector.secret import Secret
from collector.watches.visitors import VisitorRule


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where the status page is served."""

    enabled: bool
    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingSettings:
    """The wished interval between rounds, by where the fleet is."""

    far: timedelta
    near: timedelta
    inbound: timedelta
    area_radius_nm: float
    """How far around each watched airfield everybody is asked for."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One key of the configuration: its value, secrets masked, and where that came from."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration; every name in it is resolved, every path absolute or relative to
    where the collector was started."""

    path: Path | None
    """The file it was read from; None for the embedded defaults."""
    data: Path
    """The folder for everything the collector writes."""
    database: Path
    recordings: Path | None
    """None: replies are not kept."""
    keep_recordings: timedelta | None
    """None: for ever."""
    contact: str | None
    feeds: tuple[FeedSettings, ...]
    """Every feed described, enabled or not."""
    hosts: Mapping[str, str] = field(default_factory=dict)
    """For replay: host → feed name."""
    airfields: tuple[Airfield, ...]
    """Watched ones, their rivals and the fleets' homes; a code may occur for several periods."""
    watches: tuple[Watch, ...]
    visitors: VisitorRule | None
    """Whom to follow near the watched airfields though no watch names them; None: nobody."""
    operators: tuple[Recipient, ...]
    mail: MailSettings
    blind_after: timedelta
    web: WebSettings
    dead_man_url: Secret | None
    polling: PollingSettings
    archives: ArchiveSettings
    warnings: tuple[str, ...] = ()
    """What is not wrong, but should be seen at every start."""
    explained: tuple[Explained, ...] = ()

    @property
    def watched(self) -> tuple[Airfield, ...]:
        """The airfields that some watch counts at, in order."""
        codes = {code for watch in self.watches for code in watch.airfields}
        return tuple(airfield for airfield in self.airfields if airfield.icao in codes)

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody who is told anything, once."""
        everybody = (each for watch in self.watches for each in watch.recipients)
        return tuple(dict.fromkeys((*self.operators, *everybody)))
