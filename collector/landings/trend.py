"""Was it coming down before this contact, or climbing after it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from collector.landings.contacts import Contact
from collector.landings.rules import LandingRules
from collector.tracking import Fix


def descending(contacts: Sequence[Contact], index: int, rules: LandingRules) -> bool:
    """Whether it came down to this contact, by its own rate or by the minutes before."""
    fix = contacts[index].fix
    if fix.vertical_rate_fpm is not None:
        if fix.vertical_rate_fpm <= rules.descent_fpm:
            return True
        if fix.vertical_rate_fpm >= 2.0 * rules.climb_fpm:
            return False
    before = (contacts[i].fix for i in range(index - 1, -1, -1))
    return _higher_by(fix, before, rules) >= rules.trend_ft


def climbing(contacts: Sequence[Contact], index: int, rules: LandingRules) -> bool:
    """Whether it climbed from this contact, by its own rate or by the minutes after."""
    fix = contacts[index].fix
    if fix.vertical_rate_fpm is not None:
        if fix.vertical_rate_fpm >= rules.climb_fpm:
            return True
        if fix.vertical_rate_fpm <= 2.0 * rules.descent_fpm:
            return False
    after = (contacts[i].fix for i in range(index + 1, len(contacts)))
    return _higher_by(fix, after, rules) >= rules.trend_ft


def _higher_by(fix: Fix, others: Iterable[Fix], rules: LandingRules) -> float:
    """How much higher (ft) it was at most in the contacts that follow in `others`, near in time."""
    if fix.altitude_ft is None:
        return 0.0
    highest = fix.altitude_ft
    for other in others:
        if abs(other.at - fix.at) > rules.trend:
            break
        if other.altitude_ft is not None:
            highest = max(highest, other.altitude_ft)
    return highest - fix.altitude_ft
