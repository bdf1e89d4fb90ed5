"""Is a track request stored with everything about it, and found again by its silence?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.errors import StoreError
from collector.model.track_request import RequestReason, TrackRequest, TrackRequestState
from collector.store import Store, track_requests
from tests.store.samples import DAY, HOUR, MINUTE, NOON, landing

ONE = TrackRequest(
    icao24="600865",
    feed="roof",
    reason=RequestReason.INBOUND,
    begins_at=NOON,
    ends_at=None,
    owed_at=NOON + 20 * MINUTE,
    due_at=NOON + 20 * MINUTE,
)
DONE = replace(
    ONE,
    tries=2,
    state=TrackRequestState.DONE,
    ends_at=NOON + HOUR,
    ended_at=NOON + 4 * HOUR,
    points=1200,
    first_at=NOON - HOUR,
    last_at=NOON + MINUTE,
    url="http://roof/x.json",
    detail="said \ud800",
    refused_at=NOON,
)


def test_a_fetch_is_kept_whole_and_there_is_one_of_each(store: Store) -> None:
    track_requests.store_requests(store, [ONE])
    assert track_requests.overlapping(store, "600865", NOON, NOON) == [ONE]
    track_requests.store_requests(store, [DONE])
    assert track_requests.overlapping(store, "600865", NOON, NOON) == [
        replace(DONE, detail="said ?")
    ]
    others = [
        replace(ONE, feed="opensky"),
        replace(ONE, reason=RequestReason.OUTBOUND),
        replace(ONE, reason=RequestReason.LANDED),
        replace(ONE, begins_at=NOON + DAY, owed_at=NOON + DAY + HOUR),
        replace(ONE, icao24="600864"),
    ]
    track_requests.store_requests(store, others)
    assert len(track_requests.overlapping(store, "600865", NOON, NOON + DAY)) == 5


def test_a_silence_overlaps_from_its_beginning_until_its_request_or_end(store: Store) -> None:
    track_requests.store_requests(store, [ONE])

    def found(begin_min: float, end_min: float) -> bool:
        begin, end = NOON + begin_min * MINUTE, NOON + end_min * MINUTE
        return track_requests.overlapping(store, "600865", begin, end) == [ONE]

    assert found(-10, 0)
    assert found(20, 30)
    assert not found(-10, -1)
    assert not found(21, 30)
    assert track_requests.requests_around(store, landing(NOON + 5 * MINUTE)) == [ONE]
    assert track_requests.requests_around(store, landing(NOON + DAY)) == []


def test_only_open_requests_are_due_the_longest_first(store: Store) -> None:
    later = replace(ONE, icao24="600864", due_at=NOON + HOUR)
    track_requests.store_requests(store, [later, ONE, replace(DONE, icao24="600866")])
    assert track_requests.due(store, NOON) == []
    assert track_requests.due(store, NOON + 20 * MINUTE) == [ONE]
    assert track_requests.due(store, NOON + HOUR) == [ONE, later]


def test_counts_and_refusals(store: Store) -> None:
    assert track_requests.refused_at(store, "roof") is None
    failed = replace(
        ONE, reason=RequestReason.LANDED, state=TrackRequestState.FAILED, refused_at=NOON + HOUR
    )
    track_requests.store_requests(
        store, [ONE, failed, replace(ONE, feed="opensky", state=TrackRequestState.ABANDONED)]
    )
    assert track_requests.refused_at(store, "roof") == NOON + HOUR
    assert track_requests.refused_at(store, "opensky") is None
    assert track_requests.counts(store, NOON) == {
        TrackRequestState.OWED: 1,
        TrackRequestState.DONE: 0,
        TrackRequestState.FAILED: 1,
        TrackRequestState.ABANDONED: 1,
    }
    assert set(track_requests.counts(store, NOON + DAY).values()) == {0}


def test_the_table_takes_no_other_state_or_reason(store: Store) -> None:
    track_requests.store_requests(store, [ONE])
    for change in ("state = 'lost'", "why = 'curiosity'"):
        with pytest.raises(StoreError, match="CHECK"):
            store.execute(f"UPDATE fetches SET {change}")
