"""What does a landing say that was received on the ground: when, on which runway, and why?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collector.landings.stay_lengths import prior
from collector.landings.stays import landing_of_stay
from collector.model import Candidate, Detection, Grade, RunwayEnd
from collector.tracking import Fix
from tests.landings.made_fixes import (
    APPROACH,
    FIELD,
    OTHER,
    RULES,
    SECOND,
    STAY,
    T,
    blind,
    contact,
    fix,
    ground,
)


def landing(**changed: Any) -> Detection:
    found = landing_of_stay("600865", replace(STAY, **changed), RULES, prior())
    assert found is not None
    return found


def flown(one: Fix, **changed: Any) -> Detection:
    """The landing after this last fix that was certainly in the air."""
    last = contact(one)
    return landing(**{"before": last, "flying": last, "passed": None, **changed})


def touchdown(found: Detection) -> tuple[float, float]:
    """The earliest and the latest touchdown, in s from the first report on the ground."""
    middle = (found.touchdown_at - T) / SECOND
    return middle - found.uncertainty_s, middle + found.uncertainty_s


def test_what_a_landing_says_of_its_stay() -> None:
    found = landing()
    assert (found.icao24, found.airfield) == ("600865", "XHER")
    assert found.candidates == (Candidate("XHER", 0.997),)
    assert (found.grade, found.probability) == (Grade.CONFIRMED, 0.997)
    assert found.feeds == ("a",)
    assert (found.callsign, found.runway, found.unheard) == ("AZQ1", None, None)
    assert STAY.after is not None
    assert (found.visit_from, found.visit_until) == (APPROACH.at, STAY.after.fix.at)
    assert found.departed_at is not None
    assert STAY.last.fix.at < found.departed_at < STAY.after.fix.at
    assert found.departed_uncertainty_s == 60.0
    assert [(line.kind, line.text) for line in found.evidence] == [
        ("before", "Heard in the air before, about 1,000 ft above the field."),
        ("ground-contact", "60 reports on the ground at XHER, 60 of them slow."),
        ("departure", "Heard in the air again."),
    ]
    assert [line.speaks for line in found.evidence] == ["for", "for", "neutral"]
    assert [line.at for line in found.evidence] == [APPROACH.at, T, STAY.after.fix.at]
    assert {(line.airfield, line.feeds) for line in found.evidence} == {("XHER", ("a",))}


def test_what_began_on_the_ground_has_no_time() -> None:
    assert landing_of_stay("600865", replace(STAY, before=None), RULES, prior()) is None


def test_a_stay_that_lasts_has_no_departure() -> None:
    for after in (None, contact(ground(3700, 30.0), down=True)):
        found = landing(after=after)
        assert (found.departed_at, found.departed_uncertainty_s) == (None, None)
        assert [line.kind for line in found.evidence] == ["before", "ground-contact"]
    assert landing(after=None).visit_until == STAY.last.fix.at


@pytest.mark.parametrize(
    ("reports", "slow", "text"),
    [
        (1, 0, "One report on the ground at XHER."),
        (1, 1, "One report on the ground at XHER, slow."),
        (2, 1, "2 reports on the ground at XHER, 1 of them slow."),
    ],
)
def test_how_often_it_was_received_there(reports: int, slow: int, text: str) -> None:
    assert landing(reports=reports, slow=slow).evidence[1].text == text


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (contact(fix(-60, 3.0, -50)), "Heard in the air before, about 0 ft above the field."),
        (contact(fix(-60, 3.0, None)), "Heard in the air before, about 0 ft above the field."),
        (
            contact(fix(-1800, 39.9, 9000)),
            "Heard in the air before, about 9,000 ft above the field.",
        ),
        (
            contact(fix(-1801, 39.9, 9000)),
            "Last heard in the air elsewhere; the approach was not heard.",
        ),
        (
            contact(fix(-1800, 40.1, 9000)),
            "Last heard in the air elsewhere; the approach was not heard.",
        ),
        (contact(blind(-60, 9000)), "Last heard in the air elsewhere; the approach was not heard."),
        (
            replace(contact(ground(-1800, 30.0), down=True), field=OTHER),
            "Last proven on the ground at XOTH; the flight from there was not heard.",
        ),
        (
            replace(contact(ground(-1800, 30.0), down=True), field=None),
            "Last proven on the ground at another place; the flight from there was not heard.",
        ),
    ],
)
def test_what_was_heard_before(before: Any, text: str) -> None:
    assert landing(before=before, flying=before, passed=None).evidence[0].text == text


def test_the_callsign_is_that_on_the_ground_or_else_of_the_approach() -> None:
    first = replace(STAY.first, fix=replace(STAY.first.fix, callsign="AZQ2"))
    assert landing(first=first).callsign == "AZQ2"
    assert flown(replace(APPROACH, callsign=None)).callsign is None


RUNWAY = replace(FIELD, runways=(RunwayEnd("18", 30.0, 35.0, 180.0, 3000.0),))


@pytest.mark.parametrize(
    ("one", "runway"),
    [
        (APPROACH, "18"),
        (replace(APPROACH, at=T - 120 * SECOND), "18"),
        (replace(APPROACH, at=T - 121 * SECOND), None),
        (replace(APPROACH, track_deg=None), None),
        (replace(APPROACH, track_deg=0.0), None),
        (replace(APPROACH, lon_deg=35.0056), "18"),  # 0.29 NM beside the centreline
        (replace(APPROACH, lon_deg=35.0060), None),
        (blind(-60, 1000), None),
    ],
)
def test_the_runway_is_the_one_it_was_lined_up_with_just_before(
    one: Fix, runway: str | None
) -> None:
    assert flown(one, field=RUNWAY).runway == runway


@pytest.mark.parametrize(
    ("one", "earliest_s"),
    [
        (fix(-1200, 60.0), -426),  # 0.8 of a usual flight of 60 NM are 774 s
        (fix(-700, 60.0), -700),  # nobody flies so fast: one of both places is false
        (blind(-600, 9000), -600),
        (fix(-1801, 9.0), -1657),  # 144 s
        (fix(-1801, 9.0, vertical_rate_fpm=-299.0), -1657),
    ],
)
def test_without_an_approach_it_landed_at_any_time_after_the_way(
    one: Fix, earliest_s: float
) -> None:
    assert touchdown(flown(one)) == pytest.approx((earliest_s, 0), abs=1)
    assert flown(one, flew_until=T - 100 * SECOND).touchdown_at == T - 50 * SECOND
    late = flown(one, flew_until=T + 100 * SECOND)
    assert (late.touchdown_at, late.uncertainty_s) == (T, 8.0), "no time is known better"


def test_an_approach_leads_to_the_runway_within_the_time_that_it_takes() -> None:
    begin, end = touchdown(flown(fix(-300, 9.0, 3000, ground_speed_kt=150.0)))
    assert -300 < begin < end <= 8
    sinks = fix(-3600, 9.0, 3000, ground_speed_kt=150.0, vertical_rate_fpm=-300.0)
    begin, end = touchdown(flown(sinks))
    assert begin < end < -2400, "it sank, an hour before it was received on the ground"
    begin, end = touchdown(flown(sinks, flew_until=T - 600 * SECOND))
    assert (begin, end) == pytest.approx((-600, 8)), "it still flew then"
    turns = replace(sinks, track_deg=0.0)
    assert touchdown(flown(turns))[1] == pytest.approx(0), "it flew elsewhere then"
    straight = replace(sinks, track_deg=151.0)
    assert touchdown(flown(straight))[1] < -2400
    rolls = flown(replace(sinks, at=T - 1800 * SECOND), rolls_out=True)
    assert touchdown(rolls) == pytest.approx((-90, 8)), "it came by a longer way"
    long_before = flown(replace(sinks, at=T - 1801 * SECOND), rolls_out=True)
    assert touchdown(long_before)[1] < -600


def test_latest_touchdowns_allow_for_a_circuit_and_for_a_slow_final() -> None:
    """Sinking, an hour before it was received on the ground: so only the way to fly counts."""
    straight: dict[str, Any] = {
        "vertical_rate_fpm": -300.0,
        "ground_speed_kt": 150.0,
        "track_deg": 180.0,
    }

    def latest(one: Fix, **changed: Any) -> float:
        return touchdown(flown(one, **changed))[1]

    low, higher = fix(-3600, 9.0, 100, **straight), fix(-3600, 9.0, 101, **straight)
    assert latest(higher) - latest(low) == pytest.approx(180, abs=1), "in the error it is no height"
    near, far = fix(-3600, 14.9, 3000, **straight), fix(-3600, 15.1, 3000, **straight)
    assert 160 < latest(near) - latest(far) < 180, "farther out it flies no circuit"
    lined_up, beside = (replace(higher, track_deg=deg) for deg in (180.0, 155.0))
    in_line = latest(lined_up, field=RUNWAY)
    assert latest(beside, field=RUNWAY) == in_line, "25° are in line with it, too"
    turned = replace(higher, track_deg=154.0)
    assert latest(turned, field=RUNWAY) - in_line == pytest.approx(180, abs=1)
    light, jet = (replace(low, ground_speed_kt=kt) for kt in (120.0, 121.0))
    assert 55 < latest(light) - latest(jet) < 75, "a quarter of the four minutes to fly"
    assert latest(replace(low, ground_speed_kt=None)) < latest(jet)


def test_what_is_known_already_changes_no_touchdown() -> None:
    sinks = fix(-3600, 9.0, 3000, ground_speed_kt=150.0, vertical_rate_fpm=-300.0)
    assert touchdown(flown(sinks, flew_until=T - 3590 * SECOND)) == touchdown(flown(sinks))
    soon = fix(-300, 9.0, 3000, ground_speed_kt=150.0)
    assert touchdown(flown(soon, rolls_out=True)) == touchdown(flown(soon))
    early = T - 200 * SECOND, T - 200 * SECOND
    assert touchdown(flown(soon, passed=early))[0] > touchdown(flown(soon))[0], "it came later"


def test_a_report_on_the_ground_that_comes_too_soon_dates_it_between_both() -> None:
    """It cannot be there so soon: one of the two errs."""
    far = fix(-60, 20.0, 6000, ground_speed_kt=250.0)
    begin, end = touchdown(flown(far))
    assert begin == pytest.approx(-8)
    assert end > 200
    begin, end = touchdown(flown(far, last=contact(ground(100), down=True)))
    assert (begin, end) == pytest.approx((-8, 100)), "it left then"
    assert touchdown(flown(far, last=contact(ground(100), down=True), after=None))[1] > 200


def test_an_arrival_that_nobody_heard_has_chances() -> None:
    found = flown(fix(-7200, 60.0))
    assert found.unheard is not None
    assert found.unheard.there_until == STAY.last.fix.at
    assert found.unheard.left_by is not None
    assert found.departed_at is not None
    assert found.unheard.left_by > found.departed_at
    lasting = flown(fix(-7200, 60.0), after=None)
    assert lasting.unheard is not None
    assert (lasting.unheard.there_until, lasting.unheard.left_by) == (T, None)
    assert found.visit_from == min(T - 7200 * SECOND, found.touchdown_at)
