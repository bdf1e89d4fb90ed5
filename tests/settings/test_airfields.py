"""Are the shipped airfields right, and are the right airfields rivals?"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date

import pytest

from collector.geo import angle_between_deg, bearing_deg, distance_nm
from collector.model import Airfield
from collector.resources import shipped_file
from collector.settings import load
from collector.settings.airfield_catalogue import (
    DATABASE_SOURCE,
    UNCODED_WEIGHT,
    look_up,
    shipped,
    shipped_as,
    shipped_rivals,
)
from collector.settings.mistakes import checked
from collector.settings.sources import Gathered
from collector.settings.types import Part
from collector.settings.watch_schema import AirfieldPart
from tests.settings.conftest import Write


class AirfieldsFile(Part):
    """The shipped `airfields.toml`, by the rules for airfields of one's own."""

    airfield: list[AirfieldPart]


_ALL = [entry.airfield for entry in shipped()]


def test_the_file_has_the_form_that_own_airfields_have() -> None:
    path = shipped_file("airfields.toml")
    document, mistakes = checked(Gathered(path, tomllib.loads(path.read_text())), AirfieldsFile)
    assert mistakes == []
    assert document is not None


@pytest.mark.parametrize("airfield", _ALL, ids=lambda airfield: airfield.icao)
def test_runways_agree_with_themselves_and_with_their_airfield(airfield: Airfield) -> None:
    assert airfield.source
    assert airfield.runways
    assert len(airfield.runways) % 2 == 0
    for end, other in zip(airfield.runways[::2], airfield.runways[1::2], strict=True):
        computed = bearing_deg(end.lat_deg, end.lon_deg, other.lat_deg, other.lon_deg)
        assert angle_between_deg(end.bearing_deg, computed) < 0.1, end.name
        assert angle_between_deg(end.bearing_deg, other.bearing_deg + 180) < 0.2, end.name
        # Within 10°, which magnetic variation and rounding explain.
        assert angle_between_deg(end.bearing_deg, int(end.name[:2]) * 10) < 15, end.name
        apart_m = 1852 * distance_nm(end.lat_deg, end.lon_deg, other.lat_deg, other.lon_deg)
        displaced = {"LLOV", "LLBG", "UBBN", "UBBB"}
        assert abs(apart_m - end.length_m) < (410 if airfield.icao in displaced else 25), end.name
        for each in (end, other):
            assert each.elevation_ft is not None
            assert abs(each.elevation_ft - airfield.elevation_ft) < 110, each.name
            assert each.length_m == end.length_m
            away = distance_nm(each.lat_deg, each.lon_deg, airfield.lat_deg, airfield.lon_deg)
            assert away < 2.2, each.name


def test_every_airfield_of_the_region_is_there() -> None:
    codes = {airfield.icao for airfield in _ALL}
    assert codes >= set(
        "LLOV LLER OJAQ HETB LLYO LLET LLNV LLHB LLRM LLBG UBBB UBBG".split()  # noqa: SIM905
    )


def test_eilat_gave_way_to_ramon() -> None:
    [ramon], [eilat] = shipped_as("LLER"), shipped_as("LLET")
    assert not ramon.exists_on(date(2019, 1, 20))
    assert ramon.exists_on(date(2019, 1, 21))
    assert eilat.exists_on(date(2019, 3, 18))
    assert not eilat.exists_on(date(2019, 3, 19))


def test_the_closed_runway_of_taba_is_left_out() -> None:
    [taba] = shipped_as("HETB")
    assert [end.name for end in taba.runways] == ["04L", "22R"]


def test_the_gaps_of_the_lists_at_ramon_are_filled() -> None:
    [ramon] = shipped_as("LLER")
    assert {end.name: end.bearing_deg for end in ramon.runways} == {"01": 13.6, "19": 193.7}
    assert all(end.elevation_ft for end in ramon.runways)


def test_rivals_are_near_or_named_by_rival_of() -> None:
    [ovda] = shipped_as("LLOV")
    codes = {rival.icao for rival in shipped_rivals([ovda], 60)}
    assert codes == {
        *("LLER", "LLET", "OJAQ", "HETB", "LLYO", "LLEY", "LLRM"),
        *("LLNV", "LLHB", "LLBG"),
    }
    assert {rival.icao for rival in shipped_rivals([ovda], 15)} == {
        *("LLER", "LLYO"),
        *("LLNV", "LLHB", "LLBG"),
    }
    [baku] = shipped_as("UBBB")
    assert {rival.icao for rival in shipped_rivals([baku], 60)} == {"UBBI", "UB18"}


def test_other_codes_are_found_in_the_database() -> None:
    answer = look_up(["EGLL", "LLOX"])
    heathrow = answer.found["EGLL"]
    assert (heathrow.zone, heathrow.source) == ("Europe/London", DATABASE_SOURCE)
    assert {end.name for end in heathrow.runways} == {"09L", "27R", "09R", "27L"}
    nearby = {airfield.icao for airfield in answer.nearby}
    assert "EGWU" in nearby
    assert all(code.isalpha() and len(code) == 4 for code in nearby)
    assert answer.guesses == {"LLOX": "LLOV"}
    assert look_up([]).found == {}


def test_a_known_code_is_not_compared_with_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watch of 200 places took half a minute to begin, at every command."""
    compared: list[str] = []

    def similar(code: str, _: object) -> str:
        compared.append(code)
        return "LLOV"

    monkeypatch.setattr("collector.settings.airfield_catalogue._most_similar", similar)
    assert look_up(["EGLL", "LFPG", "LLOX"]).guesses == {"LLOX": "LLOV"}
    assert compared == ["LLOX"]


def test_the_database_is_not_opened_for_shipped_airfields() -> None:
    code = (
        "import sys; from collector.settings import load; load(None, environ={});"
        "sys.exit('airportsdata' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _codes(write: Write, text: str) -> list[str]:
    watch = "\n[[watch]]\nname='w'\ntypes=['IL76']\n"
    return [airfield.icao for airfield in load(write(watch + text), environ={}).airfields]


def test_a_database_field_has_its_neighbours_as_rivals(write: Write) -> None:
    codes = _codes(write, "places=['EGLL']")
    assert codes[0] == "EGLL"
    assert "EGWU" in codes
    assert "EGSS" not in codes, "farther than 25 NM"


def test_strips_weigh_less_than_airports_and_configured_airfields() -> None:
    known = look_up(["UGTB"])
    weights = {field.icao: field.prior_weight for field in known.nearby}
    assert known.found["UGTB"].prior_weight == 1.0
    assert weights["UGMM"] == UNCODED_WEIGHT < 1.0
    assert [field.prior_guessed for field in known.nearby] == [True] * len(known.nearby)
    (airport,) = (each for each in look_up(["LFPG"]).nearby if each.icao == "LFPB")
    assert (airport.prior_weight, airport.prior_guessed) == (1.0, False)


def test_a_shipped_field_has_no_rivals_from_the_database(write: Write) -> None:
    """Otherwise every strip around it would be a candidate."""
    assert "LLMR" not in _codes(write, "places=['LLOV', 'EGLL']")


def test_strips_without_a_four_letter_code_are_no_rivals(write: Write) -> None:
    """Around Chicago the database lists a dozen of them."""
    codes = _codes(write, "places=['KPWK']")
    assert "KORD" in codes
    assert all(code.isalpha() and len(code) == 4 for code in codes)


def test_neighbours_of_a_home_are_no_rivals_of_a_watched_field_near_it(write: Write) -> None:
    codes = _codes(write, "places=['EGKK']\nhome=['EGLL']")
    far = [
        airfield
        for airfield in look_up(["EGLL"]).nearby
        if distance_nm(airfield.lat_deg, airfield.lon_deg, 51.148, -0.19) > 25.5
    ]
    assert far
    assert not {airfield.icao for airfield in far} & set(codes)


def test_homes_have_no_rivals(write: Write) -> None:
    codes = _codes(write, "places=['LLOV']\nhome=['EGLL', 'UBBB']")
    assert codes[-2:] == ["EGLL", "UBBB"]
    assert not {"EGWU", "UBBI"} & set(codes)


def test_rivals_can_be_added_and_excluded(write: Write) -> None:
    codes = _codes(
        write, "places=['LLOV']\n[rivals]\nadd=['OJAI', 'UBBB']\nexclude=['LLYO', 'LLBG']"
    )
    assert {"OJAI", "UBBB"} < set(codes)
    assert not {"LLYO", "LLBG"} & set(codes)
    assert "OJHF" not in codes, "what is added brings no neighbours of its own"


def test_a_home_stays_known_though_it_is_no_rival(write: Write) -> None:
    codes = _codes(write, "places=['LLOV']\nhome=['LLBG']\n[rivals]\nexclude=['LLBG']")
    assert codes.count("LLBG") == 1


_OWN = "[[airfield]]\nicao='{}'\nlat_deg={}\nlon_deg={}\nelevation_ft=1500\n"


def test_an_own_airfield_replaces_the_shipped_one_in_all_its_periods(write: Write) -> None:
    path = write(
        "[[watch]]\nname='w'\ntypes=['IL76']\nplaces=['LLOV']\n"
        + _OWN.format("LLOV", 29.94, 34.93)
        + "valid_to=2020-01-01\n"
        + _OWN.format("LLOV", 29.95, 34.93)
        + "valid_from=2020-01-01\nrunways=[{name='02',lat_deg=29.93,lon_deg=34.92,"
        + "bearing_deg=22,length_m=3000}]\n"
        + _OWN.format("88NV", 29.9, 34.9)
    )
    airfields = load(path, environ={}).airfields
    ovda = [airfield for airfield in airfields if airfield.icao == "LLOV"]
    assert [airfield.lat_deg for airfield in ovda] == [29.94, 29.95]
    assert ovda[1].runways[0].name == "02"
    assert "88NV" in [airfield.icao for airfield in airfields], "an own field nearby is a rival"


def test_an_own_airfield_far_away_is_a_rival_only_with_rival_of(write: Write) -> None:
    far = _OWN.format("88NV", 40.76, -119.21)
    watch = "[[watch]]\nname='w'\ntypes=['IL76']\nplaces=['LLOV']\n"
    without = load(write(watch + far), environ={}).airfields
    with_it = load(write(watch + far + "rival_of=['LLOV']"), environ={}).airfields
    assert "88NV" not in [airfield.icao for airfield in without]
    assert "88NV" in [airfield.icao for airfield in with_it]


OWN = """places=['LLOV']
[[airfield]]
icao = "XXXX"
name = "Strip"
lat_deg = 30.1
lon_deg = 35.0
elevation_ft = 1000
zone = "Asia/Jerusalem"
prior_weight = 0.25
"""


def test_priors_are_switched_off_for_all_fields_at_once(write: Write) -> None:
    watch = "\n[[watch]]\nname='w'\ntypes=['IL76']\n" + OWN
    on = {one.icao: one.prior_weight for one in load(write(watch), environ={}).airfields}
    off = load(write(watch + "[rivals]\npriors = false\n"), environ={}).airfields
    assert on["XXXX"] == 0.25
    assert on["LLYO"] < 1.0
    assert on["LLOV"] == 1.0
    assert {one.icao for one in off} == set(on)
    assert {one.prior_weight for one in off} == {1.0}
