"""Which landings follow from what was stored, and what do the rules say to them? (steps 4, 5)

Once everything is read, each aircraft's stretches are derived by the very functions that live
polls go through: once for many days, not once a file. A stretch and the note that it is derived
are one transaction. The rules are asked at the end, about all that changed, so that nobody is
mailed a count that the next file corrects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from collector.services import Services
from collector.store import Store, aircraft, archive_units, observations, rederivation_queue
from collector.store.rederivation_queue import EVERY_AIRCRAFT, DueSpan

REPORTS = 5_000
"""Derived at once, besides what belongs to them: about a second, in which no other writes."""

TOGETHER = timedelta(hours=12)
"""Stretches nearer than this share most of what must be looked at."""


class Progress(Protocol):
    """Who is shown what goes on: how many steps there are, and each when it begins or is done."""

    def steps(self, count: int) -> None: ...
    def __call__(self, shown: str) -> None: ...


class Unseen:
    """Progress that nobody looks at."""

    def steps(self, count: int) -> None:
        """Nobody looks."""

    def __call__(self, shown: str) -> None:
        """Nobody looks."""


def derive(services: Services, now: datetime, progress: Progress) -> int:
    """Derive whatever is due, and ask the rules; how many changes to landings that made.

    Raises StoreError.
    """
    changes = 0
    while True:
        progress.steps(_normalise(services.store))
        while (
            due := rederivation_queue.next_span(services.store)
        ) is not None and due.icao24 != EVERY_AIRCRAFT:
            made, rest = _derive_one(services, due, now)
            changes += made
            if rest is None:
                progress(due.icao24)
        if _tell(services, now):
            return changes


def _derive_one(services: Services, due: DueSpan, now: datetime) -> tuple[int, DueSpan | None]:
    with services.store.transaction():
        reach = observations.nth_after(services.store, due.icao24, due.first_at, REPORTS)
        last = due.last_at if reach is None else min(reach, due.last_at)
        changes, seen = services.pipeline.derivation.derive_one(due.icao24, due.first_at, last, now)
        rederivation_queue.store_touchdowns(
            services.store, services.alert_evaluator.touchdowns_by_watch(changes)
        )
        rest = observations.first_after(services.store, due.icao24, max(last, seen.end))
        goes_on = rest is not None and rest <= due.last_at
        left = DueSpan(due.icao24, rest, due.last_at) if goes_on and rest is not None else None
        rederivation_queue.finish_span(services.store, due, left)
    return len(changes), left


def _tell(services: Services, now: datetime) -> bool:
    """Ask the rules about every landing that changed; what was read is done then.

    False if there is something to be derived after all: another process reads as well.
    """
    services.alert_evaluator.prepare_coverage(rederivation_queue.touchdowns(services.store), now)
    with services.store.transaction():
        if rederivation_queue.next_span(services.store) is not None:
            return False
        services.alert_evaluator.evaluate_touchdowns(
            rederivation_queue.touchdowns(services.store), now
        )
        rederivation_queue.clear_touchdowns(services.store)
        archive_units.finish_units(services.store, now)
    return True


def _normalise(store: Store) -> int:
    """Make what is due stretches of single aircraft that lie apart; how many."""
    with store.transaction():
        due = rederivation_queue.due_spans(store)
        everybody = [one for one in due if one.icao24 == EVERY_AIRCRAFT]
        single = [one for one in due if one.icao24 != EVERY_AIRCRAFT]
        merged = _merged([*single, *_of_everybody(store, _merged(everybody))])
        rederivation_queue.replace_spans(store, merged)
        return len(merged)


def _of_everybody(store: Store, spans: Sequence[DueSpan]) -> Iterator[DueSpan]:
    if not spans:
        return
    for each in aircraft.identities(store):
        for span in spans:
            if each.first_seen_at <= span.last_at and each.last_seen_at >= span.first_at:
                first = observations.first_after(store, each.icao24, span.first_at)
                last = observations.last_before(store, each.icao24, span.last_at)
                if first is not None and last is not None and first <= last:
                    yield DueSpan(each.icao24, first, last)


def _merged(due: Iterable[DueSpan]) -> list[DueSpan]:
    """The same, those of one aircraft that overlap or nearly do as one."""
    merged: list[DueSpan] = []
    for one in sorted(due):
        before = merged[-1] if merged else None
        if (
            before is not None
            and before.icao24 == one.icao24
            and one.first_at - before.last_at <= TOGETHER
        ):
            last = max(before.last_at, one.last_at)
            merged[-1] = DueSpan(one.icao24, before.first_at, last)
        else:
            merged.append(one)
    return merged
