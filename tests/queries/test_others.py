"""Does `explain` say nothing of others where the aircraft in question was the only one?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.published_station import call
from tests.support.sky import Sky, Visit
from tests.support.station import Station, record

LANDS_AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


def test_an_aircraft_alone_in_every_reply_is_no_proof_of_others(tmp_path: Path) -> None:
    """Lost at 2,000 ft, it would be 10 NM on five minutes later: as near as its own cells."""
    sky = Sky((Visit(lands_at=LANDS_AT, heard_above_ft=2_000.0),), others=0)
    begin, end = LANDS_AT - timedelta(minutes=12), LANDS_AT + timedelta(hours=2, minutes=20)
    near = list(sky.replies(begin, LANDS_AT, timedelta(seconds=30)))
    after = list(sky.replies(LANDS_AT, end, timedelta(minutes=4)))
    station = Station(tmp_path)
    call(station.config, "replay", *record(tmp_path / "recorded", [*near, *after]))
    (landing,) = station.json("landings", "--all")
    (row,) = station.json("explain", landing["id"])
    assert {(one["kind"], one["heard"]) for one in row["alternatives"]} == {
        ("level", "unknown"),
        ("climbed", "unknown"),
        ("south", "unknown"),
    }
    assert not any(one["how_low"] or one["feeds"] for one in row["alternatives"])
    text = " ".join(call(station.config, "explain", landing["id"]).stdout.split())
    assert "proven then" not in text
    assert "other aircraft nearby" not in text
    assert "Nothing is known of other aircraft at that hour" in text
