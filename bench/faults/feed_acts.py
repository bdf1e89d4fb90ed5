"""How does a feed fail in a life? Its network answers falsely for a while."""

from __future__ import annotations

import random
from collections.abc import Iterator

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


def trials(rng: random.Random, rounds: int) -> Iterator[Trial]:
    """Yield the trials: at every feed each of its faults in so many cycles."""
    for kind in FEEDS:
        faults = [each for each in FAULTS if not each.kinds or kind in each.kinds]
        yield from chains("feed", kind, [act(each) for each in faults] * rounds, rng)
