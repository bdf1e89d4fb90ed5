"""What does a week tell that rests on archives alone? Pure.

"Nothing landed" has three meanings there, which must not look alike: the archive is there and
heard, and nothing landed; it is there, but nobody of the sample was heard near, so that a landing
could not have been either; or there is no archive of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum


class ArchiveFinding(StrEnum):
    """What an archived week says of landings at a place."""

    FOUND = "found"
    NONE_FOUND = "none found"
    NOT_HEARD = "could not have been heard"
    NO_ARCHIVE = "no archive"


@dataclass(frozen=True, slots=True)
class Archived:
    """A week that rests on archives alone."""

    finding: ArchiveFinding
    days: int
    """Days of the week that there are archives of."""
    of_days: int
    """Days that it has, or had until now."""


def days_of(begin: datetime, end: datetime) -> list[date]:
    """The UTC days, as archives are kept, whose noon lies in [begin, end): seven in each week."""
    day = begin.astimezone(UTC).date()
    found = []
    while (noon := datetime.combine(day, time(12), UTC)) < end:
        if noon >= begin:
            found.append(day)
        day += timedelta(days=1)
    return found


def archived(
    days: Collection[date], archives: Collection[date], *, coverage: float, at_most: int
) -> Archived:
    """What a week of those days tells.

    `archives`: days that archives were wholly read of. `coverage`: share of the week, 0 … 1, in
    which the network was proven to hear near the place. `at_most`: landings, undetermined too.
    """
    there = sum(day in archives for day in days)
    return Archived(finding_of(at_most, coverage, known=bool(there)), there, len(days))


def finding_of(at_most: int, coverage: float, *, known: bool) -> ArchiveFinding:
    """What a time tells of landings; `known`: there is an archive of some of it, or somebody
    listened.

    >>> finding_of(0, 0.0, known=True)
    <ArchiveFinding.NOT_HEARD: 'could not have been heard'>
    """
    if at_most:
        return ArchiveFinding.FOUND
    if not known:
        return ArchiveFinding.NO_ARCHIVE
    return ArchiveFinding.NONE_FOUND if coverage > 0 else ArchiveFinding.NOT_HEARD
