"""Which silences are worth a full track, and is each requested once?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collector.geo import bearing_deg, destination
from collector.model import Observation
from collector.model.track_request import RequestReason, Silence, TrackRequestState
from collector.polling.track_rules import (
    SILENT_AFTER,
    TRACK_WRITTEN_AFTER,
    TRACKS_KEPT_FOR,
    new_requests,
    next_look_at,
    silences_worth_a_track,
)
from tests.support.flights import FIELDS, LLOV, START, hear, overflight, polls, visit

MINUTE = timedelta(minutes=1)

HOUR = timedelta(hours=1)

WATCHED = FIELDS[:2]


def seen(at_min: float, away_nm: float = 20.0, **changes: Any) -> Observation:
    """North of Ovda, flying south, descending; `track_deg` etc. as given."""
    lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 10.0, away_nm)
    at = START + at_min * MINUTE
    values: dict[str, Any] = {
        "icao24": "600865",
        "feed": "roof",
        "heard_at": at,
        "position_at": at,
        "lat_deg": lat,
        "lon_deg": lon,
        "baro_altitude_ft": 6000.0,
        "track_deg": bearing_deg(lat, lon, LLOV.lat_deg, LLOV.lon_deg),
        "vertical_rate_fpm": -800.0,
        "ground_speed_kt": 200.0,
        "on_ground": False,
    }
    return Observation(**(values | changes))


OUT: dict[str, Any] = {"track_deg": 10.0, "vertical_rate_fpm": 1500.0}

FAR: dict[str, Any] = {"away_nm": 300.0}

PARKED: dict[str, Any] = {
    "away_nm": 0.3,
    "on_ground": True,
    "ground_speed_kt": 0.0,
    "baro_altitude_ft": None,
    "vertical_rate_fpm": None,
}


def reasons(
    *heard: Observation, after: timedelta = 2 * HOUR, goes_on: bool = False
) -> list[RequestReason]:
    """The reasons to request a track, so long after the last report."""
    found = silences_worth_a_track(heard, WATCHED, heard[-1].at + after, goes_on=goes_on)
    return [one.reason for one in found]


@pytest.mark.parametrize(
    ("last", "wanted"),
    [
        (seen(0), True),
        (seen(0, baro_altitude_ft=34_000.0, vertical_rate_fpm=0.0), True),
        (seen(0, baro_altitude_ft=34_000.0, vertical_rate_fpm=0.0, track_deg=10.0), False),
        (seen(0, baro_altitude_ft=None, track_deg=None), True),
        (seen(0, track_deg=100.0), True),
        (seen(0, vertical_rate_fpm=1500.0), False),
        (seen(0, away_nm=130.0), False),
        (seen(0, **PARKED), False),
        (seen(0, **(PARKED | {"ground_speed_kt": 40.0})), True),
        (seen(0, **(PARKED | {"ground_speed_kt": None})), False),
        (seen(0, heard_at=START + 5 * MINUTE), False),
    ],
    ids=[
        "low",
        "cruise-toward",
        "cruise-away",
        "nothing-known",
        "low-abeam",
        "climbing",
        "far",
        "parked",
        "rolling",
        "ground-speed-unknown",
        "stale-position",
    ],
)
def test_which_aircraft_falls_silent_inbound(last: Observation, *, wanted: bool) -> None:
    assert reasons(last) == ([RequestReason.INBOUND] if wanted else [])


def test_a_silence_is_none_before_its_time_nor_when_the_trace_is_gone() -> None:
    almost = SILENT_AFTER - timedelta(seconds=1)
    assert reasons(seen(0), after=almost) == []
    assert next_look_at([seen(0)], WATCHED, START + almost, goes_on=False) == START + SILENT_AFTER
    assert reasons(seen(0), after=SILENT_AFTER) == [RequestReason.INBOUND]
    assert next_look_at([seen(0)], WATCHED, START + SILENT_AFTER, goes_on=False) is None
    assert reasons(seen(0), after=TRACKS_KEPT_FOR) == [RequestReason.INBOUND]
    assert reasons(seen(0), after=TRACKS_KEPT_FOR + MINUTE) == []
    assert reasons(seen(0), goes_on=True) == []
    assert next_look_at([seen(0)], WATCHED, START, goes_on=True) is None
    assert next_look_at([], WATCHED, START, goes_on=False) is None


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (seen(0), seen(90, **OUT), [RequestReason.INBOUND, RequestReason.OUTBOUND]),
        (seen(0, **FAR), seen(90, **OUT), [RequestReason.OUTBOUND]),
        (
            seen(0, **FAR),
            seen(90, **(OUT | {"baro_altitude_ft": 33_000.0})),
            [RequestReason.OUTBOUND],
        ),
        (seen(0, **FAR), seen(90, **PARKED), [RequestReason.OUTBOUND]),
        (seen(0, **FAR), seen(90, baro_altitude_ft=33_000.0), []),
        (seen(0, **FAR), seen(90, **FAR), []),
        (seen(0), seen(10), []),
        (seen(0), seen(5, **PARKED), [RequestReason.LANDED]),
        (seen(0), seen(1, **PARKED), []),
        (seen(0, **PARKED), seen(5, **PARKED), []),
        (seen(0, **PARKED), seen(90, **OUT), [RequestReason.OUTBOUND]),
    ],
    ids=[
        "a-stay-unheard",
        "came-from-elsewhere",
        "first-heard-in-cruise-leaving",
        "first-heard-parked",
        "arrives-in-cruise",
        "far",
        "no-silence",
        "touchdown-between-sparse-polls",
        "touchdown-between-dense-polls",
        "parked",
        "take-off-after-silence-on-the-ground",
    ],
)
def test_what_lies_between_two_reports(
    before: Observation, after: Observation, wanted: list[RequestReason]
) -> None:
    # Cruise far away at the end: no track is requested for the time after it.
    later = replace(seen(0, **FAR), heard_at=after.at + MINUTE, position_at=after.at + MINUTE)
    assert reasons(before, after, later) == wanted


def test_reports_without_a_position_break_no_silence() -> None:
    blind = [replace(seen(m), position_at=None, lat_deg=None, lon_deg=None) for m in (5, 10, 15)]
    assert reasons(seen(0), *blind, seen(25, **OUT), seen(26, **FAR)) == [
        RequestReason.INBOUND,
        RequestReason.OUTBOUND,
    ]


def test_an_overflight_requests_nothing() -> None:
    path = overflight(LLOV, START + HOUR)
    heard = hear(path, polls(START, START + 2 * HOUR, 300.0))
    assert reasons(*heard) == []


SILENCE = Silence(reason=RequestReason.INBOUND, begins_at=START, ends_at=None)

NOW = START + SILENT_AFTER


def test_each_silence_is_requested_once_for_each_feed_and_reason() -> None:
    new = new_requests("600865", [SILENCE], ["roof", "opensky"], [], NOW)
    assert [(one.feed, one.due_at, one.state) for one in new] == [
        ("roof", NOW, TrackRequestState.OWED),
        ("opensky", NOW, TrackRequestState.OWED),
    ]
    assert new_requests("600865", [SILENCE], ["roof", "opensky"], new, NOW + HOUR) == []
    # The trace moved both ends; then it is heard again, and leaves.
    moved = replace(SILENCE, begins_at=START + 4 * MINUTE)
    again = Silence(
        reason=RequestReason.OUTBOUND, begins_at=moved.begins_at, ends_at=START + 2 * HOUR
    )
    closed = replace(moved, ends_at=again.ends_at)
    found = new_requests("600865", [closed, again], ["roof"], new, START + 2 * HOUR + MINUTE)
    assert [(one.reason, one.due_at) for one in found] == [
        (RequestReason.OUTBOUND, START + 2 * HOUR + TRACK_WRITTEN_AFTER)
    ]
    next_visit = replace(SILENCE, begins_at=START + 6 * HOUR)
    assert (
        len(new_requests("600865", [next_visit], ["roof"], [*new, *found], START + 7 * HOUR)) == 1
    )


def test_a_track_splits_a_silence_and_nothing_more_is_requested() -> None:
    path = visit(LLOV, START + HOUR, 2 * HOUR)
    sparse = hear(path, polls(START + 40 * MINUTE, START + 5 * HOUR, 300.0), floor_ft=5000)
    first = silences_worth_a_track(sparse, WATCHED, START + 5 * HOUR, goes_on=False)
    assert [one.reason for one in first] == [RequestReason.INBOUND, RequestReason.OUTBOUND]
    known = new_requests("600865", first, ["roof"], [], START + 5 * HOUR)
    dense = hear(path, polls(START + 40 * MINUTE, START + 5 * HOUR, 5.0), floor_ft=2500)
    second = silences_worth_a_track(dense, WATCHED, START + 6 * HOUR, goes_on=False)
    assert [one.reason for one in second] == [RequestReason.INBOUND, RequestReason.OUTBOUND]
    assert new_requests("600865", second, ["roof"], known, START + 6 * HOUR) == []


def test_a_hole_in_a_track_itself_is_not_requested_again() -> None:
    (one,) = new_requests("600865", [SILENCE], ["roof"], [], NOW)
    known = [replace(one, first_at=START - 9 * HOUR, last_at=START + MINUTE)]
    earlier = Silence(
        reason=RequestReason.OUTBOUND, begins_at=START - 8 * HOUR, ends_at=START - 5 * HOUR
    )
    assert new_requests("600865", [earlier], ["roof"], known, NOW) == []
    assert len(new_requests("600865", [earlier], ["opensky"], known, NOW)) == 1
    before = replace(earlier, begins_at=START - 10 * HOUR)
    assert len(new_requests("600865", [before], ["roof"], known, NOW)) == 1
