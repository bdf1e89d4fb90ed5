"""What does a cell of another service's export say? A number, a time, degrees or an address, also
after a spreadsheet saved it; what it may have changed beyond recognition is refused.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

EARLIEST_S = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
SAME_MINUTE_S = 60.0
"""Spreadsheets leave out the seconds of a time of day."""
ON_GROUND = {"true": True, "false": False, "t": True, "f": False, "1": True, "0": False, "": False}
"""How databases and spreadsheets write whether an aircraft is on the ground, in lower case."""
HIGHEST_M = 25_000.0
"""No flight in these exports is higher; one that reads so has other units or separators."""
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,' \u00a0\u202f])[0-9]{3}(?:\1[0-9]{3})*")
"""A whole number whose thousands a spreadsheet has separated."""
_HEX = re.compile(r"[0-9a-f]{6}")
_LOST_ZERO = re.compile(r"[1-9][0-9]{3}[1-9]")
"""45670 may have been 4567e1."""


def number(text: str | None) -> float | None:
    """Return a finite number; None for an empty cell. Raises ValueError."""
    if text is None or not text.strip() or text.strip().upper() == "NULL":
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a number")
    return value


def whole_number(text: str) -> float | None:
    """Return a number that can only be a whole one; None for an empty cell. Raises ValueError.

    >>> whole_number("1.200"), whole_number("12,350"), whole_number("850"), whole_number("")
    (1200.0, 12350.0, 850.0, None)
    """
    return number(re.sub("[^0-9]", "", text) if is_separated(text) else text)


def is_separated(text: str) -> bool:
    """Return whether a cell looks like a whole number with separated thousands."""
    return _GROUPED.fullmatch(text.strip()) is not None


def height_m(text: str | None) -> float | None:
    """Return a height in metres, which may have decimals; None for an empty cell.

    Raises ValueError where a spreadsheet may have separated the thousands.

    >>> height_m("304.8"), height_m("304.800")
    (304.8, 304.8)
    >>> height_m("1.200")
    Traceback (most recent call last):
    ValueError: '1.200' may be 1.2 or 1200: save the file without separators of thousands
    """
    value = number(text)
    if text is not None and value is not None and is_separated(text):
        as_whole = whole_number(text)
        if as_whole is not None and as_whole <= HIGHEST_M:
            raise ValueError(
                f"{text!r} may be {value:g} or {as_whole:.0f}: save the file without separators "
                "of thousands"
            )
    return value


def scaled(text: str | None, factor: float) -> float | None:
    """Return a number times `factor`, to hundredths; None for an empty cell. Raises ValueError."""
    value = number(text)
    return None if value is None else round(value * factor, 2)


def degrees(text: str, most: float) -> float:
    """Return a latitude or longitude, at most `most` degrees from zero. Raises ValueError."""
    value = number(text)
    if value is None:
        raise ValueError("a position is missing")
    if abs(value) > most:
        raise ValueError(f"{text!r} is no place on earth")
    return value


def unix_time(text: str | None) -> float | None:
    """Return Unix seconds; None for an empty cell. Raises ValueError.

    >>> unix_time("1759736400.5"), unix_time("")
    (1759736400.5, None)
    >>> unix_time("1.75974E+09")  # a spreadsheet has left out the hour
    Traceback (most recent call last):
    ValueError: '1.75974E+09' is a rounded number, not a time
    """
    value = number(text)
    if value is None:
        return None
    if "e" in (text or "").lower():
        raise ValueError(f"{text!r} is a rounded number, not a time")
    return _dated(value)


def utc_time(text: str) -> datetime:
    """Return a time of day in ISO 8601, UTC unless it names a zone. Raises ValueError.

    >>> utc_time("2026-03-01 10:15Z") == utc_time("2026-03-01 10:15:00 UTC")
    True
    """
    plain = text.strip().removesuffix("UTC").rstrip()
    if ":" not in plain:
        raise ValueError(f"{text!r} has no time of day")
    at = datetime.fromisoformat(plain)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def seconds(timestamp: str | None, utc: str | None) -> float:
    """Return the time of a row that may state it twice, in Unix seconds and in ISO 8601.

    Raises ValueError if there is none, or if the two differ.
    """
    stated = unix_time(timestamp)
    if not utc:
        if stated is None:
            raise ValueError("a time is missing")
        return stated
    told = _dated(utc_time(utc).timestamp())
    if stated is not None and abs(stated - told) >= SAME_MINUTE_S:
        raise ValueError(f"its times differ: {timestamp} and {utc}")
    return told if stated is None else stated


def address(text: str) -> str | None:
    """Return an address, with the zero that a spreadsheet took from a number; None if it is none.

    Where other addresses would have become the same number, as 4567e0 becomes 4567, it is none.

    >>> address("0x600865"), address("45678"), address("4567"), address("45670"), address("4E+51")
    ('600865', '045678', None, None, None)
    """
    found = text.lower().removeprefix("0x")
    if _LOST_ZERO.fullmatch(found):
        return f"0{found}"
    return found if _HEX.fullmatch(found) else None


def _dated(at_s: float) -> float:
    if not EARLIEST_S <= at_s < LATEST_S:
        raise ValueError("its time is not between 2000 and 2099")
    return at_s
