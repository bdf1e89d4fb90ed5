"""Would a landing that rests on a single doubted report on the ground count without that report?

One row may be wrong, so a landing of which only one report says "on the ground" is often no more
than possible. But if the silence that the report divides shows the landing by itself, the report
must not make it less certain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from collector.landings.contacts import Contacts, contacts_of
from collector.landings.context import Context
from collector.landings.segments import Gap, Stay, gaps_of
from collector.landings.unheard_landings import inferred_landing
from collector.model import Detection, Grade
from collector.tracking import Fixes


def supported(detection: Detection, stay: Stay, contacts: Contacts, context: Context) -> Detection:
    """Return the landing of a stay or, if that is doubted and the same track without its only
    report on the ground shows a landing at the same field that counts, that landing with the
    report among its evidence."""
    if detection.grade is not Grade.POSSIBLE or stay.reports != 1:
        return detection
    index = bisect_left(contacts.ats, stay.first.fix.at)
    while contacts[index].fix is not stay.first.fix:
        index += 1
    rest = _without(contacts, index, context)
    gap = _gap_at(index, gaps_of(rest, context.rules))
    found = None if gap is None else inferred_landing(detection.icao24, rest, gap, context)
    if found is None or found.grade is Grade.POSSIBLE or found.airfield != detection.airfield:
        return detection
    reports = [each for each in detection.evidence if each.kind == "ground-contact"]
    lines = sorted((*found.evidence, *reports), key=lambda line: (line.at, line.kind))
    return replace(found, evidence=tuple(lines))


def _without(contacts: Contacts, index: int, context: Context) -> Contacts:
    """Return the contacts of a track without one of its fixes."""
    fixes = contacts.fixes
    kept = [fixes[each] for each in range(len(fixes)) if each != index]
    breaks = frozenset(each - (each > index) for each in fixes.breaks if each != index)
    ats, special = [fix.at for fix in kept], dict(enumerate(kept))
    rest = Fixes(kept, ats, special, breaks=breaks)
    return contacts_of(rest, context.fields, context.rules, context.short)


def _gap_at(index: int, gaps: Sequence[Gap]) -> Gap | None:
    """Return the silence in which the fix lay that had this index; None if it lay in none."""
    for gap in gaps:
        if gap.start == index - 1 and (gap.end is None or gap.end == index):
            return gap
    return None
