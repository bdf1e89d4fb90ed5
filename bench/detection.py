"""How many flights a second are searched for landings? Real flights are measured beside the package
`traffic`.

Both answer "did it land at Paris Charles de Gaulle?" for the same 238 flights (284,505 reports, one
a second) that come with `traffic`, in one process, on one core, in processor time. Each begins with
the flight in its own form in memory: `traffic` with a data frame, the collector with observations
as they come from the database. `traffic`'s `infer_airport` answers another question, which of the
world's airports is nearest to a flight's last point, and stands beside them. Two more lines give
the cost of weighing the airfields around it as well, as the daemon does, and of beginning with
decoded columns.

If `traffic` is not installed, only the collector is measured, on simulated days: fewer reports a
flight, but of several feeds, with spoofing, outages and silences to be weighed. There it is
measured against reading the same reports from JSON with the standard library, in turn.
"""

from __future__ import annotations

import gc
import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import _paris
from _claims import Claim, report, short
from accuracy.cases import case
from accuracy.places import candidates
from accuracy.polls import poll_case

from collector.landings.detect import DerivedLandings, detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Detection, Observation

SHARE_OF_TRAFFIC = 0.05
"""The collector takes no more than this share of the time of `traffic`'s `landing()`."""
READINGS = 4.0
"""To search a simulated flight takes no longer than to read its reports so often from JSON: twice
what was measured."""
RULES = LandingRules()
SIMULATED_DAYS, SEED = 40, 20261126
LATER = timedelta(hours=3)
"""The time of judging after the last report, so late that every silence can be judged."""


def spent_s(work: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def best_ms(work: Callable[[], object], flights: int, rounds: int) -> float:
    """Return the time of one flight in the quickest round, ms."""
    return 1000.0 * min(spent_s(work) for _ in range(rounds)) / flights


def ours(
    flights: Iterable[Sequence[Observation]], fields: Sequence[Airfield]
) -> list[DerivedLandings]:
    """Return the answer of the collector for each flight; the coverage is unknown, as in any
    archive."""
    return [detect(one, (), fields, RULES, one[-1].at + LATER) for one in flights]


def landed(found: Iterable[DerivedLandings], code: str) -> set[int]:
    """Return which of the flights landed there, at any grade, by the most probable field."""
    return {
        number
        for number, derived in enumerate(found)
        if any(_likeliest(each) == code for each in derived.detections)
    }


def _likeliest(detection: Detection) -> str:
    return max(detection.candidates, key=lambda each: each.probability).airfield


def written(observations: Iterable[Observation]) -> list[bytes]:
    """Return reports as a feed sends them, one JSON row each."""
    return [
        json.dumps(
            {
                "hex": each.icao24,
                "flight": each.callsign,
                "lat": each.lat_deg,
                "lon": each.lon_deg,
                "alt_baro": each.baro_altitude_ft,
                "alt_geom": each.geom_altitude_ft,
                "gs": each.ground_speed_kt,
                "track": each.track_deg,
                "baro_rate": each.vertical_rate_fpm,
                "seen_at": each.heard_at.timestamp(),
                "on_ground": each.on_ground,
            }
        ).encode()
        for each in observations
    ]


def beside_traffic(rounds: int, theirs: int) -> int:
    """Measure the real flights: the collector all of them, `traffic` the first `theirs`."""
    sample = _paris.sample()
    plain = [_paris.columns(flight) for flight in sample]
    flights = [_paris.observations(each) for each in plain]
    fields = _paris.fields()
    alone = fields[:1]
    airport = _paris.their_airport(fields[0])
    gc.collect()
    gc.freeze()  # what the bench itself holds, theirs and ours, is not to be searched at each run
    here_ms = best_ms(lambda: ours(flights, alone), len(flights), rounds)
    around_ms = best_ms(lambda: ours(flights, fields), len(flights), rounds)
    columns_ms = best_ms(
        lambda: ours((_paris.observations(each) for each in plain), alone), len(flights), 1
    )
    they = set()
    began = time.process_time()
    for number, flight in enumerate(sample[:theirs]):
        if _paris.they_find(flight, airport):
            they.add(number)
    they_ms = 1000.0 * (time.process_time() - began) / theirs
    world = _paris.their_world()
    began = time.process_time()
    inferred = [_paris.they_infer(flight, world) for flight in sample[:theirs]]
    infer_ms = 1000.0 * (time.process_time() - began) / theirs
    nearest = {number for number, code in enumerate(inferred) if code == _paris.CODE}
    we = {each for each in landed(ours(flights, alone), _paris.CODE) if each < theirs}
    among = {each for each in landed(ours(flights, fields), _paris.CODE) if each < theirs}
    points = sum(map(len, flights))
    lines = {
        f"the collector: at {_paris.CODE}?": here_ms,
        f"… or at one of {len(fields) - 1} airfields around it?": around_ms,
        f"… at {_paris.CODE}, beginning from decoded columns": columns_ms,
        f"traffic: landing({_paris.CODE}), {theirs} of them": they_ms,
        f"traffic: infer_airport, {theirs} of them": infer_ms,
    }
    notes = [
        f"{len(flights)} real flights, {points:,} reports; processor time a flight:",
        *(f"{name:<48}{ms:8.2f} ms {1000 / ms:8.0f} flights/s" for name, ms in lines.items()),
        f"on final to {_paris.CODE} by traffic: {len(they)}; of these, the collector names",
        f"{len(they & we)} with that airfield alone, {len(they & among)} with those around it",
        f"by the collector only: {len(we - they)} alone, {len(among - they)} with those around it",
        f"traffic's landing() takes {they_ms / here_ms:.0f} times as long, its infer_airport",
        f"{infer_ms / here_ms:.1f} times; that names {_paris.CODE} for {len(nearest)}, of which",
        f"{len(nearest & they)} were on final there, and misses {len(they - nearest)} that were",
    ]
    claim = Claim("one flight ÷ traffic's landing()", here_ms / they_ms, SHARE_OF_TRAFFIC, "×")
    return report("Detection, real flights", [claim], notes)


def simulated(rounds: int) -> int:
    """Measure the collector on days of bench.accuracy, with everything that makes detection
    slow."""
    fields = candidates()
    days = [poll_case(case(SEED, number)) for number in range(SIMULATED_DAYS)]
    flights = [(one, day) for day in days for one in day.observations if one]

    def work() -> None:
        for one, day in flights:
            detect(one, day.slots, fields, RULES, day.now)

    rows = [row for one, _ in flights for row in written(one)]

    def read() -> None:
        for row in rows:
            json.loads(row)

    each_ms = read_ms = math.inf
    for _ in range(rounds):  # in turn: what slows one down slows the other down as well
        read_ms = min(read_ms, best_ms(read, len(flights), 1))
        each_ms = min(each_ms, best_ms(work, len(flights), 1))
    points = sum(len(one) for one, _ in flights)
    notes = [
        f"the package traffic is not installed ({_paris.INSTALL}): no real flights",
        f"{len(flights)} simulated flights, {points:,} reports, with slots, spoofing and outages:",
        f"{each_ms:.2f} ms a flight, {1000 / each_ms:.0f} flights/s",
        f"{read_ms:.2f} ms to read its reports from JSON",
    ]
    claim = Claim("one flight ÷ its reports from JSON", each_ms / read_ms, READINGS, "×")
    return report("Detection, simulated flights", [claim], notes)


def main() -> int:
    if _paris.installed():
        return beside_traffic(3 if short() else 10, 24 if short() else 238)
    return simulated(3 if short() else 10)


if __name__ == "__main__":
    sys.exit(main())
