"""Can the configuration be used? `check` lists every mistake, and with `--probe` tries it out.

The probe asks each enabled feed once and sends every recipient a test mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.output import emit, say, terminal_width
from collector.untrusted import visible

if TYPE_CHECKING:
    from collector.errors import Mistake
    from collector.http import Http
    from collector.settings import Settings
    from collector.store import Store


@click.command()
@click.option("--probe", is_flag=True, help="Also ask each feed once and send a test mail.")
@click.option("--explain", is_flag=True, help="Show each value and where it comes from.")
@click.option("--json", "as_json", is_flag=True, help="Like --explain, as one JSON array.")
@click.pass_obj
def check(invocation: Invocation, *, probe: bool, explain: bool, as_json: bool) -> None:
    """List every mistake in the configuration.

    How often each rule fires by chance is said too, as far as the stored past tells. The exit code
    is 78 if there is a mistake. With --probe it is 1 if a feed does not answer or a mail cannot be
    sent.
    """
    from collector.reports.tables import table

    settings = invocation.demand_secrets()
    _check_feeds(settings)
    for warning in settings.warnings:
        say(f"collector: note: {warning}")
    where = str(settings.path) if settings.path else "built-in defaults"
    say(f"{where}: no mistakes")
    if explain or as_json:
        rows = [
            {"key": row.key, "value": row.value, "source": row.source} for row in settings.explained
        ]
        head = ("KEY", "VALUE", "SOURCE")
        cells = [list(row.values()) for row in rows]
        emit(rows, as_json=as_json, text=lambda: table(head, cells, width=terminal_width()))
    _say_what_is_stored(invocation)
    if probe:
        invocation.configure_logs()
        with invocation.open_store_or_empty() as store:
            failures = [*_probe_feeds(settings, store), *_probe_mail(settings)]
        if failures:
            raise SystemExit(1)


def _say_what_is_stored(invocation: Invocation) -> None:
    """Say what the database tells of the configuration: watches that are gone, rules' chances.

    One that cannot be read, as it is still to be migrated, is no mistake of the configuration.
    """
    from collector.cli import chance
    from collector.errors import StoreError
    from collector.queries import unconfigured_watches

    settings = invocation.settings
    try:
        with invocation.open_read_only_or_empty(quiet=True) as services:
            names = [watch.name for watch in settings.watches]
            for warning in unconfigured_watches.warnings(services.store, names):
                say(f"collector: note: {warning}")
            for line in chance.rule_lines(services.chances, settings.watches, now()):
                say(line)
    except StoreError as error:
        say(f"collector: note: the stored past tells nothing of it: {error}")


def _check_feeds(settings: Settings) -> None:
    """Raise ConfigError if an enabled feed could not be built, or a certificate cannot be read."""
    from collector.errors import ConfigError, Mistake
    from collector.feeds import mistakes

    if settings.ca_files:
        from collector.http import Trust

        Trust(settings.ca_files)
    found = [mistake for feed in settings.feeds if feed.enabled for mistake in mistakes(feed)]
    found += _stamp_mistakes(settings)
    if found:
        file = f"{settings.path}: " if settings.path else ""
        raise ConfigError([Mistake(f"{file}{mistake.where}", mistake.what) for mistake in found])


def _stamp_mistakes(settings: Settings) -> Iterator[Mistake]:
    """Yield why the certificates of an authority for time stamps cannot be used."""
    from collector.errors import Mistake, StampError
    from collector.timestamps import read_certificates

    for authority in settings.stamps:
        try:
            read_certificates(authority.certificates)
        except StampError as error:
            yield Mistake(f"stamps.{authority.name}.certificates", str(error))


def _probe_feeds(settings: Settings, store: Store) -> Iterator[str]:
    """Poll each enabled feed once; yield the names of those that fail.

    The requests are charged to the feed's budget. A feed that answers is no longer backed off from.
    """
    from collector import __version__
    from collector.clock import SystemClock
    from collector.http import Http, Trust
    from collector.store.host_paces import host_paces

    clock = SystemClock()
    http = Http(
        contact=settings.contact,
        clock=clock,
        version=__version__,
        trust=Trust(settings.ca_files),
    )
    try:
        http.lanes.resume(host_paces(store))
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

    at = now()
    configured = next(feed for feed in settings.feeds if feed.name == name)
    feed = build(configured, http, SystemClock())
    feed.budget.resume(feeds.spending(store, name, at), at)
    before = feed.budget.spent(at)
    asks = feed.asks(fleet(settings).fleet_addresses(at.date()), areas(settings))
    try:
        reply = feed.fetch(asks[-1])
        snapshot = decode(reply.format, reply.body, received_at=reply.received_at)
    except (FeedError, DecodeError) as error:
        say(f"feed {name}: {_of_one_attempt(error)}")
        return False
    finally:
        feeds.store_spending(store, name, at, max(0, feed.budget.spent(at) - before))
    feeds.end_back_off(store, name)
    say(f"feed {name}: answers, {len(snapshot.rows)} aircraft")
    return True


def _of_one_attempt(error: Exception) -> str:
    """Return what an error says, without the promise that the daemon will try again."""
    return visible(re.sub(r"; (?:tried again later|will be tried again)\b", "", str(error)))


def _probe_mail(settings: Settings) -> Iterator[str]:
    """Send every recipient a test mail; yield the addresses for which that fails."""
    from collector.clock import SystemClock
    from collector.errors import MailError
    from collector.model.notice import Message, Owed
    from collector.notify.channels import channels

    at = now()
    sender = channels(settings, SystemClock())
    text = "This is a test. Messages of the landing collector reach you. Nothing has happened."
    for recipient in settings.recipients:
        notice = Owed(
            key=f"test:{at.isoformat()}:{recipient.name}",
            recipient=recipient,
            message=Message("Test of the landing collector", text, f"<p>{text}</p>"),
            created_at=at,
        )
        try:
            sender.send(notice)
        except MailError as error:
            say(f"mail to {recipient.name}: {_of_one_attempt(error)}")
            yield recipient.address
        else:
            say(f"mail to {recipient.name}: accepted")
