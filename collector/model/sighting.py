"""What did a person or a publication report: a landing, or an aircraft somewhere else?

A date is written as people know it: `2020-09-24T11:30Z`, `2020-09-24`, `2020-W39`, `2020-09`,
`2020`, or from … to, `2020-09-24/2020-09-29`; `..` is an end that nobody knows.
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
"""Others are mistakes of writing, and at the ends of the calendar days can't be counted on."""
FORMS = (
    "2020-09-24T11:30Z, 2020-09-24, 2020-W39, 2020-09, 2020, or a range of these such as "
    "2020-09-24/2020-09-29 or ../2020-10-02"
)


class Kind(StrEnum):
    """A landing at a field; or that an airframe was elsewhere, which rules out a landing at a
    watched field then (`alibi`) or does not (`seen`)."""

    LANDING = "landing"
    ALIBI = "alibi"
    SEEN = "seen"


class Unit(StrEnum):
    """What one row is: two legs, to the field and from it, are one landing; so is a rotation."""

    LANDING = "landing"
    LEG = "leg"
    ROTATION = "rotation"


class Precision(StrEnum):
    """How well the date is known."""

    EXACT = "exact"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Period:
    """A date as reported, from its first to its last day; None: not known."""

    written: str
    precision: Precision
    first: date | None
    last: date | None
    """Included."""
    at: datetime | None = None
    """Aware UTC, where the time is known."""

    @property
    def days(self) -> float:
        """How many days it spans; infinite where an end is not known."""
        if self.first is None or self.last is None:
            return float("inf")
        return (self.last - self.first).days + 1.0

    def within(self, first: date, last: date) -> bool:
        """Whether it lies in these days, both included, as a whole."""
        if self.first is None or self.last is None:
            return False
        return first <= self.first and self.last <= last


def period(text: str) -> Period:
    """The period that `text` names. Raises ValueError if it is none.

    >>> period("2020-W39").first, period("../2020-10").last
    (datetime.date(2020, 9, 21), datetime.date(2020, 10, 31))
    """
    text = text.strip()
    if "/" not in text:
        return _one(text)
    begins, _, ends = (part.strip() for part in text.partition("/"))
    first = None if begins == OPEN else _one(begins).first
    last = None if ends == OPEN else _one(ends).last
    if first is None and last is None:
        raise ValueError(f"{text!r} names no day at all: give one end, or {FORMS}")
    if first is not None and last is not None and last < first:
        raise ValueError(f"{text!r} ends before it begins")
    return Period(text, Precision.RANGE, first, last)


def _one(text: str) -> Period:
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
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise ValueError("a time needs its zone")
        at = at.astimezone(UTC)
        return Period(text, Precision.EXACT, at.date(), at.date(), at)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date ({error}): write {FORMS}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One row of a report. Text is as it was written, and hostile."""

    kind: Kind = Kind.LANDING
    period: Period
    unit: Unit = Unit.LANDING
    direction: str = ""
    """Of a leg: `to` the field, `from` it, or empty."""
    airfield: str | None = None
    """ICAO code; None where a landing is not what is told, or nobody knows at which field."""
    place: str = ""
    """Where, in words."""
    icao24: str | None = None
    registration: str | None = None
    callsign: str | None = None
    operator: str | None = None
    counted: bool = True
    """False: the source says, or the note does, that it may be another row's landing."""
    confidence: str = ""
    note: str = ""
    source: str

    @property
    def landed(self) -> bool:
        """Whether it tells of a landing that is to be added to a count."""
        return self.kind is Kind.LANDING and self.counted and self.airfield is not None


def address(text: str) -> str:
    """`text` as an address. Raises ValueError if it is none.

    >>> address(" 600865 ")
    '600865'
    """
    found = text.strip().lower()
    if not _HEX.fullmatch(found):
        raise ValueError(f"{text!r} is no 24-bit address: six hexadecimal digits, or leave it out")
    return found


def airfield_code(text: str) -> str:
    """`text` as an ICAO code. Raises ValueError if it is none.

    >>> airfield_code("llov")
    'LLOV'
    """
    found = text.strip().upper()
    if not _CODE.fullmatch(found):
        raise ValueError(f"{text!r} is no ICAO code of an airfield: four letters")
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
    """Rows by a key that stays: of what was reported, where, when, of whom and by whom.

    Note and confidence may be corrected. Of rows alike in all that, the first is number one: a
    source that tells of two landings of a day has two rows. Any order gives the same keys.
    """
    found: dict[str, Sighting] = {}
    alike: Counter[str] = Counter()
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
        alike[name] += 1
        found[f"{name}-{alike[name]}"] = row
    return found
