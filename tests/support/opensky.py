"""OpenSky's flight table, as far as the collector uses it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time

from tests.support.fake_feed import Answer, FakeFeed


def put_token(feed: FakeFeed) -> None:
    """Give out tokens `t1`, for half an hour each."""
    feed.on("/token", Answer(json.dumps({"access_token": "t1", "expires_in": 1800}).encode()))


def flight(day: date, **change: object) -> dict[str, object]:
    """One that ended at Ovda at 10:02 UTC, as the table has it."""
    midnight = int(datetime.combine(day, time(), UTC).timestamp())
    return {
        "icao24": "600865",
        "firstSeen": midnight + 7 * 3600,
        "estDepartureAirport": "UBBB",
        "lastSeen": midnight + 10 * 3600 + 120,
        "estArrivalAirport": "LLOV",
        "callsign": "AZQ4801 ",
        "estDepartureAirportHorizDistance": 900,
        "estDepartureAirportVertDistance": 20,
        "estArrivalAirportHorizDistance": 3700,
        "estArrivalAirportVertDistance": 120,
        "departureAirportCandidatesCount": 1,
        "arrivalAirportCandidatesCount": 2,
    } | change
