"""Was the aircraft on the ground in each fix, and at which field? Every fix becomes a contact.

Only fixes that may be on the ground are examined; a contact is built when it is first used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import overload

from collector.landings.field_at import Around, field_at
from collector.landings.fields import field_distance_nm
from collector.landings.ground import vetted
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.tracking import Fix, Fixes
from collector.tracking.quality import BAROMETRIC_ERROR_FT

BITS_OF_A_SENDER = 3
"""An aircraft with so many ground bits at fields sends them; a single one may be wrong."""
FIELD_DEG = 0.15
"""Degrees of latitude, 9 NM: every runway of a field lies nearer to its reference point."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A fix and what it shows. `field` is the airfield where the aircraft stands; None in the air
    or elsewhere."""

    fix: Fix
    down: bool
    slow: bool
    """Slow enough on the ground to have landed; else it may only have touched down."""
    field: Airfield | None = None


class Contacts(Sequence[Contact]):
    """The contacts of all fixes, in order of time."""

    __slots__ = ("_made", "down", "fixes", "slow")

    def __init__(self, fixes: Fixes, down: dict[int, Airfield | None], slow: set[int]) -> None:
        self.fixes = fixes
        self.down = down
        """Those on the ground (indexes, in order), and at which field."""
        self.slow = slow
        """Those of them that are slow enough to have landed."""
        self._made: dict[int, Contact] = {}

    @property
    def ats(self) -> Sequence[datetime]:
        """The times of the contacts."""
        return self.fixes.ats

    def __len__(self) -> int:
        return len(self.fixes)

    @overload
    def __getitem__(self, index: int) -> Contact: ...
    @overload
    def __getitem__(self, index: slice) -> list[Contact]: ...
    def __getitem__(self, index: int | slice) -> Contact | list[Contact]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        contact = self._made.get(index)
        if contact is None:
            index = range(len(self))[index]
            down = index in self.down
            contact = Contact(self.fixes[index], down, index in self.slow, self.down.get(index))
            self._made[index] = contact
        return contact


def fixes_in(contacts: Sequence[Contact]) -> Fixes:
    """Return the fixes of the contacts."""
    if isinstance(contacts, Contacts):
        return contacts.fixes
    return Fixes.of([contact.fix for contact in contacts])


def contacts_of(
    fixes: Sequence[Fix],
    fields: Sequence[Airfield],
    rules: LandingRules,
    short: Sequence[Airfield] = (),
) -> Contacts:
    """Return a contact for every fix, in order.

    At fields `short` (whose runways are too short for the type) an aircraft is only where it is at
    none of the other fields.

    1. Find the fixes that may be on the ground, by their ground bit or by speed and height.
    2. Leave those that survive the fixes around them (`landings.ground`).
    """
    fixes = Fixes.of(fixes)
    down, slow = _candidates(fixes, (fields, short), rules)
    down = {
        index: field
        for index, field in down.items()
        if not _flies(fixes, index, [*fields, *short], rules)
    }
    if not down:
        return Contacts(fixes, down, slow)
    standing = {index for index in slow if not _moves(fixes, index, rules)}
    return Contacts(*vetted(fixes, down, standing, rules))


def _candidates(
    fixes: Fixes, fields: tuple[Sequence[Airfield], Sequence[Airfield]], rules: LandingRules
) -> tuple[dict[int, Airfield | None], set[int]]:
    """Return the fixes that may be on the ground, each with its field, and the slow ones of
    them."""
    down: dict[int, Airfield | None] = {}
    without_bit: dict[int, Airfield] = {}
    slow: set[int] = set()
    around = [Around(some, rules) for some in fields]
    for index in fixes.maybe_down(rules.standing_kt):
        entry = fixes.report_or_fix(index)
        place, speed_kt = entry.place, entry.ground_speed_kt
        if place is None:
            continue
        if fixes.has_ground_bit(index):
            down[index] = field_at(around, *place, fixes.ats[index])
            if speed_kt is None or speed_kt <= rules.slow_kt:
                slow.add(index)
        elif speed_kt is not None and speed_kt <= rules.standing_kt:
            field = field_at(around, *place, fixes.ats[index])
            if field is not None and _low(fixes[index], field, rules):
                without_bit[index] = field
    has_bits = sum(field is not None for field in down.values()) >= BITS_OF_A_SENDER
    floors_ft = _floors_ft(fixes, without_bit, rules)
    for index, field in without_bit.items():
        # An aircraft that sends a ground bit is in the air without it, but for a late or lost one.
        if (
            (fixes.altitude_ft(index) or 0.0) <= floors_ft[field.icao] + rules.ground_height_ft
            and _still(fixes, index, rules)
            and (not has_bits or _near_bit(fixes, index, field, down, rules))
        ):
            down[index] = field
            slow.add(index)
    return dict(sorted(down.items())), slow


def _flies(fixes: Fixes, index: int, fields: Sequence[Airfield], rules: LandingRules) -> bool:
    """Return whether an aircraft that says "on the ground" is as fast as in flight, far from every
    field: a circle beside one may be a false place of an aircraft that stands there."""
    entry = fixes.report_or_fix(index)
    place, speed_kt = entry.place, entry.ground_speed_kt
    if place is None or speed_kt is None or speed_kt < rules.flying_kt:
        return False
    return not any(
        abs(field.lat_deg - place[0]) * 60.0 <= 2.0 * rules.astray_nm
        and field_distance_nm(field, *place) <= rules.astray_nm
        for field in fields
    )


def _floors_ft(fixes: Fixes, slow: Mapping[int, Airfield], rules: LandingRules) -> dict[str, float]:
    """Return the lowest altitude of the aircraft at each field where it was slow without a ground
    bit: what is clearly higher is not on the ground, however wrong the altitudes are."""
    fields = {field.icao: field for field in slow.values()}
    floors_ft = dict.fromkeys(fields, math.inf)
    if not fields:
        return floors_ft
    for index in range(len(fixes)):
        place = fixes.report_or_fix(index).place
        if place is None:
            continue
        for icao, field in fields.items():
            if (
                abs(place[0] - field.lat_deg) < FIELD_DEG
                and (height_ft := fixes.altitude_ft(index)) is not None
                and height_ft < floors_ft[icao]
                and height_ft >= field.elevation_ft - rules.below_field_ft - BAROMETRIC_ERROR_FT
                and field_distance_nm(field, *place) <= rules.field_radius_nm
            ):
                floors_ft[icao] = height_ft
    return floors_ft


def _near_bit(
    fixes: Fixes,
    index: int,
    field: Airfield,
    down: Mapping[int, Airfield | None],
    rules: LandingRules,
) -> bool:
    """Return whether the aircraft was on the ground at that field soon before or after, by its
    ground bit."""
    at = fixes.ats[index]
    return any(
        other is not None
        and other.icao == field.icao
        and abs(fixes.ats[each] - at) <= rules.late_ground_bit
        for each, other in down.items()
    )


def _low(fix: Fix, field: Airfield, rules: LandingRules) -> bool:
    """Return whether the fix is no higher than an aircraft standing at the field."""
    if fix.altitude_ft is None:
        return False
    height_ft = abs(fix.altitude_ft - field.elevation_ft)
    return height_ft <= rules.ground_height_ft + fix.altitude_error_ft


def _moves(fixes: Fixes, index: int, rules: LandingRules) -> bool:
    """Return whether the neighbouring fixes show that the aircraft moved fast, whatever speed it
    reported."""
    return any(_faster(fixes, index, rules.neighbour, 1.5 * rules.slow_kt, rules))


def _still(fixes: Fixes, index: int, rules: LandingRules) -> bool:
    """Return whether the aircraft stood or taxied to or from a position near in time."""
    return not all(_faster(fixes, index, rules.still_within, rules.slow_kt, rules))


def _faster(
    fixes: Fixes, index: int, within: timedelta, than_kt: float, rules: LandingRules
) -> Iterator[bool]:
    """Yield whether the aircraft moved faster than that from the nearest position before, and to
    the nearest one after, if they lie within that time."""
    for step in (-1, 1):
        other = fixes.nearest_placed(index, step, rules.neighbour / 6, within)
        if other is not None:
            hours = abs(fixes.ats[other] - fixes.ats[index]) / timedelta(hours=1)
            yield fixes.farther(index, other, than_kt * hours)
