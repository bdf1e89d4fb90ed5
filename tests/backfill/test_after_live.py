"""Does a day that was polled stay as it is, except where the archive holds more?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collector.model import Landing
from collector.store import landings, outbox
from tests.backfill.rig import Rig, rig
from tests.support.flights import LLOV, hear, overflight, polls
from tests.support.past import DAY, FIRST, HOUR, passing, trace, visit_trace, write_files
from tests.support.sky import IL76, Sky, Visit

AT = FIRST + 10 * HOUR
EVENING = FIRST + 20 * HOUR
LATER = FIRST + 3 * DAY


def watched_live(one: Rig, visit: Visit) -> Landing:
    """The day as the daemon saw it: from before the approach until long after."""
    begin, end = AT - HOUR / 4, AT + HOUR / 2
    for reply in Sky((visit,)).replies(begin, end, timedelta(seconds=40)):
        one.services.pipeline.ingest(reply)
        one.services.pipeline.derivation.settle(reply.received_at)
    one.services.pipeline.derivation.settle(EVENING)
    (landing,) = landings.find(one.services.store)
    return landing


def archive(folder: Path, visit: Visit) -> Path:
    members = {
        f"trace_full_{IL76}.json": visit_trace(visit, FIRST),
        "trace_full_738000.json": trace(passing(FIRST, 0), FIRST),
    }
    return write_files(folder / "archive", members, FIRST)


def coverage(one: Rig) -> float:
    place = one.services.settings.watches[0].places[0]
    return one.services.weeks.coverage.between(place, FIRST, FIRST + DAY).share


@pytest.mark.parametrize("archive_hears_above_ft", [0.0, 4_000.0, 9_000.0])
def test_what_was_confirmed_live_stays(tmp_path: Path, archive_hears_above_ft: float) -> None:
    visit = Visit(lands_at=AT)
    with rig(tmp_path, LATER) as one:
        before, seen = watched_live(one, visit), coverage(one)
        owed = [item.owed.key for item in outbox.listing(one.services.store)]
        history = landings.history(one.services.store, before.id)
        one.fill([archive(tmp_path, replace(visit, heard_above_ft=archive_hears_above_ft))])
        (after,) = landings.find(one.services.store, include_retracted=True)
        assert landings.history(one.services.store, after.id) == history
        assert [item.owed.key for item in outbox.listing(one.services.store)] == owed
        assert coverage(one) > seen
    assert same_but_better(before, after)
    assert after.detection.grade is before.detection.grade


def test_what_was_inferred_live_is_upgraded_by_an_archive_that_heard_the_ground(
    tmp_path: Path,
) -> None:
    with rig(tmp_path, LATER) as one:
        before = watched_live(one, Visit(lands_at=AT, heard_above_ft=4_000.0))
        one.fill([archive(tmp_path, Visit(lands_at=AT))])
        (after,) = landings.find(one.services.store, include_retracted=True)
        changes = [each.change for each in landings.history(one.services.store, after.id)]
        keys = [item.owed.key for item in outbox.listing(one.services.store)]
    assert after.detection.grade.rank > before.detection.grade.rank
    assert changes[-1] == "upgraded"
    assert same_but_better(before, after, within_s=before.detection.uncertainty_s)
    assert len([key for key in keys if "crossed" in key]) == 1, "counted and told once"


def test_an_older_day_takes_nothing_from_the_silence_that_is_waited_for(tmp_path: Path) -> None:
    """A watched aircraft has just vanished; deriving its past must not forget to judge that."""
    with rig(tmp_path, FIRST + 30 * DAY) as one:
        over = FIRST + 20 * DAY + HOUR
        passed = hear(overflight(LLOV, over), polls(over - HOUR, over + HOUR), icao24=IL76)
        between = {f"trace_full_{IL76}.json": trace(passed, over)}
        one.fill([write_files(tmp_path / "between", between, over)])
        lost_at = FIRST + 30 * DAY
        low = Visit(lands_at=lost_at, heard_above_ft=4_000.0)
        for reply in Sky((low,)).replies(lost_at - HOUR / 4, lost_at, timedelta(seconds=40)):
            one.services.pipeline.ingest(reply)
        wakeup_at = one.services.pipeline.derivation.next_wakeup()
        assert wakeup_at is not None
        one.fill([archive(tmp_path, Visit(lands_at=AT))])
        assert one.services.pipeline.derivation.next_wakeup() == wakeup_at


def same_but_better(before: Landing, after: Landing, within_s: float = 30.0) -> bool:
    """One landing, known by more feeds."""
    one, other = before.detection, after.detection
    apart: timedelta = abs(other.touchdown_at - one.touchdown_at)
    return (
        (before.id, one.airfield, before.watches) == (after.id, other.airfield, after.watches)
        and apart.total_seconds() <= within_s
        and other.probability >= one.probability
        and other.uncertainty_s <= one.uncertainty_s
        and set(one.feeds) | {"traces"} >= set(other.feeds)
    )


def test_a_clock_of_the_archive_that_is_off_is_not_two_landings(tmp_path: Path) -> None:
    off = Visit(lands_at=AT + timedelta(seconds=3))
    with rig(tmp_path, LATER) as one:
        before = watched_live(one, Visit(lands_at=AT))
        one.fill([archive(tmp_path, off)])
        (after,) = landings.find(one.services.store, include_retracted=True)
    assert after.id == before.id
