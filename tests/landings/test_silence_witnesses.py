"""What witnesses a landing in a silence, and which of its ends belong to a field?"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from collector.landings.evidence.ends import End, end_at
from collector.landings.evidence.witness import Witness
from collector.model import Airfield
from collector.tracking import Fix
from tests.landings.made_fixes import (
    FIELD,
    OTHER,
    RULES,
    SECOND,
    T,
    fix,
)
from tests.landings.made_silences import (
    ARRIVAL,
    COMES,
    DEPARTURE,
    HOUR_S,
    PAIR,
    RISES,
    RUNWAY,
    SHORT,
    leaves,
    sure,
)
from tests.landings.test_listeners import slot


def test_a_final_by_itself_may_be_a_witness() -> None:
    def found(*args: Any, **more: Any) -> Witness | None:
        return sure(*args, fields=[RUNWAY], **more).witness("XHER", RULES)

    low = [slot(4)]
    assert found(COMES, slots=low) is Witness.LOW_LISTENERS
    assert found(COMES) is None
    beside = [replace(each, lon_deg=35.01) for each in COMES]
    assert found(beside, slots=low) is None, "lined up with no runway"
    assert found(SHORT) is Witness.SHORT_FINAL
    assert found(SHORT[-2:]) is None, "it may fly circuits"
    level = fix(2759, 60.0, 20_000), fix(2820, 60.0, 20_000)
    assert found(SHORT, level) is None, "it may have passed low over the runway, and flown on"
    assert found(SHORT, [replace(level[0], at=T + 2760 * SECOND)]) is Witness.SHORT_FINAL


def test_what_is_heard_again_climbing_out_is_a_witness() -> None:
    assert PAIR.witness("XHER", RULES) is Witness.RETURN
    assert replace(PAIR, level=True).witness("XHER", RULES) is None
    assert replace(PAIR, practises=True).witness("XHER", RULES) is Witness.RETURN, "after an hour"
    for seconds, found in ((2699, None), (2700, Witness.RETURN)):
        soon = replace(sure(COMES, leaves(seconds)), practises=True)
        assert soon.witness("XHER", RULES) is found
        assert replace(soon, practises=False).witness("XHER", RULES) is Witness.RETURN
    assert DEPARTURE.witness("XHER", RULES) is Witness.RETURN
    high = sure(
        (fix(-60, 6.0, 3000, **RISES), fix(0, 9.0, 4000, **RISES)), leaves(HOUR_S, 3.0, 10_000)
    )
    assert high.witness("XHER", RULES) is None
    assert ARRIVAL.witness("XHER", RULES) is None


def at(one: Fix, *fields: Airfield, departing: bool = False, excluded: str = "") -> End:
    end = end_at(one, fields, RULES, turn_fix=None, departing=departing)
    assert end is not None
    return replace(end, excluded=frozenset([excluded] if excluded else []))


def test_ends_are_weighed_for_a_field_if_they_may_belong_to_it() -> None:
    here, there = (at(COMES[-1], field) for field in (FIELD, OTHER))
    out, away = (at(leaves(HOUR_S)[0], field, departing=True) for field in (FIELD, OTHER))
    both = replace(PAIR, arrival=here, departure=out)
    assert both.for_field("XHER") is both
    assert both.for_field("XOTH") is None
    assert replace(both, departure=None).for_field("XHER") is not None
    listened = replace(
        PAIR,
        departure=away,
        arrival=here,
        coverage_after=0.5,
        coverage_later=0.5,
        approach_witness=Witness.LISTENERS,
        heard_low=True,
    )
    assert listened.for_field("XHER") == replace(listened, departure=None)
    assert listened.for_field("XOTH") == replace(
        listened,
        arrival=None,
        coverage_after=None,
        coverage_later=None,
        approach_witness=None,
        heard_low=False,
    )
    swapped = replace(listened, arrival=there, departure=out)
    assert swapped.for_field("XHER") is not None
    assert swapped.for_field("XHER") == replace(
        swapped,
        arrival=None,
        coverage_after=None,
        coverage_later=None,
        approach_witness=None,
        heard_low=False,
    )
    low = at(COMES[-1], FIELD, excluded="XOTH")
    assert replace(both, arrival=low).for_field("XOTH") is None
    everywhere = at(COMES[-1], FIELD, OTHER, excluded="XOTH")
    assert replace(both, arrival=everywhere).for_field("XOTH") is None
    assert replace(both, arrival=everywhere).for_field("XHER") is not None


def test_how_low_it_was_at_either_end() -> None:
    assert PAIR.lowest_ft("XHER") == 1000.0
    higher = sure(COMES, leaves(HOUR_S, 3.0, 2000))
    assert higher.lowest_ft("XHER") == 1000.0
    assert DEPARTURE.lowest_ft("XHER") == 1000.0
    assert PAIR.lowest_ft("XOTH") == math.inf


def test_a_stay_is_no_shorter_than_usual_unless_the_silence_shows_it() -> None:
    assert PAIR.least_stay("XHER", RULES) == RULES.shortest_stay
    turns = sure(SHORT, leaves(HOUR_S), fields=[RUNWAY])
    assert turns.least_stay("XHER", RULES) == RULES.quick_stay
    assert replace(turns, quick=False).least_stay("XHER", RULES) == RULES.shortest_stay
    quick = replace(PAIR, quick=True)
    assert quick.least_stay("XHER", RULES) == RULES.shortest_stay, "lined up with no runway"
    assert replace(quick, departure=None).least_stay("XHER", RULES) == RULES.shortest_stay
    assert replace(quick, arrival=None).least_stay("XHER", RULES) == RULES.shortest_stay
