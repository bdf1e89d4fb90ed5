"""How low is traffic received at a field? The hours before the silence show it, else what earlier
days taught."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from collector.coverage.learned import learned_for
from collector.landings.context import Context
from collector.landings.evidence.silence_coverage import lowest_heard
from collector.model import Airfield, Evidence
from collector.model.coverage import BAND_FLOORS_FT

MAX_NAMED_FIELDS = 4
"""Fields that the sentence names, the candidates first."""


def coverage_floor(context: Context, field: Airfield, at: datetime) -> int | None:
    """Return the lower of the bands proven then and usual at the field; None if unknown."""
    today = lowest_heard(context.slots, field, at, context.rules)
    usual = _usual(context, field, at)
    return min((band for band in (today, usual) if band is not None), default=None)


def learned_lines(
    context: Context, weighed: Collection[str], candidates: Sequence[str], at: datetime
) -> tuple[Evidence, ...]:
    """Return the sentence on what was learned, if that decided the coverage floor of any weighed
    field.

    `weighed` and `candidates` are ICAO codes. The value's version is part of the sentence.
    """
    value = learned_for(context.learned, at)
    fields = [each for each in context.fields if each.icao in weighed]
    decided = {
        each.icao: usual for each in fields if (usual := _decides(context, each, at)) is not None
    }
    if value is None or not decided:
        return ()
    order = sorted(decided, key=lambda icao: (icao not in candidates, icao))[:MAX_NAMED_FIELDS]
    named = ", ".join(
        f"{'aircraft are usually heard ' if icao == order[0] else ''}at {icao} "
        f"{down_to(decided[icao])}"
        for icao in order
    )
    text = f"As learned from the {value.days} days to {value.last_day} ({value.version}), {named}."
    return (Evidence(at, "learned", text, "neutral"),)


def down_to(band: int) -> str:
    """Return a band's height for a sentence.

    >>> down_to(0), down_to(3)
    ('below 2,000 ft', 'down to 6,000 ft')
    """
    return f"down to {BAND_FLOORS_FT[band]:,} ft" if band else f"below {BAND_FLOORS_FT[1]:,} ft"


def _usual(context: Context, field: Airfield, at: datetime) -> int | None:
    """Return the band that is usual at the field; None if nothing was learned."""
    value = learned_for(context.learned, at)
    return None if value is None else value.lowest_about(field, context.rules.lowest_radius_nm)


def _decides(context: Context, field: Airfield, at: datetime) -> int | None:
    """Return the usual band if traffic did not prove as much then; else None."""
    usual = _usual(context, field, at)
    if usual is None:
        return None
    today = lowest_heard(context.slots, field, at, context.rules)
    return usual if today is None or usual < today else None
