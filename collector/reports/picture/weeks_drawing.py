"""How do the last weeks look? As bars, on a phone as on a screen; nothing needs a legend far away.

Every length is in CSS pixels: at 72 dots to the inch a point is one.
"""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from collector.coverage.sight import Level
from collector.reports import formatting
from collector.reports.picture.style import ALERT, COUNT, FAINT, FONT, INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from collector.reports.picture.weeks_chart import WeekBar, WeeksChart

LABEL_PX, TITLE_PX, LINE_PX = 11.0, 13.0, 15.0
LETTER_PX = 6.3
"""The mean width of a letter of a label."""
EDGE_PX, LEFT_PX, RIGHT_PX = 6.0, 22.0, 74.0
HIGH_PX, HIGH_WIDE_PX = 132.0, 190.0
KEY_PX = 12.0
LEAST_TOP = 3
"""A chart has room for at least this many landings, so that one landing does not look like many."""
NAMED_BLIND_PX = 84.0
"""A run of weeks that could not be seen has its name in it if it is this wide."""


def title_lines(title: str, wide_px: float) -> list[str]:
    """Return a title as three lines at most, none wider than `wide_px` CSS pixels unless a word is.

    Bold letters differ too much for a mean width, so the font's own widths are added up.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=FONT, weight="bold", size=TITLE_PX)

    def width_px(text: str) -> float:
        return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])

    lines: list[str] = []
    for word in title.split():
        if lines and width_px(f"{lines[-1]} {word}") <= wide_px:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines[:3]


def weeks_sheet(chart: WeeksChart, width_px: float) -> Figure:
    """Return the chart, `width_px` CSS pixels wide."""
    from matplotlib.figure import Figure

    across = int((width_px - 2 * EDGE_PX) / LETTER_PX)
    title = title_lines(f"{chart.headline}: landings by week", width_px - 2 * EDGE_PX)
    footer = wrap(chart.footer, across)[:4]
    names = _name_rows(chart, width_px)
    keys = _key_rows(chart, width_px)
    above = EDGE_PX + len(title) * (LINE_PX + 2) + len(names) * LINE_PX + 4
    plot = HIGH_PX if width_px < 500 else HIGH_WIDE_PX
    below = 38 + len(keys) * LINE_PX + len(footer) * LINE_PX + EDGE_PX
    high = above + plot + below
    figure = Figure(figsize=(width_px / 72, high / 72))

    def write(x: float, top: float, text: str, **style: Any) -> None:
        figure.text(x / width_px, 1 - top / high, text, va="top", **{"fontsize": LABEL_PX, **style})

    for number, line in enumerate(title):
        write(EDGE_PX, EDGE_PX + number * (LINE_PX + 2), line, fontsize=TITLE_PX, fontweight="bold")
    wide = width_px - LEFT_PX - RIGHT_PX
    axes = figure.add_axes((LEFT_PX / width_px, below / high, wide / width_px, plot / high))
    _frame(axes, chart)
    for row, (left, words) in enumerate(names):
        write(left, above - 2 - (len(names) - row) * LINE_PX, words, color=ALERT)
    _background(axes, chart, wide)
    _lines(axes, chart, plot)
    _bars(axes, chart.bars)
    top = above + plot + 38
    for number, samples in enumerate(keys):
        x = EDGE_PX
        for kind, words in samples:
            bottom = high - (top + number * LINE_PX) - KEY_PX + 1
            _key(figure, kind, x, bottom, (width_px, high))
            write(x + KEY_PX + 4, top + number * LINE_PX, words, color=SOFT)
            x += _key_wide(words)
    for number, line in enumerate(footer):
        write(EDGE_PX, top + (len(keys) + number) * LINE_PX, line, color=SOFT)
    return figure


def _top(chart: WeeksChart) -> int:
    most = max(each.told.most for each in chart.bars)
    return max(LEAST_TOP, most, *chart.thresholds, *(chart.usual or ()))


def _frame(axes: Axes, chart: WeeksChart) -> None:
    count, top = len(chart.bars), _top(chart)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(0, top + 0.75)
    step = max(1, top // 4)
    ticks = list(range(0, top + 1, step))
    axes.set_yticks(ticks, [str(each) for each in ticks], fontsize=LABEL_PX)
    axes.tick_params(axis="both", length=0, pad=4)
    starts = [
        number
        for number, each in enumerate(chart.bars)
        if number == 0 or each.first.month != chart.bars[number - 1].first.month
    ]
    named = [at for at in starts if at + 2 <= count]
    if len(named) > 1 and named[1] - named[0] < 3:
        named = named[1:]
    every = 1 if len(named) <= 8 else 2
    axes.set_xticks(
        [at - 0.5 for at in named[::every]],
        [_month(chart.bars[at], first=at == named[0]) for at in named[::every]],
        ha="left",
        fontsize=LABEL_PX,
    )
    for at in starts[1:]:
        axes.axvline(at - 0.5, color=FAINT, linewidth=0.6, zorder=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set(color=INK, linewidth=1.2, zorder=6)


def _month(bar: WeekBar, *, first: bool) -> str:
    month = formatting.day(bar.first).split()[2]
    return f"{month}\n{bar.first.year}" if first or bar.first.month == 1 else month


def _background(axes: Axes, chart: WeeksChart, wide_px: float) -> None:
    """What could not be seen is hatched, what was seen in part is grey, fighting is tinted."""
    week_px = wide_px / len(chart.bars)
    top = axes.get_ylim()[1]
    blind = [each.told.not_seen for each in chart.bars]
    for is_blind, group in groupby(enumerate(blind), key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        if not is_blind:
            continue
        axes.axvspan(
            numbers[0] - 0.5, numbers[-1] + 0.5, facecolor="none", edgecolor=FAINT, hatch="/////",
            linewidth=0, zorder=0.5,
        )  # fmt: skip
        if len(numbers) * week_px >= NAMED_BLIND_PX:
            axes.text(
                (numbers[0] + numbers[-1]) / 2, top * 0.6, "could not see", color=SOFT,
                ha="center", va="center", fontsize=LABEL_PX, zorder=5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )  # fmt: skip
    for number, each in enumerate(chart.bars):
        if each.told.sight.level is Level.IN_PART:
            darkness = 0.06 + 0.2 * (1.0 - each.told.sight.seen)
            axes.axvspan(
                number - 0.5, number + 0.5, facecolor=INK, alpha=darkness, linewidth=0, zorder=0.4
            )
    for left, right in _spans(chart):
        axes.axvspan(left, right, facecolor=ALERT, alpha=0.13, linewidth=0, zorder=0.3)


def _spans(chart: WeeksChart) -> list[tuple[float, float]]:
    """The times of fighting on the axis of weeks, as far as they are shown."""
    begin, count = chart.bars[0].first, len(chart.bars)
    spans = []
    for each in chart.fighting:
        left = (each.first - begin).days / 7 - 0.5
        right = ((each.last - begin).days + 1) / 7 - 0.5
        spans.append((max(-0.5, left), min(count - 0.5, right)))
    return spans


def _name_rows(chart: WeeksChart, width_px: float) -> list[tuple[float, str]]:
    """Where each name of fighting begins above the chart, one a row, and the name."""
    wide = width_px - LEFT_PX - RIGHT_PX
    rows = []
    for each, (left, right) in zip(chart.fighting, _spans(chart), strict=True):
        if right <= left:
            continue
        at = LEFT_PX + (left + 0.5) / len(chart.bars) * wide
        words = _cut(each.name, int((width_px - 2 * EDGE_PX) / LETTER_PX))
        rows.append((max(EDGE_PX, min(at, width_px - EDGE_PX - len(words) * LETTER_PX)), words))
    return rows[:2]


def _cut(text: str, longest: int) -> str:
    """Return a text that is no longer than `longest` letters; … stands for what is left out."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _lines(axes: Axes, chart: WeeksChart, plot_px: float) -> None:
    """The usual as a band and the thresholds as lines, with their names at the right end."""
    labels: list[tuple[float, str, str]] = []
    if chart.usual is not None:
        low, high = chart.usual
        axes.axhspan(low, max(high, low + 0.08), facecolor=COUNT, alpha=0.11, linewidth=0, zorder=1)
        words = f"usual {formatting.interval(low, high)}"
        labels.append(((low + max(high, low + 0.08)) / 2, words, COUNT))
    for number in chart.thresholds:
        axes.axhline(number, color=ALERT, linewidth=0.9, dashes=(4, 2), zorder=2)
        labels.append((number, f"alert at {number}", ALERT))
    apart = 13.0 / plot_px * axes.get_ylim()[1]
    last = -apart
    for at, words, colour in sorted(labels):
        last = max(at, last + apart)
        axes.annotate(
            words, (1.0, last), xycoords=("axes fraction", "data"), xytext=(5, 0),
            textcoords="offset points", fontsize=LABEL_PX, color=colour, va="center",
            annotation_clip=False,
        )  # fmt: skip


def _bars(axes: Axes, bars: tuple[WeekBar, ...]) -> None:
    """Solid: so many at least. Outlined on top: so many at most. The alarm has colour and mark."""
    for number, each in enumerate(bars):
        told, colour = each.told, ALERT if each.alarm else COUNT
        if told.least:
            axes.bar(number, told.least, 0.72, color=colour, linewidth=0, zorder=4)
        if told.most > told.least:
            axes.bar(
                number, told.most - told.least, 0.66, bottom=told.least, facecolor="white",
                edgecolor=colour, linewidth=1.1, zorder=4,
            )  # fmt: skip
        is_last = number == len(bars) - 1
        if told.most or (is_last and not told.blind):
            axes.annotate(
                each.short + ("▲" if each.alarm else ""), (number, told.most), xytext=(0, 2),
                textcoords="offset points", ha="right" if is_last and each.alarm else "center",
                va="bottom", fontsize=LABEL_PX, color=colour if each.alarm else INK,
                fontweight="bold" if is_last else "normal", zorder=7,
            )  # fmt: skip


def _keys(chart: WeeksChart) -> list[tuple[str, str]]:
    """What is shown that has no name beside it."""
    told = [each.told for each in chart.bars]
    keys = [("least", "landings")] if any(one.least for one in told) else []
    if any(one.most > one.least for one in told):
        keys.append(("most", "perhaps"))
    if any(each.alarm for each in chart.bars):
        keys.append(("alarm", "▲ alert"))
    if any(one.not_seen for one in told):
        keys.append(("blind", "could not see"))
    if any(one.sight.level is Level.IN_PART for one in told):
        keys.append(("part", "seen in part"))
    if any(right > left for left, right in _spans(chart)):
        keys.append(("fighting", "fighting"))
    return keys


def _key_wide(words: str) -> float:
    return KEY_PX + 4 + len(words) * LETTER_PX + 12


def _key_rows(chart: WeeksChart, width_px: float) -> list[list[tuple[str, str]]]:
    rows: list[list[tuple[str, str]]] = [[]]
    left = width_px - 2 * EDGE_PX
    for key in _keys(chart):
        wide = _key_wide(key[1])
        if wide > left and rows[-1]:
            rows.append([])
            left = width_px - 2 * EDGE_PX
        rows[-1].append(key)
        left -= wide
    return rows


def _key(figure: Figure, kind: str, x: float, bottom: float, sheet: tuple[float, float]) -> None:
    """Draw the sample of a kind; `sheet` is the width and height of the whole."""
    from matplotlib.patches import Rectangle

    styles: dict[str, dict[str, Any]] = {
        "least": {"facecolor": COUNT},
        "most": {"facecolor": "white", "edgecolor": COUNT, "linewidth": 1.1},
        "alarm": {"facecolor": ALERT},
        "blind": {"facecolor": "white", "edgecolor": FAINT, "hatch": "//////", "linewidth": 0.6},
        "part": {"facecolor": INK, "alpha": 0.16},
        "fighting": {"facecolor": ALERT, "alpha": 0.2},
    }
    figure.add_artist(
        Rectangle(
            (x / sheet[0], bottom / sheet[1]), KEY_PX / sheet[0], (KEY_PX - 2) / sheet[1],
            transform=figure.transFigure, **{"linewidth": 0, **styles[kind]},
        )
    )  # fmt: skip
