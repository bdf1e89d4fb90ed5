"""Which pictures do mails have? Each is drawn once and kept, or kept as one that cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from collector.store.database import Store
from collector.store.encoding import stamp


def kept(store: Store, digests: Iterable[str]) -> dict[str, bytes | None]:
    """Return the pictures that are kept, by their digests; None is one that could not be drawn.

    Raises StoreError.
    """
    found = {}
    for digest in digests:
        for row in store.execute("SELECT png FROM mail_pictures WHERE digest = ?", (digest,)):
            found[digest] = row["png"]
    return found


def keep(store: Store, pictures: Mapping[str, bytes | None], at: datetime) -> None:
    """Keep what was drawn, and what could not be. What was kept before stays.

    Raises StoreError.
    """
    with store.transaction():
        for digest, png in pictures.items():
            store.execute(
                "INSERT INTO mail_pictures (digest, png, drawn_at) VALUES (?, ?, ?) "
                "ON CONFLICT (digest) DO NOTHING",
                (digest, png, stamp(at)),
            )
