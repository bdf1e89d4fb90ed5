"""How is a landing written in a row of the database, and read from it?"""

from __future__ import annotations

import sqlite3

from collector.model import (
    Candidate,
    Detection,
    Evidence,
    Grade,
    Landing,
    Revision,
    WatchMatch,
)
from collector.model.landing import LandingBefore
from collector.model.review import standing_review
from collector.model.stop import Stop
from collector.model.unheard import UnheardArrival
from collector.store import reviews
from collector.store.encoding import (
    from_json,
    from_json_or_none,
    moment,
    moment_or_none,
    stamp,
    stamp_or_none,
    storable,
    to_json,
)
from collector.watches.visitors import unlisted

COLUMNS = (
    "id",
    "icao24",
    "registration",
    "type_code",
    "callsign",
    "airfield",
    "candidates_json",
    "touchdown_at",
    "uncertainty_s",
    "departed_at",
    "runway",
    "grade",
    "probability",
    "evidence_json",
    "feeds_json",
    "visit_from",
    "visit_until",
    "first_known_at",
    "revised_at",
    "retracted",
    "unlisted",
    "departed_uncertainty_s",
    "unheard_json",
    "earliest_at",
    "latest_at",
)
"""The columns of a landing, in the order of `landing_values`."""

LANDING_SELECT = (
    "SELECT l.*, (SELECT json_group_array(json_array(watch, matched_by, counted, doubt)) FROM "
    "(SELECT * FROM landing_watches WHERE landing_id = l.id ORDER BY number)) AS watches_json, "
    f"({reviews.OF_LANDING}) AS reviews_json, "
    "(SELECT json_group_array(json(stop_json)) FROM (SELECT stop_json FROM stops "
    "WHERE landing_id = l.id ORDER BY side DESC)) AS stops_json "
    "FROM landings AS l"
)
"""Selects the rows that `landing_of` reads."""


def landing_values(landing: Landing) -> tuple[object, ...]:
    """Return one row, in the order of `COLUMNS`."""
    detection = landing.detection
    unheard = detection.unheard
    return (
        landing.id,
        detection.icao24,
        storable(landing.registration),
        storable(landing.type_code),
        storable(detection.callsign),
        detection.airfield,
        to_json(detection.candidates),
        stamp(detection.touchdown_at),
        detection.uncertainty_s,
        stamp_or_none(detection.departed_at),
        detection.runway,
        detection.grade.value,
        detection.probability,
        to_json(detection.evidence),
        to_json(detection.feeds),
        stamp(detection.visit_from),
        stamp(detection.visit_until),
        stamp(landing.first_known_at),
        stamp(landing.revised_at),
        landing.retracted,
        unlisted(landing.watches),
        detection.departed_uncertainty_s,
        None if unheard is None else to_json(unheard),
        None if unheard is None else stamp(unheard.earliest),
        None if unheard is None else stamp(unheard.latest),
    )


def landing_of(row: sqlite3.Row) -> Landing:
    """Return the landing of a row, with its watches and its standing review."""
    reviewed, reviewers = standing_review(reviews.reviews_of(row["reviews_json"]))
    return Landing(
        id=row["id"],
        detection=Detection(
            icao24=row["icao24"],
            airfield=row["airfield"],
            candidates=from_json(row["candidates_json"], tuple[Candidate, ...]),
            touchdown_at=moment(row["touchdown_at"]),
            uncertainty_s=row["uncertainty_s"],
            departed_at=moment_or_none(row["departed_at"]),
            departed_uncertainty_s=row["departed_uncertainty_s"],
            unheard=from_json_or_none(row["unheard_json"], UnheardArrival),
            runway=row["runway"],
            grade=Grade(row["grade"]),
            probability=row["probability"],
            callsign=row["callsign"],
            evidence=from_json(row["evidence_json"], tuple[Evidence, ...]),
            feeds=from_json(row["feeds_json"], tuple[str, ...]),
            visit_from=moment(row["visit_from"]),
            visit_until=moment(row["visit_until"]),
        ),
        registration=row["registration"],
        type_code=row["type_code"],
        watches=tuple(
            WatchMatch(watch, matched_by, bool(counted), doubt)
            for watch, matched_by, counted, doubt in from_json(
                row["watches_json"], list[tuple[str, str, int, str]]
            )
        ),
        first_known_at=moment(row["first_known_at"]),
        revised_at=moment(row["revised_at"]),
        retracted=bool(row["retracted"]),
        review=reviewed.verdict if reviewed else None,
        reviewed=reviewed,
        reviewers=reviewers,
        stops=from_json(row["stops_json"], tuple[Stop, ...]),
    )


def revision_of(row: sqlite3.Row) -> Revision:
    """Return the change of a landing in a row."""
    return Revision(
        landing_id=row["landing_id"],
        at=moment(row["at"]),
        change=row["change"],
        reason=row["reason"],
        rules_version=row["rules_version"],
        touchdown_before=moment_or_none(row["touchdown_before"]),
        unheard_before=from_json_or_none(row["unheard_before_json"], UnheardArrival),
        before=from_json_or_none(row["before_json"], LandingBefore),
    )
