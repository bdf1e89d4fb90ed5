"""How does a picture become a file? Plan, legend, profile and caption are drawn on one sheet, which
is saved as PNG or SVG.

matplotlib is imported only when something is drawn: by commands, and by the process of
`collector.drawing`, never by the daemon. The same picture gives the same bytes: the file holds no
date and no random ids.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from collector.reports.picture.orders import ordered
from collector.reports.picture.style import (
    ALERT,
    FONT,
    SETTINGS,
    SMALL_PT,
    SOFT,
    TEXT_PT,
    TITLE_PT,
)
from collector.reports.picture.track_picture import TrackPicture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 9.6
CAPTION_TOP_IN = 10.6
LINE_IN = 0.145
MARGIN_IN = 0.29
PNG_DPI = 150
CAPTION_COLUMNS = 138
HEAD_COLUMNS = 76
REMARK_COLUMNS, REMARK_LINES = 112, 2

_drawing_lock = threading.Lock()
"""matplotlib's settings hold for the whole process, and its font caches are not safe for
threads."""


def draw_order(text: str) -> bytes:
    """Return the picture of an order (`orders.order`). Raises ValueError if it is none."""
    picture, look = ordered(text)
    return draw(picture, look.suffix)


def draw(picture: TrackPicture, suffix: str) -> bytes:
    """Return the sheet as the bytes of a `png` or `svg` file."""
    return content(lambda: _sheet(picture), suffix)


def content(make: Callable[[], Figure], suffix: str) -> bytes:
    """Return a figure as the bytes of a `png` or `svg` file, drawn in the style of this package."""
    import matplotlib as mpl

    out = io.BytesIO()
    with _drawing_lock, mpl.rc_context(SETTINGS):
        figure = make()
        _make_legible(figure)
        if suffix == "svg":
            figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "collector"})
        else:
            figure.savefig(out, format="png", dpi=PNG_DPI, metadata={"Software": "collector"})
    return out.getvalue()


def _sheet(picture: TrackPicture) -> Figure:
    from matplotlib.figure import Figure

    from collector.reports.picture.legend import draw_legend
    from collector.reports.picture.plan import draw_close_up, draw_plan
    from collector.reports.picture.profile import draw_profile

    caption = [line for text in picture.caption for line in wrap(text, CAPTION_COLUMNS)]
    height = CAPTION_TOP_IN + LINE_IN * len(caption) + MARGIN_IN
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
    draw_plan(axes(MARGIN_IN, 0.92, 6.58, 6.58), picture)
    draw_legend(axes(7.08, 0.92, 2.3, 4.0), picture)
    if picture.close_up is not None:
        draw_close_up(axes(7.08, 5.24, 2.26, 2.26), picture, picture.close_up)
    draw_profile(axes(0.72, 7.94, 7.88, 2.1), picture)
    write(
        CAPTION_TOP_IN, "\n".join(caption), fontsize=SMALL_PT, color=SOFT, linespacing=1.35
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
