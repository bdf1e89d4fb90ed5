"""Do imported tracks go through the same pipeline, and prove no more than they can?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model.imported import FLIGHTRADAR24
from collector.store import Store, coverage_slots
from tests.backfill.command import ALL, call, listed
from tests.support.past import visit_trace
from tests.support.sky import IL76, Visit
from tests.support.station import Station
from tests.support.track_exports import STATES, flightradar24_csv, state_row, state_vectors_csv

DAY = datetime(2024, 11, 18, tzinfo=UTC)
VISIT = Visit(lands_at=DAY + timedelta(hours=10))
MINUTE = timedelta(minutes=1)
FR24: list[str | Path] = ["backfill", "flightradar24", "--aircraft", IL76]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def fr24_file(station: Station, visit: Visit = VISIT) -> Path:
    path = station.folder / "AZQ4801_2620abcd.csv"
    path.write_text(flightradar24_csv(visit))
    return path


def by_callsign(station: Station) -> None:
    """Have the watch want a callsign instead of the address."""
    text = station.config.read_text()
    station.config.write_text(text.replace('icao24 = ["600865"]', 'callsigns = ["AZQ*"]'))


def test_a_flight_of_another_tracker_never_confirms_alone(station: Station) -> None:
    path = fr24_file(station)
    done = call(station, *FR24, path)
    assert "1 changes to landings" in done.stderr
    (row,) = listed(station, "landings", "--all")
    assert (row["grade"], row["counted"], row["feeds"]) == ("probable", True, [FLIGHTRADAR24])
    assert abs(datetime.fromisoformat(row["touchdown_at"]) - VISIT.lands_at).total_seconds() < 120
    told = call(station, "explain", row["id"]).stdout
    assert "exported from another tracker" in " ".join(told.split())
    before = listed(station, "landings", "--all")
    assert "1 more were read before" in call(station, *FR24, path).stderr
    assert "0 changes" in call(station, *FR24, path, "--again").stderr
    with Store.open(station.database) as store:
        store.execute("UPDATE landings SET judged_by = '4'")
    call(station, "db", "judge")
    assert listed(station, "landings", "--all") == before
    with Store.open(station.database, read_only=True) as store:
        (judged,) = store.execute("SELECT judged_by, reports_gone FROM landings")
    assert (judged["judged_by"] != "4", judged["reports_gone"]) == (True, 0)


def test_imports_prove_no_coverage_and_no_silence(station: Station) -> None:
    """The flight is lost at 3,000 ft: received so, it would be a silence to weigh."""
    lost = Visit(lands_at=VISIT.lands_at, heard_above_ft=3000)
    call(station, *FR24, fr24_file(station, lost))
    assert listed(station, "landings", "--all") == []
    call(station, "backfill", "opensky-states", _states(station, lost))
    with Store.open(station.database, read_only=True) as store:
        assert coverage_slots.first_slot_at(store) is None
    (week,) = listed(station, "weeks", "--from", "2024-W47", "--to", "2024-W47")
    assert (week["count"], week["coverage"], week["archive"]) == (None, 0.0, None)


def _states(station: Station, visit: Visit, every_s: int = 5) -> Path:
    path = station.folder / "states.csv"
    path.write_text(state_vectors_csv(visit, every_s=every_s))
    return path


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0)])
def test_three_sources_of_one_flight_make_one_landing(
    station: Station, order: tuple[int, ...]
) -> None:
    trace = station.folder / f"trace_full_{IL76}.json"
    trace.write_bytes(visit_trace(VISIT, DAY))
    steps: list[list[str | Path]] = [
        ["backfill", "traces", *ALL, trace],
        [*FR24, fr24_file(station)],
        ["backfill", "opensky-states", _states(station, VISIT)],
    ]
    for number in order:
        call(station, *steps[number])
    (row,) = listed(station, "landings", "--all")
    assert (row["grade"], row["airfield"]) == ("confirmed", "LLOV")
    assert row["feeds"] == ["opensky-trino", "traces"]


def test_whatever_is_imported_received_landings_stay_the_same(station: Station) -> None:
    """One import shows the flight nine minutes later, another one a second flight."""
    call(station, "backfill", "opensky-states", _states(station, VISIT))
    before = listed(station, "landings", "--all")
    call(station, *FR24, fr24_file(station, Visit(lands_at=VISIT.lands_at + timedelta(minutes=9))))
    assert listed(station, "landings", "--all") == before
    call(station, *FR24, fr24_file(station, Visit(lands_at=VISIT.lands_at + timedelta(hours=6))))
    assert [row["grade"] for row in listed(station, "landings", "--all")] == [
        *("confirmed", "probable"),
    ]
    assert listed(station, "landings", "--all")[0] == before[0]


def test_what_is_wrong_with_a_file_is_told(station: Station, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    late = fr24_file(station, Visit(lands_at=datetime(2099, 1, 1, 12, tzinfo=UTC)))
    done = call(station, *FR24, other, late, tmp_path / "none.csv", code=1)
    for why in ("but Flightradar24 writes", "the future", "cannot be read: No such file"):
        assert why in done.stderr
    endless = tmp_path / "endless.csv"
    for command, sound in (
        (FR24, fr24_file(station)),
        (["backfill", "opensky-states"], _states(station, VISIT)),
    ):
        endless.write_text(sound.read_text() + "9" * 200_000)
        told = call(station, *command, endless, code=1).stderr
        assert "a line has more than 65536 characters" in told
    words: list[str | Path] = ["backfill", "flightradar24", "--aircraft", "4K-NONE", other]
    assert "neither a 24-bit address" in call(station, *words, code=2).stderr


def test_received_reports_elsewhere_exclude_an_imported_landing(station: Station) -> None:
    """Another feed's flight in level flight, 400 NM away, from an hour before to an hour after."""
    heard = [
        state_row(VISIT.lands_at + minute * MINUTE, 36.0, 40.0 + minute / 60, 10_668.0)
        for minute in range(-60, 61)
    ]
    path = station.folder / "cruise.csv"
    path.write_text("\n".join([STATES, *heard, ""]))
    call(station, "backfill", "opensky-states", path)
    assert "0 changes to landings" in call(station, *FR24, fr24_file(station)).stderr
    assert listed(station, "landings", "--all") == []


@pytest.mark.parametrize("seen_above_ft", [0.0, 3000.0], ids=["a landing", "an approach"])
def test_an_import_says_nothing_of_a_landing_whose_reports_are_gone(
    station: Station, seen_above_ft: float
) -> None:
    call(station, "backfill", "opensky-states", _states(station, VISIT))
    before = listed(station, "landings", "--all")
    with Store.open(station.database) as store:
        store.execute("DELETE FROM observations")
    exported = fr24_file(station, Visit(lands_at=VISIT.lands_at, heard_above_ft=seen_above_ft))
    call(station, *FR24, exported)
    assert listed(station, "landings", "--all") == before
    with Store.open(station.database) as store:
        store.execute("UPDATE landings SET judged_by = '4'")
    call(station, "db", "judge")
    assert listed(station, "landings", "--all") == before
    with Store.open(station.database, read_only=True) as store:
        (judged,) = store.execute("SELECT judged_by, reports_gone FROM landings")
    assert (judged["judged_by"] != "4", judged["reports_gone"]) == (True, 1)


def test_names_in_an_export_say_nothing_of_a_received_landing(station: Station) -> None:
    """The export has another callsign, in more reports than were received."""
    by_callsign(station)
    call(station, "backfill", "opensky-states", _states(station, VISIT, every_s=20))
    before = listed(station, "landings", "--all")
    assert [(row["grade"], row["counted"]) for row in before] == [("confirmed", True)]
    call(station, *FR24, fr24_file(station, replace(VISIT, callsign="XYZ77")))
    assert listed(station, "landings", "--all") == before


def test_a_landing_of_an_export_alone_is_judged_by_the_export_s_names(station: Station) -> None:
    by_callsign(station)
    call(station, *FR24, fr24_file(station))
    (row,) = listed(station, "landings", "--all")
    assert (row["grade"], row["counted"]) == ("probable", True)
