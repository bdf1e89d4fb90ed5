"""How do years of weeks look beside the fighting? The chart has one strip for each year, as PNG or
SVG for print.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from collector.coverage.archived import ArchiveFinding
from collector.published.record import Fighting
from collector.published.summary import PeriodCount, PlaceSummary
from collector.reports.period.published import MONTHS
from collector.reports.period.totals import perhaps_words
from collector.reports.picture.canvas import content
from collector.reports.picture.style import (
    ALERT,
    FAINT,
    INK,
    SMALL_PT,
    SOFT,
    TEXT_PT,
    TITLE_PT,
    WASH,
)
from collector.untrusted import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 8.6
EDGE_IN, LEFT_IN, RIGHT_IN, TOP_IN, BOTTOM_IN = 0.08, 0.8, 0.1, 0.94, 0.26
STRIP_IN, GAP_IN = 0.6, 0.3
NAME_HIGH_IN, NAME_LINES = 0.115, 2
"""Height and number of the lines for the names of the fighting above a strip."""
LETTER_DAYS = 2.6
"""The width of one letter of a name, in days of the strip."""
TRACKED, REPORTED = "#1f5f99", "#b8560f"
FEWEST_LANDINGS_HIGH = 3
"""A strip has room for at least this many landings, so that one landing does not look like many."""
COVERAGE_BAND_HIGH = 0.14
"""The height of the band that shows how much of a week could be seen, as a share of the strip."""
FOOTER_LINE_IN = 0.15
HEADLINE_LONGEST = 90
"""Characters that fit above the strips."""
UNCOVERED_WEEKS = 10
"""This many weeks in a row without coverage are labelled, so that they do not look like weeks
without landings."""
_UNCOVERED_LABELS = {
    ArchiveFinding.NO_ARCHIVE: "no feed answered, no archive was read",
    ArchiveFinding.NOT_HEARD: "could not see",
}


def draw_years(
    summary: PlaceSummary,
    fighting: Sequence[Fighting],
    before_days: int,
    suffix: str,
    *,
    headline: str,
    footer: Sequence[str] = (),
) -> bytes:
    """Return the weeks of a place as the bytes of a `png` or `svg` file, between headline and
    footer.
    """
    return content(lambda: _sheet(summary, fighting, before_days, headline, footer), suffix)


def _sheet(
    summary: PlaceSummary,
    fighting: Sequence[Fighting],
    before_days: int,
    headline: str,
    footer: Sequence[str],
) -> Figure:
    from matplotlib.figure import Figure

    years = list(range(summary.whole.first.year, summary.whole.last.year + 1))
    below = BOTTOM_IN + len(footer) * FOOTER_LINE_IN
    high = TOP_IN + len(years) * (STRIP_IN + GAP_IN) + below
    figure = Figure(figsize=(WIDTH_IN, high))
    most = max([FEWEST_LANDINGS_HIGH, *(each.at_most + each.reported for each in summary.weeks)])
    wide = (WIDTH_IN - LEFT_IN - RIGHT_IN) / WIDTH_IN
    for number, year in enumerate(years):
        top = TOP_IN + number * (STRIP_IN + GAP_IN)
        box = (LEFT_IN / WIDTH_IN, 1 - (top + STRIP_IN) / high, wide, STRIP_IN / high)
        axes = figure.add_axes(box)
        _frame(axes, year, most, last=number == len(years) - 1)
        _fighting(axes, year, fighting, before_days)
        weeks = [each for each in summary.weeks if each.first.year == year]
        _coverage_band(axes, weeks, most)
        _uncovered_labels(axes, weeks, most)
        _landings(axes, weeks)
    for number, line in enumerate(reversed(footer)):
        figure.text(
            EDGE_IN / WIDTH_IN,
            (0.05 + number * FOOTER_LINE_IN) / high,
            line,
            va="bottom",
            fontsize=SMALL_PT,
            color=SOFT,
        )
    figure.text(
        EDGE_IN / WIDTH_IN,
        1 - 0.1 / high,
        f"{visible(headline, HEADLINE_LONGEST)}: landings by week",
        va="top",
        fontsize=TITLE_PT,
        fontweight="bold",
    )
    _legend(figure, high, before_days, perhaps_words(summary.weeks))
    return figure


def _frame(axes: Axes, year: int, most: int, *, last: bool) -> None:
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    axes.set_xlim(0, days)
    axes.set_ylim(-most * COVERAGE_BAND_HIGH, most)
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
    for event in fighting:
        if event.days is None:
            continue
        start, end = (event.days[0] - begin).days, (event.days[1] - begin).days + 1
        if event.tested:
            axes.axvspan(start - before_days, start, color=ALERT, alpha=0.07, linewidth=0, zorder=1)
        if end > 0 and start < whole:
            shade = (
                {"alpha": 0.3} if event.tested else {"alpha": 0.5, "fill": False, "hatch": "////"}
            )
            axes.axvspan(start, end, color=ALERT, linewidth=0, zorder=1, **shade)
            shown.append((max(0.0, start), min(whole, end), event.name))
    for left, level, name in name_positions(shown, whole):
        axes.text(
            left,
            1.03 + level * NAME_HIGH_IN / STRIP_IN,
            name,
            transform=axes.get_xaxis_transform(),
            va="bottom",
            fontsize=SMALL_PT - 1,
            color=ALERT,
        )


def name_positions(
    spans: Sequence[tuple[float, float, str]], whole: float
) -> list[tuple[float, int, str]]:
    """Return where each name begins and its line above the strip, so that no two overlap.

    `spans` are begin and end in days with the name, in order of time.

    >>> name_positions([(200, 203, "Long name of a clash"), (210, 212, "Another")], 365)
    [(200, 0, 'Long name of a clash'), (210, 1, 'Another')]
    """
    occupied: list[tuple[float, float, int]] = []
    places = []
    for begin, end, name in spans:
        wide = len(name) * LETTER_DAYS
        spots = [(left, level) for level in range(NAME_LINES) for left in (begin, end - wide)]
        free = (
            (left, level)
            for left, level in spots
            if left >= 0
            and left + wide <= whole
            and all(
                level != at or left >= last or left + wide <= first for first, last, at in occupied
            )
        )
        left, level = next(free, (min(begin, whole - wide), NAME_LINES - 1))
        occupied.append((left, left + wide, level))
        places.append((left, level, name))
    return places


def _coverage_band(axes: Axes, weeks: Sequence[PeriodCount], most: int) -> None:
    """A band below the line: the darker, the more could be seen; white means nothing."""
    low, high = -most * COVERAGE_BAND_HIGH, most * COVERAGE_BAND_HIGH * 0.75
    for shade, group in groupby(weeks, key=lambda each: round(each.sight.seen, 1)):
        run = list(group)
        if shade == 0 and all(each.sight.seen == 0 for each in run):
            continue
        axes.broken_barh(
            [(_day(run[0].first), (run[-1].last - run[0].first).days + 1)],
            (low, high),
            facecolor=INK,
            alpha=0.12 + 0.6 * shade,
            linewidth=0,
        )


def _uncovered_labels(axes: Axes, weeks: Sequence[PeriodCount], most: int) -> None:
    """Labels on long stretches without coverage."""
    for finding, group in groupby(weeks, key=_uncovered_finding):
        run = list(group)
        if finding is not None and len(run) >= UNCOVERED_WEEKS:
            axes.text(
                4 if run[0] is weeks[0] else _day(run[0].first) + 4,
                most * 0.94,
                _UNCOVERED_LABELS[finding],
                va="top",
                fontsize=SMALL_PT - 1,
                color=SOFT,
                zorder=6,
            )


def _uncovered_finding(week: PeriodCount) -> ArchiveFinding | None:
    return week.finding if week.finding in _UNCOVERED_LABELS else None


def _landings(axes: Axes, weeks: Sequence[PeriodCount]) -> None:
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


def _legend(figure: Figure, high: float, before_days: int, perhaps: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries = [
        (Patch(facecolor=TRACKED), "tracked"),
        (Patch(facecolor="white", edgecolor=TRACKED), perhaps),
        (
            Line2D([], [], linestyle="none", marker="D", color=REPORTED, markersize=4.5),
            "only reported",
        ),
        (Patch(facecolor=ALERT, alpha=0.3), "fighting"),
        (Patch(facecolor=ALERT, alpha=0.09), f"{before_days} days before"),
        (Patch(facecolor="white", edgecolor=ALERT, hatch="////", linewidth=0), "not tested"),
        (Patch(facecolor=INK, alpha=0.6), "band below: could see"),
    ]
    figure.legend(
        [handle for handle, _ in entries],
        [label for _, label in entries],
        loc="upper left",
        bbox_to_anchor=(0, 1 - 0.36 / high),
        ncols=len(entries),
        frameon=False,
        fontsize=SMALL_PT,
        handlelength=1.1,
        columnspacing=1.3,
    )


def _day(day: date) -> int:
    return (day - date(day.year, 1, 1)) // timedelta(days=1)
