"""What does this run do? The configuration, read, checked and put into final values."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from collector.errors import ConfigError, Mistake
from collector.model import Recipient
from collector.settings.airfields import resolve
from collector.settings.connections import archives_from, feeds_from, hosts_of, mail_from, secret
from collector.settings.defaults import DEFAULT_FEED, OPERATOR, rules_of, shipped_watch
from collector.settings.explain import rows
from collector.settings.mistakes import checked
from collector.settings.schema import Document, FeedPart, PollingPart
from collector.settings.sources import Gathered, gather
from collector.settings.values import PollingSettings, Settings, WebSettings
from collector.settings.visitors import visitors_from
from collector.settings.watch_schema import WatchPart
from collector.settings.watches import find_recipients, watches_from

SEARCHED = (Path("config/collector.toml"), Path("/etc/collector/collector.toml"))
"""Where a configuration is looked for when none is named, in order."""


def _there(path: Path) -> bool:
    """Whether it is to be read: also a file in a folder that may not be entered, which is then a
    mistake to be told, never one to be passed over for the defaults."""
    try:
        return path.is_file()
    except OSError:
        return True


def load(path: Path | None, *, environ: Mapping[str, str]) -> Settings:
    """The settings of the file at `path`, or of the first of SEARCHED, or the embedded defaults.

    Raises ConfigError with every mistake at once.
    """
    if path is None:
        path = next((each for each in SEARCHED if _there(each)), None)
    gathered = gather(path, environ)
    document, mistakes = checked(gathered, Document)
    mistakes = [*gathered.mistakes, *mistakes]
    settings, more = _assemble(document or Document(), gathered, environ)
    mistakes += [each for each in more if each not in mistakes]
    if mistakes:
        raise ConfigError(mistakes)
    return settings


def check(path: Path | None, environ: Mapping[str, str]) -> list[Mistake]:
    """Every mistake of a configuration; empty if it can be used."""
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
    watches, wrong = watches_from(parts, recipients, gathered)
    fields = resolve(document, parts, gathered)
    operators, unknown = find_recipients(
        document.operators, recipients, gathered.where(("operators",), "operators")
    )
    data = _data(document, environ)
    feeds, misfed = feeds_from(document, gathered)
    mail, unmailed = mail_from(document.mail, gathered, data)
    mistakes += [*wrong, *fields.mistakes, *unknown, *misfed, *unmailed]
    archives, unfetched = archives_from(document.archives, gathered, data)
    visitors, unnamed = visitors_from(document.visitors, watches, gathered)
    mistakes += [*unfetched, *unnamed, *_dead_man(document, gathered)]
    recording = document.recording
    settings = Settings(
        path=gathered.file,
        data=data,
        database=data / document.database,
        recordings=data / recording.folder if recording.enabled else None,
        keep_recordings=timedelta(days=recording.keep_days) if recording.keep_days else None,
        contact=document.contact,
        feeds=feeds,
        hosts=hosts_of(document, feeds),
        airfields=fields.airfields,
        watches=watches,
        visitors=visitors,
        operators=operators,
        mail=mail,
        blind_after=timedelta(hours=document.health.blind_after_hours),
        web=WebSettings(**document.web.model_dump()),
        dead_man_url=secret(document.dead_man_url),
        polling=_polling(document.polling),
        archives=archives,
        explained=rows(_effective(document, parts, data), gathered),
    )
    warnings = (*gathered.warnings, *_warnings(document, settings))
    return replace(settings, warnings=warnings), mistakes


def _polling(part: PollingPart) -> PollingSettings:
    return PollingSettings(
        far=timedelta(seconds=part.far_s),
        near=timedelta(seconds=part.near_s),
        inbound=timedelta(seconds=part.inbound_s),
        area_radius_nm=part.area_radius_nm,
    )


def _dead_man(document: Document, gathered: Gathered) -> list[Mistake]:
    url = secret(document.dead_man_url)
    if url is None or url.reveal().startswith(("https://", "http://")):
        return []
    where = gathered.where(("dead_man_url",), "dead_man_url")
    return [Mistake(where, "must be the address of a page, beginning with https://")]


def _effective(document: Document, parts: list[WatchPart], data: Path) -> Document:
    """The document with the defaults that are not written in the schema filled in."""
    return document.model_copy(
        update={
            "data": str(data),
            "recipient": document.recipient or [OPERATOR],
            "feeds": {DEFAULT_FEED: FeedPart(), **(document.feeds or {})},
            "watch": [part.model_copy(update={"rule": list(rules_of(part))}) for part in parts],
        }
    )


def _data(document: Document, environ: Mapping[str, str]) -> Path:
    """systemd may name several state directories, separated by colons; the first is ours."""
    state = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(document.data or state or "var")


def _recipients(
    document: Document, gathered: Gathered
) -> tuple[dict[str, Recipient], list[Mistake]]:
    recipients: dict[str, Recipient] = {}
    mistakes = []
    for part in document.recipient or [OPERATOR]:
        if part.name in recipients:
            where = f"{gathered.prefix}recipient[{part.name}]"
            mistakes.append(Mistake(where, "this name is given more than once"))
        recipients[part.name] = Recipient(part.name, part.address)
    for table in gathered.tables("recipient"):
        # Who was written wrongly is a mistake of its own; naming them elsewhere is none.
        if isinstance(name := table.get("name"), str):
            recipients.setdefault(name, Recipient(name, ""))
    return recipients, mistakes


def _warnings(document: Document, settings: Settings) -> list[str]:
    """What works, but should be seen at every start."""
    warnings = []
    if document.contact is None:
        warnings.append(
            "no `contact` is set: feeds cannot reach you before they block you; set it to your "
            "mail address"
        )
    if settings.mail.host is None:
        folder = settings.mail.folder
        warnings.append(f"no `mail.host` is set: mails are written into {folder}, not sent")
    elif document.recipient is None:
        warnings.append("no [[recipient]] is set: mails go to operator@localhost")
    for watch in settings.watches:
        if not watch.recipients:
            warnings.append(f'nobody is told what the watch "{watch.name}" finds')
    if not settings.operators:
        warnings.append("nobody is told when the collector is blind or broken")
    if document.web.enabled and not _loopback(document.web.host):
        warnings.append(
            f"the status page listens on {document.web.host}, where others can read it: it has "
            "no login"
        )
    return warnings


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
