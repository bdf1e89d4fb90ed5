"""What do the marks on the sheet mean? The legend explains only marks that the sheet has."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from collector.reports.picture.style import (
    DOUBT,
    FAINT,
    GUIDE_DASHES,
    INK,
    SIDE_STYLES,
    SMALL_PT,
    SOFT,
    WASH,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from collector.reports.picture.track_picture import TrackPicture

CANDIDATES_SHOWN = 6
ROW_PT = 13.7
"""The height of a line of the legend."""


def draw_legend(axes: Axes, picture: TrackPicture, columns: int = 1) -> None:
    """Draw the legend, and below it the airfields at which the landing may have been."""
    handles = list(_handles(picture))
    axes.set_axis_off()
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, 1.0), frameon=False, ncols=columns,
        fontsize=SMALL_PT, handlelength=2.2, labelspacing=0.75, borderpad=0.0, borderaxespad=0.0,
    )  # fmt: skip
    candidates = _candidates(picture)
    if not candidates:
        return
    height_pt = axes.bbox.height / axes.figure.dpi * 72.0
    below = 1.0 - (math.ceil(len(handles) / columns) + 0.5) * ROW_PT / height_pt
    title = "Where it landed" if picture.determined else "Where it may have landed"
    axes.text(0.0, below, title, fontsize=SMALL_PT, color=SOFT, va="top")
    axes.text(
        0.0, below - ROW_PT / height_pt, "\n".join(candidates), fontsize=SMALL_PT, va="top",
        linespacing=1.6,
    )  # fmt: skip


def _candidates(picture: TrackPicture) -> tuple[str, ...]:
    """The airfields that the legend lists: none if the heading has named the only one."""
    if picture.determined and len(picture.candidates) < 2:
        return ()
    return picture.candidates[:CANDIDATES_SHOWN]


def _handles(picture: TrackPicture) -> list[Artist]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Artist] = []
    sides = {one.side for one in picture.points}
    for side, style in SIDE_STYLES.items():
        if side in sides:
            handles.append(
                Line2D([], [], color=style.colour, marker=style.marker, markersize=style.size_pt,
                       linewidth=style.line_pt, label=style.label)
            )  # fmt: skip
    if any(one.spot is None for one in picture.points):
        handles.append(
            Line2D([], [], color=DOUBT, marker="_", linestyle="none", markersize=6,
                   markeredgewidth=1.2, label="height only")
        )  # fmt: skip
    if picture.doubted_positions:
        handles.append(
            Line2D([], [], marker="o", linestyle="none", markersize=5.5, markerfacecolor="none",
                   markeredgecolor=DOUBT, label="position not believed")
        )  # fmt: skip
    if any(gap.end is not None for gap in picture.gaps):
        handles.append(
            Line2D([], [], color=SOFT, linewidth=1.0, dashes=(4, 3), label="gap: path unknown")
        )
    if picture.silences:
        handles.append(Patch(facecolor=WASH, edgecolor=FAINT, label="silence"))
    if any(field.strips for field in picture.fields):
        handles += [
            Line2D([], [], color=INK, linewidth=2.4, label="runway, to scale"),
            Line2D([], [], color=DOUBT, linewidth=0.9, linestyle=(0, (1, 2.5)),
                   label="runway axis, to 10 NM"),
        ]  # fmt: skip
    if not all(field.strips for field in picture.fields):
        handles.append(
            Line2D([], [], color=INK, marker="o", linestyle="none", markersize=6,
                   markerfacecolor="none", label="airfield, runways unknown")
        )  # fmt: skip
    handles += [
        Line2D([], [], color=DOUBT, linewidth=1.0, linestyle=dashes, label=f"3° path to {one.icao}")
        for one, dashes in zip(picture.guides, GUIDE_DASHES, strict=False)
    ]
    return handles


def legend_high_in(picture: TrackPicture, columns: int = 1) -> float:
    """Return the height of the whole legend in inches."""
    candidates = len(_candidates(picture))
    rows = math.ceil(len(_handles(picture)) / columns) + (candidates + 1.5 if candidates else 0)
    return rows * ROW_PT / 72.0
