"""Landings are a function of the set of observations: any order, repeats, feeds, restarts."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.landings.detect import detect
from collector.landings.reconcile import AircraftIdentity, reconcile
from collector.landings.rules import LandingRules
from collector.model import Detection, Landing, Observation
from tests.support.flights import (
    FIELDS,
    LLER,
    LLOV,
    START,
    hear,
    listening,
    overflight,
    polls,
    visit,
)

RULES = LandingRules()
MINUTE = timedelta(minutes=1)
NOBODY = AircraftIdentity(None, None, ())


@dataclass(frozen=True)
class Heard:
    """Two visits of one aircraft, received above a floor by polls that sometimes fail."""

    floor_ft: int
    every_s: int
    first: str
    stay_minutes: int
    seed: int

    def observations(self) -> list[Observation]:
        noise = random.Random(self.seed)
        field = LLOV if self.first == "LLOV" else LLER
        first = visit(field, START + timedelta(hours=2), timedelta(hours=1))
        stay = timedelta(minutes=self.stay_minutes)
        second = visit(LLOV, START + timedelta(hours=7), stay)
        middle = START + timedelta(hours=5)
        times = polls(START, START + timedelta(hours=12), self.every_s)
        answered = [at for at in times if noise.random() < 0.9]
        early = [at for at in answered if at < middle]
        late = [at for at in answered if at >= middle]
        return hear(first, early, floor_ft=self.floor_ft) + hear(
            second, late, floor_ft=self.floor_ft
        )


flights = st.builds(
    Heard,
    floor_ft=st.sampled_from([0, 0, 2500, 5000, 9000, 14_000]),
    every_s=st.sampled_from([30, 60, 120]),
    first=st.sampled_from(["LLOV", "LLER"]),
    stay_minutes=st.integers(25, 150),
    seed=st.integers(0, 1000),
)


def derived(observations: list[Observation]) -> tuple[Detection, ...]:
    now = START + timedelta(hours=14)
    slots = [
        s for feed in ("adsblol", "second") for s in listening(polls(START, now, 120), feed=feed)
    ]
    return detect(observations, slots, FIELDS, RULES, now).detections


@given(flights, st.integers(0, 1000))
@settings(max_examples=40)
def test_any_order_and_any_repeats_give_the_same_landings(reports: Heard, seed: int) -> None:
    observations = reports.observations()
    shuffled = observations + observations[::3]
    random.Random(seed).shuffle(shuffled)
    assert derived(shuffled) == derived(observations)


@given(flights, st.integers(0, 1000))
@settings(max_examples=40)
def test_two_feeds_hear_the_landings_of_one(reports: Heard, seed: int) -> None:
    """Each report through either feed or both: the same landings (feeds aside)."""
    observations = reports.observations()
    noise = random.Random(seed)
    split = []
    for observation in observations:
        which = noise.randrange(3)
        if which != 0:
            split.append(observation)
        if which != 1:
            split.append(replace(observation, feed="second"))
    plain, both = derived(observations), derived(split)
    assert [(d.airfield, d.touchdown_at, d.grade) for d in both if d.grade.rank > 1] == [
        (d.airfield, d.touchdown_at, d.grade) for d in plain if d.grade.rank > 1
    ]


@given(flights, st.lists(st.integers(1, 400), min_size=1, max_size=5))
@settings(max_examples=40)
def test_late_parts_lead_to_the_same_landings(reports: Heard, cuts: list[int]) -> None:
    """Delivered in several parts in any order, each reconciled: the same landings in the end."""
    observations = reports.observations()
    parts, rest = [], list(observations)
    for cut in cuts:
        parts.append(rest[:cut])
        rest = rest[cut:]
    parts.append(rest)
    random.Random(len(observations)).shuffle(parts)
    stored: dict[str, Landing] = {}
    ordinals: dict[tuple[str, date], int] = {}

    def new_id(icao24: str, day: date) -> str:
        ordinals[icao24, day] = ordinals.get((icao24, day), 0) + 1
        return f"{icao24}-{day}-{ordinals[icao24, day]}"

    delivered: list[Observation] = []
    for part in parts:
        delivered += part
        for landing, _ in reconcile(
            list(stored.values()),
            derived(delivered) if delivered else (),
            identity=NOBODY,
            span=(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
            now=START,
            new_id=new_id,
        ):
            stored[landing.id] = landing
    live = sorted(
        (landing.detection for landing in stored.values() if not landing.retracted),
        key=lambda detection: detection.visit_from,
    )
    assert tuple(live) == derived(observations)


@given(
    floor_ft=st.sampled_from([0, 2500, 5000, 9000]),
    silent_minutes=st.integers(12, 60),
    altitude_ft=st.sampled_from([6000.0, 12_000.0, 34_000.0]),
    later=st.lists(st.integers(0, 600), min_size=3, max_size=3),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40)
def test_it_does_not_matter_when_a_silence_is_judged(
    floor_ft: int, silent_minutes: int, altitude_ft: float, later: list[int], seed: int
) -> None:
    """An approach, a silence, and the aircraft on its way again; feeds reply for some five minutes
    and not for others. Judged at the first report after the silence or later, the result is the
    same; and so it is during the silence once the last look is over."""
    noise = random.Random(seed)
    touchdown = START + timedelta(hours=2)
    arrival = visit(LLOV, touchdown, timedelta(hours=3))
    approach = hear(arrival, polls(START, touchdown - MINUTE), floor_ft=floor_ft)
    back = approach[-1].at + silent_minutes * MINUTE
    crossing = overflight(LLOV, back, altitude_ft=altitude_ft)
    again = hear(crossing, [back])
    answers = [noise.random() < 0.5 for _ in range(300)]
    slots = listening(
        polls(START, START + timedelta(hours=20)),
        hears=lambda at: answers[(at - START) // timedelta(minutes=5)],
    )

    def closed(now: datetime) -> list[Detection]:
        found = detect([*approach, *again], slots, FIELDS, RULES, now).detections
        return [one for one in found if one.visit_from < back]

    def open_at(now: datetime) -> tuple[Detection, ...]:
        return detect(approach, slots, FIELDS, RULES, now).detections

    over = approach[-1].at + RULES.settle_again_after
    for minutes in later:
        assert closed(back + minutes * MINUTE) == closed(back)
        assert open_at(over + minutes * MINUTE) == open_at(over)


@given(flights)
@settings(max_examples=40)
def test_no_more_landings_than_visits_and_no_time_that_cannot_be(
    reports: Heard,
) -> None:
    found = derived(reports.observations())
    assert len(found) <= 2
    for landing in found:
        assert landing.visit_from <= landing.visit_until
        assert landing.uncertainty_s >= 0
        assert 0.0 < landing.probability <= 1.0
        assert sum(candidate.probability for candidate in landing.candidates) <= 1.0 + 1e-6
