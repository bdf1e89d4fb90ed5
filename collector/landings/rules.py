"""Which thresholds decide about a landing? Every one stands here with its unit, default, reason and
source.

Sources are named as sections of docs/landing-rules.md. The weights of the evidence are not here:
they are learned, and stand in `landings.evidence.weights`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from collector.landings.witness_rules import WitnessRules
from collector.model.unheard import LONGEST_SILENCE

RULES_VERSION = "11"
"""Raised with every change that can change a landing; stored with each revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingRules(WitnessRules):
    """All thresholds; those for naming a field and for witnesses are inherited. Those without a
    source are our choices, judged by `bench/accuracy` (docs/accuracy.md)."""

    field_radius_nm: float = 2.2
    """NM. An aircraft on the ground this near the reference point or any point of a runway is at
    the field: aprons lie within 1 NM. Where no runway is known, this is the size of the field,
    since a runway of 13,000 ft ends 1.1 NM from its middle (docs/landing-rules.md#runways)."""

    on_runway_nm: float = 0.5
    """NM. A fix this near to a known runway may be on it: a position may be off by that much."""

    astray_nm: float = 11.0
    """NM. A position on the ground this near a field, but at no field, is a spoofed position of an
    aircraft parked there (circles around the field,
    docs/landing-rules.md#what-goes-wrong-in-practice, 3). It is less than the distance between Ovda
    and Ramon."""

    slow_kt: float = 40.0
    """kt. An aircraft slower than this on the ground has landed. Ground bits of climbing light
    aircraft stood at 53 to 60 kt in recordings, and take-off runs pass through; a roll-out ends
    below."""

    standing_kt: float = 25.0
    """kt, without a ground bit: no aeroplane flies slower. Light ones were received at 39 kt on
    final."""

    rolling_kt: float = 80.0
    """kt. A roll-out received slowing down to this has landed. adsbtrack
    (github.com/frankea/adsbtrack) likewise disbelieves a ground report above 80 kt."""

    neighbour: timedelta = timedelta(seconds=60)
    """Fixes this near in time check a reported speed: "0 kt" is also sent for an unknown speed."""

    still_within: timedelta = timedelta(minutes=10)
    """Without a ground bit, a slow aircraft is on the ground only if a position this near in time
    lies where it was then: it stands or taxies."""

    flying_kt: float = 60.0
    """kt. An aircraft whose position moves this fast, and that is not on the ground, flies. Taxiing
    is slower; light aircraft on final are seldom slower over the ground."""

    longest_roll: timedelta = timedelta(seconds=90)
    """Movement at `flying_kt` for longer is no roll: a rejected take-off is over in less."""

    flying_through_kt: float = 80.0
    roll_half: timedelta = timedelta(seconds=45)
    passing_within: timedelta = timedelta(minutes=3)
    """An aircraft that moves at `flying_through_kt` or faster from a place at least `roll_half`
    before to a contact, and on to a place as long after, both within `passing_within`, is not on
    the ground there, whatever its ground bit says."""

    flicker: timedelta = timedelta(seconds=30)
    """Ground bits that come and go within this time are one contact (2 s in a recording)."""

    late_ground_bit: timedelta = timedelta(seconds=150)
    """A report may still say "in the air" this long after touchdown (140 s at a desert strip)."""

    sinking_ft: float = 100.0
    sinking_within: timedelta = timedelta(minutes=30)
    """ft. An aircraft that loses this much height afterwards has not landed yet: on the runway its
    altitude stays within the steps of 25 ft and the pressure of the roll. Altitudes go on for so
    long where positions are stale until the aircraft stands there."""

    ground_height_ft: float = 300.0
    """ft. Without a ground bit, an aircraft on the ground is this near the field's elevation,
    beyond the altitude's error."""

    candidate_radius_nm: float = 130.0
    """NM. Fields farther from the last fix are not considered: a descent from cruise begins 120 NM
    out. A shorter radius would leave out the true field and keep its neighbour."""

    approach_ceiling_ft: float = 32_000.0
    """ft above the field. A track lost higher than this says nothing about its destination."""

    departure_ceiling_ft: float = 26_000.0
    """ft above the field. An aircraft climbing higher than this may come from anywhere. (readsb
    divides legs below 20,000 ft: `mark_legs`, github.com/wiedehopf/readsb.)"""

    flattest_share: float = 0.12
    level_within_nm: float = 15.0
    """NM. Farther out than this, nobody approaches or leaves a field lower than `flattest_share` of
    a 3° path: such a position is spoofed or belongs to another field."""

    level_nm: float = 6.0
    level_ft: float = 2500.0
    """NM, and ft above the field. An aircraft that is lost in level flight may be about to land
    only this near and this low, and its landing is possible at most: a 3° path is 1,900 ft high 6
    NM out, and an altitude may be off by 650 ft."""

    blind_reach: timedelta = timedelta(minutes=40)
    """The last position may lie this long before a silence while altitudes go on: jamming lasts
    from minutes to hours (docs/landing-rules.md#what-goes-wrong-in-practice, 5), and a descent
    takes half an hour."""

    descent_fpm: float = -150.0
    climb_fpm: float = 150.0
    """ft/min, as `descent_fpm`: steeper than the noise of level flight, since encoders step by 64
    ft/min."""

    below_field_ft: float = 200.0
    """ft. An aircraft received lower than a field's elevation by this, beyond the altitude's error,
    is not there: runways slope (the ends of Ovda's differ by 68 ft)."""

    trend: timedelta = timedelta(minutes=10)
    """The trend of the altitude is read from this long before a silence, or after it."""

    trend_ft: float = 500.0
    """ft. An altitude lost (or gained) within `trend` by this much is a descent (or climb)."""

    shortest_silence: timedelta = timedelta(minutes=12)
    """A shorter silence is a coverage hole or a go-around. It hides a stay only where the ends show
    it (`quick_stay`)."""

    shortest_stay: timedelta = timedelta(minutes=15)
    """A stay that no feed received must leave at least this on the ground after flying there and
    back (published stays last two to three hours), unless the ends show a shorter one
    (`quick_stay`)."""

    shortest_unpaired_stay: timedelta = timedelta(minutes=45)
    """The same where only the climb-out was received: aircraft flying around a field are lost and
    heard again within half an hour (a flight-check aircraft in the recordings)."""

    about_nm: float = 60.0
    """NM. An aircraft last heard farther away than this was not flying around the field."""

    longest_stay: timedelta = LONGEST_SILENCE
    """Two ends farther apart than this are not paired to one stay."""

    unheard_from: timedelta = timedelta(minutes=30)
    """A touchdown that may lie anywhere in a longer time was heard by nobody: its chances follow
    from how long aircraft stay (docs/landing-rules.md#arrivals-that-nobody-heard)."""

    stated_share: float = 0.925
    stated_whole: timedelta = timedelta(hours=2)
    """Share of the chance that the stated ± of such a touchdown holds; a silence up to
    `stated_whole` is stated whole."""

    direct_share: float = 0.8
    direct_flight_share: float = 1.3
    direct_slack: timedelta = timedelta(minutes=45)
    """The share of aircraft that, heard in flight and then at the field, flew there directly:
    within `direct_flight_share` of the usual flight time and `direct_slack`, for holding. The
    others landed elsewhere first."""

    low_elsewhere_ft: float = 10_000.0
    """ft. An aircraft descending below this, more than `about_nm` away, is about to land there."""

    departure_slack_s: float = 60.0
    departure_slack_share: float = 0.35
    """± of a departure that was heard climbing out: this, and this share of the usual flight time
    to where it was heard, but never before it was last heard on the ground."""

    settle_after: timedelta = timedelta(minutes=25)
    """A silence is judged after this time although it still lasts. By then the coverage from
    `witness_from` on, for `witness_least`, is known: those slots begin 10 to 15 min after the
    silence."""

    settle_again_after: timedelta = timedelta(hours=2, minutes=10)
    """A silence is judged once more after this time: late deliveries would have come long before,
    and `later_window` is over."""

    heard_window: timedelta = timedelta(minutes=15)
    """For this time after the last fix, flying on would have been received."""

    later_window: timedelta = timedelta(hours=2)
    """An aircraft that is still silent up to here, while there is coverage, has not merely crossed
    a hole. Coverage is loaded for no longer than this after a silence."""

    return_alone_ft: float = 10_000.0
    """ft above the field. If only the climb-out was received, and only above this, the aircraft
    took off somewhere: a field that is not configured is as likely (Beirut, in a simulated
    outage)."""

    lowest_within: timedelta = timedelta(hours=3)
    lowest_radius_nm: float = 11.0
    """NM. How low traffic is received at a field is read from `lowest_within` before, and from this
    radius: one cell of coverage (15 NM) around each field, less than from Ovda to Ramon."""

    heard_radius_nm: float = 100.0
    """NM. Other aircraft this near the last fix prove coverage of the region."""

    low_ft: float = 5000.0
    """ft above the field. An aircraft received lower than this at one end of a silence flew a path
    that the fields do not share. Higher up they share it
    (docs/landing-rules.md#what-goes-wrong-in-practice, 1)."""

    heard_unplaced: int = 3
    """Aircraft. This many without a position in an area's reply also prove coverage: jammed
    aircraft go on sending altitudes (docs/landing-rules.md#what-goes-wrong-in-practice, 5)."""

    probable_from: float = 0.85
    possible_from: float = 0.3
    """The least probability of each grade, as `probable_from`."""
    inferred_at_most: float = 0.985
    """Probability. A landing that was not received on the ground is never surer than this."""

    heard_probability: float = 0.997
    """Probability of a landing received on the ground with its approach or a stay (`confirmed`)."""

    lone_ground_probability: float = 0.97
    """Probability of a landing received on the ground with less (`probable`)."""

    unsupported_ground_probability: float = 0.6
    """Probability of a landing for which a single report on the ground speaks, or a short stay that
    no usual flight explains (`possible`): rows may be wrong, alone and in groups."""

    separate_reports: timedelta = timedelta(seconds=8)
    """Reports nearer in time than this are one observation of a stay."""

    surely_stayed: timedelta = timedelta(minutes=2)
    """Three separate slow reports over this time are a stay by themselves."""

    steepest_approach_fpm: float = 4000.0
    """ft/min. An approach that must have been steeper than this, from the last fix in the air to
    the first on the ground, does not fit: usual descents have 1,000 to 3,000."""

    lined_up_nm: float = 0.3
    """NM. An aircraft no farther than this from the extended centreline is on that runway's
    approach, so the runway is named."""

    cruise_kt: float = 430.0
    terminal_kt: float = 180.0
    """kt. Mean ground speeds farther than 40 NM from a field (`cruise_kt`) and within (this), for
    flight times."""

    flight_bound_share: float = 0.8
    """Share of the usual flight time. No aircraft gets there faster: a bound, no estimate."""

    unheard_slack_s: float = 12.0
    unheard_slack_share: float = 0.12
    long_final_s: float = 450.0
    long_final_slack_share: float = 0.3
    """± of an expected touchdown after a received approach: `unheard_slack_s`, plus
    `unheard_slack_share` of the time still to fly. Of what lies beyond `long_final_s` this share is
    added, since the aircraft may come faster or be held."""

    led_round_after_s: float = 200.0
    led_round_late_s: float = 300.0
    """s. An arrival is led round, and loses height and speed on the way. Its latest touchdown is
    later by nothing if it has `led_round_after_s` still to fly straight on, rising to
    `led_round_late_s` at twice that. Of 90 real landings cut off 4,000 to 10,000 ft above the
    field one in ten took 6 to 9 minutes longer (docs/recordings.md#when-they-touched-down)."""

    hasty_nm: float = 25.0
    hasty_kt: float = 240.0
    hasty_above_ft: float = 600.0
    hasty_late_s: float = 150.0
    """s, at least, for an aircraft within `hasty_nm` that is faster than `hasty_kt`, or higher than
    a 3° path by `hasty_above_ft`: one in four of such simulated ones landed so much later."""

    away_deg: float = 90.0
    away_nm: float = 15.0
    """NM. An aircraft that flies away from a field by more than `away_deg`, farther out than a
    downwind leg goes, and is heard again climbing out of the field, came there at any time in
    between, perhaps by way of another field."""

    slowing_kt: float = 120.0
    slowing_share: float = 0.25
    """kt, and a share of the time of the final: an aircraft no faster than this before its final
    may be a light one, which flies its circuit at 90 to 115 kt and the end of its final at 60 to 70
    (1.3 times its stalling speed: FAA Airplane Flying Handbook, chapter 9). The airliner slows
    down before."""

    circuit_late: timedelta = timedelta(minutes=3)
    """An aircraft near and above the field that flies towards it, in line with no runway, may have
    most of a circuit to fly: then its latest touchdown is later by this, but not later than it was
    on the ground (docs/recordings.md#when-they-touched-down)."""

    off_course_deg: float = 30.0
    off_course_slack_s: float = 60.0
    """s, added to ± if the aircraft points farther from the field than `off_course_deg`: it still
    has a base leg or a downwind to fly."""

    descent_ft_per_s: float = 15.0
    """ft/s. An aircraft that is abeam or turned away still has its height to lose, at about 900
    ft/min."""
