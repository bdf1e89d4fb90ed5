"""How good are the times of arrivals that nobody heard? Made visits whose arrival is hidden are
derived, and compared with the truth.

Fleets stay for a short turn, overnight, or parked for days to weeks, and some do all three; none of
them draws from the prior. Heard stays teach some of them the lengths; of the others nothing is
known. Before the silence the aircraft is heard in flight or on the ground elsewhere. Three in four
of those heard in flight fly here directly, the others land elsewhere first. The aircraft is heard
again when it climbs out, or when it stands there for a while before that.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from accuracy.dated import Dated, calibration, week_at, weeks_said

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.landings.stay_lengths import learn
from collector.model import Airfield, Detection, Observation, RunwayEnd, Source

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 2, tzinfo=UTC)
LLOV = Airfield(
    icao="LLOV",
    name="Ovda",
    lat_deg=29.9403,
    lon_deg=34.9358,
    elevation_ft=1492,
    zone="Asia/Jerusalem",
    runways=(
        RunwayEnd("02R", 29.9272, 34.9317, 21.9, 3000.0),
        RunwayEnd("20L", 29.9522, 34.9433, 201.9, 3000.0),
    ),
)
RULES = LandingRules()
HELD = (0.88, 0.97)
WRONG_AT_MOST = 1 / 500
"""Of all counts, where at most half of the landings are unheard."""
LONG, SHORT = 1500, 12
Draw = Callable[[random.Random], timedelta]


def _turn(draw: random.Random) -> timedelta:
    return draw.uniform(2.0, 6.0) * HOUR


def _overnight(draw: random.Random) -> timedelta:
    return draw.gauss(13.0, 2.5) * HOUR


def _parked(draw: random.Random) -> timedelta:
    return draw.lognormvariate(0.0, 0.8) * timedelta(days=9)


def _mixed(draw: random.Random) -> timedelta:
    return draw.choices((_turn, _overnight, _parked), (6, 3, 1))[0](draw)


FLEETS: dict[str, Draw] = {
    "turns of 2 to 6 h": _turn,
    "overnight": _overnight,
    "parked for weeks": _parked,
    "all three": _mixed,
}

Elsewhere = Callable[[random.Random, Draw], timedelta]
ELSEWHERE: dict[str, Elsewhere] = {
    "hours": lambda draw, _: draw.lognormvariate(0.0, 1.0) * 5 * HOUR,
    "minutes": lambda draw, _: draw.lognormvariate(0.0, 1.0) * HOUR / 3,
    "any time": lambda draw, _: draw.uniform(0.0, 96.0) * HOUR,
    "as here": lambda draw, stays: draw.random() * stays(draw),
}
"""How long an aircraft heard on the ground elsewhere is silent there before it leaves."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """The truth of one visit, and what was heard of it."""

    touchdown_at: datetime
    departed_at: datetime
    heard: tuple[Observation, ...]


def _report(at: datetime, away_nm: float, height_ft: float, rate_fpm: float) -> Observation:
    down = height_ft <= 0.0
    lat_deg, lon_deg = destination(LLOV.lat_deg, LLOV.lon_deg, 22.0, away_nm)
    speed_kt = 0.0 if down else min(430.0, 160.0 + 6.0 * away_nm)
    return Observation(
        icao24="600865",
        feed="made",
        source=Source.ADSB,
        heard_at=at,
        position_at=at,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        baro_altitude_ft=None if down else LLOV.elevation_ft + height_ft,
        on_ground=down,
        ground_speed_kt=speed_kt,
        track_deg=22.0 if rate_fpm > 0 else 202.0,
        vertical_rate_fpm=rate_fpm,
    )


def _visit(draw: random.Random, stays: Draw, elsewhere: str | None = None) -> _Visit:
    """Return a visit whose arrival nobody heard; if `elsewhere` is given, one before which the
    aircraft was heard on the ground elsewhere."""
    touchdown_at = START + draw.uniform(0.0, 28.0) * timedelta(days=1)
    stay = max(timedelta(minutes=25), stays(draw))
    departed_at = touchdown_at + stay
    away_nm = draw.uniform(150.0, 900.0)
    flight = timedelta(hours=away_nm / draw.uniform(360.0, 450.0) + draw.uniform(0.1, 0.4))
    last_at = touchdown_at - flight
    kind = draw.random()
    if elsewhere or kind < 0.3:  # heard on the ground elsewhere, and later silent there
        last_at -= ELSEWHERE[elsewhere or "hours"](draw, stays)
        before = [_report(last_at - n * timedelta(minutes=2), away_nm, 0.0, 0.0) for n in (2, 1, 0)]
    else:
        if kind > 0.82:  # it landed elsewhere first
            last_at -= max(HOUR, stays(draw)) + HOUR
        before = [
            _report(last_at - n * timedelta(minutes=1), away_nm + 7 * n, 33_000.0, 0.0)
            for n in (3, 2, 1, 0)
        ]
    after = []
    if stay > 2 * HOUR and draw.random() < 0.5:  # it is heard standing there before it leaves
        first = touchdown_at + draw.uniform(0.0, 1.0) * min(stay, timedelta(days=3.5))
        first = min(first, departed_at - timedelta(minutes=20))
        after = [_report(first + n * timedelta(minutes=2), 0.3, 0.0, 0.0) for n in range(4)]
    for minute in range(2, 9):
        at = departed_at + minute * timedelta(minutes=1)
        after.append(_report(at, 3.6 * minute, 1_800.0 * minute, 1_800.0))
    return _Visit(touchdown_at, departed_at, tuple(before + after))


@dataclass
class _Tally:
    """What one fleet shows."""

    visits: int = 0
    missed: int = 0
    not_known: int = 0
    unheard: int = 0
    held: int = 0
    left: int = 0
    left_held: int = 0
    weeks: Dated = field(default_factory=Dated)

    def add(self, visit: _Visit, found: Sequence[Detection]) -> None:
        """Compare one visit with what was derived of it."""
        self.visits += 1
        landing = next((each for each in found if each.visit_until >= visit.touchdown_at), None)
        if landing is None:
            self.missed += 1
            return
        if landing.departed_at is not None and landing.departed_uncertainty_s is not None:
            self.left += 1
            half = timedelta(seconds=landing.departed_uncertainty_s)
            self.left_held += abs(landing.departed_at - visit.departed_at) <= half
        if not landing.visit_known:
            self.not_known += 1
            return
        half = timedelta(seconds=landing.uncertainty_s)
        if landing.unheard is not None:
            self.unheard += 1
            self.held += abs(landing.touchdown_at - visit.touchdown_at) <= half
        self.weeks.add(weeks_said(landing, "UTC"), week_at(visit.touchdown_at.timestamp(), "UTC"))


def _run(fleet: str, learned: int, visits: int, seed: int, elsewhere: str | None) -> _Tally:
    draw, stays = random.Random(f"{fleet} {learned} {seed}"), FLEETS[fleet]
    lengths = learn([stays(draw) for _ in range(learned)], date(2026, 11, 1))
    tally = _Tally()
    for _ in range(visits):
        visit = _visit(draw, stays, elsewhere)
        now = visit.departed_at + HOUR
        tally.add(visit, detect(visit.heard, (), (LLOV,), RULES, now, lengths=lengths).detections)
    return tally


def main() -> int:
    """Run, print the tables, and return 1 if what was promised does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="a few visits only")
    parser.add_argument("--visits", type=int, default=LONG, help="of each fleet")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--elsewhere",
        choices=ELSEWHERE,
        help="only visits before which it was heard on the ground elsewhere, and silent so long",
    )
    arguments = parser.parse_args()
    if arguments.sanity:
        arguments.visits = SHORT
    print(
        f"{'fleet':<20}{'heard stays':>12}{'unheard':>9}{'± holds':>9}{'not known':>11}"
        f"{'counted':>9}{'wrong week':>12}{'none of several':>17}{'departure ± holds':>19}"
    )
    total = _Tally()
    for fleet in FLEETS:
        for learned in (0, 30, 300):
            tally = _run(fleet, learned, arguments.visits, arguments.seed, arguments.elsewhere)
            for name in ("visits", "unheard", "held", "not_known", "missed", "left", "left_held"):
                setattr(total, name, getattr(total, name) + getattr(tally, name))
            total.weeks.merge(tally.weeks)
            print(_row(fleet, str(learned), tally))
    print(_row("all", "", total))
    print("", *calibration(total.weeks), sep="\n")
    holds = HELD[0] <= total.held / max(1, total.unheard) <= HELD[1]
    right = total.weeks.wrong <= WRONG_AT_MOST * 2 * total.weeks.counted
    return 0 if arguments.sanity or (holds and right) else 1


def _row(fleet: str, learned: str, tally: _Tally) -> str:
    return (
        f"{fleet:<20}{learned:>12}{tally.unheard:>9,}{tally.held / max(1, tally.unheard):>9.1%}"
        f"{tally.not_known:>11,}{tally.weeks.counted:>9,}{tally.weeks.wrong:>12}"
        f"{tally.weeks.several:>17}"
        f"{tally.left_held / max(1, tally.left):>19.1%}"
    )


if __name__ == "__main__":
    sys.exit(main())
