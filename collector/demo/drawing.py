"""Who draws the pictures of the demo's mails? This process, which imports what draws once.

The daemon starts a process for each mail, to stay small (`collector.drawing`). The demo sends a
season's mails within a minute and ends: starting twelve processes took a third of its time.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from collector.drawing import Drawer
from collector.private import scratch_folder

log = structlog.get_logger(__name__)


class DrawerHere(Drawer):
    """Draws in this process."""

    def _draw(self, orders: Sequence[str]) -> list[bytes | None]:
        with _own_fonts_alone():
            return [_drawn(each) for each in orders]


def _drawn(order: str) -> bytes | None:
    try:
        from collector.reports.picture.canvas import draw_order

        return draw_order(order)
    except Exception as error:  # as in the process: a mail leaves without what cannot be drawn
        log.warning("no picture", reason=f"{type(error).__name__}: {error}")
        return None


@contextmanager
def _own_fonts_alone() -> Iterator[None]:
    """Let matplotlib, if it is imported now, read no folder of the machine and write none."""
    # A slow machine warns that it looks at these fonts, which is no news to whoever sees the demo.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    before = dict(os.environ)
    with scratch_folder() as folder:
        os.environ |= {"MPLCONFIGDIR": str(folder), "MPL_IGNORE_SYSTEM_FONTS": "1"}
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
