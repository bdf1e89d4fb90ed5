"""Do recordings pass through `backfill traces` and `replay`, and come out as landings?"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from recordings import datasets, labels
from recordings.cut import cut, lowest_ft
from recordings.datasets import DataSet
from recordings.detector import by_polls, by_traces
from recordings.runs import EVERYBODY, OURS, runs
from recordings.scoring import tally
from recordings.tracks import Track

from tests.support.shared import needs_shared

from .made import APPROACH, BEGIN_S, STAY, track

MADE = DataSet("made", ("88NV",), lambda: [track(*APPROACH, STAY)])


def test_traces_and_polls_give_the_same_landing() -> None:
    tracks = datasets.loaded(MADE)
    for claims in (
        by_traces(MADE, tracks, everybody=False),
        by_traces(MADE, tracks, everybody=True),
        by_polls(MADE, tracks, 60),
    ):
        (claim,) = claims
        assert (claim.icao24, claim.airfield, claim.grade) == ("a00001", "88NV", "confirmed")
        assert abs(claim.at_s - BEGIN_S - 290) <= 120


@needs_shared
def test_labels_are_made_anew_as_they_stand_and_the_detector_meets_them() -> None:
    (present,) = [one for one in datasets.datasets() if one.name == "88NV, traces"]
    made = list(labels.made(present))
    stored = [label for label in labels.read_labels() if label.dataset == present.name]
    assert sorted(made, key=lambda each: each.from_utc) == stored
    (run,) = runs([present], [EVERYBODY])
    one = tally(present.name, present.watched, stored, run.claims[OURS])
    assert (one.landings, one.found, one.falsehoods) == (8, 8, [])


def test_every_label_is_complete() -> None:
    found = labels.read_labels()
    for label in found:
        assert label.kind in {"landing", "broken-off", "none"}
        assert label.verdict in {"agreed", "single", "disputed", "settled"}
        assert label.reached in {"yes", "no"}
        assert label.from_s <= label.until_s <= label.left_s
        assert label.note or label.verdict not in {"disputed", "settled"}
    assert len({(each.dataset, each.icao24, each.from_utc) for each in found}) == len(found)


@dataclass
class Frame:
    """As much of a data frame as is read."""

    values: dict[str, list[Any]]

    @property
    def columns(self) -> Sequence[str]:
        return list(self.values)

    def __len__(self) -> int:
        return len(self.values["timestamp"])

    def __getitem__(self, name: str) -> Any:
        values = self.values[name]
        if name == "timestamp":
            return [SimpleNamespace(to_pydatetime=lambda at=at: at) for at in values]
        return SimpleNamespace(tolist=lambda: values)


@pytest.fixture
def traffic(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package `traffic` whose sample has two flights of one aircraft, the later one first."""
    flights = []
    for hour in (3, 0):
        rows = track(*APPROACH).rows
        flights.append(
            SimpleNamespace(
                icao24="a00001",
                data=Frame(
                    {
                        "timestamp": [
                            datetime.fromtimestamp(row.at_s + 3600 * hour, UTC) for row in rows
                        ],
                        "latitude": [row.lat_deg for row in rows],
                        "longitude": [
                            float("nan") if n == 3 else row.lon_deg for n, row in enumerate(rows)
                        ],
                        "altitude": [
                            float("nan") if row.on_ground else row.altitude_ft for row in rows
                        ],
                        "onground": [row.on_ground for row in rows],
                    }
                ),
            )
        )
    samples = SimpleNamespace(quickstart=flights)
    monkeypatch.setitem(sys.modules, "traffic.data.samples", samples)
    pandas = SimpleNamespace(isna=lambda value: value is None or math.isnan(value))
    monkeypatch.setitem(sys.modules, "pandas", pandas)


@pytest.mark.usefixtures("traffic")
def test_a_carried_sample_is_one_track_an_aircraft() -> None:
    (one,) = datasets.carried("quickstart")
    once = track(*APPROACH)
    assert isinstance(one, Track)
    assert len(one.rows) == 2 * (len(once.rows) - 1)  # less a row without a longitude
    assert one.times == sorted(one.times)
    assert one.rows[0].altitude_ft == once.rows[0].altitude_ft
    assert (one.rows[-1].on_ground, one.rows[-1].altitude_ft) == (True, None)
    assert one.rows[0].speed_kt is None


def test_a_cut_track_keeps_only_what_is_in_the_air_above_the_height() -> None:
    whole = datasets.loaded(MADE)
    (left,) = cut(whole, lowest_ft(MADE) + 500.0)
    kept = [row for row in whole[0].rows if row in left.rows]
    assert left.rows == kept
    assert 0 < len(kept) < len(whole[0].rows)
    assert all(not row.on_ground and (row.altitude_ft or 0.0) >= 4410.0 for row in kept)
    assert not cut(whole, 60_000.0), "what is left must be a track"
