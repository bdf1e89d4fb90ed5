"""Which keys may a configuration hold? Each key with its meaning, its type and its default.

docs/configuration.md and the checks are made from this schema, and a test compares the example file
with it. `watch_schema` holds the tables for watches, visitors, fleets and airfields,
`storage_schema` those for what is stored beside the database, and for how long.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from collector.settings.publishing_schema import PublishingPart, StampsPart
from collector.settings.storage_schema import ArchivesPart, RecordingPart, RetentionPart
from collector.settings.types import (
    ClientName,
    FeedName,
    Line,
    MailAddress,
    Name,
    Part,
    SecretText,
    Traces,
)
from collector.settings.watch_schema import AirfieldPart, RivalsPart, VisitorsPart, WatchPart
from collector.settings.web_schema import WebPart


class RecipientPart(Part):
    """A person or a desk that gets mails."""

    name: Name = Field(description="name of the recipient in watches and mails; unique")
    address: MailAddress = Field(description="mail address of the recipient")


class WebhookPart(Part):
    """A program that gets notices as signed JSON. NAME in `[webhooks.NAME]` is a recipient."""

    url: Line = Field(
        description="address that notices are posted to: https://…, http://… only on this machine"
    )
    secret: SecretText | None = Field(
        default=None, description="key of the signature, by which the receiver knows our messages"
    )
    ca_file: Line | None = Field(
        default=None,
        description="file with the certificates of a private receiver; if left out, the system's "
        "are used",
    )
    timeout_s: int = Field(
        default=30,
        ge=1,
        le=240,
        description="seconds to wait for the receiver; all of it may take twice as long",
    )


class ApprisePart(Part):
    """A chat or push service that Apprise reaches. NAME in `[apprise.NAME]` is a recipient."""

    url: SecretText | None = Field(
        default=None,
        description="Apprise's URL of the service, which holds its token: see "
        "https://github.com/caronc/apprise",
    )
    timeout_s: int = Field(
        default=60, ge=5, le=240, description="seconds that one message may take in all"
    )


class FeedPart(Part):
    """A feed. NAME in `[feeds.NAME]` is a kind of feed, or a name of your choice."""

    kind: Line | None = Field(
        default=None, description="kind of feed; if left out, NAME is the kind"
    )
    enabled: bool = Field(
        default=True,
        description="whether the feed is polled; adsblol is polled unless this is false, any "
        "other feed as soon as it has a table",
    )
    url: Line | None = Field(
        default=None,
        description="address: https://… or http://…, for readsb also unix:///run/… or "
        "file:///run/…; if left out, the feed's public address",
    )
    consent: Line | None = Field(
        default=None,
        description="for feeds that require permission: the agreement or permission that you "
        "have, and since when, in your own words",
    )
    daily_requests: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="request budget for a day (UTC), in the feed's own units; if left out, the "
        "feed's usual budget",
    )
    header: Line | None = Field(
        default=None,
        description="HTTP header that carries the API key, if it is not the usual one",
    )
    traces: Traces | None = Field(
        default=None,
        description="whether the full track of a watched aircraft is fetched where a landing may "
        "have been missed. true: from readsb, ADSBexchange or OpenSky, which keep tracks at a "
        "known address. An address like http://HOST/tar1090/data/traces: from that folder, if its "
        "terms allow it. If left out, never",
    )
    token_url: Line | None = Field(
        default=None, description="OpenSky: address that issues tokens, if it is not OpenSky's own"
    )
    ca_file: Line | None = Field(
        default=None,
        description="file with the certificates (PEM) by which a receiver of your own is trusted; "
        "if left out, the system's are used",
    )
    api_key: SecretText | None = Field(
        default=None, description="API key, if the feed requires one"
    )
    client_id: SecretText | None = Field(default=None, description="OpenSky: ID of your API client")
    client_secret: SecretText | None = Field(
        default=None, description="OpenSky: secret of your API client"
    )


class MailPart(Part):
    """How mails are sent: into a folder, until `host` names a server."""

    host: Line | None = Field(
        default=None, description="mail server; if left out, mails are written to `folder`"
    )
    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="port of the server; if left out, 587, 465 or 25, depending on `security`",
    )
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description='encryption: "starttls", "tls", or "none" for a server on this machine',
    )
    username: Line | None = Field(
        default=None, description="user name for the login; if left out, there is no login"
    )
    password: SecretText | None = Field(default=None, description="password for the login")
    sender: MailAddress = Field(
        default="collector@localhost", description="address that mails are sent from"
    )
    ca_file: Line | None = Field(
        default=None,
        description="file with the certificates of a private mail server; if left out, the "
        "system's are used",
    )
    timeout_s: int = Field(
        default=30,
        ge=1,
        le=600,
        description="seconds to wait for an answer of the server; sending one mail may take twice "
        "as long in all, but at least 60 and at most 540 seconds",
    )
    group_wait_s: int = Field(
        default=90, ge=0, le=600, description="seconds an alert waits for others to leave with it"
    )
    client_name: ClientName | None = Field(
        default=None,
        description="name of this machine in the greeting to the server (EHLO), as some servers "
        "refuse one that they cannot look up; if left out, the machine's full name, or its "
        "address if its name has no dot",
    )
    folder: Line = Field(
        default="mail", description="folder for mails (.eml) if there is no server, inside `data`"
    )


class PollingPart(Part):
    """Intervals between polls. Each feed's own limits come first."""

    far_s: int = Field(
        default=300,
        ge=10,
        le=3600,
        description="seconds between polls while the fleet is far away or silent",
    )
    near_s: int = Field(
        default=60,
        ge=5,
        le=3600,
        description="seconds while a watched aircraft is in the region or is on a stay and may "
        "depart",
    )
    inbound_s: int = Field(
        default=20,
        ge=5,
        le=600,
        description="seconds while a watched aircraft is inbound near a watched airfield",
    )
    area_radius_nm: int = Field(
        default=100,
        ge=10,
        le=250,
        description="radius around each watched airfield in which all aircraft are asked for, to "
        "prove coverage",
    )


class HealthPart(Part):
    """When operators get a mail about the collector itself."""

    blind_after_hours: float = Field(
        default=1, ge=0.25, le=168, description="hours without a reply from any feed"
    )


class Document(Part):
    """The whole configuration."""

    contact: Line | None = Field(
        default=None,
        description="your mail address or web page, sent to feeds with every request, so that "
        "their operators can reach you",
    )
    data: Line | None = Field(
        default=None,
        description="folder for everything that the collector writes; if left out, "
        "$STATE_DIRECTORY (set by systemd), or /var/lib/collector for the configuration "
        "/etc/collector/collector.toml, or else ./var. A relative path starts at the folder in "
        "which the collector is started",
    )
    database: Line = Field(default="collector.sqlite", description="database file, inside `data`")
    operators: list[Name] | None = Field(
        default=None,
        description="recipients of mails about the collector itself: no feed answers, a feed "
        "refuses, a mail or the database fails; if left out, every recipient",
    )
    dead_man_url: SecretText | None = Field(
        default=None,
        description="address that is fetched regularly while all is well, for a service that "
        "raises an alarm when this stops",
    )
    recipient: list[RecipientPart] | None = Field(
        default=None,
        description="people and desks that get mails; if left out, `operator` at "
        "operator@localhost",
    )
    mail: MailPart = Field(default=MailPart(), description="how mails are sent")
    webhooks: dict[FeedName, WebhookPart] = Field(
        default={}, description="programs that get notices as signed JSON, like recipients"
    )
    apprise: dict[FeedName, ApprisePart] = Field(
        default={}, description="chat and push services that get notices, like recipients"
    )
    feeds: dict[FeedName, FeedPart] | None = Field(
        default=None, description="feeds to poll; if left out, adsblol"
    )
    hosts: dict[Line, FeedName] = Field(
        default={}, description="for `replay`: the feed behind a private host name in a recording"
    )
    visitors: VisitorsPart = Field(
        default=VisitorsPart(), description="unlisted aircraft that are followed"
    )
    recording: RecordingPart = Field(default=RecordingPart(), description="recordings of replies")
    retention: RetentionPart = Field(
        default=RetentionPart(), description="what is pruned from the database"
    )
    polling: PollingPart = Field(default=PollingPart(), description="intervals between polls")
    archives: ArchivesPart = Field(default=ArchivesPart(), description="data of the past")
    health: HealthPart = Field(default=HealthPart(), description="when operators get a mail")
    web: WebPart = Field(default=WebPart(), description="the pages")
    publishing: PublishingPart = Field(
        default=PublishingPart(), description="when landings may leave in exports"
    )
    stamps: dict[FeedName, StampsPart] = Field(
        default={}, description="authorities that stamp the roots of `collector seal`"
    )
    rivals: RivalsPart = Field(
        default=RivalsPart(), description="airfields with which a watched one may be confused"
    )
    airfield: list[AirfieldPart] = Field(default=[], description="airfields of your own")
    watch: list[WatchPart] | None = Field(
        default=None, description="aircraft and airfields to watch; if left out, the shipped watch"
    )
