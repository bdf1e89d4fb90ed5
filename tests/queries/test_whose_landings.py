"""Does every surface say whose landings it counts and where, with two watches at one airfield?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.cli.report import _write
from collector.model import Revision, WatchMatch
from collector.queries.period_report import read_period_report
from collector.reports.period import period_json
from collector.services import build_services
from collector.settings import Settings, load
from collector.store import Store, landings
from collector.weeks import local_date, week_bounds
from tests.support.published_station import call
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.web.browser import Outline, Site

WEEK, ZONE = "2026-W06", "Asia/Jerusalem"
BEGIN, END = week_bounds(WEEK, ZONE)
IL76S, GUESTS = "Silk Way Il-76s", "The forty letters of one more long title"
GUEST_AT = datetime(2026, 1, 14, 10, tzinfo=UTC)
OTHER = f"""
[[watch]]
name = "guests"
title = "{GUESTS}"
places = ["LLOV", "LLOV or LLER"]
icao24 = ["4b1a01"]
"""


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """Return a station of two watches at Ovda; the first counts a landing in week 6, the second
    one in week 3."""
    station = Station(tmp_path_factory.mktemp("station"), extra=OTHER)
    text = station.config.read_text().replace('name = "w"\n', f'name = "w"\ntitle = "{IL76S}"\n')
    station.config.write_text(text)
    call(station.config, "db", "migrate")
    with Store.open(station.database) as store, store.transaction():
        landing = touchdown(BEGIN + timedelta(hours=60), watch="w")
        found = Revision(landing.id, landing.first_known_at, "found", "probable", "1")
        landings.save(store, landing, found)
        match = WatchMatch("guests", "icao24 4b1a01", counted=True)
        guest = replace(touchdown(GUEST_AT, icao24="4b1a01"), watches=(match,))
        found = Revision(guest.id, guest.first_known_at, "found", "probable", "1")
        landings.save(store, guest, found)
    return station


@pytest.fixture(scope="module")
def settings(station: Station) -> Settings:
    return load(station.config, environ={})


@pytest.fixture
def site(station: Station, settings: Settings) -> Iterator[Site]:
    site = Site(station.database, settings)
    site.clock.move_to(END - timedelta(hours=1))
    yield site
    site.stop()


def digest(station: Station, settings: Settings, names: set[str]) -> tuple[str, str, str]:
    watches = [watch for watch in settings.watches if watch.name in names]
    with Store.open(station.database, read_only=True) as store:
        services = build_services(settings, store)
        mail = services.digests.message(watches, WEEK, END + timedelta(days=1))
    return mail.subject, " ".join(mail.text.split()), mail.html


def test_a_digest_says_whose_landings_it_counts(station: Station, settings: Settings) -> None:
    subject, text, _ = digest(station, settings, {"w"})
    assert subject.startswith("Silk Way Il-76s at Ovda: at least 1 landing, week 6 of 2026")
    assert " of this week. Silk Way Il-76s at Ovda: at least 1 landing in week 6 of 2026" in text


def test_a_digest_of_two_watches_does_not_deny_what_it_said(
    station: Station, settings: Settings
) -> None:
    subject, text, html = digest(station, settings, {"w", "guests"})
    assert subject == (
        f"{IL76S} at Ovda: at least 1 landing; {GUESTS} at Ovda: could not see, week 6 of 2026"
    )
    assert f"{IL76S} at Ovda: at least 1 landing in week 6 of 2026" in text
    assert f"{GUESTS} at Ovda: we could not see in week 6 of 2026." in text
    assert "Ovda or Ramon International (LLOV or LLER)" in text
    assert "landing at LLOV" not in text
    assert "No landing" not in text
    assert html.index(IL76S) < html.index(GUESTS)


def test_pages_and_their_document_say_both(site: Site) -> None:
    rows = {row["watch"]: row for row in site.get("/status.json").json()["weeks"]}
    assert (rows["w"]["title"], rows["w"]["place_name"]) == (IL76S, "Ovda")
    landing, guest = site.get("/status.json").json()["landings"]
    assert (landing["watch"], landing["title"]) == ("w", IL76S)
    assert (guest["watch"], guest["title"]) == ("guests", GUESTS)
    weeks, page = Outline(site.get("/weeks").text).text, Outline(site.get("/").text).text
    for text in (weeks, page):
        assert text.index(IL76S) < text.index("Ovda LLOV") < text.index(GUESTS)
    assert "Ovda or Ramon International LLOV or LLER" in page
    shown = Outline(site.get(f"/landings/{landing['id']}").text).text
    assert "Counts for Silk Way Il-76s at Ovda." in shown
    shown = Outline(site.get(f"/landings/{guest['id']}").text).text
    assert f"Counts for {GUESTS} at Ovda; {GUESTS} at Ovda or Ramon International." in shown


def test_a_report_its_chart_and_the_names_of_its_files_say_both(
    station: Station, settings: Settings, tmp_path: Path
) -> None:
    with Store.open(station.database, read_only=True) as store:
        report = read_period_report(
            *(store, settings.watches[:1], settings.airfields, {}),
            first=local_date(BEGIN, ZONE),
            last=local_date(END - timedelta(seconds=1), ZONE),
            before_days=14,
            now=END,
        )
    row = period_json.report_json(report)[0]
    assert (row["title"], row["place_name"]) == (IL76S, "Ovda")
    _write(tmp_path, report)
    (svg,) = tmp_path.glob("*.svg")
    assert svg.name.startswith("report-2026-02-02-2026-02-08-Silk-Way-Il-76s-at-Ovda-")
    assert "Silk Way Il-76s at Ovda: landings by week" in svg.read_text()
    page = next(
        tmp_path.glob("report-2026-02-02-2026-02-08-Silk-Way-Il-76s-at-Ovda-*.html")
    ).read_text()
    title = "Silk Way Il-76s at Ovda: landings, 2 Feb 2026 to 8 Feb 2026"
    assert f"<h1>{title}</h1>" in page
    text = " ".join(
        next(tmp_path.glob("report-2026-02-02-2026-02-08-Silk-Way-Il-76s-at-Ovda-*.txt"))
        .read_text()
        .split()
    )
    assert text.startswith(title)
    assert "Silk Way Il-76s at Ovda: at least 1 landing was tracked. No time is known" in text
    assert "Silk Way Il-76s at Ovda Ovda (LLOV)" in text
