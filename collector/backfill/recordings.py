"""What would we have found, had we listened then? Recordings through the whole line, under their
own clock: a gap in a recording is a time when nobody listened.

Whatever waits for time to pass (a silence that becomes evidence, a day or a week that ends) is
done at the recording's time for it, before the next record is taken. So a replay makes the
landings, notices and digests that a daemon would have made, and a second one makes nothing new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from collector.recording import Recorded
from collector.services import Services
from collector.weeks import next_midnight


@dataclass
class Replayed:
    """What a replay went through."""

    replies: int = 0
    hearings: int = 0
    unreadable: int = 0
    watched: int = 0
    changes: int = 0
    begin: datetime | None = None
    end: datetime | None = None


def replay(
    services: Services,
    records: Iterable[Recorded],
    *,
    report: Callable[[str], None] = lambda _: None,
    progress: Callable[[Recorded], None] = lambda _: None,
) -> Replayed:
    """Take every record, in the order given (that of time), then settle at the last one's time.

    `report` is told of replies that could not be read. Raises StoreError, RecordingError.
    """
    done = Replayed()
    for record in records:
        if done.begin is None:
            done.begin = record.at
        if done.end is not None:
            done.changes += _pass_time(services, done.end, record.at)
        done.end = record.at if done.end is None else max(done.end, record.at)
        _take(services, record, done, report)
        progress(record)
    if done.begin is not None and done.end is not None:
        # Files replayed earlier may have held the reports, these the hearings, or the reverse.
        done.changes += len(services.pipeline.derivation.settle(done.end))
        done.changes += len(services.pipeline.derivation.derive_all(done.begin, done.end, done.end))
        services.alert_evaluator.evaluate(done.end)
    return done


def _take(
    services: Services, record: Recorded, done: Replayed, report: Callable[[str], None]
) -> None:
    if record.reply is not None:
        taken = services.pipeline.ingest(record.reply, cached=record.cached)
        done.replies += 1
        done.watched += taken.watched
        done.changes += len(taken.changes)
        if taken.problem is not None:
            done.unreadable += 1
            report(f"{record.reply.url} of {record.at:%Y-%m-%d %H:%M:%S} UTC: {taken.problem}")
    elif record.hearing is not None:
        services.pipeline.record_failure(record.hearing)
        done.hearings += 1


def _pass_time(services: Services, begin: datetime, end: datetime) -> int:
    """Do what falls due after `begin` and not after `end`, in order."""
    changes = 0
    while True:
        wake = services.pipeline.derivation.next_wakeup()
        turn = min(
            (next_midnight(begin, zone) for zone in services.weeks.coverage.zones), default=end
        )
        at = min(turn, end) if wake is None else min(turn, end, max(wake, begin))
        if wake is not None and wake <= at:
            changes += len(services.pipeline.derivation.settle(at))
        if turn <= at:
            services.alert_evaluator.evaluate_day_end(turn)
        if at > begin:
            services.digests.owe_between(begin, at)
        if at >= end:
            return changes
        begin = at
