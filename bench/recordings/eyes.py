"""Where does a track land, by its positions and heights alone? A rule for labels, written apart
from the detector: it looks neither at a ground bit nor at a reported speed.

An aircraft that moved as flight does, above an airfield, and then stays slow on it has landed. A
track that ends within 3 NM and 1,000 ft of a threshold is taken for a landing too, and says so.
A descent that ends higher is an approach that broke off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from collector.geo import bearing_deg, distance_nm

from .places import Place, World, on_final
from .tracks import Row, Track

WINDOW_S = 10.0
"""A speed is taken over at least this long, as single positions are noisy."""
LONGEST_WINDOW_S = 120.0
SLOW_KT, FLIGHT_KT = 40.0, 60.0
FLOWN_FT, FLOWN_S = 300.0, 30.0
"""It flew if it was this high above the nearest airfield for this long."""
DOWN_FT, DOWN_S = 600.0, 10.0
"""On the ground within this of the elevation (uncorrected pressure may be off by that), so long."""
ON_FIELD_NM = 3.0
SILENCE_S = 900.0
LOW_FT, LOW_NM = 1000.0, 3.0
BROKEN_BELOW_FT, BROKEN_SINK_FT, SINKING_S = 12_000.0, 500.0, 180.0
DOWN_AFTERWARDS = "on the ground afterwards"
NEXT_NM, NEXT_FT = 5.0, 2500.0
"""A flight that begins so near and so low began at that airfield."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A landing, or an approach that broke off, as one route sees it."""

    kind: str
    """`landing` or `broken-off`."""
    airfield: str
    at_s: float
    until_s: float
    """The touchdown lies between these times."""
    route: str
    """`geometry`, `low end`, `bit`, `next` or `log`."""
    text: str = ""
    left_s: float | None = None
    """When it flew again; None if the track does not show that."""


def seen_in(track: Track, world: World) -> list[Seen]:
    """Return what the positions and heights of a track show, in order of time."""
    found: list[Seen] = []
    rows = track.rows
    flown_s = 0.0
    slow_from: float | None = None
    away = True
    fields = _Fields(world)
    for index, row in enumerate(rows):
        before_s = rows[index - 1].at_s if index else row.at_s
        if row.at_s - before_s > SILENCE_S:
            slow_from, flown_s = None, 0.0
        place = fields.at(row)
        speed = _moved_kt(rows, index)
        height = None if place is None or row.altitude_ft is None else _height(row, place)
        if speed is not None and speed >= FLIGHT_KT and (height is None or height >= FLOWN_FT):
            flown_s += 0.0 if height is None and place is not None else row.at_s - before_s
            slow_from = None
            if flown_s >= FLOWN_S and not away:
                found[-1], away = replace(found[-1], left_s=row.at_s), True
        elif _is_down(row, place, speed, height):
            slow_from = row.at_s if slow_from is None else slow_from
            if flown_s >= FLOWN_S and row.at_s - slow_from >= DOWN_S and place is not None:
                found.append(Seen("landing", place.code, slow_from, row.at_s, "geometry"))
                flown_s, away = 0.0, False
        else:
            slow_from = None
        ends = index + 1 == len(rows) or rows[index + 1].at_s - row.at_s > SILENCE_S
        if ends and flown_s >= FLOWN_S:
            found += _ended(rows, index, world)
    return found


class _Fields:
    """The airfield that a row is on: looked up again only after a mile's flight."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._where: tuple[float, float] | None = None
        self._near: list[Place] = []

    def at(self, row: Row) -> Place | None:
        here = (row.lat_deg, row.lon_deg)
        if self._where is None or distance_nm(*here, *self._where) > 1.0:
            self._where = here
            self._near = list(self._world.near(*here, ON_FIELD_NM + 3.0))
        place = min(self._near, key=lambda each: each.away_nm(*here), default=None)
        return place if place is not None and place.away_nm(*here) <= ON_FIELD_NM else None


def _is_down(row: Row, place: Place | None, speed: float | None, height: float | None) -> bool:
    if place is None or speed is None or speed >= SLOW_KT:
        return False
    return height is None or abs(height) <= DOWN_FT or row.altitude_ft == 0.0


def _height(row: Row, place: Place) -> float:
    assert row.altitude_ft is not None
    return row.altitude_ft - place.elevation_ft


def _moved_kt(rows: Sequence[Row], index: int) -> float | None:
    """Return the speed over the ground by displacement; None after a gap."""
    here = rows[index]
    for back in range(index - 1, -1, -1):
        seconds = here.at_s - rows[back].at_s
        if seconds > LONGEST_WINDOW_S:
            return None
        if seconds >= WINDOW_S:
            there = rows[back]
            away = distance_nm(here.lat_deg, here.lon_deg, there.lat_deg, there.lon_deg)
            return away * 3600.0 / seconds
    return None


def _ended(rows: Sequence[Row], index: int, world: World) -> Iterator[Seen]:
    """Yield what a track that ends in the air shows."""
    last = rows[index]
    recent = [row for row in rows[max(0, index - 400) : index + 1] if row.altitude_ft is not None]
    recent = [row for row in recent if last.at_s - row.at_s <= SINKING_S]
    if len(recent) < 2:
        return
    low = recent[-1].altitude_ft
    first = recent[0].altitude_ft
    assert low is not None
    assert first is not None
    course = bearing_deg(
        recent[0].lat_deg, recent[0].lon_deg, recent[-1].lat_deg, recent[-1].lon_deg
    )
    if last.track_deg is not None:
        course = last.track_deg
    here = (last.lat_deg, last.lon_deg)
    near = sorted(world.near(*here, 12.0), key=lambda each: each.away_nm(*here))
    aligned = next((place for place in near if on_final(place, *here, course)), None)
    place = aligned or (near[0] if near else None)
    sunk_ft = first - low
    if place is not None:
        height = low - place.elevation_ft
        away = place.away_nm(*here)
        text = f"ends {height:.0f} ft above and {away:.1f} NM from it"
        if height <= LOW_FT and away <= LOW_NM and (sunk_ft > 0.0 or height <= FLOWN_FT):
            until_s = last.at_s + 300.0
            yield Seen("landing", place.code, last.at_s, until_s, "low end", text)
            return
    if sunk_ft >= BROKEN_SINK_FT and low <= BROKEN_BELOW_FT:
        code = aligned.code if aligned is not None else "?"
        text = f"ends at {low:.0f} ft, sinking"
        yield Seen("broken-off", code, last.at_s, last.at_s + 1200.0, "low end", text)


def seen_by_bit(track: Track, world: World) -> list[Seen]:
    """Return the landings that the transponder's ground bit shows: on the ground for 5 s at least,
    after a minute of reports without."""
    found: list[Seen] = []
    air_from: float | None = None
    down: Row | None = None
    for row in track.rows:
        if row.on_ground is None:
            continue
        if not row.on_ground:
            air_from = row.at_s if air_from is None else air_from
            down = None
        elif air_from is not None:
            down = down or row
            if row.at_s - down.at_s >= 5.0:
                if down.at_s - air_from >= 60.0:
                    place = world.at(down.lat_deg, down.lon_deg, ON_FIELD_NM)
                    code = place.code if place else "?"
                    found.append(Seen("landing", code, air_from, down.at_s, "bit"))
                air_from = None
    return [Seen(s.kind, s.airfield, s.until_s - 300.0, s.until_s, s.route) for s in found]


def seen_by_next(track: Track, world: World) -> list[Seen]:
    """Return the landings that the beginning of the aircraft's next flight shows: after a silence
    it is low at an airfield, where it had not been on the ground before."""
    found: list[Seen] = []
    for before, after in zip(track.rows, track.rows[1:], strict=False):
        if after.at_s - before.at_s <= SILENCE_S:
            continue
        place = world.at(after.lat_deg, after.lon_deg, NEXT_NM)
        if place is None:
            continue
        low = bool(after.on_ground) or (
            after.altitude_ft is not None and _height(after, place) <= NEXT_FT
        )
        away = distance_nm(before.lat_deg, before.lon_deg, place.lat_deg, place.lon_deg)
        was_there = away <= ON_FIELD_NM and (
            bool(before.on_ground) or (before.speed_kt is not None and before.speed_kt < SLOW_KT)
        )
        if low and not was_there:
            text = DOWN_AFTERWARDS if after.on_ground else ""
            found.append(Seen("landing", place.code, before.at_s, after.at_s, "next", text))
    return found


def seen_in_snapshots(track: Track, world: World) -> list[Seen]:
    """Return what the last of a few snapshots shows, by its reported vertical rate; one that comes
    minutes later tells nothing of what lies between."""
    last = track.rows[-1]
    moved = len(track.rows) < 2 or last.lat_deg != track.rows[-2].lat_deg
    if not moved or last.altitude_ft is None or (last.rate_fpm or 0.0) > -300.0:
        return []
    before = replace(last, at_s=last.at_s - SINKING_S, altitude_ft=last.altitude_ft + 1000.0)
    return list(_ended([before, last], 1, world))
