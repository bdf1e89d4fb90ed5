"""How does the map of a week's tracks look? On a phone as on a screen, with every label legible.

Every length is in CSS pixels: at 72 dots to the inch a point is one.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from collector.geo import NM_IN_M
from collector.reports.picture.ground import draw_ground
from collector.reports.picture.label_placement import Box, Label, placed_boxes
from collector.reports.picture.outlines import CREDIT
from collector.reports.picture.style import BOX, FAINT, INK, SIDE_STYLES, SOFT
from collector.reports.picture.track import Side
from collector.reports.picture.weeks_drawing import (
    EDGE_PX,
    LABEL_PX,
    LETTER_PX,
    LINE_PX,
    TITLE_PX,
    title_lines,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from collector.reports.picture.airfields import Field, Spot
    from collector.reports.picture.tracks_map import MapTrack, TracksMap

WIDEST_PX = 560.0
"""A square map that is wider would fill a screen."""
MARK_PX = 8.0
BAR_NM = 20


def tracks_sheet(shown: TracksMap, width_px: float) -> Figure:
    """Return the map, `width_px` CSS pixels wide, or narrower on a wide page."""
    from matplotlib.figure import Figure

    width_px = min(width_px, WIDEST_PX)
    across = int((width_px - 2 * EDGE_PX) / LETTER_PX)
    title = title_lines(f"{shown.headline}: tracks as received", width_px - 2 * EDGE_PX)
    footer = wrap(f"{shown.footer} {CREDIT}.".strip(), across)[:4]
    side = width_px - 2 * EDGE_PX
    above = EDGE_PX + len(title) * (LINE_PX + 2) + 4
    high = above + side + 8 + LINE_PX + len(footer) * LINE_PX + EDGE_PX
    figure = Figure(figsize=(width_px / 72, high / 72))

    def write(x: float, top: float, text: str, **style: Any) -> None:
        figure.text(x / width_px, 1 - top / high, text, va="top", **{"fontsize": LABEL_PX, **style})

    for number, line in enumerate(title):
        write(EDGE_PX, EDGE_PX + number * (LINE_PX + 2), line, fontsize=TITLE_PX, fontweight="bold")
    axes = figure.add_axes(
        (EDGE_PX / width_px, 1 - (above + side) / high, side / width_px, side / high)
    )
    _square(axes, shown)
    draw_ground(axes, shown.origin, shown.frame)
    for field in shown.fields:
        _field(axes, field)
    for track in shown.tracks:
        _track(axes, track)
    _labels(axes, shown, side)
    _scale(axes, shown)
    below = above + side + 6
    x = EDGE_PX
    for part in (Side.ARRIVAL, Side.DEPARTURE):
        _key(figure, part, x, below, (width_px, high))
        write(x + 34, below, part.value, color=SOFT)
        x += 34 + len(part.value) * LETTER_PX + 14
    write(x, below, "- -  gap", color=SOFT)
    for number, line in enumerate(footer):
        write(EDGE_PX, below + (number + 1) * LINE_PX, line, color=SOFT)
    return figure


def _square(axes: Axes, shown: TracksMap) -> None:
    (east, north), half = shown.frame.centre, shown.frame.half_nm
    axes.set_xlim(east - half, east + half)
    axes.set_ylim(north - half, north + half)
    axes.set_xticks([])
    axes.set_yticks([])


def _field(axes: Axes, field: Field) -> None:
    colour = INK if field.candidate else SOFT
    for strip in field.strips:
        (x1, y1), (x2, y2) = strip.ends
        axes.plot((x1, x2), (y1, y2), color=colour, linewidth=3, solid_capstyle="butt", zorder=3)
    if not field.strips:
        axes.plot(
            *field.spot, marker="o", markersize=5, markerfacecolor="none", color=colour, zorder=3
        )


def _track(axes: Axes, track: MapTrack) -> None:
    for begin, end in track.gaps:
        axes.plot(
            (begin[0], end[0]), (begin[1], end[1]), color=SOFT, linewidth=1.0, dashes=(4, 3),
            zorder=3.5,
        )  # fmt: skip
    for leg in track.legs:
        style = SIDE_STYLES[leg.side]
        axes.plot(
            *zip(*leg.spots, strict=True), color=style.colour, linewidth=0.8 * style.line_pt,
            zorder=4, marker=style.marker, markersize=2.8, solid_joinstyle="round",
        )  # fmt: skip


def _labels(axes: Axes, shown: TracksMap, side_px: float) -> None:
    """Names of airfields, and each track's number at its farthest point, none upon another."""
    unit = side_px / (2 * shown.frame.half_nm)

    def on_sheet(spot: Spot) -> tuple[float, float]:
        return tuple((at + shown.frame.half_nm) * unit for at in spot)  # type: ignore[return-value]

    named = [(field.spot, _name(field), field.candidate) for field in shown.fields]
    marks = [(spot, track.mark) for track in shown.tracks if (spot := _entry(track, shown))]
    spots = [spot for spot, _, _ in named] + [spot for spot, _ in marks]
    texts = [text for _, text, _ in named] + [mark for _, mark in marks]
    taken = [Box(0, 0, 0.42 * side_px, 40), Box(side_px - 26, side_px - 46, side_px, side_px)]
    taken += [
        Box(x - 3, y - 3, x + 3, y + 3)
        for track in shown.tracks
        for leg in track.legs
        for x, y in map(on_sheet, leg.spots)
        if 0 <= x <= side_px and 0 <= y <= side_px
    ]
    labels = [
        Label(*on_sheet(spot), text, LABEL_PX) for spot, text in zip(spots, texts, strict=True)
    ]
    boxes = placed_boxes(labels, taken, Box(2, 2, side_px - 2, side_px - 2))
    for number, box in enumerate(boxes):
        x, y = (at / unit - shown.frame.half_nm for at in box.middle)
        is_mark = number >= len(named)
        strong = is_mark or named[number][2]
        axes.text(
            x, y, texts[number], fontsize=LABEL_PX, ha="center", va="center", zorder=6,
            color="white" if is_mark else (INK if strong else SOFT),
            fontweight="bold" if strong else "normal",
            bbox={"boxstyle": "circle,pad=0.22", "facecolor": INK, "edgecolor": "none"}
            if is_mark
            else BOX,
        )  # fmt: skip


def _name(field: Field) -> str:
    return field.name.replace("International", "Intl") or field.icao


def _entry(track: MapTrack, shown: TracksMap) -> Spot | None:
    """Where the track enters the map: at the first point within it."""
    inside = [spot for leg in track.legs for spot in leg.spots if shown.frame.holds(spot, 0.93)]
    return inside[0] if inside else None


def _scale(axes: Axes, shown: TracksMap) -> None:
    half = shown.frame.half_nm
    x, y = -0.95 * half, -0.94 * half
    axes.plot((x, x + BAR_NM), (y, y), color=INK, linewidth=2, solid_capstyle="butt", zorder=7)
    axes.text(
        x, y + 0.03 * half, f"{BAR_NM} NM ({BAR_NM * NM_IN_M / 1000:.0f} km)", fontsize=LABEL_PX,
        va="bottom", bbox=BOX, zorder=7,
    )  # fmt: skip
    axes.annotate(
        "N", (0.955, 0.985), (0.955, 0.90), xycoords="axes fraction", textcoords="axes fraction",
        ha="center", va="center", fontsize=LABEL_PX, fontweight="bold",
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.1}, zorder=7,
    )  # fmt: skip
    axes.spines[:].set(color=FAINT)


def _key(figure: Figure, side: Side, x: float, top: float, sheet: tuple[float, float]) -> None:
    """Draw the sample of a side; `sheet` is the width and height of the whole."""
    from matplotlib.lines import Line2D

    style = SIDE_STYLES[side]
    y = 1 - (top + 7) / sheet[1]
    figure.add_artist(
        Line2D(
            [x / sheet[0], (x + 14) / sheet[0], (x + 28) / sheet[0]], [y, y, y],
            color=style.colour, linewidth=1.6, marker=style.marker, markersize=4,
        )
    )  # fmt: skip
