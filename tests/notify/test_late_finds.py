"""Does the digest list late finds of earlier weeks only where the watch looks?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from collector.model import Revision
from collector.services import build_services
from collector.settings import load
from collector.store import Store, landings
from collector.weeks import digest_at, previous_week, week_of
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.support.weeks_told import MONDAY

ZONE = "Asia/Jerusalem"


def test_a_find_elsewhere_is_no_correction(tmp_path: Path) -> None:
    station = Station(tmp_path)
    long_ago = MONDAY - timedelta(days=30)
    week = week_of(MONDAY, ZONE)
    found_at = digest_at(previous_week(week), ZONE) + timedelta(hours=1)
    finds = [
        touchdown(long_ago, "LLOV", watch="w"),
        touchdown(long_ago + timedelta(days=1), "LLBG", watch="w"),
        touchdown(
            long_ago + timedelta(days=2),
            None,
            candidates=[("LLOV", 0.5), ("LLBG", 0.5)],
            watch="w",
        ),
    ]
    with Store.open(station.database) as store:
        for one in finds:
            revision = Revision(one.id, found_at, "found", "Heard.", "1")
            with store.transaction():
                landings.save(store, one, revision)
        whole = build_services(load(station.config, environ={}), store)
        watch = whole.settings.watches[0]
        since = digest_at(previous_week(week), ZONE)
        told = whole.weeks.corrections(watch, week, since, found_at + timedelta(days=10))
    assert [landing.airfield for _, landing in told] == ["LLOV", None]
