"""Which feeds heard a place in a week, and how low? What a comparison of weeks needs to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from statistics import median_low

from collector.coverage.near import LOW_NM, Near
from collector.coverage.share import NEAR_NM
from collector.model import Airfield
from collector.model.coverage import BAND_FLOORS_FT, CoverageSlot
from collector.model.heard_week import HeardWeek

LEAST_FEED_SHARE = 0.05
"""Share of the five minutes in which any feed heard somebody near. A feed with less, eight hours of
a week, is no feed of that week; one that fails for days still is."""


def heard_feeds(
    slots: Iterable[CoverageSlot], airfield: Airfield, archives: Collection[str]
) -> frozenset[str]:
    """Return the feeds that heard somebody near: live ones, or archives where no live one did."""
    near = Near(airfield.lat_deg, airfield.lon_deg, NEAR_NM)
    heard = [slot for slot in slots if slot.area_minutes and near.any_aircraft(slot)]
    live = [slot for slot in heard if slot.feed not in archives]
    among = live or heard
    least = LEAST_FEED_SHARE * len({slot.begins_at for slot in among})
    number = Counter(slot.feed for slot in among)
    return frozenset(feed for feed, slots in number.items() if slots >= least)


def usual_height_ft(slots: Iterable[CoverageSlot], airfield: Airfield) -> int | None:
    """Return the lower edge of the band down to which aircraft are received in the middle of all
    five minutes in which any are near; None if none ever is."""
    near = Near(airfield.lat_deg, airfield.lon_deg, LOW_NM)
    bands = [min(found) for slot in slots if (found := near(slot))]
    return BAND_FLOORS_FT[median_low(bands)] if bands else None


def heard_week(
    slots: Sequence[CoverageSlot],
    airfield: Airfield,
    archives: Collection[str],
    *,
    seen: float,
    begin: datetime,
    end: datetime,
) -> HeardWeek:
    """Return how the airfield was heard in [begin, end).

    `slots`: of any feeds; `seen`: the share in which a landing would have been noticed.
    """
    within = [slot for slot in slots if begin <= slot.begins_at < end]
    feeds = heard_feeds(within, airfield, archives)
    return HeardWeek(seen, feeds, usual_height_ft([s for s in within if s.feed in feeds], airfield))


def heard_at_all(weeks: Sequence[HeardWeek]) -> HeardWeek:
    """Return how airfields that are counted together were heard: all feeds, and the worst of the
    other values."""
    heights = [each.height_ft for each in weeks if each.height_ft is not None]
    return HeardWeek(
        min((each.seen for each in weeks), default=0.0),
        frozenset().union(*(each.feeds for each in weeks)),
        max(heights) if heights and len(heights) == len(weeks) else None,
    )
