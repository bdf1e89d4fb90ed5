"""How does one hash stand for many, so that each can be shown without the others? As a Merkle tree.

Hashes and audit paths are those of RFC 6962, section 2.1: leaves and nodes begin with different
bytes, so that no node can be passed off as a leaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + content).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree of leaf hashes, at least one.

    >>> root_of([leaf_hash(b"a")]) == leaf_hash(b"a")
    True
    """
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return _node(root_of(leaves[:middle]), root_of(leaves[middle:]))


def path_of(leaves: Sequence[bytes], number: int) -> list[bytes]:
    """Return the audit path of a leaf: the other side of each node from the leaf to the root."""
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if number < middle:
        return [*path_of(leaves[:middle], number), root_of(leaves[middle:])]
    return [*path_of(leaves[middle:], number - middle), root_of(leaves[:middle])]


def root_from(leaf: bytes, number: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a leaf and its audit path give, in a tree of `count` leaves.

    None if the path cannot be one of that leaf.

    >>> leaves = [leaf_hash(bytes([n])) for n in range(5)]
    >>> root_from(leaves[4], 4, 5, path_of(leaves, 4)) == root_of(leaves)
    True
    >>> root_from(leaves[4], 4, 5, path_of(leaves, 3)) is None
    True
    """
    if not 0 <= number < count:
        return None
    if count == 1:
        return None if path else leaf
    if not path:
        return None
    middle, (*rest, side) = _split(count), path
    if number < middle:
        left = root_from(leaf, number, middle, rest)
        return None if left is None else _node(left, side)
    right = root_from(leaf, number - middle, count - middle, rest)
    return None if right is None else _node(side, right)


def _split(count: int) -> int:
    """Return the largest power of two below `count`, which is at least two."""
    return 1 << (count - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
