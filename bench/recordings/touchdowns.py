"""When did an aircraft touch down, by its own positions, and does the stated ± hold that? They
cross the threshold, or end before it and are carried on. `python -m bench.recordings.touchdowns`.
With `--cut` nobody hears what is lower than a height (`cut.py`), and landings that are told and not
counted are judged as well.

The labels say that it landed; from when to when depends on their route: a ground bit may come two
minutes late, and slower than 40 kt is half a minute after the touchdown, or, where positions freeze
in flight, before it. For the ± of touchdowns that is too coarse. A runway is touched 300 m behind
its threshold, give or take 300 m (the aiming point of ICAO Annex 14, 5.2.5, lies 300 to 400 m
behind), which takes five seconds.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from statistics import mean, median

import structlog

from collector.geo import angle_between_deg, bearing_deg, distance_nm, runway_frame_nm
from collector.landings.rules import RULES_VERSION

from .cut import HEIGHTS_FT, cut, lowest_ft
from .datasets import SHARED, DataSet, absent, datasets, loaded
from .detector import Claim, by_polls
from .labels import Label, read_labels
from .places import Place, world
from .tracks import Row, Track

TOUCHED_NM = 0.17
"""Behind the threshold."""
FARTHEST_NM = 3.0
"""A track that ends farther out is not carried on: speeds change by too much."""
ASIDE_NM, ALIGNED_DEG = 0.3, 20.0
FLYING_KT = 50.0
MOVED_NM = 0.01
"""A position that is nearer to the one before than this has not moved."""
WINDOW_S = 8.0
BEFORE_S, AFTER_S = 300.0, 180.0
"""A label may be that much later than the touchdown, or earlier."""
LONGEST_HOLE_S = 20.0
RHYTHMS_S = (60, 120, 300)
CUT_RHYTHM_S = 60
NEAR_S = 900.0
"""A claim within this time of a touchdown, or within its own ±, is about that landing."""


def touched_s(track: Track, place: Place, from_s: float, until_s: float) -> float | None:
    """Return when the track touched one of that place's runways, in Unix seconds, around a label's
    time; None if its positions do not show it."""
    first, last = from_s - BEFORE_S, until_s + AFTER_S
    rows = _moved([row for row in track.rows if first <= row.at_s <= last])
    best: tuple[float, float] | None = None
    for index, row in enumerate(rows):
        course = _course(rows, index)
        if course is None or row.on_ground or (row.speed_kt or 0.0) < FLYING_KT:
            continue
        ahead = _to_fly_nm(place, row, course)
        if ahead is not None and (best is None or ahead < best[0]):
            best = (ahead, row.at_s + 3600.0 * ahead / (row.speed_kt or FLYING_KT))
    return None if best is None else best[1]


def _moved(rows: Sequence[Row]) -> list[Row]:
    """Return the rows whose position is a new one: feeds repeat the last one for a while."""
    found: list[Row] = []
    for row in rows:
        if not found or _apart_nm(found[-1], row) >= MOVED_NM:
            found.append(row)
    return found


def _course(rows: Sequence[Row], index: int) -> float | None:
    """Return the direction of flight over the last seconds; None after a hole."""
    here = rows[index]
    for back in range(index - 1, -1, -1):
        if here.at_s - rows[back].at_s > LONGEST_HOLE_S:
            return None
        if here.at_s - rows[back].at_s >= WINDOW_S:
            there = rows[back]
            return bearing_deg(there.lat_deg, there.lon_deg, here.lat_deg, here.lon_deg)
    return None


def _apart_nm(one: Row, other: Row) -> float:
    return distance_nm(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)


def _to_fly_nm(place: Place, row: Row, course_deg: float) -> float | None:
    """Return the distance still to fly to the touchdown, on the nearest centreline of those that
    lead on; None on no final of FARTHEST_NM."""
    best: tuple[float, float] | None = None
    for end in place.ends:
        if angle_between_deg(course_deg, end.bearing_deg) > ALIGNED_DEG:
            continue
        ahead, aside = runway_frame_nm(
            end.lat_deg, end.lon_deg, end.bearing_deg, row.lat_deg, row.lon_deg
        )
        if 0.0 < ahead <= FARTHEST_NM and abs(aside) <= ASIDE_NM:
            best = min(best or (ASIDE_NM, 0.0), (abs(aside), ahead + TOUCHED_NM))
    return None if best is None else best[1]


def judged(
    dataset: DataSet, every_s: int, labels: Sequence[Label], above_ft: float | None
) -> Iterator[tuple[float, float]]:
    """Yield, for each counted landing of which the positions show the touchdown, how much later it
    was told, and the stated ±, both in seconds. If nobody heard the aircraft lower than a height
    above the field, do so for each that is told."""
    whole = loaded(dataset)
    tracks = {track.icao24: track for track in whole}
    heard = whole if above_ft is None else cut(whole, lowest_ft(dataset) + above_ft)
    claims = [
        each for each in by_polls(dataset, heard, every_s) if each.counted or above_ft is not None
    ]
    places = world(SHARED).places
    for label in labels:
        if label.kind != "landing" or not label.holds or label.airfield not in dataset.watched:
            continue
        place, track = places[label.airfield], tracks[label.icao24]
        true_s = touched_s(track, place, label.from_s, label.until_s)
        if true_s is not None and (claim := _nearest(claims, label, true_s)) is not None:
            yield claim.at_s - true_s, (claim.until_s - claim.from_s) / 2.0


def _nearest(claims: Sequence[Claim], label: Label, true_s: float) -> Claim | None:
    own = [
        each
        for each in claims
        if (each.icao24, each.airfield) == (label.icao24, label.airfield)
        and each.from_s - NEAR_S <= true_s <= each.until_s + NEAR_S
    ]
    return min(own, key=lambda each: abs(each.at_s - true_s), default=None)


def main(words: Sequence[str] | None = None) -> int:
    """Run, print a line for each rhythm, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.recordings.touchdowns")
    parser.add_argument("--only", action="append", help="this data set only; may be repeated")
    parser.add_argument("--cut", action="store_true", help="as if nobody heard the lower part")
    arguments = parser.parse_args(words)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for reason in absent():
        print(reason)
    labels = read_labels()
    present = [
        one
        for one in datasets()
        if not one.snapshots and (not arguments.only or one.name in arguments.only)
    ]
    print(f"rules {RULES_VERSION}; {', '.join(one.name for one in present)}")
    forms = (
        [(None, every_s) for every_s in RHYTHMS_S]
        if not arguments.cut
        else [(height_ft, CUT_RHYTHM_S) for height_ft in HEIGHTS_FT]
    )
    for above_ft, every_s in forms:
        found = [
            each
            for one in present
            for each in judged(
                one, every_s, [label for label in labels if label.dataset == one.name], above_ft
            )
        ]
        if found:
            held = sum(abs(off_s) <= half_s for off_s, half_s in found)
            widths = [half_s for _, half_s in found]
            later_s = median(off_s for off_s, _ in found)
            print(
                f"{'' if above_ft is None else f'cut at {above_ft:>6,} ft, '}"
                f"polls each {every_s:>3} s: ± holds {held} of {len(found)} "
                f"({held / len(found):.3f}), median ± {median(widths):.0f} s, "
                f"mean {mean(widths):.0f} s, told later by {later_s:+.0f} s",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
