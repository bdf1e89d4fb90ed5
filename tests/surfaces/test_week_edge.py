"""In which week is a landing ten minutes after Sunday's midnight? All surfaces say the same one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.model import Revision, WatchMatch
from collector.services import build_services
from collector.settings import load
from collector.store import Store, coverage_slots, landings
from collector.weeks import week_bounds
from tests.cli.runner import call, listed
from tests.support.sight_station import ZONE, Week, week_slots
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.surfaces.doors import Doors, one_line
from tests.surfaces.truth import WATCHED, TrueWeek
from tests.surfaces.truth import Count as TrueCount
from tests.web.browser import Site

MONDAY = datetime(2026, 11, 22, 22, 10, tzinfo=UTC)
"""Monday 00:10 in Jerusalem, and still Sunday in UTC."""
BEFORE, AFTER = "2026-W47", "2026-W48"
ID = "600865-2026-11-22-1"
WHY = f"Its ± reaches into week {BEFORE}; by its likeliest time it belongs to {AFTER} ({ZONE})."


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    station = Station(tmp_path_factory.mktemp("edge"))
    text = station.config.read_text().replace('name = "w"\n', WATCHED["watch"])
    station.config.write_text(text.replace('icao24 = ["600865"]\n', WATCHED["lines"]))
    found = touchdown(MONDAY, watch="w")
    detection = replace(found.detection, callsign="AZQ4801", uncertainty_s=1500.0)
    match = WatchMatch("w", "callsign AZQ*", counted=True)
    landing = replace(found, id=ID, detection=detection, watches=(match,))
    with Store.open(station.database) as store, store.transaction():
        services = build_services(load(station.config, environ={}), store)
        for key in (BEFORE, AFTER):
            seen = Week(key, 0.95, False, True, (0, 0, 0, ""), "", "", "")
            coverage_slots.merge_slots(store, week_slots(seen, week_bounds(key, ZONE)[0]))
        known = Revision(landing.id, landing.first_known_at, "found", "Heard.", "1")
        landings.save(store, landing, known)
        services.weeks.rows(
            services.settings.watches[0], [BEFORE, AFTER], MONDAY + timedelta(days=9)
        )
    site = Site(station.database, load(station.config, environ={}))
    try:
        yield Doors(station, site)
    finally:
        site.stop()


def test_every_listing_has_it_in_the_same_week_and_on_the_same_day(doors: Doors) -> None:
    station = doors.station
    assert [row["at_least"] for row in listed(station, "weeks", "--from", BEFORE, "--to", AFTER)]\
        == [0, 1]  # fmt: skip
    spans = {BEFORE: False, AFTER: True, "2026-11-22": False, "2026-11-23": True}
    for span, inside in spans.items():
        edges = ("--from", span, "--to", span)
        assert bool(listed(station, "landings", *edges)) == inside, span
        assert (ID in doors.command("export", "landings", *edges)) == inside, span
        assert (listed(station, "report", *edges)[0]["at_least"] == 1) == inside, span
        page = doors.page(f"/landings?period={span}")
        assert ("AZQ4801" in page) == inside, span
    (row,) = listed(station, "landings")
    assert row["week"] == AFTER
    times = ("--from", "2026-11-22T22:00Z", "--to", "2026-11-22T23:00Z")
    assert listed(station, "landings", *times), "a time is no day"
    call(station, "landings", "--from", "2026-11-23", "--to", "2026-11-20", code=2)


def test_who_reads_of_it_is_told_why(doors: Doors) -> None:
    week = TrueWeek(AFTER, 0.95, TrueCount(1, 1, "seen"))
    texts = [
        doors.command("explain", ID),
        doors.page(f"/landings/{ID}"),
        doors.page("/landings"),
        doors.digest(week).text,
    ]
    for text in texts:
        assert WHY in one_line(text)
