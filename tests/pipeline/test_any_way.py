"""Are the landings the same however reports come: live, late, split, in any order, with kills?"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collector.coverage.region import Region
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Observation, Place, Watch, WatchMatch
from collector.model.coverage import Cell, PollCoverage
from collector.model.reply import Outcome
from collector.pipeline.changes import LandingChange
from collector.pipeline.ingest import Pipeline
from collector.store import Store, coverage_slots, landings, observations
from tests.support.flights import FIELDS, LLER, LLOV, START, hear, listening, overflight, visit

WATCH = Watch(name="w", places=(Place(("LLOV",)),), icao24=("600865",))
MATCHES = (WatchMatch("w", "icao24 600865", counted=True),)
HOUR = timedelta(hours=1)
END = START + 60 * HOUR
FEEDS = ("adsblol", "second")
LOW_AT_OVDA: Cell = (119, 139, 2)
"""Others heard at 4,000 to 6,000 ft about the field."""


class KilledError(Exception):
    """The process ended here."""


@dataclass
class Mortal:
    """Decides nothing, and dies in the middle of some of its transactions."""

    chance: random.Random
    dies: float = 0.0

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        assert changes
        if self.chance.random() < self.dies:
            raise KilledError

    def invalidate_coverage(self, at: datetime) -> None:
        pass


@dataclass(frozen=True)
class Days:
    """Two and a half days of one aircraft: two visits and an overflight, through a floor."""

    floor_ft: int
    first: str
    stay_minutes: int
    again: bool
    seed: int

    def polls(self) -> list[datetime]:
        return [START + timedelta(minutes=4) * number for number in range(15 * 60)]

    def reports(self) -> list[Observation]:
        noise = random.Random(self.seed)
        times = [at for at in self.polls() if noise.random() < 0.9]
        stay = timedelta(minutes=self.stay_minutes)
        field = LLOV if self.first == "LLOV" else LLER
        parts = [
            (visit(field, START + 5 * HOUR, stay), START, START + 11 * HOUR),
            (overflight(LLOV, START + 20 * HOUR), START + 16 * HOUR, START + 24 * HOUR),
            (visit(LLOV, START + 34 * HOUR, 3 * HOUR), START + 30 * HOUR, END),
        ]
        if not self.again:
            parts[2] = (parts[2][0], parts[2][1], START + 34 * HOUR)
        return [
            one
            for path, begin, end in parts
            for one in hear(path, [at for at in times if begin <= at < end], floor_ft=self.floor_ft)
        ]

    def coverage_slots(self) -> list[PollCoverage]:
        """Others in cruise nearly always, low at the field at some hours, jammed at some."""
        (slot,) = listening([START])
        noise = random.Random(self.seed + 1)
        low, jammed = ({hour for hour in range(60) if noise.random() < 0.2} for _ in range(2))
        found = []
        for at in self.polls():
            hour = int((at - START) / HOUR)
            cells = dict(slot.cells) | ({LOW_AT_OVDA: 1} if hour in low else {})
            found.append(
                PollCoverage(
                    feed="adsblol",
                    at=at,
                    outcome=Outcome.HEARD if noise.random() < 0.9 else Outcome.UNREACHABLE,
                    area=True,
                    aircraft=3,
                    unplaced=3 if hour in jammed else 0,
                    cells={} if hour in jammed else cells,
                )
            )
        return found


days = st.builds(
    Days,
    floor_ft=st.sampled_from([0, 2500, 5000, 9000, 14_000, 20_000, 27_000]),
    first=st.sampled_from(["LLOV", "LLER"]),
    stay_minutes=st.integers(20, 200),
    again=st.booleans(),
    seed=st.integers(0, 1000),
)
serial = itertools.count()


def line(store: Store, judge: Mortal | None = None) -> Pipeline:
    return Pipeline(store, (WATCH,), FIELDS, Region(()), judge or Mortal(random.Random(0)))


def whole(reports: Sequence[Observation], store: Store) -> list[Detection]:
    """The landings that follow from all reports and all coverage at once."""
    slots = coverage_slots.slots_between(store, START - HOUR, END)
    return list(detect(reports, slots, FIELDS, LandingRules(), END).detections)


def gist(found: Sequence[Detection]) -> list[tuple[object, ...]]:
    """A landing without its feeds."""
    return [
        (
            one.airfield,
            one.candidates,
            one.touchdown_at,
            one.uncertainty_s,
            one.departed_at,
            one.grade,
            one.probability,
        )
        for one in sorted(found, key=lambda one: one.visit_from)
    ]


def stored(store: Store) -> list[Detection]:
    return [one.detection for one in landings.find(store)]


any_days = settings(
    max_examples=4,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@any_days
@given(days=days, seed=st.integers(0, 2**32))
def test_in_parts_days_late_with_kills_between_and_within(
    tmp_path: Path, days: Days, seed: int
) -> None:
    chance = random.Random(seed)
    path = tmp_path / f"{next(serial)}.sqlite"
    reports = days.reports()
    with Store.open(path) as store:
        coverage_slots.merge_polls(store, days.coverage_slots())
    mixed = [
        replace(one, feed=feed)
        for one in reports
        for feed in chance.choice((FEEDS[:1], FEEDS, FEEDS[:1] * 2))
    ]
    chance.shuffle(mixed)
    while mixed:
        size = chance.randint(1, max(1, len(reports) // 2))
        part = [(one, MATCHES) for one in mixed[:size]]
        with Store.open(path) as store:  # a process of its own for each part
            try:
                line(store, Mortal(chance, dies=0.3)).store_reports(part, (), END)
            except KilledError:
                continue  # nothing of it is stored; it comes again
        mixed = mixed[size:]
    with Store.open(path) as store:
        line(store).derivation.settle(END + HOUR)
        everything = observations.reports_between(store, "600865", START - HOUR, END)
        assert gist(stored(store)) == gist(whole(everything, store))


@any_days
@given(days=days)
def test_live_gives_the_same_landings_as_all_reports_at_once(tmp_path: Path, days: Days) -> None:
    """Each poll by itself, each silence judged when due: no later derivation changes it."""
    reports: dict[datetime, list[Observation]] = {}
    for one in days.reports():
        reports.setdefault(one.heard_at, []).append(one)
    with Store.open(tmp_path / f"{next(serial)}.sqlite") as store:
        live = line(store)
        waiting: list[PollCoverage] = []  # of polls that heard nothing of it
        for poll in days.coverage_slots():
            waiting.append(poll)
            due = live.derivation.next_wakeup()
            seen = [(one, MATCHES) for one in reports.get(poll.at, ())]
            if seen or (due is not None and due <= poll.at):
                live.store_reports(seen, waiting, poll.at)
                live.derivation.settle(poll.at)
                waiting = []
        live.store_reports((), waiting, END)
        live.derivation.settle(END)
        everything = observations.reports_between(store, "600865", START - HOUR, END)
        assert gist(stored(store)) == gist(whole(everything, store))
