"""Which columns does each export have? `LANDINGS`, `WEEKS`, `FIXES` and `AIRCRAFT`.

The columns are a contract: some may be added, but none is ever renamed or given another meaning.
`docs/exports.md` and the Data Package's schema are made from this module.
"""

from __future__ import annotations

from collector.reports.exports.table import Column, Table

STATUSES = ("counted", "not-counted", "possible", "undetermined", "rejected", "withdrawn")
OPEN = ("all", "part", "none")

_SOURCES = Column(
    "sources", "string", "Whose data the row rests on, by the attribution that must be printed."
)
_OPEN = Column(
    "open_data",
    "string",
    "How much of the data that the row rests on may be passed on by their terms.",
    OPEN,
)

_STOPS = tuple(
    column
    for side, when in (("previous", "left"), ("next", "touched down at"))
    for column in (
        Column(
            f"{side}_stop",
            "string",
            f"Code of the {side} stop seen; empty if it is undetermined or not known. It is not "
            "the origin or destination of a cargo.",
        ),
        Column(
            f"{side}_stop_seen",
            "string",
            f"The {side} stop seen by name, or the airfields that it may have been; `not known` "
            "if it is not; empty if it was not looked for, or may not leave yet.",
        ),
        Column(f"{side}_stop_at", "datetime", f"When it {when} the {side} stop, UTC."),
        Column(
            f"{side}_stop_grade",
            "string",
            f"Grade of the {side} stop: confirmed, probable or possible; empty if it is not known.",
        ),
        Column(
            f"{side}_stop_direct",
            "boolean",
            "Whether no time is left for a further stop in between; empty if it is not known.",
        ),
    )
)

LANDINGS = Table(
    "landings",
    "Landings",
    "One row for each landing, whatever it counts for: filter by `counted`, or by `status`.",
    (
        Column("id", "key", "Stable name of the landing; it never changes.", required=True),
        Column("watches", "string", "The watches to which the landing belongs.", required=True),
        Column("icao24", "address", "24-bit address of the aircraft.", required=True),
        Column("registration", "string", "Registration of the aircraft."),
        Column("type", "string", "ICAO type designator (Doc 8643), like IL76."),
        Column("operator", "string", "Operator on the day of the landing.", required=True),
        Column("operator_source", "string", "Who says that it was the operator.", required=True),
        Column("callsign", "string", "Callsign as transmitted, which anybody may forge."),
        Column("airfield", "string", "ICAO code of the airfield; empty if it is undetermined."),
        Column("airfield_name", "string", "Name of the airfield on that day."),
        Column("candidates", "string", "Airfields that it may have been, with probabilities."),
        Column("lat_deg", "number", "Latitude of the airfield, not of the aircraft."),
        Column("lon_deg", "number", "Longitude of the airfield, not of the aircraft."),
        Column("touchdown_at", "datetime", "Touchdown, UTC.", required=True),
        Column("uncertainty_s", "number", "± seconds of the touchdown.", required=True),
        Column("touchdown_local", "local", "Touchdown by the clocks of the airfield."),
        Column("zone", "string", "Time zone of these clocks."),
        Column(
            "week",
            "string",
            "ISO week of the touchdown, in the first watch's time zone; empty if it is not known.",
        ),
        Column("departed_at", "datetime", "Departure, UTC; empty if none was heard."),
        Column("stay_min", "number", "Minutes from touchdown to departure."),
        Column("runway", "string", "Runway of the touchdown, if it is known."),
        Column("grade", "string", "The grade.", ("confirmed", "probable", "possible"), True),
        Column("probability", "number", "Probability of the landing, 0 to 1.", required=True),
        Column("certainty", "string", "How sure the landing is, in words.", required=True),
        Column("counted", "boolean", "Whether it counts at any place of its watches.", (), True),
        Column("counted_at", "string", "The places at which it counts."),
        Column("status", "string", "What becomes of it in the counts.", STATUSES, True),
        Column("why", "string", "The evidence that carries the verdict, in one sentence."),
        Column("withdrawn_at", "datetime", "When it was withdrawn, UTC."),
        Column("withdrawn_because", "string", "Why it was withdrawn."),
        _SOURCES,
        _OPEN,
        Column("weeks", "string", "Weeks that it may lie in, with chances, if it is not known."),
        Column("earliest_at", "datetime", "First possible touchdown, if nobody heard it arrive."),
        Column("latest_at", "datetime", "Last possible touchdown, if nobody heard it arrive."),
        *_STOPS,
        Column(
            "final_leg_not_seen",
            "boolean",
            "Whether the aircraft fell silent on its way in and no airfield can be named.",
            (),
            True,
        ),
    ),
    ("id",),
)

WEEKS = Table(
    "weeks",
    "Weeks",
    "One row for each watch, place and ISO week. Read `statement`: an empty `count` is no zero.",
    (
        Column("watch", "string", "Name of the watch.", required=True),
        Column("airfield", "string", "The place: one airfield, or several with `or`.", (), True),
        Column("week", "string", "ISO week, like 2026-W47.", required=True),
        Column("begins_on", "date", "Monday of the week.", required=True),
        Column("ends_on", "date", "Sunday of the week.", required=True),
        Column("zone", "string", "Time zone in which the week is counted.", required=True),
        Column("lat_deg", "number", "Latitude of the airfield; empty if there are several."),
        Column("lon_deg", "number", "Longitude of the airfield; empty if there are several."),
        Column("statement", "string", "The count in words, with what could be seen.", (), True),
        Column("count", "integer", "Landings; empty where none was found and none could be seen."),
        Column("at_least", "integer", "Landings that were found and count.", required=True),
        Column("at_most", "integer", "The upper bound; empty where too little could be seen."),
        Column("found", "integer", "All landings found, undetermined ones included.", (), True),
        Column("seen", "number", "Share of the week that could be seen, 0 to 1.", required=True),
        Column("coverage", "number", "Share in which aircraft were heard at any height.", (), True),
        Column("not_seen", "string", "Why nothing can be said; empty where something can."),
        Column(
            "alert",
            "string",
            "State of the watch's rules in that week.",
            ("ok", "firing", "resolved", "not-seen"),
            True,
        ),
        Column("archive", "string", "What an archive says, where it alone was read."),
        Column(
            "not_listed",
            "integer",
            "How many landings of `found` the landings' table leaves out, since nobody is named "
            "as the aircraft's operator, or (in published pages) since they have no page.",
            (),
            True,
        ),
        Column(
            "undated",
            "integer",
            "How many landings of `found` count, but perhaps in another week.",
            (),
            True,
        ),
        Column(
            "final_leg_not_seen",
            "integer",
            "How many of `found` fell silent on the way in, with no airfield to name; none counts.",
            (),
            True,
        ),
    ),
    ("watch", "airfield", "week"),
)

FIXES = Table(
    "fixes",
    "Fixes",
    "One row for each believed position of an aircraft around one of the landings.",
    (
        Column("landing_id", "key", "`id` of the landing.", required=True),
        Column("at", "instant", "Time of the position, UTC, to the millisecond.", required=True),
        Column("icao24", "address", "24-bit address of the aircraft.", required=True),
        Column("lat_deg", "number", "Latitude, WGS84.", required=True),
        Column("lon_deg", "number", "Longitude, WGS84.", required=True),
        Column("altitude_ft", "number", "Height above mean sea level; empty if not reported."),
        Column("altitude_error_ft", "number", "± feet of that height."),
        Column("on_ground", "boolean", "Whether it was reported as on the ground."),
        Column("ground_speed_kt", "number", "Speed over the ground, knots."),
        Column("track_deg", "number", "Direction of flight, degrees from true north."),
        Column("vertical_rate_fpm", "number", "Climb (+) or descent (-), feet a minute."),
        Column("callsign", "string", "Callsign as transmitted, which anybody may forge."),
        _SOURCES,
        _OPEN,
    ),
    ("landing_id", "at"),
)

AIRCRAFT = Table(
    "aircraft",
    "Aircraft",
    "One row for each airframe and time of validity in the fleet files, and for every other "
    "aircraft of the landings.",
    (
        Column("icao24", "address", "24-bit address of the aircraft.", required=True),
        Column("valid_from", "date", "First day of the row; empty if it is open."),
        Column("valid_to", "date", "First day after the row; empty if it is open."),
        Column("registration", "string", "Registration of the aircraft."),
        Column("type", "string", "ICAO type designator (Doc 8643), like IL76."),
        Column("operator", "string", "Operator in that time.", required=True),
        Column("operator_source", "string", "Who says that it is the operator.", required=True),
        Column("fleet", "string", "The fleet file that lists it; empty if none does."),
        Column("watches", "string", "The watches that want it.", required=True),
        Column("landings", "integer", "Landings in the landings' table that count.", (), True),
        Column("first_landing", "datetime", "Touchdown of the first of these, UTC."),
        Column("last_landing", "datetime", "Touchdown of the last of these, UTC."),
    ),
    ("icao24", "valid_from", "watches"),
)

TABLES = (LANDINGS, WEEKS, FIXES, AIRCRAFT)
