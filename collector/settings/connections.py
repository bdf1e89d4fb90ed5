"""Which feeds and archives are asked, and how does mail leave? The rooms that reach outside."""

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
from collector.settings.schema import ArchivesPart, Document, FeedPart, MailPart
from collector.settings.sources import Gathered, variable

_SECRETS = {"api_key", "client_id", "client_secret"}


def secret(value: SecretStr | None) -> Secret | None:
    """A credential as the rest of the program carries it; an empty one is none."""
    return Secret(value.get_secret_value()) if value and value.get_secret_value() else None


def feeds_from(
    document: Document, gathered: Gathered
) -> tuple[tuple[FeedSettings, ...], list[Mistake]]:
    """Every feed described. The default one needs no table; a secret alone makes no feed."""
    parts = {DEFAULT_FEED: FeedPart(), **(document.feeds or {})}
    feeds, mistakes = [], []
    for name, part in parts.items():
        said = part.model_fields_set - _SECRETS
        if name != DEFAULT_FEED and not said and not _has_table(gathered, name):
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
        )
        feeds.append(feed)
        if feed.enabled:
            mistakes += [_placed(gathered, feed, each) for each in catalogue.mistakes(feed)]
    if not any(feed.enabled for feed in feeds):
        where = f"{gathered.file}: feeds" if gathered.file else "feeds"
        mistakes.append(Mistake(where, "every feed is switched off: enable one"))
    return tuple(feeds), mistakes


def _has_table(gathered: Gathered, name: str) -> bool:
    """Whether the file itself has a table for this feed, were it empty."""
    table = gathered.values.get("feeds", {}).get(name, {})
    return not table or any(("feeds", name, key) not in gathered.origins for key in table)


def _placed(gathered: Gathered, feed: FeedSettings, mistake: Mistake) -> Mistake:
    """A feed's own mistake with its file, and for a missing secret with where it belongs."""
    steps = tuple(mistake.where.split("."))
    what = mistake.what
    if steps[-1] in _SECRETS and getattr(feed, steps[-1]) is None:
        what += (
            f": put it into a credential file named {mistake.where} or into the environment "
            f"variable {variable(steps)}"
        )
    return Mistake(gathered.where(steps, mistake.where), what)


def hosts_of(document: Document, feeds: tuple[FeedSettings, ...]) -> dict[str, str]:
    """Hosts of configured addresses, and those the configuration names for replay."""
    hosts = {}
    for feed in feeds:
        for url in (feed.traces, feed.url):
            if isinstance(url, str) and (host := urlsplit(url).hostname):
                hosts[host] = feed.name
    return {**hosts, **document.hosts}


def mail_from(part: MailPart, gathered: Gathered, data: Path) -> tuple[MailSettings, list[Mistake]]:
    """How mail leaves: by a server, else into a folder."""
    mistakes = []

    def wrong(key: str, what: str) -> None:
        mistakes.append(Mistake(gathered.where(("mail", key), f"mail.{key}"), what))

    if part.host is None and part.model_fields_set & {"port", "username", "password"}:
        wrong("host", "is missing: port, username and password need a server to be for")
    if part.host and bool(part.username) != bool(part.password):
        lacks = "password" if part.username else "username"
        place = (
            ": put it into a credential file named mail.password or into the environment "
            f"variable {variable(('mail', 'password'))}"
        )
        wrong(lacks, f"is missing: a login has both{place if lacks == 'password' else ''}")
    if part.security == "none" and part.username:
        wrong("security", '"none" would send the password unprotected: use starttls or tls')
    if part.host and part.sender.endswith("@localhost"):
        wrong("sender", "a mail server is named, so write an address that it may send from")
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
        ),
        mistakes,
    )


def archives_from(
    part: ArchivesPart, gathered: Gathered, data: Path
) -> tuple[ArchiveSettings, list[Mistake]]:
    """Where archives lie and come from."""
    mistakes = []
    for key, url in (("releases_url", part.releases_url), ("history_url", part.history_url)):
        if url is None:
            continue
        what = _not_fetched(url)
        if key == "releases_url" and "{year}" not in url:
            what = what or "has no {year} in it: every year has a list of its own"
        if key == "history_url" and (host := protected(url)):
            what = f"{host} asks not to be read by programs: name your own tar1090 instead"
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


def _not_fetched(url: str) -> str | None:
    """What keeps an address from being fetched from; None if nothing does."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("http", "https") or not host:
        return "is not an address that can be asked; write https://…"
    return None
