"""On which days does a watch list an aircraft's address, and may a landing lie on one of them?

An aircraft that was sold, or an address that was taken out of the watch, still has its stored
matches. So a match by the address is asked anew for the day of the touchdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from collector.model import Detection, WatchMatch
from collector.model.dating import KNOWN_FROM, POSSIBLE_FROM
from collector.watches.criteria import CompiledWatch
from collector.watches.following import is_by_address

DAY = timedelta(days=1)


def days_of(detection: Detection) -> dict[date, float]:
    """Return the days (UTC) on which the touchdown may lie, with their chances, 0 … 1."""
    first, last = (at.astimezone(UTC).date() for at in detection.touchdown_span)
    if first == last:
        return {first: 1.0}
    begins = [
        datetime.combine(first, time(), UTC) + n * DAY for n in range((last - first).days + 1)
    ]
    return {at.date(): detection.chance_between(at, at + DAY) for at in begins}


def matches_on(
    matches: Iterable[WatchMatch],
    watch_named: Callable[[str], CompiledWatch | None],
    icao24: str,
    days: Mapping[date, float],
) -> tuple[list[WatchMatch], list[WatchMatch]]:
    """Return an aircraft's stored matches as they are on a day (UTC), and those that are none then.

    The latter are matches by the address of which the watch does not want the address on that day.
    Matches by a name stay as they are, and so do those of a watch that `watch_named` does not know.
    `days` has one day, or the days that it may be with their chances, 0 … 1: a match that is one on
    a day that it may be is in doubt, unless these days have a chance of `KNOWN_FROM` together.
    """
    listed, delisted = [], []
    for match in matches:
        watch = watch_named(match.watch) if is_by_address(match) else None
        on_days = match if watch is None else _on_days(match, watch, icao24, days)
        if on_days is None:
            delisted.append(match)
        else:
            listed.append(on_days)
    return listed, delisted


def not_listed(match: WatchMatch, icao24: str, days: Mapping[date, float]) -> WatchMatch:
    """Return a match by the address as it is where the watch does not list the address then."""
    doubt = (
        f"On {_words(days)} watch {match.watch} does not list the address {icao24}, "
        f"so it does not count for watch {match.watch}."
    )
    return replace(match, counted=False, doubt=doubt)


def _on_days(
    match: WatchMatch, watch: CompiledWatch, icao24: str, days: Mapping[date, float]
) -> WatchMatch | None:
    """Return a match by the address as the watch gives it on these days, counted ones first; None
    if it gives none on a day that is possible."""
    chances: dict[WatchMatch, float] = {}
    for day, chance in days.items():
        on_day = watch.match_on(match, icao24, day)
        if on_day is not None:
            chances[on_day] = chances.get(on_day, 0.0) + chance
    counted = {each: chance for each, chance in chances.items() if each.counted}
    for group in (counted, chances):
        chance = sum(group.values())
        if group and chance >= POSSIBLE_FROM:
            likeliest = max(group, key=group.__getitem__)
            if chance >= KNOWN_FROM:
                return likeliest
            name = match.watch
            doubt = (
                f"It landed on {_words(days)}, and watch {name} does not list the address {icao24} "
                f"on all of these days, so it may be none that watch {name} wants."
            )
            return replace(likeliest, doubt=doubt)
    return None


def _words(days: Iterable[date]) -> str:
    """Return the day, or the several days, that it may be.

    >>> _words([date(2026, 11, 22)]), _words([date(2026, 11, 22), date(2026, 11, 23)])
    ('2026-11-22', '2026-11-22 or 2026-11-23')
    """
    texts = [day.isoformat() for day in days]
    return " or ".join(texts) if len(texts) <= 2 else f"a day from {texts[0]} to {texts[-1]}"
