"""Which labels does the plan have, and in which colours? Airfields, both ends of the silence and
the longest gaps are labelled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from textwrap import fill
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from collector.reports import formatting
from collector.reports.landing.gaps import height
from collector.reports.picture.label_placement import LETTER_WIDTH, Box, Label, placed_boxes
from collector.reports.picture.style import BOX, INK, SIDE_STYLES, SMALL_PT, SOFT, TEXT_PT
from collector.reports.picture.track import Side

if TYPE_CHECKING:
    from datetime import datetime

    from matplotlib.axes import Axes

    from collector.reports.picture.airfields import Spot
    from collector.reports.picture.frame import Frame
    from collector.reports.picture.track_picture import TrackPicture

LABELLED_GAPS = 5
MARK_RADIUS_PT = 4.5
RING_NAME_PT = (14.0, 6.0)
"""Half the width and half the height of the name of a circle."""
WIDEST_LABEL = 0.4
"""Of the width of the map: what would be wider is folded."""
LEADER_FROM_PT = 16.0
"""A label farther from its spot than this is connected to it by a line."""


@dataclass(frozen=True, slots=True)
class PlanLabel:
    """A label of a spot on the plan."""

    spot: Spot
    text: str
    colour: str
    size: float = SMALL_PT
    bold: bool = False
    slanted: bool = False


def draw_plan_labels(
    axes: Axes, picture: TrackPicture, frame: Frame, ring_names: Iterable[Spot]
) -> None:
    """Draw the labels of airfields, ends of the silence and gaps so that none hides another.

    `frame` is what the axes show, and `ring_names` are the middles of what is written already.
    """
    unit = axes.bbox.height / axes.figure.dpi * 72.0 / (2 * frame.half_nm)
    wide, high = 2 * frame.half_nm * frame.wide * unit, 2 * frame.half_nm * unit

    def on_sheet(spot: Spot) -> tuple[float, float]:
        return (
            (spot[0] - frame.centre[0]) * unit + wide / 2,
            (spot[1] - frame.centre[1]) * unit + high / 2,
        )

    names = [_folded(one, wide) for one in _labels(picture) if frame.holds(one.spot, 0.99)]
    labels = [Label(*on_sheet(one.spot), one.text, one.size) for one in names]
    occupied = [_box(*on_sheet(spot), MARK_RADIUS_PT, MARK_RADIUS_PT) for spot in _marked(picture)]
    occupied += [_box(*on_sheet(spot), *RING_NAME_PT) for spot in ring_names]
    occupied += [Box(0, 0, 0.3 * high, 30), Box(wide - 30, high - 55, wide, high)]
    boxes = placed_boxes(labels, occupied, Box(2, 2, wide - 2, high - 2))
    for name, label, box in zip(names, labels, boxes, strict=True):
        x, y = box.middle
        at = (
            (x - wide / 2) / unit + frame.centre[0],
            (y - high / 2) / unit + frame.centre[1],
        )
        _draw(axes, name, at, connected=_label_distance(label, box) > LEADER_FROM_PT)


def _folded(name: PlanLabel, wide_pt: float) -> PlanLabel:
    """Break the lines of a label that would reach over much of the map."""
    letters = int(WIDEST_LABEL * wide_pt / (name.size * LETTER_WIDTH))
    return replace(name, text="\n".join(fill(one, letters) for one in name.text.split("\n")))


def _draw(axes: Axes, name: PlanLabel, at: Spot, *, connected: bool) -> None:
    if connected:
        axes.plot(
            (name.spot[0], at[0]), (name.spot[1], at[1]), color=name.colour, linewidth=0.5,
            alpha=0.6, zorder=5.5,
        )  # fmt: skip
    axes.text(
        *at, name.text, fontsize=name.size, color=name.colour, ha="center", va="center",
        fontweight="bold" if name.bold else "normal",
        fontstyle="italic" if name.slanted else "normal", bbox=BOX, zorder=6,
    )  # fmt: skip


def _labels(picture: TrackPicture) -> Iterator[PlanLabel]:
    """All labels in order of importance: the first is placed first."""
    yield from (_airfield_labels(picture, candidates=True))
    yield from _silence_ends(picture)
    yield from (_airfield_labels(picture, candidates=False))
    shown = [gap for gap in picture.gaps if gap.end is not None and not gap.visit]
    longest = sorted(shown, key=lambda gap: gap.begins_at - gap.ends_at)[:LABELLED_GAPS]
    for gap in longest:
        end = gap.end or gap.begin
        middle = ((gap.begin[0] + end[0]) / 2, (gap.begin[1] + end[1]) / 2)
        yield PlanLabel(middle, f"gap of {gap.length}", SOFT, slanted=True)


def _airfield_labels(picture: TrackPicture, *, candidates: bool) -> Iterator[PlanLabel]:
    for field in picture.fields:
        if field.candidate is not candidates:
            continue
        # If there is a close-up, it names the runways.
        strips = () if field is picture.close_up or not candidates else field.strips
        runways = ", ".join(dict.fromkeys("/".join(filter(None, one.names)) for one in strips))
        yield PlanLabel(
            field.spot,
            f"{field.label}\n{runways}" if runways else field.label,
            INK if candidates else SOFT,
            TEXT_PT if candidates else SMALL_PT,
            bold=candidates,
        )


def _silence_ends(picture: TrackPicture) -> Iterator[PlanLabel]:
    """The last report before the silence of the visit, and the first report after it."""
    gap = next((one for one in picture.gaps if one.visit), None)
    if gap is None:
        return
    heights = {one.at: one.altitude_ft for one in picture.points}
    yield PlanLabel(
        gap.begin,
        f"last report {_clock(picture, gap.begins_at)}\n{height(heights.get(gap.begins_at))}",
        SIDE_STYLES[Side.ARRIVAL].colour,
    )
    if gap.end is not None:
        yield PlanLabel(
            gap.end,
            f"next report after {gap.length},\n{_clock(picture, gap.ends_at)}, "
            f"{height(heights.get(gap.ends_at))}",
            SIDE_STYLES[Side.DEPARTURE].colour,
        )


def _clock(picture: TrackPicture, at: datetime) -> str:
    """`14:05 IST`."""
    local = at.astimezone(ZoneInfo(picture.zone))
    return f"{formatting.clock_time(local)} {formatting.zone_name(local)}"


def _marked(picture: TrackPicture) -> Iterator[Spot]:
    """The spots that no label should hide: the track, in small steps, and the runways."""
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


def _box(x: float, y: float, half_wide: float, half_high: float) -> Box:
    return Box(x - half_wide, y - half_high, x + half_wide, y + half_high)


def _label_distance(label: Label, box: Box) -> float:
    """The distance from the spot to the nearest edge of the label."""
    return math.hypot(
        max(box.left - label.x, 0.0, label.x - box.right),
        max(box.bottom - label.y, 0.0, label.y - box.top),
    )
