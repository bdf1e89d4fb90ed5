"""Which values does the chart of the last weeks show? Counts with what could be seen, the usual,
the thresholds, and times of fighting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from collector.coverage.sight import Level, SeenCount
from collector.reports import formatting, seen
from collector.untrusted import visible

WEEKS = 26
"""Half a year: on a phone each week is ten pixels wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBar:
    """One week."""

    first: date
    """Its Monday."""
    told: SeenCount
    alarm: bool
    """Whether a rule fires or fired in it."""

    @property
    def number(self) -> int:
        """The number of the ISO week."""
        return self.first.isocalendar().week

    @property
    def short(self) -> str:
        """The count in one word: `2`, `1–3`, `1+`, `0?` if seen in part, `–` if not seen."""
        told = self.told
        if told.blind:
            return "–"
        words = formatting.interval(told.least, told.most)
        if told.not_seen:
            return f"{words}+"
        return f"{words}?" if told.in_part else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaded:
    """A time of fighting; both days are in it."""

    first: date
    last: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeksChart:
    """The last weeks of a watch at a place, the newest at the end."""

    headline: str
    """Whose landings, and where."""
    bars: tuple[WeekBar, ...]
    usual: tuple[int, int] | None = None
    """The usual count of a week; None if it is not known."""
    thresholds: tuple[int, ...] = ()
    """Landings a week from which on an alert is sent."""
    fighting: tuple[Shaded, ...] = ()
    footer: str = ""
    """As of when, and whose data."""
    total: SeenCount | None = None
    """Of all weeks together: a landing that lies in one of two of them counts once, here alone.
    None: an older collector stored the chart, together with its words, and it is only drawn."""

    @property
    def sentence(self) -> str:
        """What it shows, in words, for those who do not see it."""
        told = [each.told for each in self.bars]
        blind = sum(one.not_seen for one in told)
        part = sum(one.sight.level is Level.IN_PART for one in told)
        most = max(one.most for one in told)
        found = "none was seen"
        if most and self.total is not None:
            found = f"{seen.closed(seen.landings_words(self.total))} in all"
        words = f"{self.headline}, the {len(told)} weeks to week {self.bars[-1].number}: {found}"
        if most:
            top = max(self.bars, key=lambda each: (each.told.least, each.told.most, each.first))
            words += f", most in week {top.number} ({top.short})"
        if self.usual is not None:
            words += f"; usual: {formatting.interval(*self.usual)} a week"
        words += "."
        if blind:
            words += f" In {_weeks(blind)} we could not see."
        if part:
            words += f" {_weeks(part).capitalize()} could be seen in part only."
        names = list(dict.fromkeys(each.name for each in self.fighting))
        return f"{words} Fighting: {', '.join(names)}." if names else words

    @property
    def series(self) -> str:
        """Every count, the oldest first."""
        return " ".join(each.short for each in self.bars)


def _weeks(number: int) -> str:
    return "1 week" if number == 1 else f"{number} weeks"


def chart_footer(as_of: str, sources: tuple[str, ...]) -> str:
    """Return the line under a chart: as of when, and whose data it shows."""
    data = f" Data: {'; '.join(visible(each, 120) for each in sources)}." if sources else ""
    return f"As of {as_of}.{data}"
