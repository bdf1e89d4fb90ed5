"""What stands for all replies that landings rest on? One root, made anew each night.

Its tree holds the root before and every landing that was not sealed yet. So the newest root, once
somebody else knows it, shows that nothing sealed before it was made up or changed afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.merkle import leaf_hash, path_of, root_from, root_of
from collector.model import Landing
from collector.model.seal import Root, Sealed, record_hash, salt_of_record
from collector.recording.extracting import Extract
from collector.store import Store, landings, sealed
from collector.store.kept_spans import span_of

FIRST = b"the first root"
"""The content of the first leaf of the first tree, which has no root before it."""
_COMPLETE_AFTER = timedelta(hours=1)
"""So long after its span a landing is sealed: late replies have come by then."""
_SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """How one landing's replies follow from a root; JSON holds it in a pack."""

    root: Root
    leaf: int
    leaves: int
    path: tuple[str, ...]
    landing: str
    records: tuple[str, ...]
    """The salted hash of each sealed record, hexadecimal, in order of time."""
    salts: dict[str, str]
    """The salt of each record that is in the pack as it was recorded, by its id."""


def seal(
    store: Store,
    landings_now: Iterable[Landing],
    records: Callable[[Landing], Iterable[Extract]],
    now: datetime,
) -> tuple[Root, list[Sealed]] | None:
    """Make a new root over landings, as `unsealed` gives them.

    `records` reads what a landing rests on. Return the root with what is new under it; None if
    nothing is. Raises StoreError, RecordingError.
    """
    leaves = [leaf for landing in landings_now if (leaf := _sealed(landing, records(landing)))]
    if not leaves:
        return None
    before = sealed.last_root(store)
    tree = _tree(before, leaves)
    number = 1 if before is None else before.number + 1
    root = Root(number, now, root_of(tree).hex())
    sealed.store_root(store, root, leaves)
    return root, leaves


def proof_of(store: Store, landing_id: str, records: Iterable[Extract]) -> Proof | None:
    """Return how a landing's replies follow from the newest root that holds it; None without one.

    `records` are those of the pack; the salts are given of those that were sealed as they are.
    Raises StoreError.
    """
    root = sealed.root_of_landing(store, landing_id)
    if root is None:
        return None
    leaves = sealed.leaves_of(store, root)
    number = next(n for n, leaf in enumerate(leaves, 1) if leaf.landing_id == landing_id)
    leaf, tree = leaves[number - 1], _tree(sealed.root_before(store, root), leaves)
    known, salts = frozenset(leaf.records), {}
    for record in records:
        salt = salt_of_record(leaf.salt, record.record_id)
        if record_hash(salt, record.content) in known:
            salts[record.record_id] = salt.hex()
    return Proof(
        root=root,
        leaf=number,
        leaves=len(tree),
        path=tuple(each.hex() for each in path_of(tree, number)),
        landing=landing_id,
        records=tuple(each.hex() for each in leaf.records),
        salts=salts,
    )


def problems_of(proof: Proof, landing_id: str, records: Iterable[Extract]) -> tuple[int, list[str]]:
    """Return how many records there are, and why the proof does not hold for them.

    The list is empty if it does. Raises ValueError if the proof is not as it is written.
    """
    hashes = tuple(bytes.fromhex(each) for each in proof.records)
    leaf = leaf_hash(Sealed(proof.landing, b"", hashes).content)
    path = [bytes.fromhex(each) for each in proof.path]
    root = root_from(leaf, proof.leaf, proof.leaves, path)
    if proof.landing != landing_id or root is None or root.hex() != proof.root.sha256:
        return 0, ["seal.json does not lead to the root that it names"]
    left = {record_id: bytes.fromhex(salt) for record_id, salt in proof.salts.items()}
    known, count = frozenset(hashes), 0
    for record in records:
        count += 1
        salt = left.get(record.record_id)
        if salt is not None and record_hash(salt, record.content) in known:
            del left[record.record_id]
    return count, [f"the record {each} is not the one that was sealed" for each in sorted(left)]


def unsealed(store: Store, now: datetime) -> list[Landing]:
    """Return the landings that are complete, and changed since they were sealed. Raises StoreError.

    Unlisted visitors are left out: nothing of them leaves.
    """
    known = sealed.sealed_at(store)
    return [
        landing
        for landing in landings.find(store, include_retracted=True)
        if span_of(landing.detection)[1] + _COMPLETE_AFTER <= now
        and (landing.id not in known or known[landing.id] < landing.revised_at)
    ]


def _sealed(landing: Landing, records: Iterable[Extract]) -> Sealed | None:
    """Return a landing's replies, hashed; None if none is recorded."""
    salt = secrets.token_bytes(_SALT_BYTES)
    hashes = tuple(
        record_hash(salt_of_record(salt, each.record_id), each.content) for each in records
    )
    return Sealed(landing.id, salt, hashes) if hashes else None


def _tree(before: Root | None, leaves: Sequence[Sealed]) -> list[bytes]:
    first = FIRST if before is None else bytes.fromhex(before.sha256)
    return [leaf_hash(first), *(leaf_hash(leaf.content) for leaf in leaves)]
