"""Is each week counted and worded in the zone of its watch, though one person reads of several?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model import Revision
from collector.queries.landing import explanation_of
from collector.services import build_services
from collector.settings import load
from collector.store import Store, landings, outbox
from tests.support.station import Station
from tests.support.touchdowns import touchdown

WEST = """
[[watch]]
name = "west"
places = ["LLOV"]
icao24 = ["600865"]
zone = "Pacific/Honolulu"
recipients = ["ops"]
"""
MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
"""07:00 in Jerusalem; in Honolulu the week lasts for five hours more."""
HOUR = timedelta(hours=1)


def test_a_digest_waits_until_the_week_is_over_for_each_of_its_watches(tmp_path: Path) -> None:
    station = Station(tmp_path, extra=WEST)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        digests = services.digests
        assert not digests.owe_next(MONDAY - timedelta(days=6)), "the first start"
        late = touchdown(MONDAY + HOUR, watch="west")
        with store.transaction():
            found = Revision(late.id, MONDAY + HOUR, "found", "Heard.", "1")
            landings.save(store, late, found)
        digests.owe_next(MONDAY)
        assert outbox.listing(store) == []
        digests.owe_next(MONDAY + 12 * HOUR)  # 07:00 in Honolulu
        (mail,) = outbox.listing(store)
    assert mail.key == "digest:2026-W47:ops"
    text = " ".join(mail.owed.message.text.split())
    assert "west at Ovda: at least 1 landing in week 47 of 2026" in text
    assert "The week is not over" not in text


def test_a_history_words_weeks_in_the_zones_of_the_watches(tmp_path: Path) -> None:
    station = Station(tmp_path, extra=WEST)
    midnight = MONDAY - 7 * HOUR
    landing = touchdown(midnight + 10 * HOUR / 60, watch="w")
    moved = Revision(
        *(landing.id, MONDAY + HOUR, "retimed", "Heard.", "1"),
        touchdown_before=midnight - 10 * HOUR / 60,
    )
    said = []
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        for watch in ("w", "west"):
            mine = touchdown(midnight + 10 * HOUR / 60, watch=watch)
            with store.transaction():
                landings.save(store, mine, moved if watch == "w" else None)
            (known,) = landings.find(store)
            told = explanation_of(
                store, known, services.settings.airfields, "UTC", MONDAY + 2 * HOUR
            )
            said.append(told.history[-1])
    assert "from week 2026-W47 to 2026-W48" in said[0]
    assert "week" not in said[1], "in Honolulu both times lie on Sunday"


@pytest.mark.parametrize("hours", [1, 30], ids=["between two mornings", "before a late digest"])
def test_what_changed_before_a_digest_was_written_is_not_in_the_next(
    tmp_path: Path, hours: int
) -> None:
    station = Station(tmp_path, extra=WEST)
    earlier = touchdown(MONDAY - timedelta(days=10), "LLOV", watch="w")
    told = []
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        digests = services.digests
        digests.owe_next(MONDAY - timedelta(days=6))
        landings.save(store, touchdown(MONDAY - timedelta(days=20), watch="w"), None)
        services.week_comparison.compare(MONDAY)
        with store.transaction():
            found = Revision(earlier.id, MONDAY + hours * HOUR, "found", "Heard.", "1")
            landings.save(store, earlier, found)
        services.week_comparison.compare(MONDAY + hours * HOUR)
        for written_at in (MONDAY + 36 * HOUR, MONDAY + timedelta(days=7, hours=12)):
            assert not digests.owe_next(written_at)
            told.append(outbox.listing(store)[0].owed.message.text.count("6008"))
            told.append(outbox.listing(store)[0].owed.message.text.count("before: "))
    assert told[0] > told[2], "the landing"
    assert told[1::2] == [1, 0], "the number of its week"
