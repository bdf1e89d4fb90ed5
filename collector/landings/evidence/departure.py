"""Did it come back low, climbing out of a field?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.landings.contacts import Contact
from collector.landings.evidence.blind_altitudes import blind_heights
from collector.landings.evidence.ends import CLIMBED_FT, End, beside, end_at
from collector.landings.fields import bearing_to
from collector.landings.rules import LandingRules
from collector.landings.trend import climbing
from collector.model import Airfield


def departure_end(
    contacts: Sequence[Contact], first: int, fields: Sequence[Airfield], rules: LandingRules
) -> End | None:
    """How the track began after a silence, if it began in a climb-out; else None."""
    index = next_placed(contacts, first)
    if index is None or contacts[index].fix.at - contacts[first].fix.at > rules.blind_reach:
        return None
    contact = contacts[index]
    if contact.down:
        return _rolling(contact)
    if contact.fix.altitude_ft is None:
        return None
    before = blind_heights(contacts[first:index], contact.fix, silence_first=True)
    rose = before is not None and before.lowest_ft < contact.fix.altitude_ft - CLIMBED_FT
    if not rose and not climbing(contacts, index, rules):
        return None
    around = beside(contacts, index, 1)
    return end_at(contact.fix, fields, rules, beside=around, blind=before, departing=True)


def next_placed(contacts: Sequence[Contact], first: int) -> int | None:
    """The first contact from `first` on that says where it was; None if there is none."""
    return next((i for i in range(first, len(contacts)) if contacts[i].fix.placed), None)


def _rolling(contact: Contact) -> End | None:
    """First heard on a runway at speed, then in the air: only that field is possible."""
    if contact.slow or contact.field is None:
        return None
    icao = contact.field.icao
    bearings = {icao: bearing_to(contact.field, contact.fix, departing=True)}
    return End(contact.fix, bearings, rolling=icao)
