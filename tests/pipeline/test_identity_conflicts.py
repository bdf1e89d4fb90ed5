"""Is each identity conflict of a watched aircraft stored once, and shown beside its landings?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.cli import status as status_screen
from collector.landings.identity_conflicts import Conflict, ConflictKind
from collector.model.reply import Fleet, Reply
from collector.services import build_services
from collector.settings import load
from collector.store import Store, identity_conflicts
from tests.support.sky import IL76, Sky, Visit
from tests.support.station import Station, record
from tests.support.status import status_of
from tests.web.browser import Outline, Site

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
VISIT = Visit(lands_at=FRIDAY)
EVERY = timedelta(seconds=30)


def elsewhere(now: datetime, registration: str = "4K-AZ101") -> Reply:
    """Another feed receives the address over the Gulf."""
    reply = Sky(others=0).reply(now, Fleet((IL76,)), feed="adsbfi")
    row = {
        "hex": IL76,
        "type": "adsb_icao",
        "r": registration,
        "t": "IL76",
        "alt_baro": 31000,
        "gs": 420.0,
        "track": 90.0,
        "lat": 25.2,
        "lon": round(55.3 + (now - FRIDAY).total_seconds() / 450, 6),
        "seen": 0.1,
        "seen_pos": 0.2,
    }
    body = json.loads(reply.body) | {"ac": [row]}
    url = f"https://opendata.adsb.fi/api/v2/hex/{IL76}"
    return Reply(
        feed=reply.feed,
        format=reply.format,
        ask=reply.ask,
        url=url,
        received_at=reply.received_at,
        headers=reply.headers,
        body=json.dumps(body).encode(),
    )


def replies() -> list[Reply]:
    """An approach and a landing, also received elsewhere under another mark for five minutes."""
    here = list(Sky((VISIT,)).replies(FRIDAY - HALF_HOUR, FRIDAY + HALF_HOUR, EVERY))
    there = [elsewhere(FRIDAY + number * EVERY - HALF_HOUR / 3, "EP-TQA") for number in range(10)]
    return sorted([*here, *there], key=lambda reply: reply.received_at)


def station_of(folder: Path, heard: Sequence[Reply]) -> Station:
    station = Station(folder)
    station.run("replay", *record(folder / "recording", heard, files=3))
    return station


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    return station_of(tmp_path_factory.mktemp("twice"), replies())


def stored(station: Station) -> list[Conflict]:
    with Store.open(station.database, read_only=True) as store:
        return identity_conflicts.find(store, FRIDAY - HALF_HOUR, FRIDAY + HALF_HOUR)


def test_both_conflicts_are_stored_once_with_their_times(station: Station) -> None:
    found = {one.kind: one for one in stored(station)}
    assert len(stored(station)) == len(found) == 2
    places = found[ConflictKind.TWO_PLACES]
    assert abs(places.begins_at - (FRIDAY - timedelta(minutes=8))) < timedelta(minutes=3)
    assert "adsbfi" in places.detail
    mark = found[ConflictKind.REGISTRATION]
    assert "EP-TQA" in mark.detail


def test_a_second_replay_and_another_order_store_the_same(station: Station, tmp_path: Path) -> None:
    expected = stored(station)
    station.run("replay", station.folder / "recording")
    assert stored(station) == expected
    other = Station(tmp_path)
    for path in sorted((station.folder / "recording").glob("*.warc.gz"), reverse=True):
        other.run("replay", path)
    assert [(one.kind, one.begins_at, one.ends_at) for one in stored(other)] == [
        (one.kind, one.begins_at, one.ends_at) for one in expected
    ]


def test_without_conflicts_no_mail_mentions_any(tmp_path: Path) -> None:
    heard = list(Sky((VISIT,)).replies(FRIDAY - HALF_HOUR, FRIDAY + HALF_HOUR, EVERY))
    station = station_of(tmp_path, heard)
    assert stored(station) == []
    assert "DOES NOT FIT" not in station.run("digest", "--week", "2026-W47").stdout.upper()


def test_the_landing_stands_and_its_explanation_names_the_conflicts(station: Station) -> None:
    (row,) = station.json("landings")
    assert (row["airfield"], row["counted"]) == ("LLOV", True)
    said = " ".join(station.run("explain", row["id"]).stdout.split())
    assert "Seen as EP-TQA" in said
    assert "two transmitters use the address, or one of the positions is false" in said


def test_digest_status_and_page_show_the_conflicts(station: Station) -> None:
    digest = station.run("digest", "--week", "2026-W47").stdout
    assert "Seen as EP-TQA" in digest.partition("REPORTS THAT DO NOT FIT THE AIRFRAME")[2]
    settings = load(station.config, environ={})
    with Store.open(station.database, read_only=True) as store:
        whole = build_services(settings, store)
        told = status_of(whole, FRIDAY + timedelta(days=1))
        kinds = {one["kind"] for one in told["conflicts"]}
        assert kinds == {"registration", "two-places"}
        assert "Identity conflict since" in status_screen.status_text(told)
        assert status_of(whole, FRIDAY + timedelta(days=9))["conflicts"] == []
    site = Site(station.database, settings)
    try:
        site.clock.move_to(FRIDAY + timedelta(days=1))
        assert "Seen as EP-TQA" in Outline(site.get("/").text).text
    finally:
        site.stop()
