"""How may a feed give a stand again, with a new time? Made days of one aircraft, and reports of a
place where it stood put between those of its flights.

Each is drawn from a seed, so that a failure can be run again.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.model import Observation
from tests.support.flights import FIELDS, LLER, LLOV, OJAQ, START, hear, polls, visit

MINUTE = timedelta(minutes=1)
AROUND = timedelta(hours=6)
"""So far from a report in flight a stand may be given again."""
HEARD_WITHIN = timedelta(minutes=12)
"""In a longer silence (`LandingRules.shortest_silence`) nothing says that it did not stand there.
"""


@dataclass(frozen=True, slots=True)
class Visits:
    """Some visits of a day, each received from the approach to the climb."""

    name: str
    reports: list[Observation]


RHYTHMS_S = (10, 20, 30, 60, 61, 120)
"""Seconds between polls. Between polls of five minutes an aircraft can be on its stand and back."""


def visits_of(seed: int, rhythms_s: Sequence[int] = RHYTHMS_S) -> Visits:
    """Return one to three visits, at one rhythm of polls; some stays are received in part only."""
    noise = random.Random(seed)
    every_s = noise.choice(rhythms_s)
    reports: list[Observation] = []
    names = []
    at = START + noise.randrange(60) * MINUTE
    for _ in range(noise.choice([1, 2, 2, 3])):
        field = noise.choice([LLOV, LLOV, LLER, OJAQ])
        stay = noise.choice([15, 25, 60, 120, 240]) * MINUTE
        path = visit(
            field,
            at,
            stay,
            runway=noise.choice(field.runways).name,
            came_from_deg=noise.choice([0.0, 15.0, 40.0, 330.0]),
        )
        begin = at - noise.choice([12, 25, 40]) * MINUTE
        end = at + stay + noise.choice([6, 20, 40]) * MINUTE
        late = [timedelta(seconds=each) for each in (0, 0, 1, 2)]
        times = [time + noise.choice(late) for time in polls(begin, end, every_s)]
        if stay > 30 * MINUTE and noise.random() < 0.4:
            leaves = at + stay - 4 * MINUTE
            times = [time for time in times if not at + 8 * MINUTE < time < leaves]
        reports += hear(path, times)
        names.append(f"{field.icao} {at:%H:%M} for {stay // MINUTE} min")
        at += stay + noise.choice([90, 100, 150, 240, 400]) * MINUTE
    reports.sort(key=lambda each: each.at)
    return Visits(f"seed {seed}: {', '.join(names)}, each {every_s} s", reports)


def repeats_of(reports: Sequence[Observation], seed: int) -> list[Observation]:
    """Return one to six reports of a place where it stood, as a feed may give them again while the
    aircraft is received: by the same feed or another, with the ground bit or the height alone."""
    noise = random.Random(seed)
    stood = [each for each in reports if each.on_ground and not each.ground_speed_kt]
    flown = [each.at for each in reports if not each.on_ground]
    while True:
        row = noise.choice(stood)
        minutes = noise.choice([1.0, 1.0, 20.0, 60.0, AROUND / MINUTE])
        begin = noise.choice(flown) + noise.uniform(-minutes, minutes) * MINUTE
        step = timedelta(seconds=noise.choice([5, 20, 60, 61, 150, 300]))
        times = [begin + number * step for number in range(noise.randint(1, 6))]
        if all(_is_heard(reports, time) for time in times):
            break
    if noise.random() < 0.2:
        field = min(FIELDS, key=lambda each: abs(each.lat_deg - (row.lat_deg or 0.0)))
        height_ft = 25.0 * round(field.elevation_ft / 25.0)
        row = replace(row, on_ground=noise.choice([None, False]), baro_altitude_ft=height_ft)
    feed = noise.choice([row.feed, row.feed, "second"])
    return [replace(row, feed=feed, heard_at=time, position_at=time) for time in times]


def _is_heard(reports: Sequence[Observation], at: datetime) -> bool:
    after = bisect_left(reports, at, key=lambda each: each.at)
    if after in (0, len(reports)):
        return False
    return reports[after].at - reports[after - 1].at <= HEARD_WITHIN
