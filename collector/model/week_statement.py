"""What is said of a finished week at a place? A count, and how much of the week could be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekStatement:
    """What every listing, page and mail said of one week at one place."""

    least: int
    """How many landings counted."""
    most: int
    """How many there were if all undetermined ones were there and then as well."""
    coverage: float
    """The share of the week in which aircraft near the place were heard, at whatever height."""
    seen: float
    """The share of it in which a landing would have been noticed."""
    counting: str
    """Stands for what the configuration of the watch counts. It is another text than before only if
    the configuration changed between two comparisons of which the second found this number."""
    landings: tuple[str, ...] | None = None
    """The ids of those that `most` counts, in order; None: not written down, by versions before
    0.3."""

    def differs_from(self, other: WeekStatement) -> bool:
        """Return whether a reader sees another number: a landing, or a whole percent."""
        return self._numbers() != other._numbers()

    def _numbers(self) -> tuple[int, int, int, int]:
        return self.least, self.most, round(100 * self.coverage), round(100 * self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChange:
    """That another statement holds for a week than the one before."""

    place: str
    """By its codes, as in the configuration."""
    week: str
    at: datetime
    """When it was noticed."""
    before: WeekStatement
    after: WeekStatement

    @property
    def added(self) -> tuple[str, ...]:
        """The ids of the landings that were not in the count before, as far as that is known."""
        return self._beyond(self.after, self.before)

    @property
    def removed(self) -> tuple[str, ...]:
        """The ids of those that are not in it any more, as far as that is known."""
        return self._beyond(self.before, self.after)

    @staticmethod
    def _beyond(one: WeekStatement, other: WeekStatement) -> tuple[str, ...]:
        others = () if other.most == 0 else other.landings
        if one.landings is None or others is None:
            return ()
        return tuple(each for each in one.landings if each not in others)
