"""Which request of a feed is made next? They take turns, so that none starves. Pure.

A round asks each request once. After a 429 it goes on where it stopped: that request is made again
once the feed has had its rest. If it is limited again, it gets its last turn at the end of the
round, so that it holds up the others no longer. A round begins with the request whose turn is
longest past: one that got no answer comes first in the next round. Of a large fleet, some lists of
addresses wait for a later round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from collector.model.reply import Ask, Fleet

TRIES_IN_A_ROUND = 3
"""Two at its place in the order, one at the end of the round."""

LISTS_IN_A_ROUND = 10
"""Lists of addresses in one round; of most feeds each has 100. A landing is seen in the polls by
place, which come once in a round: where 10,000 aircraft are watched they would come every three to
ten minutes, by the pause that the host wants between two requests."""


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
        wanted = dict.fromkeys(requests)
        in_turn = sorted(wanted, key=lambda request: last.get(request, -1))
        later = frozenset([one for one in in_turn if isinstance(one, Fleet)][LISTS_IN_A_ROUND:])
        waiting = tuple(one for one in in_turn if one not in later)
        return Turns(waiting, had_turn=tuple(one for one in self.had_turn if one in wanted))

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
