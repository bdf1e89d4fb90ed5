"""How much is lost by sparse polls, and how much is regained by full tracks? `python -m
bench.accuracy.sparse` compares.

The same simulated days are judged three times: polled every minute, every five minutes, and every
five minutes with the full track fetched where `collector.polling.track_rules` requests it. A track
has a point every five seconds in which its feed received the aircraft. It does not know crowds, and
has a hole where the feed had one.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.landings.rules import LandingRules
from collector.model import Observation
from collector.model.coverage import slots_of
from collector.polling.track_rules import silences_worth_a_track

from .cases import Case, Feed, case
from .faults import Fault
from .places import candidates
from .polls import ReceivedCase, _Poller
from .records import Record, _record
from .rows import Air
from .scoring import score
from .traffic import by_minute, others

WATCHED = ("LLOV", "LLER")
"""The watched fields of the shipped watch."""
DENSE_S, SPARSE_S = 60.0, 300.0
POINT_EVERY_S = 5.0
AROUND_S = 1800.0
"""The part of the track before and after each end of a silence; the rest adds nothing."""
DOWN = frozenset(
    {Fault.OUTAGE_ONE, Fault.OUTAGE_ALL, Fault.OUTAGE_STAY, Fault.OUTAGE_REGION}
    | {Fault.EMPTY, Fault.CACHED}
)
"""Faults in which the feed itself received nothing, so that its track has a hole."""


@dataclass(frozen=True, slots=True)
class PollingWay:
    """One way of polling."""

    name: str
    every_s: float
    tracks: bool = False


WAYS = (
    PollingWay("polls each minute", DENSE_S),
    PollingWay("polls each 5 minutes", SPARSE_S),
    PollingWay("polls each 5 minutes, with tracks", SPARSE_S, tracks=True),
)


def poll_case(one: Case, way: PollingWay) -> ReceivedCase:
    """Return the reports of a case that was polled in this way."""
    rng = random.Random(f"listening {one.seed} {one.index}")
    traffic = by_minute(others(rng, one.begin_s, one.end_s), one.begin_s, one.end_s)
    found: list[list[Observation]] = [[] for _ in one.flights]
    polls = []
    for number, feed in enumerate(one.feeds):
        poller = _Poller(one, feed, number, rng, traffic)
        now_s = one.begin_s + feed.phase_s * way.every_s / DENSE_S
        while now_s < one.end_s:
            polls.append(poller.poll(now_s, found))
            now_s += way.every_s
    now = datetime.fromtimestamp(one.end_s, UTC)
    if way.tracks:
        for index, mine in enumerate(found):
            mine.extend([row for each in _tracks(one, index, mine, now) for row in each])
    return ReceivedCase(tuple(map(tuple, found)), tuple(slots_of(polls)), now)


def _tracks(
    one: Case, index: int, polled: Sequence[Observation], now: datetime
) -> Iterator[list[Observation]]:
    """One aircraft's full track by each feed, near the silences that request it."""
    watched = [field for field in candidates() if field.icao in WATCHED]
    in_order = sorted(polled, key=lambda each: each.at)
    wanted = silences_worth_a_track(in_order, watched, now, goes_on=False)
    ends = [end for each in wanted for end in (each.begins_at, each.ends_at or now)]
    if not ends:
        return
    times = {
        POINT_EVERY_S * step
        for end in ends
        for step in range(
            int((end.timestamp() - AROUND_S) // POINT_EVERY_S),
            int((end.timestamp() + AROUND_S) // POINT_EVERY_S),
        )
    }
    inside = sorted(at_s for at_s in times if one.begin_s <= at_s < one.end_s)
    for number, feed in enumerate(one.feeds):
        yield _track(one, index, feed, number, inside)


def _track(
    one: Case, index: int, feed: Feed, number: int, times_s: Sequence[float]
) -> list[Observation]:
    rng = random.Random(f"track {one.seed} {one.index} {index} {number}")
    air = Air(one, index, feed, number, rng)
    kept = []
    for at_s in times_s:
        fault = one.fault if one.fault_event.on(at_s, number) else Fault.NONE
        if fault not in DOWN:
            rows = air.rows(at_s, fault, crowd=False)
            kept += [row for row in rows if row.position_at and row.at.timestamp() > at_s - 1.0]
    return kept


def way_line(way: PollingWay, found: Sequence[Record]) -> str:
    """Return one line on one way."""
    tally = score(found, None).all
    claims = [(claim, record) for record in found for claim in record.claims if claim.counted]
    right = [
        (claim, record.truths[claim.truth]) for claim, record in claims if claim.truth is not None
    ]
    off_s = statistics.median(abs(claim.at_s - truth.at_s) for claim, truth in right)
    half_s = statistics.median(claim.uncertainty_s for claim, _ in right)
    sure = [claim for claim, _ in claims if claim.grade == "confirmed"]
    wrong = sum(claim.truth is None for claim in sure)
    return (
        f"{way.name:<34} precision {tally.precision:.4f}  recall {tally.recall:.4f}  "
        f"confirmed {len(sure)}, wrong {wrong}  touchdown {off_s:.0f} s off, ±{half_s:.0f} s"
    )


def main() -> None:
    """Run all three ways and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flights", type=int, default=500, help="simulated days (default 500)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"{arguments.flights} simulated days, seed {arguments.seed}")
    for way in WAYS:
        print(way_line(way, records(arguments.seed, arguments.flights, way)), flush=True)


def records(seed: int, count: int, way: PollingWay) -> list[Record]:
    """Return the records of the first `count` cases of a seed, polled in this way."""
    rules, found = LandingRules(), []
    for index in range(count):
        one = case(seed, index)
        received = poll_case(one, way)
        found += [
            _record(one, received, number, rules, for_oracles=False)
            for number in range(len(one.flights))
        ]
    return found


if __name__ == "__main__":
    main()
