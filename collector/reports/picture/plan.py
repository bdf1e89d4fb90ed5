"""How does the track look from above? North is up and everything is to scale."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from collector.geo import NM_IN_M
from collector.reports.picture.frame import CLOSE_UP_HALF_NM, Frame
from collector.reports.picture.ground import draw_ground
from collector.reports.picture.plan_labels import draw_plan_labels
from collector.reports.picture.style import (
    BOX,
    DOUBT,
    FAINT,
    INK,
    SIDE_STYLES,
    SMALL_PT,
    SOFT,
    TEXT_PT,
)
from collector.reports.picture.track import Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from collector.reports.picture.airfields import Field, Spot
    from collector.reports.picture.track_picture import TrackPicture

CENTRELINE_NM = 10.0
RING_NAMES_RAD = (3.94, 2.34, 5.48, 0.8)
"""South-west first, where the region has few tracks."""
CROWDED_FROM = 60
"""From this number on, points are drawn smaller."""


def draw_plan(axes: Axes, picture: TrackPicture) -> None:
    """Draw everything around the airfield within the picture's frame."""
    frame = _fitted(axes, picture.frame)
    draw_ground(axes, picture.origin, frame)
    if picture.determined:
        _rings(axes, frame)
    for field in picture.fields:
        _field(axes, field)
    _doubted(axes, picture)
    for gap in picture.gaps:
        if gap.end is not None:
            axes.plot(
                *zip(gap.begin, gap.end, strict=True),
                color=SOFT, linewidth=1.0, dashes=(4, 3), zorder=3,
            )  # fmt: skip
    _track(axes, picture)
    _arrows(axes, picture)
    draw_plan_labels(axes, picture, frame, [spot for spot, _ in _ring_names(frame)])
    _scale_bar(axes, frame)
    _north(axes)


def draw_close_up(axes: Axes, picture: TrackPicture, field: Field) -> None:
    """Draw the airfield enlarged, so that the runway and the place on it can be seen."""
    box = axes.bbox
    _fitted(axes, Frame(field.spot, CLOSE_UP_HALF_NM * max(1.0, box.height / box.width)))
    for strip in field.strips:
        (x1, y1), (x2, y2) = strip.ends
        axes.plot((x1, x2), (y1, y2), color=FAINT, linewidth=5.0, solid_capstyle="butt", zorder=1)
        for name, here, there in zip(strip.names, strip.ends, strip.ends[::-1], strict=True):
            if name:
                _runway_name(axes, field, name, (here, there), used=name == picture.runway)
    _doubted(axes, picture)
    _track(axes, picture)
    axes.set_title(
        f"{field.label}: {2 * CLOSE_UP_HALF_NM:.1f} NM across",
        fontsize=SMALL_PT, color=SOFT, loc="left", pad=4,
    )  # fmt: skip


def _fitted(axes: Axes, frame: Frame) -> Frame:
    """Let the axes show the frame, as wide as they are, and return what they show."""
    shown = replace(frame, wide=axes.bbox.width / axes.bbox.height)
    (east, north), half = shown.centre, shown.half_nm
    axes.set_aspect("equal")
    axes.set_xlim(east - half * shown.wide, east + half * shown.wide)
    axes.set_ylim(north - half, north + half)
    axes.set_xticks([])
    axes.set_yticks([])
    return shown


def _rings(axes: Axes, frame: Frame) -> None:
    """Circles of equal distance from the airfield."""
    from matplotlib.patches import Circle

    for radius in _rings_nm(frame):
        axes.add_patch(Circle((0, 0), radius, fill=False, edgecolor=FAINT, linewidth=0.6, zorder=0))
    for spot, name in _ring_names(frame):
        axes.text(
            *spot, name, fontsize=SMALL_PT, color=SOFT, ha="center", va="center", bbox=BOX,
            zorder=0.5,
        )  # fmt: skip


def _rings_nm(frame: Frame) -> range:
    step = next(step for step in (5, 10, 20) if frame.half_nm / step <= 4 or step == 20)
    farthest = math.hypot(*frame.centre) + frame.half_nm * math.hypot(1.0, frame.wide)
    return range(step, math.ceil(farthest), step)


def _ring_names(frame: Frame) -> Iterator[tuple[Spot, str]]:
    """The distance that each circle stands for, and where it is written."""
    for radius in _rings_nm(frame):
        around = [(radius * math.sin(one), radius * math.cos(one)) for one in RING_NAMES_RAD]
        spot = next((one for one in around if frame.holds(one, 0.93)), None)
        if spot is not None:
            yield spot, f"{radius} NM"


def _field(axes: Axes, field: Field) -> None:
    colour = INK if field.candidate else SOFT
    if not field.strips:
        axes.plot(
            *field.spot, marker="o", markersize=6, markerfacecolor="none", color=colour, zorder=2
        )
    for strip in field.strips:
        (x1, y1), (x2, y2) = strip.ends
        if field.candidate:
            _centreline(axes, strip.ends)
        axes.plot((x1, x2), (y1, y2), color=colour, linewidth=2.4, solid_capstyle="butt", zorder=2)


def _centreline(axes: Axes, ends: tuple[Spot, Spot]) -> None:
    """The axis of the runway, as far out as aircraft usually line up with it."""
    (x1, y1), (x2, y2) = ends
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    east, north = (x2 - x1) / length * CENTRELINE_NM, (y2 - y1) / length * CENTRELINE_NM
    axes.plot(
        (x1 - east, x2 + east), (y1 - north, y2 + north),
        color=DOUBT, linewidth=0.7, linestyle=(0, (1, 2.5)), zorder=1,
    )  # fmt: skip


def _doubted(axes: Axes, picture: TrackPicture) -> None:
    if picture.doubted_positions:
        axes.plot(
            [one.spot[0] for one in picture.doubted_positions],
            [one.spot[1] for one in picture.doubted_positions],
            linestyle="none", marker="o", markersize=5.5, markerfacecolor="none",
            markeredgecolor=DOUBT, markeredgewidth=0.9, zorder=2.5,
        )  # fmt: skip


def _track(axes: Axes, picture: TrackPicture) -> None:
    for leg in picture.legs:
        style = SIDE_STYLES[leg.side]
        axes.plot(
            *zip(*leg.spots, strict=True), color=style.colour, linewidth=style.line_pt, zorder=4,
            solid_joinstyle="round", solid_capstyle="round",
        )  # fmt: skip
    for side, spots in _marks(axes, picture):
        style = SIDE_STYLES[side]
        size = style.size_pt * (0.7 if len(spots) > CROWDED_FROM else 1.0)
        axes.plot(
            *zip(*spots, strict=True), linestyle="none", marker=style.marker, markersize=size,
            color=style.colour, markeredgecolor="white", markeredgewidth=0.4, zorder=4.5,
        )  # fmt: skip


def _marks(axes: Axes, picture: TrackPicture) -> Iterator[tuple[Side, list[Spot]]]:
    """The points within the axes, by side of the visit."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    for side in SIDE_STYLES:
        placed = [one.spot for one in picture.points if one.side is side and one.spot is not None]
        inside = [(x, y) for x, y in placed if left <= x <= right and bottom <= y <= top]
        if inside:
            yield side, inside


def _arrows(axes: Axes, picture: TrackPicture) -> None:
    reach = 0.017 * picture.frame.half_nm
    for arrow in picture.arrows:
        (x, y), (east, north) = arrow.spot, arrow.way
        axes.annotate(
            "", (x + east * reach, y + north * reach), (x - east * reach, y - north * reach),
            arrowprops={
                "arrowstyle": "-|>,head_length=0.8,head_width=0.36",
                "color": SIDE_STYLES[arrow.side].colour,
                "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0,
            },
            zorder=5,
        )  # fmt: skip


def _runway_name(
    axes: Axes, field: Field, name: str, ends: tuple[Spot, Spot], *, used: bool
) -> None:
    here, there = ends
    length = math.dist(here, there) or 1.0
    way = ((here[0] - there[0]) / length, (here[1] - there[1]) / length)
    # Names of parallel runways stand apart: each is moved to its own side of the airfield.
    aside = 1.0 if here[0] + there[0] > 2 * field.spot[0] else -1.0
    axes.annotate(
        name, here, xytext=(way[0] * 9 + aside * abs(way[1]) * 11, way[1] * 9),
        textcoords="offset points", fontsize=SMALL_PT, color=INK, ha="center", va="center",
        fontweight="bold" if used else "normal", bbox=BOX, zorder=3.5,
    )  # fmt: skip


def _scale_bar(axes: Axes, frame: Frame) -> None:
    (east, north), half = frame.centre, frame.half_nm
    length = next(step for step in (2, 5, 10, 20) if step >= 0.25 * half or step == 20)
    x, y = east - half * (frame.wide - 0.05), north - 0.95 * half
    axes.plot((x, x + length), (y, y), color=INK, linewidth=2.0, solid_capstyle="butt", zorder=7)
    axes.text(
        x, y + 0.02 * half, f"{length} NM ({length * NM_IN_M / 1000:.0f} km)",
        fontsize=SMALL_PT, ha="left", va="bottom", bbox=BOX, zorder=7,
    )  # fmt: skip


def _north(axes: Axes) -> None:
    axes.annotate(
        "N", (0.965, 0.985), (0.965, 0.915), xycoords="axes fraction", textcoords="axes fraction",
        ha="center", va="center", fontsize=TEXT_PT, fontweight="bold",
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.2}, zorder=7,
    )  # fmt: skip
