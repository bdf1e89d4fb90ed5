"""How good was the coverage? The words claim no more than was proven.

Coverage proves that some aircraft in the region was heard, at some height. It does not prove that
a landing would have been heard, so the words say "heard", and how low.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from collector.coverage.share import Coverage, DayCoverage, State
from collector.coverage.sight import SEEN_FROM
from collector.model import Airfield
from collector.model.coverage import BAND_FLOORS_FT
from collector.reports import formatting
from collector.reports.formatting import percent
from collector.reports.titles import airfield_with_code

GOOD_FROM = 0.9
"""From this coverage on, a zero stands without "only"."""

_STATES = {
    State.JAMMED: "jammed",
    State.EMPTY: "no traffic",
    State.REGIONALLY_DEAD: "no reception",
    State.DEAD: "no data",
}
_MENTIONED_FROM = 0.05
"""A state that lasted for a smaller share of a day is not mentioned."""


def coverage_words(coverage: Coverage) -> str:
    """Return `aircraft in the region were heard 82% of the time, near the airfield down to …`."""
    only = "" if coverage.share >= GOOD_FROM else "only "
    share = percent(coverage.share)
    return f"aircraft in the region were heard {only}{share} of the time, {_how_low(coverage)}"


def _how_low(coverage: Coverage) -> str:
    band = coverage.lowest_band
    if band is None:
        return "but none in flight within 30 NM of the airfield"
    if band == len(BAND_FLOORS_FT) - 1:
        return "but near the airfield only in cruise"
    return f"near the airfield {lowest(band)}"


def lowest(band: int) -> str:
    """Return how low aircraft were heard near the airfield, given the lowest band.

    >>> lowest(0), lowest(2), lowest(8)
    ('below 2,000 ft', 'down to 4,000–6,000 ft', 'only above 29,000 ft')
    """
    if band == 0:
        return _band(band)
    if band == len(BAND_FLOORS_FT) - 1:
        return f"only {_band(band)}"
    return f"down to {_band(band)}"


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
    """Return the uncovered shares, and how low: `jammed 12%, heard down to 4,000–6,000 ft`."""
    total = sum(coverage.seconds.values())
    shares = [
        f"{word} {percent(seconds / total)}"
        for state, word in _STATES.items()
        if total > 0 and (seconds := coverage.seconds.get(state, 0.0)) / total >= _MENTIONED_FROM
    ]
    if coverage.lowest_band is not None:
        shares.append(f"heard {lowest(coverage.lowest_band)}")
    return ", ".join(shares)


def day_lines(
    by_airfield: Iterable[tuple[str, Sequence[DayCoverage]]],
    airfields: Sequence[Airfield],
    day: date,
) -> list[str]:
    """Return on which days too little could be seen for a zero to stand; airfields of which the
    same holds stand together."""
    names: dict[str, list[str]] = {}
    for code, days in by_airfield:
        dim = [
            f"{formatting.day(each.day).rsplit(' ', 1)[0]} ({percent(each.coverage.seen)} seen)"
            for each in days
            if each.coverage.seen < SEEN_FROM
        ]
        name = airfield_with_code(code, airfields, day)
        if days and all(each.coverage.seen == 0 for each in days):
            names.setdefault("on no day would a landing have been noticed", []).append(name)
        elif dim:
            line = f"a landing could have gone unseen on {', '.join(dim)}"
            names.setdefault(line, []).append(name)
        elif days:
            names.setdefault("every day could be seen", []).append(name)
    return [f"{' and '.join(those)}: {line}." for line, those in names.items()]
