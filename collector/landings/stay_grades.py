"""How certain is a landing that was received on the ground? By how often, and by whether a usual
flight leads to it and away from it."""

from __future__ import annotations

from collector.landings.contacts import Contact
from collector.landings.fields import FT_PER_NM_AT_3_DEG, bearing_to, field_distance_nm
from collector.landings.rules import LandingRules
from collector.landings.segments import Stay
from collector.model import Grade


def grade_of_stay(
    stay: Stay, before: Contact, rules: LandingRules, *, approach_heard: bool, hovers: bool
) -> tuple[Grade, float]:
    """Return the grade and the probability of a landing that was received on the ground.

    `confirmed` needs two separate slow reports, or two as far apart as a stay is long, or three of
    an aircraft that brakes, after a usual flight, of which the approach was received or after which
    it stayed. One of them must say "on the ground": by speed and height alone a helicopter that
    hovers stands there as well. A single report may be wrong: it is no more than possible unless
    the aircraft can have flown there, landed and left by a usual flight. So is a stay of some
    minutes, since wrong reports may last as long, and one before which only a single report shows
    the aircraft elsewhere, if that one may be wrong.
    """
    if hovers and stay.bit_at is None:
        return Grade.POSSIBLE, rules.unsupported_ground_probability
    stayed = stay.separate >= 3 and stay.stayed >= rules.surely_stayed
    if stay.proofs < 2 and not _proves_alone(before, stay, rules):
        return Grade.POSSIBLE, rules.unsupported_ground_probability
    # Of a longer one, and of three slow reports, it is enough if one end that was heard fits.
    long = stay.last.fix.at - stay.first.fix.at >= rules.shortest_silence
    arrives = approach_heard and stay.comes and (long or (stay.separate >= 3 and not stay.hops))
    fits = arrives or (stay.leaves and (long or stay.comes))
    if not fits:
        return Grade.POSSIBLE, rules.unsupported_ground_probability
    received = stay.separate >= 2 or stay.stood or stay.braked
    if received and stay.bit_at is not None and stay.comes and (approach_heard or stayed):
        return Grade.CONFIRMED, rules.heard_probability
    single = stay.comes and stay.sinks and _leaves_late(stay, rules)
    if stay.reports < 2 and not single:
        return Grade.POSSIBLE, rules.unsupported_ground_probability
    return Grade.PROBABLE, rules.lone_ground_probability


def _proves_alone(before: Contact, stay: Stay, rules: LandingRules) -> bool:
    """Return whether one report before a stay is enough: in the air, no lower than approaches are
    flown at that distance, and not between two stays at the field. It may be a wrong one."""
    fix = before.fix
    if before.down or stay.again:
        return False
    if fix.place is None:
        return stay.slow < stay.reports  # it was received rolling as well
    if fix.altitude_ft is None:
        return False
    bearing = bearing_to(stay.field, fix)
    least_ft = rules.flattest_share * FT_PER_NM_AT_3_DEG * bearing.distance_nm
    if (bearing.height_ft or 0.0) <= least_ft - rules.below_field_ft:
        return False
    # On the runway, at speed, and not sinking: as likely a take-off that was broken off.
    away_nm = field_distance_nm(stay.field, *fix.place)
    away = not stay.field.runways or away_nm > rules.on_runway_nm
    high = (bearing.height_ft or 0.0) > rules.ground_height_ft + fix.altitude_error_ft
    sinks = fix.vertical_rate_fpm is not None and fix.vertical_rate_fpm <= rules.descent_fpm
    return away or high or sinks


def _leaves_late(stay: Stay, rules: LandingRules) -> bool:
    """Return whether the aircraft stayed on, or was heard again after `LandingRules.trend`, by a
    usual departure."""
    if stay.after is None:
        return True
    return stay.leaves and stay.after.fix.at - stay.last.fix.at > rules.trend
