"""Are unlisted visitors found by the same line, listed where asked for, and counted nowhere?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.cli import status as telling_status
from collector.geo import destination
from collector.model.reply import Reply
from collector.services import build_services
from collector.settings import load
from collector.store import Store, landings, meta, observations
from tests.support.desk import desk
from tests.support.sky import OVDA, Sky, Visit
from tests.support.station import Station, record
from tests.support.status import status_of
from tests.web.browser import Outline, Site

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANTONOV = Visit(
    lands_at=FRIDAY, icao24="508035", callsign="ADB3801", registration="UR-82007", type_code="A124"
)
LISTED = Visit(lands_at=FRIDAY + timedelta(days=1))
HALF_HOUR = timedelta(minutes=30)


def replies(sky: Sky) -> list[Reply]:
    """Half an hour before each landing to forty minutes after it, and the Monday after."""
    heard: list[Reply] = []
    for at in (FRIDAY, FRIDAY + timedelta(days=1), MONDAY):
        heard += sky.replies(at - HALF_HOUR, at + HALF_HOUR, timedelta(seconds=30))
    return heard


def told(station: Station) -> dict[str, Any]:
    """Everything that is said about landings and what follows from them."""
    return {
        "landings": station.json("landings", "--all"),
        "visitors": station.json("visitors", "--all"),
        "weeks": station.json("weeks", "--from", "2026-W47", "--to", "2026-W47"),
        "mails": sorted(row["key"] for row in station.json("outbox", "list")),
        "ledger": station.json("ledger", "--week", "2026-W47"),
    }


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    sky = Sky((ANTONOV, LISTED))
    return record(tmp_path_factory.mktemp("recording"), replies(sky), files=2)


@pytest.fixture(scope="module")
def station(recording: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Station:
    """Both landed, the Antonov on no watch."""
    station = Station(tmp_path_factory.mktemp("both"))
    station.run("replay", *recording)
    return station


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """The same week without the Antonov."""
    folder = tmp_path_factory.mktemp("without")
    station = Station(folder)
    station.run("replay", *record(folder / "recording", replies(Sky((LISTED,)))))
    return station


def test_a_visitor_is_listed_with_what_made_it_one(station: Station) -> None:
    (row,) = station.json("visitors")
    touchdown = datetime.fromisoformat(row.pop("touchdown_at"))
    assert abs(touchdown - FRIDAY) < timedelta(seconds=45)
    shown = ("icao24", "registration", "callsign", "type", "airfield", "grade", "week")
    assert [row[name] for name in shown] == [
        "508035",
        "UR-82007",
        "ADB3801",
        "A124",
        "LLOV",
        "confirmed",
        "2026-W47",
    ]
    assert (row["watch"], row["counted"], row["matched_by"]) == (None, False, "type A124")
    text = station.run("visitors").stdout
    assert "UR-82007" in text
    assert "type A124" in text


def test_a_visitor_changes_no_listing_count_mail_or_ledger(
    station: Station, without: Station
) -> None:
    both, alone = told(station), told(without)
    assert [row["icao24"] for row in both["visitors"]] == ["508035"]
    assert alone["visitors"] == []
    for name in ("landings", "weeks", "mails", "ledger"):
        assert both[name] == alone[name] != [], name


def test_visitors_are_asked_for_by_time_and_airfield(station: Station) -> None:
    assert len(station.json("visitors", "--from", "2026-11-20", "--to", "2026-11-20")) == 1
    assert station.json("visitors", "--from", "2026-11-21") == []
    assert station.json("visitors", "--to", "2026-11-19") == []
    assert len(station.json("visitors", "--airfield", "llov")) == 1
    refused = station.run("visitors", "--airfield", "LLER", check=False)
    assert refused.returncode == 2
    assert "no watched airfield: LLOV" in refused.stderr


def test_a_visitor_can_be_explained(station: Station) -> None:
    (row,) = station.json("visitors")
    said = station.run("explain", row["id"]).stdout
    assert "No watch names this aircraft" in said
    assert "type A124" in said
    assert "~visitors" not in said


def test_replayed_visitors_are_those_of_the_live_daemon(
    recording: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "live").mkdir()
    sky = Sky((ANTONOV,))
    with desk(tmp_path / "live", FRIDAY - HALF_HOUR, sky) as at:
        at.work(FRIDAY + HALF_HOUR)
    live = Station(tmp_path / "live")
    again = Station(tmp_path)
    again.run("replay", live.recordings)
    found = [each.json("visitors", "--all") for each in (live, again)]
    assert found[0] == found[1] != []
    assert live.json("landings", "--all") == []
    kept = [_reports(each) for each in (live, again)]
    assert kept[0] == kept[1] != []


def _reports(station: Station) -> list[object]:
    with Store.open(station.database, read_only=True) as store:
        span = (FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=1))
        return list(observations.reports_between(store, "508035", *span))


def test_a_visitor_does_not_set_the_rhythm_of_polls(station: Station) -> None:
    with Store.open(station.database, read_only=True) as store:
        latest = observations.latest_reports(store, FRIDAY - timedelta(days=1))
        assert [one.icao24 for one in latest] == ["600865"]


def test_switched_off_nobody_is_followed(recording: list[Path], tmp_path: Path) -> None:
    station = Station(tmp_path, extra="\n[visitors]\nenabled = false\n")
    station.run("replay", *recording)
    assert station.json("visitors", "--all") == []
    assert _reports(station) == []
    assert [row["icao24"] for row in station.json("landings")] == ["600865"]


def test_who_is_wanted_later_counts_from_then_and_is_no_visitor(
    recording: list[Path], tmp_path: Path
) -> None:
    station = Station(tmp_path)
    station.run("replay", *recording)
    text = station.config.read_text().replace('["600865"]', '["600865", "508035"]')
    station.config.write_text(text)
    station.run("replay", *recording)
    assert station.json("visitors", "--all") == []
    listed = {row["icao24"]: row for row in station.json("landings")}
    assert set(listed) == {"508035", "600865"}
    assert listed["508035"]["counted"]
    (week,) = station.json("weeks", "--from", "2026-W47", "--to", "2026-W47")
    assert week["count"] == 2


def arrival_beyond(sky: Sky, begin: datetime, every: timedelta) -> Iterator[Reply]:
    """An Antonov that crosses northward in descent, to land 140 NM north of Ovda."""
    now = begin
    flown = timedelta(0)
    while flown < timedelta(minutes=50):
        along_nm = -90 + flown / timedelta(hours=1) * 360
        height_ft = max(500.0, (150 - along_nm) * 100)
        if along_nm < 95:
            bearing = 10.0 if along_nm >= 0 else 190.0
            lat, lon = destination(OVDA.lat_deg, OVDA.lon_deg, bearing, abs(along_nm))
            row: dict[str, object] = {
                "hex": "508035",
                "type": "adsb_icao",
                "t": "A124",
                "r": "UR-82007",
                "alt_baro": round(height_ft / 25) * 25,
                "alt_geom": round(height_ft / 25) * 25 + 50,
                "baro_rate": -600,
                "gs": 360.0,
                "track": 10.0,
                "lat": lat,
                "lon": lon,
                "version": 2,
                "nic": 8,
                "seen_pos": 0.4,
                "seen": 0.2,
            }
        else:
            row = {}
        reply = sky.reply(now)
        body = json.loads(reply.body)
        body["ac"] += [row] if row else []
        yield Reply(
            feed=reply.feed,
            format=reply.format,
            ask=reply.ask,
            url=reply.url,
            received_at=reply.received_at,
            headers=reply.headers,
            body=json.dumps(body).encode(),
        )
        now += every
        flown += every


@pytest.mark.parametrize("every_s", [60, 300])
def test_who_leaves_the_circle_descending_has_not_landed_inside(
    tmp_path: Path, every_s: int
) -> None:
    sky = Sky()
    heard = [
        *arrival_beyond(sky, FRIDAY, timedelta(seconds=every_s)),
        *sky.replies(
            FRIDAY + timedelta(minutes=51), FRIDAY + timedelta(hours=4), timedelta(minutes=5)
        ),
    ]
    station = Station(tmp_path)
    station.run("replay", *record(tmp_path / "recording", heard))
    assert len(_reports(station)) > 5
    assert station.json("visitors", "--all") == []


def test_landings_of_visitors_are_found_in_the_store_only_by_name(station: Station) -> None:
    with Store.open(station.database, read_only=True) as store:
        assert [one.detection.icao24 for one in landings.find(store)] == ["600865"]
        (visitor,) = landings.find(store, watch="~visitors")
        assert visitor.detection.icao24 == "508035"
        assert meta.zones(store) == {"w": "Asia/Jerusalem", "~visitors": "Asia/Jerusalem"}


def test_the_digest_tells_of_visitors_also_of_none(
    station: Station, without: Station, tmp_path: Path
) -> None:
    digests = [each.run("digest", "--week", "2026-W47").stdout for each in (station, without)]
    section = [each.partition("UNLISTED VISITORS, NEVER COUNTED")[2] for each in digests]
    assert "UR-82007" in section[0]
    assert "An unlisted visitor: no watch names this aircraft" in " ".join(section[0].split())
    assert section[1].split("\n\n")[1].strip() == "None known: we could not see in this week."
    heads = [each.partition("LANDINGS")[0].split("\n", 2)[1] for each in digests]
    assert heads[0] == heads[1]
    off = Station(tmp_path, extra="\n[visitors]\nenabled = false\n")
    off.run("db", "migrate")
    assert "UNLISTED" not in off.run("digest", "--week", "2026-W47").stdout


def test_status_tells_of_the_week_s_visitors(station: Station) -> None:
    settings = load(station.config, environ={})
    with Store.open(station.database, read_only=True) as store:
        whole = build_services(settings, store)
        told = status_of(whole, FRIDAY + timedelta(days=3))
        assert [row["registration"] for row in told["visitors"]] == ["UR-82007"]
        assert "Unlisted visitors, last 7 days:" in telling_status.status_text(told)
        later = status_of(whole, FRIDAY + timedelta(days=8))
        assert later["visitors"] == []
        assert "Unlisted" not in telling_status.status_text(later)


def test_the_page_tells_of_the_week_s_visitors_apart(station: Station) -> None:
    settings = load(station.config, environ={})
    site = Site(station.database, settings)
    try:
        site.clock.move_to(FRIDAY + timedelta(days=3))
        apart, listed = (
            Outline(site.get(page).text) for page in ("/operator/visitors", "/landings")
        )
        assert "UR-82007" in apart.text.partition("Unlisted visitors")[2]
        assert "UR-82007" not in listed.text + site.get("/").text + site.get("/landings.json").text
        assert "4K-AZ101" in listed.text
        status = site.get("/status.json").json()
        assert [row["icao24"] for row in status["visitors"]] == ["508035"]
        assert {row["icao24"] for row in status["landings"]} == {"600865"}
        page = Outline(site.get(f"/landings/{status['visitors'][0]['id']}").text)
        assert "No watch names this aircraft" in page.text
        assert "Counts for no place" in page.text
    finally:
        site.stop()
