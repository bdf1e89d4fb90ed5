"""How are numbers, times and grades put into plain words? One function writes each kind.

A time is local with UTC beside it, a share is never rounded up to all or down to nothing, and a
count that may be higher is an interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector.model import Candidate, Grade, likeliest_first

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SECONDS_MATTER_BELOW_S = 60.0
"""The time of a touchdown that is known to better than a minute is shown with its seconds."""


def interval(least: int, most: int) -> str:
    """Return a count that may be higher as an interval.

    >>> interval(2, 2), interval(1, 3)
    ('2', '1–3')
    """
    return str(least) if most <= least else f"{least}–{most}"


def landings(least: int, most: int) -> str:
    """Return a count of landings in words.

    >>> landings(0, 0), landings(1, 1), landings(0, 1), landings(2, 3)
    ('no landing', '1 landing', '0–1 landings', '2–3 landings')
    """
    if (least, most) == (0, 0):
        return "no landing"
    return f"{interval(least, most)} {'landing' if most == 1 == least else 'landings'}"


def percent(share: float) -> str:
    """Return a share of 0 … 1 in percent, never rounded up to all or down to nothing.

    >>> percent(1.0), percent(0.9996), percent(0.824), percent(0.001), percent(0.0)
    ('100%', '>99%', '82%', '<1%', '0%')
    """
    if 0.0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1.0:
        return ">99%"
    return f"{round(min(1.0, max(0.0, share)) * 100)}%"


def grade_words(grade: Grade, probability: float) -> str:
    """Return a grade in words, with the probability of the landing.

    A grade names the kind of evidence (docs/landing-rules.md#from-evidence-to-grade), so
    "probable" is no estimate that the number beside it would contradict.

    >>> grade_words(Grade.PROBABLE, 0.93)
    'graded probable, 93% likely'
    """
    return f"graded {grade.value}, {percent(probability)} likely"


def either(
    candidates: tuple[Candidate, ...], name: Callable[[str], str] = lambda code: code
) -> str:
    """Return the airfields that a landing may have been at, with probabilities, likeliest first.

    `name` gives an airfield's name by its code.

    >>> either((Candidate("LLER", 0.4), Candidate("LLOV", 0.6)))
    'LLOV (60%) or LLER (40%)'
    """
    if not candidates:
        return "an unknown airfield"
    return " or ".join(
        f"{name(candidate.airfield)} ({percent(candidate.probability)})"
        for candidate in likeliest_first(candidates)
    )


def between(
    candidates: tuple[Candidate, ...], name: Callable[[str], str] = lambda code: code
) -> str:
    """Return the airfields that a landing may have been at, without probabilities.

    `name` gives an airfield's name by its code.

    >>> between((Candidate("LLER", 0.4), Candidate("LLOV", 0.6)))
    'LLOV or LLER'
    >>> between((Candidate("LLER", 0.6),))
    'LLER or elsewhere'
    """
    names = [name(candidate.airfield) for candidate in likeliest_first(candidates)]
    return " or ".join([*names, "elsewhere"] if len(names) == 1 else names) or "an unknown airfield"


def duration(span: timedelta) -> str:
    """Return a length of time, to two units.

    >>> duration(timedelta(seconds=40)), duration(timedelta(minutes=125))
    ('40 s', '2 h 5 min')
    >>> duration(timedelta(days=3, hours=4, minutes=5))
    '3 d 4 h'
    """
    seconds = round(abs(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def give_or_take(uncertainty_s: float) -> str:
    """Return the half-width of a time, rounded up so that it is never too narrow.

    >>> give_or_take(12), give_or_take(61), give_or_take(5400), give_or_take(200_000)
    ('±12 s', '±2 min', '±1.5 h', '±2.4 d')
    """
    if uncertainty_s < 60:
        return f"±{math.ceil(uncertainty_s)} s"
    if uncertainty_s < 3600:
        return f"±{math.ceil(uncertainty_s / 60)} min"
    if uncertainty_s < 86400:
        return f"±{math.ceil(uncertainty_s / 360) / 10:g} h"
    return f"±{math.ceil(uncertainty_s / 8640) / 10:g} d"


def day(at: date) -> str:
    """Return a date, the same whatever the machine's language.

    >>> day(date(2026, 11, 22))
    'Sun 22 Nov 2026'
    """
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}"


def moment(at: datetime, zone: str, uncertainty_s: float | None = None) -> str:
    """Return a time (aware), local to `zone` and in UTC, with its ± if there is one.

    >>> moment(datetime(2026, 11, 22, 12, 5, tzinfo=UTC), "Asia/Jerusalem", 180)
    'Sun 22 Nov 2026, 14:05 IST (12:05 UTC) ±3 min'
    >>> moment(datetime(2026, 11, 22, 22, 5, 9, tzinfo=UTC), "Asia/Baku", 15)
    'Mon 23 Nov 2026, 02:05:09 UTC+04 (Sun 22 Nov 22:05:09 UTC) ±15 s'
    """
    exact = uncertainty_s is not None and uncertainty_s < _SECONDS_MATTER_BELOW_S
    utc = at.astimezone(UTC)
    local = utc if zone == "UTC" else at.astimezone(ZoneInfo(zone))
    words = f"{day(local)}, {clock_time(local, exact)}"
    if zone == "UTC":
        words += " UTC"
    else:
        other_day = local.date() != utc.date()
        utc_day = f"{day(utc).rsplit(' ', 1)[0]} " if other_day else ""
        words += f" {zone_name(local)} ({utc_day}{clock_time(utc, exact)} UTC)"
    return words if uncertainty_s is None else f"{words} {give_or_take(uncertainty_s)}"


def clock_time(at: datetime, exact: bool = False) -> str:
    """Return hours and minutes, with seconds if `exact`."""
    return f"{at:%H:%M:%S}" if exact else f"{at:%H:%M}"


def zone_name(local: datetime) -> str:
    """Return `IST` where the zone has a name, `UTC+04` where it has only a number."""
    name = local.tzname() or "UTC"
    return name if name.isalpha() else f"UTC{name}"


def period(begin: datetime, end: datetime, zone: str) -> str:
    """Return the first and the last local day of a time; `end` is exclusive.

    >>> from collector.weeks import week_bounds
    >>> period(*week_bounds("2026-W47", "Asia/Jerusalem"), "Asia/Jerusalem")
    'Mon 16 Nov 2026 to Sun 22 Nov 2026'
    """
    tz = ZoneInfo(zone)
    last = (end - timedelta(microseconds=1)).astimezone(tz)
    return f"{day(begin.astimezone(tz))} to {day(last)}"


def iso_z(at: datetime) -> str:
    """Return a time for machines: ISO 8601 in UTC, to the second.

    >>> iso_z(datetime(2026, 11, 22, 12, 5, tzinfo=UTC))
    '2026-11-22T12:05:00Z'
    """
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def table_time(at: str, *, exact: bool = False) -> str:
    """Return a time that `iso_z` wrote as tables show it: in UTC, with seconds only if `exact`.

    >>> table_time("2026-11-22T12:05:09Z"), table_time("2026-11-22T12:05:09Z", exact=True)
    ('2026-11-22 12:05', '2026-11-22 12:05:09')
    """
    words = at.removesuffix("Z").replace("T", " ")
    return words if exact else words[:16]


def touchdown_time(at: str, uncertainty_s: float) -> str:
    """Return a touchdown as tables show it, with its ±, and with seconds where they are known.

    >>> touchdown_time("2026-11-22T12:05:09Z", 150), touchdown_time("2026-11-22T12:05:09Z", 7.4)
    ('2026-11-22 12:05 ±3 min', '2026-11-22 12:05:09 ±8 s')
    """
    exact = uncertainty_s < _SECONDS_MATTER_BELOW_S
    return f"{table_time(at, exact=exact)} {give_or_take(uncertainty_s)}"


def bar(share: float, cells: int = 10) -> str:
    """Return a share as a bar of letters, which needs no image.

    >>> bar(0.42)
    '████······'
    """
    full = filled(share, cells)
    return "█" * full + "·" * (cells - full)


def filled(share: float, cells: int) -> int:
    """Return how many of `cells` a share fills: all only for 1, none only for 0.

    >>> filled(0.001, 10), filled(0.999, 10), filled(1.0, 10)
    (1, 9, 10)
    """
    full = min(cells, max(0, round(share * cells)))
    return min(cells - 1, max(1, full)) if 0 < share < 1 else full
