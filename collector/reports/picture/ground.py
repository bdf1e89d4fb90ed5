"""What lies under a map? Sea, land, coasts and borders, light enough for everything upon them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from collector.reports.picture.outlines import outlines_around
from collector.reports.picture.style import BORDER, COAST, LAND, SEA

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from collector.reports.picture.airfields import Origin
    from collector.reports.picture.frame import Frame


def draw_ground(axes: Axes, origin: Origin, frame: Frame) -> None:
    """Draw sea, land, coasts and borders in a frame around the origin."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    reach_nm = math.hypot(*frame.centre) + frame.half_nm * math.hypot(1.0, frame.wide)
    outlines = outlines_around(origin, reach_nm)
    axes.set_facecolor(SEA)
    rings = [Path([*ring, ring[0]], closed=True) for ring in outlines.land]
    if rings:
        # One path, so that a ring within another one, such as the Caspian Sea's, stays open.
        axes.add_patch(
            PathPatch(
                Path.make_compound_path(*rings),
                facecolor=LAND, edgecolor=COAST, linewidth=0.7, zorder=-3,
            )
        )  # fmt: skip
    axes.add_collection(
        LineCollection(
            list(outlines.borders), colors=BORDER, linewidths=0.8, linestyles=(0, (6, 2, 1, 2)),
            zorder=-2,
        ),
        autolim=False,
    )  # fmt: skip
