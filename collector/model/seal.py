"""What was sealed, and under which root? One hash that can be published stands for all of it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Root:
    """One root: everything that was sealed by then follows from it."""

    number: int
    made_at: datetime
    sha256: str
    """Hexadecimal."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The replies of one landing as they were when a root was made."""

    landing_id: str
    salt: bytes
    records: tuple[bytes, ...]
    """The salted hash of each record, in order of time."""

    @property
    def content(self) -> bytes:
        """What its leaf is the hash of."""
        return self.landing_id.encode() + b"\x00" + b"".join(self.records)


def salt_of_record(salt: bytes, record_id: str) -> bytes:
    """Return the salt of one record. It tells nothing of those of others."""
    return hmac.digest(salt, record_id.encode(), sha256)


def record_hash(salt: bytes, content: bytes) -> bytes:
    """Return the hash of a record's bytes with its own salt.

    Some records, such as failed polls, could be guessed; with an unknown salt no guess can be
    tried.
    """
    return sha256(salt + content).digest()
