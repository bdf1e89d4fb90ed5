"""Does the page call it quiet only where it could see?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from collector.model.coverage import SLOT, CoverageSlot
from collector.settings import load
from collector.store import Store, coverage_slots
from collector.weeks import week_bounds
from tests.support.sight_station import LOW
from tests.support.station import Station
from tests.web.browser import Outline, Site

BEGIN, END = week_bounds("2026-W47", "Asia/Jerusalem")
NOW = END - timedelta(minutes=1)
VISITORS = '\n[visitors]\ntypes = ["A124"]\n'


def slots(share: float) -> list[CoverageSlot]:
    """The whole week before, and this share of the week."""
    begin = BEGIN - timedelta(weeks=1)
    return [
        CoverageSlot(
            feed="adsblol",
            begins_at=begin + number * SLOT,
            alive_minutes=1,
            area_minutes=1,
            aircraft=1,
            cells={LOW: 1},
        )
        for number in range(int((END - begin) / SLOT))
        if begin + number * SLOT < BEGIN or number % 100 < 100 * share
    ]


@pytest.mark.parametrize(
    ("share", "landings", "visitors"),
    [
        (0.0, "this week we could not see at Ovda.", "None known: we could not see at Ovda."),
        (0.5, "This week we could see at Ovda in 50% of the time.", "None seen in the 50% of the"),
        (1.0, "None known, and this week we could see.", "No visitor landed, as far as could be"),
    ],
)
def test_no_list_is_called_empty_without_sight(
    tmp_path: Path, share: float, landings: str, visitors: str
) -> None:
    station = Station(tmp_path, extra=VISITORS)
    with Store.open(station.database) as store:
        coverage_slots.merge_slots(store, slots(share))
    site = Site(station.database, load(station.config, environ={}))
    try:
        site.clock.move_to(NOW)
        page = Outline(site.get("/").text).text
        assert landings in page
        assert visitors in Outline(site.get("/operator/visitors").text).text
        assert landings in Outline(site.get("/landings").text).text
        week = page[page.index("This week") : page.index("Latest landings")]
        assert week.count("we could not see") == (share == 0.0), "once is enough"
        assert ("no aircraft was heard near it" in week) == (share == 0.0)
        if share == 0.0:
            assert "know something is week 46 of 2026: no landing." in week
            assert "nothing known, Sat 22:00 to Sun 21:59 UTC" in site.get("/coverage").text
    finally:
        site.stop()
