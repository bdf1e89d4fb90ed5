"""Is what was known at an earlier time what the collector knew then? It is compared with what was
stored at that time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from collector.alerts.counts import count_landings
from collector.landings.reconcile import AircraftIdentity, reconcile
from collector.model import Detection, Grade, Landing, Place, WatchMatch
from collector.model.review import CONFIRMED, REJECTED, Review
from collector.pipeline import reviews
from collector.queries.as_of import landings_known_at
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings
from collector.weeks import week_bounds
from tests.cli.runner import call, listed
from tests.support.station import Station
from tests.support.touchdowns import touchdown

AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FOUND_AT = AT + 3 * HOUR
OVDA = Place(("LLOV",))
DOUBT = "The callsign belongs to another flight."


def probable(at: datetime = AT, **facts: object) -> Detection:
    return touchdown(at, watch="w", **facts).detection  # type: ignore[arg-type]


POSSIBLE = replace(probable(), grade=Grade.POSSIBLE, probability=0.4)
EITHER = probable(airfield=None, candidates=(("LLOV", 0.5), ("LLER", 0.45)))
EARLY = replace(probable(), visit_until=AT + 6 * DAY)
LATER = probable(AT + 5 * DAY)
"""In the next week."""
STEPS: tuple[tuple[str, Detection | None], ...] = (
    ("found", POSSIBLE),
    ("upgraded", probable()),
    ("downgraded", POSSIBLE),
    ("upgraded", probable()),
    ("retimed", replace(probable(), touchdown_at=AT + 10 * timedelta(minutes=1))),
    ("moved", EITHER),
    ("moved", probable()),
    ("retracted", None),
    ("restored", probable()),
)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def derive(services: Services, derived: Detection | None, now: datetime, doubt: str = "") -> None:
    """Store what is derived of the aircraft at a time."""
    match = WatchMatch("w", "icao24 600865", counted=True, doubt=doubt)
    changes = reconcile(
        landings.find(services.store, include_retracted=True),
        [derived] if derived else [],
        identity=AircraftIdentity("4K-AZ101", "IL76", (match,)),
        span=(AT - DAY, AT + 9 * DAY),
        now=now,
        new_id=lambda icao24, day: f"{icao24}-{day}-1",
        zones=("Asia/Jerusalem",),
    )
    with services.store.transaction():
        for landing, revision in changes:
            landings.save(services.store, landing, revision)


def told(services: Services, found: list[Landing]) -> list[object]:
    """Return what a listing and a count say of landings."""
    watch = services.settings.watches[0]
    count = count_landings(found, watch, OVDA, *week_bounds("2026-W47", watch.zone))
    return [
        (count.count, count.at_most),
        *(
            (
                each.id,
                each.airfield,
                each.grade_for("w"),
                each.retracted,
                each.review,
                each.detection.touchdown_at,
            )
            for each in found
        ),
    ]


@pytest.mark.parametrize("written_down", [True, False], ids=["values", "reasons alone"])
def test_each_step_is_known_as_it_was_then(station: Station, written_down: bool) -> None:
    """Versions before 0.3 wrote down reasons alone; since then no word of a reason is read."""
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        then = []
        for number, (change, derived) in enumerate(STEPS):
            at = FOUND_AT + number * DAY
            derive(services, derived, at)
            (landing,) = landings.find(store, include_retracted=True)
            assert landings.history(store, landing.id)[-1].change == change
            then.append((at, told(services, [landing])))
        if written_down:
            store.execute("UPDATE revisions SET reason = 'Aus anderen Gründen.'")
        else:
            store.execute("UPDATE revisions SET before_json = NULL")
        assert landings_known_at(store, FOUND_AT - HOUR, watch="w").landings == ()
        for at, truth in then:
            known = landings_known_at(store, at + HOUR, watch="w")
            assert told(services, list(known.landings)) == truth
            last = at == FOUND_AT + (len(STEPS) - 1) * DAY
            assert known.inexact == (not written_down and not last)


def test_a_landing_that_left_a_week_stands_in_it_again(station: Station) -> None:
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        derive(services, EARLY, FOUND_AT)
        derive(services, LATER, FOUND_AT + DAY)
        weeks = [week_bounds(key, "Asia/Jerusalem") for key in ("2026-W47", "2026-W48")]
        known = [
            landings_known_at(store, FOUND_AT + HOUR, begin=begin, end=end) for begin, end in weeks
        ]
    assert [len(each.landings) for each in known] == [1, 0]
    span = ("--to", "2026-W48", "--from", "2026-W47")
    assert [row["at_least"] for row in listed(station, "weeks", *span)] == [0, 1]
    until = f"{FOUND_AT + HOUR:%Y-%m-%dT%H:%MZ}"
    then = [row["at_least"] for row in listed(station, "weeks", *span, "--as-of", until)]
    assert then == [1], "week 48 had not begun"
    done = call(station, "landings", "--as-of", until)
    assert "2026-W47" in done.stdout
    assert "from the landings' histories. Evidence, rules and" in done.stderr


def test_what_a_replay_finds_was_not_known_before_it_ran(station: Station) -> None:
    """Its lines are dated by the recording's clock, and the weeks' corrections rest on that."""
    replayed_at = FOUND_AT + 100 * DAY
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        for number, derived in enumerate((EARLY, LATER)):
            store.clock = partial(replayed_at.__add__, number * DAY)
            derive(services, derived, FOUND_AT + number * DAY)
        (landing,) = landings.find(store)
        assert landings.history(store, landing.id)[-1].at == FOUND_AT + DAY
        for at, truth in ((replayed_at, EARLY), (replayed_at + DAY, LATER)):
            (known,) = landings_known_at(store, at).landings
            assert known.detection.touchdown_at == truth.touchdown_at
        then = landings_known_at(store, replayed_at - HOUR)
        assert (then.landings, then.found_since) == ((), 1)
        store.clock = lambda: FOUND_AT
        assert store.known_at(FOUND_AT + DAY) is None, "a clock that was set back"


def test_a_verdict_counts_from_when_it_was_given(station: Station) -> None:
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        derive(services, probable(), FOUND_AT)
        (landing,) = landings.find(store)
        for number, verdict in enumerate((REJECTED, CONFIRMED, None)):
            at = FOUND_AT + (number + 1) * DAY
            review = Review(at=at, by="An Editor", verdict=verdict, note="seen")
            reviews.apply_review(store, services.alert_evaluator, landing.id, review)
        verdicts = [
            landings_known_at(store, FOUND_AT + number * DAY + HOUR).landings[0].review
            for number in range(4)
        ]
    assert verdicts == [None, REJECTED, CONFIRMED, None]


def test_a_doubt_about_the_aircraft_counts_from_when_it_arose(station: Station) -> None:
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        grades = []
        for number, doubt in enumerate(("", DOUBT, "")):
            derive(services, probable(), FOUND_AT + number * DAY, doubt)
        for number in range(3):
            known = landings_known_at(store, FOUND_AT + number * DAY + HOUR)
            grades.append(known.landings[0].grade_for("w"))
    assert grades == [Grade.PROBABLE, Grade.POSSIBLE, Grade.PROBABLE]


def test_a_departure_that_was_to_come_is_not_known(station: Station) -> None:
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        derive(services, probable(), AT + HOUR)
        left = [
            landings_known_at(store, AT + hours * HOUR).landings[0].detection.departed_at
            for hours in (1, 3)
        ]
    assert left == [None, AT + 2 * HOUR]
