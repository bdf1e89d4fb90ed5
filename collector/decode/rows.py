"""What do the rows of all feeds have in common? The same fields, bounds and cleaning.

Every number is bounded by what its field can carry, and every text is cleaned, before it leaves
this package. A value out of bounds counts as "not reported". Text from the air may be hostile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from collector.errors import DecodeError
from collector.model import Observation
from collector.model.reply import LATEST_AHEAD, MILLISECONDS_ABOVE

RECENT_S = 300.0
"""An older last contact proves nothing about the slot (5 min) in which the reply arrived."""

LONGEST_AGE_S = 14 * 86400.0
"""readsb keeps a last position for 14 days; an older one comes from a broken clock."""
AHEAD_S = 10.0
"""Tolerance for a negative `seen`, which comes from two clocks that differ."""

EARLIEST_NOW = datetime(2010, 1, 1, tzinfo=UTC)
"""No feed is older than this. A receiver without a battery clock starts in 1970."""

SUSPECT_DIFFERENCE_FT = 3100.0
"""From this difference on, the geometric altitude is suspect: under spoofing, geometric minus
barometric altitude saturates near ±3,150 ft (docs/landing-rules.md)."""

HEX_DIGITS = "0123456789abcdef"
"""`text.strip(HEX_DIGITS)` is empty only where every character is one."""
_NO_CALLSIGN = frozenset({"", "00000000", "@@@@@@@@"})
_LONGEST_CALLSIGN = 8


class Row(Protocol):
    """The identity of an aircraft in a reply: all that a watch compares."""

    @property
    def icao24(self) -> str | None:
        """Six lower-case hex digits; None for `~` addresses and for anything else."""

    @property
    def callsign(self) -> str | None:
        """Cleaned; None if blank or a placeholder."""

    @property
    def registration(self) -> str | None:
        """As in the feed's own database."""

    @property
    def type_code(self) -> str | None:
        """ICAO type designator, e.g. `IL76`."""

    @property
    def operator(self) -> str | None:
        """Owner or operator, free text."""


class Located(Row, Protocol):
    """A row of a decoded reply: identity, position, and its form as a report."""

    @property
    def category(self) -> str | None:
        """Emitter category as in ADS-B (`A5`: heavy); None if not reported."""

    @property
    def on_ground(self) -> bool | None:
        """As reported."""

    @property
    def altitude_ft(self) -> float | None:
        """Geometric unless suspect, else barometric; 0 on the ground. For counting by height."""

    @property
    def lost_gps(self) -> bool:
        """Whether the feed reports that this aircraft has lost GPS."""

    @property
    def relayed(self) -> bool:
        """Whether the position came by satellite (ADS-C), which proves no coverage there."""

    def recent(self, now_s: float) -> bool:
        """Return whether the last contact was within RECENT_S before the reply's time (Unix s)."""

    def position(self, now_s: float) -> tuple[float, float] | None:
        """Return latitude and longitude if both they and the last contact are recent, else None."""

    def observation(self, now_at: datetime, feed: str) -> Observation:
        """Return the row as a report, in our units. Raises DecodeError if it has no address."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A decoded reply: its time, and its rows in the feed's order."""

    now_at: datetime
    """The feed's own time of the reply; for a trace, the time of its last point."""
    rows: Sequence[Located]
    bad_rows: int = 0
    """Rows that were left out because they could not be read as an aircraft."""

    def observation(self, row: Located, feed: str) -> Observation:
        """Return one of the rows as a report. Raises DecodeError if it has no address."""
        return row.observation(self.now_at, feed)


def reply_time(now: float, received_at: datetime) -> datetime:
    """Return a reply's `now` as a time; its magnitude tells seconds from milliseconds.

    Raises DecodeError if it lies before 2010 or more than LATEST_AHEAD after `received_at`.
    """
    seconds = now / 1000.0 if now > MILLISECONDS_ABOVE else now
    ahead_s = seconds - received_at.timestamp()
    if not EARLIEST_NOW.timestamp() <= seconds:
        raise DecodeError(f"the reply's time {now!r} is before 2010: check the feed's clock")
    if not ahead_s <= LATEST_AHEAD.total_seconds():
        raise DecodeError(
            f"the reply's time {now!r} is {ahead_s:.0f} s ahead of this machine: check both clocks"
        )
    return datetime.fromtimestamp(seconds, UTC)


def address(text: str) -> str | None:
    """Return six lower-case hex digits; None if `text` is not a 24-bit address (`~…` is not).

    >>> address("600865"), address("4CA1FA"), address("~2a0c31"), address("n/a")
    ('600865', '4ca1fa', None, None)
    """
    if len(text) != 6:
        return None
    if text.strip(HEX_DIGITS):
        text = text.lower()
        if text.strip(HEX_DIGITS):
            return None
    return text


def clean_callsign(raw: str | None) -> str | None:
    r"""Return a callsign without padding, control characters and placeholders.

    >>> clean_callsign("AZQ4801 "), clean_callsign("00000000"), clean_callsign("AZ\x1bQ1\u202e")
    ('AZQ4801', None, 'AZQ1')
    """
    if raw is None:
        return None
    text = raw.strip()
    if text.isascii() and text.isalnum() and len(text) <= _LONGEST_CALLSIGN:
        return None if text in _NO_CALLSIGN else text
    text = clean_text(text, _LONGEST_CALLSIGN) or ""
    return None if text in _NO_CALLSIGN else text


OPERATOR_LONGEST = 60
"""Characters kept of an operator's name; the longest names in readsb's database are shorter."""


def clean_text(raw: str | None, longest: int) -> str | None:
    """Return text without invisible characters, cut at `longest`; None if nothing is left."""
    if not raw:
        return None
    text = "".join(char for char in raw[: 4 * longest] if char.isprintable())
    return text.strip()[:longest].rstrip() or None


def clean_category(raw: str | None) -> str | None:
    """Return an emitter category, `A0` … `D7`, or None."""
    if raw is not None and len(raw) == 2 and raw[0] in "ABCD" and raw[1] in "01234567":
        return raw
    return None


def clean_squawk(raw: str | None) -> str | None:
    """Return four octal digits, or None (one genuine decoder writes `d276`)."""
    if raw is not None and len(raw) == 4 and raw.isascii() and not raw.strip("01234567"):
        return raw
    return None


def bounded(value: float | None, low: float, high: float) -> float | None:
    """Return the value if it is within bounds, else None."""
    return value if value is not None and low <= value <= high else None


def whole(value: float | None, high: int) -> int | None:
    """Return a whole number from 0 to `high`, else None."""
    return int(value) if value is not None and 0 <= value <= high else None


def baro_ft(value: float | None) -> float | None:
    """Return pressure altitude within what Mode C and ADS-B can carry (−1,000 … 126,700 ft)."""
    return bounded(value, -2000.0, 130000.0)


def geom_ft(value: float | None) -> float | None:
    """Return height above the ellipsoid within what an aircraft can reach."""
    return bounded(value, -3000.0, 135000.0)


def speed_kt(value: float | None) -> float | None:
    """Return ground speed within what ADS-B can carry (supersonic subtype: 4,084 kt)."""
    return bounded(value, 0.0, 4100.0)


def rate_fpm(value: float | None) -> float | None:
    """Return vertical rate within what ADS-B can carry (±32,640 ft/min)."""
    return bounded(value, -32700.0, 32700.0)


def angle_deg(value: float | None) -> float | None:
    """Return a direction, 0 ≤ d < 360, with 0 for 360."""
    direction = bounded(value, 0.0, 360.0)
    return 0.0 if direction == 360.0 else direction


def qnh_hpa(value: float | None) -> float | None:
    """Return a pressure setting that occurs on Earth (records are 870 and 1,085 hPa)."""
    return bounded(value, 850.0, 1100.0)


def place_of(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    """Return latitude and longitude if they exist, else None; empty fields decode to (0, 0)."""
    if lat is None or lon is None or not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
        return None
    return None if lat == 0.0 == lon else (lat, lon)


def counting_altitude_ft(
    baro: float | None, geom: float | None, on_ground: bool | None
) -> float | None:
    """Return geometric altitude unless suspect, else barometric; 0 on the ground."""
    if on_ground:
        return 0.0
    if geom is None or (baro is not None and abs(geom - baro) >= SUSPECT_DIFFERENCE_FT):
        return baro
    return geom
