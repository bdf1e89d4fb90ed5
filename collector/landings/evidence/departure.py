"""Did it come back low, climbing out of a field?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.landings.contacts import Contact
from collector.landings.evidence.approach import End, end_at, touch_at
from collector.landings.rules import LandingRules
from collector.model import Airfield


def departure_end(
    contacts: Sequence[Contact], first: int, fields: Sequence[Airfield], rules: LandingRules
) -> End | None:
    """How the track began after a silence, if it began in a climb-out; else None."""
    index = first
    while index < len(contacts) and not contacts[index].fix.placed:
        index += 1
    if index == len(contacts) or contacts[index].fix.at - contacts[first].fix.at > rules.trend:
        return None
    contact = contacts[index]
    if contact.down:
        if contact.slow or contact.field is None:
            return None
        return touch_at(contact, fields)
    if contact.fix.altitude_ft is None or not _climbing(contacts, index, rules):
        return None
    return end_at(contact.fix, fields, rules, departing=True)


def _climbing(contacts: Sequence[Contact], index: int, rules: LandingRules) -> bool:
    fix = contacts[index].fix
    if fix.altitude_ft is None:
        return False
    if fix.vertical_rate_fpm is not None:
        if fix.vertical_rate_fpm >= rules.climb_fpm:
            return True
        if fix.vertical_rate_fpm <= -2.0 * rules.climb_fpm:
            return False
    highest = fix.altitude_ft
    for after in range(index + 1, len(contacts)):
        later = contacts[after].fix
        if later.at - fix.at > rules.trend:
            break
        if later.altitude_ft is not None:
            highest = max(highest, later.altitude_ft)
    return highest - fix.altitude_ft >= rules.trend_ft
