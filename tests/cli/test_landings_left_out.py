"""Does `landings` say what it leaves out, and does it list all that counts?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model import Grade, Landing, Revision, WatchMatch
from collector.model.review import Review
from collector.store import Store, landings, reviews
from collector.watches.visitors import VISITORS
from tests.cli.runner import call
from tests.support.station import Station
from tests.support.touchdowns import touchdown

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
DAY = timedelta(days=1)
BETWEEN = (("LLOV", 0.6), ("LLER", 0.4))
SURE = touchdown(AT, watch="w")
UNDETERMINED = touchdown(AT + DAY, None, candidates=BETWEEN, watch="w")
POSSIBLE = touchdown(AT + 2 * DAY, grade=Grade.POSSIBLE, probability=0.5, watch="w")
REJECTED = touchdown(AT + 3 * DAY, None, candidates=BETWEEN, review="rejected", watch="w")


def station_with(folder: Path, *found: Landing, count_from: str = "probable") -> Station:
    station = Station(folder)
    text = station.config.read_text()
    station.config.write_text(
        text.replace('places = ["LLOV"]\n', f'places = ["LLOV"]\ncount_from = "{count_from}"\n')
    )
    with Store.open(station.database) as store, store.transaction():
        for landing in found:
            revision = Revision(landing.id, landing.first_known_at, "found", "found", "5")
            landings.save(store, landing, revision)
            if landing.review is not None:
                review = Review(at=AT + 4 * DAY, by="Anna", verdict=landing.review, note="No.")
                reviews.store_review(store, landing.id, review)
    return station


def listed(station: Station, *words: str) -> list[str]:
    return [row["id"] for row in station.json("landings", *words)]


def test_an_undetermined_landing_alone_is_not_nothing(tmp_path: Path) -> None:
    station = station_with(tmp_path, UNDETERMINED)
    result = call(station, "landings")
    assert result.stdout == ""
    assert "1 undetermined landing is not listed; --all lists" in result.stderr
    assert listed(station, "--all") == [UNDETERMINED.id]


def test_what_is_left_out_is_said_beside_what_is_listed(tmp_path: Path) -> None:
    station = station_with(tmp_path, SURE, UNDETERMINED, POSSIBLE, REJECTED)
    result = call(station, "landings")
    assert SURE.id in result.stdout
    assert "1 undetermined and 1 possible landings are not listed" in result.stderr
    assert call(station, "landings", "--all").stderr == ""
    assert listed(station) == [SURE.id]
    assert len(listed(station, "--all")) == 4


@pytest.mark.parametrize(
    ("count_from", "expected"), [("probable", [SURE.id]), ("possible", [SURE.id, POSSIBLE.id])]
)
def test_a_possible_landing_that_counts_is_listed(
    tmp_path: Path, count_from: str, expected: list[str]
) -> None:
    station = station_with(tmp_path, SURE, POSSIBLE, count_from=count_from)
    assert listed(station) == expected
    assert listed(station, "--grade", "possible") == [SURE.id, POSSIBLE.id]
    assert listed(station, "--grade", "probable") == [SURE.id]


@pytest.mark.parametrize("grade", [Grade.POSSIBLE, Grade.PROBABLE])
def test_an_unsure_visitor_is_not_nothing(tmp_path: Path, grade: Grade) -> None:
    match = (WatchMatch(VISITORS, "type A124", counted=False),)
    visitor = replace(touchdown(AT, grade=grade, icao24="508035"), watches=match)
    station = station_with(tmp_path, visitor)
    result = call(station, "visitors")
    if grade is Grade.PROBABLE:
        assert visitor.id in result.stdout
    else:
        assert "--all lists 1" in result.stderr
    assert "is stored for this time and place" not in result.stderr
    assert "is stored for this time" in call(station, "visitors", "--to", "2020").stderr
