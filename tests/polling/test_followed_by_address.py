"""Is an aircraft that matched by a name asked for by address for some days, within the budget?"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from collector.geo import distance_nm
from collector.model import Observation, WatchMatch
from collector.store import followed, landings, observations
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, Seen, v2_body
from tests.support.flights import LLOV, START, visit
from tests.support.named import KINDS, MINUTE, STRANGER, row, worn
from tests.support.traced import Traced, traced

CALLSIGN = KINDS["callsign"]
DOWN = START + timedelta(hours=1)
LEAVES = DOWN + timedelta(hours=2)
FLIGHT = visit(LLOV, DOWN, LEAVES - DOWN)
CIRCLE_NM = 100.0
AREA, FLEET = "/v2/point/", "/v2/hex/"


class Network:
    """Gives all aircraft within a circle, and any aircraft by its address."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._named = worn(CALLSIGN, DOWN, -60, 30, else_=None)

    def polled(self, seen: Seen) -> Answer:
        now = self._clock.now()
        moment = FLIGHT(now)
        rows = []
        if moment is not None:
            away = distance_nm(moment.lat_deg, moment.lon_deg, LLOV.lat_deg, LLOV.lon_deg)
            if STRANGER in seen.path if FLEET in seen.path else away <= CIRCLE_NM:
                rows.append(row(moment, self._named(now)))
        return Answer(v2_body(now, rows))

    def full(self, seen: Seen) -> Answer:
        return Answer(status=404)

    recent = full


def asked_for(rig: Traced) -> list[str]:
    """The addresses of the requests that name any."""
    paths = [seen.path for seen in rig.server.requests if FLEET in seen.path]
    return [path.rpartition("/")[2] for path in paths]


def test_it_is_heard_beyond_the_circle_and_asked_for_no_longer_than_some_days(
    tmp_path: Path,
) -> None:
    begin = DOWN - 6 * MINUTE
    with traced(tmp_path, Network, begin, traces=CALLSIGN.watch, every_s=120) as rig:
        rig.work(DOWN + 4 * MINUTE)
        assert asked_for(rig)[0] == "600865"
        assert asked_for(rig)[-1] == f"600865,{STRANGER}"
        rig.clock.move_to(LEAVES + 2 * MINUTE)
        rig.work(LEAVES + 30 * MINUTE)
        last = observations.last_before(rig.store, STRANGER, rig.clock.now())
        assert last is not None
        (farthest,) = observations.reports_between(rig.store, STRANGER, last, last)
        assert farthest.callsign == "GCTCB"
        away = distance_nm(
            farthest.lat_deg or 0.0, farthest.lon_deg or 0.0, LLOV.lat_deg, LLOV.lon_deg
        )
        assert away > CIRCLE_NM + 20
        (landing,) = landings.find(rig.store, icao24=STRANGER)
        assert landing.detection.departed_at is not None
        for days, expected in ((3, f"600865,{STRANGER}"), (6, "600865")):
            rig.clock.move_to(DOWN + timedelta(days=days))
            rig.work(rig.clock.now() + 3 * MINUTE)
            assert asked_for(rig)[-1] == expected


def follow(rig: Traced, count: int, at: datetime) -> list[str]:
    """So many aircraft matched by a callsign, two an hour; their addresses, the latest first."""
    match = (WatchMatch("named", "callsign AZQ*", True),)
    found = [f"4a{number:04x}" for number in range(count)]
    with rig.store.transaction():
        for number, icao24 in enumerate(found):
            heard_at = at - timedelta(hours=1 + number // 2)
            report = Observation(icao24=icao24, feed="adsblol", heard_at=heard_at)
            followed.store_hours(rig.store, [(report, match)])
    return found


def test_one_request_more_is_made_only_where_the_budget_lasts_the_day(tmp_path: Path) -> None:
    """A hundred addresses share a request with the fleet; polls every 5 minutes until midnight."""
    for requests, expected in ((5000, 3), (500, 2)):
        folder = tmp_path / f"{requests}"
        folder.mkdir()
        extra = f"daily_requests = {requests}\n{CALLSIGN.watch}"
        with traced(folder, Network, START, traces=extra) as rig:
            latest = follow(rig, 130, START)
            (poller,) = rig.jobs.pollers.values()
            assert poller.round_cost(START) == expected
            rig.work(START + MINUTE)
            named = ",".join(asked_for(rig)).split(",")
            assert named[0] == "600865"
            assert len(rig.server.requests) == expected
            assert set(named[1:]) == set(latest[: 100 if expected == 3 else 50])
