"""Which stretches on the ground are stays, and which gaps may hide one? Stays and gaps divide the
track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, islice, pairwise

from collector.landings.contacts import Contact, Contacts
from collector.landings.fields import field_distance_nm
from collector.landings.flight import (
    LEAST_APART,
    moves,
    next_flying,
    proofs_before,
    sank_until,
    spread,
)
from collector.landings.late_positions import passed_between
from collector.landings.rules import LandingRules
from collector.landings.stretches import same_field, stretches_of
from collector.landings.trend import descending
from collector.landings.usual_flight import comes_usually, hops, leaves_usually, may_sink
from collector.model import Airfield

MOST_PROOFS = 40
"""Contacts before a stay that are looked at for the last one certainly in the air."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Consecutive contacts on the ground at one field, after which the aircraft had landed."""

    field: Airfield
    first: Contact
    last: Contact
    reports: int
    """Contacts on the ground."""
    slow: int
    """How many of them were slow."""
    feeds: tuple[str, ...]
    """The feeds that received it there, sorted."""
    before: Contact | None
    """The last contact before it that shows the aircraft elsewhere or in flight; None if no contact
    does."""
    proofs: int
    """How many separate contacts before it do so, up to two."""
    flying: Contact | None
    """The last contact that was certainly in the air: ground bits come up to two minutes late."""
    passed: tuple[datetime, datetime] | None
    """The first and the last time at which it was at the place of `flying`, which may be dated
    late; None if that has no position."""
    flew_until: datetime | None
    """The last time at which it had not landed, as it sank on afterwards; None if unknown."""
    after: Contact | None
    """The first contact after it that shows that the aircraft had left; None if it stays."""
    separate: int
    """How many of the slow contacts are separate observations."""
    stayed: timedelta
    """From the first slow contact to the last."""
    again: bool
    """Whether it follows another stay at the same field."""
    sinks: bool
    """Whether the last proof in the air may have been descending: nothing says that it was not."""
    comes: bool
    """Whether a usual flight leads from there to it (`landings.usual_flight`)."""
    leaves: bool
    """Whether a usual flight leads from it to where the aircraft was heard next."""
    hops: bool
    """Whether it is at another field too soon afterwards."""
    stood: bool
    """Whether two of its reports are as far apart as a stay is long."""
    braked: bool
    """Whether it was received slowing down on the runway, in three reports or more."""
    rolls_out: bool
    """Whether it was first received as fast as after a touchdown, and slow as soon as after a
    roll."""
    stopped: bool
    """Whether it was received slow or slowing down; else only at speed, and nothing afterwards."""
    bit_at: datetime | None
    """When the first of its reports said "on the ground" itself, None if none does: the others are
    taken for it by speed and height."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence between two contacts, as indexes; `end` is None while it lasts."""

    start: int
    end: int | None


def stays_of(contacts: Contacts, rules: LandingRules) -> list[Stay]:
    """Return the stays on the ground, in order. Touch-and-goes and flickering ground bits are
    none."""
    groups = stretches_of(contacts, rules)
    # A single contact at another field may be wrong: what lies before it still counts.
    limits = accumulate(groups, lambda end, group: group[-1] if len(group) > 1 else end, initial=0)
    ends = list(limits)
    following: list[list[int]] = [*groups[1:], []]
    stays = (
        _stay(contacts, group, (earliest, then), rules)
        for group, earliest, then in zip(groups, ends, following, strict=False)
    )
    return [stay for stay in stays if stay is not None]


def _stay(
    contacts: Contacts,
    group: Sequence[int],
    between: tuple[int, Sequence[int]],
    rules: LandingRules,
) -> Stay | None:
    """Return the group as a stay; None if the aircraft only touched down or took off.

    `between` are the last contact of the stay before and those of the next one.
    """
    group = _landed(contacts, group, rules)
    first, last = group[0], group[-1]
    field = contacts.down[first]
    if field is None:
        return None
    proofs = list(islice(proofs_before(contacts, first, between[0], field, rules), MOST_PROOFS))
    before = contacts[proofs[0]] if proofs else None
    flying = _flying(contacts, first, proofs, field, rules)
    left = next_flying(contacts, last, between[1][0] if between[1] else len(contacts), rules)
    after = None if left is None else contacts[left]
    hopped = hops(contacts, group, left, between[1], rules)
    slow = [index for index in group if index in contacts.slow]
    stood = _stood(contacts, group, rules)
    braked = _slows_down(contacts, group, rules)
    stopped = bool(slow) or stood or braked
    took_off = after is not None and after.fix.at - contacts.ats[last] <= rules.trend
    if not stopped and (took_off or before is None):
        return None
    if not (slow or stood):
        # Received at speed only: a landing after a descent or a silence, else a take-off run.
        recent = before is not None and contacts.ats[first] - before.fix.at <= rules.trend
        if took_off or (recent and not descending(contacts, proofs[0], rules)):
            return None
    return Stay(
        field=field,
        first=contacts[first],
        last=contacts[last],
        reports=len(group),
        slow=len(slow),
        feeds=tuple(sorted({feed for index in group for feed in contacts.fixes.feeds(index)})),
        before=before,
        proofs=spread(contacts, proofs[::-1], LEAST_APART),
        flying=None if flying is None else contacts[flying],
        passed=_passed(contacts, flying),
        flew_until=sank_until(contacts, first, rules),
        after=after,
        separate=spread(contacts, slow, rules.separate_reports),
        stayed=timedelta(0) if not slow else contacts.ats[slow[-1]] - contacts.ats[slow[0]],
        stood=stood,
        again=bool(between[0]) and same_field(contacts, between[0], first),
        sinks=bool(proofs) and may_sink(contacts, proofs[0], first, rules),
        comes=comes_usually(contacts, proofs, (between[0] or None, first), rules),
        leaves=leaves_usually(contacts, group, left, field, rules) and not hopped,
        hops=hopped,
        braked=braked,
        rolls_out=_rolls_out(contacts, group, rules),
        bit_at=next((contacts.ats[i] for i in group if contacts.fixes.has_ground_bit(i)), None),
        stopped=stopped,
    )


def _landed(contacts: Contacts, group: Sequence[int], rules: LandingRules) -> Sequence[int]:
    """Return the group without the fast contacts at its beginning after which the aircraft flew on:
    a ground bit that came too soon, or a touch of the runway; without those after which it still
    sank; and without those at the speed of flight beside the runways."""
    ats = contacts.ats
    soon = [index for index in group if ats[index] - ats[group[0]] <= rules.trend]
    rolls = (place for place, index in enumerate(soon) if _may_roll(contacts, index, rules))
    # If it rolls much later only, its speed is that of the approach: some feeds repeat it.
    group = group[next(rolls, 0) :]
    soon = [index for index in group if ats[index] - ats[group[0]] <= rules.trend]
    if soon[-1] - group[0] >= len(soon):  # there are other reports between them
        sank = sank_until(contacts, soon[-1], rules, moving=True)
        group = [index for index in group if sank is None or ats[index] > sank]
    for place in range(len(group) - 1):
        index, following = group[place], group[place + 1]
        flew_on = contacts.ats[following] - contacts.ats[index] > rules.flicker and any(
            moves(contacts, each, rules) for each in range(index + 1, following)
        )
        if index in contacts.slow or not flew_on:
            return group[place:]
    return group[-1:]


def _may_roll(contacts: Contacts, index: int, rules: LandingRules) -> bool:
    """Return whether an aircraft on the ground there may move as it does: as fast as in flight, it
    rolls on a runway, if the field's are known."""
    entry, field = contacts.fixes.report_or_fix(index), contacts.down[index]
    if entry.ground_speed_kt is None or entry.ground_speed_kt < rules.flying_kt:
        return True
    if field is None or not field.runways or entry.place is None:
        return True
    return field_distance_nm(field, *entry.place) <= rules.on_runway_nm


def _flying(
    contacts: Contacts, first: int, proofs: Sequence[int], field: Airfield, rules: LandingRules
) -> int | None:
    """Return the last contact before a stay in which the aircraft cannot have been rolling there
    already; `proofs` are those in flight, latest first."""
    for index in proofs:
        fix = contacts[index].fix
        slow = fix.ground_speed_kt is not None and fix.ground_speed_kt <= rules.slow_kt
        late = not slow and contacts.ats[first] - fix.at > rules.late_ground_bit
        if fix.place is None or fix.altitude_ft is None or late:
            return index
        height_ft = fix.altitude_ft - field.elevation_ft
        away = field_distance_nm(field, *fix.place)
        if away > rules.field_radius_nm or height_ft > fix.altitude_error_ft:
            return index
    return proofs[0] if proofs else None


def _passed(contacts: Contacts, flying: int | None) -> tuple[datetime, datetime] | None:
    """Return `Stay.passed`."""
    if flying is None or not contacts.fixes.placed(flying):
        return None
    return passed_between(contacts, flying)


def _slows_down(contacts: Contacts, group: Sequence[int], rules: LandingRules) -> bool:
    """Return whether there are at least three speeds, the last below flying speed and clearly below
    the first."""
    entry = (contacts.fixes.report_or_fix(index).ground_speed_kt for index in group)
    speeds = [speed for speed in entry if speed is not None]
    return len(speeds) >= 3 and speeds[-1] <= min(rules.rolling_kt, speeds[0] - 5.0)


def _rolls_out(contacts: Contacts, group: Sequence[int], rules: LandingRules) -> bool:
    """Return `Stay.rolls_out`. A speed that is not followed by a slow one may be that of the
    approach: some feeds repeat it for minutes."""
    speed_kt, ats = contacts.fixes.report_or_fix(group[0]).ground_speed_kt, contacts.ats
    slow = (ats[index] for index in group if index in contacts.slow)
    soon = any(at - ats[group[0]] <= rules.longest_roll for at in slow)
    return soon and speed_kt is not None and speed_kt >= rules.flying_kt


def _stood(contacts: Contacts, group: Sequence[int], rules: LandingRules) -> bool:
    """Return whether two reports on the ground are as far apart as a stay is long."""
    ats = contacts.ats
    return any(ats[b] - ats[a] >= rules.shortest_silence for a, b in pairwise(group))


def gaps_of(contacts: Contacts, rules: LandingRules) -> list[Gap]:
    """Return the silences long enough to hide a stay, the last one open; none within a stay."""
    fixes = contacts.fixes
    gaps = [
        Gap(start, start + 1)
        for start in fixes.silent_after(rules.quick_stay)
        if not fixes.broken(start, start + 1) and not same_field(contacts, start, start + 1)
    ]
    return [*gaps, Gap(len(contacts) - 1, None)] if contacts else gaps
