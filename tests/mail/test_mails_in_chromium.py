"""Can both mails be read, with their pictures, on a phone and a screen, light and dark?"""

from __future__ import annotations

import base64
from dataclasses import replace

from collector.drawing import Drawer
from collector.model.notice import Message
from collector.reports.mails import digest
from tests.reports import mails_shown
from tests.support import weeks_told
from tests.support.chromium import (
    IN_FULL,
    LOOKS,
    PHONE_PX,
    Window,
    needs_chromium,
    opened_chromium,
    window,
)
from tests.support.landings import AIRFIELDS, CONFIRMED

LONG_NAMES = [
    replace(each, name="Ramon International – Ilan and Asaf Ramon-Nordost-Großenhain (Timna)")
    for each in AIRFIELDS
]

NO_PAGE = ("region", "landmark-one-main")
"""What axe wants of a page alone: a mail has no landmarks, as its reader puts it into a page."""

DARK = "@media (prefers-color-scheme: dark) { html { background: #121212 } }"
"""axe takes the background that the browser itself paints then for white."""


def shown(message: Message) -> str:
    """Return the mail's HTML with its pictures in it, really drawn."""
    orders = [each.order for each in message.illustrations]
    sources = {}
    for each, png in zip(message.illustrations, Drawer(timeout_s=120).drawn(orders), strict=True):
        assert png is not None, each.name
        sources[each.name] = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return message.html_showing(sources)


def look_at(seen: Window, html: str, pictures: int, name: str) -> None:
    seen.page.set_content(html)
    seen.page.add_style_tag(content=DARK)
    for width, scheme in LOOKS:
        seen.look(width, scheme)
        assert seen.pictures() == pictures, name
        if (width, scheme) in IN_FULL:
            seen.judge(without=NO_PAGE)
            assert seen.walk() > 0, "at least a licence is linked"
        else:
            seen.judge("color-contrast")
        assert not seen.faults, (name, width, scheme, seen.faults)


@needs_chromium
def test_both_mails_can_be_read_by_everybody_and_end_soon_on_a_phone() -> None:
    mails = mails_shown.messages()
    long_names = digest.render(replace(weeks_told.digest(), airfields=LONG_NAMES))
    of_one = digest.render(weeks_told.digest([CONFIRMED]))
    with opened_chromium() as browser, window(browser, "data:image/png") as seen:
        look_at(seen, shown(mails["digest"]), 2, "digest")
        look_at(seen, shown(mails["alert"]), 1, "alert")
        assert seen.more_px() < 2 * PHONE_PX
        look_at(seen, long_names.html_showing({}), 0, "digest without pictures, with long names")
        seen.page.set_content(shown(of_one))
        assert seen.pictures() == 1
        assert seen.more_px() < 2 * PHONE_PX
