"""Which flights fall silent where they may land? Paths, and a receiver that gets their reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collector.geo import destination
from collector.model import Detection
from collector.model.track_request import RequestReason, TrackRequestState
from collector.store import Store
from tests.support import flights
from tests.support.traced import Receiver, Traced

BEGIN = datetime(2026, 11, 22, 9, 34, tzinfo=UTC)

LANDS_AT = datetime(2026, 11, 22, 9, 42, 13, tzinfo=UTC)

STAY = timedelta(hours=2)

MINUTE = timedelta(minutes=1)

HOUR = timedelta(hours=1)

BOTH = ["trace_full", "trace_recent"]


def receiver_of(path: flights.Path, floor_ft: float = 0.0, **but: Any) -> Callable[[Any], Receiver]:
    """A feed that receives a path above a floor."""
    return lambda clock: replace(Receiver(clock, path, floor_ft), **but)


def switched_off(path: flights.Path, at: datetime = LANDS_AT) -> flights.Path:
    """The same until its transponder is switched off soon after it has landed `at`: polls every
    five minutes miss it on the ground."""
    return lambda now: path(now) if now < at + timedelta(seconds=60) else None


OVDA = flights.visit(flights.LLOV, LANDS_AT, STAY)

RAMON = flights.visit(flights.LLER, LANDS_AT, STAY)


def low_pass(at: datetime) -> flights.Moment | None:
    """An aircraft that approaches Ovda and climbs away 90 s before it would land."""
    turns_at = LANDS_AT - timedelta(seconds=90)
    if at < turns_at:
        return OVDA(at)
    last, seconds = OVDA(turns_at), (at - turns_at).total_seconds()
    if last is None or seconds > 900:
        return None
    lat, lon = destination(last.lat_deg, last.lon_deg, last.track_deg, seconds * 240 / 3600)
    altitude_ft = last.altitude_ft + seconds * 30
    return flights.Moment(lat, lon, altitude_ft, 240.0, last.track_deg, 1800.0, False)


def detections(rig: Traced) -> list[Detection]:
    """The detections of the landings that stand."""
    return [one.detection for one in rig.landings() if one.stands]


def states(rig: Traced) -> list[tuple[RequestReason, TrackRequestState]]:
    """The reason and state of each track request."""
    return [(one.reason, one.state) for one in rig.track_requests()]


def report_count(store: Store) -> int:
    count: int = store.execute("SELECT count(*) AS n FROM observations")[0]["n"]
    return count
