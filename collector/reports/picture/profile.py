"""How does the track look from the side? Height above sea level is drawn against time; long rests
are shortened and marked as not to scale.
"""

from __future__ import annotations

import math
from datetime import UTC, timedelta
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from collector.reports import formatting
from collector.reports.picture.style import (
    DOUBT,
    GUIDE_DASHES,
    INK,
    SIDE_STYLES,
    SMALL_PT,
    SOFT,
    TOUCHDOWN,
    WASH,
)
from collector.reports.picture.track import Point, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from collector.reports.picture.airfields import Field
    from collector.reports.picture.track_picture import TrackPicture

NAMED_SILENCE = timedelta(minutes=4)
LETTER_PT = 4.2
"""The mean width of a letter of a label."""
LABEL_APART_PT = 62.0
"""Labels of lines that are nearer stand in two rows."""
TICK_PT = 40.0
"""A time of day needs so much of the axis."""
FEWEST_LETTERS = 7
"""A label is broken to the width of its silence, and left out if fewer letters fit."""
CROWDED_FROM = 60
LINES_APART_PT = 8.5
"""Labels of elevations that are nearer are moved apart."""


def draw_profile(axes: Axes, picture: TrackPicture) -> None:
    """Draw heights over the time shown, with touchdown and departure."""
    scale = picture.scale
    top = _top_ft(picture)
    axes.set_xlim(0.0, scale.width)
    axes.set_ylim(min([0.0, *(one.elevation_ft - 500.0 for one in _named(picture))]), top)
    _silences(axes, picture)
    _squeezed(axes, picture)
    _elevations(axes, picture, top)
    _guides(axes, picture)
    _touchdown(axes, picture)
    _heights(axes, picture)
    _ticks(axes, picture)


def _named(picture: TrackPicture) -> list[Field]:
    """The airfields whose elevation is drawn: candidates, and others with a probability."""
    return [field for field in picture.fields if field.candidate or field.probability]


def _top_ft(picture: TrackPicture) -> float:
    heights = [
        one.altitude_ft
        for one in picture.points
        if one.altitude_ft is not None and picture.scale.shows(one.at)
    ]
    fields = [field.elevation_ft + 3000.0 for field in _named(picture)]
    return 1.12 * max([3000.0, *heights, *fields])


def _silences(axes: Axes, picture: TrackPicture) -> None:
    scale = picture.scale
    for silence in picture.silences:
        left, right = scale.x(silence.begins_at), scale.x(silence.ends_at)
        if right <= left:
            continue
        axes.axvspan(left, right, facecolor=WASH, edgecolor="none", zorder=0)
        begin, end = _widest(picture, left, right)
        letters = int(_width_pt(axes) / LETTER_PT * (end - begin) / scale.width)
        if silence.ends_at - silence.begins_at >= NAMED_SILENCE and letters >= FEWEST_LETTERS:
            words, across = fill(silence.words, letters), axes.get_xaxis_transform()
            axes.text(
                (begin + end) / 2, 0.955, words, transform=across, fontsize=SMALL_PT,
                color=SOFT, style="italic", ha="center", va="top", zorder=6,
            )  # fmt: skip


def _widest(picture: TrackPicture, left: float, right: float) -> tuple[float, float]:
    """The widest part of a silence that no line of touchdown or departure crosses."""
    times = [picture.touchdown_at, *([picture.departed_at] if picture.departed_at else [])]
    cuts = [x for x in sorted(map(picture.scale.x, times)) if left < x < right]
    return max(pairwise([left, *cuts, right]), key=lambda pair: pair[1] - pair[0])


def _squeezed(axes: Axes, picture: TrackPicture) -> None:
    """Two slanted strokes where the axis is not to scale, with the length of that time."""
    for stretch in picture.scale.stretches:
        if not stretch.squeezed:
            continue
        middle = stretch.x + stretch.width / 2
        for shift in (-0.25, 0.25):
            axes.plot(
                (middle + shift - 0.25, middle + shift + 0.25), (-0.03, 0.03),
                transform=axes.get_xaxis_transform(), color=INK, linewidth=1.0, clip_on=False,
                zorder=7,
            )  # fmt: skip
        axes.text(
            middle, -0.055,
            f"{formatting.duration(stretch.ends_at - stretch.begins_at)}\nnot to scale",
            transform=axes.get_xaxis_transform(), fontsize=SMALL_PT - 0.5, color=SOFT,
            ha="center", va="top",
        )  # fmt: skip


def _elevations(axes: Axes, picture: TrackPicture, top: float) -> None:
    shown = sorted(_named(picture), key=lambda field: field.elevation_ft)
    last, apart = -math.inf, LINES_APART_PT / _high_pt(axes) * top
    for field in shown:
        axes.axhline(
            field.elevation_ft, color=INK if field.candidate else DOUBT, linewidth=0.8,
            linestyle=(0, (6, 2)), zorder=1,
        )  # fmt: skip
        last = max(field.elevation_ft, last + apart)
        axes.annotate(
            f"{field.icao} {field.elevation_ft:,.0f} ft",
            (1.0, last), xycoords=("axes fraction", "data"), xytext=(4, 0),
            textcoords="offset points", fontsize=SMALL_PT,
            color=INK if field.candidate else SOFT, ha="left", va="center", annotation_clip=False,
        )  # fmt: skip


def _guides(axes: Axes, picture: TrackPicture) -> None:
    for guide, dashes in zip(picture.guides, GUIDE_DASHES, strict=False):
        shown = [(at, feet) for at, feet in guide.points if picture.scale.shows(at)]
        if len(shown) < 2:
            continue
        xs = [picture.scale.x(at) for at, _ in shown]
        feet = [each for _, each in shown]
        axes.plot(xs, feet, color=DOUBT, linewidth=1.0, linestyle=dashes, zorder=1.5)


def _touchdown(axes: Axes, picture: TrackPicture) -> None:
    scale, spread = picture.scale, timedelta(seconds=picture.uncertainty_s)
    at = scale.x(picture.touchdown_at)
    left, right = scale.x(picture.touchdown_at - spread), scale.x(picture.touchdown_at + spread)
    axes.axvspan(left, right, facecolor=TOUCHDOWN, alpha=0.14, edgecolor="none", zorder=0.5)
    axes.axvline(at, color=TOUCHDOWN, linewidth=1.1, zorder=2)
    spread_words = formatting.give_or_take(picture.uncertainty_s)
    _line_label(axes, at, f"touchdown {spread_words}", TOUCHDOWN)
    if picture.departed_at is not None and scale.shows(picture.departed_at):
        left_at, colour = scale.x(picture.departed_at), SIDE_STYLES[Side.DEPARTURE].colour
        axes.axvline(left_at, color=colour, linewidth=1.1, zorder=2)
        error_s = picture.departed_uncertainty_s
        words = "departure" if error_s is None else f"departure {formatting.give_or_take(error_s)}"
        near = abs(left_at - at) / scale.width * _width_pt(axes) < LABEL_APART_PT
        _line_label(axes, left_at, f"{words}\n" if near else words, colour)


def _width_pt(axes: Axes) -> float:
    return float(axes.bbox.width / axes.figure.dpi * 72.0)


def _high_pt(axes: Axes) -> float:
    return float(axes.bbox.height / axes.figure.dpi * 72.0)


def _line_label(axes: Axes, x: float, text: str, colour: str) -> None:
    axes.text(
        x, 1.02, text, transform=axes.get_xaxis_transform(), fontsize=SMALL_PT, color=colour,
        ha="center", va="bottom", fontweight="bold",
    )  # fmt: skip


def _heights(axes: Axes, picture: TrackPicture) -> None:
    scale = picture.scale
    for leg in picture.legs:
        points = [
            (scale.x(one.at), _height_ft(picture, one)) for one in leg.points if scale.shows(one.at)
        ]
        line = [(x, feet) for x, feet in points if feet is not None]
        if line:
            axes.plot(
                *zip(*line, strict=True),
                color=SIDE_STYLES[leg.side].colour,
                linewidth=1.3,
                zorder=3,
            )
    for side, style in SIDE_STYLES.items():
        placed = _spots(picture, side, placed=True)
        if placed:
            axes.plot(
                *zip(*placed, strict=True), linestyle="none", marker=style.marker,
                markersize=style.size_pt * (0.8 if len(placed) > CROWDED_FROM else 1.0),
                color=style.colour, markeredgecolor="white", markeredgewidth=0.4, zorder=4,
                clip_on=False,
            )  # fmt: skip
        heights = _spots(picture, side, placed=False)
        if heights:
            axes.plot(
                *zip(*heights, strict=True), linestyle="none", marker="_", markersize=6,
                color=DOUBT, markeredgewidth=1.2, zorder=3.5, clip_on=False,
            )  # fmt: skip


def _spots(picture: TrackPicture, side: Side, *, placed: bool) -> list[tuple[float, float]]:
    """Time and height on the sheet of the points with a position, or of those without."""
    spots = []
    for point in picture.points:
        feet = _height_ft(picture, point)
        if point.side is not side or feet is None or (point.spot is not None) is not placed:
            continue
        if picture.scale.shows(point.at):
            spots.append((picture.scale.x(point.at), feet))
    return spots


def _height_ft(picture: TrackPicture, point: Point) -> float | None:
    """The height of a point; on the ground the elevation, whatever pressure altitude is
    reported."""
    if point.side is not Side.GROUND or point.spot is None:
        return point.altitude_ft
    spot = point.spot
    near = min(picture.fields, key=lambda field: math.dist(field.spot, spot), default=None)
    if near is None or math.dist(near.spot, spot) > 5.0:
        return point.altitude_ft
    return near.elevation_ft


def _ticks(axes: Axes, picture: TrackPicture) -> None:
    """Ticks with local time, and UTC below it."""
    zone = ZoneInfo(picture.zone)
    ticks = picture.scale.ticks()
    ticks = ticks[:: -(-len(ticks) // max(2, int(_width_pt(axes) / TICK_PT)))]
    apart = TICK_PT / _width_pt(axes) * picture.scale.width
    rests = [each.x + each.width / 2 for each in picture.scale.stretches if each.squeezed]
    ticks = tuple(at for at in ticks if all(abs(picture.scale.x(at) - x) > apart for x in rests))
    local = [at.astimezone(zone) for at in ticks]
    axes.set_xticks(
        [picture.scale.x(at) for at in ticks],
        [
            f"{here:%H:%M}\n{at.astimezone(UTC):%H:%M}"
            for here, at in zip(local, ticks, strict=True)
        ],
        fontsize=SMALL_PT,
    )
    name = formatting.zone_name(picture.touchdown_at.astimezone(zone))
    axes.annotate(
        f"{name}\nUTC", (0.0, 0.0), xycoords="axes fraction", xytext=(-20, -6),
        textcoords="offset points", fontsize=SMALL_PT, color=SOFT, ha="right", va="top",
    )  # fmt: skip
    axes.yaxis.set_major_formatter(lambda feet, _: f"{feet:,.0f}")
    axes.tick_params(labelsize=SMALL_PT, length=3)
    axes.set_ylabel("ft above sea level", fontsize=SMALL_PT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
