"""Does an audit path lead to the root from its own leaf and from no other?"""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from collector.merkle import leaf_hash, path_of, root_from, root_of

LEAVES = st.lists(st.binary(max_size=4).map(leaf_hash), min_size=1, max_size=20)


@given(LEAVES, st.data())
def test_each_leaf_leads_to_the_root_and_no_other_does(
    leaves: list[bytes], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(leaves) - 1))
    path, root = path_of(leaves, number), root_of(leaves)
    assert root_from(leaves[number], number, len(leaves), path) == root
    assert root_from(leaf_hash(b"other leaf"), number, len(leaves), path) != root
    assert root_from(leaves[number], number, len(leaves), [*path, bytes(32)]) != root
    assert root_from(leaves[number], len(leaves), len(leaves), path) is None
    if path:
        assert root_from(leaves[number], number, len(leaves), path[1:]) != root
        changed = [bytes(32), *path[1:]]
        assert root_from(leaves[number], number, len(leaves), changed) != root


def test_the_hashes_are_those_of_rfc_6962() -> None:
    one, two, three = (leaf_hash(each) for each in (b"", b"\x00", b"\x10"))
    assert one.hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of([one, two]).hex() == (
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    )
    assert root_of([one, two, three]).hex() == (
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    )
    assert root_of([one, two]) == sha256(b"\x01" + one + two).digest()
