"""Which request of a feed is made next? They take turns, so that none starves. Pure.

A round asks each request once. After a 429 it goes on where it stopped: that request is made again
once the feed has had its rest. If it is limited again, it gets its last turn at the end of the
round, so that it holds up the others no longer. A round begins with the request whose turn is
longest past: one that got no answer comes first in the next round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from collector.model.reply import Ask

TRIES_IN_A_ROUND = 3
"""Two at its place in the order, one at the end of the round."""


@dataclass(frozen=True, slots=True)
class Turns:
    """The requests that wait in the present round, and the order in which all had their turns."""

    waiting: tuple[Ask, ...] = ()
    """The requests of this round that are still to be made, in order."""
    limited: tuple[Ask, ...] = ()
    """The requests that were answered 429 in this round, each as often as it was."""
    had_turn: tuple[Ask, ...] = ()
    """Every request of the last rounds; the one whose turn is longest past comes first."""

    def new_round(self, requests: Sequence[Ask]) -> Turns:
        """Return the begin of a round with these requests."""
        last = {request: number for number, request in enumerate(self.had_turn)}
        waiting = sorted(dict.fromkeys(requests), key=lambda request: last.get(request, -1))
        return Turns(tuple(waiting), had_turn=tuple(one for one in self.had_turn if one in waiting))

    def still_wanted(self, requests: Sequence[Ask]) -> Turns:
        """Return the round without the requests that are no longer among these."""
        wanted = frozenset(requests)
        return replace(self, waiting=tuple(one for one in self.waiting if one in wanted))

    def after(self, request: Ask, *, limited: bool = False) -> Turns:
        """Return the round after a request was made; `limited`: it was answered 429."""
        waiting = tuple(one for one in self.waiting if one != request)
        if limited:
            times = Counter(self.limited)[request] + 1
            if times < TRIES_IN_A_ROUND:
                waiting = (request, *waiting) if times == 1 else (*waiting, request)
            return replace(self, waiting=waiting, limited=(*self.limited, request))
        had_turn = (*(one for one in self.had_turn if one != request), request)
        return replace(self, waiting=waiting, had_turn=had_turn)
