"""Which thresholds decide? Every one in one place, with unit, default, reason and source.

"LANDING" is the survey of published rules and measurements in docs/landing-rules.md. What each
piece of evidence weighs is not here but learned: `landings.evidence.weights`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

RULES_VERSION = "4"
"""Raised with every change that can change a landing; stored with each revision."""

HEAVY_TYPES = frozenset(
    {"A124", "A225", "A306", "A310", "A332", "A333", "A343", "A346", "B703", "B741", "B742", "B743"}
    | {"B744", "B748", "B752", "B763", "B77L", "B77W", "C17", "DC10", "IL62", "IL76", "IL96"}
    | {"K35R", "L101", "MD11"}
)
"""Types that need a long runway; used to leave airstrips out of the candidates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingRules:
    """All thresholds; those without a source are choices of ours, judged by bench/accuracy."""

    field_radius_nm: float = 2.2
    """On the ground this near the reference point or a threshold is at the field: a 13,000 ft
    runway ends 1.1 NM from its middle, aprons lie within 1 NM more (LANDING §2 uses 4 km)."""

    astray_nm: float = 11.0
    """On the ground this near a field, but at none, is a spoofed position of one that is parked
    there (circles about the field, LANDING §4.3); nearer than Ramon lies to Ovda."""

    slow_kt: float = 40.0
    """Slower on the ground than this has stopped flying: ground bits of climbing light aircraft
    stood at 53–60 kt in recordings, take-off runs pass through; a roll-out ends below."""

    standing_kt: float = 25.0
    """Without a ground bit: no slower aeroplane flies; light ones were heard at 39 kt on final."""

    rolling_kt: float = 80.0
    """A roll-out that is heard slowing down to this has landed (LANDING §2)."""

    neighbour: timedelta = timedelta(seconds=60)
    """Fixes this near in time check a reported speed; "0 kt" is sent for unknown speeds too."""

    flicker: timedelta = timedelta(seconds=30)
    """Ground bits that come and go within this are one contact (2 s in a recording)."""

    late_ground_bit: timedelta = timedelta(seconds=150)
    """So long after touchdown a report may still say "in the air" (140 s at a desert strip)."""

    ground_height_ft: float = 300.0
    """Without a ground bit: this near the field's elevation, beyond the altitude's error."""

    candidate_radius_nm: float = 130.0
    """Fields farther from the last fix than this are not considered: a descent from cruise begins
    120 NM out. A shorter reach is a trap: it leaves out the true field and keeps its neighbour."""

    approach_ceiling_ft: float = 32_000.0
    """Above the field. Lost higher than this a track says nothing about where it went."""

    departure_ceiling_ft: float = 26_000.0
    """Above the field. Climbing higher than this it may come from anywhere (readsb uses 20,000)."""

    flattest_share: float = 0.12
    level_within_nm: float = 15.0
    """Farther out than this nobody approaches (or leaves) lower than this share of a 3° path: a
    position like that is spoofed, or belongs to another field."""

    blind_reach: timedelta = timedelta(minutes=40)
    """So long before a silence the last position may lie while altitudes go on: jamming lasts
    from minutes to hours (LANDING §4.5), and a descent takes half an hour."""

    descent_fpm: float = -150.0
    climb_fpm: float = 150.0
    """Steeper than level flight's noise; encoders step by 64 ft/min."""

    below_field_ft: float = 200.0
    """Heard lower than a field's elevation by this, beyond the altitude's error, it is not there:
    runways slope (Ovda's ends differ by 68 ft)."""

    trend: timedelta = timedelta(minutes=10)
    """How far before a silence (or after it) the trend of altitude is read."""

    trend_ft: float = 500.0
    """Altitude lost (or gained) within `trend` that counts as a descent (or climb)."""

    shortest_silence: timedelta = timedelta(minutes=12)
    """A stay shorter than a turn-around is a hole in coverage or a go-around."""

    shortest_stay: timedelta = timedelta(minutes=15)
    """Unheard stays must leave at least this on the ground after flying there and back
    (published stays: two to three hours)."""

    shortest_unpaired_stay: timedelta = timedelta(minutes=45)
    """Where only the climb-out was heard: aircraft flying about a field are lost and heard again
    within half an hour (a flight-check aircraft in the recordings)."""

    about_nm: float = 60.0
    """Who was last heard farther away than this was not flying about the field."""

    longest_stay: timedelta = timedelta(days=4)
    """Two unheard ends farther apart than this are not paired."""

    settle_after: timedelta = timedelta(minutes=25)
    """How long a silence must last before it is judged while nothing is heard again; by then those
    who listened from `witness_from` for `witness_least` are known, whose slots begin 10 to 15 min
    after it began."""

    settle_again_after: timedelta = timedelta(hours=2, minutes=10)
    """Judged once more when a late delivery would long have come, and `later_window` is over."""

    heard_window: timedelta = timedelta(minutes=15)
    """In this time after the last fix, flying on would have been heard."""

    later_window: timedelta = timedelta(hours=2)
    """Who is still silent while feeds listen up to here has not merely flown through a hole; as
    long as the slots go that are loaded about a silence."""

    return_alone_ft: float = 10_000.0
    """Above the field. Of whom only the climb-out was heard, and only higher than this, took off
    somewhere: a field that nobody named to us is as likely (Beirut, in a simulated outage)."""

    witness_from: timedelta = timedelta(minutes=10)
    witness_window: timedelta = timedelta(minutes=40)
    witness_least: timedelta = timedelta(minutes=10)
    """So much of the time between those after the last fix feeds must have been proven to hear the
    region: who breaks off low has climbed by then into what was heard before, and is still within
    150 NM. Sooner proves nothing: in a simulated low pass all fell silent ten minutes after it."""

    lowest_within: timedelta = timedelta(hours=3)
    lowest_radius_nm: float = 11.0
    """How low others are heard about a field is read from so long before, and so near: one cell
    of coverage (15 NM) about each field, less than from Ovda to Ramon."""

    heard_radius_nm: float = 100.0
    """Other aircraft this near the last fix prove that the region is heard."""

    low_ft: float = 5000.0
    """Above the field. Who was heard lower than this at one end of a silence was on a way that the
    fields don't share; higher, they share it (LANDING §4.1), and a probability rests on less."""

    heard_unplaced: int = 3
    """So many without a position in an answer for an area prove as well that it is heard: jammed
    aircraft go on sending altitudes (LANDING §4.5)."""

    attribute_from: float = 0.85
    attribute_high_from: float = 0.97
    """Share of the landing's probability that one field must hold to be named, by `low_ft`."""

    probable_from: float = 0.85
    possible_from: float = 0.3
    inferred_at_most: float = 0.985
    """What nobody heard is never surer than this."""

    heard_probability: float = 0.997
    """Of a landing heard on the ground with its approach."""

    lone_ground_probability: float = 0.97
    """Of one single ground report without an approach before it."""

    named_from: float = 0.03
    """Candidates below this are not listed; the likeliest always is."""

    least_runway_m: float = 1500.0
    """Shorter runways are not candidates for `HEAVY_TYPES`."""

    lined_up_nm: float = 0.3
    """Beside the extended centreline by no more than this, the runway is named."""

    cruise_kt: float = 430.0
    terminal_kt: float = 180.0
    """Mean ground speeds far from and within 40 NM of a field, for times of flight."""

    flight_bound_share: float = 0.8
    """Of the usual time of flight: faster than this nobody gets there; a bound, no estimate."""

    touchdown_slack_s: float = 35.0
    touchdown_slack_share: float = 0.3
    """± of a touchdown after which it was heard on the ground: at most this, and this share of the
    time still to fly; holds 95 to 98 % (docs/accuracy.md)."""

    unheard_slack_s: float = 15.0
    unheard_slack_share: float = 0.12
    long_final_s: float = 450.0
    long_final_slack_share: float = 0.6
    """± of an expected touchdown that nobody heard: this, and this share of the time still to fly.
    What is farther from touchdown than `long_final_s` may still be held, or vectored: so that
    more ± is added for the rest."""

    hasty_nm: float = 25.0
    hasty_kt: float = 240.0
    hasty_path_share: float = 1.05
    hasty_above_ft: float = 600.0
    hasty_late_s: float = 150.0
    """Who is this near and still this fast, or this much above a 3° path, has speed or height to
    lose on a longer way: the latest touchdown is later by this. On simulated days one in four of
    them landed so much after a straight-in approach would have."""

    away_deg: float = 90.0
    away_nm: float = 15.0
    """Who flies away from a field, farther out than a downwind leg goes, and is heard again
    climbing out of it, came there at any time in between, perhaps by way of another field."""

    unknown_runway_slack_share: float = 0.6
    """The share where no runway is known: it may lie a mile from the reference point."""

    off_course_deg: float = 30.0
    off_course_slack_s: float = 60.0
    """Pointing farther from the field than this, it still has a base leg or a downwind to fly."""

    descent_ft_per_s: float = 15.0
    """Who is abeam or turned away still has its height to lose, at about 900 ft/min."""
