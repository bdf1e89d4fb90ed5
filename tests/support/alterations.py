"""How can one row of a track be wrong, and what may that change? Made tracks of several days, and
every way to alter a row, a few minutes, or a whole feed.

Each alteration is drawn from a seed, so that a failure can be run again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Detection, Observation, Source
from tests.support.flights import (
    FIELDS,
    LLER,
    LLOV,
    OJAQ,
    START,
    Path,
    hear,
    listening,
    overflight,
    polls,
    visit,
)

DAY = timedelta(days=1)
RULES = LandingRules()
LISTENING = listening(polls(START - DAY, START + 4 * DAY, 120))


@dataclass(frozen=True, slots=True)
class Track:
    """Some days of one aircraft, as one feed reports it."""

    name: str
    reports: list[Observation]

    def landings(self, reports: Sequence[Observation]) -> tuple[Detection, ...]:
        """Return what is derived from these reports instead of its own."""
        return landings_of(reports)


def track_of(seed: int) -> Track:
    """Return a track of three days: visits, overflights and parked days, at one rhythm of polls."""
    noise = random.Random(seed)
    every_s = noise.choice([10, 30, 60, 61, 120, 300])
    floor_ft = noise.choice([0.0, 0.0, 0.0, 1800.0, 3000.0])
    reports: list[Observation] = []
    names = []
    for day in range(3):
        middle = START + day * DAY + timedelta(minutes=noise.randrange(600))
        path, begin, end, name = _day(noise, middle)
        names.append(name)
        times = [
            at + timedelta(seconds=noise.choice([0, 0, 1, 2])) for at in polls(begin, end, every_s)
        ]
        reports += hear(path, times, floor_ft=floor_ft)
    name = f"seed {seed}: {', '.join(names)}, each {every_s} s, above {floor_ft:.0f} ft"
    return Track(name, reports)


def _day(noise: random.Random, middle: datetime) -> tuple[Path, datetime, datetime, str]:
    kind = noise.choice(["visit", "visit", "visit", "overflight", "short"])
    place: Airfield = noise.choice([LLOV, LLOV, LLER, OJAQ])
    if kind == "overflight":
        height_ft = noise.choice([24_000.0, 31_000.0, 37_000.0])
        path = overflight(place, middle, altitude_ft=height_ft, track=noise.choice([15.0, 195.0]))
        around = timedelta(minutes=40)
        return path, middle - around, middle + around, f"over {place.icao}"
    stay = timedelta(minutes=noise.choice([20, 25] if kind == "short" else [45, 90, 180]))
    runway = noise.choice(place.runways).name
    path = visit(
        place, middle, stay, runway=runway, came_from_deg=noise.choice([0.0, 15.0, 40.0, 330.0])
    )
    before, after = timedelta(minutes=45), stay + timedelta(minutes=45)
    return path, middle - before, middle + after, f"{kind} to {place.icao}"


@dataclass(frozen=True, slots=True)
class Altered:
    """A track with one thing wrong, from `begin` to `end`."""

    kind: str
    reports: list[Observation]
    begin: datetime
    end: datetime


def altered(track: Sequence[Observation], seed: int, kind: str | None = None) -> Altered:
    """Return the track with one alteration, drawn from the seed; of one kind, or of any."""
    noise = random.Random(seed)
    kind = kind or noise.choice(list(KINDS))
    reports = sorted(track, key=lambda each: each.at)
    at = noise.randrange(len(reports))
    changed, last = KINDS[kind](reports, at, noise)
    return Altered(kind, changed, reports[at].at, last)


def landings_of(reports: Sequence[Observation]) -> tuple[Detection, ...]:
    """Return what is derived from the reports, with others received all the time."""
    now = max(each.at for each in reports) + timedelta(hours=3)
    return detect(reports, LISTENING, FIELDS, RULES, now).detections


@dataclass(frozen=True, slots=True)
class Compared:
    """What an alteration changed, in sentences."""

    others: list[str] = field(default_factory=list)
    """Landings of other flights that differ in anything."""
    created: list[str] = field(default_factory=list)
    """Counted landings that were not derived before."""
    shown: list[str] = field(default_factory=list)
    """The same, not counted."""
    own: list[str] = field(default_factory=list)
    """Counted landings of the altered flight that are lost, no longer counted, or moved by more
    than their stated error."""


def compared(base: Sequence[Detection], derived: Sequence[Detection], wrong: Altered) -> Compared:
    """Return what differs between two derivations, apart from the evidence's sentences."""
    result, left = Compared(), list(derived)
    # First those that must be the same: a lost landing of the altered flight must not take theirs.
    for landing in base:
        if not _own(landing, wrong):
            same = next((each for each in left if _key(each) == _key(landing)), None)
            if same is None:
                result.others.append(told(landing))
            else:
                left.remove(same)
    for landing in base:
        if _own(landing, wrong) and (why := _became(landing, left)) and _counted(landing):
            result.own.append(why)
    for each in left:
        (result.created if _counted(each) else result.shown).append(told(each))
    return result


def _became(landing: Detection, left: list[Detection]) -> str | None:
    """Take what a landing of the altered flight became out of `left`, and return what is wrong
    with it."""
    near = [each for each in left if _apart(each, landing) < timedelta(hours=3)]
    alike = [each for each in near if landing.airfield in (None, each.airfield)]
    alike.sort(key=lambda each: (not _counted(each), _apart(each, landing)))
    if alike:
        left.remove(alike[0])
    if not alike or not _counted(alike[0]):
        return f"{told(landing)} is no longer counted"
    slack_s = max(alike[0].uncertainty_s, landing.uncertainty_s)
    if _apart(alike[0], landing) > timedelta(seconds=slack_s + 1.0):
        return f"{told(landing)} became {told(alike[0])}"
    return None


def told(landing: Detection) -> str:
    """Return a landing in one line."""
    where = landing.airfield or "?"
    return f"{where} {landing.grade.value} {landing.touchdown_at:%d %H:%M:%S}"


def _counted(landing: Detection) -> bool:
    return landing.airfield is not None and landing.grade.rank >= 2


def _apart(a: Detection, b: Detection) -> timedelta:
    return abs(a.touchdown_at - b.touchdown_at)


def _own(landing: Detection, wrong: Altered) -> bool:
    """Return whether the alteration lies in that visit or within an hour of it."""
    hour = timedelta(hours=1)
    until = max(landing.visit_until, landing.touchdown_at)
    return landing.visit_from - hour <= wrong.end and wrong.begin <= until + hour


def _key(landing: Detection) -> Detection:
    return replace(landing, evidence=())


Alter = Callable[[list[Observation], int, random.Random], tuple[list[Observation], datetime]]


def _one(change: Callable[[Observation, random.Random], Observation | None]) -> Alter:
    def alter(
        reports: list[Observation], at: int, noise: random.Random
    ) -> tuple[list[Observation], datetime]:
        new = change(reports[at], noise)
        rest = [*reports[:at], *([] if new is None else [new]), *reports[at + 1 :]]
        return rest, reports[at].at if new is None else max(reports[at].at, new.at)

    return alter


def _moved(report: Observation, noise: random.Random) -> Observation:
    lat, lon = report.lat_deg or 0.0, report.lon_deg or 0.0
    far_nm = noise.choice([0.3, 1.0, 3.0, 8.0, 15.0, 15.0, 40.0, 150.0])
    lat, lon = destination(lat, lon, noise.uniform(0, 360), far_nm)
    return replace(report, lat_deg=lat, lon_deg=lon)


def _elsewhere(report: Observation, noise: random.Random) -> Observation:
    field = noise.choice([LLOV, LLER, OJAQ])
    return replace(report, lat_deg=field.lat_deg, lon_deg=field.lon_deg)


def _timed(report: Observation, noise: random.Random) -> Observation:
    off = timedelta(seconds=noise.choice([-600, -180, -60, -20, 20, 60, 180, 600]))
    return replace(report, heard_at=report.heard_at + off, position_at=report.at + off)


def _height(report: Observation, noise: random.Random) -> Observation:
    height = noise.choice(
        [None, -1000.0, 0.0, 600.0, 1500.0, 5000.0, 20_000.0, 39_025.0, 195_200.0]
    )
    if noise.random() < 0.3:
        return replace(report, geom_altitude_ft=height)
    return replace(report, baro_altitude_ft=height, on_ground=False)


def _grounded(report: Observation, noise: random.Random) -> Observation:
    speed = noise.choice([0.0, None, 12.0, 120.0, report.ground_speed_kt])
    bit = noise.choice([True, True, False, None])
    height = None if bit else report.baro_altitude_ft
    return replace(report, on_ground=bit, ground_speed_kt=speed, baro_altitude_ft=height)


def _landed_elsewhere(report: Observation, noise: random.Random) -> Observation:
    return _grounded(_elsewhere(report, noise), noise)


def _frozen(
    reports: list[Observation], at: int, noise: random.Random
) -> tuple[list[Observation], datetime]:
    first = reports[at]
    until = first.at + timedelta(minutes=noise.choice([1, 3, 6, 10]))
    new = [
        replace(each, lat_deg=first.lat_deg, lon_deg=first.lon_deg)
        if first.at <= each.at <= until
        else each
        for each in reports
    ]
    return new, until


def _late_feed(
    reports: list[Observation], at: int, noise: random.Random
) -> tuple[list[Observation], datetime]:
    """Another feed, whose clock is late, reports the same hours."""
    late = timedelta(seconds=noise.choice([20, 60, 120, 180, 300]))
    first, until = reports[at].at, reports[at].at + timedelta(minutes=noise.choice([10, 60]))
    second = [
        replace(each, feed="second", heard_at=each.heard_at + late, position_at=each.at + late)
        for each in reports
        if first <= each.at <= until
    ]
    return sorted([*reports, *second], key=lambda each: each.at), until + late


KINDS: dict[str, Alter] = {
    "row missing": _one(lambda _report, _noise: None),
    "position off": _one(_moved),
    "position at a field": _one(_elsewhere),
    "time off": _one(_timed),
    "height wrong": _one(_height),
    "ground bit wrong": _one(_grounded),
    "on the ground at a field": _one(_landed_elsewhere),
    "speed wrong": _one(
        lambda report, noise: replace(
            report, ground_speed_kt=noise.choice([None, 0.0, 15.0, 90.0, 440.0, 900.0])
        )
    ),
    "direction wrong": _one(
        lambda report, noise: replace(report, track_deg=noise.choice([None, noise.uniform(0, 360)]))
    ),
    "rate wrong": _one(
        lambda report, noise: replace(
            report, vertical_rate_fpm=noise.choice([None, 0.0, -3000.0, 3000.0, 30_000.0])
        )
    ),
    "by multilateration": _one(
        lambda report, noise: replace(_moved(report, noise), source=Source.MLAT)
    ),
    "positions frozen": _frozen,
    "a late feed beside": _late_feed,
}
