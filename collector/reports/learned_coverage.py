"""How is the learned coverage shown? As one line for people and as a row for machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from collector.coverage.learned import LEAST_DAYS, Learned
from collector.landings.evidence.coverage_floor import down_to
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.model.coverage import BAND_FLOORS_FT
from collector.reports.formatting import percent

MIN_JAMMED_SHARE = 0.01
"""A feed that looked jammed in a smaller share of its replies is left out of the line."""


def learned_line(row: Mapping[str, Any] | None, name: Callable[[str], str] | None = None) -> str:
    """Return how low aircraft at each airfield are usually received, as a sentence.

    `row` comes from `learned_row`. `name`, which gives an airfield's name by its code, makes it a
    sentence for readers: with names, and without the version of what was learned.
    """
    if row is None:
        return (
            "The usual coverage is not known yet: it takes at least "
            f"{LEAST_DAYS} days of coverage to learn it."
        )
    parts = "; ".join(
        [
            f"{name(one['airfield']) if name else one['airfield']} {one['usually']}"
            for one in row["airfields"]
        ]
        + [
            f"{one['feed']} jammed {percent(one['jammed'])}"
            for one in row["feeds"]
            if one["jammed"] >= MIN_JAMMED_SHARE
        ]
    )
    version = "" if name else f" ({row['version']})"
    return (
        f"Usual coverage, learned from {row['days']} days to {row['last_day']}"
        f"{version}: {parts or 'no airfield is watched'}."
    )


def learned_row(value: Learned | None, fields: Sequence[Airfield]) -> dict[str, Any] | None:
    """Return the learned coverage as a row for machines; None if nothing is learned yet."""
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
        "airfields": [_airfield_row(value, field) for field in fields],
    }


def _airfield_row(value: Learned, field: Airfield) -> dict[str, Any]:
    """How low aircraft are usually received by any feed and by each; lower edges of bands, feet."""
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
    """The lower edge of a band; 0 for the lowest band, which reaches the ground."""
    return None if band is None else max(0, BAND_FLOORS_FT[band])
