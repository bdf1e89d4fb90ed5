"""Was the aircraft descending before a contact, or climbing after it? Its own vertical rate
decides, else the minutes before or after."""

from __future__ import annotations

from collections.abc import Sequence

from collector.landings.contacts import Contact, fixes_in
from collector.landings.rules import LandingRules


def descending(contacts: Sequence[Contact], index: int, rules: LandingRules) -> bool:
    """Return whether the aircraft descended to this contact, by its vertical rate or by the minutes
    before."""
    fix = contacts[index].fix
    if fix.vertical_rate_fpm is not None:
        if fix.vertical_rate_fpm <= rules.descent_fpm:
            return True
        if fix.vertical_rate_fpm >= 2.0 * rules.climb_fpm:
            return False
    return _higher_in(range(index - 1, -1, -1), contacts, index, rules)


def climbing(contacts: Sequence[Contact], index: int, rules: LandingRules) -> bool:
    """Return whether the aircraft climbed from this contact, by its vertical rate or by the minutes
    after."""
    fix = contacts[index].fix
    if fix.vertical_rate_fpm is not None:
        if fix.vertical_rate_fpm >= rules.climb_fpm:
            return True
        if fix.vertical_rate_fpm <= 2.0 * rules.descent_fpm:
            return False
    return _higher_in(range(index + 1, len(contacts)), contacts, index, rules)


def _higher_in(others: range, contacts: Sequence[Contact], index: int, rules: LandingRules) -> bool:
    """Return whether one of the other contacts, near in time, was clearly higher than the one at
    `index`."""
    fixes = fixes_in(contacts)
    at, altitude_ft = fixes.ats[index], fixes.altitude_ft(index)
    if altitude_ft is None:
        return False
    for other in others:
        if abs(fixes.ats[other] - at) > rules.trend:
            return False
        height_ft = fixes.altitude_ft(other)
        if height_ft is not None and height_ft - altitude_ft >= rules.trend_ft:
            return True
    return False
