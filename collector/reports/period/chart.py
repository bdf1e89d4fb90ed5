"""How do the weeks of years look, with the fighting? A strip a year; PNG or SVG, for print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from collector.coverage.archived import ArchiveFinding
from collector.published.record import Fighting
from collector.published.summary import Bucket, PlaceHistory
from collector.reports.period.published import MONTHS
from collector.reports.picture.canvas import content
from collector.reports.picture.ink import ALERT, FAINT, INK, SMALL_PT, SOFT, TEXT_PT, TITLE_PT, WASH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 8.6
EDGE_IN, LEFT_IN, RIGHT_IN, TOP_IN, BOTTOM_IN = 0.08, 0.8, 0.1, 0.94, 0.26
STRIP_IN, GAP_IN = 0.6, 0.3
NAME_HIGH_IN, NAME_LINES = 0.115, 2
"""Names of the fighting stand above a strip, in so many lines."""
LETTER_DAYS = 2.6
"""How much of the year a letter of a name takes."""
TRACKED, REPORTED = "#1f5f99", "#b8560f"
LEAST_HIGH = 3
"""Landings that a strip has room for, if no week has more: one landing is not to look like many."""
HEARD_HIGH = 0.14
"""Height of the band that tells how well a week was heard, as a share of the strip."""
FOOT_LINE_IN = 0.15
SILENT_WEEKS = 10
"""So many weeks in a row that say nothing are told in words: empty is not to look quiet."""
_SILENT = {
    ArchiveFinding.NO_ARCHIVE: "nobody listened, no archive was read",
    ArchiveFinding.NOT_HEARD: "could not have been heard",
}


def draw_years(
    one: PlaceHistory,
    fighting: Sequence[Fighting],
    before_days: int,
    suffix: str,
    *,
    foot: Sequence[str] = (),
) -> bytes:
    """The weeks of a place as the bytes of a `png` or `svg` file; `foot`: lines below them.

    Raises CollectorError where matplotlib is not installed.
    """
    return content(lambda: _sheet(one, fighting, before_days, foot), suffix)


def _sheet(
    one: PlaceHistory, fighting: Sequence[Fighting], before_days: int, foot: Sequence[str]
) -> Figure:
    from matplotlib.figure import Figure

    years = list(range(one.whole.first.year, one.whole.last.year + 1))
    below = BOTTOM_IN + len(foot) * FOOT_LINE_IN
    high = TOP_IN + len(years) * (STRIP_IN + GAP_IN) + below
    figure = Figure(figsize=(WIDTH_IN, high))
    most = max([LEAST_HIGH, *(each.at_most + each.reported for each in one.weeks)])
    wide = (WIDTH_IN - LEFT_IN - RIGHT_IN) / WIDTH_IN
    for number, year in enumerate(years):
        top = TOP_IN + number * (STRIP_IN + GAP_IN)
        box = (LEFT_IN / WIDTH_IN, 1 - (top + STRIP_IN) / high, wide, STRIP_IN / high)
        axes = figure.add_axes(box)
        _frame(axes, year, most, last=number == len(years) - 1)
        _fighting(axes, year, fighting, before_days)
        weeks = [each for each in one.weeks if each.first.year == year]
        _heard(axes, weeks, most)
        _silent(axes, weeks, most)
        _landings(axes, weeks)
    place = one.place.name
    for number, line in enumerate(reversed(foot)):
        figure.text(
            EDGE_IN / WIDTH_IN,
            (0.05 + number * FOOT_LINE_IN) / high,
            line,
            va="bottom",
            fontsize=SMALL_PT,
            color=SOFT,
        )
    figure.text(
        EDGE_IN / WIDTH_IN,
        1 - 0.1 / high,
        f"Landings at {place}, by week",
        va="top",
        fontsize=TITLE_PT,
        fontweight="bold",
    )
    _key(figure, high, before_days)
    return figure


def _frame(axes: Axes, year: int, most: int, *, last: bool) -> None:
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    axes.set_xlim(0, days)
    axes.set_ylim(-most * HEARD_HIGH, most)
    starts = [(date(year, month, 1) - date(year, 1, 1)).days for month in range(1, 13)]
    axes.set_xticks(starts, MONTHS if last else [""] * 12, ha="left", fontsize=SMALL_PT)
    axes.tick_params(axis="x", length=0, pad=3)
    axes.set_yticks([0, most], ["0", str(most)], fontsize=SMALL_PT - 1)
    axes.tick_params(axis="y", length=2, color=FAINT)
    for start in starts[1:]:
        axes.axvline(start, color=WASH, linewidth=0.7, zorder=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.axhline(0, color=SOFT, linewidth=0.6, zorder=3)
    axes.text(
        (EDGE_IN - LEFT_IN) / (WIDTH_IN - LEFT_IN - RIGHT_IN),
        0.5,
        str(year),
        transform=axes.transAxes,
        va="center",
        fontsize=TEXT_PT + 1,
        fontweight="bold",
    )


def _fighting(axes: Axes, year: int, fighting: Sequence[Fighting], before_days: int) -> None:
    begin, whole = date(year, 1, 1), axes.get_xlim()[1]
    shown: list[tuple[float, float, str]] = []
    for one in fighting:
        if one.days is None:
            continue
        start, end = (one.days[0] - begin).days, (one.days[1] - begin).days + 1
        if one.tested:
            axes.axvspan(start - before_days, start, color=ALERT, alpha=0.07, linewidth=0, zorder=1)
        if end > 0 and start < whole:
            shade = {"alpha": 0.3} if one.tested else {"alpha": 0.5, "fill": False, "hatch": "////"}
            axes.axvspan(start, end, color=ALERT, linewidth=0, zorder=1, **shade)
            shown.append((max(0.0, start), min(whole, end), one.name))
    for left, level, name in placed(shown, whole):
        axes.text(
            left,
            1.03 + level * NAME_HIGH_IN / STRIP_IN,
            name,
            transform=axes.get_xaxis_transform(),
            va="bottom",
            fontsize=SMALL_PT - 1,
            color=ALERT,
        )


def placed(spans: Sequence[tuple[float, float, str]], whole: float) -> list[tuple[float, int, str]]:
    """Where each name begins and in which line above the strip, so that none covers another.

    `spans`: begin and end in days, with the name; in order of time.

    >>> placed([(200, 203, "Long name of a clash"), (210, 212, "Another")], 365)
    [(200, 0, 'Long name of a clash'), (210, 1, 'Another')]
    """
    taken: list[tuple[float, float, int]] = []
    found = []
    for begin, end, name in spans:
        wide = len(name) * LETTER_DAYS
        spots = [(left, level) for level in range(NAME_LINES) for left in (begin, end - wide)]
        free = (
            (left, level)
            for left, level in spots
            if left >= 0
            and left + wide <= whole
            and all(
                level != at or left >= last or left + wide <= first for first, last, at in taken
            )
        )
        left, level = next(free, (min(begin, whole - wide), NAME_LINES - 1))
        taken.append((left, left + wide, level))
        found.append((left, level, name))
    return found


def _heard(axes: Axes, weeks: Sequence[Bucket], most: int) -> None:
    """A band under the line: the darker the better heard; white is deaf."""
    low, high = -most * HEARD_HIGH, most * HEARD_HIGH * 0.75
    for shade, group in groupby(weeks, key=lambda each: round(each.coverage, 1)):
        run = list(group)
        if shade == 0 and all(each.coverage == 0 for each in run):
            continue
        axes.broken_barh(
            [(_day(run[0].first), (run[-1].last - run[0].first).days + 1)],
            (low, high),
            facecolor=INK,
            alpha=0.12 + 0.6 * shade,
            linewidth=0,
        )


def _silent(axes: Axes, weeks: Sequence[Bucket], most: int) -> None:
    """What long stretches without any hearing mean."""
    for meaning, group in groupby(weeks, key=_meaning):
        run = list(group)
        if meaning is not None and len(run) >= SILENT_WEEKS:
            axes.text(
                4 if run[0] is weeks[0] else _day(run[0].first) + 4,
                most * 0.94,
                _SILENT[meaning],
                va="top",
                fontsize=SMALL_PT - 1,
                color=SOFT,
                zorder=6,
            )


def _meaning(week: Bucket) -> ArchiveFinding | None:
    return week.finding if week.finding in _SILENT and not week.coverage else None


def _landings(axes: Axes, weeks: Sequence[Bucket]) -> None:
    for each in weeks:
        if not each.at_most and not each.reported:
            continue
        wide = max((each.last - each.first).days - 0.2, 1.0)
        left = min(_day(each.first) + 0.6, axes.get_xlim()[1] - wide)
        if each.count:
            axes.bar(left, each.count, wide, align="edge", color=TRACKED, linewidth=0, zorder=4)
        if each.at_most > each.count:
            axes.bar(
                left,
                each.at_most - each.count,
                wide,
                bottom=each.count,
                align="edge",
                facecolor="white",
                edgecolor=TRACKED,
                linewidth=0.8,
                zorder=4,
            )
        axes.plot(
            [left + wide / 2] * each.reported,
            [each.at_most + 0.5 + n for n in range(each.reported)],
            linestyle="none",
            marker="D",
            markersize=4.2,
            markerfacecolor=REPORTED,
            markeredgecolor="white",
            markeredgewidth=0.6,
            zorder=5,
        )


def _key(figure: Figure, high: float, before_days: int) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries = [
        (Patch(facecolor=TRACKED), "tracked"),
        (Patch(facecolor="white", edgecolor=TRACKED), "there or at a neighbour"),
        (
            Line2D([], [], linestyle="none", marker="D", color=REPORTED, markersize=4.5),
            "only reported",
        ),
        (Patch(facecolor=ALERT, alpha=0.3), "fighting"),
        (Patch(facecolor=ALERT, alpha=0.09), f"{before_days} days before"),
        (Patch(facecolor="white", edgecolor=ALERT, hatch="////", linewidth=0), "not tested on"),
        (Patch(facecolor=INK, alpha=0.6), "band below: heard"),
    ]
    figure.legend(
        [handle for handle, _ in entries],
        [words for _, words in entries],
        loc="upper left",
        bbox_to_anchor=(0, 1 - 0.36 / high),
        ncols=len(entries),
        frameon=False,
        fontsize=SMALL_PT,
        handlelength=1.1,
        handletextpad=0.5,
        columnspacing=1.3,
    )


def _day(day: date) -> int:
    return (day - date(day.year, 1, 1)) // timedelta(days=1)
