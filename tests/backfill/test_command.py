"""Does `backfill traces` read once, report what it skips, and plan without changing anything?"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.backfill.command import ALL, call, listed, traces
from tests.support.dump import dump
from tests.support.past import (
    DAY,
    FIRST,
    IL76,
    archive,
    arrival,
    day_of,
    trace,
    write_tar,
)
from tests.support.station import Station


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days: a landing on the second."""
    folder = tmp_path_factory.mktemp("past")
    archive(folder, (False, True, False), airliners=2)
    return folder


def test_only_what_was_not_read_is_read(tmp_path: Path, past: Path) -> None:
    station = Station(tmp_path)
    assert "3 units (0 more were read before)" in traces(station, past)
    before = dump(station.database)
    assert "0 units (3 more were read before)" in traces(station, past)
    assert "3 units (0 more were read before)" in traces(station, "--again", past)
    assert dump(station.database) == before
    copy = write_tar(tmp_path / "copy" / "001.tar", day_of(FIRST + DAY, lands=True), FIRST)
    assert "1 units (0 more were read before)" in traces(station, copy), "its content is another"


@pytest.mark.parametrize(
    ("old", "new", "due"),
    [
        ('icao24 = ["600865"]', 'icao24 = ["600865", "600866"]', True),
        ('places = ["LLOV"]', 'places = ["LLOV", "LLER"]', True),
        ('at = "LLOV"\ncount = 1', 'at = "LLOV"\ncount = 3', False),
        ('address = "ops@example.org"', 'address = "other@example.org"', False),
    ],
)
def test_another_search_makes_units_due_again(
    tmp_path: Path, past: Path, old: str, new: str, *, due: bool
) -> None:
    station = Station(tmp_path)
    traces(station, past)
    text = station.config.read_text()
    assert old in text
    station.config.write_text(text.replace(old, new))
    read = 3 if due else 0
    assert f"{read} units ({3 - read} more were read before)" in traces(station, past)


def test_the_rules_of_another_version_make_units_due_again(
    tmp_path: Path, past: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = Station(tmp_path)
    traces(station, past)
    monkeypatch.setattr("collector.backfill.search.RULES_VERSION", "next")
    assert "3 units (0 more were read before)" in traces(station, past)


def test_reading_again_derives_again(tmp_path: Path, past: Path) -> None:
    """As after an upgrade of the rules: the reports are there already, the landings are not."""
    station = Station(tmp_path)
    traces(station, past)
    expected = dump(station.database)["landings"]
    connection = sqlite3.connect(station.database)
    connection.execute("UPDATE landings SET grade = 'possible', probability = 0.4")
    connection.commit()
    connection.close()
    traces(station, past)
    assert dump(station.database)["landings"] != expected
    traces(station, "--again", past)
    assert dump(station.database)["landings"] == expected


def test_a_sample_is_no_observation_and_makes_coverage(tmp_path: Path, past: Path) -> None:
    station = Station(tmp_path)
    traces(station, past)
    assert {row[0] for row in dump(station.database)["observations"]} == {IL76}
    (week,) = listed(station, "weeks", "--from", "2024-W10", "--to", "2024-W10")
    assert week["coverage"] > 0.25
    (tmp_path / "none").mkdir()
    none = Station(tmp_path / "none")
    traces(none, "--sample", "0", past)
    (week,) = listed(none, "weeks", "--from", "2024-W10", "--to", "2024-W10")
    assert 0 < week["coverage"] < 0.05, "the Il-76 itself was heard"


def test_weeks_tell_apart_what_was_not_found_not_heard_and_not_archived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = Station(tmp_path)
    quiet = day_of(FIRST, lands=False, airliners=2)
    write_tar(tmp_path / "quiet.tar", quiet, FIRST)
    deaf = FIRST + 7 * DAY
    far = {"trace_full_3c0001.json": trace(arrival(deaf, icao24="3c0001"), deaf)}
    write_tar(tmp_path / "deaf.tar", far, deaf)
    landing = FIRST + 14 * DAY
    write_tar(tmp_path / "landing.tar", day_of(landing, lands=True, airliners=2), landing)
    traces(station, *sorted(tmp_path.glob("*.tar")))
    rows = listed(station, "weeks", "--from", "2024-W09", "--to", "2024-W12")
    assert [(row["week"], row["archive"]) for row in rows] == [
        ("2024-W09", {"told": "no archive", "days": 0, "of_days": 7}),
        # Some hours of one day are too little of a week for "none found".
        ("2024-W10", {"told": "could not have been heard", "days": 1, "of_days": 7}),
        ("2024-W11", {"told": "could not have been heard", "days": 1, "of_days": 7}),
        ("2024-W12", {"told": "found", "days": 1, "of_days": 7}),
    ]
    monkeypatch.setenv("COLUMNS", "160")
    table = call(station, "weeks", "--from", "2024-W09", "--to", "2024-W12").stdout
    assert "could not have been heard, 1 of 7 days" in table


def test_weeks_without_any_archive_say_nothing_of_archives(tmp_path: Path) -> None:
    station = Station(tmp_path)
    call(station, "db", "migrate")
    assert "ARCHIVE" not in call(station, "weeks", "--from", "2024-W09").stdout


def test_a_digest_of_an_archived_week_speaks_of_no_polls(tmp_path: Path, past: Path) -> None:
    station = Station(tmp_path)
    traces(station, past)
    text = call(station, "digest", "--week", "2024-W10").stdout
    assert "- traces: read from an archive; aircraft were heard nearby in 2," in text
    assert "polls answered" not in text


def test_a_path_that_is_not_there_is_told(tmp_path: Path, past: Path) -> None:
    station = Station(tmp_path)
    told = traces(station, past, tmp_path / "absent", code=1)
    assert "absent: no such file or folder" in told
    assert "1 could not be read; everything else is stored" in told
    assert "absent" in traces(station, "--plan", past, tmp_path / "absent", code=1)
    assert len(listed(station, "landings")) == 1


def test_a_plan_tells_and_changes_nothing(tmp_path: Path, past: Path) -> None:
    station = Station(tmp_path)
    result = call(station, "backfill", "traces", *ALL, "--plan", "--json", past)
    (row,) = json.loads(result.stdout)
    size = sum(path.stat().st_size for path in past.iterdir())
    assert (row["units"], row["read_before"], row["bytes"], row["requests"]) == (3, 0, size, 0)
    assert row["seconds"] > 0
    assert not station.database.exists()
    traces(station, min(past.iterdir()))
    before = dump(station.database)
    text = call(station, "backfill", "traces", *ALL, "--plan", past).stdout
    assert "3 units, 1 of them read before; 2 to be read" in text
    assert dump(station.database) == before
    traces(station, past)
    text = call(station, "backfill", "traces", *ALL, "--plan", past).stdout
    assert text == "3 units, all of them read before\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--sample", "2"), "range"),
        (("--jobs", "0"), "range"),
        (("--sample-of", "738000"), "not a range of addresses"),
        ((), "Missing argument"),
    ],
)
def test_wrong_words_are_refused(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    paths = [str(tmp_path)] if words else []
    result = call(Station(tmp_path), "backfill", "traces", *words, *paths, code=2)
    assert told in result.stderr
