"""Which names and words stand on the plan, and in which colours?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from collector.reports import formatting
from collector.reports.landing.gaps import height
from collector.reports.picture.heard import Side
from collector.reports.picture.ink import BOX, INK, LOOKS, SMALL_PT, SOFT, TEXT_PT
from collector.reports.picture.labels import Box, Label, placed

if TYPE_CHECKING:
    from datetime import datetime

    from matplotlib.axes import Axes

    from collector.reports.picture.data import TrackPicture
    from collector.reports.picture.ground import Spot

GAPS_NAMED = 5
MARK_PT = 4.5
LEADER_FROM_PT = 16.0
"""Words farther from their place than this are tied to it by a line."""


@dataclass(frozen=True, slots=True)
class Name:
    """Words about a spot."""

    spot: Spot
    words: str
    colour: str
    size: float = SMALL_PT
    bold: bool = False
    slanted: bool = False


def draw_names(axes: Axes, picture: TrackPicture) -> None:
    """Fields, both ends of the silence and gaps, so placed that none hides another."""
    frame = picture.frame
    unit = axes.bbox.width / axes.figure.dpi * 72.0 / (2 * frame.half_nm)
    whole = 2 * frame.half_nm * unit

    def paper(spot: Spot) -> tuple[float, float]:
        return (
            (spot[0] - frame.centre[0] + frame.half_nm) * unit,
            (spot[1] - frame.centre[1] + frame.half_nm) * unit,
        )

    names = [one for one in _names(picture) if frame.holds(one.spot, 0.99)]
    labels = [Label(*paper(one.spot), one.words, one.size) for one in names]
    taken = [_around(*paper(spot)) for spot in _marked(picture)]
    taken += [Box(0, 0, 0.3 * whole, 30), Box(whole - 30, whole - 55, whole, whole)]
    boxes = placed(labels, taken, Box(2, 2, whole - 2, whole - 2))
    for name, label, box in zip(names, labels, boxes, strict=True):
        x, y = box.middle
        at = (
            x / unit + frame.centre[0] - frame.half_nm,
            y / unit + frame.centre[1] - frame.half_nm,
        )
        _draw(axes, name, at, tied=_apart(label, box) > LEADER_FROM_PT)


def _draw(axes: Axes, name: Name, at: Spot, *, tied: bool) -> None:
    if tied:
        axes.plot(
            (name.spot[0], at[0]), (name.spot[1], at[1]), color=name.colour, linewidth=0.5,
            alpha=0.6, zorder=5.5,
        )  # fmt: skip
    axes.text(
        *at, name.words, fontsize=name.size, color=name.colour, ha="center", va="center",
        fontweight="bold" if name.bold else "normal",
        fontstyle="italic" if name.slanted else "normal", bbox=BOX, zorder=6,
    )  # fmt: skip


def _names(picture: TrackPicture) -> Iterator[Name]:
    """In order of weight: what comes first is placed first."""
    yield from (_field_names(picture, candidates=True))
    yield from _ends(picture)
    yield from (_field_names(picture, candidates=False))
    shown = [hole for hole in picture.holes if hole.end is not None and not hole.visit]
    longest = sorted(shown, key=lambda hole: hole.begins_at - hole.ends_at)[:GAPS_NAMED]
    for hole in longest:
        end = hole.end or hole.begin
        middle = ((hole.begin[0] + end[0]) / 2, (hole.begin[1] + end[1]) / 2)
        yield Name(middle, f"gap of {hole.length}", SOFT, slanted=True)


def _field_names(picture: TrackPicture, *, candidates: bool) -> Iterator[Name]:
    for field in picture.fields:
        if field.candidate is not candidates:
            continue
        # Where there is a close-up, runways are named there.
        strips = () if field is picture.close_up or not candidates else field.strips
        runways = ", ".join(dict.fromkeys("/".join(filter(None, one.names)) for one in strips))
        yield Name(
            field.spot,
            f"{field.label}\n{runways}" if runways else field.label,
            INK if candidates else SOFT,
            TEXT_PT if candidates else SMALL_PT,
            bold=candidates,
        )


def _ends(picture: TrackPicture) -> Iterator[Name]:
    """Where it was last heard before the visit's silence, and where first again."""
    hole = next((one for one in picture.holes if one.visit), None)
    if hole is None:
        return
    heights = {one.at: one.altitude_ft for one in picture.points}
    yield Name(
        hole.begin,
        f"last heard {_clock(picture, hole.begins_at)}\n{height(heights.get(hole.begins_at))}",
        LOOKS[Side.ARRIVAL].colour,
    )
    if hole.end is not None:
        yield Name(
            hole.end,
            f"heard again after {hole.length},\n{_clock(picture, hole.ends_at)}, "
            f"{height(heights.get(hole.ends_at))}",
            LOOKS[Side.DEPARTURE].colour,
        )


def _clock(picture: TrackPicture, at: datetime) -> str:
    """`14:05 IST`."""
    local = at.astimezone(ZoneInfo(picture.zone))
    return f"{formatting.clock_time(local)} {formatting.zone_name(local)}"


def _marked(picture: TrackPicture) -> Iterator[Spot]:
    """What words should not hide: the track, closely, and the runways."""
    step = picture.frame.half_nm / 60.0
    for leg in picture.legs:
        spots = [spot for spot in leg.spots if picture.frame.holds(spot)]
        for here, there in zip(spots, [*spots[1:], *spots[-1:]], strict=True):
            count = max(1, math.ceil(math.dist(here, there) / step))
            for part in range(count):
                share = part / count
                yield (
                    here[0] + share * (there[0] - here[0]),
                    here[1] + share * (there[1] - here[1]),
                )
    for field in picture.fields:
        yield field.spot
        for strip in field.strips:
            (x1, y1), (x2, y2) = strip.ends
            yield from ((x1, y1), ((x1 + x2) / 2, (y1 + y2) / 2), (x2, y2))


def _around(x: float, y: float) -> Box:
    return Box(x - MARK_PT, y - MARK_PT, x + MARK_PT, y + MARK_PT)


def _apart(label: Label, box: Box) -> float:
    """From the place to the nearest edge of the words."""
    return math.hypot(
        max(box.left - label.x, 0.0, label.x - box.right),
        max(box.bottom - label.y, 0.0, label.y - box.top),
    )
