"""A writer to be killed: `python victim.py DATABASE loop|inside`. Run by `test_kill`."""

from __future__ import annotations

import sys
from itertools import count

from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.store import Store, coverage_slots, feeds, meta, observations, outbox
from tests.store.samples import MINUTE, NOON, SILKWAY, observation, owed


def write(store: Store, number: int) -> None:
    """One poll and what it causes, as the pipeline does it."""
    at = NOON + number * MINUTE
    with store.transaction():
        observations.store_reports(store, [(observation(at), (SILKWAY,))])
        outbox.owe(store, owed(f"notice:{number}", at))
        heard = PollCoverage(feed="adsblol", at=at, outcome=Outcome.HEARD, area=True)
        coverage_slots.merge_polls(store, [heard])
        feeds.store_poll(store, "adsblol", at, Outcome.HEARD)
        meta.set_value(store, "written", str(number))


def main(path: str, mode: str) -> None:
    store = Store.open(path)
    start = int(meta.get_value(store, "written") or 0) + 1
    if mode == "inside":
        store.execute("PRAGMA cache_size = 5")  # so that the pages leave memory early
        with store.transaction():
            for number in range(start, start + 500):
                write(store, number)
            print("inside", flush=True)  # noqa: T201 - the parent waits for it
            sys.stdin.read()
    for number in count(start):
        write(store, number)
        print(number, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
