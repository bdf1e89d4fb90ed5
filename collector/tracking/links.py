"""Which positions, and which parts of a track, can one aircraft have flown after each other?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from collector.geo import distance_nm
from collector.model import Observation
from collector.tracking.fix import Fix
from collector.tracking.fixes import Fixes
from collector.tracking.motion import (
    HEIGHT_SLACK_S,
    HIGHEST_FIELD_FT,
    POSITION_SLACK_NM,
    SLOW_KT,
    STEEPEST_CLIMB_FPM,
    STEEPEST_DESCENT_FPM,
    height_reach_ft,
    reach_from_standing_nm,
    reachable,
    usual,
)

MAX_TRACKS = 8
"""Tracks that a position may join, the latest ones and the heaviest, so that hostile zigzags do not
cost quadratic time."""

REPEATED_WITHIN = timedelta(minutes=5)
"""So long a late feed may repeat the last position of an aircraft that has left."""

SAME_STAND_NM = 0.5
"""NM. An aircraft that stands this near to where it stood before a silence was not moved, but for
a tow: it needs no flight in between."""

STEADY_FIXES = 6
STEADY_FOR = timedelta(minutes=3)
"""Positions, and the time between the first and the last, that a second track needs to be an
aircraft of its own."""


@dataclass(slots=True)
class Track:
    """Positions that one aircraft can have flown, by their indexes among the fixes."""

    indexes: list[int] = field(default_factory=list)
    whole: int = 0
    """The first index of the track that it is a part of."""

    @property
    def first(self) -> int:
        return self.indexes[0]

    @property
    def last(self) -> int:
        return self.indexes[-1]

    def overlaps(self, other: Track) -> bool:
        """Return whether neither track ends before the other begins."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Links:
    """Which fixes, as indexes, can follow each other."""

    fixes: Fixes
    reports: Sequence[Observation]

    def reachable(self, earlier: int, later: int) -> bool:
        """Return whether one aircraft can have been at both."""
        apart = self.fixes.ats[later] - self.fixes.ats[earlier]
        a, b = self.fixes.report_or_fix(earlier), self.fixes.report_or_fix(later)
        return reachable(a, b, apart, self.reports[later].source)

    def usual(self, earlier: int, later: int) -> bool:
        """Return whether it was at both at about the speed that it reports."""
        apart = self.fixes.ats[later] - self.fixes.ats[earlier]
        return usual(self.fixes.report_or_fix(earlier), self.fixes.report_or_fix(later), apart)

    def away_nm(self, a: int, b: int) -> float:
        """Return how far apart they are, NM."""
        here, there = self.fixes.report_or_fix(a), self.fixes.report_or_fix(b)
        return distance_nm(
            here.lat_deg or 0.0, here.lon_deg or 0.0, there.lat_deg or 0.0, there.lon_deg or 0.0
        )

    def standing(self, index: int) -> bool:
        """Return whether it was slow on the ground."""
        here = self.fixes.report_or_fix(index)
        return here.on_ground is True and (here.ground_speed_kt or 0.0) < SLOW_KT

    def stayed(self, before: Track, after: Track) -> bool:
        """Return whether the aircraft stood where the one part ends and the other begins."""
        return (
            self.standing(before.last)
            and self.standing(after.first)
            and self.away_nm(before.last, after.first) <= SAME_STAND_NM
        )

    def flown(self, track: Track) -> int:
        """Return at how many positions it did not stand."""
        return sum(not self.standing(index) for index in track.indexes)

    def left_for(self, track: Track, there: int, ahead: int) -> bool:
        """Return whether the aircraft that stood at the end of `track` (`ahead` is 1) can have been
        `there` later, or one that stood at its begin (-1) earlier.

        Positions near that end may be false, as a late feed repeats the last one.
        """
        ats = self.fixes.ats
        stood = track.last if ahead > 0 else track.first
        heights = [self.altitude_ft(index) for index in track.indexes]
        ground_ft = min((each for each in heights if each is not None), default=HIGHEST_FIELD_FT)
        for index in track.indexes[::-ahead]:
            if not self.standing(index) or abs(ats[stood] - ats[index]) > REPEATED_WITHIN:
                return not self.standing(index) and self.reachable(*sorted((index, there)))
            apart_s = abs((ats[there] - ats[index]).total_seconds())
            fpm = STEEPEST_CLIMB_FPM if ahead > 0 else STEEPEST_DESCENT_FPM
            climbed_ft = (self.altitude_ft(there) or ground_ft) - ground_ft
            within_nm = POSITION_SLACK_NM + reach_from_standing_nm(apart_s + HEIGHT_SLACK_S)
            if climbed_ft <= height_reach_ft(apart_s, fpm) and (
                self.away_nm(index, there) <= within_nm
            ):
                return True
        return False

    def altitude_ft(self, index: int) -> float | None:
        """Return how high it reported to be, ft."""
        here = self.fixes.report_or_fix(index)
        return here.altitude_ft if isinstance(here, Fix) else here.baro_altitude_ft

    def settled(self, track: Track, ahead: int) -> int:
        """Return the first position (`ahead` is 1) or the last (-1) that another one follows at
        about the speed that they report."""
        indexes = track.indexes[::ahead]
        for here, there in pairwise(indexes):
            if self.usual(*sorted((here, there))):
                return here
        return indexes[0]

    def steady(self, track: Track) -> bool:
        """Return whether a track is long enough to be an aircraft of its own."""
        lasts = self.fixes.ats[track.last] - self.fixes.ats[track.first]
        return len(track.indexes) >= STEADY_FIXES and lasts >= STEADY_FOR


def stays_together(tracks: Sequence[Track], links: Links) -> list[list[Track]]:
    """Return the parts, the heaviest first; together those between which one that had come by a
    flight stood and was received again where it stood.

    Nobody but the aircraft of the first one is received there: it stays of the same track.
    """
    ordered = sorted(tracks, key=lambda each: each.first)
    flown = {each.first: links.flown(each) for each in ordered}
    came = {first for first, count in flown.items() if count >= STEADY_FIXES}
    group_of: dict[int, list[Track]] = {}
    for place, part in enumerate(ordered):
        group = group_of.setdefault(part.first, [part])
        if part.first not in came:
            continue
        for later in ordered[place + 1 : place + 1 + MAX_TRACKS]:
            if (
                later.first > part.last
                and later.first not in group_of
                and links.stayed(part, later)
            ):
                group.append(later)
                group_of[later.first] = group
                came.add(later.first)
                break
    groups = {group[0].first: group for group in group_of.values()}.values()

    def weight(group: list[Track]) -> int:
        most = max(len(each.indexes) - flown[each.first] for each in group)
        return most + sum(flown[each.first] for each in group)

    return sorted(groups, key=lambda each: (-weight(each), each[0].first))
