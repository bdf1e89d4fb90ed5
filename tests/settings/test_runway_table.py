"""Are the shipped runways right, and do airfields get them that have none of their own?"""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from collector.geo import angle_between_deg, bearing_deg, distance_nm
from collector.model import Airfield, ListedRunways, RunwayEnd
from collector.resources import shipped_file
from collector.settings import load
from collector.settings.airfield_catalogue import LookUp, look_up, shipped, shipped_as
from collector.settings.runway_table import LENGTH_ONLY, NO_RUNWAY, listed_runways
from scripts.runway_checks import End, Place, Runway, known_runways, listed
from tests.settings.conftest import Write

NM_IN_M = 1852.0
CODES = ("LFPG", "LLOV", "LLER", "EDDF", "KDFW", "LFPA", "KOFF", "LFFE")


@cache
def table() -> dict[str, ListedRunways]:
    return listed_runways(CODES)


@cache
def known() -> LookUp:
    return look_up(["EDTY", "ELLX", "EGLL", "LFPG"])


def end_of(code: str, name: str) -> RunwayEnd:
    [end] = [end for end in table()[code] if end.name == name]
    return end


def test_the_table_says_where_it_comes_from_and_is_small() -> None:
    path = shipped_file("runways.csv.gz")
    first = gzip.decompress(path.read_bytes()).decode().splitlines()[0]
    assert first.startswith("# Runways of OurAirports (public domain), edition of 20")
    assert path.stat().st_size < 400_000


def test_every_line_of_the_table_is_a_runway_on_the_globe() -> None:
    names = set()
    text = gzip.decompress(shipped_file("runways.csv.gz").read_bytes()).decode()
    for line in text.splitlines()[1:]:
        words = line.split(",")
        if words[1] == "-":
            continue
        if words[1] == LENGTH_ONLY:
            assert 150 <= float(words[2]) <= 6000, line
            continue
        code, name, lat, lon, height, other, other_lat, other_lon, other_height, length = words
        here, there = (float(lat), float(lon)), (float(other_lat), float(other_lon))
        assert -90 <= here[0] <= 90
        assert -180 <= here[1] <= 180
        assert 150 <= float(length) <= 6000, line
        apart_m = distance_nm(*here, *there) * NM_IN_M
        assert apart_m <= 1.1 * float(length) + 90, line
        for text_ft in filter(None, (height, other_height)):
            assert -1400 <= float(text_ft) <= 14_700, line
        names.add((code, name, other))
    assert len(names) > 12_000


def test_displaced_thresholds_count() -> None:
    """CDG's 26R is displaced by 1,969 ft (600 m) from its end at 48.9988 N 2.6102 E."""
    end = end_of("LFPG", "26R")
    assert distance_nm(end.lat_deg, end.lon_deg, 48.99880, 2.61018) * NM_IN_M == pytest.approx(
        600, abs=5
    )
    assert (end.elevation_ft, end.length_m) == (318, 4215)
    assert end.bearing_deg == pytest.approx(265.3, abs=0.2)


def test_the_table_agrees_with_the_shipped_airfields_where_both_have_the_runway() -> None:
    [ovda] = shipped_as("LLOV")
    assert {end.name for end in table()["LLOV"]} == {end.name for end in ovda.runways}
    for end in ovda.runways:
        listed_end = end_of("LLOV", end.name)
        apart = distance_nm(end.lat_deg, end.lon_deg, listed_end.lat_deg, listed_end.lon_deg)
        assert apart < 0.002
        assert angle_between_deg(end.bearing_deg, listed_end.bearing_deg) < 0.2


def test_headings_come_from_the_ends() -> None:
    """The list has no heading for Ramon, and no elevation of its thresholds."""
    assert end_of("LLER", "19").bearing_deg == pytest.approx(193.7, abs=0.1)
    assert end_of("LLER", "01").elevation_ft is None


def test_wide_airports_have_all_their_runways() -> None:
    assert Counter(len(table()[code]) for code in ("EDDF", "LFPG", "KDFW")) == {8: 2, 14: 1}
    assert "08H" not in {end.name for end in table()["LFPG"]}, "for helicopters"


def test_an_airfield_without_certain_runways_is_left_out() -> None:
    """Persan-Beaumont has three strips in the list, none with ends: it is an area."""
    assert not {"LFPA", "KOFF"} & set(table()), "KOFF: its one runway is listed as closed"
    [persan] = [field for field in known().nearby if field.icao == "LFPA"]
    assert persan.runways == ()
    assert persan.longest_runway_m == 975.0, "the list states the length of each"


def test_a_point_written_in_minutes_is_moved_to_its_runways() -> None:
    """airportsdata has Luxembourg 16 NM from where it is: 49°37′24″ became 49.3724."""
    luxembourg = known().found["ELLX"]
    assert distance_nm(luxembourg.lat_deg, luxembourg.lon_deg, 49.6233, 6.2044) < 0.5
    assert len(luxembourg.runways) == 2


def test_a_heliport_is_no_rival() -> None:
    """Arlon-Sterpenich has a helipad only, 15 NM from Luxembourg."""
    assert listed_runways(["EBAR"]) == {"EBAR": NO_RUNWAY}
    assert "EBAR" not in {field.icao for field in known().nearby}


def test_two_entries_of_one_place_are_one_candidate() -> None:
    """Schwäbisch Hall is listed as EDTY and EDTX; Northolt is a place of its own."""
    nearby = {field.icao for field in known().nearby}
    assert "EDTX" not in nearby
    assert "EGWU" in nearby


OWN = """
[[airfield]]
icao = "{icao}"
lat_deg = {lat}
lon_deg = {lon}
elevation_ft = 392
{more}
[[watch]]
name = "w"
places = ["{icao}"]
types = ["IL76"]
"""
ONE_END = (
    'runways = [{name = "1", lat_deg = 49.0, lon_deg = 2.55, bearing_deg = 1, length_m = 900}]'
)


@pytest.mark.parametrize(
    ("icao", "lat", "more", "ends"),
    [
        ("LFPG", 49.01, "", 8),
        ("LFPG", 49.01, ONE_END, 1),
        ("LFPG", 50.01, "", 0),
        ("XXXX", 49.01, "", 0),
    ],
    ids=["no runways", "runways of its own", "at another place", "an unknown code"],
)
def test_an_own_airfield_gets_runways_only_if_it_has_none_and_is_that_place(
    write: Write, icao: str, lat: float, more: str, ends: int
) -> None:
    settings = load(write(OWN.format(icao=icao, lat=lat, lon=2.55, more=more)), environ={})
    [field] = [field for field in settings.airfields if field.icao == icao]
    assert len(field.runways) == ends


def test_runways_that_were_looked_up_are_told_apart() -> None:
    heathrow = known().found["EGLL"]
    assert len(heathrow.runways) == 4
    assert heathrow.as_configured() == replace(heathrow, runways=())
    for entry in shipped():
        assert entry.airfield.as_configured() is entry.airfield


HERE = Place((50.0, 8.0), 300.0)


def row(**changed: str) -> dict[str, str]:
    """A runway of 2,000 m at HERE in the form of the list, its ends 1,000 m west and east."""
    plain = {
        "length_ft": "6562",
        "surface": "ASP",
        "closed": "0",
        "le_ident": "09",
        "le_latitude_deg": "50.0",
        "le_longitude_deg": "7.986",
        "le_elevation_ft": "300",
        "le_heading_degT": "90.3",
        "le_displaced_threshold_ft": "",
        "he_ident": "27",
        "he_latitude_deg": "50.0",
        "he_longitude_deg": "8.014",
        "he_elevation_ft": "",
        "he_heading_degT": "",
        "he_displaced_threshold_ft": "",
    }
    return plain | changed


NO_ENDS = dict.fromkeys(
    ("le_latitude_deg", "le_longitude_deg", "he_latitude_deg", "he_longitude_deg"), ""
)


def judged(*rows: dict[str, str]) -> list[Runway]:
    runways = [runway for each in rows if (runway := listed(each)) is not None]
    return known_runways(runways, HERE, Counter())


def spots(runway: Runway) -> tuple[tuple[float, float], tuple[float, float]]:
    first, second = (end.spot for end in runway.ends)
    assert first is not None
    assert second is not None
    return first, second


@pytest.mark.parametrize(
    "changed",
    [
        {"closed": "1"},
        {"surface": "WATER"},
        {"le_ident": "09W", "he_ident": "27W"},
        {"le_ident": "H1"},
        {"le_ident": "09H"},
        {"length_ft": "80"},
    ],
    ids=repr,
)
def test_closed_runways_water_and_helipads_are_none(changed: dict[str, str]) -> None:
    assert listed(row(**changed)) is None


@pytest.mark.parametrize(
    ("rows", "length_m"),
    [
        ([row()], 2000),
        ([row(length_ft="6900")], 2103),
        ([row(length_ft="8500")], 2001),
        ([row(he_latitude_deg="", he_longitude_deg="")], 2000),
        ([row(**NO_ENDS)], 2000),
    ],
    ids=["sound", "nearly", "length from the ends", "one end", "around the point"],
)
def test_what_is_certain_is_repaired(rows: list[dict[str, str]], length_m: float) -> None:
    [runway] = judged(*rows)
    assert runway.length_m == pytest.approx(length_m, abs=10)
    first, second = spots(runway)
    assert distance_nm(*first, 50.0, 7.986) < 0.02
    assert distance_nm(*second, 50.0, 8.014) < 0.02
    assert angle_between_deg(bearing_deg(*first, *second), 90.0) < 0.6


@pytest.mark.parametrize(
    "rows",
    [
        [row(**NO_ENDS, le_heading_degT="")],
        [row(**NO_ENDS, le_heading_degT="90")],
        [row(**NO_ENDS), row(**NO_ENDS, le_ident="09L")],
        [row(he_longitude_deg="8.07", le_heading_degT="")],
        [
            row(
                he_latitude_deg="50.014",
                he_longitude_deg="7.986",
                length_ft="5107",
                le_heading_degT="",
            )
        ],
        [row(), row(**NO_ENDS, le_ident="18", length_ft="9000")],
        [row(le_latitude_deg="51.0", he_latitude_deg="51.0")],
    ],
    ids=[
        "no heading",
        "the heading of the name",
        "which of two",
        "ends too far apart",
        "ends across the heading",
        "a longer one is unknown",
        "another place",
    ],
)
def test_what_is_not_certain_makes_the_airfield_an_area(rows: list[dict[str, str]]) -> None:
    assert judged(*rows) == []


def test_an_end_as_listed_holds_what_the_row_says() -> None:
    runway = listed(row(he_displaced_threshold_ft="492"))
    assert runway is not None
    assert runway.ends[1] == End("27", (50.0, 8.014), None, None, 492.0)


def test_the_airfields_of_the_default_watch_keep_the_runways_of_their_list() -> None:
    fields: list[Airfield] = list(load(None, environ={}).airfields)
    assert fields
    assert not any(isinstance(field.runways, ListedRunways) for field in fields)
