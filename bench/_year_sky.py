"""Who is in the air over Ovda in a year? A receiver's file says so, for any moment.

In every reply are 46 aircraft (`IN_VIEW`), which others replace each hour, so that a year shows
more than 400,000 addresses. A large aircraft on no watch crosses every day and is followed as a
visitor. Watched aircraft come as `visits` says.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from _sky import INBOUND_MIN, OVDA, STAY_MIN, _on_the_way, _row

from collector.geo import destination

IN_VIEW = 46
VARIANTS = 24
"""So many different replies are made beforehand, since making one takes as long as a poll."""
RADIUS_NM = 100.0
FIRST_STRANGER, STRANGERS = 0x700000, 0x70000
FIRST_LARGE = 0x780000
LARGE_FROM_MIN, LARGE_FOR_MIN = 12 * 60, 60
"""When the large aircraft crosses, in minutes of the day (UTC)."""
DAY_MIN, WEEK_DAYS = 24 * 60, 7
USUAL, BUSY = (2,), (2, 3, 4, 5)
"""Days of the week with a visit, Monday being 0. Every other week is usual, one in twelve busy."""
ARRIVES_MIN = 6 * 60
AIRCRAFT = 12
"""How many watched aircraft take turns."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A watched aircraft that lands, stays for two hours and leaves."""

    icao24: str
    day: int
    """Days since the year began, on a Monday."""


def visits(fleet: Sequence[str], days: int) -> list[Visit]:
    """Return the visits of so many days: in every other week one, in one of twelve weeks four."""
    weeks = range(0, days // WEEK_DAYS + 1, 2)
    chosen = [(week, BUSY if week % 12 == 4 else USUAL) for week in weeks]
    on = [WEEK_DAYS * week + day for week, of_week in chosen for day in of_week]
    return [Visit(fleet[each % AIRCRAFT], day) for each, day in enumerate(on) if day < days]


def quiet(come: Sequence[Visit], day: int) -> bool:
    """Return whether no visit is on that day or the day before: polls are dense until 9 h after."""
    return not any(visit.day in (day, day - 1) for visit in come)


class Sky:
    """The sky, written into a receiver's file."""

    def __init__(self, file: Path, began_s: float, come: Sequence[Visit]) -> None:
        self._file = file
        self._began_s = began_s
        self._visits = {visit.day: visit for visit in come}
        rng = random.Random(IN_VIEW)
        self._rows = [[_tail(rng) for _ in range(IN_VIEW)] for _ in range(VARIANTS)]

    def write(self, now_s: float) -> str:
        """Write the file as of that time, in seconds since 1970, and return its text.

        The file's own time is set to it, too.
        """
        minutes = (now_s - self._began_s) / 60
        first = int(minutes // 60) * IN_VIEW
        tails = self._rows[int(minutes // 5) % VARIANTS]
        rows = [_head(first + each) + tail for each, tail in enumerate(tails)]
        rows += [json.dumps(row) for row in [*self._large(minutes), *self._watched(minutes)]]
        body = f'{{"now":{now_s:.1f},"messages":1,"aircraft":[{",".join(rows)}]}}'
        self._file.write_text(body)
        os.utime(self._file, (now_s, now_s))
        return body

    def _watched(self, minutes: float) -> list[dict[str, object]]:
        day, of_day = divmod(minutes, DAY_MIN)
        visit, since_min = self._visits.get(int(day)), of_day - ARRIVES_MIN
        there = _on_the_way(since_min)
        if visit is None or there is None:
            return []
        away_nm, altitude_ft, rate = there
        lat, lon = destination(*OVDA, 20.0, away_nm)
        row: dict[str, object] = {"hex": visit.icao24, "type": "adsb_icao", "flight": "AZQ101  "}
        row |= {"t": "IL76", "alt_baro": altitude_ft, "alt_geom": altitude_ft + 300}
        inbound = since_min < INBOUND_MIN + STAY_MIN
        row |= {"baro_rate": rate, "gs": 300.0, "track": 200.0 if inbound else 20.0}
        return [row | {"lat": lat, "lon": lon, "seen_pos": 0.5, "seen": 0.1, "nic": 8}]

    def _large(self, minutes: float) -> list[dict[str, object]]:
        day, of_day = divmod(minutes, DAY_MIN)
        along = of_day - LARGE_FROM_MIN
        if not 0 <= along < LARGE_FOR_MIN:
            return []
        lat, lon = destination(*OVDA, 60.0, 90.0 - 3.0 * along)
        row: dict[str, object] = {"hex": f"{FIRST_LARGE + int(day):06x}", "type": "adsb_icao"}
        row |= {"t": "B77W", "category": "A5", "alt_baro": 20_000, "gs": 180.0}
        return [row | {"lat": lat, "lon": lon, "seen_pos": 0.5, "seen": 0.1}]


def _head(number: int) -> str:
    """Return the beginning of a row: address and callsign, which no other aircraft has."""
    return f'{{"hex":"{FIRST_STRANGER + number % STRANGERS:06x}","flight":"F{number:06d} ",'


def _tail(rng: random.Random) -> str:
    """Return the rest of a row."""
    place = destination(*OVDA, rng.uniform(0, 360), rng.uniform(0, RADIUS_NM))
    row = _row(rng, "", *place) | {"t": "A320", "category": "A3"}
    del row["hex"], row["flight"]
    return json.dumps(row, separators=(",", ":"))[1:]
