"""How does a feed fail in a life? Its network answers falsely for a while."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from collector.store import feeds

from .body_faults import BODY_FAULTS
from .chains import Act, chains
from .exchange import FeedFault
from .http_faults import HTTP_FAULTS
from .life import Life
from .trials import Trial
from .worlds import FEEDS

FAULTS = (*HTTP_FAULTS, *BODY_FAULTS)


def act(fault: FeedFault) -> Act:
    """Return a feed's fault as one of a life.

    After a refusal, which parks a feed for a day, an operator makes peace with the feed and says so
    as `collector check --probe` does.
    """

    def end(life: Life) -> None:
        if life.network.fault is fault:
            life.network.begin(None)
        if fault.parks:
            feeds.end_back_off(life.daemon.jobs.services.store, life.kind)

    return Act(
        fault.name,
        begin=lambda life: life.network.begin(fault),
        end=end,
        met=lambda life: life.network.met,
        often=not fault.once,
    )


def acts() -> list[Act]:
    """Return every fault of a feed."""
    return [act(each) for each in FAULTS]


def chained(some: Sequence[Act], rng: random.Random) -> Iterator[Trial]:
    """Yield trials in which each of these faults has a cycle, shared among the feeds."""
    kinds = {each.name: each.kinds or frozenset(FEEDS) for each in FAULTS}
    shares: dict[str, list[Act]] = {kind: [] for kind in FEEDS}
    for one in some:
        able = (kind for kind in FEEDS if kind in kinds[one.name])
        shares[min(able, key=lambda kind: len(shares[kind]))].append(one)
    for kind, share in shares.items():
        yield from chains("feed", kind, share, rng)


def trials(rng: random.Random, rounds: int) -> Iterator[Trial]:
    """Yield the trials: at every feed each of its faults in so many cycles."""
    for kind in FEEDS:
        faults = [each for each in FAULTS if not each.kinds or kind in each.kinds]
        yield from chains("feed", kind, [act(each) for each in faults] * rounds, rng)
