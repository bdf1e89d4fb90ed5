"""What does an archive change in time that is closed? It adds what is new, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from collector.model import Landing, Revision
from collector.pipeline.pruning import PrunedRows, Pruning
from collector.store import landings, learned_coverage, rederivation_queue
from tests.backfill.rig import Rig, rig
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
    found = landings.find(one.services.store, include_retracted=True)
    return [(landing, landings.history(one.services.store, landing.id)) for landing in found]


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
        assert rederivation_queue.next_span(one.services.store) is None
        assert learned_coverage.latest(one.services.store, NOW.date()) is None
