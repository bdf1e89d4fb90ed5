"""Heights without a position, ends that are not one flight's, who listened, and what is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.geo import destination
from collector.landings.contacts import Contacts, contacts_of
from collector.landings.context import Context
from collector.landings.detect import detect
from collector.landings.evidence.blind_altitudes import blind_heights
from collector.landings.evidence.ends import End, arrival_end, departure_end
from collector.landings.evidence.silence import coverage_after, coverage_later
from collector.landings.grading import attribution, inferred_grade
from collector.landings.inferred import evidence_of
from collector.landings.rules import LandingRules
from collector.landings.segments import gaps_of
from collector.landings.silences import Silence, silence_of
from collector.model import Airfield, Detection, Grade, Observation
from collector.model.coverage import CoverageSlot, PollCoverage, slots_of
from collector.model.reply import Outcome
from collector.tracking import track
from tests.support.flights import FIELDS, LLER, LLOV, START, hear, listening, polls, visit

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
MINUTE = timedelta(minutes=1)
TIMES = polls(START, START + timedelta(hours=9))
INBOUND = [at for at in TIMES if at < TOUCHDOWN]
STAY = timedelta(hours=3)


def blind(reports: Sequence[Observation]) -> list[Observation]:
    """The same under jamming: heights go on, the rest does not."""
    return [
        replace(
            one,
            position_at=None,
            lat_deg=None,
            lon_deg=None,
            on_ground=None,
            ground_speed_kt=None,
            track_deg=None,
            vertical_rate_fpm=None,
        )
        for one in reports
    ]


def contacts(reports: Sequence[Observation], fields: Sequence[Airfield] = FIELDS) -> Contacts:
    return contacts_of(track(reports), fields, RULES)


def silence_in(
    reports: Sequence[Observation], slots: Sequence[CoverageSlot] = ()
) -> Silence | None:
    """The last silence of a track that may hide a landing."""
    heard, context = contacts(reports), context_of(slots)
    found = [silence_of(heard, gap, context) for gap in gaps_of(heard, RULES)]
    return next((each for each in reversed(found) if each is not None), None)


def context_of(slots: Sequence[CoverageSlot] = (), fields: Sequence[Airfield] = FIELDS) -> Context:
    return Context(fields, slots, RULES, TIMES[-1])


def jammed_below(floor_ft: float, *, lowest_ft: float) -> list[Observation]:
    """An arrival at Ramon without positions below a height, and unheard below another."""
    reports = hear(visit(LLER, TOUCHDOWN, STAY, runway="19"), polls(START, TOUCHDOWN, 20))
    high = [one for one in reports if (one.baro_altitude_ft or 0) >= floor_ft]
    low = [one for one in reports if lowest_ft <= (one.baro_altitude_ft or 0) < floor_ft]
    return [*high, *blind(low)]


# Heights without a position.


def test_a_field_above_what_was_heard_without_a_position_is_excluded() -> None:
    """Ovda lies at 1,492 ft; heard at about 500 ft, wherever that was, it is not there."""
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
    """Level when its position went; what tells of the descent are the heights alone."""
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
        heard = contacts([*above, *blind(after)])
        return arrival_end(heard, len(heard) - 1, FIELDS, RULES)

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
    """Hours of heights without any position: where it flew meanwhile is not known."""
    reports = jammed_below(9000, lowest_ft=3000)
    height = next(one for one in reports if one.position_at is None)
    long = [replace(height, heard_at=height.heard_at + n * MINUTE) for n in range(10, 120, 5)]
    assert silence_in([*reports, *long]) is None


def test_heights_are_told_by_the_contacts_without_a_position_only() -> None:
    heard = contacts(jammed_below(9000, lowest_ft=3000))
    placed_fix = next(each.fix for each in heard if each.fix.placed)
    told, first = (
        blind_heights(heard, placed_fix),
        blind_heights(heard, placed_fix, silence_first=True),
    )
    assert told is not None
    assert first is not None
    assert told.lowest_ft == told.nearest_ft == first.lowest_ft < 4000
    assert first.nearest_ft > 8000
    assert blind_heights([each for each in heard if each.fix.placed], placed_fix) is None


def test_a_height_that_cannot_be_reached_is_a_repeated_one_and_hides_no_approach() -> None:
    """A cruise altitude that is sent again on short final, as real flights do."""
    heard = contacts(jammed_below(9000, lowest_ft=3000))
    placed_fix = next(each.fix for each in heard if each.fix.placed)
    last = next(each for each in heard if not each.fix.placed)
    soon = placed_fix.at + timedelta(seconds=20)
    again = replace(last, fix=replace(last.fix, at=soon, altitude_ft=36_000.0))
    assert placed_fix.altitude_ft is not None
    low = replace(placed_fix, altitude_ft=4000.0)
    assert blind_heights([again], low) is None
    assert blind_heights([again], replace(placed_fix, altitude_ft=35_500.0)) is not None


# Who listened.


def jammed_neighbours(
    count: int, *, feed: str = "adsblol", area: bool = True
) -> list[CoverageSlot]:
    """Slots of a feed in which others were heard, none of them with a position."""
    return slots_of(
        PollCoverage(
            feed=feed, at=at, outcome=Outcome.HEARD, area=area, aircraft=count, unplaced=count
        )
        for at in TIMES
    )


def test_several_without_a_position_prove_as_well_that_somebody_listens() -> None:
    silence = silence_in(hear(visit(LLOV, TOUCHDOWN, STAY), INBOUND, floor_ft=2500))
    assert silence is not None
    last, now = silence.begins.fix, TIMES[-1]
    assert coverage_after(jammed_neighbours(3), last, now, RULES) == 1.0
    assert coverage_later(jammed_neighbours(3), last, now, RULES) == 1.0
    assert coverage_after(jammed_neighbours(2), last, now, RULES) == 0.0
    assert coverage_after(jammed_neighbours(3, area=False), last, now, RULES) == 0.0
    assert coverage_after(jammed_neighbours(3, feed="other"), last, now, RULES) == 0.0


def test_the_later_share_is_of_the_time_after_the_first_quarter_of_an_hour() -> None:
    arrival = hear(visit(LLOV, TOUCHDOWN, STAY), INBOUND, floor_ft=2500)
    quarter = TOUCHDOWN + timedelta(minutes=17)
    early = listening(TIMES, hears=lambda at: at < quarter)
    late = listening(TIMES, hears=lambda at: at > quarter)
    for slots, heard, later in ((early, 1.0, 0.0), (late, 0.0, 1.0), (listening(TIMES), 1.0, 1.0)):
        silence = silence_in(arrival, slots)
        assert silence is not None
        assert silence.coverage_after == pytest.approx(heard, abs=0.34)
        assert silence.coverage_later == pytest.approx(later, abs=0.06)


def test_the_later_share_is_not_asked_of_who_was_heard_again_or_before_it_is_over() -> None:
    again = hear(visit(LLOV, TOUCHDOWN, STAY), TIMES, floor_ft=2500)
    silence = silence_in(again, listening(TIMES))
    assert silence is not None
    assert silence.coverage_after is not None
    assert silence.coverage_later is None
    arrival = contacts(hear(visit(LLOV, TOUCHDOWN, STAY), INBOUND, floor_ft=2500))
    soon = replace(context_of(listening(TIMES)), now=TOUCHDOWN + timedelta(hours=1))
    unfinished = silence_of(arrival, gaps_of(arrival, RULES)[-1], soon)
    assert unfinished is not None
    assert unfinished.coverage_after is not None
    assert unfinished.coverage_later is None


# Two ends that are not of one field.


def test_an_end_that_is_spoofed_far_away_does_not_silence_the_other() -> None:
    """It "descends" 300 NM off, then climbs out of Ovda: the climb-out is weighed by itself."""
    out = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), TIMES[240:], floor_ft=2500)
    lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 270.0, 300.0)
    away = Airfield(icao="XXXX", name="Far", lat_deg=lat, lon_deg=lon, elevation_ft=200, zone="UTC")
    there = [
        replace(one, lat_deg=(one.lat_deg or 0) + lat - LLOV.lat_deg,
                lon_deg=(one.lon_deg or 0) + lon - LLOV.lon_deg)
        for one in hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), INBOUND, floor_ft=2500)
    ]  # fmt: skip
    fields = (*FIELDS, away)
    heard, context = contacts([*there, *out], fields), context_of(listening(TIMES), fields)
    silence = next(
        found for gap in gaps_of(heard, RULES) if (found := silence_of(heard, gap, context))
    )
    assert silence.arrival is not None
    assert silence.departure is not None
    assert set(silence.arrival.bearings) == {"XXXX"}
    ovda, far = silence.for_field("LLOV"), silence.for_field("XXXX")
    assert ovda is not None
    assert ovda.arrival is None
    assert ovda.departure is silence.departure
    assert ovda.coverage_after is None, "who listened there tells nothing of Ovda"
    assert far is not None
    assert far.departure is None
    assert silence.for_field("EGLL") is None
    features = evidence_of(silence, context)["LLOV"]
    assert ("ends", 3) in features
    assert not any(table.startswith("arrival.") for table, _ in features)
    assert any(table.startswith("departure.") for table, _ in features)


# What is named, and how sure. The weights are set aside: what is left are the rules about them.


def unheard(
    reports: Sequence[Observation], slots: Sequence[CoverageSlot], *fields: Airfield
) -> Detection | None:
    found = detect(reports, slots, fields, RULES, TIMES[-1]).detections
    assert len(found) <= 1
    return found[0] if found else None


def answers(how: str) -> list[CoverageSlot]:
    """Who was heard besides it, by name of the case."""
    gone, last = TOUCHDOWN, TOUCHDOWN + 8 * MINUTE
    if how.startswith("alone"):  # its own row is all that an answer ever holds
        fails = how == "alone, then an outage"
        about_ovda = dict.fromkeys(((119, 139, 1), (120, 139, 1), (120, 140, 1)), 1)
        return slots_of(
            PollCoverage(
                feed="adsblol",
                at=at,
                outcome=(
                    Outcome.HEARD
                    if at < gone
                    else Outcome.UNREACHABLE
                    if fails and at > last
                    else Outcome.NOBODY
                ),
                area=how != "alone, but asked for by its address",
                aircraft=1 if at < gone else 0,
                cells=about_ovda if at < gone else {},
            )
            for at in TIMES
        )
    if how == "all fall silent with it":  # empty answers: nobody, as if nobody were there
        flying = listening([at for at in TIMES if at < gone])
        return [*flying, *listening([at for at in TIMES if at >= last], traffic=0)]
    if how == "for seven minutes more":
        return listening(TIMES, hears=lambda at: at < gone + 7 * MINUTE)
    begins = {
        "throughout": TIMES[0],
        "from 17 min on": TOUCHDOWN + 17 * MINUTE,
        "from 28 min on": TOUCHDOWN + 28 * MINUTE,
        "an hour later": TOUCHDOWN + 60 * MINUTE,
        "never": TIMES[-1],
    }
    return listening(TIMES, hears=lambda at: at < gone - 10 * MINUTE or at >= begins[how])


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize(
    ("hears", "again", "grade"),
    [
        ("throughout", False, Grade.PROBABLE),
        ("from 17 min on", False, Grade.PROBABLE),
        ("from 28 min on", False, Grade.PROBABLE),
        ("never", True, Grade.PROBABLE),
        ("alone", False, Grade.PROBABLE),
        ("never", False, Grade.POSSIBLE),
        ("for seven minutes more", False, Grade.POSSIBLE),
        ("an hour later", False, Grade.POSSIBLE),
        ("alone, then an outage", False, Grade.POSSIBLE),
        ("alone, but asked for by its address", False, Grade.POSSIBLE),
        ("all fall silent with it", False, Grade.POSSIBLE),
    ],
)
@pytest.mark.parametrize("lowest_ft", [2000, 4000])
def test_the_grade_needs_a_witness_besides_the_approach(
    lowest_ft: float, hears: str, again: bool, grade: Grade
) -> None:
    """However well the approach fits (98.5 %): in an outage it is not counted."""
    times = [at for at in TIMES if again or at < TOUCHDOWN]
    flight = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), times, floor_ft=lowest_ft)
    if again:
        flight = [
            one for one in flight if one.heard_at < TOUCHDOWN or one.heard_at > TOUCHDOWN + STAY
        ]
    found = unheard(flight, answers(hears), LLOV)
    assert found is not None
    assert (found.airfield, found.probability) == ("LLOV", RULES.inferred_at_most)
    assert found.grade is grade
    against = [one for one in found.evidence if (one.kind, one.speaks) == ("witness", "against")]
    assert bool(against) is (grade is Grade.POSSIBLE), "why it is not counted is told"


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize(
    ("from_ft", "grade"), [(4_000, Grade.PROBABLE), (14_000, Grade.POSSIBLE)], ids=["low", "high"]
)
def test_a_climb_out_by_itself_is_a_witness_only_if_it_was_heard_low(
    from_ft: float, grade: Grade
) -> None:
    """Higher it took off somewhere: perhaps where nobody told us of a field."""
    way = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), TIMES)
    cruise = [one for one in way if one.at < TOUCHDOWN and (one.baro_altitude_ft or 0) > 33_000]
    climb = [
        one for one in way if one.at > TOUCHDOWN + STAY and (one.baro_altitude_ft or 0) > from_ft
    ]
    found = unheard([*cruise, *climb], answers("throughout"), LLOV)
    assert found is not None
    assert (found.airfield, found.grade) == ("LLOV", grade)


@pytest.mark.usefixtures("sure")
def test_it_is_judged_anew_when_a_witness_may_have_come() -> None:
    """At first nobody had listened; 50 min after the last fix somebody has."""
    arrival = hear(
        visit(LLOV, TOUCHDOWN, STAY, runway="20L"), polls(START, TOUCHDOWN), floor_ft=2000
    )
    last, slots = arrival[-1].at, answers("from 28 min on")
    grades, judged_at = [], []
    now: datetime | None = last + RULES.settle_after
    while now is not None:
        derived = detect(
            arrival, [slot for slot in slots if slot.begins_at < now], (LLOV,), RULES, now
        )
        grades.append(derived.detections[0].grade)
        judged_at.append(now - last)
        now = derived.wakeup_at
    assert grades == [Grade.POSSIBLE, Grade.PROBABLE, Grade.PROBABLE]
    assert judged_at == [25 * MINUTE, 50 * MINUTE, RULES.settle_again_after]


def test_only_what_is_witnessed_can_be_probable() -> None:
    least, best = RULES.probable_from, RULES.inferred_at_most
    assert inferred_grade(least, RULES, witnessed=True) is Grade.PROBABLE
    assert inferred_grade(least - 0.001, RULES, witnessed=True) is Grade.POSSIBLE
    assert inferred_grade(best, RULES, witnessed=False) is Grade.POSSIBLE
    for witnessed in (True, False):
        assert inferred_grade(RULES.possible_from, RULES, witnessed=witnessed) is Grade.POSSIBLE
        assert inferred_grade(RULES.possible_from - 0.001, RULES, witnessed=witnessed) is None


@pytest.mark.parametrize(
    ("share", "low", "named"),
    [(0.85, True, "LLOV"), (0.84, True, None), (0.97, False, "LLOV"), (0.96, False, None)],
)
def test_lost_high_naming_asks_for_more(share: float, low: bool, named: str | None) -> None:
    airfield, candidates = attribution({"LLOV": share, "LLER": 1 - share}, 0.9, RULES, low=low)
    assert airfield == named
    assert [one.airfield for one in candidates] == ["LLOV", "LLER"]
    assert sum(one.probability for one in candidates) == pytest.approx(0.9, abs=1e-3)


def test_the_likeliest_of_many_fields_is_listed_however_small_its_share() -> None:
    """Lost high over a country with forty airfields: none of them has three per cent."""
    shares = {f"X{number:03}": 1 / 40 for number in range(40)}
    airfield, candidates = attribution(shares, 0.8, RULES, low=False)
    assert airfield is None
    assert [one.airfield for one in candidates] == ["X000"]


@pytest.mark.usefixtures("sure")
def test_a_silence_that_many_fields_fit_is_judged() -> None:
    many = [replace(LLOV, icao=f"X{number:03}") for number in range(40)]
    found = unheard(hear(visit(LLOV, TOUCHDOWN, STAY), INBOUND, floor_ft=9000), (), *many)
    assert found is not None
    assert found.airfield is None


@pytest.mark.usefixtures("sure")
def test_how_low_is_asked_at_the_lower_end() -> None:
    """Nine to one for Ovda: enough where one end was heard low, too little where both were high."""
    rival = replace(LLER, prior_weight=1 / 9)
    way = visit(LLOV, TOUCHDOWN, STAY, runway="20L")

    def named(arrival_ft: float, departure_ft: float) -> str | None:
        middle = TOUCHDOWN + STAY / 2
        heard = hear(way, [at for at in TIMES if at < middle], floor_ft=arrival_ft)
        heard += hear(way, [at for at in TIMES if at > middle], floor_ft=departure_ft)
        found = unheard(heard, listening(TIMES), LLOV, rival)
        assert found is not None
        assert found.candidates[0].airfield == "LLOV"
        return found.airfield

    assert named(4000, 4000) == "LLOV"
    assert named(4000, 9000) == "LLOV"
    assert named(9000, 4000) == "LLOV"
    assert named(9000, 9000) is None


@pytest.mark.usefixtures("sure")
def test_priors_part_fields_that_the_track_does_not() -> None:
    flight = hear(visit(LLOV, TOUCHDOWN, STAY, runway="20L"), TIMES, floor_ft=9000)
    plain = unheard(flight, listening(TIMES), LLOV, LLER)
    rare = unheard(flight, listening(TIMES), LLOV, replace(LLER, prior_weight=0.01))
    assert plain is not None
    assert plain.airfield is None
    assert len({one.probability for one in plain.candidates}) == 1
    assert rare is not None
    assert rare.airfield == "LLOV"


def test_two_reports_at_flying_speed_hours_apart_on_one_field_are_a_stay() -> None:
    """Its roll-out and its take-off run, nothing between: it stood there. The run alone did not."""
    way = visit(LLOV, TOUCHDOWN, STAY, runway="20L")
    heard = hear(way, TIMES, hears=lambda at: not TOUCHDOWN <= at <= TOUCHDOWN + STAY)
    down = hear(way, [TOUCHDOWN + timedelta(seconds=9)])[0]
    off = TOUCHDOWN + STAY - timedelta(seconds=15)
    run = replace(down, heard_at=off, position_at=off)
    assert down.ground_speed_kt is not None
    assert down.ground_speed_kt > 2 * RULES.slow_kt
    found = detect([*heard, down, run], (), FIELDS, RULES, TIMES[-1]).detections
    assert [(one.airfield, one.grade) for one in found] == [("LLOV", Grade.CONFIRMED)]
    assert abs(found[0].touchdown_at - TOUCHDOWN) <= timedelta(seconds=found[0].uncertainty_s)
    outward = [one for one in heard if one.heard_at > TOUCHDOWN]
    assert detect([run, *outward], (), FIELDS, RULES, TIMES[-1]).detections == ()
