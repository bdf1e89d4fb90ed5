"""What does Datasette show of the tables? Titles, the meaning of columns, and ready queries.

One description is for the exported package, one for the collector's own database. The format is
that of `metadata.json` (https://docs.datasette.io/en/stable/metadata.html). Datasette 1.0 reads
ready queries from its configuration, so there the same file is given as `--config` too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent
from typing import Any

from collector.reports.exports.table import NOTICE, Export, all_origins, attribution_lines

VIEWS: Mapping[str, str] = {
    "landings_for_people": "Landings without the columns for machines, newest first.",
    "landings_by_week": (
        "Landings by watch, ISO week and airfield. It holds what was found, not what could be "
        "seen: a week without a row is no zero (collector weeks)."
    ),
    "corrections": "Every change of a landing after it was found, newest first.",
    "reviews_for_people": "Every verdict of a person, beside what the rules say now.",
    "standing_reviews": "The verdict that holds of each landing that was ever reviewed.",
    "feed_health": "Whether each feed answers, and how much of its last day it did.",
    "mails": "Which mails were written, and whether they left.",
}
"""The SQL views of the database, each with its meaning. docs/exports.md describes their columns."""

_DATABASE_QUERIES: Mapping[str, tuple[str, str]] = {
    "landings_of_an_aircraft": (
        "Landings of one aircraft (its 24-bit address)",
        """
        SELECT id, registration, airfield, touchdown_at, departed_at, grade, probability, review,
            retracted
        FROM landings WHERE icao24 = lower(:icao24) ORDER BY touchdown_at
        """,
    ),
    "history_of_a_landing": (
        "Every change of one landing",
        """
        SELECT at, change, reason, rules_version, touchdown_before
        FROM revisions WHERE landing_id = :id ORDER BY number
        """,
    ),
    "reports_around_a_landing": (
        "Every report of its aircraft within three hours of a landing",
        """
        SELECT o.at, o.feed, o.lat_deg, o.lon_deg, o.baro_altitude_ft, o.geom_altitude_ft,
            o.on_ground, o.ground_speed_kt, o.track_deg, o.vertical_rate_fpm, o.callsign, o.source
        FROM landings AS l JOIN observations AS o ON o.icao24 = l.icao24
            AND o.slot BETWEEN (unixepoch(l.touchdown_at) - 10800) / 8
                AND (unixepoch(l.touchdown_at) + 10800) / 8
        WHERE l.id = :id ORDER BY o.at, o.feed
        """,
    ),
    "landings_by_year": (
        "Landings by watch, year of the ISO week and airfield",
        """
        SELECT watch,
            CASE
                WHEN week NOT GLOB '[0-9]*' THEN week
                WHEN substr(week, 1, 4) = substr(week, -8, 4) THEN substr(week, 1, 4)
                ELSE substr(week, 1, 4) || ' or ' || substr(week, -8, 4)
            END AS year, airfield, sum(landings) AS landings,
            sum(confirmed) AS confirmed, sum(probable) AS probable, sum(possible) AS possible
        FROM landings_by_week GROUP BY watch, year, airfield ORDER BY watch, year, airfield
        """,
    ),
}
_PACKAGE_QUERIES: Mapping[str, tuple[str, str, str]] = {
    "counted_by_month": (
        "landings",
        "Counted landings by month and airfield",
        """
        SELECT substr(coalesce(nullif(earliest_at, ''), touchdown_at), 1, 7) || iif(
                substr(earliest_at, 1, 7) <> substr(latest_at, 1, 7),
                ' or ' || substr(latest_at, 1, 7), '') AS month,
            airfield, count(*) AS landings
        FROM landings WHERE counted = 'true' GROUP BY month, airfield ORDER BY month, airfield
        """,
    ),
    "counted_by_aircraft": (
        "landings",
        "Counted landings of each aircraft, with the first and the last",
        """
        SELECT registration, icao24, operator, count(*) AS landings, min(touchdown_at) AS first,
            max(touchdown_at) AS last
        FROM landings WHERE counted = 'true'
        GROUP BY registration, icao24, operator ORDER BY landings DESC, registration
        """,
    ),
    "not_counted": (
        "landings",
        "Landings that do not count, and what became of them",
        """
        SELECT id, registration, touchdown_at, status, certainty, withdrawn_at, withdrawn_because
        FROM landings WHERE counted = 'false' ORDER BY touchdown_at
        """,
    ),
    "not_seen": (
        "weeks",
        "Weeks in which too little could be seen to say none",
        """
        SELECT week, watch, airfield, statement, seen, not_seen
        FROM weeks WHERE not_seen <> '' ORDER BY week, watch, airfield
        """,
    ),
}
"""Each query with the table that it reads, its title and its SQL."""


def of_package(name: str, exports: Sequence[Export]) -> dict[str, Any]:
    """Return the description of a database `name` into which the package's CSV files were read."""
    present = {each.table.name for each in exports}
    queries = {
        key: (title, sql)
        for key, (table, title, sql) in _PACKAGE_QUERIES.items()
        if table in present
    }
    return {
        "title": "Landings of watched aircraft",
        "description": " ".join([NOTICE, *attribution_lines(all_origins(exports))]),
        "databases": {
            name: {
                "tables": {
                    each.table.name: {
                        "title": each.table.title,
                        "description": each.table.meaning,
                        "columns": {column.name: column.meaning for column in each.table.columns},
                    }
                    for each in exports
                },
                "queries": _queries(queries),
            }
        },
    }


def of_database(name: str) -> dict[str, Any]:
    """Return the description of the collector's own database, which others must not see.

    It names recipients, reviewers and receivers.
    """
    return {
        "title": "The collector's database",
        "description": (
            "For the operator alone: it names recipients, reviewers and receivers, and what it "
            "says of the present may lead somebody to an aircraft. Share an export instead."
        ),
        "databases": {
            name: {
                "tables": {view: {"description": meaning} for view, meaning in VIEWS.items()},
                "queries": _queries(_DATABASE_QUERIES),
            }
        },
    }


def _queries(queries: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    return {
        name: {"title": title, "sql": dedent(sql).strip()} for name, (title, sql) in queries.items()
    }
