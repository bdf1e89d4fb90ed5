"""`init` and `check`: the configuration before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, emit, now

if TYPE_CHECKING:
    from collector.http import Http
    from collector.settings import Settings
    from collector.store import Store

PLACE = Path("config/collector.toml")


@click.command()
@click.option("--probe", is_flag=True, help="Also ask each feed once and send a test mail.")
@click.option("--explain", is_flag=True, help="Show each value and where it comes from.")
@click.option("--json", "as_json", is_flag=True, help="Like --explain, as one JSON array.")
@click.pass_obj
def check(tool: Invocation, *, probe: bool, explain: bool, as_json: bool) -> None:
    """Check the configuration; exit 78 with every mistake listed if it cannot be used."""
    from collector.reports.tables import table

    settings = tool.settings
    _feeds_can_be_built(settings)
    for warning in settings.warnings:
        click.echo(f"collector: note: {warning}", err=True)
    where = str(settings.path) if settings.path else "embedded defaults"
    click.echo(f"{where}: no mistakes", err=True)
    if explain or as_json:
        rows = [
            {"key": one.key, "value": one.value, "source": one.source} for one in settings.explained
        ]
        head = ("KEY", "VALUE", "SOURCE")
        cells = [list(row.values()) for row in rows]
        emit(rows, as_json=as_json, text=lambda: table(head, cells))
    if probe:
        tool.logging()
        failures = [*_probe_feeds(settings), *_probe_mail(settings)]
        if failures:
            raise SystemExit(1)


def _feeds_can_be_built(settings: Settings) -> None:
    from collector.errors import ConfigError, Mistake
    from collector.feeds import mistakes

    wrong = [one for feed in settings.feeds if feed.enabled for one in mistakes(feed)]
    if wrong:
        file = f"{settings.path}: " if settings.path else ""
        raise ConfigError([Mistake(f"{file}{one.where}", one.what) for one in wrong])


def _probe_feeds(settings: Settings) -> Iterator[str]:
    """Ask each enabled feed its first question; yields those that fail.

    What it costs is noted, and a feed that answers is no longer parked.
    """
    from collector import __version__
    from collector.clock import SystemClock
    from collector.http import Http
    from collector.store import Store

    clock = SystemClock()
    http = Http(contact=settings.contact, clock=clock, version=__version__)
    try:
        with Store.open(settings.database) as store:
            for feed in settings.feeds:
                if feed.enabled and not _probe_feed(settings, feed.name, http, store):
                    yield feed.name
    finally:
        http.close()


def _probe_feed(settings: Settings, name: str, http: Http, store: Store) -> bool:
    from collector.clock import SystemClock
    from collector.decode import decode
    from collector.errors import DecodeError, FeedError
    from collector.feeds import build
    from collector.settings.derived import areas, fleet
    from collector.store import feeds
    from collector.untrusted import visible

    at = now()
    described = next(one for one in settings.feeds if one.name == name)
    feed = build(described, http, SystemClock())
    feed.budget.resume(feeds.spending(store, name, at), at)
    before = feed.budget.spent(at)
    asks = feed.asks(fleet(settings).fleet_addresses(at.date()), areas(settings))
    try:
        reply = feed.fetch(asks[-1])
        snapshot = decode(reply.format, reply.body, received_at=reply.received_at)
    except (FeedError, DecodeError) as error:
        click.echo(f"feed {name}: {visible(str(error))}", err=True)
        return False
    finally:
        feeds.store_spending(store, name, at, max(0, feed.budget.spent(at) - before))
    feeds.end_back_off(store, name)
    click.echo(f"feed {name}: answers, {len(snapshot.rows)} aircraft", err=True)
    return True


def _probe_mail(settings: Settings) -> Iterator[str]:
    """Send everybody a test mail; yields the addresses it does not leave for."""
    from collector.errors import MailError
    from collector.mail import outgoing
    from collector.model.notice import Message, Owed
    from collector.settings.derived import default_mail_folder
    from collector.untrusted import visible

    at = now()
    sender = outgoing(settings.mail, default_mail_folder(settings))
    said = "This is a test: mails of the landing collector reach you. Nothing has happened."
    for recipient in settings.recipients:
        owed = Owed(
            key=f"test:{at.isoformat()}:{recipient.name}",
            recipient=recipient,
            message=Message("Test of the landing collector", said, f"<p>{said}</p>"),
            created_at=at,
        )
        try:
            sender.send(owed)
        except MailError as error:
            click.echo(f"mail to {recipient.name}: {visible(str(error))}", err=True)
            yield recipient.address
        else:
            click.echo(f"mail to {recipient.name}: taken", err=True)
