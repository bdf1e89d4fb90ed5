"""What does an archive change in time that is closed? It adds what is new, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from collector.backfill.derive import SilentProgress, derive
from collector.model import Landing, Revision, WatchMatch
from collector.model.coverage import PollCoverage, slots_of
from collector.model.reply import Outcome
from collector.pipeline.learned_coverage import CoverageLearner, invalidate_learned
from collector.pipeline.pruning import PrunedRows, Pruning
from collector.store import (
    closed_time,
    coverage_slots,
    landings,
    learned_coverage,
    observations,
    rederivation_queue,
)
from collector.store.rederivation_queue import EVERY_AIRCRAFT, DueSpan
from tests.backfill.rig import Rig, rig
from tests.support.flights import LLOV, hear, polls, visit
from tests.support.past import DAY, FIRST, HOUR, passing, trace, visit_trace, write_files
from tests.support.sky import IL76, Sky, Visit

AT = FIRST + 10 * HOUR
NOW = FIRST + 200 * DAY


def watched_live(one: Rig) -> None:
    """A visit that was inferred from a silence, as the daemon saw it, and then closed."""
    visit = Visit(lands_at=AT, heard_above_ft=4_000.0)
    for reply in Sky((visit,)).replies(AT - HOUR / 4, AT + HOUR / 2, timedelta(seconds=40)):
        one.services.pipeline.ingest(reply)
    one.services.pipeline.derivation.settle(AT + 10 * HOUR)
    pruning, done = Pruning(one.services.store, one.services.settings.airfields), PrunedRows()
    pruning.close(100 * DAY, NOW)
    while pruning.prune_day(done):
        pass


def archive(folder: Path, name: str, *visits: Visit) -> Path:
    members = {f"trace_full_{each.icao24}.json": visit_trace(each, FIRST) for each in visits}
    others = {"trace_full_738000.json": trace(passing(FIRST, 0), FIRST)}
    return write_files(folder / name, members | others, FIRST)


def stored(one: Rig) -> list[tuple[Landing, list[Revision]]]:
    """Every landing with its history; stops before and after may still become known."""
    found = landings.find(one.services.store, include_retracted=True)
    return [
        (replace(landing, stops=()), landings.history(one.services.store, landing.id))
        for landing in found
    ]


def test_an_archive_adds_the_landings_that_are_new_and_changes_no_other(tmp_path: Path) -> None:
    with rig(tmp_path, NOW) as one:
        watched_live(one)
        before = stored(one)
        assert len(before) == 1

        one.fill([archive(tmp_path, "better", Visit(lands_at=AT))])
        assert stored(one) == before, "it heard the ground, which would upgrade an open landing"
        one.fill([archive(tmp_path, "another", Visit(lands_at=AT + 8 * HOUR))])
        after = stored(one)
        assert after[:1] == before
        assert [landing.detection.icao24 for landing, _ in after] == [IL76, IL76]
        one.fill([archive(tmp_path, "another", Visit(lands_at=AT + 8 * HOUR))], again=True)
        assert stored(one) == after


def test_coverage_alone_makes_no_landing_where_time_is_closed(tmp_path: Path) -> None:
    """Reports that nobody derived stand for those that would give another landing today."""
    matches = (WatchMatch("w", "icao24 600865", counted=True),)
    heard = hear(visit(LLOV, AT, 3 * HOUR), polls(AT - HOUR, AT + 5 * HOUR), icao24=IL76)
    with rig(tmp_path, NOW) as one:
        store = one.services.store
        observations.store_reports(store, [(each, matches) for each in heard])
        span = DueSpan(EVERY_AIRCRAFT, FIRST, FIRST + 2 * DAY)
        monday = closed_time.close(store, FIRST + 14 * DAY)
        rederivation_queue.queue_spans(store, [span])
        assert derive(one.services, NOW, SilentProgress()) == 0
        assert one.services.pipeline.derivation.derive_all(FIRST, monday, NOW) == []
        assert landings.find(store) == []


def test_closed_weeks_keep_what_was_learned_for_them_and_learn_nothing_more(
    tmp_path: Path,
) -> None:
    taught = slots_of(
        PollCoverage(
            feed="traces",
            at=FIRST + number * DAY + HOUR,
            outcome=Outcome.HEARD,
            area=True,
            aircraft=1,
            cells={(119, 139, 2): 1},
        )
        for number in range(14)
    )
    second, third = FIRST + 7 * DAY, FIRST + 14 * DAY
    with rig(tmp_path, NOW) as one:
        store = one.services.store
        coverage_slots.merge_slots(store, taught)
        (value,) = CoverageLearner(store).of_weeks([second], NOW)
        closed_time.close(store, FIRST + 21 * DAY)
        assert CoverageLearner(store).of_weeks([second, third], NOW) == [value]
        invalidate_learned(store, taught)
        assert learned_coverage.get(store, value.version) == value
        begins = {span.first_at for span in rederivation_queue.due_spans(store)}
        assert min(begins) > FIRST + 20 * DAY
        (later,) = CoverageLearner(store).of_weeks([FIRST + 21 * DAY], NOW)
        assert later.version != value.version
