"""Does the page of weeks tell the three meanings of "nothing in the archives" apart?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from collector.model.coverage import CoverageSlot
from collector.settings import load
from collector.store import Store, archive_units, coverage_slots
from collector.store.archive_units import UnitRead
from tests.web.browser import Outline, Site
from tests.web.fleet_week import NEAR_OVDA, NOW

DAY = timedelta(days=1)
HEARD = date(2026, 10, 27)
"""A Tuesday of week 44, with an archive in which somebody was heard near; of week 45 there is none,
and week 46 has one in which nobody was."""


def read_archives(store: Store) -> None:
    noon = datetime(HEARD.year, HEARD.month, HEARD.day, 12, tzinfo=UTC)
    slot = CoverageSlot(
        begins_at=noon, feed="traces", alive_minutes=31, area_minutes=31, aircraft=1,
        cells={NEAR_OVDA: 1},
    )  # fmt: skip
    days = {HEARD, HEARD + DAY, HEARD + 14 * DAY}
    with store.transaction():
        coverage_slots.merge_slots(store, [slot])
        archive_units.store_unit(
            store,
            UnitRead(
                key="day.tar",
                kind="traces",
                feed="traces",
                name="day.tar",
                fingerprint="1",
                begun_at=NOW,
                size_bytes=1,
                days=frozenset(days),
            ),
        )
        archive_units.finish_units(store, NOW)


def test_weeks_say_what_they_rest_on(tmp_path: Path) -> None:
    path = tmp_path / "collector.sqlite"
    with Store.open(path) as store:
        read_archives(store)
    site = Site(path, load(None, environ={}))
    try:
        page, given = site.get("/weeks").text, site.get("/status.json").json()["weeks"]
        now = site.get("/").text
    finally:
        site.stop()
    text = Outline(page).text
    assert re.search(
        r"2026-W44 .{36,90} could not have been heard \(archives of 2 of 7 days\)", text
    )
    assert re.search(
        r"2026-W46 .{36,90} could not have been heard \(archives of 1 of 7 days\)", text
    )
    assert re.search(r"2026-W45 .{36,90} no feed answered, and no archive was read", text)
    assert "no feed answered, and no archive was read" in Outline(now).text, "this week as well"
    told = {row["week"]: row["archive"] for row in given if row["airfield"] == "LLOV"}
    assert told["2026-W46"] == {
        "told": "could not have been heard",
        "days": 1,
        "of_days": 7,
    }
