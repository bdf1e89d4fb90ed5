"""What was each fix: on the ground at a field, on the ground elsewhere, or in the air?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from collector.geo import distance_nm
from collector.landings.fields import field_distance_nm
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.tracking import Fix


@dataclass(frozen=True, slots=True)
class Contact:
    """A fix and what it says. `field` is where it stands, None in the air or elsewhere."""

    fix: Fix
    down: bool
    slow: bool
    """Slow enough on the ground to have landed, not just touched."""
    field: Airfield | None = None


def contacts_of(
    fixes: Sequence[Fix], fields: Sequence[Airfield], rules: LandingRules
) -> list[Contact]:
    """Every fix judged, in order."""
    contacts = [_judge(fix, fields, rules) for fix in fixes]
    return [
        replace(contact, slow=False) if contact.slow and _moves(fixes, index, rules) else contact
        for index, contact in enumerate(contacts)
    ]


def _judge(fix: Fix, fields: Sequence[Airfield], rules: LandingRules) -> Contact:
    if fix.lat_deg is None or fix.lon_deg is None:
        return Contact(fix, down=False, slow=False)
    speed = fix.ground_speed_kt
    if fix.on_ground:
        slow = speed is None or speed <= rules.slow_kt
        return Contact(fix, down=True, slow=slow, field=_field_at(fix, fields, rules))
    if speed is None or speed > rules.standing_kt or fix.altitude_ft is None:
        return Contact(fix, down=False, slow=False)
    field = _field_at(fix, fields, rules)
    if field is None:
        return Contact(fix, down=False, slow=False)
    height_ft = abs(fix.altitude_ft - field.elevation_ft)
    low = height_ft <= rules.ground_height_ft + fix.altitude_error_ft
    return Contact(fix, down=low, slow=low, field=field if low else None)


def _field_at(fix: Fix, fields: Sequence[Airfield], rules: LandingRules) -> Airfield | None:
    assert fix.lat_deg is not None  # noqa: S101 - callers pass placed fixes
    assert fix.lon_deg is not None  # noqa: S101
    best: tuple[float, Airfield] | None = None
    for field in fields:
        if abs(field.lat_deg - fix.lat_deg) > 0.1 or not field.exists_on(fix.at.date()):
            continue
        distance = field_distance_nm(field, fix.lat_deg, fix.lon_deg)
        if distance <= rules.field_radius_nm and (best is None or distance < best[0]):
            best = (distance, field)
    return best[1] if best else None


def _moves(fixes: Sequence[Fix], index: int, rules: LandingRules) -> bool:
    """Whether the fixes around it show that it moved fast, whatever speed was reported."""
    fastest = 0.0
    for step in (-1, 1):
        other = index + step
        while 0 <= other < len(fixes):
            seconds = abs((fixes[other].at - fixes[index].at).total_seconds())
            if seconds > rules.neighbour.total_seconds():
                break
            if fixes[other].placed and seconds >= rules.neighbour.total_seconds() / 6:
                fastest = max(fastest, _implied_kt(fixes[index], fixes[other], seconds))
                break
            other += step
    return fastest > 1.5 * rules.slow_kt


def _implied_kt(a: Fix, b: Fix, seconds: float) -> float:
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return 0.0
    return distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) * 3600.0 / seconds
