"""How do weeks look beside each other? A chart of bars, as numbers that a template draws.

A full bar is what was seen at least, the outline on it what there may have been at most. Weeks that
could not be seen are hatched, those seen in part are grey. Each chart has two layouts, one for
phones, so that no letter shrinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from collector.coverage.sight import Level, SeenCount
from collector.reports import seen
from collector.reports.titles import week_title

FEWEST_HIGH = 3
"""A chart has room for at least this many landings, so that one does not look like many."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LABEL_WIDE = 30
"""Units. Room for the name of a month."""


class Week(Protocol):
    """One week of a place."""

    @property
    def key(self) -> str: ...
    @property
    def told(self) -> SeenCount: ...
    @property
    def monday(self) -> date: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One week; lengths in units of the drawing, counted from the upper left corner."""

    key: str
    title: str
    """What the week says, in words."""
    x: float
    wide: float
    full: tuple[float, float] | None
    """Upper edge and height of what was seen at least."""
    outline: tuple[float, float] | None
    """The same of what there may have been beyond that."""
    ground: str
    """`unseen` (hatched), `part` (grey), or empty."""
    shade: float
    """How dark the grey is, 0 … 1: the less was seen, the darker."""


@dataclass(frozen=True, slots=True)
class Line:
    """A thin line across the chart, with its name at the right end."""

    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A name below the weeks."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The sizes of a drawing, in units that are CSS pixels at its natural width."""

    name: str
    wide: int
    high: int
    left: int = 24
    right: int = 74
    top: int = 12
    bottom: int = 24

    @property
    def base(self) -> int:
        """Where zero lies."""
        return self.high - self.bottom


PHONE = Layout(name="phone", wide=343, high=190, right=64)
SCREEN = Layout(name="screen", wide=880, high=220)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing of weeks."""

    layout: Layout
    words: str
    """What it shows, for those who do not see it."""
    most: int
    """The number at the upper end of the scale."""
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]

    @property
    def edge(self) -> int:
        """Where the weeks end on the right."""
        return self.layout.wide - self.layout.right


def charts(
    weeks: Sequence[Week], headline: str, thresholds: Sequence[tuple[str, int]]
) -> list[Chart]:
    """Return the chart of these weeks, oldest first, in both layouts; empty for no week.

    `thresholds` are names of rules with the count that each one needs.
    """
    if not weeks:
        return []
    words = _words(weeks, headline)
    most = max([FEWEST_HIGH, *(each.told.most for each in weeks)])
    drawn = [(name, count) for name, count in thresholds if count <= most]
    return [_drawn(layout, weeks, words, most, drawn) for layout in (PHONE, SCREEN)]


def _drawn(
    layout: Layout,
    weeks: Sequence[Week],
    words: str,
    most: int,
    thresholds: Sequence[tuple[str, int]],
) -> Chart:
    step = (layout.wide - layout.left - layout.right) / len(weeks)
    unit = (layout.base - layout.top) / most
    bars = tuple(
        _bar(each, layout.left + number * step, step, layout.base, unit)
        for number, each in enumerate(weeks)
    )
    by_count: dict[int, list[str]] = {}
    for name, count in thresholds:
        by_count.setdefault(count, []).append(name)
    return Chart(
        layout=layout,
        words=words,
        most=most,
        bars=bars,
        lines=tuple(
            Line(_tenth(layout.base - count * unit), f"alert: {count}")
            for count in sorted(by_count)
        ),
        marks=tuple(_marks(weeks, layout, step)),
    )


def _bar(week: Week, x: float, step: float, base: int, unit: float) -> Bar:
    told = week.told
    least, beyond = told.least * unit, (told.most - told.least) * unit
    level = told.sight.level
    gap = min(2.0, step * 0.2)
    return Bar(
        key=week.key,
        title=f"{week_title(week.key)}: {seen.landings_words(told)}",
        x=_tenth(x + gap / 2),
        wide=_tenth(step - gap),
        full=(_tenth(base - least), _tenth(least)) if told.least else None,
        outline=(_tenth(base - least - beyond), _tenth(beyond)) if beyond else None,
        ground={Level.NOT_SEEN: "unseen", Level.IN_PART: "part"}.get(level, ""),
        shade=round(0.15 + 0.5 * (1 - told.sight.seen), 2),
    )


def _tenth(length: float) -> float:
    """Return a length as it is written: no eye tells a twentieth of a pixel."""
    return round(length, 1)


def _marks(weeks: Sequence[Week], layout: Layout, step: float) -> list[Mark]:
    """Return the names of months below the first week of each, as many as fit."""
    marks: list[Mark] = []
    month = None
    for number, each in enumerate(weeks):
        x = layout.left + number * step
        thursday = each.monday + timedelta(days=3)  # ISO 8601 puts the week into its year
        begun = thursday.month
        if begun != month and (not marks or x - marks[-1].x >= _LABEL_WIDE):
            year = f" {thursday.year}" if begun == 1 and step > 12 else ""
            marks.append(Mark(_tenth(x), f"{_MONTHS[begun - 1]}{year}"))
        month = begun
    return marks


def _words(weeks: Sequence[Week], headline: str) -> str:
    """Return what the chart shows in a sentence or two."""
    blind = sum(each.told.blind for each in weeks)
    busiest = max(weeks, key=lambda each: (each.told.most, each.key))
    span = f"{week_title(weeks[0].key)} to {week_title(weeks[-1].key)}"
    text = f"{headline}, by week, {span}."
    if busiest.told.most:
        most = f"{week_title(busiest.key)}: {seen.landings_words(busiest.told)}"
        text += f" The most were in {most}."
    else:
        text += " None was found."
    if blind:
        noun = "week" if blind == 1 else "weeks"
        text += f" {blind} {noun} of {len(weeks)} could not be seen."
    return text
