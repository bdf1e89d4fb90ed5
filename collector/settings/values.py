"""What do the other rooms see of the configuration? Checked values with all names resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from collector.archives.config import ArchiveSettings
from collector.disclosure.delay import Delay
from collector.feeds.config import FeedSettings
from collector.mail.config import MailSettings
from collector.model import Airfield, Recipient, Watch
from collector.secret import Secret
from collector.timestamps import Authority
from collector.watches.visitors import VisitorRule
from collector.webhook import AppriseSettings, WebhookSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Whether and where the pages are served."""

    enabled: bool
    host: str
    port: int
    public_url: str | None = None
    """The address of the first page for others, without the last slash."""
    allowed_hosts: tuple[str, ...] = ()
    """Names besides those of this machine, in lower case."""
    base_path: str = ""
    """Stands before every link: empty, or a path like `/collector`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingSettings:
    """The intervals between polls, by where the fleet is."""

    far: timedelta
    near: timedelta
    inbound: timedelta
    area_radius_nm: float
    """The radius around each watched airfield in which all aircraft are asked for."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A key of the configuration with its value (secrets masked) and its source."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration. Relative paths start in the folder where the collector started."""

    path: Path | None
    """The configuration file; None for the built-in defaults."""
    data: Path
    """The folder for everything that the collector writes."""
    database: Path
    recordings: Path | None
    """The folder for recordings; None if replies are not recorded."""
    keep_recordings: timedelta | None
    """The age at which a recording is deleted; None: never."""
    prune_after: timedelta | None = None
    """The age at which time is closed and pruned; None: never."""
    contact: str | None
    feeds: tuple[FeedSettings, ...]
    """Every configured feed, enabled or not."""
    hosts: Mapping[str, str] = field(default_factory=dict)
    """The feed behind each host name, for replay."""
    ca_files: Mapping[str, Path] = field(default_factory=dict)
    """The certificates to trust instead of the system's, by host name."""
    airfields: tuple[Airfield, ...]
    """Watched airfields, rivals and homes; a code may occur for several periods."""
    watches: tuple[Watch, ...]
    visitors: VisitorRule | None
    """Which unlisted aircraft to follow near watched airfields; None: none."""
    operators: tuple[Recipient, ...]
    mail: MailSettings
    webhooks: tuple[WebhookSettings, ...] = ()
    apprise: tuple[AppriseSettings, ...] = ()
    blind_after: timedelta
    web: WebSettings
    dead_man_url: Secret | None
    polling: PollingSettings
    archives: ArchiveSettings
    disclosure: Delay = field(default_factory=Delay)
    """When landings may leave the operator's own pages."""
    stamps: tuple[Authority, ...] = ()
    """Who stamps the roots of `seal`."""
    published_url: str | None = None
    """Where others read the published pages, without the last slash."""
    warnings: tuple[str, ...] = ()
    """What is not wrong, but what an operator should read at every start."""
    explained: tuple[Explained, ...] = ()

    @property
    def watched(self) -> tuple[Airfield, ...]:
        """The airfields at which some watch counts, in order."""
        codes = {code for watch in self.watches for code in watch.airfields}
        return tuple(airfield for airfield in self.airfields if airfield.icao in codes)

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """All recipients of operators' mails and of watches, each of them once."""
        of_watches = (recipient for watch in self.watches for recipient in watch.recipients)
        return tuple(dict.fromkeys((*self.operators, *of_watches)))

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every credential of the configuration; none of them may be written anywhere."""
        given = [self.dead_man_url, self.mail.password]
        for webhook in self.webhooks:
            given += [webhook.url, webhook.secret]
        given += [service.url for service in self.apprise]
        for feed in self.feeds:
            given += [feed.api_key, feed.client_id, feed.client_secret]
        return tuple(secret for secret in given if secret)
