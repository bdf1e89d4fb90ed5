"""What would the collector have found then? Recordings go through the whole pipeline once more.

The clock is the recording's. A gap in a recording is a time in which the collector did not run.
Whatever waits for time to pass (a silence that becomes evidence, a day or a week that ends) happens
at the recording's time, before the next record. So a replay makes the landings and alerts that a
daemon would have made, and a second replay changes nothing. It queues no digest: the daemon mails
those that are due, and `collector digest --week` prints any.

A daemon derives an aircraft's landings at each reply that has it; a replay does so at each quarter
of an hour of the recording, before anything else that falls due then. It says as much of a landing,
up to a quarter of an hour later, and reads its hours of reports once for many replies. What a
killed replay stored and had not derived yet, the next one derives before it reads anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collector.backfill.derive import SilentProgress, derive
from collector.model.coverage import SLOT, slot_begin
from collector.model.followed import Span
from collector.queries import followed
from collector.recording import Recorded
from collector.services import Services
from collector.store import rederivation_queue
from collector.store.rederivation_queue import EVERY_AIRCRAFT
from collector.weeks import next_midnight

DERIVED_EVERY = timedelta(minutes=15)
"""Days end, and digests are due, at such times in every time zone, so that they lack nothing
(https://en.wikipedia.org/wiki/List_of_UTC_offsets). It is shorter than the silence that is judged
(`LandingRules.settle_after`)."""

GAP = timedelta(hours=1)
"""Records nearer in time than this are of one run of a collector: it records at least every five
minutes, and after failures less often."""


@dataclass
class ReplayResult:
    """What a replay read and changed."""

    replies: int = 0
    heartbeats: int = 0
    unreadable: int = 0
    watched: int = 0
    changes: int = 0
    begin: datetime | None = None
    end: datetime | None = None
    spans: list[Span] = field(default_factory=list)
    """From when until when there are records, without a longer gap than `GAP`."""


def replay(
    services: Services,
    records: Iterable[Recorded],
    *,
    report: Callable[[str], None] = lambda _: None,
    progress: Callable[[Recorded], None] = lambda _: None,
) -> ReplayResult:
    """Ingest every record, in order of time, then settle silences at the time of the last one.

    `report` is called with a message for each reply that cannot be read. Raises StoreError,
    RecordingError.
    """
    done = ReplayResult()
    with services.pipeline.holding():
        for record in records:
            if done.begin is None:
                done.begin = record.at
                followed.begin_reading(services.store)
                done.changes += _derive_left(services, record.at)
            if done.end is not None:
                done.changes += _pass_time(services, done.end, record.at)
            if done.end is None or record.at - done.end > GAP:
                done.spans.append((slot_begin(record.at), record.at))
            done.end = record.at if done.end is None else max(done.end, record.at)
            done.spans[-1] = (done.spans[-1][0], done.end + SLOT)
            _ingest_record(services, record, done, report)
            progress(record)
        if done.end is not None:
            done.changes += len(services.pipeline.derive_held(done.end))
    if done.begin is not None and done.end is not None:
        # An earlier replay may have brought the reports, and this one the coverage, or the reverse.
        done.changes += len(services.pipeline.derivation.settle(done.end))
        done.changes += len(services.pipeline.derivation.derive_all(done.begin, done.end, done.end))
        done.changes += len(services.pipeline.derivation.learn_stays(done.end))
        followed.note_read(services.store, services.settings.watches, done.spans)
        services.alert_evaluator.evaluate(done.end)
        services.stops.derive_all_due(done.end)
    return done


def _derive_left(services: Services, begin: datetime) -> int:
    """Derive what a killed run left, at the time of its last report or of this run's first record,
    whichever is later; return the number of changed landings."""
    left = rederivation_queue.due_spans(services.store)
    if not left:
        return 0
    reports_end = [span.last_at for span in left if span.icao24 != EVERY_AIRCRAFT]
    return derive(services, max([begin, *reports_end]), SilentProgress())


def _ingest_record(
    services: Services, record: Recorded, done: ReplayResult, report: Callable[[str], None]
) -> None:
    if record.reply is not None:
        ingested = services.pipeline.ingest(record.reply, cached=record.cached)
        done.replies += 1
        done.watched += ingested.watched
        done.changes += len(ingested.changes)
        if ingested.problem is not None:
            done.unreadable += 1
            report(f"{record.reply.url} of {record.at:%Y-%m-%d %H:%M:%S} UTC: {ingested.problem}")
    elif record.poll is not None:
        services.pipeline.record_failure(record.poll)
        done.heartbeats += 1


def _pass_time(services: Services, begin: datetime, end: datetime) -> int:
    """Do in order what falls due after `begin` and not after `end`; return the changed landings."""
    changes = 0
    while True:
        wakeup = services.pipeline.derivation.next_wakeup()
        day_end = min(
            (next_midnight(begin, zone) for zone in services.weeks.coverage.zones), default=end
        )
        at = min(day_end, end) if wakeup is None else min(day_end, end, max(wakeup, begin))
        if services.pipeline.holds_anything and (due := _next_quarter(begin)) <= at:
            changes += len(services.pipeline.derive_held(due))
            continue  # the time to wake up at may have changed
        if wakeup is not None and wakeup <= at:
            changes += len(services.pipeline.derivation.settle(at))
        if day_end <= at:
            services.alert_evaluator.evaluate_day_end(day_end)
        if at >= end:
            return changes
        begin = at


def _next_quarter(at: datetime) -> datetime:
    """Return the next full quarter of an hour after `at`."""
    seconds = DERIVED_EVERY.total_seconds()
    return datetime.fromtimestamp((at.timestamp() // seconds + 1) * seconds, UTC)
