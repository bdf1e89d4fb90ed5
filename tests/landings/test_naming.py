"""Which field is named? Only one that would be if a rival were landed at three times as often, and
never by evidence that cannot tell two fields apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.landings.detect import detect
from collector.landings.naming import attribution, candidates_of
from collector.landings.rules import LandingRules
from collector.model import Airfield, Detection
from tests.support.flights import FIELDS, LLER, LLOV, START, hear, listening, polls, visit

RULES = LandingRules()
CODES = ("LLOV", "LLER", "OJAQ", "LLYO")
PLACES = dict(zip(CODES, (LLOV, LLER, LLOV, replace(LLER, runways=())), strict=True))
TIMES = polls(START, START + timedelta(hours=9), 60)
SLOTS = [slot for feed in ("adsblol", "second") for slot in listening(TIMES, feed=feed)]

odds_of = st.dictionaries(st.sampled_from(CODES), st.floats(-3, 3), min_size=1).map(
    lambda found: {icao: 10.0**power for icao, power in found.items()}
)
priors_of = st.fixed_dictionaries({icao: st.sampled_from([0.1, 0.3, 1.0, 3.0]) for icao in CODES})


def places(priors: dict[str, float]) -> dict[str, Airfield]:
    return {icao: replace(PLACES[icao], icao=icao, prior_weight=priors[icao]) for icao in priors}


@given(odds_of, priors_of, *[st.sets(st.sampled_from(CODES))] * 2)
def test_a_named_field_is_named_with_any_rivals_prior_tripled(
    odds: dict[str, float], priors: dict[str, float], alike: set[str], as_near: set[str]
) -> None:
    """Or twelve times as high, of a rival that lies as near."""
    named, shares = attribution(odds, places(priors), alike, RULES, as_near=as_near)
    assert sum(shares.values()) == pytest.approx(1.0)
    without_doubt = replace(RULES, rival_share=1.0, as_near_doubt=1.0)
    for rival, each in odds.items():
        if named is None or rival == named:
            continue
        times = 12.0 if rival in as_near else 3.0
        likelier = odds | {rival: times * each}
        known = places(priors | {rival: times * priors[rival]})
        assert attribution(likelier, known, alike, without_doubt)[0] == named
        assert attribution(likelier, known, alike, RULES, as_near=as_near)[0] in {named, None}


@pytest.mark.parametrize(
    ("share", "as_near", "named"),
    [(0.95, (), "LLOV"), (0.94, (), None), (0.987, ("LLER",), "LLOV"), (0.985, ("LLER",), None)],
    ids=["still 86 %", "then 84 %", "twelve times, 86 %", "twelve times, 84 %"],
)
def test_a_share_is_enough_only_if_it_is_with_a_likelier_rival(
    share: float, as_near: tuple[str, ...], named: str | None
) -> None:
    odds = {"LLOV": share, "LLER": 1.0 - share}
    known = places(dict.fromkeys(odds, 1.0))
    found, shares = attribution(odds, known, (), RULES, as_near=as_near)
    assert found == named
    assert shares == pytest.approx(odds)


@pytest.mark.parametrize(
    ("likeliest", "rival", "times", "named"),
    [(1.0, 1.0, 10.0, None), (1.0, 0.1, 100.0, "LLOV"), (0.1, 1.0, 1.0, None)],
    ids=["two airports", "an airport and a strip", "a strip and its airport"],
)
def test_evidence_between_fields_that_it_cannot_tell_apart_counts_ten_to_one(
    likeliest: float, rival: float, times: float, named: str | None
) -> None:
    known = places({"LLOV": likeliest, "LLYO": rival})
    found, shares = attribution({"LLOV": 1e6, "LLYO": 1.0}, known, {"LLYO"}, RULES)
    assert found == named
    assert shares["LLOV"] / shares["LLYO"] == pytest.approx(times)


@pytest.mark.parametrize(
    ("rival", "times", "named"),
    [("LLYO", 30.0, "LLOV"), ("LLER", 100.0, None), ("LLER", 200.0, "LLOV")],
    ids=["a strip", "an air base", "an air base that hardly fits"],
)
def test_a_rival_with_a_long_runway_is_no_airstrip_whatever_a_list_says(
    rival: str, times: float, named: str | None
) -> None:
    """Of a hundred to one, ten are the list's guess that hardly anybody lands there, and it may be
    landed at three times as often as the field."""
    odds, stated = {"LLOV": times, rival: 1.0}, places({"LLOV": 1.0, rival: 0.1})
    guessed = stated | {rival: replace(stated[rival], prior_guessed=True)}
    assert attribution(odds, guessed, (), RULES)[0] == named
    assert attribution(odds, stated, (), RULES)[0] == "LLOV", "the configuration's prior is tripled"


def test_the_likeliest_of_many_fields_is_listed_however_small_its_share() -> None:
    """Lost high over a country with forty airfields: none of them has three per cent."""
    shares = {f"X{number:03}": 1 / 40 for number in range(40)}
    for named, codes in ((True, ["X000"]), (False, ["X000", "X001"])):
        listed = candidates_of(shares, 0.8, RULES, named=named)
        assert [one.airfield for one in listed] == codes


def heard(
    floor_ft: float,
    *fields: Airfield,
    out_ft: float | None = None,
    rules: LandingRules = RULES,
) -> Detection:
    """Return the landing at Ovda of an aircraft received down to `floor_ft`, or to `out_ft` on its
    way out."""
    touchdown, stay = START + timedelta(hours=2), timedelta(hours=2)
    way, there = visit(LLOV, touchdown, stay), touchdown + stay / 2
    reports = [
        *hear(way, [at for at in TIMES if at < there], floor_ft=floor_ft),
        *hear(way, [at for at in TIMES if at > there], floor_ft=out_ft or floor_ft),
    ]
    (found,) = detect(reports, SLOTS, fields, rules, TIMES[-1]).detections
    return found


@pytest.mark.parametrize("floor_ft", [1000, 2500, 4000])
def test_no_prior_of_a_rival_moves_a_named_landing_elsewhere(floor_ft: float) -> None:
    named = heard(floor_ft, *FIELDS)
    assert named.airfield == "LLOV"
    for rival in FIELDS:
        if rival.icao == "LLOV":
            continue
        others = [each for each in FIELDS if each.icao != rival.icao]
        again = heard(floor_ft, *others, replace(rival, prior_weight=3.0 * rival.prior_weight))
        assert again.airfield in {"LLOV", None}
        total = sum(each.probability for each in again.candidates)
        assert again.candidates[0].airfield == "LLOV"
        assert again.candidates[0].probability >= RULES.attribute_from * total - 1e-3


@pytest.mark.parametrize(
    ("floor_ft", "out_ft", "named"),
    [(2000, 2000, "LLOV"), (2000, 12_000, "LLOV"), (12_000, 2000, "LLOV"), (12_000, 12_000, None)],
)
def test_a_field_is_not_named_if_its_rival_is_too_near_for_the_way_still_to_fly(
    floor_ft: float, out_ft: float, named: str | None
) -> None:
    """The rival lies 4 NM away: as far as the aircraft has to fly when one end is heard low, a
    tenth of its way when both are high."""
    spot = replace(LLER, icao="X001", lat_deg=LLOV.lat_deg + 4.0 / 60.0, lon_deg=LLOV.lon_deg)
    found = heard(floor_ft, LLOV, replace(spot, runways=()), out_ft=out_ft)
    assert found.airfield == named
    if named is None:
        assert [each.airfield for each in found.candidates] == ["LLOV", "X001"]
        assert heard(floor_ft, LLOV, out_ft=out_ft).airfield == "LLOV", "alone it is named"


def test_directions_alone_name_no_field_that_is_as_near_as_the_true_one() -> None:
    """Lost at 12,000 ft on the way to Ovda and heard again at 6,000 ft. How it turned and sank
    speaks for a field 28 NM away, which both ends allow as well."""
    spot = replace(LLER, icao="X001", lat_deg=LLOV.lat_deg - 20.0 / 60.0, runways=())
    spot = replace(spot, lon_deg=LLOV.lon_deg - 20.0 / 60.0 / 0.866, prior_weight=1.0)
    found = heard(12_000, LLOV, spot, out_ft=6000)
    assert found.airfield is None
    assert [each.airfield for each in found.candidates] == ["X001", "LLOV"]
    bold = replace(RULES, as_near_doubt=1.0)
    assert heard(12_000, LLOV, spot, out_ft=6000, rules=bold).airfield == "X001"


@pytest.mark.parametrize(
    ("aside_deg", "rules", "named"),
    [
        (0.0, RULES, "LLOV"),
        (0.01, RULES, None),
        (0.0, replace(RULES, final_within_nm=10.0), None),
        (0.0, replace(RULES, glide_path_share=0.05), None),
    ],
    ids=["on final", "half a mile beside the centreline", "too far out", "below the path"],
)
def test_a_final_tells_a_field_from_a_rival_too_near_for_the_way_still_to_fly(
    aside_deg: float, rules: LandingRules, named: str | None
) -> None:
    """The rival lies 4 NM away; the aircraft is lost 10.3 NM out, 3,033 ft up, 8 % below the
    path."""
    ends = [replace(end, lon_deg=end.lon_deg + aside_deg) for end in LLOV.runways]
    here = replace(LLOV, runways=tuple(ends))
    spot = replace(LLER, icao="X001", lat_deg=LLOV.lat_deg + 4.0 / 60.0, lon_deg=LLOV.lon_deg)
    assert heard(4000, here, replace(spot, runways=()), rules=rules).airfield == named
    assert heard(4000, here, rules=rules).airfield == "LLOV", "alone it is named"
    shared = replace(spot, runways=here.runways)
    assert heard(4000, here, shared, rules=rules).airfield is None, "a final to both tells nothing"
