"""When is only the country known, and how much interference was there at that hour?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.model import Candidate
from collector.model.coverage import CoverageSlot, slot_begin
from collector.reports.landing import interference
from collector.reports.landing.country import country, somewhere
from collector.reports.landing.explanation import explain, explain_text
from collector.reports.landing.interference import interference_lines
from collector.reports.landing.summary import summarise
from collector.reports.picture import captions
from collector.settings.airfield_catalogue import shipped_as
from collector.tracking import Doubt
from tests.support.flights import LLOV, START, hear, polls, visit
from tests.support.landings import AIRFIELDS, PROBABLE, UNDETERMINED

FIELDS = tuple(
    one for code in ("LLOV", "LLER", "LLYO", "LLBG", "LLNV", "OJAQ") for one in shipped_as(code)
)


def among(**shares: float) -> tuple[Candidate, ...]:
    return tuple(Candidate(icao, share) for icao, share in shares.items())


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        (among(LLOV=0.3, LLBG=0.3, LLNV=0.3), "Israel"),
        (among(LLOV=0.3, LLBG=0.28, LLNV=0.3, OJAQ=0.05), "Israel"),
        (among(LLOV=0.5, LLER=0.4, LLBG=0.05), None),
        (among(LLOV=0.3, LLBG=0.3, OJAQ=0.3), None),
        (among(LLOV=0.3, LLER=0.3, LLYO=0.3), None),
        (among(XLOV=0.3, YLBG=0.3, ZLNV=0.3), None),
        ((), None),
    ],
)
def test_the_country_is_named_where_no_airfield_can_be(
    candidates: tuple[Candidate, ...], expected: str | None
) -> None:
    assert country(candidates, FIELDS) == expected
    words = somewhere(candidates, FIELDS)
    assert (words is None) == (expected is None)


def test_the_country_stands_in_mails_pages_and_explanations() -> None:
    spread = among(LLOV=0.3, LLBG=0.25, LLNV=0.3)
    landing = replace(UNDETERMINED, detection=replace(UNDETERMINED.detection, candidates=spread))
    words = "in Israel, field unknown: LLNV (30%) or LLOV (30%) or LLBG (25%)"
    assert summarise(landing, FIELDS, "UTC").place == words
    text = " ".join(explain_text(explain(landing, (), FIELDS, "UTC")).split())
    assert f"very likely landed {words}, on Sat 21 Nov" in text
    assert "never counted for one airfield alone" in text


def test_identity_is_called_uncontradicted_only_after_a_look() -> None:
    looked = explain(PROBABLE, (), AIRFIELDS, "UTC", conflicts=()).identity
    assert looked[-1].startswith("No report of this address around that time contradicts this")
    assert explain(PROBABLE, (), AIRFIELDS, "UTC").identity == looked[:-1]


def slot(aircraft: int, unplaced: int, *, area: bool = True) -> CoverageSlot:
    return CoverageSlot(
        feed="adsblol",
        begins_at=slot_begin(START),
        alive_minutes=1,
        area_minutes=int(area),
        aircraft=aircraft,
        unplaced=unplaced,
    )


def test_positions_that_are_not_credible_are_listed_with_the_reason() -> None:
    reports = hear(
        visit(LLOV, START, timedelta(hours=1)), polls(START - timedelta(minutes=20), START)
    )
    stale = [replace(one, heard_at=one.heard_at + timedelta(minutes=5)) for one in reports[:3]]
    bare = [replace(one, position_at=None, lat_deg=None, lon_deg=None) for one in reports[3:5]]
    own, others = interference_lines([*stale, *bare, *reports[5:]], [slot(10, 4)], (LLOV,))
    assert "5 have no credible position: 3 frozen, 2 with a height only" in own
    assert "40% came without a usable position" in others
    own, others = interference_lines(reports, [slot(10, 4, area=False)], (LLOV,))
    assert own.endswith("positions that the aircraft sent in that time are credible.")
    assert others.startswith("Nothing is known of other aircraft")
    assert interference_lines((), (), (LLOV,)) == [others]


def test_interference_stands_in_the_explanation() -> None:
    explanation = explain(
        PROBABLE, (), AIRFIELDS, "UTC", interference=["Of 9 reports 3 are frozen."]
    )
    assert "Interference at that hour\n  - Of 9 reports" in explain_text(explanation)
    assert "Interference" not in explain_text(explain(PROBABLE, (), AIRFIELDS, "UTC"))


def test_positions_repeated_in_flight_are_told_as_such() -> None:
    reports = hear(
        visit(LLOV, START, timedelta(hours=1)),
        polls(START - timedelta(minutes=30), START, 30.0),
    )
    stuck = [
        replace(each, lat_deg=reports[9].lat_deg, lon_deg=reports[9].lon_deg)
        if 10 <= index < 14
        else each
        for index, each in enumerate(reports)
    ]
    own, *_ = interference_lines(stuck, (), (LLOV,))
    assert "4 repeated in flight (frozen)" in own


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_words_wherever_it_is_told(doubt: Doubt) -> None:
    assert interference.WORDS[doubt]
    assert captions.DOUBTS[doubt]
