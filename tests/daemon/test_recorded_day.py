"""Does a replay of what the daemon recorded give the same coverage and landings?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from collector import recording
from collector.backfill import recordings
from collector.errors import (
    Stale,
    Unreachable,
)
from collector.services import build_services
from collector.settings import load
from collector.store import Store, coverage_slots, landings
from tests.support.desk import desk
from tests.support.sky import Sky, Visit
from tests.support.station import Station

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

HOUR = timedelta(hours=1)


def test_what_was_recorded_replays_to_the_same_coverage_and_landings(tmp_path: Path) -> None:
    lands_at = WEDNESDAY + timedelta(minutes=20)
    sky = Sky((Visit(lands_at=lands_at),), silent=((lands_at + HOUR, lands_at + 2 * HOUR),))
    live = tmp_path / "live"
    live.mkdir()
    with desk(live, WEDNESDAY, sky) as at:
        for number, error in enumerate([None, Unreachable("down"), Stale("old"), None]):
            at.feed.error = error
            at.work(WEDNESDAY + (number + 1) * timedelta(minutes=10))
        at.work(lands_at + 3 * HOUR, timedelta(seconds=60))
        expected = (everything_heard(at.store), told(at.store))
    assert replayed(live, tmp_path) == expected
    assert expected[1]


def test_what_came_from_a_cache_proves_as_much_live_as_replayed(tmp_path: Path) -> None:
    """Also where a replay could not find out: the replies between were recorded as heartbeats
    only, or the daemon was started again and had no reply to compare with."""
    full, empty, minute = Sky(), Sky(others=0), timedelta(minutes=1)
    live = tmp_path / "live"
    live.mkdir()
    answers = [
        (1, full, None),
        (2, empty, None),
        (3, full, full.body(WEDNESDAY + 1.5 * minute)),
    ]
    with desk(live, WEDNESDAY, full) as at:
        for minutes, at.feed.sky, at.feed.cached in answers:
            at.clock.move_to(WEDNESDAY + minutes * minute)
            while at.jobs.poll("adsblol"):
                pass
    with desk(live, WEDNESDAY + 5.5 * minute, full) as at:
        at.feed.cached = full.body(WEDNESDAY + minute)
        while at.jobs.poll("adsblol"):
            pass
        expected = (everything_heard(at.store), told(at.store))
        slots = coverage_slots.slots_between(at.store, WEDNESDAY, WEDNESDAY + HOUR)
    # The last reply was more than four minutes old: it proves its own minute, not that of 09:05.
    assert [(slot.alive_minutes, slot.failed_minutes) for slot in slots] == [(0b0110, 0b1000)]
    assert replayed(live, tmp_path) == expected


def replayed(live: Path, folder: Path) -> tuple[object, object]:
    settings = load(Station(folder).config, environ={})
    with Store.open(folder / "again.sqlite") as store:
        recordings.replay(
            build_services(settings, store),
            recording.read(
                [live / "var" / "recordings"],
                recognise=partial(recording.recognise, hosts=settings.hosts),
            ),
        )
        return everything_heard(store), told(store)


def everything_heard(store: Store) -> object:
    return coverage_slots.slots_between(store, WEDNESDAY, WEDNESDAY + 24 * HOUR)


def told(store: Store) -> object:
    return [(one.id, one.detection, one.retracted) for one in landings.find(store)]
