"""How well are the stops before and after a landing named? Freighters fly from airfield to airfield
all over the world, and what was heard of them is compared with the truth.

    python bench/stops.py            # 1,000 worlds and 1,000 hidden stops
    python bench/stops.py --sanity   # the short form
    python bench/stops.py --recordings   # labelled real recordings, where they are

Each aircraft comes from an airfield drawn from the shipped table, lands at Ovda and goes on to
another one, 300 to 2,200 NM away (`_far_worlds`). In the second part it lands on the way at an
airfield that nobody hears, with a silence around it: a leg that is called direct across that stop
is invented.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from _far_recordings import far_ends_of_recordings
from _far_worlds import SETTLED, TYPE, WORLD, Call, FarWorld, between, drawn, floor_of

from collector.geo import distance_nm
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.landings.stops import stops_around
from collector.model import Airfield, Landing, Observation
from collector.model.stop import Side, Stop

RULES = LandingRules()
LOW_NM, LOW_FT, ALONE_NM = 40.0, 8000.0, 10.0
"""A far end is judged if it was heard this near and this low; a neighbour lies this near."""

NAMED, PRECISION, PAIRS = 0.90, 0.99, 0.95
WORLDS, HIDDEN = 1000, 1000
SHORT, SHORT_NAMED = 8, 0.5
"""Worlds of the short form, and how many of the far ends that can be named must be: so few of them
vary by a quarter."""


@dataclass(slots=True)
class _Result:
    """What became of the far ends."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def share(self, hits: str, of: str) -> float:
        return self.counts[hits] / max(1, self.counts[of])


def _stops(observations: Sequence[Observation]) -> tuple[Stop, Stop] | None:
    """Return the stops around the landing at Ovda; None if that was not found."""
    if not observations:
        return None
    now = observations[-1].heard_at + timedelta(hours=3)
    derived = detect(observations, (), tuple(SETTLED.values()), RULES, now, type_code=TYPE)
    own = [each for each in derived.detections if each.airfield == "LLOV"]
    if len(own) != 1:
        return None
    landing = Landing(
        id="600865-2026-03-01-1",
        detection=own[0],
        registration=None,
        type_code=TYPE,
        watches=(),
        first_known_at=now,
        revised_at=now,
    )
    return stops_around(
        landing,
        observations,
        (),
        fields_near=WORLD.near,
        settled=SETTLED,
        rules=RULES,
        now=now,
    )


def _world(seed: str) -> Iterator[tuple[FarWorld, list[Observation]]]:
    rng = random.Random(seed)
    ovda = SETTLED["LLOV"]
    world = FarWorld(rng)
    try:
        world.call(drawn(rng, ovda, 300.0, 2200.0), rng.uniform(1, 6) * 3600, floor_of(rng))
        world.call(ovda, rng.uniform(1, 5) * 3600, 0.0)
        world.call(drawn(rng, ovda, 300.0, 2200.0), rng.uniform(1, 6) * 3600, floor_of(rng))
    except ValueError:
        return
    end = world.calls[-1].up_at
    yield world, [each for each in world.heard() if each.at < end]


def measure(worlds: int) -> _Result:
    """Return what became of the far ends of so many worlds."""
    result = _Result()
    for number in range(worlds):
        for world, observations in _world(f"stops {number}"):
            stops = _stops(observations)
            if stops is None:
                result.counts["no landing"] += 1
                continue
            for stop, call in zip(stops, (world.calls[0], world.calls[2]), strict=True):
                _score(result, stop, call, observations, number)
    return result


def _score(
    result: _Result, stop: Stop, call: Call, observations: Sequence[Observation], number: int
) -> None:
    counts, true = result.counts, call.airfield
    counts["far ends"] += 1
    if stop.airfield is not None:
        counts["named"] += 1
        counts["named right"] += stop.airfield == true.icao
        if stop.airfield != true.icao:
            result.wrong.append(
                f"world {number} {stop.side}: {stop.airfield} {stop.probability:.2f} "
                f"{stop.grade} for {true.icao}, floor {call.floor_ft}"
            )
    if not _heard_low(stop.side, call, observations):
        return
    near = WORLD.near([(true.lat_deg, true.lon_deg)], ALONE_NM + 10.0, TYPE)
    alone = not any(
        each.icao != true.icao
        and distance_nm(each.lat_deg, each.lon_deg, true.lat_deg, true.lon_deg) <= ALONE_NM
        for each in near
    )
    if alone:
        counts["low, alone"] += 1
        counts["low, alone, named"] += stop.airfield == true.icao
        if stop.airfield is None:
            listed = [(each.airfield, round(each.probability, 2)) for each in stop.candidates]
            result.wrong.append(
                f"world {number} {stop.side}: not named {true.icao}, "
                f"floor {call.floor_ft}: {listed}"
            )
    else:
        counts["low, neighbour"] += 1
        counts["low, neighbour, held"] += true.icao in stop.codes


def _heard_low(side: Side, call: Call, observations: Sequence[Observation]) -> bool:
    """Return whether the far end was heard near and low, on the side of the landing."""
    place = call.airfield
    for each in observations:
        lat_deg, lon_deg, height = each.lat_deg, each.lon_deg, each.baro_altitude_ft
        if lat_deg is None or lon_deg is None or height is None:
            continue
        beyond = each.at >= call.up_at if side is Side.PREVIOUS else each.at <= call.down_at
        low = height - place.elevation_ft < LOW_FT
        if beyond and low and distance_nm(lat_deg, lon_deg, *_spot(place)) <= LOW_NM:
            return True
    return False


def _spot(place: Airfield) -> tuple[float, float]:
    return place.lat_deg, place.lon_deg


def hidden(worlds: int) -> _Result:
    """Return how many legs were called direct across a stop that nobody heard."""
    result, ovda = _Result(), SETTLED["LLOV"]
    for number in range(worlds):
        rng = random.Random(f"hidden {number}")
        world = FarWorld(rng)
        try:
            far = drawn(rng, ovda, 500.0, 2200.0)
            world.call(far, 3600.0, rng.choice((0.0, 1000.0, 3000.0)))
            via = between(rng, far, ovda)
            world.call(via, rng.choice((25, 40, 60, 90, 150, 300)) * 60.0, None)
            world.call(ovda, 2 * 3600.0, 0.0)
        except (ValueError, IndexError):
            continue
        call = world.calls[1]
        around = timedelta(minutes=rng.uniform(0, 90)), timedelta(minutes=rng.uniform(0, 90))
        quiet = [(call.down_at - around[0], call.up_at + around[1])]
        stops = _stops(world.heard(quiet))
        if stops is None:
            continue
        previous = stops[0]
        result.counts["hidden"] += 1
        result.counts["named"] += previous.airfield is not None
        if previous.direct and call.airfield.icao not in previous.codes:
            result.counts["invented"] += 1
            stayed = call.up_at - call.down_at
            result.wrong.append(
                f"hidden {number}: direct from {previous.codes} over {call.airfield.icao}, "
                f"where it stayed for {stayed}"
            )
    return result


def main(words: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="the short form")
    parser.add_argument("--recordings", action="store_true", help="real recordings instead")
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--hidden", type=int, default=HIDDEN)
    parser.add_argument("--list", action="store_true", help="list what is wrong or not named")
    options = parser.parse_args(words)
    if options.recordings:
        print(dict(far_ends_of_recordings()))
        return 0
    if options.sanity:
        options.worlds = options.hidden = SHORT
    least_named = SHORT_NAMED if options.sanity else NAMED
    begun = time.monotonic()
    result = measure(options.worlds)
    unheard = hidden(options.hidden)
    counts = result.counts
    rows = (
        ("low and alone: named", "low, alone, named", "low, alone", least_named),
        ("named: right", "named right", "named", PRECISION),
        (
            "low, with a neighbour: among the candidates",
            "low, neighbour, held",
            "low, neighbour",
            PAIRS,
        ),
    )
    holds = True
    for what, hits, of, least in rows:
        share = result.share(hits, of)
        holds = holds and (share >= least or not counts[of])
        print(f"{what}: {counts[hits]} of {counts[of]} ({share:.1%}; claimed {least:.0%})")
    print(f"far ends: {counts['far ends']}, named {counts['named']}, {counts['no landing']} lost")
    print(
        f"stops that nobody heard: {unheard.counts['hidden']}, "
        f"direct legs invented over them: {unheard.counts['invented']} (claimed 0)"
    )
    if options.list:
        print("\n".join((*result.wrong, *unheard.wrong)))
    print(f"{time.monotonic() - begun:.0f} s")
    return 0 if holds and not unheard.counts["invented"] else 1


if __name__ == "__main__":
    sys.exit(main())
