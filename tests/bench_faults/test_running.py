"""Does the long form try enough of each kind of fault?"""

from __future__ import annotations

from collections import Counter

from faults.running import AT_LEAST, trials


def test_every_kind_of_fault_is_tried_often_enough() -> None:
    drawn = trials()
    tried = Counter(one.names[stage.number] for one in drawn for stage in one.stages)
    for sort, wanted in AT_LEAST.items():
        assert min(tried[act.name] for act in sort.acts()) >= wanted
    assert sum(tried.values()) >= 10_000
    assert sum(count for name, count in tried.items() if name.startswith("killed")) >= 1_000
    names = [one.name for one in drawn]
    assert len(set(names)) == len(names), "each counts for itself in the file"
