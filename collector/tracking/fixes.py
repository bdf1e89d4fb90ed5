"""Which fixes make up a track? A sequence that builds each fix only when it is used.

Of a thousand reports of one flight, a landing depends on a few dozen: those around silences and on
the ground. So a plain report (believed as it is, from one feed) becomes a fix only when it is used;
a fix that holds more or less than its report is built at once. To the user this is an ordinary
sequence of fixes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import overload

from collector.geo import at_most_nm, distance_nm
from collector.model import Observation
from collector.tracking.fix import Doubt, Fix
from collector.tracking.quality import (
    CIRCLE_ABOVE_FT,
    FASTEST_GROUND_KT,
    NO_GROUND_SOURCES,
    altitude_of,
    doubt_of,
    ground_bit_believed,
)


class Fixes(Sequence[Fix]):
    """All fixes of one aircraft, in time order."""

    __slots__ = ("_built", "_circle_above_ft", "ats", "breaks", "hopped", "reports", "special")

    def __init__(
        self,
        reports: Sequence[Observation | Fix],
        ats: Sequence[datetime],
        special: dict[int, Fix],
        circle_above_ft: float = CIRCLE_ABOVE_FT,
        breaks: frozenset[int] = frozenset(),
        *,
        hopped: tuple[datetime, ...] = (),
    ) -> None:
        self.reports = reports
        """The report from which each fix was first made."""
        self.ats = ats
        """The time of each fix."""
        self.special = special
        """The fixes, by index, that hold more or less than their report."""
        self.breaks = breaks
        """The fixes, by index, that no aircraft can have reached from the position before: what
        lies between is unknown, and no silence."""
        self.hopped = hopped
        """When the positions received hopped from one flight to another (`tracking.hops`)."""
        self._built = dict(special)
        self._circle_above_ft = circle_above_ft

    @classmethod
    def of(cls, fixes: Sequence[Fix]) -> Fixes:
        """Return finished fixes as a `Fixes` sequence."""
        if isinstance(fixes, cls):
            return fixes
        return cls(fixes, [fix.at for fix in fixes], dict(enumerate(fixes)))

    def __len__(self) -> int:
        return len(self.ats)

    @overload
    def __getitem__(self, index: int) -> Fix: ...
    @overload
    def __getitem__(self, index: slice) -> list[Fix]: ...
    def __getitem__(self, index: int | slice) -> Fix | list[Fix]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        fix = self._built.get(index)
        return self._build(range(len(self))[index]) if fix is None else fix

    def _build(self, index: int) -> Fix:
        fix = self.special.get(index)
        if fix is None:
            report = self.reports[index]
            fix = report if isinstance(report, Fix) else fix_of(report, self._circle_above_ft)
            assert fix is not None  # noqa: S101 - reports that say nothing are not kept
            self._built[index] = fix
        return fix

    def report_or_fix(self, index: int) -> Fix | Observation:
        """Return the object that holds the place, the speed and the ground bit of that fix, without
        building the fix."""
        return self.special.get(index) or self.reports[index]

    def placed(self, index: int) -> bool:
        """Return whether that fix has a position."""
        fix = self.special.get(index)
        return fix is None or fix.placed

    def has_ground_bit(self, index: int) -> bool:
        """Return whether that fix says "on the ground", by a source that can know: a report of any
        other makes a fix that does not."""
        return self.report_or_fix(index).on_ground is True

    def claims_ground(self, index: int) -> bool:
        """Return whether that fix was reported as "on the ground" by a source that cannot know:
        it shows neither ground nor flight."""
        report = self.reports[index]
        return (
            isinstance(report, Observation)
            and report.on_ground is True
            and report.source in NO_GROUND_SOURCES
            and (report.ground_speed_kt or 0.0) <= FASTEST_GROUND_KT
        )

    def altitude_ft(self, index: int) -> float | None:
        """Return the altitude of that fix, ft; None if unknown."""
        entry = self.report_or_fix(index)
        return entry.altitude_ft if isinstance(entry, Fix) else altitude_of(entry)[0]

    def above(self, index: int, than_ft: float) -> bool:
        """Return whether the altitude of that fix is known and above `than_ft`."""
        height_ft = self.altitude_ft(index)
        return height_ft is not None and height_ft > than_ft

    def feeds(self, index: int) -> tuple[str, ...]:
        """Return the feeds that reported that fix."""
        entry = self.report_or_fix(index)
        return entry.feeds if isinstance(entry, Fix) else (entry.feed,)

    def only(
        self, kept: Sequence[int], changed: dict[int, Fix], breaks: Collection[int] = ()
    ) -> Fixes:
        """Return the fixes at the indexes `kept`, in order, with some replaced by `changed`, and
        breaks before those in `breaks` as well."""
        special = {**self.special, **changed}
        broken = self.breaks.union(breaks)
        if len(kept) == len(self):  # indexes in order, so these are all of them
            return Fixes(
                self.reports, self.ats, special, self._circle_above_ft, broken, hopped=self.hopped
            )
        return Fixes(
            [self.reports[index] for index in kept],
            [self.ats[index] for index in kept],
            {now: special[index] for now, index in enumerate(kept) if index in special},
            self._circle_above_ft,
            frozenset(now for now, index in enumerate(kept) if index in broken),
            hopped=self.hopped,
        )

    def broken(self, first: int, last: int) -> bool:
        """Return whether there is a break after `first`, up to `last`."""
        return bool(self.breaks) and any(first < each <= last for each in self.breaks)

    def unplaced(self, first: int, before: int) -> list[int]:
        """Return the indexes from `first` up to, but without, `before` of fixes without a position,
        in any order."""
        special = self.special
        return [each for each in special if first <= each < before and not special[each].placed]

    def around(self, index: int, step: int, least: timedelta) -> range:
        """Return the indexes of the fixes at least `least` before that fix (`step` is −1) or after
        it (1), the nearest first."""
        ats, at = self.ats, self.ats[index]
        if step > 0:
            return range(bisect_left(ats, at + least, lo=index + 1), len(ats))
        return range(bisect_right(ats, at - least, hi=index) - 1, -1, -1)

    def nearest_placed(
        self, index: int, step: int, least: timedelta, most: timedelta
    ) -> int | None:
        """Return the index of the nearest fix with a position before that fix (`step` is −1) or
        after it (1), from `least` to `most` away in time; None if there is none."""
        for other in self.around(index, step, least):
            if abs(self.ats[other] - self.ats[index]) > most:
                return None
            if self.placed(other):
                return other
        return None

    def away_nm(self, a: int, b: int) -> float:
        """Return how far apart two fixes are, NM; 0 if one of them has no position."""
        here, there = self.report_or_fix(a).place, self.report_or_fix(b).place
        return 0.0 if here is None or there is None else distance_nm(*here, *there)

    def farther(self, a: int, b: int, than_nm: float) -> bool:
        """Return whether two fixes are farther apart than that; False if one of them has no
        position."""
        here, there = self.report_or_fix(a).place, self.report_or_fix(b).place
        if here is None or there is None or at_most_nm(*here, *there) <= than_nm:
            return False
        return distance_nm(*here, *there) > than_nm

    def silent_after(self, shortest: timedelta) -> Iterator[int]:
        """Yield the index of each fix that the next one follows no sooner than `shortest`."""
        ats, start, last = self.ats, 0, len(self) - 1
        while start < last:
            # Between this fix and all that follow within that time there is no silence.
            heard_on = bisect_left(ats, ats[start] + shortest, lo=start) - 1
            if heard_on == start:
                yield start
                heard_on += 1
            start = heard_on

    def maybe_down(self, standing_kt: float) -> list[int]:
        """Return the indexes, in order, of fixes that may be on the ground.

        All others certainly are not: they are plain reports without a ground bit, faster than
        `standing_kt`.
        """
        found = [
            index
            for index, report in enumerate(self.reports)
            if report.on_ground
            or ((speed := report.ground_speed_kt) is not None and speed <= standing_kt)
        ]
        return sorted({*found, *self.special}) if self.special else found


def fix_of(
    observation: Observation, circle_above_ft: float, doubt: Doubt | None = None
) -> Fix | None:
    """Return the fix that this report makes by itself; None if it has neither position nor
    altitude.

    `doubt` is what its neighbours say against its position, if anything.
    """
    doubt = doubt or doubt_of(observation, circle_above_ft)
    altitude_ft, error_ft = altitude_of(observation)
    if doubt is not None or observation.lat_deg is None or not observation.fresh:
        if altitude_ft is None:
            return None
        # Values that freeze with the position are not used without it.
        return Fix(
            at=observation.at,
            altitude_ft=altitude_ft,
            altitude_error_ft=error_ft,
            callsign=observation.callsign,
            feeds=(observation.feed,),
            doubt=doubt,
        )
    on_ground = observation.on_ground
    if on_ground and not ground_bit_believed(observation):
        on_ground = None
    return Fix(
        at=observation.at,
        lat_deg=observation.lat_deg,
        lon_deg=observation.lon_deg,
        altitude_ft=altitude_ft,
        altitude_error_ft=error_ft,
        on_ground=on_ground,
        ground_speed_kt=observation.ground_speed_kt,
        track_deg=observation.track_deg,
        vertical_rate_fpm=observation.vertical_rate_fpm,
        callsign=observation.callsign,
        feeds=(observation.feed,),
    )
