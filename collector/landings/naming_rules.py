"""Which thresholds decide whether a field is named, or left undetermined between several?

They are part of `landings.rules.LandingRules`. Why each is needed stands in
docs/landing-rules.md#which-field-is-named, and what they change in docs/accuracy.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingRules:
    """The thresholds for naming. They are our choices, judged by `bench/accuracy`."""

    attribute_from: float = 0.85
    """Share of the landing's probability that one field must hold to be named, even if a rival were
    as much likelier as its prior may be higher."""

    rival_share: float = 3.0
    """A rival's prior may be this many times as high as thought: how often aircraft land at a field
    is hardly known. A guessed prior (`Airfield.prior_guessed`) of a rival with a runway of
    `least_runway_m` is first raised to the field's: a list without an IATA code for it does not
    tell an air base from an airstrip."""

    least_runway_m: float = 1500.0
    """m. Fields whose runways are all shorter are no candidates for large freighters, transports
    and wide bodies (`landings.heavy_types`), unless they were received on the ground there."""

    least_single_aisle_runway_m: float = 1300.0
    """m. As much for other jet airliners. Santos Dumont, where Airbus A320 and Boeing 737 land
    every few minutes, has 1,323 m (OurAirports, 4,341 ft)."""

    alike_within_share: float = 0.75
    """Share of the way still to fly from the nearer end: straight, or longer if that is steeper
    than 3°. Rivals nearer to a field than this are not told from it by what was heard."""

    alike_odds: float = 10.0
    """Odds. Between such fields what was heard counts for no more than this."""

    as_near_share: float = 1.3
    """Share of the way to a field. Rivals to which the way is at most this, from each end that was
    heard, lie as near as the field."""

    as_near_doubt: float = 4.0
    """The prior of such a rival may be this many times as high again. How directions and speeds
    tell fields apart was learned elsewhere, and nothing else that was heard does here."""

    final_within_nm: float = 11.0
    """NM. Who is lined up with a runway (`LandingRules.lined_up_nm`) and on its glide path no
    farther out than this is on final to it, which tells its field from near ones."""

    glide_path_share: float = 0.3
    """Share of its height by which a final may lie above or below a 3° path (2.1° to 3.9°)."""

    final_odds: float = 100.0
    """Odds. Between the field on whose low final the aircraft fell silent and one to which it was
    on none, what was heard counts for this at least: of 1,000 approaches about 3 are broken off
    (`LandingRules.short_final_ft`), and few of those end at another field."""

    named_from: float = 0.03
    """Share. Candidates with less are not listed; the likeliest always is, and so is its likeliest
    rival if none is named."""
