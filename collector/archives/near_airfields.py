"""May a trace hold a row near a watched airfield, and low? A search in its bytes decides.

To find every aircraft of a day that landed at an airfield, a trace may cost little more than its
unpacking. So nothing is parsed. readsb writes each row on a line of its own that begins with
offset, latitude and longitude (docs/feed-formats.md#traces), and one expression searches these
beginnings for coordinates within boxes around the airfields. A trace written in any other way must
be read. Python's `re` goes byte by byte, which takes half as long as the unpacking; the engine in
pydantic uses vector instructions and takes a quarter of that. The rows it finds are then measured.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

from pydantic import ConfigDict, StringConstraints, TypeAdapter

from collector.geo import distance_nm

Circle = tuple[float, float, float]
"""Latitude and longitude (deg), radius (NM)."""
Range = tuple[float, float]
"""From and to (deg)."""

MARGIN_NM = 10.0
"""Added to each radius. While an aircraft is received, rows are at most 30 s apart; in a gap of two
minutes it flies 10 NM at 300 kt. The caller must allow for longer gaps."""
MARGIN_FT = 1000.0
"""Added to the height. A row mostly has pressure altitude, which is off by up to 600 ft, while the
decoder may use the geometric altitude."""

_SLACK = 1.01
"""Factor by which boxes exceed their circles: the Earth is not a sphere, and digits are cut off."""
_TINY = 1e-6
"""Tolerance for rounding, in tenths of a degree: 2.3 × 10 is a little less than 23."""
_NEAR_POLE_DEG = 89.0
"""A circle that reaches beyond this latitude includes every longitude."""
_MAX_WHOLE_DEG = 30
"""A wider range matches any number; rows are measured afterwards anyway."""

_DECIMALS = "[0-9]{0,20}"
_MAX_BOXES = 50
"""Most boxes in one expression; with some hundreds the engine becomes a hundred times slower."""
_PIECE_BYTES = 1 << 17
"""Bytes searched at a time; a piece that fits the processor's cache is a quarter faster."""
_OVERLAP_BYTES = 128
"""More than the searched part of a row can have."""

_FIRST_ROW = re.compile(rb'"trace"\s*:\s*\[\s*\n\s*\[-?[\d.]+,-?\d+\.\d{6},-?\d+\.\d{6},')
_TWO_ROWS_A_LINE = re.compile(rb"\][ \t]*,[ \t]*\[")
_LOOKED_AT_BYTES = 1024
"""Bytes at either end of the rows that are checked for two rows on one line."""


class Near:
    """Circles around airfields, ready to be compared with traces."""

    def __init__(self, circles: Sequence[Circle], *, below_ft: float) -> None:
        self._circles = [(lat, lon, radius_nm + MARGIN_NM) for lat, lon, radius_nm in circles]
        self._below_ft = below_ft + MARGIN_FT
        boxes = [box for circle in self._circles for box in _boxes(*circle)]
        places = [f"{_range(*lats)},{_range(*lons)}" for lats, lons in boxes]
        self._row = re.compile(_row("|".join(places)))
        some = (places[at : at + _MAX_BOXES] for at in range(0, len(places), _MAX_BOXES))
        self._held = [_finder(_row("|".join(each))) for each in some]

    def may_hold(self, body: bytes) -> bool:
        """Return whether an unpacked trace may hold such a row, or cannot be searched."""
        begin = _rows_at(body)
        if begin is None:
            return True
        rows = memoryview(body)[begin:]
        return self._some_in_a_box(rows) and any(
            map(self._is_near, self._row.finditer(_text(rows)))
        )

    def _some_in_a_box(self, rows: memoryview) -> bool:
        for at in range(0, len(rows), _PIECE_BYTES):
            piece = _text(rows[at : at + _PIECE_BYTES + _OVERLAP_BYTES])
            if any(held(piece) for held in self._held):
                return True
        return False

    def _is_near(self, row: re.Match[str]) -> bool:
        """Return whether a row is within a circle and low, on the ground, or without a height."""
        lat, lon = map(float, row[1].split(","))
        try:
            high = float(row[2]) >= self._below_ft
        except ValueError:
            high = False
        return not high and any(
            distance_nm(lat, lon, *place) <= radius_nm for *place, radius_nm in self._circles
        )


def _row(places: str) -> str:
    """Return an expression for the beginning of a row at one of the places, up to its altitude.

    Repetitions are bounded: otherwise a hostile file of line ends could be searched for ever.
    """
    return rf"\n[^,]{{0,40}},({places}),([^,\]]{{0,20}})"


def _finder(pattern: str) -> Callable[[str], bool]:
    """Return a function that says whether a text contains the pattern, by pydantic's engine."""
    text = Annotated[str, StringConstraints(pattern=pattern)]
    config = ConfigDict(regex_engine="rust-regex")
    return TypeAdapter[str](text, config=config).validator.isinstance_python


def _text(rows: memoryview) -> str:
    """Return the bytes as characters, one each, so that nothing is lost."""
    return str(rows, "latin-1")


def _rows_at(body: bytes) -> int | None:
    """Return where the rows begin; None unless they look like readsb's: one a line, no blanks.

    Judged by the first row, and by the first and last bytes of all rows.
    """
    first = _FIRST_ROW.search(body, 0, _LOOKED_AT_BYTES)
    if first is None:
        return None
    head = body[first.start() : first.start() + _LOOKED_AT_BYTES]
    odd = any(map(_TWO_ROWS_A_LINE.search, (head, body[-_LOOKED_AT_BYTES:])))
    return None if odd else first.start()


def _boxes(lat: float, lon: float, radius_nm: float) -> Iterator[tuple[Range, Range]]:
    """Yield the box around a circle, or two boxes if the circle crosses the date line."""
    reach = radius_nm / 60.0 * _SLACK
    lats = (lat - reach, lat + reach)
    if max(abs(lats[0]), abs(lats[1])) >= _NEAR_POLE_DEG:
        yield lats, (-180.0, 180.0)
        return
    half = math.degrees(math.asin(math.sin(math.radians(reach)) / math.cos(math.radians(lat))))
    half *= _SLACK
    yield lats, (max(lon - half, -180.0), min(lon + half, 180.0))
    if lon - half < -180.0:
        yield lats, (lon - half + 360.0, 180.0)
    if lon + half > 180.0:
        yield lats, (-180.0, lon + half - 360.0)


def _range(low: float, high: float) -> str:
    r"""Return an expression for all decimal numbers from `low` to `high`, and some just beyond.

    >>> print(_range(29.44, 30.32).replace(_DECIMALS, "…"))
    (?:29\.[4-9]…|30(?:\.[0-3]…)?)
    """
    if high - low > _MAX_WHOLE_DEG:
        return rf"-?[0-9]{{1,3}}(?:\.{_DECIMALS})?"
    parts = [*_digits(max(low, 0.0), high)] if high >= 0.0 else []
    if low <= 0.0:
        parts += [f"-{each}" for each in _digits(max(-high, 0.0), -low)]
    return f"(?:{'|'.join(parts)})"


def _digits(low: float, high: float) -> Iterator[str]:
    """Yield such expressions for numbers from 0 upwards, one for each whole degree."""
    first, last = math.floor(low * 10 - _TINY), math.floor(high * 10 + _TINY)
    first = max(first, 0)
    for whole in range(first // 10, last // 10 + 1):
        begin, end = max(first - whole * 10, 0), min(last - whole * 10, 9)
        tenths = rf"\.[{begin}-{end}]{_DECIMALS}"
        yield f"{whole}{tenths}" if begin else f"{whole}(?:{tenths})?"
