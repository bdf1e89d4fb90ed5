"""Has the pairing the most pairs, then the least cost, in every order of the input?"""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from collector.published.pairing import best_pairs

graphs = st.dictionaries(
    st.integers(0, 3),
    st.dictionaries(st.integers(0, 3), st.integers(0, 9).map(float), max_size=4),
    max_size=4,
)


def best(costs: dict[int, dict[int, float]]) -> tuple[int, float]:
    """Size and cost of the best pairing, by trying all."""
    found = (0, 0.0)
    for rights in permutations([*range(4), *[None] * len(costs)], len(costs)):
        pairs = [
            (left, right)
            for left, right in zip(costs, rights, strict=True)
            if right is not None and right in costs[left]
        ]
        total = sum(costs[left][right] for left, right in pairs)
        found = max(found, (len(pairs), -total))
    return found[0], -found[1]


@given(graphs)
def test_no_pairing_is_larger_or_as_large_and_cheaper(costs: dict[int, dict[int, float]]) -> None:
    pairs = best_pairs(costs)
    assert len(set(pairs.values())) == len(pairs)
    total = sum(costs[left][right] for left, right in pairs.items())
    assert (len(pairs), total) == best(costs)


@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_things_does_not_matter(
    costs: dict[int, dict[int, float]], random: object
) -> None:
    lefts = list(costs)
    random.shuffle(lefts)  # type: ignore[attr-defined]
    shuffled = {}
    for left in lefts:
        rights = list(costs[left])
        random.shuffle(rights)  # type: ignore[attr-defined]
        shuffled[left] = {right: costs[left][right] for right in rights}
    assert best_pairs(shuffled) == best_pairs(costs)


def test_many_are_paired_at_once() -> None:
    costs = {left: {(left + n) % 300: float(n) for n in range(3)} for left in range(300)}
    assert best_pairs(costs) == {left: left for left in range(300)}
