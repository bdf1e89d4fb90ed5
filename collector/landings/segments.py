"""Which stretches of contacts are stays that were heard, and which gaps may hide one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from collector.landings.contacts import Contact
from collector.landings.fields import field_distance_nm
from collector.landings.rules import LandingRules
from collector.landings.trend import descending
from collector.model import Airfield


@dataclass(frozen=True, slots=True)
class Stay:
    """Consecutive contacts on the ground at one field, after which it had landed."""

    field: Airfield
    contacts: tuple[Contact, ...]
    before: Contact | None
    """The last contact before it; None where watching began on the ground."""
    flying: Contact | None
    """The last contact that was surely in the air: ground bits come up to two minutes late."""
    after: Contact | None
    stopped: bool
    """Whether it was heard slow, or slowing down; else only at speed, and nothing after."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence between two contacts (indexes); `end` is None while it lasts."""

    start: int
    end: int | None


def stays_of(contacts: Sequence[Contact], rules: LandingRules) -> list[Stay]:
    """The stays that were heard, in order. Touch-and-goes and flickering ground bits are none."""
    stays = (_stay(contacts, first, last, rules) for first, last in _groups(contacts, rules))
    return [stay for stay in stays if stay is not None]


def _groups(contacts: Sequence[Contact], rules: LandingRules) -> list[tuple[int, int]]:
    """First and last index of each stretch on the ground at one field.

    Reports from the air between two on the ground within `rules.flicker` do not part them: the
    ground bit flickers, and two reports of one second have no order.
    """
    groups: list[tuple[int, int]] = []
    airborne = False
    for index, contact in enumerate(contacts):
        if contact.down and contact.field is not None:
            if groups and _joins(contacts[groups[-1][1]], contact, rules, airborne=airborne):
                groups[-1] = (groups[-1][0], index)
            else:
                groups.append((index, index))
            airborne = False
        elif contact.fix.placed:
            airborne = True
    return groups


def _joins(last: Contact, contact: Contact, rules: LandingRules, *, airborne: bool) -> bool:
    if not _same_field(last, contact):
        return False
    return not airborne or contact.fix.at - last.fix.at <= rules.flicker


def _same_field(a: Contact, b: Contact) -> bool:
    return a.field is not None and b.field is not None and a.field.icao == b.field.icao


def _stay(contacts: Sequence[Contact], first: int, last: int, rules: LandingRules) -> Stay | None:
    field = contacts[first].field
    if field is None:
        return None
    group = tuple(contact for contact in contacts[first : last + 1] if contact.down)
    before = contacts[first - 1] if first else None
    after = next((c for c in contacts[last + 1 :] if c.fix.placed), None)
    stopped = (
        any(contact.slow for contact in group) or _slows_down(group, rules) or _stood(group, rules)
    )
    took_off = after is not None and after.fix.at - group[-1].fix.at <= rules.trend
    if not stopped and (took_off or before is None):
        return None
    if not any(contact.slow for contact in group) and not _stood(group, rules):
        # Only heard at speed: a landing after a descent or a silence, else a take-off run.
        recent = before is not None and group[0].fix.at - before.fix.at <= rules.trend
        if took_off or (recent and not descending(contacts, first - 1, rules)):
            return None
    return Stay(field, group, before, _flying(contacts, first, field, rules), after, stopped)


def _flying(
    contacts: Sequence[Contact], first: int, field: Airfield, rules: LandingRules
) -> Contact | None:
    """The last contact before a stay that cannot have been rolling there already."""
    for index in range(first - 1, -1, -1):
        fix = contacts[index].fix
        late = contacts[first].fix.at - fix.at > rules.late_ground_bit
        if fix.lat_deg is None or fix.lon_deg is None or fix.altitude_ft is None or late:
            return contacts[index]
        height_ft = fix.altitude_ft - field.elevation_ft
        away = field_distance_nm(field, fix.lat_deg, fix.lon_deg)
        if away > rules.field_radius_nm or height_ft > fix.altitude_error_ft:
            return contacts[index]
    return contacts[first - 1] if first else None


def _slows_down(group: Sequence[Contact], rules: LandingRules) -> bool:
    """At least three reports, the last clearly slower than the first and below flying speed."""
    speeds = [c.fix.ground_speed_kt for c in group if c.fix.ground_speed_kt is not None]
    return len(speeds) >= 3 and speeds[-1] <= min(rules.rolling_kt, speeds[0] - 5.0)


def _stood(group: Sequence[Contact], rules: LandingRules) -> bool:
    """Whether it was silent for as long as a stay between two reports on the ground."""
    return any(b.fix.at - a.fix.at >= rules.shortest_silence for a, b in pairwise(group))


def gaps_of(contacts: Sequence[Contact], rules: LandingRules) -> list[Gap]:
    """Silences long enough to hide a stay, the last one open; none within a stay."""
    gaps = []
    for start in range(len(contacts) - 1):
        here, there = contacts[start], contacts[start + 1]
        if there.fix.at - here.fix.at < rules.shortest_silence:
            continue
        if here.down and there.down and _same_field(here, there):
            continue
        gaps.append(Gap(start, start + 1))
    if contacts:
        gaps.append(Gap(len(contacts) - 1, None))
    return gaps
