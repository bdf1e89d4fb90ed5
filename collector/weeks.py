"""In which week does a time lie, and when does a week begin and end? ISO weeks of the watch's zone.

A week runs from Monday 00:00 to Monday 00:00 local time, so that it has 167 or 169 hours when the
clocks change. A week key is `2026-W47`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DIGEST_HOUR = time(7)
"""Local time on Monday; no zone has ever changed its clocks at that hour."""

_WEEK_KEY = re.compile(r"^(\d{4})-W(\d{2})$")


def week_of(at: datetime, zone: str) -> str:
    """Return the key of the ISO week in which `at` (aware) lies in `zone`.

    >>> week_of(datetime(2026, 11, 22, 22, 30, tzinfo=UTC), "Asia/Jerusalem")
    '2026-W48'
    """
    year, week, _ = at.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02d}"


@lru_cache(maxsize=4096)  # a page of a year asks for the same weeks again and again
def week_bounds(key: str, zone: str) -> tuple[datetime, datetime]:
    """Return begin (inclusive) and end (exclusive) of a week, aware UTC.

    Raises ValueError if `key` is not the key of an existing ISO week.

    >>> begin, end = week_bounds("2026-W13", "Asia/Jerusalem")
    >>> (end - begin).total_seconds() / 3600
    167.0
    """
    match = _WEEK_KEY.match(key)
    if match is None:
        raise ValueError(f"{key!r} is not a week: write it like 2026-W47")
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError as error:
        raise ValueError(f"{key!r} is not a week: {error}") from error
    tz = ZoneInfo(zone)
    begin = datetime.combine(monday, time(), tz)
    end = datetime.combine(monday + timedelta(days=7), time(), tz)
    return begin.astimezone(UTC), end.astimezone(UTC)


def previous_week(key: str) -> str:
    """Return the key of the week before `key`. Raises ValueError as `week_bounds` does.

    >>> previous_week("2027-W01")
    '2026-W53'
    """
    begin, _ = week_bounds(key, "UTC")
    return week_of(begin - timedelta(days=1), "UTC")


def next_week(key: str) -> str:
    """Return the key of the week after `key`. Raises ValueError as `week_bounds` does."""
    _, end = week_bounds(key, "UTC")
    return week_of(end, "UTC")


def weeks_between(first: str, last: str) -> list[str]:
    """Return every week key from `first` to `last`, both included; empty if `last` is earlier.

    >>> weeks_between("2026-W52", "2027-W01")
    ['2026-W52', '2026-W53', '2027-W01']
    """
    keys = []
    key = first
    while key <= last:
        keys.append(key)
        key = next_week(key)
    return keys


def local_date(at: datetime, zone: str) -> date:
    """Return the calendar day on which `at` (aware) lies in `zone`."""
    return at.astimezone(ZoneInfo(zone)).date()


def local_midnight(day: date, zone: str) -> datetime:
    """Return the time at which a local day begins in `zone`, aware UTC.

    >>> local_midnight(date(2026, 11, 22), "Asia/Jerusalem").isoformat()
    '2026-11-21T22:00:00+00:00'
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def next_midnight(at: datetime, zone: str) -> datetime:
    """Return the end of the local day on which `at` lies, aware UTC; always later than `at`.

    >>> next_midnight(datetime(2026, 11, 22, 22, 0, tzinfo=UTC), "Asia/Jerusalem").isoformat()
    '2026-11-23T22:00:00+00:00'
    """
    return local_midnight(local_date(at, zone) + timedelta(days=1), zone)


def digest_at(key: str, zone: str) -> datetime:
    """Return when the digest of a week is due: the Monday after it, 07:00 local, aware UTC.

    Raises ValueError as `week_bounds` does.

    >>> digest_at("2026-W47", "Asia/Jerusalem").isoformat()
    '2026-11-23T05:00:00+00:00'
    """
    _, end = week_bounds(key, zone)
    return datetime.combine(local_date(end, zone), DIGEST_HOUR, ZoneInfo(zone)).astimezone(UTC)
