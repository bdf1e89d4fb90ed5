"""Do sparse polls give fewer reports, and does a track hold only reports that its feed received?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from accuracy.cases import case
from accuracy.sparse import DOWN, POINT_EVERY_S, WAYS, poll_case, records, way_line

from collector.model import Observation

SEED = 77


@pytest.mark.parametrize("index", range(2))
def test_a_track_adds_reports_that_its_feed_received(index: int) -> None:
    one = case(SEED, index)
    dense, sparse, tracked = (poll_case(one, way) for way in WAYS)
    assert tracked.slots == sparse.slots
    for number, polled in enumerate(sparse.observations):
        assert len(polled) <= len(dense.observations[number])
        added = tracked.observations[number][len(polled) :]
        assert tracked.observations[number][: len(polled)] == polled
        assert not any(each.crowded for each in added)
        assert not any(_down(index, each) for each in added)
        gaps = [each.at.timestamp() % POINT_EVERY_S for each in added]
        assert all(min(gap, POINT_EVERY_S - gap) < 4.0 for gap in gaps)


def _down(index: int, seen: Observation) -> bool:
    """Whether every feed was down around that time."""
    one = case(SEED, index)
    times = [(seen.at + timedelta(seconds=s)).timestamp() for s in (-5, 0, 5)]
    return one.fault in DOWN and all(
        one.fault_event.on(at_s, number) for at_s in times for number in range(len(one.feeds))
    )


def test_each_way_is_told_in_a_line() -> None:
    lines = [way_line(way, records(SEED, 4, way)) for way in WAYS]
    assert all("precision" in line and "recall" in line for line in lines)
