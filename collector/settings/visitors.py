"""Which aircraft are followed near the watched airfields though no watch names them?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.errors import Mistake
from collector.model import Place, Watch
from collector.settings.sources import Gathered
from collector.settings.watch_schema import VisitorsPart
from collector.watches.visitors import VISITORS, VisitorRule

_LINES = ("types", "categories", "icao24", "registrations", "callsigns", "operators")


def visitors_from(
    part: VisitorsPart, watches: Sequence[Watch], gathered: Gathered
) -> tuple[VisitorRule | None, list[Mistake]]:
    """The rule, None where it is switched off, and what is wrong with it."""
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
    if any(getattr(part, line) for line in _LINES):
        return rule, []
    what = "names no aircraft: give it one of " + ", ".join(_LINES) + "; or set `enabled = false`"
    return rule, [Mistake(gathered.where(("visitors",), "visitors"), what)]
