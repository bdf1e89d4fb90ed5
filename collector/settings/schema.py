"""What may stand in the configuration? Every key, its meaning, its kind and its default.

This is the one place: the example, docs/configuration.md and the checks follow from it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from collector.archives.config import DISK_BUDGET_GB, RELEASES_URL
from collector.settings.types import (
    Code,
    FeedName,
    Line,
    MailAddress,
    Name,
    Part,
    SecretText,
    Traces,
)
from collector.settings.watch_schema import AirfieldPart, VisitorsPart, WatchPart


class RecipientPart(Part):
    """Somebody who is told."""

    name: Name = Field(description="what watches and mails call the recipient; unique")
    address: MailAddress = Field(description="the mail address")


class FeedPart(Part):
    """One feed; the name in `[feeds.NAME]` is yours, or that of a kind."""

    kind: Line | None = Field(
        default=None, description="which kind of feed; left out: the name is that of a kind"
    )
    enabled: bool = Field(
        default=True,
        description="whether it is asked; adsblol is unless this is false, any other once it has a "
        "table",
    )
    url: Line | None = Field(
        default=None,
        description="where it is: https://… or http://…; for readsb also unix:///run/… or "
        "file:///run/…; left out: the feed's public address",
    )
    consent: Line | None = Field(
        default=None,
        description="for feeds that need it: which agreement or permission lets you use them, and "
        "since when; the words are yours, for whoever asks later",
    )
    daily_requests: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="never ask more often a day (UTC), in the feed's own units; left out: the "
        "feed's usual allowance",
    )
    header: Line | None = Field(
        default=None,
        description="the HTTP header that carries the key, where it is not the usual one",
    )
    traces: Traces | None = Field(
        default=None,
        description="whether the full track of a watched aircraft is fetched where a landing may "
        "hide: true for readsb, ADSBexchange and OpenSky, which keep tracks at a known place; else "
        "the address of the folder, like http://HOST/tar1090/data/traces, if its terms allow it; "
        "left out: never",
    )
    token_url: Line | None = Field(
        default=None, description="OpenSky: where tokens are given out, if not at its own address"
    )
    api_key: SecretText | None = Field(
        default=None, description="the key, where the feed needs one"
    )
    client_id: SecretText | None = Field(default=None, description="OpenSky: id of your API client")
    client_secret: SecretText | None = Field(default=None, description="OpenSky: its secret")


class RecordingPart(Part):
    """Keeping every reply that matters, so that what was seen can be proven later."""

    enabled: bool = Field(default=True, description="whether replies are kept")
    folder: Line = Field(default="recordings", description="where, as WARC files")
    keep_days: int = Field(
        default=90, ge=0, le=36500, description="older files are deleted; 0 keeps them for ever"
    )


class MailPart(Part):
    """How mail leaves: into a folder until `host` names a server."""

    host: Line | None = Field(
        default=None, description="mail server; left out: mails are written to `folder` instead"
    )
    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="its port; left out: 587, 465 or 25, by `security`",
    )
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description='"starttls", "tls", or "none" for a server on this machine',
    )
    username: Line | None = Field(default=None, description="for the login; left out: no login")
    password: SecretText | None = Field(default=None, description="for the login")
    sender: MailAddress = Field(
        default="collector@localhost", description="the address mails come from"
    )
    ca_file: Line | None = Field(
        default=None, description="certificates of a private mail server; left out: the system's"
    )
    timeout_s: int = Field(
        default=30, ge=1, le=600, description="patience with the server, in seconds"
    )
    folder: Line = Field(
        default="mail", description="where mails are written as .eml without a server"
    )


class PollingPart(Part):
    """How often feeds are asked, within each feed's own limits."""

    far_s: int = Field(
        default=300,
        ge=10,
        le=3600,
        description="seconds between rounds while the fleet is far or silent",
    )
    near_s: int = Field(
        default=60,
        ge=5,
        le=3600,
        description="while one is in the region or may come back from a stay",
    )
    inbound_s: int = Field(
        default=20, ge=5, le=600, description="while one is inbound near a watched airfield"
    )
    area_radius_nm: int = Field(
        default=100,
        ge=10,
        le=250,
        description="how far around each watched airfield everybody is asked for, to prove what "
        "could be heard",
    )


class ArchivesPart(Part):
    """Where `backfill` fetches past data from, and keeps it."""

    folder: Line = Field(default="archives", description="where fetched files lie, inside `data`")
    disk_budget_gb: float = Field(
        default=DISK_BUDGET_GB,
        gt=0,
        le=100_000,
        description="never more than so many GB in `folder`, also while a day is fetched",
    )
    releases_url: Line = Field(
        default=RELEASES_URL,
        description="the list of a year's day archives: adsb.lol's, or a mirror's; {year} stands "
        "for the year",
    )
    history_url: Line | None = Field(
        default=None,
        description="address of a tar1090 map whose `globe_history/` may be read, best your own; "
        "left out: none",
    )


class HealthPart(Part):
    """When the operators are told that something is wrong."""

    blind_after_hours: float = Field(
        default=3, ge=0.25, le=168, description="no feed has answered for so long"
    )


class WebPart(Part):
    """The status page."""

    enabled: bool = Field(default=True, description="whether `run` serves it")
    host: Line = Field(
        default="127.0.0.1",
        description="address to listen on; it has no login, so keep it on loopback",
    )
    port: int = Field(default=8042, ge=1, le=65535, description="port to listen on")


class RivalsPart(Part):
    """Airfields that a landing may be confused with; their landings are not counted."""

    within_nm: float = Field(
        default=60, ge=0, le=250, description="shipped and own airfields this near a watched one"
    )
    add: list[Code] = Field(default=[], description="besides, these")
    exclude: list[Code] = Field(default=[], description="never these")
    priors: bool = Field(
        default=True,
        description="whether fields weigh by their `prior_weight` where the track tells no more; "
        "off: all alike",
    )


class Document(Part):
    """The whole configuration."""

    contact: Line | None = Field(
        default=None,
        description="how the feeds' operators can reach you, a mail address or a page: sent to "
        "them with every request",
    )
    data: Line | None = Field(
        default=None,
        description="folder for everything the collector writes; left out: $STATE_DIRECTORY "
        "(systemd), else ./var. A relative path starts where the collector is started",
    )
    database: Line = Field(
        default="collector.sqlite", description="the database; relative to `data`"
    )
    operators: list[Name] | None = Field(
        default=None,
        description="recipients told when the collector is blind, refused or broken; left out: "
        "every recipient",
    )
    dead_man_url: SecretText | None = Field(
        default=None,
        description="a page that is fetched while all is well, so that silence is noticed",
    )
    recipient: list[RecipientPart] | None = Field(
        default=None, description="who can be told; left out: `operator` at operator@localhost"
    )
    mail: MailPart = Field(default=MailPart(), description="how mail leaves")
    feeds: dict[FeedName, FeedPart] | None = Field(
        default=None, description="whom to ask; left out: adsblol"
    )
    hosts: dict[Line, FeedName] = Field(
        default={}, description="for `replay`: which feed a private host in a recording was"
    )
    visitors: VisitorsPart = Field(
        default=VisitorsPart(), description="who is followed though no watch names them"
    )
    recording: RecordingPart = Field(
        default=RecordingPart(), description="what is kept of the replies"
    )
    polling: PollingPart = Field(default=PollingPart(), description="how often feeds are asked")
    archives: ArchivesPart = Field(default=ArchivesPart(), description="where past data come from")
    health: HealthPart = Field(default=HealthPart(), description="when operators are told")
    web: WebPart = Field(default=WebPart(), description="the status page")
    rivals: RivalsPart = Field(
        default=RivalsPart(), description="airfields landings are confused with"
    )
    airfield: list[AirfieldPart] = Field(default=[], description="airfields of your own")
    watch: list[WatchPart] | None = Field(
        default=None, description="what is watched; left out: the shipped watch"
    )
