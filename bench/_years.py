"""What do years of an archive look like? Days of traces of simulated aircraft, whose landings are
known, stand for them.

Five Il-76s land at Ovda, alone and in bursts, and fly much more elsewhere. Fifteen others cross the
region and land at its fields all day. Flights and reception are those of `bench/accuracy`;
`_years_archive` writes the received reports.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from accuracy.cases import Case, Feed, Transponder, played
from accuracy.faults import NO_FAULT, Fault
from accuracy.legs import Landed
from accuracy.motion import Wind
from accuracy.places import field as place
from accuracy.receivers import Ears, ears
from accuracy.rows import Air
from accuracy.script import Flight

from collector.model import Observation

WATCHED = "LLOV"
IL76S = tuple(f"6008{number:02x}" for number in range(0x61, 0x66))
OTHERS = tuple(f"7380{number:02x}" for number in range(15))
DAY_S = 86_400.0

FLOORS_FT = {2019: 8000, 2020: 7000, 2021: 6000, 2022: 5000, 2023: 4000, 2024: 3500, 2025: 3000}
"""Above sea level at Ovda: receivers came nearer over the years. Each month varies around it."""
MISSING = 0.03
"""Share of single days without an archive; two weeks of the whole time are missing as well."""
LONGEST_HOLE = 14

THERE = {"visit": 8.0, "overnight": 3.0, "go-around": 1.0}
ELSEWHERE = {
    ("visit", "LLER"): 170,
    ("visit", "LLBG"): 170,
    ("visit", "LLNV"): 40,
    ("visit", "OJAQ"): 25,
    ("visit", "HETB"): 15,
    ("low-pass", "LLOV"): 10,
    ("diversion", "LLOV"): 15,
    ("overflight-high", "LLOV"): 150,
    ("overflight-low", "LLOV"): 40,
    ("overflight-elsewhere", "LLOV"): 60,
    ("return-south", "LLOV"): 60,
    ("never-there", "LLOV"): 150,
}
"""The other flights of the Il-76s in seven years: class of `bench/accuracy`, field → number."""
APART_S = 4 * 3600.0
"""On the ground elsewhere between two flights of one aircraft, at least."""
EVERY_S = 15.0
"""A trace has a row every 5 to 30 s."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The years, the numbers of landings and the shares that are simulated."""

    first: date
    days: int
    landings: int
    bursts: tuple[int, ...]
    """Landings in one week of each burst; they are among the landings."""
    share: float
    """The simulated share of the flights elsewhere."""
    seed: int = 20261126


@dataclass(slots=True)
class Flown:
    """One flight of an Il-76, and the part of it in the archive."""

    icao24: str
    name: str
    flight: Flight
    reports: list[Observation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class World:
    """All flights, and the days that have an archive."""

    plan: Plan
    flown: tuple[Flown, ...]
    archived: frozenset[date]

    def truths(self) -> Iterator[tuple[Flown, Landed]]:
        """Yield every true landing at the watched field with its flight."""
        for flown in self.flown:
            for landed in flown.flight.landed:
                if landed.airfield == WATCHED:
                    yield flown, landed


def simulated(plan: Plan) -> World:
    """Simulate all flights, with the reports received on days with an archive."""
    rng = random.Random(plan.seed)
    flown: list[Flown] = []
    busy: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for at_s in _landing_times(rng, plan):
        name = rng.choices(list(THERE), list(THERE.values()))[0]
        flown.append(_placed(rng, busy, name, WATCHED, at_s))
    for (name, target), number in ELSEWHERE.items():
        for _ in range(round(number * plan.share)):
            flown.append(_placed(rng, busy, name, target, _some_time(rng, plan)))
    archived = _archived(rng, plan)
    for one in flown:
        one.reports.extend(_received(one, archived, plan.seed))
    return World(plan, tuple(flown), archived)


def ears_of(day: date, seed: int) -> Ears:
    """Return the receivers of that month."""
    rng = random.Random(f"ears {seed} {day:%Y-%m}")
    spot = place(WATCHED)
    floor_ft = round(FLOORS_FT[day.year] * rng.uniform(0.9, 1.1))
    return ears(rng, floor_ft, (spot.lat_deg, spot.lon_deg), holes=False)


def _landing_times(rng: random.Random, plan: Plan) -> Iterator[float]:
    """Touchdowns: bursts within a week from Monday noon to Saturday evening, others anywhere."""
    monday = plan.first + timedelta(days=-plan.first.weekday() % 7)
    weeks = rng.sample(range((plan.days - 7) // 7), len(plan.bursts))
    for week, number in zip(weeks, plan.bursts, strict=True):
        begin_s = midnight(monday + timedelta(weeks=week)).timestamp()
        yield from (begin_s + rng.uniform(0.5, 5.5) * DAY_S for _ in range(number))
    for _ in range(plan.landings - sum(plan.bursts)):
        yield _some_time(rng, plan)


def _some_time(rng: random.Random, plan: Plan) -> float:
    return midnight(plan.first).timestamp() + rng.uniform(1.0, plan.days - 2.0) * DAY_S


def _placed(
    rng: random.Random,
    busy: dict[str, list[tuple[float, float]]],
    name: str,
    target: str,
    wished_s: float,
) -> Flown:
    """A flight with a touchdown near the wanted time, by an aircraft that is free."""
    while True:
        wind = Wind(rng.uniform(0.0, 360.0), rng.uniform(0.0, 15.0))
        flight = played(rng, wind, target, name)
        key_s = flight.landed[0].at_s if flight.landed else flight.motion.end_s / 2.0
        for icao24 in rng.sample(IL76S, len(IL76S)):
            moved = flight.shifted(wished_s - key_s)
            begin_s, end_s = moved.motion.points[0].at_s - APART_S, moved.motion.end_s + APART_S
            if all(end_s < begin or end < begin_s for begin, end in busy[icao24]):
                busy[icao24].append((begin_s, end_s))
                return Flown(icao24, name, moved)
        wished_s += rng.gauss(0.0, 0.3 * DAY_S)


def _archived(rng: random.Random, plan: Plan) -> frozenset[date]:
    hole = rng.randrange(max(1, plan.days - LONGEST_HOLE)) if plan.share >= 1.0 else plan.days
    return frozenset(
        plan.first + timedelta(days=number)
        for number in range(plan.days)
        if rng.random() >= MISSING and not hole <= number < hole + LONGEST_HOLE
    )


def _received(flown: Flown, archived: frozenset[date], seed: int) -> Iterator[Observation]:
    """The received reports of a flight: positions where and when they were sent."""
    points = flown.flight.motion.points
    begin_s, end_s = points[0].at_s, points[-1].at_s
    rng = random.Random(f"heard {seed} {flown.icao24} {begin_s}")
    sends = Transponder(
        icao24=flown.icao24,
        callsign=f"AZQ{4700 + int(flown.icao24[-2:], 16)}",
        type_code="IL76",
        mlat=False,
        version=2,
        geometric=True,
        pressure_ft=max(-650.0, min(650.0, rng.gauss(0.0, 230.0))),
        warmth=rng.uniform(-0.01, 0.07),
        late_ground_s=0.0,
        early_ground_ft=0.0,
    )
    feed = Feed("traces", ears_of(_day(begin_s), seed), 0.0, keeps_frozen=False)
    case = Case(
        seed=seed,
        index=0,
        name=flown.name,
        target=WATCHED,
        floor_ft=round(feed.ears.floor_ft),
        fault_event=NO_FAULT,
        feeds=(feed,),
        flights=(flown.flight,),
        transponders=(sends,),
        begin_s=begin_s,
        end_s=end_s,
    )
    air = Air(case, 0, feed, 0, rng)
    at_s = begin_s
    while at_s < end_s:
        point = flown.flight.motion.at(at_s)
        if point is not None and point.sending and _day(at_s) in archived:
            for row in air.rows(at_s, Fault.NONE, crowd=False):
                if row.at.timestamp() > at_s - 1.0:
                    yield row
        at_s += EVERY_S


def midnight(day: date) -> datetime:
    """Return the beginning of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def _day(at_s: float) -> date:
    return datetime.fromtimestamp(at_s, UTC).date()
