"""Is an aircraft that is watched by a name followed for its whole track, and does each landing say
whether the match holds?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collector.alerts.counts import standing
from collector.model import Grade, Landing
from collector.services import Services
from collector.store import landings, observations
from tests.backfill.rig import rig
from tests.support.flights import LLOV, START, polls, visit
from tests.support.flights import Path as Flight
from tests.support.named import KINDS, MINUTE, STRANGER, Kind, Named, goes_on, reply, worn

DOWN = START + timedelta(hours=2)
BEGIN = DOWN - 18 * MINUTE
"""Below 29,000 ft from here on."""
END = DOWN + 12 * MINUTE
LANDS = visit(LLOV, DOWN, timedelta(hours=3))

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@contextmanager
def listening(folder: Path, kind: Kind) -> Iterator[Services]:
    with rig(folder, END, kind.watch) as one:
        yield one.services


def poll(services: Services, flight: Flight, named: Named, times: Sequence[datetime]) -> None:
    for at in times:
        services.pipeline.ingest(reply(flight, named, at))
        services.pipeline.derivation.settle(at)


def found(services: Services) -> list[Landing]:
    return [one for one in landings.find(services.store, icao24=STRANGER) if one.stands]


def counted(services: Services, landing: Landing) -> bool:
    (watch,) = (watch for watch in services.settings.watches if watch.name == "named")
    return any(standing(landing, watch, place) for place in watch.places)


@each_kind
def test_a_stranger_with_the_name_for_four_minutes_is_not_counted(
    tmp_path: Path, kind: Kind
) -> None:
    with listening(tmp_path, kind) as services:
        named = worn(kind, DOWN, -8, -4, else_=None)
        poll(services, LANDS, named, polls(BEGIN, END, 60.0))
        (landing,) = found(services)
        (match,) = landing.watches
        assert match.doubt.endswith("so it does not count for watch named.")
        assert next(iter(kind.wanted.values())).strip() in match.doubt
        assert not match.counted
        assert not counted(services, landing)
        assert landing.grade_for("named") is Grade.POSSIBLE
        # Nothing of the approach is missing, though nobody asked for its first half.
        seen = observations.reports_between(services.store, STRANGER, BEGIN, END)
        assert len(seen) == len(polls(BEGIN, END, 60.0))


@each_kind
def test_a_stranger_that_flies_on_was_never_silent(tmp_path: Path, kind: Kind) -> None:
    with listening(tmp_path, kind) as services:
        flight = goes_on(LANDS, DOWN - 4 * MINUTE)
        named = worn(kind, DOWN, -8, -4, else_=None)
        poll(
            services,
            flight,
            named,
            [
                *polls(BEGIN + 6 * MINUTE, DOWN - 3 * MINUTE, 60.0),
                *polls(DOWN + 5 * MINUTE, DOWN + 60 * MINUTE, 300.0),
            ],
        )
        assert landings.find(services.store, icao24=STRANGER, include_retracted=True) == []


@each_kind
def test_rows_without_the_name_belong_to_the_same_aircraft(tmp_path: Path, kind: Kind) -> None:
    """Another feed, or a decoder that has not heard it yet: no name is no other name."""
    with listening(tmp_path, kind) as services:
        named = worn(kind, DOWN, -18, -12, else_={})
        poll(services, LANDS, named, polls(BEGIN, END, 60.0))
        (landing,) = found(services)
        assert landing.watches[0].doubt == ""
        assert landing.detection.grade is Grade.CONFIRMED
        assert counted(services, landing)


@each_kind
def test_a_name_changed_shortly_before_the_landing_leaves_it_in_doubt(
    tmp_path: Path, kind: Kind
) -> None:
    with listening(tmp_path, kind) as services:
        named = worn(kind, DOWN, -60, -6, else_=None)
        poll(services, LANDS, named, polls(BEGIN, DOWN - 7 * MINUTE, 60.0))
        poll(services, LANDS, named, polls(DOWN - 6 * MINUTE, END, 60.0))
        (landing,) = found(services)
        (match,) = landing.watches
        assert match.counted
        assert match.doubt.endswith("so it may be none that watch named wants.")
        assert landing.grade_for("named") is Grade.POSSIBLE
        assert not counted(services, landing)


def test_a_mixed_up_row_or_two_cost_no_landing(tmp_path: Path) -> None:
    kind = KINDS["callsign"]
    with listening(tmp_path, kind) as services:
        mixed_up = {DOWN - 9 * MINUTE, DOWN - MINUTE, DOWN}
        poll(
            services,
            LANDS,
            lambda at: kind.other if at in mixed_up else kind.wanted,
            polls(BEGIN, END, 60.0),
        )
        (landing,) = found(services)
        assert landing.watches[0].doubt == ""
        assert counted(services, landing)


def test_what_was_heard_before_the_name_was_is_kept(tmp_path: Path) -> None:
    """The callsign comes only on the runway: the approach was remembered."""
    kind = KINDS["callsign"]
    with listening(tmp_path, kind) as services:
        poll(
            services,
            LANDS,
            worn(kind, DOWN, 2, 600, else_={}),
            polls(BEGIN, DOWN + MINUTE, 60.0),
        )
        assert observations.reports_between(services.store, STRANGER, BEGIN, END) == []
        with listening(tmp_path, kind) as restarted:
            poll(
                restarted,
                LANDS,
                worn(kind, DOWN, 2, 600, else_={}),
                polls(DOWN + 2 * MINUTE, END, 60.0),
            )
        (landing,) = found(services)
        assert counted(services, landing)
        assert abs(landing.detection.touchdown_at - DOWN) <= MINUTE


def test_a_departure_under_another_callsign_is_noticed(tmp_path: Path) -> None:
    kind = KINDS["callsign"]
    with listening(tmp_path, kind) as services:
        named = worn(kind, DOWN, -60, 30, else_=None)
        left = DOWN + timedelta(hours=3)
        poll(services, LANDS, named, polls(BEGIN, END, 60.0))
        poll(services, LANDS, named, polls(left - 2 * MINUTE, left + 10 * MINUTE, 60.0))
        (landing,) = found(services)
        assert counted(services, landing)
        assert landing.detection.departed_at is not None
        assert abs(landing.detection.departed_at - left) <= 2 * MINUTE


def test_a_landing_told_before_the_doubt_is_downgraded_with_the_reason(tmp_path: Path) -> None:
    kind = KINDS["callsign"]
    with listening(tmp_path, kind) as services:
        named = worn(kind, DOWN, -5, 0.5, else_=None)
        poll(services, LANDS, named, polls(DOWN - 5 * MINUTE, DOWN + MINUTE, 40.0))
        (landing,) = found(services)
        assert landing.watches[0].doubt == ""
        poll(services, LANDS, named, polls(DOWN + 2 * MINUTE, END, 40.0))
        (landing,) = found(services)
        assert landing.watches[0].doubt
        changes = landings.history(services.store, landing.id)
        (why,) = (one.reason for one in changes if one.change == "downgraded")
        assert "otherwise GCTCB" in why


def test_an_address_on_a_watch_is_asked_no_such_question(tmp_path: Path) -> None:
    kind = Kind(f'callsigns = ["AZQ*"]\nicao24 = ["{STRANGER}"]', {}, {"flight": "GCTCB   "})
    with listening(tmp_path, kind) as services:
        poll(services, LANDS, lambda _: kind.other, polls(BEGIN, END, 60.0))
        (landing,) = found(services)
        assert landing.watches[0].matched_by == f"icao24 {STRANGER}"
        assert landing.watches[0].doubt == ""
        assert counted(services, landing)


def test_reports_that_nobody_asked_for_are_deleted_after_two_hours(tmp_path: Path) -> None:
    """Those of a replay beside the daemon are not: they are of another time, until the next
    start."""
    kind = KINDS["callsign"]
    with listening(tmp_path, kind) as services:

        def kept() -> list[str]:
            return [row["at"] for row in services.store.execute("SELECT at FROM strangers")]

        nobody = worn(kind, DOWN, 0, 0, else_={})
        poll(services, LANDS, nobody, [DOWN - 9 * MINUTE, DOWN - 8 * MINUTE])
        assert len(kept()) == 2
        with listening(tmp_path, kind) as replay:
            past = visit(LLOV, DOWN - timedelta(days=9), timedelta(hours=3))
            poll(replay, past, nobody, [DOWN - timedelta(days=9, minutes=5)])
        poll(services, LANDS, nobody, [DOWN + 111.5 * MINUTE])
        assert len(kept()) == 3
        with listening(tmp_path, kind) as restarted:
            poll(restarted, LANDS, nobody, [DOWN + 113 * MINUTE])
        assert len(kept()) == 2
