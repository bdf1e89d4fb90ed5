"""What must be in place before the daemon runs? Lock, database, feeds and jobs, built here."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

import structlog

from collector import __version__
from collector.clock import Clock, SystemClock
from collector.daemon.jobs import Jobs
from collector.daemon.scheduler import Daemon
from collector.daemon.systemd import SystemdNotifier
from collector.errors import ConfigError, Mistake
from collector.feeds import Feed, build, mistakes
from collector.feeds.base import Adapter
from collector.feeds.tracks import TrackSource, track_source
from collector.http import Http, Trust
from collector.lock import SingleInstance
from collector.notify.database_alarm import DatabaseAlarm
from collector.notify.delivery import sender_of
from collector.polling.poller import Poller
from collector.polling.track_fetcher import TrackFetcher, TrackRequester
from collector.queries import followed, watches_past
from collector.recording import Recorder
from collector.services import build_services
from collector.settings import Settings
from collector.settings.derived import areas, fleet
from collector.store import Store, outbox

log = structlog.get_logger(__name__)

OLD_MAIL_AFTER = timedelta(days=1)
"""A mail that was created so long ago is named in the log at the start."""


@contextmanager
def daemon(settings: Settings, environ: Mapping[str, str]) -> Iterator[Daemon]:
    """Build the daemon, alone on its database and ready to run; close everything at the end.

    Raises ConfigError if a feed cannot be built, StoreError if the database cannot be used or
    another collector has it, RecordingError if replies cannot be recorded.
    """
    clock = SystemClock()
    wrong = [mistake for feed in settings.feeds if feed.enabled for mistake in mistakes(feed)]
    if wrong:
        raise ConfigError([Mistake(mistake.where, mistake.what) for mistake in wrong])
    with ExitStack() as stack:
        lock = stack.enter_context(SingleInstance(settings.database))
        store = stack.enter_context(Store.open(settings.database))
        followed.begin_following(store, settings.watches, clock.now())
        watches = followed.with_times(settings, store).watches
        for warning in (*settings.warnings, *watches_past.warnings(store, watches)):
            log.warning("configuration warning", hint=warning)
        _warn_of_old_mails(store, clock.now())
        http = Http(
            contact=settings.contact,
            clock=clock,
            version=__version__,
            trust=Trust(settings.ca_files),
        )
        stack.callback(http.close)
        recorder = _recorder(settings, clock)
        if recorder is not None:
            stack.callback(recorder.close)
        feeds = {feed.name: build(feed, http, clock) for feed in settings.feeds if feed.enabled}
        jobs = build_jobs(settings, store, feeds, http=http, recorder=recorder, clock=clock)
        jobs.start_check.begin(clock.now())
        alarm = DatabaseAlarm(
            jobs.services.health, jobs.outbox_sender.sender, settings.database.name
        )
        yield Daemon(jobs, clock, alarm, SystemdNotifier(environ), lock.hold)


def build_jobs(
    settings: Settings,
    store: Store,
    feeds: Mapping[str, Feed],
    *,
    http: Http,
    recorder: Recorder | None,
    clock: Clock,
) -> Jobs:
    """Build every job of the daemon over these feeds, by their configured names.

    Raises StoreError.
    """
    track_sources = sources_of_tracks(settings, feeds)
    request_tracks = (
        TrackRequester(store, settings.watched, list(track_sources)).request_tracks
        if track_sources
        else None
    )
    services = build_services(settings, store, request_tracks)
    pollers = {
        name: Poller(
            feed=feed,
            store=store,
            pipeline=services.pipeline,
            health=services.health,
            polling=settings.polling,
            watched=settings.watched,
            fleet=fleet(settings),
            areas=areas(settings),
            recorder=recorder,
            clock=clock,
        )
        for name, feed in feeds.items()
    }
    return Jobs(
        services=services,
        clock=clock,
        http=http,
        pollers=pollers,
        outbox_sender=sender_of(settings, store, services.health, clock),
        started_at=clock.now(),
        track_fetcher=TrackFetcher(store, services.pipeline, track_sources, pollers, clock)
        if track_sources
        else None,
    )


def sources_of_tracks(settings: Settings, feeds: Mapping[str, Feed]) -> dict[str, TrackSource]:
    """Return where full tracks are kept, by the name of each feed that keeps them."""
    configured = {feed.name: feed for feed in settings.feeds}
    return {
        name: source
        for name, feed in feeds.items()
        if isinstance(feed, Adapter)
        and (source := track_source(configured[name], feed)) is not None
    }


def leave(exit_code: int | None) -> None:
    """End the process at once with this code; do nothing if it is None, as every job ended.

    A thread that still runs may hold the database or wait for a server. Every change is a
    transaction of its own, so that nothing is left half done.
    """
    if exit_code is not None:
        logging.shutdown()
        os._exit(exit_code)


def _warn_of_old_mails(store: Store, now: datetime) -> None:
    mails, oldest = outbox.waiting_since(store, now - OLD_MAIL_AFTER)
    if oldest is not None:
        log.warning(
            "old mails wait to be sent",
            mails=mails,
            oldest=oldest.isoformat(timespec="seconds"),
            hint="they are sent now; `collector outbox drop --before DAY` keeps such mails back",
        )


def _recorder(settings: Settings, clock: SystemClock) -> Recorder | None:
    if settings.recordings is None:
        return None
    return Recorder(
        settings.recordings,
        started_at=clock.now(),
        software=f"collector/{__version__}",
        contact=settings.contact,
    )
