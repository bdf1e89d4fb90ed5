"""What does a week say about landings if it rests on archives alone? One of five findings.

Where an archived week has no landing, that can mean four things, which must not look alike: the
archive covers the place and shows no landing; it covers a part of the time; the archive exists, but
sampled aircraft were received near the place for so short a time that a landing would not have been
noticed either; or no archive of that week was read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from collector.coverage.sight import Level, Sight


class ArchiveFinding(StrEnum):
    """What an archived week says about landings at a place."""

    FOUND = "found"
    NONE_FOUND = "none found"
    IN_PART = "none found in part"
    """None was found in the part that could be seen."""
    NOT_HEARD = "could not have been heard"
    NO_ARCHIVE = "no archive"


_FINDINGS = {
    Level.SEEN: ArchiveFinding.NONE_FOUND,
    Level.IN_PART: ArchiveFinding.IN_PART,
    Level.NOT_SEEN: ArchiveFinding.NOT_HEARD,
}


@dataclass(frozen=True, slots=True)
class ArchivedWeek:
    """A week that rests on archives alone."""

    finding: ArchiveFinding
    days: int
    """Days of the week of which an archive was read."""
    of_days: int
    """Days of the week that have begun."""


def archive_days(begin: datetime, end: datetime) -> list[date]:
    """Return the UTC days whose noon lies in [begin, end).

    Archives are kept by UTC day; a whole week of any time zone has seven of them.
    """
    day = begin.astimezone(UTC).date()
    found = []
    while (noon := datetime.combine(day, time(12), UTC)) < end:
        if noon >= begin:
            found.append(day)
        day += timedelta(days=1)
    return found


def archived_week(
    days: Collection[date], archives: Collection[date], *, seen: float, at_most: int
) -> ArchivedWeek:
    """Return what the week of these days says.

    `archives`: days whose archives were read to the end. `seen`: the share of the week that could
    be seen at the place, 0 to 1 (`coverage.sight.Sight.seen`). `at_most`: landings found,
    undetermined ones included.
    """
    with_archive = sum(day in archives for day in days)
    finding = finding_of(at_most, seen, known=bool(with_archive))
    return ArchivedWeek(finding, with_archive, len(days))


def finding_of(at_most: int, seen: float, *, known: bool) -> ArchiveFinding:
    """Return what a time says about landings.

    `seen`: the share of it that could be seen. `known`: an archive of some of it was read, or a
    feed was polled in it.

    >>> finding_of(0, 0.03, known=True)
    <ArchiveFinding.NOT_HEARD: 'could not have been heard'>
    >>> finding_of(0, 0.5, known=True).value, finding_of(0, 0.9, known=True).value
    ('none found in part', 'none found')
    """
    if at_most:
        return ArchiveFinding.FOUND
    if not known:
        return ArchiveFinding.NO_ARCHIVE
    return _FINDINGS[Sight(seen, seen).level]
