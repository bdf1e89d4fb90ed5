"""How well could we see, in words that claim no more than was proven?

Coverage proves that somebody near was heard, at some height. It does not prove that a landing
would have been heard, so the words say "heard", and how low.
"""

from __future__ import annotations

from collector.coverage.share import Coverage, State
from collector.model.coverage import BAND_FLOORS_FT
from collector.reports.formatting import percent

GOOD_FROM = 0.9
"""Heard for this share of the time, a zero is told without a "but"."""

POOR_BELOW = 0.5
"""Heard for less than half of the time, a zero says nothing (as `alerts.usual` leaves out weeks
covered by less than half)."""

HIGH_BAND = 7
"""Heard only at 18,000 ft and above near the field: an aircraft landing there would be lost
before its descent tells where it goes."""

_STATES = {
    State.JAMMED: "jammed",
    State.EMPTY: "nobody about",
    State.REGIONALLY_DEAD: "region deaf",
    State.DEAD: "nothing known",
}
_MENTIONED_FROM = 0.05
"""A state that took less of a day than this is not mentioned."""


def is_poor(coverage: Coverage) -> bool:
    """Whether "none seen" says little: heard too seldom, or only in cruise."""
    return coverage.share < POOR_BELOW or is_high(coverage)


def is_high(coverage: Coverage) -> bool:
    """Whether near the field nobody was heard below cruise."""
    return coverage.lowest_band is None or coverage.lowest_band >= HIGH_BAND


def heard(coverage: Coverage) -> str:
    """`the region was heard 82% of the time, near the field down to 4,000–6,000 ft`."""
    much = "" if coverage.share >= GOOD_FROM else "only "
    return f"the region was heard {much}{percent(coverage.share)} of the time, {_how_low(coverage)}"


def _how_low(coverage: Coverage) -> str:
    band = coverage.lowest_band
    if band is None:
        return "and nobody within 30 NM of the field"
    if band == len(BAND_FLOORS_FT) - 1:
        return "and near the field only in cruise"
    return f"near the field down to {_band(band)}"


def lowest(coverage: Coverage) -> str:
    """The lowest band heard near the field, short; empty if nobody was."""
    return "" if coverage.lowest_band is None else f"down to {_band(coverage.lowest_band)}"


def _band(band: int) -> str:
    """
    >>> _band(0), _band(2), _band(8)
    ('below 2,000 ft', '4,000–6,000 ft', 'above 29,000 ft')
    """
    if band == 0:
        return f"below {BAND_FLOORS_FT[1]:,} ft"
    if band == len(BAND_FLOORS_FT) - 1:
        return f"above {BAND_FLOORS_FT[band]:,} ft"
    return f"{BAND_FLOORS_FT[band]:,}–{BAND_FLOORS_FT[band + 1]:,} ft"


def remarks(coverage: Coverage) -> str:
    """What the unheard time was, and how low the heard: `jammed 12%, down to 4,000–6,000 ft`."""
    total = sum(coverage.seconds.values())
    said = [
        f"{word} {percent(seconds / total)}"
        for state, word in _STATES.items()
        if total > 0 and (seconds := coverage.seconds.get(state, 0.0)) / total >= _MENTIONED_FROM
    ]
    low = lowest(coverage)
    return ", ".join([*said, low] if low else said)
