"""Which contacts with the ground belong together? Those at one field with no flight in between are
one stretch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from collector.landings.contacts import Contacts
from collector.landings.fields import field_distance_nm
from collector.landings.flight import flew_between, spread
from collector.landings.rules import LandingRules
from collector.model import Airfield

MAX_FIELDS_CROSSED = 4
"""A spoofed circle may lead over this many other fields between two contacts of one stretch."""


def stretches_of(contacts: Contacts, rules: LandingRules) -> list[list[int]]:
    """Return the contacts of each stretch on the ground at one field, as indexes.

    Reports from the air between two on the ground within `rules.flicker` do not divide a stretch:
    the ground bit flickers, and two reports of one second have no order.
    """
    groups: list[list[int]] = []
    elsewhere: list[int] = []  # on the ground since the last one at a field
    for index, field in contacts.down.items():
        if field is None:
            elsewhere.append(index)
            continue
        joined = _joined(contacts, groups, index, rules)
        if joined is None:
            groups.append([index])
        else:
            groups[joined:] = [[*groups[joined], *elsewhere, index]]
        elsewhere = []
    return groups


def _joined(
    contacts: Contacts, groups: Sequence[Sequence[int]], index: int, rules: LandingRules
) -> int | None:
    """Return which of the last groups the contact continues; None if it begins a new one."""
    for number in range(len(groups) - 1, max(-1, len(groups) - 1 - MAX_FIELDS_CROSSED), -1):
        if same_field(contacts, groups[number][-1], index):
            return number if _joins(contacts, groups[number][-1], index, rules) else None
    return None


def _joins(contacts: Contacts, last: int, index: int, rules: LandingRules) -> bool:
    """Return whether two contacts at one field belong to one stay."""
    if contacts.ats[index] - contacts.ats[last] <= rules.flicker:
        return True
    if index == last + 1:
        return True  # nothing was heard in between
    if flew_between(contacts, last, index, rules):
        return False
    between = [each for each in range(last + 1, index) if each in contacts.down]
    return not between or _never_left(contacts, [last, *between, index], rules)


def _never_left(contacts: Contacts, indexes: Sequence[int], rules: LandingRules) -> bool:
    """Return whether no report on the ground in between was of a stay at another field.

    Spoofed circles also move aircraft that are parked, and a single report at another field is a
    wrong one. The reports must follow each other without a silence, or lie beside the aircraft's
    own field only.
    """
    inside, ats = indexes[1:-1], contacts.ats
    field = contacts.down[indexes[0]]
    if field is not None and all(_beside(contacts, each, field, rules) for each in inside):
        return True
    elsewhere = [
        each
        for each in inside
        if contacts.down[each] not in (None, field) and each in contacts.slow
    ]
    if spread(contacts, elsewhere, rules.separate_reports) > 1:
        return False
    return all(ats[b] - ats[a] < rules.shortest_silence for a, b in pairwise(indexes))


def _beside(contacts: Contacts, index: int, field: Airfield, rules: LandingRules) -> bool:
    """Return whether the aircraft was on the ground near this field, but at no field."""
    place = contacts.fixes.report_or_fix(index).place
    if contacts.down[index] is not None or place is None:
        return False
    return field_distance_nm(field, *place) <= rules.astray_nm


def same_field(contacts: Contacts, a: int, b: int) -> bool:
    """Return whether two contacts are on the ground at one field."""
    here, there = contacts.down.get(a), contacts.down.get(b)
    return here is not None and there is not None and here.icao == there.icao
