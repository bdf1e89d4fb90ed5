"""Are the arrivals of other sources stored once, and replaced with the request that gave them?"""

from __future__ import annotations

from dataclasses import replace

from collector.model import Arrival
from collector.store import Store, archive_requests, arrivals
from collector.store.archive_requests import ArchiveRequest
from tests.store.samples import DAY, HOUR, NOON

STATED = Arrival(
    source="opensky-list",
    icao24="600865",
    airfield="LLOV",
    arrived_at=NOON,
    departed_at=NOON - HOUR,
    origin="UBBB",
    callsign="AZQ\ud800",
    registration="4K-AZ101",
    horizontal_m=3700.0,
    vertical_m=-12.0,
    place="list.csv, line 2",
)
BARE = Arrival(source="opdi-list", icao24="600866", airfield="LLER", arrived_at=NOON + DAY)


def test_what_was_stated_comes_back_in_order_of_time(store: Store) -> None:
    for _ in range(2):
        assert arrivals.store_arrivals(store, [BARE, STATED], "a file", NOON) == 2
    assert arrivals.find(store) == [replace(STATED, callsign="AZQ?"), BARE]
    assert arrivals.find(store, icao24="600866") == [BARE]
    assert arrivals.find(store, begin=NOON, end=NOON + DAY) == [replace(STATED, callsign="AZQ?")]


def test_another_word_of_the_same_flight_replaces_it_and_keeps_when_it_was_first_known(
    store: Store,
) -> None:
    arrivals.store_arrivals(store, [BARE], "one", NOON)
    nearer = replace(BARE, horizontal_m=float("nan"), origin="UBBG")
    arrivals.store_arrivals(store, [nearer], "two", NOON + DAY)
    (back,) = arrivals.find(store)
    assert (back.origin, back.horizontal_m) == ("UBBG", None)
    (row,) = store.execute("SELECT asked, first_known_at FROM arrivals")
    assert tuple(row) == ("two", "2026-11-22T12:00:00.000000Z")
    arrivals.delete_arrivals(store, "one")
    assert len(arrivals.find(store)) == 1
    arrivals.delete_arrivals(store, "two")
    assert arrivals.find(store) == []


def test_the_outcome_of_a_request_is_stored_by_its_subject(store: Store) -> None:
    one = ArchiveRequest(
        source="globe-history",
        subject="2026-11-18",
        scope="s",
        outcome="damaged",
        at=NOON,
        detail={"received": [{"bytes": 2_000_000_000}]},
    )
    archive_requests.store_request(store, one)
    archive_requests.store_request(store, replace(one, source="other"))
    assert archive_requests.requests_of(store, "globe-history") == {"2026-11-18": one}
    archive_requests.store_request(store, replace(one, outcome="read"))
    assert archive_requests.requests_of(store, "globe-history")["2026-11-18"].outcome == "read"
