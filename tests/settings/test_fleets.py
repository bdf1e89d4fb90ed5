"""Does the shipped fleet agree with its sources, and can an own file replace it?"""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from collector.model import Aircraft
from collector.resources import shipped_file
from collector.settings import check, load
from tests.settings.conftest import Write
from tests.support.shared import SHARED, needs_shared

_WATCH = "[[watch]]\nname='w'\nplaces=['LLOV']\nfleets=['{}']\n"
_ROW = "[[aircraft]]\nicao24='600865'\nsource='s'\n"


def _shipped() -> tuple[Aircraft, ...]:
    return load(None, environ={}).watches[0].fleet


def test_every_row_has_a_type_an_operator_and_a_source() -> None:
    fleet = _shipped()
    assert len(fleet) == len({aircraft.icao24 for aircraft in fleet}) == 32
    for aircraft in fleet:
        assert aircraft.source
        assert aircraft.operator
        assert aircraft.fleet == "silkway"
        assert aircraft.type_code or aircraft.icao24 == "4080f1"


def test_inferred_and_missing_addresses_are_only_remarks() -> None:
    text = shipped_file("fleets", "silkway.toml").read_text("utf-8")
    for icao24 in ("600882", "600819", "600837"):
        assert re.search(rf'(?m)^# icao24 = "{icao24}"', text)
        assert re.search(rf"(?m)^# INFERRED: {icao24}", text)
        assert icao24 not in {aircraft.icao24 for aircraft in _shipped()}
    assert "# NOT FOUND: 4K-78030" in text


def test_the_remarks_become_rows_that_load(tmp_path: Path) -> None:
    """After a sighting, an operator removes the # and changes nothing else."""
    text = shipped_file("fleets", "silkway.toml").read_text("utf-8")
    row = r"(?m)^# (?=\[\[aircraft|(?:icao24|registration|type|operator|valid_to|source) = )"
    (tmp_path / "fleets").mkdir()
    (tmp_path / "fleets/silkway.toml").write_text(re.sub(row, "", text), "utf-8")
    path = tmp_path / "collector.toml"
    path.write_text(_WATCH.format("silkway"))
    assert len(load(path, environ={}).watches[0].fleet) == 35


@needs_shared
def test_the_shipped_fleet_holds_what_the_facts_list() -> None:
    with (SHARED / "facts/fleet.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wanted = {row["icao24"].lower() for row in rows if row["hex_status"] in ("listed", "seen")}
    assert {aircraft.icao24 for aircraft in _shipped()} == wanted
    types = {row["icao24"].lower(): row["type"] for row in rows if row["type"]}
    registrations = {row["icao24"].lower(): row["registration"] for row in rows}
    for aircraft in _shipped():
        assert (aircraft.type_code or "") == types.get(aircraft.icao24, "")
        assert (aircraft.registration or "") == registrations[aircraft.icao24]


def test_rows_have_dates_where_sources_date_a_change() -> None:
    fleet = {aircraft.registration: aircraft for aircraft in _shipped()}
    assert fleet["4K-BCH"].valid_from == date(2022, 3, 1)
    assert fleet["4K-SW808"].valid_to == date(2016, 1, 1)
    assert fleet["4K-AZ101"].valid_from is None, "the first sighting is no beginning"


def test_fleet_is_grouped_by_type() -> None:
    text = shipped_file("fleets", "silkway.toml").read_text("utf-8")
    order = re.findall(r'(?m)^type = "(\w+)"', text)
    runs = [each for index, each in enumerate(order) if not index or order[index - 1] != each]
    # 747-400 and 747-8 stand together: one airframe changed its registration between the two.
    others = [each for each in runs if not each.startswith("B74")]
    assert len(others) == len(set(others))


def _own(tmp_path: Path, text: str, name: str = "mine") -> Path:
    (tmp_path / "fleets").mkdir()
    (tmp_path / f"fleets/{name}.toml").write_text(text, "utf-8")
    path = tmp_path / "collector.toml"
    path.write_text(_WATCH.format(name))
    return path


def test_an_own_file_comes_before_the_shipped_one(tmp_path: Path) -> None:
    path = _own(tmp_path, "[[aircraft]]\nicao24='ABC123'\nsource='me'", "silkway")
    [aircraft] = load(path, environ={}).watches[0].fleet
    assert (aircraft.icao24, aircraft.fleet) == ("abc123", "silkway")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[[aircraft]]\nicao24='60086'\nsource='s'", "aircraft[60086].icao24", "six hexadecimal"),
        ("[[aircraft]]\nicao24='600865'", "aircraft[600865].source", "is missing"),
        (
            "[[aircraft]]\nicao24='600865'\nsource='s'\nvalid_form=2020-01-01",
            "aircraft[600865].valid_form",
            "did you mean valid_from?",
        ),
        (
            "[[aircraft]]\nicao24='600865'\nsource='s'\ntype='ILYUSHIN'",
            "aircraft[600865].type",
            "is no ICAO type designator",
        ),
        (
            "[[aircraft]]\nicao24='600865'\nsource='s'\nvalid_from=2020-01-01\nvalid_to=2019-01-01",
            "aircraft[600865]",
            "must be later",
        ),
        (
            f"{_ROW}valid_to=2020-01-02\n{_ROW}valid_from=2020-01-01",
            "aircraft[600865]",
            "occurs twice for the same days",
        ),
        ("aircraft = []", "aircraft", "must not be empty"),
    ],
)
def test_mistakes_in_a_fleet_file_name_that_file(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    [mistake] = check(_own(tmp_path, text), {})
    assert mistake.where == f"{tmp_path / 'fleets/mine.toml'}: {where}"
    assert what in mistake.what


def test_a_fleet_file_that_is_no_toml(tmp_path: Path) -> None:
    [mistake] = check(_own(tmp_path, "[[aircraft"), {})
    assert "is no valid TOML" in mistake.what


def test_periods_may_follow_each_other(tmp_path: Path) -> None:
    path = _own(
        tmp_path,
        f"{_ROW}valid_to=2020-01-01\n{_ROW}valid_from=2020-01-01",
    )
    assert len(load(path, environ={}).watches[0].fleet) == 2


def test_an_unknown_fleet_names_the_searched_folders(write: Write) -> None:
    [mistake] = check(write(_WATCH.format("antonovs")), {})
    assert "no antonovs.toml in" in mistake.what
    assert "choose from: silkway" in mistake.what
