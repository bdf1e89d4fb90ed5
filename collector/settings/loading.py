"""How does a configuration become settings? The sources are read, checked and resolved.

Every mistake is collected before ConfigError is raised, so that an operator sees all at once.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from collector.disclosure.delay import Delay
from collector.errors import ConfigError, Mistake, NoTimeZones
from collector.model import Recipient
from collector.settings.airfields import resolve
from collector.settings.connections import (
    archives_from,
    ca_files_of,
    feeds_from,
    hosts_of,
    mail_from,
    secret,
)
from collector.settings.defaults import DEFAULT_FEED, OPERATOR, rules_of, shipped_watch
from collector.settings.explain import rows
from collector.settings.mistakes import checked
from collector.settings.schema import Document, FeedPart, PollingPart
from collector.settings.sources import Gathered, gather
from collector.settings.stamps import stamps_from
from collector.settings.values import PollingSettings, Settings
from collector.settings.visitors import visitors_from
from collector.settings.watch_schema import WatchPart
from collector.settings.watches import find_recipients, watches_from
from collector.settings.web_schema import web_settings
from collector.settings.webhooks import services_from, webhooks_from
from collector.webhook import address_of, apprise_address_of, is_webhook

SERVICE_FILE = Path("/etc/collector/collector.toml")
SERVICE_DATA = "/var/lib/collector"
"""Configuration and data of the service: `ConfigurationDirectory` and `StateDirectory` of its unit
(systemd.exec(5))."""

SEARCHED = (Path("config/collector.toml"), SERVICE_FILE)
"""Where a configuration is searched if none is named, in order."""


def _may_exist(path: Path) -> bool:
    """Return whether to read the file.

    A file in a folder that may not be entered is read too: this gives a mistake, where using the
    defaults would hide the file from the operator.
    """
    try:
        return path.is_file()
    except OSError:
        return True


def load(path: Path | None, *, environ: Mapping[str, str], secrets_needed: bool = True) -> Settings:
    """Return the settings of the file at `path`, of the first file of SEARCHED, or the defaults.

    systemd gives secrets to the service alone. Unless `secrets_needed`, one that is missing is
    therefore no mistake. Raises ConfigError with every mistake, NoTimeZones.
    """
    _must_know_time_zones()
    settings, mistakes = load_usable(path, environ=environ)
    mistakes = [mistake for mistake in mistakes if secrets_needed or not mistake.missing_secret]
    if mistakes:
        raise ConfigError(mistakes)
    return settings


def load_usable(path: Path | None, *, environ: Mapping[str, str]) -> tuple[Settings, list[Mistake]]:
    """Return the settings without what is wrong in them, and every mistake.

    For telling somebody of the mistakes, or that there are no time zones: nothing else may be done
    with such settings.
    """
    if path is None:
        path = next((file for file in SEARCHED if _may_exist(file)), None)
    gathered = gather(path, environ)
    document, mistakes = checked(gathered, Document)
    mistakes = [*gathered.mistakes, *mistakes]
    settings, more = _assemble(document or Document(), gathered, environ)
    if gathered.salvaged:  # the others may be about what the broken lines say
        return settings, gathered.mistakes
    return settings, mistakes + [mistake for mistake in more if mistake not in mistakes]


def _must_know_time_zones() -> None:
    """Raise NoTimeZones where neither the system has them nor the package that we require."""
    try:
        ZoneInfo("UTC")
    except ZoneInfoNotFoundError as error:
        raise NoTimeZones(
            "this machine knows no time zones: install the package `tzdata` into the collector's "
            f"Python (`{sys.executable} -m pip install tzdata`), or the system's package tzdata"
        ) from error


def check(path: Path | None, environ: Mapping[str, str]) -> list[Mistake]:
    """Return every mistake of a configuration; empty if the configuration can be used."""
    try:
        load(path, environ=environ)
    except ConfigError as error:
        return list(error.mistakes)
    return []


def _assemble(
    document: Document, gathered: Gathered, environ: Mapping[str, str]
) -> tuple[Settings, list[Mistake]]:
    recipients, mistakes = _recipients(document, gathered)
    parts = [shipped_watch()] if document.watch is None else document.watch
    watches, watch_mistakes = watches_from(parts, recipients, gathered)
    airfields = resolve(document, parts, gathered)
    operators, operator_mistakes = find_recipients(
        document.operators, recipients, gathered.where(("operators",), "operators")
    )
    data = _data(document, gathered.file, environ)
    feeds, feed_mistakes = feeds_from(document, gathered)
    mail, mail_mistakes = mail_from(document.mail, gathered, data)
    webhooks, webhook_mistakes = webhooks_from(document.webhooks, gathered)
    services, service_mistakes = services_from(document.apprise, gathered)
    stamps, stamp_mistakes = stamps_from(document.stamps, gathered)
    archives, archive_mistakes = archives_from(document.archives, gathered, data)
    visitors, visitor_mistakes = visitors_from(document.visitors, watches, gathered)
    mistakes += [
        *watch_mistakes,
        *airfields.mistakes,
        *operator_mistakes,
        *feed_mistakes,
        *mail_mistakes,
        *webhook_mistakes,
        *service_mistakes,
        *archive_mistakes,
        *stamp_mistakes,
        *visitor_mistakes,
        *_dead_man_mistakes(document, gathered),
    ]
    recording = document.recording
    settings = Settings(
        path=gathered.file,
        data=data,
        database=data / document.database,
        recordings=data / recording.folder if recording.enabled else None,
        keep_recordings=_days(recording.keep_days),
        prune_after=_days(document.retention.prune_after_days),
        contact=document.contact,
        feeds=feeds,
        hosts=hosts_of(document, feeds),
        ca_files=ca_files_of(feeds),
        airfields=airfields.airfields,
        watches=watches,
        visitors=visitors,
        operators=operators,
        mail=mail,
        webhooks=webhooks,
        apprise=services,
        blind_after=timedelta(hours=document.health.blind_after_hours),
        web=web_settings(document.web),
        dead_man_url=secret(document.dead_man_url),
        polling=_polling(document.polling),
        archives=archives,
        disclosure=Delay(
            timedelta(hours=document.publishing.after_departure_hours),
            timedelta(hours=document.publishing.after_touchdown_hours),
        ),
        stamps=stamps,
        published_url=document.publishing.url,
        explained=rows(_effective(document, parts, data), gathered),
    )
    warnings = (*gathered.warnings, *_warnings(document, settings))
    return replace(settings, warnings=warnings), mistakes


def _days(number: int | None) -> timedelta | None:
    """Return so many days; None for none or 0, which mean never."""
    return timedelta(days=number) if number else None


def _polling(part: PollingPart) -> PollingSettings:
    return PollingSettings(
        far=timedelta(seconds=part.far_s),
        near=timedelta(seconds=part.near_s),
        inbound=timedelta(seconds=part.inbound_s),
        area_radius_nm=part.area_radius_nm,
    )


def _dead_man_mistakes(document: Document, gathered: Gathered) -> list[Mistake]:
    url = secret(document.dead_man_url)
    if url is None or url.reveal().startswith(("https://", "http://")):
        return []
    where = gathered.where(("dead_man_url",), "dead_man_url")
    return [Mistake(where, "must be a web address beginning with https://")]


def _effective(document: Document, parts: list[WatchPart], data: Path) -> Document:
    """Return the document with those defaults filled in that the schema does not hold."""
    return document.model_copy(
        update={
            "data": str(data),
            "recipient": document.recipient or [OPERATOR],
            "feeds": {DEFAULT_FEED: FeedPart(), **(document.feeds or {})},
            "watch": [part.model_copy(update={"rule": list(rules_of(part))}) for part in parts],
        }
    )


def _data(document: Document, file: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the folder for data. systemd may name several, separated by colons: use the first.

    systemd names it to the service alone. A command that an operator runs finds the service by its
    configuration.
    """
    state = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    if not state and file == SERVICE_FILE:
        state = SERVICE_DATA
    return Path(document.data or state or "var")


def _recipients(
    document: Document, gathered: Gathered
) -> tuple[dict[str, Recipient], list[Mistake]]:
    recipients: dict[str, Recipient] = {}
    mistakes = []
    for part in document.recipient or [OPERATOR]:
        if part.name in recipients:
            where = f"{gathered.prefix('recipient')}recipient[{part.name}]"
            mistakes.append(Mistake(where, "this name is given more than once"))
        recipients[part.name] = Recipient(part.name, part.address)
    others = [("webhooks", name, address_of(name)) for name in document.webhooks]
    others += [("apprise", name, apprise_address_of(name)) for name in document.apprise]
    for table, name, address in others:
        if name in recipients:
            where = f"{gathered.prefix(table)}{table}.{name}"
            mistakes.append(Mistake(where, "another recipient has this name already"))
        recipients[name] = Recipient(name, address)
    for written in gathered.tables("recipient"):
        # A recipient with a mistake is reported once, not again wherever the name is used.
        if isinstance(given := written.get("name"), str):
            recipients.setdefault(given, Recipient(given, ""))
    return recipients, mistakes


def _warnings(document: Document, settings: Settings) -> list[str]:
    """Return what works, but what an operator should read at every start."""
    warnings = []
    if document.contact is None:
        warnings.append(
            "`contact` is not set, so a feed's operators cannot write to you before they block "
            "you; set it to your mail address"
        )
    if settings.mail.host is None:
        folder = settings.mail.folder
        warnings.append(f"`mail.host` is not set, so mails are written into {folder} and not sent")
    elif document.recipient is None:
        warnings.append("there is no [[recipient]], so mails go to operator@localhost")
    for watch in settings.watches:
        if not watch.recipients:
            warnings.append(
                f'the watch "{watch.name}" has no recipients, so its mails go to nobody'
            )
    if not settings.operators:
        warnings.append(
            "`operators` is empty, so nobody gets a mail when the collector itself fails"
        )
    has_server = settings.mail.host is not None
    mailed = any(has_server or is_webhook(each.address) for each in settings.operators)
    if not mailed and settings.dead_man_url is None:
        warnings.append(
            "nobody would be told if the collector went blind or stopped; set `mail.host` with "
            "`operators`, or `dead_man_url`, best both"
        )
    if document.web.enabled and not _loopback(document.web.host):
        warnings.append(
            f"the status page has no login, and others can read it at {document.web.host}; keep "
            "`web.host` on 127.0.0.1"
        )
    return warnings


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
