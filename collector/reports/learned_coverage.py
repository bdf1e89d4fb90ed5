"""How is it told what was learned of coverage? One line, and a row for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from collector.coverage.learned import LEAST_DAYS, Learned
from collector.landings.evidence.coverage_floor import down_to
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.model.coverage import BAND_FLOORS_FT
from collector.reports.formatting import percent

TOLD_JAMMED_FROM = 0.01
"""A feed that looked jammed in a smaller share of its answers is not mentioned."""


def learned_line(row: Mapping[str, Any] | None) -> str:
    """How low each field is usually heard, by any feed, from `learned_row`; without a full stop."""
    if row is None:
        return (
            f"nothing learned yet of how low fields are usually heard: it takes {LEAST_DAYS} days "
            "of hearing before a week, and a silence in it to be judged"
        )
    told = "; ".join(
        [f"{one['airfield']} {one['usually']}" for one in row["airfields"]]
        + [
            f"{one['feed']} jammed {percent(one['jammed'])}"
            for one in row["feeds"]
            if one["jammed"] >= TOLD_JAMMED_FROM
        ]
    )
    return (
        f"usually heard, as learned from {row['days']} days to {row['last_day']} "
        f"({row['version']}): {told or 'no airfield is watched'}"
    )


def learned_row(value: Learned | None, fields: Sequence[Airfield]) -> dict[str, Any] | None:
    """What was learned, for machines; None where nothing was yet."""
    if value is None:
        return None
    return {
        "version": value.version,
        "first_day": value.first_day.isoformat(),
        "last_day": value.last_day.isoformat(),
        "days": value.days,
        "feeds": [
            {"feed": one.feed, "answered": one.answered, "jammed": one.jammed}
            for one in value.feeds
        ],
        "airfields": [_field(value, field) for field in fields],
    }


def _field(value: Learned, field: Airfield) -> dict[str, Any]:
    """How low it is usually heard by any feed, and by each; feet, the lower edge of the band."""
    rules = LandingRules()
    by_feed = {
        one.feed: _floor_ft(value.lowest_about(field, rules.lowest_radius_nm, (one.feed,)))
        for one in value.feeds
    }
    return {
        "airfield": field.icao,
        "usually": _usually(value, field),
        "lowest_ft": _floor_ft(value.lowest_about(field, rules.lowest_radius_nm)),
        "by_feed": by_feed,
    }


def _usually(value: Learned, field: Airfield) -> str:
    band = value.lowest_about(field, LandingRules().lowest_radius_nm)
    return "not heard" if band is None else down_to(band)


def _floor_ft(band: int | None) -> int | None:
    """The lower edge; 0 for the lowest band, which goes down to the ground."""
    return None if band is None else max(0, BAND_FLOORS_FT[band])
