"""Which colours, fonts and marks does the sheet use? Marks differ in shape as well as in colour, so
that a black-and-white print stays readable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collector.reports.picture.track import Side

PAPER = "#ffffff"
INK = "#1d2329"
SOFT = "#5d6770"
FAINT = "#c9cfd3"
WASH = "#eef1f3"
DOUBT = "#8a949b"
ALERT = "#b3261e"
TOUCHDOWN = "#2d7a46"
COUNT = "#1f5f99"
SEA = "#f9fbfc"
LAND = "#f2f0ea"
COAST = "#93a7b3"
BORDER = "#a79f90"

DARK = {
    light.encode(): dark.encode()
    for light, dark in (
        (PAPER, "#15191d"),
        (INK, "#e8ecef"),
        (SOFT, "#a9b3bb"),
        (FAINT, "#4a535b"),
        (WASH, "#242b31"),
        (DOUBT, "#8f9aa3"),
        (ALERT, "#ff8a7a"),
        (TOUCHDOWN, "#6cc48a"),
        (COUNT, "#6fb0ee"),
        ("#b8560f", "#f0994c"),
        (SEA, "#161c21"),
        (LAND, "#22272b"),
        (COAST, "#61727e"),
        (BORDER, "#7d7666"),
    )
}
"""What each colour is on a dark page, with a contrast of 4.5 to 1 or more for text."""

SMALL_PT = 7.5
TEXT_PT = 8.5
TITLE_PT = 13.0


@dataclass(frozen=True, slots=True)
class SideStyle:
    """The line and the marks of one side of the visit."""

    colour: str
    marker: str
    size_pt: float
    line_pt: float
    label: str


SIDE_STYLES = {
    Side.ARRIVAL: SideStyle("#1f5f99", "o", 4.4, 2.6, "reports of the arrival"),
    Side.GROUND: SideStyle(INK, "s", 3.6, 1.0, "reports on the ground"),
    Side.DEPARTURE: SideStyle("#b8560f", "D", 3.4, 1.0, "reports of the departure"),
}

GUIDE_DASHES = ((0, (1, 1.6)), (0, (4, 1.5, 1, 1.5)))
"""The lines of the 3° paths, that to the most probable airfield first."""

FONT = "DejaVu Sans"
"""This font comes with matplotlib."""

SETTINGS: dict[Any, Any] = {
    "font.family": FONT,
    "font.size": TEXT_PT,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "collector",
    "path.simplify": False,
}
"""Text stays text in SVG, so that it can be searched and read aloud, and the file is smaller."""

BOX = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.82, "pad": 1.2}
"""The background of text that lies on lines."""
