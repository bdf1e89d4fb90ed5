"""What does a week say about landings if it rests on archives alone? One of four findings.

Where an archived week has no landing, that can mean three things, which must not look alike: the
archive covers the place and shows no landing; the archive exists, but no sampled aircraft was
received near the place, so a landing would not have been noticed either; or no archive of that week
was read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum


class ArchiveFinding(StrEnum):
    """What an archived week says about landings at a place."""

    FOUND = "found"
    NONE_FOUND = "none found"
    NOT_HEARD = "could not have been heard"
    NO_ARCHIVE = "no archive"


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
    days: Collection[date], archives: Collection[date], *, coverage: float, at_most: int
) -> ArchivedWeek:
    """Return what the week of these days says.

    `archives`: days whose archives were read to the end. `coverage`: the covered share of the week
    at the place, 0 to 1. `at_most`: landings found, undetermined ones included.
    """
    with_archive = sum(day in archives for day in days)
    finding = finding_of(at_most, coverage, known=bool(with_archive))
    return ArchivedWeek(finding, with_archive, len(days))


def finding_of(at_most: int, coverage: float, *, known: bool) -> ArchiveFinding:
    """Return what a time says about landings.

    `known`: an archive of some of it was read, or a feed was polled in it.

    >>> finding_of(0, 0.0, known=True)
    <ArchiveFinding.NOT_HEARD: 'could not have been heard'>
    """
    if at_most:
        return ArchiveFinding.FOUND
    if not known:
        return ArchiveFinding.NO_ARCHIVE
    return ArchiveFinding.NONE_FOUND if coverage > 0 else ArchiveFinding.NOT_HEARD
