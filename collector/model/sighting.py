"""What did a person or a publication report? A `Sighting`: a landing, or an aircraft elsewhere.

Its date is as exact as the reporter knows it: `2020-09-24T11:30Z`, `2020-09-24`, `2020-W39`,
`2020-09`, `2020`, or a range, `2020-09-24/2020-09-29`, with `..` for an unknown end.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

_MONTH = re.compile(r"\d{4}-\d{2}")
_YEAR = re.compile(r"\d{4}")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HEX = re.compile(r"[0-9a-f]{6}")
_CODE = re.compile(r"[A-Z0-9]{4}")
OPEN = ".."
YEARS = range(1950, 2101)
"""Accepted years. Others are typing errors, and days cannot be counted at the calendar's ends."""
FORMS = (
    "2020-09-24T11:30Z, 2020-09-24, 2020-W39, 2020-09, 2020, or a range of these such as "
    "2020-09-24/2020-09-29 or ../2020-10-02"
)


class Kind(StrEnum):
    """A landing at an airfield, or an airframe elsewhere at that time, which rules out a landing at
    a watched airfield (`alibi`) or does not (`seen`)."""

    LANDING = "landing"
    ALIBI = "alibi"
    SEEN = "seen"


class Unit(StrEnum):
    """What a row reports. Two legs, to and from the airfield, are one landing, as is a rotation."""

    LANDING = "landing"
    LEG = "leg"
    ROTATION = "rotation"


class Precision(StrEnum):
    """How exactly the date is known."""

    EXACT = "exact"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Period:
    """A date as reported, from its first to its last day; None if that end is not known."""

    written: str
    precision: Precision
    first: date | None
    last: date | None
    """Included."""
    at: datetime | None = None
    """Aware UTC, if the time is known."""

    @property
    def days(self) -> float:
        """How many days it spans; infinite if an end is not known."""
        if self.first is None or self.last is None:
            return float("inf")
        return (self.last - self.first).days + 1.0

    def within(self, first: date, last: date) -> bool:
        """Return whether the whole period lies within these days, both included."""
        if self.first is None or self.last is None:
            return False
        return first <= self.first and self.last <= last


def period(text: str) -> Period:
    """Return the period that `text` states. Raises ValueError.

    >>> period("2020-W39").first, period("../2020-10").last
    (datetime.date(2020, 9, 21), datetime.date(2020, 10, 31))
    >>> period("2020-09-24 11:30 UTC").at == period("2020-09-24T11:30Z").at
    True
    """
    text = text.strip()
    if "/" not in text:
        return _single_period(text)
    begins, _, ends = (part.strip() for part in text.partition("/"))
    first = None if begins == OPEN else _single_period(begins).first
    last = None if ends == OPEN else _single_period(ends).last
    if first is None and last is None:
        raise ValueError(f"{text!r} has no known end: state at least one end, or write {FORMS}")
    if first is not None and last is not None and last < first:
        raise ValueError(f"{text!r} ends before it begins")
    return Period(text, Precision.RANGE, first, last)


def _single_period(text: str) -> Period:
    try:
        if text[:4].isdecimal() and int(text[:4]) not in YEARS:
            raise ValueError(f"the year is not from {YEARS[0]} to {YEARS[-1]}")
        if week := _WEEK.fullmatch(text):
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return Period(text, Precision.WEEK, monday, monday + timedelta(days=6))
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return Period(text, Precision.DAY, day, day)
        if _MONTH.fullmatch(text):
            first = date(int(text[:4]), int(text[5:]), 1)
            following = (first + timedelta(days=31)).replace(day=1)
            return Period(text, Precision.MONTH, first, following - timedelta(days=1))
        if _YEAR.fullmatch(text):
            return Period(text, Precision.YEAR, date(int(text), 1, 1), date(int(text), 12, 31))
        # Spreadsheets and databases write "2020-09-24 11:30 UTC".
        at = datetime.fromisoformat(f"{text[:-3].rstrip()}Z" if text.endswith("UTC") else text)
        if at.tzinfo is None:
            raise ValueError("a time needs its zone")
        at = at.astimezone(UTC)
        return Period(text, Precision.EXACT, at.date(), at.date(), at)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a date ({error}): write {FORMS}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One row of a report. Its text is as written, and may be hostile."""

    kind: Kind = Kind.LANDING
    period: Period
    unit: Unit = Unit.LANDING
    direction: str = ""
    """Of a leg: `to` the airfield, `from` it, or empty."""
    airfield: str | None = None
    """ICAO code; None if the row reports no landing, or the airfield is not known."""
    place: str = ""
    """The place in words."""
    icao24: str | None = None
    registration: str | None = None
    callsign: str | None = None
    operator: str | None = None
    counted: bool = True
    """False if, by the source or the note, it may be the landing of another row."""
    confidence: str = ""
    note: str = ""
    source: str

    @property
    def landed(self) -> bool:
        """Whether it reports a landing that counts."""
        return self.kind is Kind.LANDING and self.counted and self.airfield is not None


def address(text: str) -> str:
    """Return `text` as an address. Raises ValueError.

    >>> address(" 600865 ")
    '600865'
    """
    found = text.strip().lower()
    if not _HEX.fullmatch(found):
        raise ValueError(
            f"{text!r} is not a 24-bit address: write six hexadecimal digits, or leave it out"
        )
    return found


def airfield_code(text: str) -> str:
    """Return `text` as an ICAO code. Raises ValueError.

    >>> airfield_code("llov")
    'LLOV'
    """
    found = text.strip().upper()
    if not _CODE.fullmatch(found):
        raise ValueError(f"{text!r} is not the ICAO code of an airfield: write its four letters")
    return found


def plain_registration(text: str | None) -> str | None:
    """Return the letters and digits of a registration, in capitals; None if there are none.

    Databases and people differ in hyphens, spaces and capitals.

    >>> plain_registration("4k-az 101"), plain_registration("-")
    ('4KAZ101', None)
    """
    found = (text or "").replace("-", "").replace(" ", "")
    if not found.isalnum():  # rarely; asked 12,000 times a reply, so the usual case is quick
        found = "".join(char for char in found if char.isalnum())
    return found.upper() or None


def keyed(rows: Iterable[Sighting]) -> dict[str, Sighting]:
    """Return the rows by a key that stays: from kind, date, place, identity and source.

    Note and confidence may be corrected without another key. Rows that are alike in all these are
    numbered, as a source may report two landings of a day. Any order gives the same keys.
    """
    found: dict[str, Sighting] = {}
    number: Counter[str] = Counter()
    for row in rows:
        what = (
            row.kind.value,
            row.period.written,
            row.unit.value,
            row.direction,
            row.airfield or row.place,
            row.icao24 or "",
            plain_registration(row.registration) or "",
            row.callsign or "",
            (row.operator or "").casefold(),
            row.source,
        )
        name = hashlib.sha256("\x1f".join(what).encode("utf-8", "replace")).hexdigest()[:24]
        number[name] += 1
        found[f"{name}-{number[name]}"] = row
    return found
