"""Which feeds, archives and mail server does a configuration describe?

Each function returns the settings of one kind, with the mistakes that the schema cannot find.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from collector.archives.config import ArchiveSettings
from collector.errors import Mistake
from collector.feeds import catalogue
from collector.feeds.config import FeedSettings
from collector.mail.config import MailSettings, Security
from collector.model.terms import protected
from collector.secret import Secret
from collector.settings.defaults import DEFAULT_FEED
from collector.settings.schema import Document, FeedPart, MailPart
from collector.settings.sources import Gathered, where_to_put
from collector.settings.storage_schema import ArchivesPart

_SECRETS = {"api_key", "client_id", "client_secret"}


def secret(value: SecretStr | None) -> Secret | None:
    """Return a credential that prints as stars; None if the value is missing or empty."""
    return Secret(value.get_secret_value()) if value and value.get_secret_value() else None


def feeds_from(
    document: Document, gathered: Gathered
) -> tuple[tuple[FeedSettings, ...], list[Mistake]]:
    """Return every feed of the configuration, and the mistakes in them.

    The default feed needs no table. A secret alone describes no feed.
    """
    parts = {DEFAULT_FEED: FeedPart(), **(document.feeds or {})}
    feeds, mistakes = [], []
    for name, part in parts.items():
        has_settings = bool(part.model_fields_set - _SECRETS)
        if name != DEFAULT_FEED and not has_settings and not _has_table(gathered, name):
            continue
        feed = FeedSettings(
            name=name,
            kind=part.kind or name,
            enabled=part.enabled,
            url=part.url,
            consent=part.consent,
            api_key=secret(part.api_key),
            client_id=secret(part.client_id),
            client_secret=secret(part.client_secret),
            daily_requests=part.daily_requests,
            header=part.header,
            token_url=part.token_url,
            traces=part.traces,
            ca_file=Path(part.ca_file) if part.ca_file else None,
        )
        feeds.append(feed)
        if feed.enabled:
            mistakes += [
                _with_place(gathered, feed, mistake)
                for mistake in [*catalogue.mistakes(feed), *_ca_mistakes(feed)]
            ]
    if not any(feed.enabled for feed in feeds):
        where = f"{gathered.file}: feeds" if gathered.file else "feeds"
        mistakes.append(Mistake(where, "every feed is switched off; enable at least one"))
    return tuple(feeds), mistakes


def _has_table(gathered: Gathered, name: str) -> bool:
    """Return whether the file itself has a table for this feed, even an empty one."""
    table = gathered.values.get("feeds", {}).get(name, {})
    return not table or any(("feeds", name, key) not in gathered.origins for key in table)


def _with_place(gathered: Gathered, feed: FeedSettings, mistake: Mistake) -> Mistake:
    """Return a feed's mistake with its file and, for a missing secret, where to put the secret."""
    steps = tuple(mistake.where.split("."))
    missing = steps[-1] in _SECRETS and getattr(feed, steps[-1]) is None
    what = mistake.what + (where_to_put(steps) if missing else "")
    return Mistake(gathered.where(steps, mistake.where), what, missing_secret=missing)


def _ca_mistakes(feed: FeedSettings) -> list[Mistake]:
    """Return why the certificates of a feed are of no use; empty if they are."""
    if feed.ca_file is None or ca_files_of((feed,)):
        return []
    what = "is of no use without an address of your own: https://… in `url`"
    return [Mistake(f"feeds.{feed.name}.ca_file", what)]


def ca_files_of(feeds: tuple[FeedSettings, ...]) -> dict[str, Path]:
    """Return the file of certificates for each host of an enabled feed that names one."""
    return {
        host: feed.ca_file
        for feed in feeds
        for url in (feed.url, feed.traces, feed.token_url)
        if feed.enabled and feed.ca_file and isinstance(url, str) and url.startswith("https://")
        if (host := _hostname(url))
    }


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None  # a mistake of its own


def hosts_of(document: Document, feeds: tuple[FeedSettings, ...]) -> dict[str, str]:
    """Return the feed of each host: of the configured addresses, and of `hosts` for replay."""
    hosts = {}
    for feed in feeds:
        for url in (feed.traces, feed.url):
            if isinstance(url, str) and (host := urlsplit(url).hostname):
                hosts[host] = feed.name
    return {**hosts, **document.hosts}


def mail_from(part: MailPart, gathered: Gathered, data: Path) -> tuple[MailSettings, list[Mistake]]:
    """Return how mails are sent, by a server or into a folder, and the mistakes in this."""
    mistakes = []

    def report(key: str, what: str, *, missing_secret: bool = False) -> None:
        where = gathered.where(("mail", key), f"mail.{key}")
        mistakes.append(Mistake(where, what, missing_secret))

    if part.host is None and part.model_fields_set & {"port", "username", "password"}:
        report("host", "is missing: port, username and password need a server")
    if part.host and part.password and not part.username:
        report("username", "is missing: a login needs both")
    if part.host and part.username and not part.password:
        place = where_to_put(("mail", "password"))
        report("password", f"is missing: a login needs both{place}", missing_secret=True)
    if part.security == "none" and part.username:
        report("security", '"none" would send the password unencrypted; use "starttls" or "tls"')
    if part.host and part.sender.endswith("@localhost"):
        report("sender", "a mail server is configured; write an address that it may send from")
    return (
        MailSettings(
            folder=data / part.folder,
            host=part.host,
            port=part.port,
            security=Security(part.security),
            username=part.username,
            password=secret(part.password),
            sender=part.sender,
            ca_file=Path(part.ca_file) if part.ca_file else None,
            timeout=timedelta(seconds=part.timeout_s),
            conversation=timedelta(seconds=min(540, max(60, 2 * part.timeout_s))),
            client_name=part.client_name,
        ),
        mistakes,
    )


def archives_from(
    part: ArchivesPart, gathered: Gathered, data: Path
) -> tuple[ArchiveSettings, list[Mistake]]:
    """Return where archives are fetched from and kept, and the mistakes in this."""
    mistakes = []
    for key, url in (("releases_url", part.releases_url), ("history_url", part.history_url)):
        if url is None:
            continue
        what = _address_mistake(url)
        if key == "releases_url" and "{year}" not in url:
            what = what or "must contain {year}, because every year has its own list"
        if key == "history_url" and (host := protected(url)):
            what = f"{host} asks not to be read by programs; name your own tar1090 instead"
        if what:
            mistakes.append(Mistake(gathered.where(("archives", key), f"archives.{key}"), what))
    return (
        ArchiveSettings(
            folder=data / part.folder,
            releases_url=part.releases_url,
            history_url=part.history_url,
            disk_budget_gb=part.disk_budget_gb,
        ),
        mistakes,
    )


def _address_mistake(url: str) -> str | None:
    """Return why nothing can be fetched from an address; None if it is usable."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("http", "https") or not host:
        return "is not a web address; write https://…"
    return None
