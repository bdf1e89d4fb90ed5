"""Which of these belongs to which of those, one to one? Most pairs first, then least cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

Costs = Mapping[int, Mapping[int, float]]
"""For each on the left, what each on the right that it may go with would cost; never negative."""


def pair(costs: Costs) -> dict[int, int]:
    """Left → right: a matching of the largest size, and of these one of the least total cost.

    By successive shortest augmenting paths (the Hungarian method on a sparse graph; Kuhn 1955,
    https://doi.org/10.1002/nav.3800020109). Ties are settled by the numbers alone, so whoever
    numbers by a fixed order gets the same pairs in whatever order things came.

    >>> pair({0: {0: 1.0}, 1: {0: 0.0, 1: 5.0}})
    {0: 0, 1: 1}
    """
    right_of: dict[int, int] = {}
    left_of: dict[int, int] = {}
    while (path := _cheapest(costs, right_of, left_of)) is not None:
        for left, right in path:
            right_of[left], left_of[right] = right, left
    return dict(sorted(right_of.items()))


def _cheapest(
    costs: Costs, right_of: Mapping[int, int], left_of: Mapping[int, int]
) -> list[tuple[int, int]] | None:
    """The new pairs on the cheapest way to have one pair more; None: there is no way."""
    distance: dict[int, float] = {left: 0.0 for left in sorted(costs) if left not in right_of}
    reached: dict[int, tuple[float, int]] = {}
    """Of each on the right: the cost up to it, and from which on the left."""
    queue, queued = deque(distance), set(distance)
    while queue:
        left = queue.popleft()
        queued.discard(left)
        for right, cost in sorted(costs[left].items()):
            far = distance[left] + cost
            if right_of.get(left) == right or far >= reached.get(right, (float("inf"), 0))[0]:
                continue
            reached[right] = (far, left)
            if right in left_of:
                owner = left_of[right]
                back = far - costs[owner][right]
                if back < distance.get(owner, float("inf")):
                    distance[owner] = back
                    if owner not in queued:
                        queue.append(owner)
                        queued.add(owner)
    ends = [(far, right) for right, (far, _) in reached.items() if right not in left_of]
    if not ends:
        return None
    return _path(min(ends)[1], reached, right_of)


def _path(
    right: int, reached: Mapping[int, tuple[float, int]], right_of: Mapping[int, int]
) -> list[tuple[int, int]]:
    path = []
    while True:
        left = reached[right][1]
        path.append((left, right))
        if left not in right_of:
            return path
        right = right_of[left]
