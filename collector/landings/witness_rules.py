"""Which thresholds decide whether something witnesses a landing besides its approach?

They are part of `landings.rules.LandingRules`. What each witness is stands in
docs/landing-rules.md#from-evidence-to-grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from collector.landings.naming_rules import NamingRules


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessRules(NamingRules):
    """The thresholds for witnesses. They are our choices, judged by `bench/accuracy`."""

    witness_from: timedelta = timedelta(minutes=10)
    witness_window: timedelta = timedelta(minutes=40)
    witness_least: timedelta = timedelta(minutes=10)
    """Between `witness_from` and `witness_window` after the silence began, feeds must have been
    proven to cover the region for this long. An aircraft that breaks off low has climbed by then
    into altitudes received before, and is still within 150 NM. Sooner proves nothing: in a
    simulated low pass every aircraft fell silent ten minutes after it."""

    final_fpm: float = -300.0
    """ft/min. An aircraft on final sinks faster: at 100 kt, 3° are 530."""

    low_final_nm: float = 4.0
    low_final_ft: float = 1500.0
    back_up_within: timedelta = timedelta(minutes=4)
    """An aircraft that is lost on final no farther from touchdown and no higher than this, and goes
    around, is back at that height within this time: 4 NM at 120 kt, and 1,500 ft at 1,000 ft/min
    are 3.5 min."""

    low_heard_ft: float = 3000.0
    """ft. Other aircraft received at the field afterwards, no higher above the place of such a
    loss than this, prove that the one that goes around would have been received: usual missed
    approaches climb to 2,000 to 4,000 ft."""

    missed_approach_ft: float = 4000.0
    """ft. The highest of these. An altitude higher than that above the end of an approach, of which
    no position is received, is garbled."""

    short_final_beside_nm: float = 0.1
    short_final_ft: float = 200.0
    short_final_read_ft: float = 500.0
    """An aircraft lost this near the centreline, lower than `short_final_ft` above the runway by
    its place and than `short_final_read_ft` by its altitude, is seconds from landing: the decision
    height of a usual instrument approach is 200 ft (ICAO Annex 6, category I), and of 1,000
    approaches of airliners about 3 are broken off, most of them higher (Flight Safety Foundation,
    Go-Around Decision-Making and Execution Project, 2017)."""

    circuit_nm: float = 15.0
    circuit_within: timedelta = timedelta(minutes=30)
    """An aircraft that was nowhere farther away than this in that time flies circuits, perhaps to
    touch down and fly on again; its short final witnesses nothing."""

    dip_ft: float = 300.0
    practice_dips: int = 2
    circuit_ft: float = 1000.0
    light_circuit_ft: float = 600.0
    """ft. An aircraft that sinks by `dip_ft`, to no more than `circuit_ft` above the place where it
    was lost, and climbs by as much again without leaving the circuit (`circuit_nm`,
    `circuit_within`), goes around. Who does so `practice_dips` times practises: it comes and goes
    without a stay. Circuits are flown at 1,000 ft
    above the field or higher by large aircraft, for which 1,500 ft are recommended, and by light
    ones (`landings.rules.LandingRules.slowing_kt` or slower on final) at `light_circuit_ft` or
    higher (FAA Aeronautical Information Manual, 4-3-3), so one that was received lower is received
    in them."""

    longest_aloft: timedelta = timedelta(hours=6)
    """An aircraft of a type that works in the air flies about low, and unheard, for no longer than
    this: its fuel lasts about so long (light ones 4 to 6 h; patrol aircraft stay longer, but hardly
    ever all the time below what is received). Until it is heard again, it may."""

    quick_stay: timedelta = timedelta(minutes=4)
    missed_polls: int = 3
    """A stay shorter than `landings.rules.LandingRules.shortest_stay` takes `quick_stay` at least:
    for a landing roll, a turn and a take-off roll; touching down takes half a minute. Its silence
    must be longer than `back_up_within` by so many of the intervals at which the aircraft was
    received just before."""
