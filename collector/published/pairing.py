"""Which items of two lists belong together, one to one? The matching with the most pairs is taken,
and among several of that size the one with the least total cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

Costs = Mapping[int, Mapping[int, float]]
"""For each left item, the cost of each right item that it may be paired with; never negative."""


def best_pairs(costs: Costs) -> dict[int, int]:
    """Return left → right: a matching of the largest size, of the least total cost at that size.

    The method is that of successive shortest augmenting paths (the Hungarian method on a sparse
    graph; Kuhn 1955, https://doi.org/10.1002/nav.3800020109). Only the numbers decide ties: if the
    caller numbers the items in a fixed order, the pairs do not depend on the order of the input.

    >>> best_pairs({0: {0: 1.0}, 1: {0: 0.0, 1: 5.0}})
    {0: 0, 1: 1}
    """
    right_of: dict[int, int] = {}
    left_of: dict[int, int] = {}
    while (path := _cheapest_path(costs, right_of, left_of)) is not None:
        for left, right in path:
            right_of[left], left_of[right] = right, left
    return dict(sorted(right_of.items()))


def _cheapest_path(
    costs: Costs, right_of: Mapping[int, int], left_of: Mapping[int, int]
) -> list[tuple[int, int]] | None:
    """The pairs of the cheapest path that adds one pair; None if no path does."""
    distance: dict[int, float] = {left: 0.0 for left in sorted(costs) if left not in right_of}
    reached: dict[int, tuple[float, int]] = {}
    """For each right item: the cost to reach it, and the left item it is reached from."""
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
