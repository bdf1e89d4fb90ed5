"""What does an export say of one landing, week, fix or aircraft? One row each.

Nothing in a row says who helped: no reviewer, no note, no receiver's name. A withdrawal gives its
reason only where rules caused it, since a person's reason is a person's note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.alerts.counts import standing
from collector.coverage.sight import SeenCount, Sight
from collector.disclosure.operators import Operator
from collector.disclosure.origins import openness, origins_of
from collector.model import Aircraft, Airfield, Landing, Place, Revision, Watch
from collector.model.dating import known_week, weeks_of_landing
from collector.model.review import CONFIRMED, REJECTED
from collector.model.stop import Side, Stop
from collector.model.terms import Terms
from collector.model.watch import airfield_on
from collector.reports import formatting, seen
from collector.reports.exports.table import Row
from collector.reports.formatting import iso_z
from collector.reports.landing import summary
from collector.reports.stops import stop_title
from collector.reports.titles import with_names
from collector.reports.undated import weeks_with_chances
from collector.tracking import Fix
from collector.weeks import week_bounds

JOIN = "; "
"""Stands between several values of one cell."""


def landing_row(
    landing: Landing,
    watches: Sequence[Watch],
    operator: Operator,
    *,
    airfields: Sequence[Airfield],
    terms: Mapping[str, Terms],
    withdrawal: Revision | None = None,
) -> Row:
    """Return the row of a landing. `watches` are those to which it belongs, at least one.

    `withdrawal` is the change that withdrew it, if it was.
    """
    detection = landing.detection
    places = [
        place.name for watch in watches for place in watch.places if standing(landing, watch, place)
    ]
    day = detection.touchdown_at.date()
    field = None if landing.airfield is None else airfield_on(airfields, landing.airfield, day)
    zone = (
        summary.local_zone(detection, airfields, watches[0].zone) if field is None else field.zone
    )
    left = detection.departed_at
    withdrawn = withdrawal if _withdrawn(landing) else None
    origins = origins_of(landing.feeds, terms)
    weeks = weeks_of_landing(detection, watches[0].zone)
    return {
        "id": landing.id,
        "watches": JOIN.join(watch.name for watch in watches),
        "icao24": detection.icao24,
        "registration": landing.registration,
        "type": landing.type_code,
        "operator": operator.name,
        "operator_source": operator.source,
        "callsign": detection.callsign,
        "airfield": landing.airfield,
        "airfield_name": None if field is None else field.name,
        "candidates": formatting.either(detection.candidates) if detection.candidates else None,
        "lat_deg": None if field is None else field.lat_deg,
        "lon_deg": None if field is None else field.lon_deg,
        "touchdown_at": iso_z(detection.touchdown_at),
        "uncertainty_s": round(detection.uncertainty_s, 1),
        "touchdown_local": _local(detection.touchdown_at, zone),
        "zone": zone,
        "week": known_week(detection, watches[0].zone),
        "departed_at": None if left is None else iso_z(left),
        "stay_min": None if left is None else _minutes(left - detection.touchdown_at),
        "runway": detection.runway,
        "grade": landing.grade.value,
        "probability": round(detection.probability, 4),
        "certainty": summary.grade_words(landing),
        "counted": bool(places),
        "counted_at": JOIN.join(dict.fromkeys(places)) or None,
        "status": status_of(landing, counted=bool(places)),
        "why": with_names(summary.leading_evidence(detection), airfields, day),
        "withdrawn_at": None if withdrawn is None else iso_z(withdrawn.at),
        "withdrawn_because": withdrawn.reason if withdrawn and withdrawn.rules_version else None,
        "sources": _sources(origins),
        "open_data": openness(origins),
        "weeks": weeks_with_chances(weeks) if len(weeks) > 1 else None,
        "earliest_at": None if detection.unheard is None else iso_z(detection.touchdown_span[0]),
        "latest_at": None if detection.unheard is None else iso_z(detection.touchdown_span[1]),
        **_stop_cells(landing.stop(Side.PREVIOUS), "previous"),
        **_stop_cells(landing.stop(Side.NEXT), "next"),
        "final_leg_not_seen": landing.final_leg_not_seen,
    }


def status_of(landing: Landing, *, counted: bool) -> str:
    """Return what becomes of a landing in the counts, as one of `columns.STATUSES`.

    An undetermined landing may count at a place of several airfields, and stays undetermined.
    """
    if landing.review == REJECTED:
        return "rejected"
    if _withdrawn(landing):
        return "withdrawn"
    if landing.airfield is None:
        return "undetermined"
    if counted:
        return "counted"
    return "possible" if landing.grade.value == "possible" else "not-counted"


def week_row(
    row: Mapping[str, Any],
    watch: Watch,
    place: Place,
    *,
    airfields: Sequence[Airfield],
    not_listed: int,
) -> Row:
    """Return the row of a week, out of a row of `weeks --json` (`json_rows.week_row`)."""
    begin, _end = week_bounds(row["week"], watch.zone)
    first = begin.astimezone(ZoneInfo(watch.zone)).date()
    count = SeenCount(row["at_least"], row["found"], Sight(row["coverage"], row["seen"]))
    field = airfield_on(airfields, place.airfields[0], begin.astimezone(UTC).date())
    alone = field if len(place.airfields) == 1 else None
    archive = row["archive"]
    return {
        "watch": watch.name,
        "airfield": place.name,
        "week": row["week"],
        "begins_on": first.isoformat(),
        "ends_on": (first + timedelta(days=6)).isoformat(),
        "zone": watch.zone,
        "lat_deg": None if alone is None else alone.lat_deg,
        "lon_deg": None if alone is None else alone.lon_deg,
        "statement": seen.landings_words(count),
        "count": row["count"],
        "at_least": row["at_least"],
        "at_most": row["at_most"],
        "found": row["found"],
        "seen": row["seen"],
        "coverage": row["coverage"],
        "not_seen": row["not_seen"],
        "alert": row["alert"],
        "archive": None if archive is None else archive["told"],
        "not_listed": not_listed,
        "undated": len(row["undated"]),
        "final_leg_not_seen": len(row["final_leg_not_seen"]),
    }


def fix_row(landing: Landing, fix: Fix, terms: Mapping[str, Terms]) -> Row:
    """Return the row of a placed fix around a landing."""
    origins = origins_of(fix.feeds, terms)
    return {
        "landing_id": landing.id,
        "at": _iso_ms(fix.at),
        "icao24": landing.detection.icao24,
        "lat_deg": _rounded(fix.lat_deg, 6),
        "lon_deg": _rounded(fix.lon_deg, 6),
        "altitude_ft": _rounded(fix.altitude_ft, 0),
        "altitude_error_ft": None if fix.altitude_ft is None else round(fix.altitude_error_ft),
        "on_ground": fix.on_ground,
        "ground_speed_kt": _rounded(fix.ground_speed_kt, 1),
        "track_deg": _rounded(fix.track_deg, 1),
        "vertical_rate_fpm": _rounded(fix.vertical_rate_fpm, 0),
        "callsign": fix.callsign,
        "sources": _sources(origins),
        "open_data": openness(origins),
    }


def aircraft_row(
    aircraft: Aircraft, watches: Sequence[str], operator: Operator, landings: Iterable[Row]
) -> Row:
    """Return the row of an airframe. `landings` are its rows of the landings' table that count."""
    touchdowns = sorted(row["touchdown_at"] for row in landings)
    return {
        "icao24": aircraft.icao24,
        "valid_from": aircraft.valid_from.isoformat() if aircraft.valid_from else None,
        "valid_to": aircraft.valid_to.isoformat() if aircraft.valid_to else None,
        "registration": aircraft.registration,
        "type": aircraft.type_code,
        "operator": operator.name,
        "operator_source": operator.source,
        "fleet": aircraft.fleet or None,
        "watches": JOIN.join(watches),
        "landings": len(touchdowns),
        "first_landing": touchdowns[0] if touchdowns else None,
        "last_landing": touchdowns[-1] if touchdowns else None,
    }


def _stop_cells(stop: Stop | None, side: str) -> Row:
    """Return the cells of a stop, all empty if it was not looked for."""
    known = stop is not None and stop.known
    at = stop.at if stop is not None else None
    cells = {
        "": stop.airfield if stop is not None else None,
        "_seen": None if stop is None else stop_title(stop),
        "_at": None if at is None else iso_z(at),
        "_grade": stop.grade.value if stop is not None and stop.grade is not None else None,
        "_direct": stop.direct if stop is not None and known else None,
    }
    return {f"{side}_stop{name}": value for name, value in cells.items()}


def _withdrawn(landing: Landing) -> bool:
    return landing.retracted and landing.review != CONFIRMED


def _sources(origins: Iterable[Terms]) -> str | None:
    return JOIN.join(origin.attribution for origin in origins) or None


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _minutes(span: timedelta) -> float:
    return round(span.total_seconds() / 60, 1)


def _iso_ms(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _rounded(value: float | None, digits: int) -> float | int | None:
    if value is None:
        return None
    return round(value, digits) if digits else round(value)
