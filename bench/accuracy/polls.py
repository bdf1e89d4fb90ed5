"""What would the daemon have stored? The feeds of one case are polled, and observations and
coverage slots are kept.

Rows and coverage are made as `collector.pipeline.sift` makes them; a test compares both with a
reply in readsb's own keys.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.decode.rows import counting_altitude_ft
from collector.geo import distance_nm
from collector.model import Observation
from collector.model.coverage import CELL_DEG, Cell, CoverageSlot, PollCoverage, band_of, slots_of
from collector.model.reply import Outcome

from .cases import Case, Feed
from .faults import Fault
from .rows import Air
from .traffic import Sample, by_minute, others, region
from .world import World

JAMMED_SHARE = 0.8
CLOSE_NM, CLOSE_FT = 120.0, 20_000.0
"""Within this, adaptive polling polls every 20 s (`collector.polling`)."""


@dataclass(frozen=True, slots=True)
class ReceivedCase:
    """The observations and the coverage of a case from its feeds."""

    observations: tuple[tuple[Observation, ...], ...]
    """One tuple for each aircraft of the case, in order of polls."""
    slots: tuple[CoverageSlot, ...]
    now: datetime


def poll_case(case: Case) -> ReceivedCase:
    """Poll every feed through the whole case."""
    rng = random.Random(f"listening {case.seed} {case.index}")
    traffic = by_minute(others(rng, case.begin_s, case.end_s, case.world), case.begin_s, case.end_s)
    observations: list[list[Observation]] = [[] for _ in case.flights]
    polls: list[PollCoverage] = []
    for number, feed in enumerate(case.feeds):
        poller = _Poller(case, feed, number, rng, traffic)
        for now_s in _polls(case, feed):
            polls.append(poller.poll(now_s, observations))
    return ReceivedCase(
        tuple(tuple(one) for one in observations),
        tuple(slots_of(polls)),
        datetime.fromtimestamp(case.end_s, UTC),
    )


def _polls(case: Case, feed: Feed) -> Iterator[float]:
    now_s = case.begin_s + feed.phase_s
    while now_s < case.end_s:
        yield now_s
        if case.adaptive and _close(case, now_s):
            yield now_s + 20.0
            yield now_s + 40.0
        now_s += case.world.hearing.poll_every_s


def _close(case: Case, now_s: float) -> bool:
    for flight in case.flights:
        point = flight.motion.at(now_s)
        if (
            point is not None
            and point.altitude_ft < CLOSE_FT
            and distance_nm(point.lat_deg, point.lon_deg, *case.feeds[0].ears.centre) < CLOSE_NM
        ):
            return True
    return False


class _Poller:
    """One feed's polls, in order."""

    def __init__(
        self,
        case: Case,
        feed: Feed,
        number: int,
        rng: random.Random,
        traffic: dict[int, list[tuple[int, Sample]]],
    ) -> None:
        self.case, self.feed, self.number, self.rng = case, feed, number, rng
        self.traffic = traffic
        self.airs = [Air(case, index, feed, number, rng) for index in range(len(case.flights))]

    def poll(self, now_s: float, into: list[list[Observation]]) -> PollCoverage:
        """Poll once, and append the reports of the case's aircraft to `into`."""
        fault = self.case.fault if self.case.fault_event.on(now_s, self.number) else Fault.NONE
        if fault in (Fault.OUTAGE_ONE, Fault.OUTAGE_ALL, Fault.OUTAGE_STAY):
            return self._hearing(now_s, Outcome.UNREACHABLE)
        if fault is Fault.EMPTY:
            return self._hearing(now_s, Outcome.NOBODY)
        if fault is Fault.CACHED:
            for air, mine in zip(self.airs, into, strict=True):
                mine.extend(air.again())
            return self._hearing(now_s, Outcome.STALE)
        cells: dict[Cell, int] = {}
        aircraft, unplaced = self._others(now_s, fault, cells)
        for air, mine in zip(self.airs, into, strict=True):
            for observation in air.rows(now_s, fault, crowd=aircraft + unplaced > 0):
                mine.append(observation)
                aircraft += 1
                unplaced += _count(observation, cells, self.case.world)
        outcome = Outcome.HEARD if aircraft else Outcome.NOBODY
        return self._hearing(now_s, outcome, aircraft, unplaced, cells)

    def _others(self, now_s: float, fault: Fault, cells: dict[Cell, int]) -> tuple[int, int]:
        """The rows of all other aircraft: their number, and the number without a position."""
        if fault is Fault.OUTAGE_REGION:
            return 0, 0
        aircraft = unplaced = 0
        jammed = fault is Fault.JAMMED
        for who, sample in self.traffic.get(int(now_s // 60.0), ()):
            if not self.feed.ears.hears(who, sample.point, self.rng):
                continue
            aircraft += 1
            if who < 0 or sample.cell is None or (jammed and self.rng.random() < JAMMED_SHARE):
                unplaced += 1
            else:
                cells[sample.cell] = cells.get(sample.cell, 0) + 1
        return aircraft, unplaced

    def _hearing(
        self,
        now_s: float,
        outcome: Outcome,
        aircraft: int = 0,
        unplaced: int = 0,
        cells: dict[Cell, int] | None = None,
    ) -> PollCoverage:
        return PollCoverage(
            feed=self.feed.name,
            at=datetime.fromtimestamp(now_s, UTC),
            outcome=outcome,
            area=True,
            aircraft=aircraft,
            unplaced=unplaced,
            cells=cells or {},
        )


def _count(observation: Observation, cells: dict[Cell, int], world: World) -> int:
    """Count a row into its cell as `sift` does; 1 if it has no usable position."""
    lat, lon = observation.lat_deg, observation.lon_deg
    if lat is None or lon is None or not observation.fresh or observation.gps_lost:
        return 1
    height = counting_altitude_ft(
        observation.baro_altitude_ft, observation.geom_altitude_ft, observation.on_ground
    )
    if height is not None and region(world).holds(lat, lon):
        cell = (int(lat // CELL_DEG), int(lon // CELL_DEG), band_of(height))
        cells[cell] = cells.get(cell, 0) + 1
    return 0
