"""What was each fix: on the ground at a field, on the ground elsewhere, or in the air?

And from that: the stays that were heard, and the gaps in which one may hide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Stay:
    """Consecutive contacts on the ground at one field, at least one of them slow."""

    field: Airfield
    contacts: tuple[Contact, ...]
    before: Contact | None
    """The last contact before it; None where watching began on the ground."""
    after: Contact | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence between two contacts (indexes into the contacts); `end` None while it lasts."""

    start: int
    end: int | None


def contacts_of(
    fixes: Sequence[Fix], fields: Sequence[Airfield], rules: LandingRules
) -> list[Contact]:
    """Every fix judged, in order."""
    return [_judge(fix, fields, rules) for fix in fixes]


def _judge(fix: Fix, fields: Sequence[Airfield], rules: LandingRules) -> Contact:
    if fix.lat_deg is None or fix.lon_deg is None:
        return Contact(fix, down=False, slow=False)
    slow = fix.ground_speed_kt is None or fix.ground_speed_kt <= rules.slow_kt
    if not fix.on_ground and (fix.ground_speed_kt is None or not slow):
        return Contact(fix, down=False, slow=False)
    field = _field_at(fix, fields, rules)
    if fix.on_ground:
        return Contact(fix, down=True, slow=slow, field=field)
    if field is None or fix.altitude_ft is None:
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


def stays_of(contacts: Sequence[Contact]) -> list[Stay]:
    """The stays that were heard, in order. Touch-and-goes and flickering ground bits are none."""
    stays: list[Stay] = []
    group: list[Contact] = []
    before: Contact | None = None
    previous: Contact | None = None
    for contact in contacts:
        same = bool(group) and contact.down and _same_field(contact, group[-1])
        if group and not same and (contact.down or contact.fix.placed):
            _close(stays, group, before, contact)
            group = []
        if contact.down and contact.field is not None:
            if not group:
                before = previous
            group.append(contact)
        if contact.fix.placed:
            previous = contact
    if group:
        _close(stays, group, before, None)
    return stays


def _same_field(a: Contact, b: Contact) -> bool:
    return a.field is not None and b.field is not None and a.field.icao == b.field.icao


def _close(
    stays: list[Stay], group: list[Contact], before: Contact | None, after: Contact | None
) -> None:
    field = group[0].field
    if field is not None and any(contact.slow for contact in group):
        stays.append(Stay(field, tuple(group), before, after))


def gaps_of(contacts: Sequence[Contact], rules: LandingRules) -> list[Gap]:
    """Silences long enough to hide a stay, the last one open; none that begins and ends down."""
    gaps = []
    for start in range(len(contacts) - 1):
        here, there = contacts[start], contacts[start + 1]
        if there.fix.at - here.fix.at < rules.shortest_silence:
            continue
        if _ground_stop(here) and there.down and _same_field(here, there):
            continue
        gaps.append(Gap(start, start + 1))
    if contacts:
        gaps.append(Gap(len(contacts) - 1, None))
    return gaps


def _ground_stop(contact: Contact) -> bool:
    return contact.down and contact.slow
