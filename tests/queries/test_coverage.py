"""Is the coverage kept for a finished week given up when more is learned about that week?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.coverage.region import Region
from collector.model import Place
from collector.notify.alerts import AlertEvaluator
from collector.pipeline.ingest import Pipeline
from collector.queries.coverage import CoverageQuery
from collector.store import Store, meta
from tests.support.sky import OVDA, Sky

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LATER = WEDNESDAY + timedelta(days=20)
ZONE = "Asia/Jerusalem"
LLOV = Place(("LLOV",))


def pipeline(store: Store) -> Pipeline:
    visibility = CoverageQuery(store, (OVDA,), frozenset({ZONE}))
    rulings = AlertEvaluator(store, (), (OVDA,), visibility, {})
    region = Region(((OVDA.lat_deg, OVDA.lon_deg, 100.0),))
    return Pipeline(store, (), (OVDA,), region, rulings)


def read(line: Pipeline, begin: datetime, hours: int) -> None:
    for reply in Sky().replies(begin, begin + timedelta(hours=hours), timedelta(minutes=4)):
        line.ingest(reply)


def listen(store: Store, begin: datetime, hours: int) -> CoverageQuery:
    """As a process of its own that replays some hours."""
    read(pipeline(store), begin, hours)
    return CoverageQuery(store, (OVDA,), frozenset({ZONE}))


def test_a_weeks_share_is_kept_until_a_hearing_of_it_comes(tmp_path: Path) -> None:
    with Store.open(tmp_path / "test.sqlite") as store:
        once = listen(store, WEDNESDAY, 2).of_week(LLOV, ZONE, "2026-W47", LATER)
        assert 0 < once < 0.02
        again = listen(store, WEDNESDAY + timedelta(days=1), 4)
        assert again.of_week(LLOV, ZONE, "2026-W47", LATER) > 2 * once


def test_a_share_that_another_process_kept_half_way_is_given_up(tmp_path: Path) -> None:
    """A daemon asks in the middle of a backfill, which is a process of its own."""
    path = tmp_path / "test.sqlite"
    with Store.open(path) as backfill, Store.open(path) as daemon:
        asking = CoverageQuery(daemon, (OVDA,), frozenset({ZONE}))
        line = pipeline(backfill)
        read(line, WEDNESDAY, 2)
        half_way = asking.of_week(LLOV, ZONE, "2026-W47", LATER)
        read(line, WEDNESDAY + timedelta(hours=2), 20)
        whole = asking.of_week(LLOV, ZONE, "2026-W47", LATER)
        assert whole > 10 * half_way > 0
        with Store.open(tmp_path / "alone.sqlite") as alone:
            told = listen(alone, WEDNESDAY, 22).of_week(LLOV, ZONE, "2026-W47", LATER)
        assert abs(whole - told) < 1e-6


def test_a_share_that_an_older_version_kept_is_computed_again(tmp_path: Path) -> None:
    with Store.open(tmp_path / "test.sqlite") as store:
        known = listen(store, WEDNESDAY, 3)
        share = known.of_week(LLOV, ZONE, "2026-W47", LATER)
        for older in ("0.000500", "0.000500 0.000500", "0.000500 0.000500 3"):
            meta.set_value(store, f"coverage:LLOV:{ZONE}:2026-W47", older)
            assert abs(known.of_week(LLOV, ZONE, "2026-W47", LATER) - share) < 1e-6


def test_what_is_kept_is_what_a_reader_would_compute(tmp_path: Path) -> None:
    with Store.open(tmp_path / "test.sqlite") as store:
        share = listen(store, WEDNESDAY, 3).of_week(LLOV, ZONE, "2026-W47", LATER)
        with Store.open(tmp_path / "test.sqlite", read_only=True) as reader:
            seen = CoverageQuery(reader, (OVDA,), frozenset({ZONE}))
            assert abs(seen.of_week(LLOV, ZONE, "2026-W47", LATER) - share) < 1e-6
            assert seen.by_week(LLOV, ZONE, WEDNESDAY, LATER).keys() == {
                "2026-W47",
                "2026-W48",
                "2026-W49",
                "2026-W50",
            }


def test_the_present_week_is_judged_by_the_part_gone_by(tmp_path: Path) -> None:
    with Store.open(tmp_path / "test.sqlite") as store:
        begin = datetime(2026, 11, 15, 22, 0, tzinfo=UTC)
        visibility = listen(store, begin, 4)
        assert visibility.of_week(LLOV, ZONE, "2026-W47", begin + timedelta(hours=4)) > 0.9
        assert visibility.of_week(LLOV, ZONE, "2026-W48", begin + timedelta(hours=4)) == 0.0
