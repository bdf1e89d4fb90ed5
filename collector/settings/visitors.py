"""Which unlisted aircraft are followed near the watched airfields? Those that [visitors] names."""

from __future__ import annotations

from collections.abc import Sequence

from collector.errors import Mistake
from collector.model import Place, Watch
from collector.settings.sources import Gathered
from collector.settings.watch_schema import VisitorsPart
from collector.watches.visitors import VISITORS, VisitorRule

_AIRCRAFT_KEYS = ("types", "categories", "icao24", "registrations", "callsigns", "operators")


def visitors_from(
    part: VisitorsPart, watches: Sequence[Watch], gathered: Gathered
) -> tuple[VisitorRule | None, list[Mistake]]:
    """Return the rule (None if switched off) and the mistakes in it."""
    if not part.enabled:
        return None, []
    lines = Watch(
        name=VISITORS,
        places=tuple(
            Place((code,)) for code in dict.fromkeys(c for w in watches for c in w.airfields)
        ),
        icao24=tuple(part.icao24),
        registrations=tuple(part.registrations),
        callsigns=tuple(part.callsigns),
        operators=tuple(part.operators),
        types=tuple(part.types),
        exclude=tuple(part.exclude),
        zone=watches[0].zone if watches else "UTC",
    )
    rule = VisitorRule(
        lines=lines,
        categories=frozenset(part.categories),
        within_nm=part.within_nm,
        below_ft=part.below_ft,
    )
    if any(getattr(part, key) for key in _AIRCRAFT_KEYS):
        return rule, []
    what = f"names no aircraft; add one of {', '.join(_AIRCRAFT_KEYS)}, or set `enabled = false`"
    return rule, [Mistake(gathered.where(("visitors",), "visitors"), what)]
