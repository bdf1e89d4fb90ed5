"""How low is a field heard? Just now by who flew there, else as earlier days taught."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from collector.coverage.learned import learned_for
from collector.landings.context import Context
from collector.landings.evidence.silence import lowest_heard
from collector.model import Airfield, Evidence
from collector.model.coverage import BAND_FLOORS_FT

MAX_NAMED_FIELDS = 4
"""So many fields are named in the sentence, the candidates first."""


def coverage_floor(context: Context, field: Airfield, at: datetime) -> int | None:
    """The lower of what others proved about then and of what is usual there; None: unknown."""
    today = lowest_heard(context.slots, field, at, context.rules)
    usual = _usual(context, field, at)
    return min((band for band in (today, usual) if band is not None), default=None)


def learned_lines(
    context: Context, weighed: Collection[str], candidates: Sequence[str], at: datetime
) -> tuple[Evidence, ...]:
    """The sentence on what was learned, where it decided for any of the fields that were weighed
    how low they are heard (ICAO codes); the value's version is part of it."""
    value = learned_for(context.learned, at)
    fields = [each for each in context.fields if each.icao in weighed]
    decided = {
        each.icao: usual for each in fields if (usual := _decides(context, each, at)) is not None
    }
    if value is None or not decided:
        return ()
    order = sorted(decided, key=lambda icao: (icao not in candidates, icao))[:MAX_NAMED_FIELDS]
    named = ", ".join(
        f"{icao} {'is usually heard ' if icao == order[0] else ''}{down_to(decided[icao])}"
        for icao in order
    )
    text = f"As learned from {value.days} days to {value.last_day} ({value.version}), {named}."
    return (Evidence(at, "learned", text, "neutral"),)


def down_to(band: int) -> str:
    """How low a band is, for a sentence.

    >>> down_to(0), down_to(3)
    ('below 2,000 ft', 'down to 6,000 ft')
    """
    return f"down to {BAND_FLOORS_FT[band]:,} ft" if band else f"below {BAND_FLOORS_FT[1]:,} ft"


def _usual(context: Context, field: Airfield, at: datetime) -> int | None:
    value = learned_for(context.learned, at)
    return None if value is None else value.lowest_about(field, context.rules.lowest_radius_nm)


def _decides(context: Context, field: Airfield, at: datetime) -> int | None:
    """What is usual at a field, if nobody proved as much about then."""
    usual = _usual(context, field, at)
    if usual is None:
        return None
    today = lowest_heard(context.slots, field, at, context.rules)
    return usual if today is None or usual < today else None
