"""What is a citation? A number that was written down to be printed, with its landings, as known
then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

SAME_TOUCHDOWN = timedelta(minutes=1)
"""A touchdown that moves by less is printed as the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedLanding:
    """One landing as it was known."""

    id: str
    aircraft: str
    """Registration, or the address where that is unknown."""
    where: str
    """The airfield, or the airfields that it may have been at, by their names."""
    touchdown_at: datetime
    grade: str
    review: str | None
    """A person's verdict, `confirmed` or `rejected`."""
    counted: bool
    """Whether it counts; False: it is undetermined, and in the upper bound only."""
    open_data: bool
    """Whether all that it rests on are data that may be passed on."""
    not_heard: tuple[datetime, datetime] | None = None
    """The first and the last possible touchdown if nobody heard the aircraft arrive, which are
    printed in place of the touchdown."""
    perhaps_outside: bool = False
    """Whether it counts at that place, and does not here because it may lie outside the days."""

    def differs_from(self, other: CitedLanding) -> bool:
        """Return whether anything that a reader relies on is not the same."""
        return (self.where, self.grade, self.review, self.counted) != (
            *(other.where, other.grade, other.review, other.counted),
        ) or not self.arrival_as_in(other)

    def arrival_as_in(self, other: CitedLanding) -> bool:
        """Return whether the same is printed of when it arrived."""
        mine, others = self._printed_times(), other._printed_times()
        return len(mine) == len(others) and all(
            abs(one - another) < SAME_TOUCHDOWN for one, another in zip(mine, others, strict=True)
        )

    def _printed_times(self) -> tuple[datetime, ...]:
        return (self.touchdown_at,) if self.not_heard is None else self.not_heard


@dataclass(frozen=True, slots=True)
class CitedCount:
    """A count with the landings in it, by touchdown."""

    landings: tuple[CitedLanding, ...]

    @property
    def least(self) -> int:
        """How many landings count."""
        return sum(each.counted for each in self.landings)

    @property
    def most(self) -> int:
        """How many there were if all undetermined ones were there and then as well."""
        return len(self.landings)

    @property
    def open_data(self) -> int:
        """How many of those that count rest on open data alone."""
        return sum(each.counted and each.open_data for each in self.landings)

    def differs_from(self, other: CitedCount) -> bool:
        """Return whether a landing was added, is missing, or is not what it was."""
        mine = {each.id: each for each in self.landings}
        others = {each.id: each for each in other.landings}
        return mine.keys() != others.keys() or any(
            mine[key].differs_from(others[key]) for key in mine
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What was cited, of which watch, where and of which days."""

    id: str
    watch: str
    place: str
    """By its codes, as in the configuration."""
    first: date
    last: date
    """Included, in the watch's time zone."""
    cited_at: datetime
    text: str
    """The sentence and a line for each landing, each ended by a line feed."""
    sha256: str
    known: CitedCount


@dataclass(frozen=True, slots=True)
class CitationChange:
    """That landings of a citation changed: since when, and how they are known from then on."""

    citation: Citation
    at: datetime
    known: CitedCount
