"""A real day of one airliner, polled every five minutes by a feed that keeps its trace: are its
landings found where and when they were labelled?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.model import Grade
from collector.model.track_request import TrackRequestState
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, Seen, v2_body
from tests.support.reshape import DAY_TRACE
from tests.support.shared import needs_shared
from tests.support.traced import RECENT, TRACES, traced

pytestmark = needs_shared

HEX = "ac671b"
LISTED_FOR = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)


@dataclass
class Replayed:
    """A recorded trace as its feed would have told it at each time."""

    clock: ManualClock
    recorded: dict[str, Any]

    def polled(self, _: Seen) -> Answer:
        """The last point, if it is young enough to be listed."""
        now = self.clock.now()
        points = self._until(now)
        age_s = now.timestamp() - self._time(points[-1]) if points else 1e9
        if age_s > LISTED_FOR.total_seconds():
            return Answer(v2_body(now))
        _, lat, lon, altitude, speed, track, _, rate = points[-1][:8]
        row = {"hex": HEX, "type": "adsb_icao", "lat": lat, "lon": lon, "alt_baro": altitude}
        known = {"gs": speed, "track": track, "baro_rate": rate, "seen_pos": age_s, "seen": age_s}
        return Answer(v2_body(now, [row | {k: v for k, v in known.items() if v is not None}]))

    def full(self, _: Seen) -> Answer:
        """As last written: before it holds so many points more."""
        points = self._until(self.clock.now() - MINUTE)
        return self._trace(points[: len(points) // (RECENT - 2) * (RECENT - 2)])

    def recent(self, _: Seen) -> Answer:
        """The last points."""
        return self._trace(self._until(self.clock.now() - MINUTE)[-RECENT:])

    def _trace(self, points: list[list[Any]]) -> Answer:
        return Answer(json.dumps(self.recorded | {"trace": points}).encode(), compress=True)

    def _until(self, at: datetime) -> list[list[Any]]:
        return [each for each in self.recorded["trace"] if self._time(each) <= at.timestamp()]

    def _time(self, point: list[Any]) -> float:
        return float(self.recorded["timestamp"] + point[0])


@pytest.mark.parametrize(
    ("field", "labelled", "by_polls"),
    [
        ("KMSP", datetime(2025, 2, 5, 17, 0, 18, tzinfo=UTC), Grade.PROBABLE),
        ("KDEN", datetime(2025, 2, 5, 19, 54, 30, tzinfo=UTC), Grade.PROBABLE),
    ],
)
def test_a_labelled_landing_between_polls(
    tmp_path: Path, field: str, labelled: datetime, by_polls: Grade
) -> None:
    recorded = json.loads(DAY_TRACE.read_bytes())
    found = {}
    for name, traces in (("with", TRACES), ("without", "")):
        folder = tmp_path / name
        folder.mkdir()
        with traced(
            folder,
            lambda clock: Replayed(clock, recorded),
            labelled - 31 * MINUTE,
            places=[field],
            icao24=HEX,
            traces=traces,
        ) as rig:
            rig.work(labelled + 25 * MINUTE)
            found[name] = [
                one.detection
                for one in rig.landings()
                if one.stands and abs(one.detection.touchdown_at - labelled) < 30 * MINUTE
            ]
            if name == "with":
                assert [one.state for one in rig.track_requests(HEX)] == [TrackRequestState.DONE]
    (right,) = found["with"]
    assert (right.airfield, right.grade) == (field, Grade.CONFIRMED)
    assert abs(right.touchdown_at - labelled) < timedelta(seconds=30)
    # The replayed sky holds nobody else, so that its silence is no outage's.
    assert [(one.airfield, one.grade) for one in found["without"]] == [(field, by_polls)]
