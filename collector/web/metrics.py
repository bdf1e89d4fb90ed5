"""Which numbers does a monitoring server get? What the operator's pages show, for Prometheus.

They follow from the database, so that a restart resets no counter; only jobs and the process itself
are known to the daemon alone. Names and units follow https://prometheus.io/docs/practices/naming/,
and what dump1090's exporter calls recent, observed and with a position is called so here. No label
names an aircraft: there are too many, and a monitoring server is no place for where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from collector import __version__
from collector.landings.rules import RULES_VERSION
from collector.model.job import JobState
from collector.model.reply import Outcome
from collector.queries import health, reception
from collector.queries.snapshot import Snapshot
from collector.reports.mails.condition import ConditionKind
from collector.store import (
    conditions,
    coverage_slots,
    feeds,
    file_proof,
    landing_list,
    observations,
    outbox,
)

NAMESPACE = "landing_collector"
RECENT = timedelta(hours=1)
"""What is called recent: long enough for a feed that is asked every quarter of an hour."""
RECENT_SLOTS = timedelta(minutes=10)
"""The aircraft of the last two slots of coverage are those that a feed receives now."""

Sample = tuple[tuple[str, ...], float]
"""The values of the labels, and the number."""


def exposition(found: Iterable[Metric], accept: str) -> tuple[bytes, str]:
    """Return these metrics and those of the process as text, with its media type.

    `accept` is the header of the request: OpenMetrics or the older text format.
    """
    registry = CollectorRegistry()
    registry.register(_Given(found))
    ProcessCollector(registry=registry)
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


class _Given(Collector):
    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        """Return the metrics as they were given."""
        return self._found


def families(snapshot: Snapshot, jobs: Iterable[JobState]) -> Iterator[Metric]:
    """Yield every metric of the collector at this moment. Raises StoreError."""
    well = not health.problems(snapshot)
    yield _gauge("build_info", "The version, and that of the rules.", "version rules", [_BUILD])
    yield _gauge("healthy", "1 while /healthz answers 200, else 0.", "", [((), well)])
    yield from _feeds(snapshot)
    yield from _found(snapshot)
    yield from _outbox(snapshot)
    yield from _files(snapshot)
    yield from _jobs(list(jobs))


_BUILD: Sample = ((__version__, RULES_VERSION), 1)


def _gauge(name: str, text: str, labels: str, samples: Iterable[Sample]) -> Metric:
    family = GaugeMetricFamily(f"{NAMESPACE}_{name}", text, labels=labels.split())
    for values, number in samples:
        family.add_metric(values, float(number))
    return family


def _feeds(snapshot: Snapshot) -> Iterator[Metric]:
    store, now = snapshot.store, snapshot.now
    names = [feed.name for feed in snapshot.settings.feeds if feed.enabled]
    states = {name: feeds.state(store, name) for name in names}
    heard = feeds.last_heard(store)
    requests = CounterMetricFamily(
        f"{NAMESPACE}_feed_requests", "Requests made to the feed.", labels=["feed"]
    )
    made = feeds.requests_made(store)
    for name in names:
        requests.add_metric([name], made.get(name, 0))
    yield requests
    polls = feeds.recent_polls(store, now - RECENT)
    yield _gauge(
        "feed_recent_polls",
        "Polls of the last hour by outcome; heard and nobody are replies.",
        "feed outcome",
        [((name, each.value), polls.get((name, each), 0)) for name in names for each in Outcome],
    )
    reports = observations.recent_reports(store, now - RECENT)
    yield _gauge(
        "feed_recent_observations",
        "Stored reports of watched aircraft in the last hour.",
        "feed",
        [((name,), reports.get(name, 0)) for name in names],
    )
    yield from _aircraft(snapshot, names)
    yield _gauge(
        "feed_up",
        "1 if the feed answered the last poll and may be asked, else 0.",
        "feed",
        [
            ((name,), bool(each.last_ok_at) and not (each.failures or each.is_backing_off(now)))
            for name, each in states.items()
        ],
    )
    yield _gauge(
        "feed_failures",
        "Polls that failed in a row.",
        "feed",
        [((name,), each.failures) for name, each in states.items()],
    )
    yield _gauge(
        "feed_backing_off",
        "1 while the feed is not asked, since it refused or limited us, else 0.",
        "feed",
        [((name,), each.is_backing_off(now)) for name, each in states.items()],
    )
    for what, text, at in (
        ("poll", "the last poll", {name: each.last_poll_at for name, each in states.items()}),
        ("reply", "the last reply", {name: each.last_ok_at for name, each in states.items()}),
        ("heard", "the last reply with an aircraft", {name: heard.get(name) for name in names}),
    ):
        yield _times(f"feed_last_{what}", f"Time of {text}.", at)


def _times(name: str, text: str, at: dict[str, datetime | None]) -> Metric:
    samples = [((feed,), time.timestamp()) for feed, time in at.items() if time is not None]
    return _gauge(f"{name}_timestamp_seconds", text, "feed", samples)


def _aircraft(snapshot: Snapshot, names: Iterable[str]) -> Iterator[Metric]:
    """Yield how many aircraft each feed receives, in the largest of its last replies."""
    observed, placed = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    since = snapshot.now - RECENT_SLOTS
    for slot in coverage_slots.slots_between(snapshot.store, since, snapshot.now):
        if slot.feed in observed and slot.aircraft >= observed[slot.feed]:
            observed[slot.feed] = slot.aircraft
            placed[slot.feed] = max(0, slot.aircraft - slot.unplaced)
    yield _gauge(
        "feed_recent_aircraft_observed",
        "Aircraft in a reply of the last minutes.",
        "feed",
        [((name,), number) for name, number in observed.items()],
    )
    yield _gauge(
        "feed_recent_aircraft_with_position",
        "Those of them with a usable position.",
        "feed",
        [((name,), number) for name, number in placed.items()],
    )


def _found(snapshot: Snapshot) -> Iterator[Metric]:
    numbers = landing_list.numbers_by_standing(snapshot.store)
    yield _gauge(
        "landings",
        "Stored landings of the watch by grade, or undetermined, reviewed, withdrawn.",
        "watch grade",
        [
            ((watch.name, each.value), numbers.get((watch.name, each), 0))
            for watch in snapshot.settings.watches
            for each in landing_list.Standing
        ],
    )
    yield _gauge(
        "airfield_coverage_ratio",
        "Share of the last 24 hours in which aircraft near the airfield were received.",
        "airfield",
        [((day.airfield.icao,), day.alive) for day in reception.sky_days(snapshot)],
    )
    open_now = [each.kind for each in conditions.open_conditions(snapshot.store)]
    yield _gauge(
        "conditions",
        "Open conditions of a kind.",
        "kind",
        [((kind.value,), open_now.count(kind.value)) for kind in ConditionKind],
    )


def _outbox(snapshot: Snapshot) -> Iterator[Metric]:
    unsent = outbox.unsent(snapshot.store)
    yield _gauge(
        "outbox_messages",
        "Mails and webhook messages that wait (owed), or that were given up (failed).",
        "state",
        [((state,), number) for state, number in unsent.items()],
    )
    _, oldest = outbox.waiting_since(snapshot.store, snapshot.now)
    yield _gauge(
        "outbox_oldest_timestamp_seconds",
        "Since when the oldest one waits; absent if none does.",
        "",
        [] if oldest is None else [((), oldest.timestamp())],
    )


def _files(snapshot: Snapshot) -> Iterator[Metric]:
    sizes, written_at = file_proof.written_files(snapshot.store.path)
    yield _gauge(
        "database_size_bytes",
        "Size of the database's file, and of its write-ahead log.",
        "file",
        [((file,), size) for file, size in sizes.items()],
    )
    yield _gauge(
        "database_last_write_timestamp_seconds",
        "When the database was last written: every five minutes at least while a daemon runs.",
        "",
        [((), written_at)],
    )


def _jobs(jobs: list[JobState]) -> Iterator[Metric]:
    """Yield how the jobs do; without a daemon in this process there is no sample."""
    yield _gauge(
        "job_success_age_seconds",
        "How long ago the job last ended well, or the daemon started.",
        "job",
        [((job.name,), job.since_success.total_seconds()) for job in jobs],
    )
    yield _gauge(
        "job_run_seconds",
        "How long the present run of the job has lasted; 0 between two.",
        "job",
        [((job.name,), job.lasts.total_seconds()) for job in jobs],
    )
    yield _gauge(
        "job_overdue",
        "1 if the job has not ended well for its interval and ten minutes more, else 0.",
        "job",
        [((job.name,), job.overdue) for job in jobs],
    )
