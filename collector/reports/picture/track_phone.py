"""How does the track of a landing fit a phone? One panel below the other, every label 11 px high.

The panels and their letters are those of the sheet for print, whose smallest has 7 points: shown
343 px wide, this sheet makes 11 px of them.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from collector.reports.picture.legend import draw_legend, legend_high_in
from collector.reports.picture.plan import draw_close_up, draw_plan
from collector.reports.picture.profile import draw_profile
from collector.reports.picture.style import ALERT, SMALL_PT, SOFT, TEXT_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from collector.reports.picture.track_picture import TrackPicture

PHONE_IN = 343 / 72 * 7.0 / 11.0
EDGE_IN = 0.1
HEAD_COLUMNS, TEXT_COLUMNS, CAPTION_COLUMNS = 36, 42, 48
LINE_IN, CAPTION_LINE_IN = 0.165, 0.145
PROFILE_IN, PROFILE_LEFT_IN, PROFILE_RIGHT_IN = 1.6, 0.64, 0.82
CLOSE_UP_IN = 2.0


def phone_sheet(picture: TrackPicture) -> Figure:
    """Return the sheet of a track for phones."""
    from matplotlib.figure import Figure

    aircraft, place, when = picture.head
    head = wrap(f"{aircraft}: {place}", HEAD_COLUMNS)
    times = wrap(when, TEXT_COLUMNS)
    remarks = wrap(" ".join(picture.remarks), TEXT_COLUMNS)
    caption = [line for text in picture.caption for line in wrap(text, CAPTION_COLUMNS)]
    side = PHONE_IN - 2 * EDGE_IN
    rows_in = legend_high_in(picture)
    plan_top = EDGE_IN + LINE_IN * (len(head) + len(times) + len(remarks)) + 0.06
    profile_top = plan_top + side + 0.42
    legend_top = profile_top + PROFILE_IN + 0.44
    close_top = legend_top + rows_in + 0.2
    caption_top = close_top + (CLOSE_UP_IN + 0.1 if picture.close_up else -0.1)
    high = caption_top + CAPTION_LINE_IN * len(caption) + EDGE_IN
    figure = Figure(figsize=(PHONE_IN, high))

    def axes(left: float, top: float, wide: float, tall: float) -> Axes:
        """Axes at a position in inches from the upper left corner."""
        return figure.add_axes(
            (left / PHONE_IN, 1 - (top + tall) / high, wide / PHONE_IN, tall / high)
        )

    def write(top: float, lines: list[str], **style: Any) -> None:
        for number, line in enumerate(lines):
            at = 1 - (top + number * LINE_IN) / high
            figure.text(EDGE_IN / PHONE_IN, at, line, va="top", **style)

    write(EDGE_IN, head, fontsize=TEXT_PT + 0.5, fontweight="bold")
    write(EDGE_IN + LINE_IN * len(head), times, fontsize=TEXT_PT)
    below = EDGE_IN + LINE_IN * (len(head) + len(times))
    write(below, remarks, fontsize=TEXT_PT, color=ALERT, fontweight="bold")
    draw_plan(axes(EDGE_IN, plan_top, side, side), picture)
    wide = PHONE_IN - PROFILE_LEFT_IN - PROFILE_RIGHT_IN
    draw_profile(axes(PROFILE_LEFT_IN, profile_top, wide, PROFILE_IN), picture)
    draw_legend(axes(EDGE_IN + 0.06, legend_top, side - 0.06, rows_in), picture)
    if picture.close_up is not None:
        left = (PHONE_IN - CLOSE_UP_IN) / 2
        draw_close_up(axes(left, close_top, CLOSE_UP_IN, CLOSE_UP_IN), picture, picture.close_up)
    figure.text(
        EDGE_IN / PHONE_IN, 1 - caption_top / high, "\n".join(caption), va="top",
        fontsize=SMALL_PT, color=SOFT, linespacing=1.35,
    )  # fmt: skip
    return figure
