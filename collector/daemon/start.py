"""What must be in place before the daemon works? Everything is built here, and taken down."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import structlog

from collector import __version__
from collector.clock import Clock, SystemClock
from collector.daemon.jobs import Jobs
from collector.daemon.scheduler import Daemon
from collector.daemon.systemd import SystemdNotifier
from collector.errors import ConfigError, Mistake
from collector.feeds import build, mistakes
from collector.feeds.base import Adapter
from collector.feeds.tracks import traces
from collector.http import Http
from collector.lock import SingleInstance
from collector.mail import outgoing
from collector.notify.delivery import OutboxSender
from collector.notify.health import DatabaseAlarm
from collector.polling.poller import Poller
from collector.polling.track_fetcher import TrackFetcher, TrackRequester
from collector.recording import Recorder
from collector.services import Services, areas, build_services, default_mail_folder, fleet
from collector.settings import Settings
from collector.store import Store

log = structlog.get_logger(__name__)


@contextmanager
def daemon(settings: Settings, environ: Mapping[str, str]) -> Iterator[Daemon]:
    """The daemon, ready to run, alone on its database.

    Raises ConfigError if a feed cannot be built, StoreError if the database cannot be used or
    another collector has it, RecordingError if replies cannot be kept.
    """
    clock = SystemClock()
    wrong = [one for feed in settings.feeds if feed.enabled for one in mistakes(feed)]
    if wrong:
        raise ConfigError([Mistake(one.where, one.what) for one in wrong])
    with ExitStack() as stack:
        stack.enter_context(SingleInstance(settings.database))
        store = stack.enter_context(Store.open(settings.database))
        for warning in settings.warnings:
            log.warning("configuration", hint=warning)
        whole = build_services(settings, store)
        http = Http(contact=settings.contact, clock=clock, version=__version__)
        stack.callback(http.close)
        recorder = _recorder(settings, clock)
        if recorder is not None:
            stack.callback(recorder.close)
        sending = sending_of(whole, clock)
        pollers = _pollers(whole, http, recorder, clock)
        jobs = Jobs(
            services=whole,
            clock=clock,
            http=http,
            pollers=pollers,
            outbox_sender=sending,
            started_at=clock.now(),
            fetcher=fetcher(whole, pollers, clock),
        )
        alarm = DatabaseAlarm(whole.health, sending.sender, settings.database.name)
        yield Daemon(jobs, clock, alarm, SystemdNotifier(environ))


def sending_of(whole: Services, clock: SystemClock) -> OutboxSender:
    """The outbox's way out, as configured."""
    settings = whole.settings
    return OutboxSender(
        store=whole.store,
        sender=outgoing(settings.mail, default_mail_folder(settings)),
        sender_address=settings.mail.sender,
        health=whole.health,
        clock=clock,
    )


def fetcher(whole: Services, pollers: Mapping[str, Poller], clock: Clock) -> TrackFetcher | None:
    """Who asks for full tracks, where a feed keeps them; the line then notes what is owed."""
    asked = {feed.name: feed for feed in whole.settings.feeds if feed.enabled}
    sources = {
        name: source
        for name, poller in pollers.items()
        if isinstance(poller.feed, Adapter)
        and (source := traces(asked[name], poller.feed)) is not None
    }
    if not sources:
        return None
    whole.pipeline.track_requester = TrackRequester(
        whole.store, whole.settings.watched, list(sources)
    )
    return TrackFetcher(whole, sources, pollers, clock)


def leave(*, ended: bool) -> None:
    """End the process: at once if a thread still waits for a server that does not answer.

    Every change is a transaction of its own, so that nothing is half done.
    """
    if not ended:
        os._exit(0)


def _recorder(settings: Settings, clock: SystemClock) -> Recorder | None:
    if settings.recordings is None:
        return None
    return Recorder(
        settings.recordings,
        started_at=clock.now(),
        software=f"collector/{__version__}",
        contact=settings.contact,
    )


def _pollers(
    whole: Services, http: Http, recorder: Recorder | None, clock: SystemClock
) -> dict[str, Poller]:
    return {
        feed.name: Poller(
            feed=build(feed, http, clock),
            services=whole,
            fleet=fleet(whole.settings),
            areas=areas(whole.settings),
            recorder=recorder,
            clock=clock,
        )
        for feed in whole.settings.feeds
        if feed.enabled
    }
