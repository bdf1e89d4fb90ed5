"""Does every surface say that a landing lies in one of two weeks, and counts in their total?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from collector.model import Revision
from collector.queries.period_report import read_period_report
from collector.reports.period import period_json, report
from collector.settings import load
from collector.store import Store, coverage_slots, landings
from collector.weeks import local_date, week_bounds
from tests.support.published_station import call
from tests.support.sight_station import WEEKS, ZONE, surfaces, week_slots
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.support.unheard import unheard
from tests.web.browser import Outline, Site

HOUR = timedelta(hours=1)
BEFORE = replace(WEEKS[3], key="2026-W46", share=0.9, low=True)
AFTER = replace(BEFORE, key="2026-W47")
MONDAY = week_bounds(AFTER.key, ZONE)[0]
DOUBTFUL = unheard(touchdown(MONDAY, watch="w"), MONDAY - 20 * HOUR, MONDAY + 30 * HOUR)
HEARD = touchdown(MONDAY + 60 * HOUR, watch="w", icao24="600866")
TOTAL = (
    "At LLOV 1 landing lies in one of several of these weeks and is counted in none of them, but "
    "in the total: 2 landings, and not the 1 that the weeks add up to."
)
WEEKS_OF_IT = "Its week is not known: 2026-W46 (40%) or 2026-W47 (60%)."


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    station = Station(tmp_path_factory.mktemp("station"))
    call(station.config, "db", "migrate")
    with Store.open(station.database) as store, store.transaction():
        for week in (BEFORE, AFTER):
            begin, _ = week_bounds(week.key, ZONE)
            coverage_slots.merge_slots(store, week_slots(week, begin))
        for landing in (DOUBTFUL, HEARD):
            found = Revision(landing.id, landing.first_known_at, "found", "probable", "1")
            landings.save(store, landing, found)
    return station


@pytest.fixture(scope="module")
def site(station: Station) -> Iterator[Site]:
    site = Site(station.database, load(station.config, environ={}))
    yield site
    site.stop()


def test_a_week_is_an_interval_that_names_the_landing(station: Station, site: Site) -> None:
    said = surfaces(station, site, AFTER)
    for name in ("weeks --json", "/status.json"):
        row = json.loads(said[name])
        assert (row["count"], row["at_most"], row["undated"]) == (1, 2, [DOUBTFUL.id]), name
    row = json.loads(said["report --json"])
    assert (row["count"], row["at_most"], row["undated"]) == (1, 2, 1)
    assert f"w LLOV {AFTER.key} 1–2" in said["weeks"]
    assert "1–2 landings" in said["digest, subject"]
    assert "1 of them perhaps in another week," in said["digest"]
    assert WEEKS_OF_IT in said["digest"]
    for name in ("page of weeks", "first page"):
        assert "1–2" in said[name], name
    assert "1 of them perhaps in another week" in said["first page"]


def test_the_total_is_more_than_the_sum_of_its_weeks_and_says_so(
    station: Station, site: Site
) -> None:
    listed = call(station.config, "weeks", "--from", BEFORE.key, "--to", AFTER.key).stdout
    assert TOTAL in " ".join(listed.split())
    site.clock.move_to(MONDAY + timedelta(days=8))
    # The week that has only begun could not be seen so far.
    assert TOTAL.replace("total: 2", "total: at least 2") in Outline(site.get("/weeks").text).text


def test_a_report_of_both_weeks_counts_it_in_the_month_and_the_year(station: Station) -> None:
    settings = load(station.config, environ={})
    begin, end = week_bounds(BEFORE.key, ZONE)[0], week_bounds(AFTER.key, ZONE)[1]
    with Store.open(station.database, read_only=True) as store:
        read = read_period_report(
            *(store, settings.watches, settings.airfields, {}),
            first=local_date(begin, ZONE),
            last=local_date(end - HOUR, ZONE),
            before_days=14,
            now=end + HOUR,
        )
    (row,) = [each for each in period_json.report_json(read) if each["place"] == "LLOV"]
    assert [(one["count"], one["at_most"]) for one in row["weeks"]] == [(0, 1), (1, 2)]
    assert [(one["month"], one["count"]) for one in row["months"]] == [("2026-11", 2)]
    assert (row["count"], row["at_most"], row["undated"]) == (2, 2, 0)
    message = report.render(read)
    for text in (message.text, message.html):
        words = " ".join(text.split())
        assert "The total of 2 is more than the sum 1 of the weeks" in words
        assert "here or at a neighbour, in this week or another" in " ".join(message.text.split())


def test_a_listing_of_either_week_shows_it_and_names_both(station: Station) -> None:
    for week in (BEFORE, AFTER):
        rows = station.json("landings", "--from", week.key, "--to", week.key)
        row = next(each for each in rows if each["id"] == DOUBTFUL.id)
        assert row["week"] is None
        assert row["weeks"] == {"2026-W46": 0.4, "2026-W47": 0.6}
        assert row["counted"]
        assert row["unheard"]["known"]
        listed = call(station.config, "landings", "--from", week.key, "--to", week.key).stdout
        assert all(each in listed for each in (BEFORE.key, AFTER.key))
    assert WEEKS_OF_IT in " ".join(call(station.config, "explain", DOUBTFUL.id).stdout.split())
