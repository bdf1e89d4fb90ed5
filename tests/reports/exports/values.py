"""Exports to write tests about: hostile and usual ones of every table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from collector.coverage.sight import SeenCount, Sight
from collector.disclosure.operators import Operator
from collector.feeds.terms import ADSBLOL, LOCAL
from collector.model import Aircraft, Evidence, Landing, Revision
from collector.reports import json_rows
from collector.reports.exports import columns, rows
from collector.reports.exports.table import Export
from collector.tracking import Fix
from tests.support.landings import (
    AIRFIELDS,
    AT_OVDA,
    CONFIRMED,
    PROBABLE,
    TOUCHDOWN,
    UNDETERMINED,
    WATCH,
)

TERMS = {"adsblol": ADSBLOL, "roof": LOCAL}
OPERATOR = Operator("Silk Way Airlines", "a register")


def hostile(text: str) -> Landing:
    """A landing in which every text from outside is `text`."""
    return replace(
        PROBABLE,
        registration=text,
        type_code=text,
        detection=replace(
            PROBABLE.detection,
            callsign=text,
            runway=text,
            evidence=(Evidence(TOUCHDOWN, "approach", text, "for", "LLOV", (text,)),),
        ),
    )


def landing_row(landing: Landing, operator: Operator = OPERATOR, **more: Any) -> dict[str, Any]:
    return rows.landing_row(landing, [WATCH], operator, airfields=AIRFIELDS, terms=TERMS, **more)


def week_row(count: SeenCount, alert: str = "ok") -> dict[str, Any]:
    told = json_rows.week_row(
        watch=WATCH,
        airfield="LLOV",
        place_name="Ovda",
        week="2026-W47",
        count=count,
        alert=alert,
    )
    return rows.week_row(told, WATCH, AT_OVDA, airfields=AIRFIELDS, not_listed=0)


def exports(text: str = "AZQ4521") -> list[Export]:
    """All four tables, with `text` wherever something comes from outside."""
    operator = Operator(text, text)
    withdrawn = replace(CONFIRMED, retracted=True)
    change = Revision(withdrawn.id, TOUCHDOWN, "retracted", text, "5")
    fix = Fix(at=TOUCHDOWN, lat_deg=29.9, lon_deg=34.9, callsign=text, feeds=("roof",))
    origins = tuple(replace(each, attribution=text) for each in TERMS.values())
    found = [landing_row(hostile(text), operator), landing_row(UNDETERMINED, operator)]
    found.append(landing_row(withdrawn, operator, withdrawal=change))
    airframe = Aircraft(icao24="600865", registration=text, type_code=text, fleet=text)
    return [
        Export(columns.LANDINGS, found, origins),
        Export(columns.WEEKS, [week_row(SeenCount(0, 0, Sight(0.03, 0.03)))], origins),
        Export(columns.FIXES, [rows.fix_row(hostile(text), fix, TERMS)], origins),
        Export(
            columns.AIRCRAFT, [rows.aircraft_row(airframe, ["w"], operator, found[:1])], origins
        ),
    ]
