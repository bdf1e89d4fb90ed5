"""Where did this aircraft land? One pure function of the set of its observations.

observations ─► fixes ─► contacts ─► stays heard      ─┐
                                  └► silences weighed ─┴► detections
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector.hearing import Slot
from collector.landings.contacts import Contact, contacts_of
from collector.landings.evidence.approach import arrival_end
from collector.landings.fields import circle_above_ft, usable
from collector.landings.inferred import inferred_landing
from collector.landings.rules import LandingRules
from collector.landings.scene import Scene
from collector.landings.segments import gaps_of, stays_of
from collector.landings.stays import heard_landing
from collector.model import Airfield, Detection, Observation
from collector.tracking import track


@dataclass(frozen=True, slots=True)
class Derived:
    """What a window of one aircraft's observations gives."""

    detections: tuple[Detection, ...] = ()
    starts_down: bool = False
    """The window begins on the ground: load earlier observations, the arrival lies before."""
    wakes_at: datetime | None = None
    """Derive again then, even if nothing new is heard: a silence will have become evidence."""


def detect(
    observations: Sequence[Observation],
    slots: Sequence[Slot],
    airfields: Sequence[Airfield],
    rules: LandingRules,
    now: datetime,
    *,
    type_code: str | None = None,
) -> Derived:
    """All landings of one aircraft, in order of touchdown.

    `observations` are of one aircraft in any order, repeats allowed; none may lie after `now`'s
    knowledge. `slots` are those of the same time (empty: nothing is known about who listened).
    `airfields` are all that may be landed at, rivals included, with their validity. `type_code`
    (ICAO) leaves out strips too short for it; without it the observations' own is taken.
    """
    if not observations:
        return Derived()
    icao24 = observations[0].icao24
    fixes = track(observations, circle_above_ft(airfields))
    if not fixes:
        return Derived()
    own_type = min((o.type_code for o in observations if o.type_code), default=None)
    fields = usable(airfields, fixes[-1], type_code or own_type, rules)
    scene = Scene(fields, slots, rules, now)
    contacts = contacts_of(fixes, fields, rules)
    found = [heard_landing(icao24, stay, rules) for stay in stays_of(contacts, rules)]
    found += [inferred_landing(icao24, contacts, gap, scene) for gap in gaps_of(contacts, rules)]
    detections = sorted(
        (detection for detection in found if detection is not None),
        key=lambda detection: (detection.visit_from, detection.touchdown_at),
    )
    return Derived(
        detections=tuple(_named(detection, contacts) for detection in detections),
        starts_down=next((c.down for c in contacts if c.fix.placed), False),
        wakes_at=_wakes_at(contacts, fields, rules, now),
    )


def _named(detection: Detection, contacts: Sequence[Contact]) -> Detection:
    """With the callsign it flew under before the visit, where the visit itself had none."""
    if detection.callsign is not None:
        return detection
    earlier = [
        contact.fix.callsign
        for contact in contacts
        if contact.fix.callsign and contact.fix.at <= detection.visit_until
    ]
    return replace(detection, callsign=earlier[-1]) if earlier else detection


def _wakes_at(
    contacts: Sequence[Contact], fields: Sequence[Airfield], rules: LandingRules, now: datetime
) -> datetime | None:
    last = contacts[-1].fix.at
    if arrival_end(contacts, len(contacts) - 1, fields, rules) is None:
        return None
    for wait in (rules.settle_after, rules.settle_again_after):
        if now < last + wait:
            return last + wait
    return None
