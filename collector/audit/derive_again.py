"""Does a landing follow from its replies? They go through the pipeline once more, in a database of
their own that is deleted afterwards.

Everything that is not in the replies is given (`evidence_inputs`), so that a landing follows here
as it did where it was found, on whatever machine this is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from collector.audit.evidence_inputs import Inputs
from collector.coverage.region import Region
from collector.model import Landing, Observation
from collector.model.coverage import CoverageSlot
from collector.pipeline.changes import LandingChange
from collector.pipeline.ingest import Pipeline
from collector.private import scratch_folder
from collector.recording import Recorded
from collector.store import (
    Store,
    coverage_slots,
    landings,
    learned_coverage,
    meta,
    observations,
    stay_lengths,
)


class _Nobody:
    """Judges no alerts: there is nobody to mail."""

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        """Do nothing."""

    def invalidate_coverage(self, at: datetime) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What followed. The database exists only within the block."""

    store: Store
    landing: Landing | None
    """The landing nearest to the touchdown that was asked for; None if none followed."""
    replies: int
    unreadable: int


@contextmanager
def derived_again(
    records: Iterable[Recorded],
    inputs: Inputs,
    touchdown_at: datetime,
    report: Callable[[str], None] = lambda _: None,
) -> Iterator[Derived]:
    """Derive the landings of one aircraft from these records, and yield what followed.

    `report` is called with a message for each reply that cannot be read. Raises StoreError,
    RecordingError.
    """
    with (
        scratch_folder() as folder,
        Store.open(folder / "derived.sqlite") as store,
    ):
        with store.transaction():  # one for all: each would wait for the disk
            done = _derive(store, records, inputs, report)
        yield Derived(store, _nearest(store, inputs, touchdown_at), *done)


class _NothingStaysError(Exception):
    """Ends a transaction of which nothing is stored."""


def derived_from(
    store: Store,
    reports: Sequence[Observation],
    slots: Iterable[CoverageSlot],
    inputs: Inputs,
    touchdown_at: datetime,
) -> Landing | None:
    """Return the landing nearest to a touchdown that follows from these stored reports and slots of
    coverage; None if none follows.

    `store` is an empty one, and is empty afterwards. Raises StoreError.
    """
    found = None
    with suppress(_NothingStaysError), store.transaction():
        pipeline = _pipeline(store, inputs)
        coverage_slots.merge_slots(store, slots)
        matcher = pipeline.derivation.matcher
        observations.store_reports(
            store, [(report, matcher(report, report.at.date())) for report in reports]
        )
        last = max([inputs.judged_at, *(report.at for report in reports)])
        pipeline.derivation.derive_all(inputs.begins_at, last, last)
        found = _nearest(store, inputs, touchdown_at)
        raise _NothingStaysError
    return found


def _nearest(store: Store, inputs: Inputs, touchdown_at: datetime) -> Landing | None:
    """Return the landing of the inputs' time that is nearest to a touchdown and not withdrawn."""
    found = landings.overlapping(store, inputs.icao24, inputs.begins_at, inputs.ends_at)
    standing = [landing for landing in found if not landing.retracted]
    return min(
        standing, key=lambda one: abs(one.detection.touchdown_at - touchdown_at), default=None
    )


def _derive(
    store: Store, records: Iterable[Recorded], inputs: Inputs, report: Callable[[str], None]
) -> tuple[int, int]:
    """Return how many replies went through the pipeline, and how many could not be read."""
    pipeline = _pipeline(store, inputs)
    replies, unreadable, last = 0, 0, inputs.judged_at
    with pipeline.holding():
        for record in records:
            last = max(last, record.at)
            if record.reply is not None:
                problem = pipeline.ingest(record.reply, cached=record.cached).problem
                replies, unreadable = replies + 1, unreadable + (problem is not None)
                if problem is not None:
                    report(f"the reply of {record.at:%Y-%m-%d %H:%M:%S} UTC: {problem}")
            elif record.poll is not None:
                pipeline.record_failure(record.poll)
        pipeline.derive_held(last)
    pipeline.derivation.derive_all(inputs.begins_at, last, last)
    return replies, unreadable


def _pipeline(store: Store, inputs: Inputs) -> Pipeline:
    meta.set_zones(store, {inputs.watch.name: inputs.watch.zone})
    for value in inputs.learned:
        learned_coverage.store_value(store, value, inputs.judged_at)
    if inputs.stays is not None:
        stay_lengths.store_learned(store, {inputs.watch.name: inputs.stays})
    return Pipeline(store, (inputs.watch,), inputs.airfields, Region(inputs.circles), _Nobody())
