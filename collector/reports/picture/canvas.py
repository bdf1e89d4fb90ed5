"""How does a picture become a file? Plan, legend, profile and caption are drawn on one sheet, which
is saved as PNG or SVG.

matplotlib is imported only when something is drawn: by commands, and by the process of
`collector.drawing`, never by the daemon. The same picture gives the same bytes: the file holds no
date and no random ids.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from collector.reports.picture.orders import SHEET_PX, Picture, ordered
from collector.reports.picture.style import (
    ALERT,
    DARK,
    FONT,
    SETTINGS,
    SMALL_PT,
    SOFT,
    TEXT_PT,
    TITLE_PT,
)
from collector.reports.picture.track_picture import TrackPicture
from collector.reports.picture.tracks_map import TracksMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 9.6
PROFILE_TOP_IN, BELOW_PROFILE_IN = 7.94, 10.6
PLAN_IN, SIDE_LEFT_IN, SIDE_WIDE_IN = 6.58, 7.08, 2.26
"""The height of the map, and the column beside it if the airfield is shown enlarged."""
LEGEND_COLUMNS = 4
"""Of the legend below the sheet, if the map fills its width."""
LINE_IN = 0.145
MARGIN_IN = 0.29
PNG_DPI = 150
PHONE_LAYOUT_PX = 500
_COLOUR = re.compile(rb"#[0-9a-f]{6}")
CAPTION_COLUMNS = 138
HEAD_COLUMNS = 76
REMARK_COLUMNS, REMARK_LINES = 112, 2

_drawing_lock = threading.Lock()
"""matplotlib's settings hold for the whole process, and its font caches are not safe for
threads."""


def draw_order(text: str) -> bytes:
    """Return the picture of an order (`orders.order`). Raises ValueError if it is none."""
    picture, look = ordered(text)
    drawn = draw(picture, look.suffix, look.width_px)
    return darkened(drawn) if look.dark and look.suffix == "svg" else drawn


def draw(picture: Picture, suffix: str, width_px: int = SHEET_PX) -> bytes:
    """Return a picture as the bytes of a `png` or `svg` file, `width_px` CSS pixels wide.

    The sheet of a track below `PHONE_LAYOUT_PX` is that for phones.
    """
    if isinstance(picture, TrackPicture):
        if width_px >= PHONE_LAYOUT_PX:
            return content(lambda: _sheet(picture), suffix)
        from collector.reports.picture.track_phone import PHONE_IN, phone_sheet

        return content(lambda: phone_sheet(picture), suffix, round(3 * width_px / PHONE_IN))
    from collector.reports.picture.tracks_drawing import tracks_sheet
    from collector.reports.picture.weeks_drawing import weeks_sheet

    # Phones show three dots for each pixel, screens two.
    dpi = 72 * (3 if width_px < PHONE_LAYOUT_PX else 2)
    if isinstance(picture, TracksMap):
        return content(lambda: tracks_sheet(picture, width_px), suffix, dpi)
    return content(lambda: weeks_sheet(picture, width_px), suffix, dpi)


def darkened(svg: bytes) -> bytes:
    """Return an SVG in the colours for dark pages."""
    return _COLOUR.sub(lambda found: DARK.get(found[0], found[0]), svg)


def content(make: Callable[[], Figure], suffix: str, dpi: int = PNG_DPI) -> bytes:
    """Return a figure as the bytes of a `png` or `svg` file, drawn in the style of this package."""
    import matplotlib as mpl

    out = io.BytesIO()
    with _drawing_lock, mpl.rc_context(SETTINGS):
        figure = make()
        _make_legible(figure)
        if suffix == "svg":
            figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "collector"})
        else:
            figure.savefig(out, format="png", dpi=dpi, metadata={"Software": "collector"})
    return out.getvalue()


def _sheet(picture: TrackPicture) -> Figure:
    from matplotlib.figure import Figure

    from collector.reports.picture.legend import draw_legend, legend_high_in
    from collector.reports.picture.plan import draw_close_up, draw_plan
    from collector.reports.picture.profile import draw_profile

    caption = [line for text in picture.caption for line in wrap(text, CAPTION_COLUMNS)]
    enlarged = picture.close_up
    legend_in = legend_high_in(picture, 1 if enlarged else LEGEND_COLUMNS)
    caption_top = BELOW_PROFILE_IN + (0.0 if enlarged else legend_in + LINE_IN)
    height = caption_top + LINE_IN * len(caption) + MARGIN_IN
    figure = Figure(figsize=(WIDTH_IN, height))

    def axes(left: float, top: float, wide: float, high: float) -> Axes:
        """Axes at a position in inches from the upper left corner."""
        return figure.add_axes(
            (left / WIDTH_IN, 1 - (top + high) / height, wide / WIDTH_IN, high / height)
        )

    def write(top: float, text: str, **style: Any) -> None:
        figure.text(MARGIN_IN / WIDTH_IN, 1 - top / height, text, va="top", **style)

    aircraft, place, when = picture.head
    write(0.16, f"{aircraft}: {place}", fontsize=_heading_size(aircraft + place), fontweight="bold")
    write(0.44, when, fontsize=TEXT_PT + 1)
    if picture.remarks:
        remarks = wrap(" ".join(picture.remarks), REMARK_COLUMNS)[:REMARK_LINES]
        write(0.64, "\n".join(remarks), fontsize=TEXT_PT, color=ALERT, fontweight="bold")
    if enlarged:
        draw_plan(axes(MARGIN_IN, 0.92, PLAN_IN, PLAN_IN), picture)
        draw_legend(axes(SIDE_LEFT_IN, 0.92, SIDE_WIDE_IN, legend_in), picture)
        rest_in = PLAN_IN - legend_in - 0.3
        top = 0.92 + PLAN_IN - rest_in
        draw_close_up(axes(SIDE_LEFT_IN, top, SIDE_WIDE_IN, rest_in), picture, enlarged)
    else:
        wide = WIDTH_IN - 2 * MARGIN_IN
        draw_plan(axes(MARGIN_IN, 0.92, wide, PLAN_IN), picture)
        draw_legend(axes(MARGIN_IN, BELOW_PROFILE_IN, wide, legend_in), picture, LEGEND_COLUMNS)
    draw_profile(axes(0.72, PROFILE_TOP_IN, 7.88, 2.1), picture)
    write(
        caption_top, "\n".join(caption), fontsize=SMALL_PT, color=SOFT, linespacing=1.35
    )  # fmt: skip
    return figure


def _make_legible(figure: Figure) -> None:
    """Replace every letter that the font lacks by �, since matplotlib would warn and draw a box."""
    from matplotlib.text import Text

    letters = _letters()
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            content = text.get_text()
            text.set_text("".join(char if ord(char) in letters else "\ufffd" for char in content))


@cache
def _letters() -> frozenset[int]:
    """The characters that every face of the font has."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    faces = (
        FontProperties(family=FONT),
        FontProperties(family=FONT, weight="bold"),
        FontProperties(family=FONT, style="italic"),
    )
    first, *others = (set(get_font(findfont(face)).get_charmap()) for face in faces)
    return frozenset(first.intersection(*others) | {ord("\n")})


def _heading_size(text: str) -> float:
    """The font size at which a heading fits on the sheet."""
    return min(TITLE_PT, TITLE_PT * HEAD_COLUMNS / max(1, len(text)))
