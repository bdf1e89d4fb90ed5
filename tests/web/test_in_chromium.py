"""Can everybody use the pages: on a phone, on a screen, light, dark, by keyboard, without scripts?

Chromium opens each page, and axe-core looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.lock import SingleInstance
from collector.settings import Settings
from collector.store import Store, landings, observations
from tests.reports.test_picture_data import TOUCHDOWN, flown
from tests.support.chromium import (
    IN_FULL,
    LOOKS,
    PHONE_PX,
    needs_chromium,
    opened_chromium,
    window,
)
from tests.web.browser import PAGES, Site
from tests.web.fleet_week import fill
from tests.web.test_track import HEARD

DRAWN, NOWHERE = f"/landings/{HEARD.id}", "/no/such/page"
ADDRESSES = (*PAGES, "/landings/600866-2026-11-18-1", DRAWN, "/aircraft/600865", "/glossary")
NOT_FOUND = "the server responded with a status of 404"


@pytest.fixture
def site(path: Path, settings: Settings) -> Iterator[Site]:
    """Some weeks of listening, and a landing whose track can be drawn."""
    with Store.open(path) as store:
        fill(store)
        with store.transaction():
            reports = [(each, HEARD.watches) for each in flown(floor_ft=4000)]
            observations.store_reports(store, reports)
            landings.save(store, HEARD, None)
    with SingleInstance(path):  # as a daemon that runs
        site = Site(path, settings)
        site.clock.move_to(TOUCHDOWN.replace(hour=20))
        yield site
        site.stop()


@needs_chromium
def test_every_page_can_be_used_by_everybody(site: Site) -> None:
    own = f"http://127.0.0.1:{site.port}"
    with opened_chromium() as browser, window(browser, own) as seen:
        for address in (*ADDRESSES, NOWHERE):
            seen.page.goto(own + address)
            for width, scheme in LOOKS:
                seen.look(width, scheme)
                seen.judge(*() if (width, scheme) in IN_FULL else ("color-contrast",))
                layouts = seen.page.locator("svg.chart")
                charts = seen.page.locator("svg.chart:visible").count()
                assert charts * 2 == layouts.count(), "of each chart, the layout for this width"
                assert (charts > 0) == (address in ("/", "/weeks")), address
                assert seen.pictures("img.sheet") == (address == DRAWN), address
            if address == NOWHERE:
                seen.faults = [each for each in seen.faults if NOT_FOUND not in each]
            assert not seen.faults, (address, seen.faults)


@needs_chromium
def test_a_landing_is_read_in_four_screens_of_a_phone_and_printed_in_full(site: Site) -> None:
    own = f"http://127.0.0.1:{site.port}"
    with opened_chromium() as browser, window(browser, own) as seen:
        seen.page.goto(own + DRAWN)
        seen.look(375, "light")
        seen.pictures("img.sheet")
        assert seen.page.evaluate("document.documentElement.scrollHeight") < 4 * PHONE_PX
        evidence = seen.page.locator("ol.steps")
        assert not evidence.is_visible()
        seen.page.emulate_media(media="print")
        assert evidence.is_visible()
        assert seen.page.get_by_text("No history is stored.").is_visible()


@needs_chromium
def test_whoever_has_neither_mouse_nor_scripts_gets_everywhere(site: Site) -> None:
    own = f"http://127.0.0.1:{site.port}"
    with opened_chromium() as browser, window(browser, own, scripts=False) as seen:
        for address in ADDRESSES:
            seen.page.goto(own + address)
            for width, scheme in ((375, "light"), (1000, "dark")):
                seen.look(width, scheme)
                assert seen.walk() >= 8, address
                assert not seen.faults, (address, width, scheme, seen.faults)

        seen.page.goto(own)
        seen.press("Skip to the content", "Enter")
        seen.press("Landings", "Enter")
        seen.page.wait_for_url("**/landings")
        seen.press("4K-AZ101", "Enter")
        seen.page.wait_for_url("**/landings/*")
        seen.press("Evidence, in order of time", "Space")
        seen.press("What weighed most", "Space")
        assert seen.page.get_by_text("its course ×4.1").is_visible()
