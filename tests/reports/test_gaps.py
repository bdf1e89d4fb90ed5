"""Is each gap in a track described once, with its length, and nothing else as a gap?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.model import Observation
from collector.reports.landing.explanation import explain, explain_json, explain_text
from collector.reports.landing.gaps import (
    describe_gap,
    describe_gaps,
    fixes_of,
    gaps_in,
    span_around,
)
from collector.tracking import Fix
from tests.support.landings import AIRFIELDS, CONFIRMED, OVDA, PROBABLE, TOUCHDOWN, UNDETERMINED

MINUTE = timedelta(minutes=1)
LONG = 6 * MINUTE
NOW = TOUCHDOWN + timedelta(hours=8)


def at(minutes: float) -> datetime:
    return TOUCHDOWN + minutes * MINUTE


def seen(minutes: float, *, lat_deg: float = 30.1, altitude_ft: float = 4025.0) -> Observation:
    time = at(minutes)
    return Observation(
        icao24="600865",
        feed="adsblol",
        heard_at=time,
        position_at=time,
        lat_deg=lat_deg,
        lon_deg=34.99,
        baro_altitude_ft=altitude_ft,
    )


def fix(minutes: float, *, placed: bool = True) -> Fix:
    return Fix(
        at=at(minutes),
        lat_deg=30.1 if placed else None,
        lon_deg=34.99 if placed else None,
        altitude_ft=4025.0,
        feeds=("adsblol",),
    )


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=40))
def test_gaps_and_what_lies_between_them_are_the_whole_track(
    minutes: list[tuple[int, bool]],
) -> None:
    fixes = [fix(minute, placed=placed) for minute, placed in sorted(minutes)]
    until = at(400)
    gaps = gaps_in(fixes, until, LONG)
    times = [one.at for one in fixes if one.placed]
    holes = [b - a for a, b in zip(times, [*times[1:], until], strict=False) if b - a > LONG]
    assert [gap.length for gap in gaps] == holes
    for gap in gaps:
        assert not any(gap.begin.at < time < gap.until_at for time in times)
        within = [o for o in fixes if not o.placed and gap.begin.at < o.at < gap.until_at]
        assert gap.heights >= len(within)


def test_a_gap_is_described_with_its_length_and_both_ends() -> None:
    flown = [seen(-6), seen(-5), seen(128, lat_deg=30.3, altitude_ft=5100), seen(129)]
    (gap, after) = describe_gaps(PROBABLE, flown, AIRFIELDS, "UTC", NOW)
    assert gap.minutes == 133.0
    assert gap.silent
    assert gap.text == (
        "No report at all for 2 h 13 min: last at 4,025 ft, 10.0 NM N of Ovda, "
        "next at 5,100 ft, 21.8 NM N of Ovda."
    )
    assert gap.told_at == "Wed 18 Nov 2026, 14:00 IST (12:00 UTC)"
    assert after.ends_at is None
    assert "nothing since, as of Wed 18 Nov 2026" in after.text


def test_heights_without_positions_are_not_called_silence() -> None:
    flown = [fix(-10), fix(-7, placed=False), fix(-4, placed=False), fix(0)]
    (gap,) = gaps_in(flown, at(1), LONG)
    description = describe_gap(gap, OVDA, "UTC")
    assert not description.silent
    assert "No credible position for 10 min" in description.text
    assert description.text.endswith("Its height was still reported 2 times.")


def test_a_position_on_the_ground_is_called_so() -> None:
    flown = [
        replace(fix(0), lat_deg=OVDA.lat_deg, lon_deg=OVDA.lon_deg, on_ground=True),
        replace(fix(60), altitude_ft=None),
    ]
    (gap,) = gaps_in(flown, at(61), LONG)
    assert (
        "last on the ground at Ovda, next at an unknown height"
        in describe_gap(gap, OVDA, "UTC").text
    )
    assert "NM" not in describe_gap(gap, None, "UTC").text


def test_usual_polling_leaves_no_gaps() -> None:
    flown = [seen(minute / 3) for minute in range(-30, 30)]
    assert gaps_in(fixes_of(flown, AIRFIELDS), at(11), LONG) == []
    assert gaps_in([], NOW, LONG) == []


def test_the_span_around_a_landing_holds_the_visit_and_ends_now() -> None:
    for landing in (PROBABLE, CONFIRMED, UNDETERMINED):
        begin, end = span_around(landing.detection, NOW + timedelta(days=30))
        assert begin < landing.detection.visit_from <= landing.detection.visit_until < end
    begin, end = span_around(PROBABLE.detection, TOUCHDOWN)
    assert end == TOUCHDOWN


def test_the_explanation_has_gaps_among_its_evidence() -> None:
    gaps = describe_gaps(PROBABLE, [seen(-6), seen(-4), seen(129)], AIRFIELDS, "UTC", at(130))
    explanation = explain(PROBABLE, (), AIRFIELDS, "UTC", gaps=gaps)
    assert [step.speaks for step in explanation.steps] == [
        "for LLOV",
        "against LLER",
        "gap",
        "for LLOV",
    ]
    assert [step.label for step in explanation.steps][:2] == [
        "for Ovda",
        "against Ramon",
    ]
    assert "No report at all for 2 h 13 min" in " ".join(explain_text(explanation).split())
    (row,) = explain_json(explanation, PROBABLE)["gaps"]
    assert (row["begins_at"], row["ends_at"]) == ("2026-11-18T12:01:00Z", "2026-11-18T14:14:00Z")
    assert row["minutes"] == 133.0
