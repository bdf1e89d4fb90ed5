"""Which addresses are followed? Every one that a watch matched by anything but the address itself.

A callsign changes on the way, and a registration, an operator or a type is missing in the rows of
some feeds. If only the rows that match were kept, the others would look like a silence. So an
address that matched is followed: all its rows are kept for some days around the match.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collector.model import Observation, WatchMatch
from collector.watches.visitors import VISITORS

FOLLOWED_BEFORE = timedelta(days=1)
"""Rows so long before a match are kept, where they are still to be had: in archives, one file holds
a day. Most flights are shorter."""
FOLLOWED_AFTER = timedelta(days=4)
"""Rows so long after a match are kept: the longest stay that the rules recognise is 4 days, and the
departure is to be noticed under any callsign."""
HOUR = timedelta(hours=1)

Span = tuple[datetime, datetime]
"""From (included) and to (excluded)."""

_BY_ADDRESS = ("fleet", "icao24")


def is_by_address(match: WatchMatch) -> bool:
    """Return whether a watch wants the address itself, so that each of its rows matches.

    >>> is_by_address(WatchMatch("w", "fleet silk", True))
    True
    >>> is_by_address(WatchMatch("w", "callsign AZQ*", True))
    False
    """
    return match.matched_by.partition(" ")[0] in _BY_ADDRESS


def begins_following(matches: Iterable[WatchMatch]) -> bool:
    """Return whether a row with these matches makes its address followed.

    A visitor is followed by rules of its own, and an address on a watch needs no following.
    """
    matches = tuple(match for match in matches if match.watch != VISITORS)
    return bool(matches) and not any(map(is_by_address, matches))


def hour_of(at: datetime) -> int:
    """Return the hour of a time, as a number since 1970-01-01T00Z."""
    return int(at.timestamp() // HOUR.total_seconds())


def hour_begin(hour: int) -> datetime:
    """Return when an hour begins (UTC)."""
    return datetime.fromtimestamp(hour * HOUR.total_seconds(), UTC)


def hours_matched(
    reports: Iterable[tuple[Observation, Sequence[WatchMatch]]],
) -> dict[str, set[int]]:
    """Return the hours in which reports make their addresses followed, by address."""
    hours: dict[str, set[int]] = {}
    for observation, matches in reports:
        if matches and begins_following(matches):
            hours.setdefault(observation.icao24, set()).add(hour_of(observation.at))
    return hours


@dataclass(frozen=True, slots=True)
class Followed:
    """The followed addresses, and from when to when each is followed."""

    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    """By address; in order, and apart."""

    def __contains__(self, icao24: object) -> bool:
        """Return whether the address is followed at any time."""
        return icao24 in self.spans

    def holds(self, icao24: str, at: datetime) -> bool:
        """Return whether the address is followed at that time."""
        return any(begin <= at < end for begin, end in self.spans.get(icao24, ()))

    def between(self, begin: datetime, end: datetime) -> frozenset[str]:
        """Return the addresses that are followed at any time of [begin, end)."""
        return frozenset(
            icao24
            for icao24, spans in self.spans.items()
            if any(first < end and begin < last for first, last in spans)
        )

    def and_hours(self, hours: Mapping[str, Iterable[int]]) -> Followed:
        """Return these addresses, and others that matched in these hours."""
        both = dict(self.spans)
        for icao24, matched in hours.items():
            both[icao24] = _joined([*both.get(icao24, ()), *map(span_of, matched)])
        return Followed(both)


NOBODY = Followed()


def span_of(hour: int) -> Span:
    """Return from when to when an address is followed that matched in that hour."""
    begin = hour_begin(hour)
    return begin - FOLLOWED_BEFORE, begin + HOUR + FOLLOWED_AFTER


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same times as spans that lie apart, in order."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def hours_around(first: datetime, last: datetime) -> tuple[int, int]:
    """Return the first and the last hour in which a match makes an address followed between two
    times."""
    return hour_of(first - FOLLOWED_AFTER) - 1, hour_of(last + FOLLOWED_BEFORE) + 1
