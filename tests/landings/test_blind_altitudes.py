"""What do altitudes without a position show? They exclude fields, and may end an approach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collector.landings.evidence.blind_altitudes import blind_heights
from collector.landings.evidence.ends import End, arrival_end, departure_end
from collector.landings.unheard_landings import evidence_of
from tests.landings.silence_cases import (
    INBOUND,
    MINUTE,
    RULES,
    STAY,
    TIMES,
    TOUCHDOWN,
    blind,
    contacts,
    context_of,
    jammed_below,
    silence_in,
)
from tests.support.flights import FIELDS, LLOV, hear, visit


def test_a_field_above_what_was_heard_without_a_position_is_excluded() -> None:
    """Ovda lies at 1,492 ft: an aircraft received at about 500 ft is not there, wherever it is."""
    low = silence_in(jammed_below(9000, lowest_ft=350))
    high = silence_in(jammed_below(9000, lowest_ft=3000))
    assert low is not None
    assert high is not None
    assert low.arrival is not None
    assert low.arrival.fix.altitude_ft is not None
    assert low.arrival.fix.altitude_ft > 9000, "the position's own height, not the later one"
    assert low.for_field("LLOV") is None
    assert "LLOV" not in evidence_of(low, context_of())
    assert {"LLOV", "LLER"} <= set(evidence_of(high, context_of()))
    assert "LLER" in evidence_of(low, context_of())


def test_sinking_on_without_a_position_is_an_approach() -> None:
    """Level when the position was lost; only the altitudes show the descent."""
    inbound = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), INBOUND)
    above = [one for one in inbound if (one.baro_altitude_ft or 0) >= 15_000]
    level = [
        replace(one, vertical_rate_fpm=0.0, baro_altitude_ft=above[-1].baro_altitude_ft)
        for one in above
    ]
    sinking = blind([one for one in inbound if 4000 <= (one.baro_altitude_ft or 0) < 15_000])
    alone, both = contacts(level), contacts([*level, *sinking])
    assert arrival_end(alone, len(alone) - 1, FIELDS, RULES) is None
    end = arrival_end(both, len(both) - 1, FIELDS, RULES)
    assert end is not None
    assert end.blind is not None
    assert end.blind.lowest_ft == end.blind.nearest_ft < 5000


def test_climbing_on_without_a_position_is_none() -> None:
    inbound = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), INBOUND)
    above = [one for one in inbound if (one.baro_altitude_ft or 0) >= 8000]
    last = above[-1]
    height_ft = last.baro_altitude_ft or 0.0

    def then(climbed_ft: float) -> End | None:
        after = [
            replace(
                last, heard_at=last.heard_at + n * MINUTE, baro_altitude_ft=height_ft + n * step
            )
            for n in (1, 2, 3)
            for step in (climbed_ft / 3,)
        ]
        track_contacts = contacts([*above, *blind(after)])
        return arrival_end(track_contacts, len(track_contacts) - 1, FIELDS, RULES)

    assert then(0.0) is not None
    assert then(1800.0) is None


def test_climbing_first_heard_without_a_position_is_a_departure() -> None:
    outbound = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), TIMES[300:])
    climb = [one for one in outbound if 3000 <= (one.baro_altitude_ft or 0) <= 14_000]
    low = [one for one in climb if (one.baro_altitude_ft or 0) < 10_000]
    level = [replace(one, vertical_rate_fpm=0.0) for one in climb if one not in low][:1]
    alone, both = contacts(level), contacts([*blind(low), *level])
    assert departure_end(alone, 0, FIELDS, RULES) is None
    end = departure_end(both, 0, FIELDS, RULES)
    assert end is not None
    assert end.blind is not None
    assert end.blind.nearest_ft == end.blind.lowest_ft < 5000


def test_a_position_much_older_than_the_silence_is_no_end_of_it() -> None:
    """Hours of altitudes without any position: where the aircraft flew meanwhile is not known."""
    reports = jammed_below(9000, lowest_ft=3000)
    height = next(one for one in reports if one.position_at is None)
    long = [replace(height, heard_at=height.heard_at + n * MINUTE) for n in range(10, 120, 5)]
    assert silence_in([*reports, *long]) is None


def test_heights_come_from_contacts_without_a_position_only() -> None:
    track_contacts = contacts(jammed_below(9000, lowest_ft=3000))
    placed_fix = next(each.fix for each in track_contacts if each.fix.placed)
    last_heights, first_heights = (
        blind_heights(track_contacts, placed_fix),
        blind_heights(track_contacts, placed_fix, silence_first=True),
    )
    assert last_heights is not None
    assert first_heights is not None
    assert last_heights.lowest_ft == last_heights.nearest_ft == first_heights.lowest_ft < 4000
    assert first_heights.nearest_ft > 8000
    assert blind_heights([each for each in track_contacts if each.fix.placed], placed_fix) is None


def test_a_height_that_cannot_be_reached_is_a_repeated_one_and_hides_no_approach() -> None:
    """A cruise altitude that is sent again on short final, as real flights do."""
    track_contacts = contacts(jammed_below(9000, lowest_ft=3000))
    placed_fix = next(each.fix for each in track_contacts if each.fix.placed)
    last = next(each for each in track_contacts if not each.fix.placed)
    soon = placed_fix.at + timedelta(seconds=20)
    again = replace(last, fix=replace(last.fix, at=soon, altitude_ft=36_000.0))
    assert placed_fix.altitude_ft is not None
    low = replace(placed_fix, altitude_ft=4000.0)
    assert blind_heights([again], low) is None
    assert blind_heights([again], replace(placed_fix, altitude_ft=35_500.0)) is not None
