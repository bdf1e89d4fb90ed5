"""What does a count say, given how much could be seen? Every listing, page, mail, chart and file
asks here.

What was seen is never withheld: a landing in a week that was heard for 3 % of the time is "at least
1". Only a zero needs sight:

- NOT_SEEN, below 20 % of the time: we could not see. There is no count, and no upper bound.
- IN_PART, below 80 %: none was seen in the part that could be seen.
- SEEN: none.

The time is weighted by the height at which aircraft were heard near the airfield: five minutes
count only if somebody was heard there below cruise in them, or within the hour before or after
(`coverage.share` decides). A descent that is lost in cruise does not show where it leads. Where
aircraft are heard lower, a landing is found or at least undetermined, and either is no zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from collector.coverage.share import Coverage

NOT_SEEN_BELOW = 0.2
"""A share of the time. Below it, four of five landings at random times would not have been noticed,
so that "none seen" says next to nothing."""
SEEN_FROM = 0.8
"""A share of the time. From here on, four of five landings at random times would be noticed."""

NOT_SEEN_ALERT = "not-seen"
"""The alert state of a week that could not be seen, unless a rule fires or fired in it."""


class Level(StrEnum):
    """How much a zero is worth."""

    NOT_SEEN = "not seen"
    IN_PART = "in part"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Sight:
    """How much of a time could be seen at a place, as shares from 0 to 1."""

    coverage: float
    """The share in which aircraft in the region were heard, at whatever height."""
    seen: float
    """The share in which a landing would have been noticed: without the time in which they were
    heard in cruise alone. A zero rests on it."""

    @property
    def level(self) -> Level:
        """How much a zero is worth.

        >>> Sight(0.19, 0.19).level, Sight(0.2, 0.2).level, Sight(0.8, 0.8).level
        (<Level.NOT_SEEN: 'not seen'>, <Level.IN_PART: 'in part'>, <Level.SEEN: 'seen'>)
        """
        if self.seen < NOT_SEEN_BELOW:
            return Level.NOT_SEEN
        return Level.IN_PART if self.seen < SEEN_FROM else Level.SEEN

    @property
    def only_high(self) -> bool:
        """Whether aircraft were heard for long enough, but too high for too long."""
        return self.level is Level.NOT_SEEN and self.coverage >= NOT_SEEN_BELOW


def sight_of(coverage: Coverage) -> Sight:
    """Return the sight of a time with this coverage."""
    return Sight(coverage.share, coverage.seen)


def worst(sights: list[Sight]) -> Sight:
    """Return the sight of airfields counted together: the least of each share; 0 for none."""
    return Sight(
        min((each.coverage for each in sights), default=0.0),
        min((each.seen for each in sights), default=0.0),
    )


def sight_of_weeks(sights: list[Sight]) -> Sight:
    """Return the sight of several weeks together: the mean of each share; 0 for none."""
    number = max(1, len(sights))
    return Sight(
        sum(each.coverage for each in sights) / number,
        sum(each.seen for each in sights) / number,
    )


@dataclass(frozen=True, slots=True)
class SeenCount:
    """A count of landings, with the sight that decides what may be said of it."""

    least: int
    """Landings that count: so many there were at least."""
    most: int
    """Landings found, undetermined ones included."""
    sight: Sight

    @property
    def is_zero(self) -> bool:
        """Whether nothing was found, not even an undetermined landing."""
        return self.most == 0

    @property
    def not_seen(self) -> bool:
        """Whether too little could be seen for a zero or for an upper bound."""
        return self.sight.level is Level.NOT_SEEN

    @property
    def blind(self) -> bool:
        """Whether nothing can be said: none was found, and we could not see."""
        return self.is_zero and self.not_seen

    @property
    def in_part(self) -> bool:
        """Whether none was found, and only a part could be seen."""
        return self.is_zero and self.sight.level is Level.IN_PART

    @property
    def count(self) -> int | None:
        """The count; None instead of a zero where we could not see."""
        return None if self.least == 0 and self.not_seen else self.least

    @property
    def at_most(self) -> int | None:
        """The count if all undetermined landings were here; None where we could not see."""
        return None if self.not_seen else self.most

    def alert(self, state: str) -> str:
        """Return the state of the rules, `not-seen` instead of `ok` where we could not see.

        >>> blind, seen = Sight(0.1, 0.1), Sight(0.9, 0.9)
        >>> SeenCount(0, 0, blind).alert("ok"), SeenCount(1, 1, seen).alert("ok")
        ('not-seen', 'ok')
        """
        return NOT_SEEN_ALERT if self.not_seen and state == "ok" else state
