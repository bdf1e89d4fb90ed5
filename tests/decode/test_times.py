"""Which times of a reply, a trace and a track are believed?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from collector.decode import Snapshot, decode
from collector.errors import DecodeError
from collector.model.reply import Format

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AT_S = AT.timestamp()
FIRST_S = datetime(2010, 1, 1, tzinfo=UTC).timestamp()
LAST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def decoded(format_: Format, **body: Any) -> Snapshot:
    return decode(format_, json.dumps(body).encode(), received_at=AT)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (FIRST_S, None),
        (FIRST_S - 1, "before 2010"),
        (AT_S + 300, None),
        (AT_S + 301, "301 s ahead"),
    ],
)
def test_a_reply_is_of_no_time_before_any_feed_nor_of_the_future(
    now: float, why: str | None
) -> None:
    for format_, body in (
        (Format.READSB, {"now": now, "ac": []}),
        (Format.OPENSKY_STATES, {"time": now, "states": None}),
    ):
        if why is None:
            found = decoded(format_, **body)
            assert (found.now_at.timestamp(), found.rows) == (now, [])
        else:
            with pytest.raises(DecodeError, match=why):
                decoded(format_, **body)


@pytest.mark.parametrize(
    ("timestamp", "kept"),
    [(FIRST_S, True), (FIRST_S - 1, False), (LAST_S - 1, True), (LAST_S, False)],
)
def test_a_trace_is_of_this_century(timestamp: float, *, kept: bool) -> None:
    if kept:
        empty = decoded(Format.TRACE, icao="600865", timestamp=timestamp, trace=[])
        assert empty.now_at.timestamp() == timestamp
    else:
        with pytest.raises(DecodeError, match="not between 2010 and 2099"):
            decoded(Format.TRACE, icao="600865", timestamp=timestamp, trace=[])


def test_a_track_has_a_row_for_each_way_point_of_a_possible_time() -> None:
    """In metres, and with the callsign as the documentation misspells it."""
    path = [
        [AT_S - 60, 30.0, 35.0, 3048.0, 202.5, False],
        [AT_S, 29.9, 34.9, None, None, True],
        [AT_S - 30, 29.95, 34.95, 1523.9, 202.0, False],
        [FIRST_S - 1, 29.9, 34.9, 0, 0, False],
        "nonsense",
    ]
    body = {"icao24": "600865", "path": path, "calllsign": "AZQ4801 "}
    found = decoded(Format.OPENSKY_TRACK, **body)
    assert (found.now_at, found.bad_rows) == (AT, 2)
    first, last, middle = (found.observation(row, "opensky") for row in found.rows)
    assert (first.callsign, first.baro_altitude_ft, first.track_deg) == ("AZQ4801", 10_000.0, 202.5)
    assert middle.baro_altitude_ft == 4999.672
    assert (last.on_ground, first.on_ground, last.baro_altitude_ft) == (True, False, None)
    named = decoded(Format.OPENSKY_TRACK, **{**body, "callsign": "ELY1"})
    assert named.rows[0].callsign == "ELY1"
    empty = decoded(Format.OPENSKY_TRACK, icao24="600865", path=None)
    assert (empty.rows, empty.bad_rows) == ([], 0)


def test_one_odd_row_costs_no_reply_and_nothing_but_odd_rows_is_no_empty_sky() -> None:
    odd = {"now": AT_S, "ac": [{"hex": 5}, {"hex": "600865"}]}
    found = decoded(Format.READSB, **odd)
    assert ([row.icao24 for row in found.rows], found.bad_rows) == (["600865"], 1)
    state = ["600865", None, None, AT_S, AT_S, 35.0, 30.0, None, False, *[None] * 8]
    states = decoded(Format.OPENSKY_STATES, time=AT_S, states=[[5], state])
    assert ([row.icao24 for row in states.rows], states.bad_rows) == (["600865"], 1)
    loose = decoded(Format.OPENSKY_STATES, time=AT_S, states=[], ignored=float("nan"))
    assert (loose.rows, loose.bad_rows) == ([], 0)
    for format_, body in (
        (Format.READSB, {"now": AT_S, "ac": [{"hex": 5}]}),
        (Format.OPENSKY_STATES, {"time": AT_S, "states": [[5]]}),
    ):
        with pytest.raises(DecodeError, match="not one of 1 rows"):
            decoded(format_, **body)
