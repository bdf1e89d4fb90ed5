"""What becomes of a reply that the database does not take? It waits in memory and is recorded.

Once the database works again, the replies are stored in order, with the times at which they were
received, as if nothing had happened. A kill in between loses them from memory; those that were
recorded can be replayed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from collector.errors import StoreError
from collector.model.reply import Reply

log = structlog.get_logger(__name__)

MAX_WAITING_BYTES = 32 * 1024 * 1024
"""Some hours of replies of a usual region (100 kB each); the service may use 256 MB in all."""


@dataclass(frozen=True, slots=True)
class UnstoredReply:
    """A reply that waits to be stored."""

    reply: Reply
    cost: int
    """What the request took from the day's budget and is not stored yet."""
    recorded: bool


@dataclass
class UnstoredReplies:
    """The replies of one feed that wait to be stored, oldest first."""

    feed: str
    max_bytes: int = MAX_WAITING_BYTES
    _waiting: deque[UnstoredReply] = field(default_factory=deque)
    _bytes: int = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, waiting: UnstoredReply) -> None:
        """Let a reply wait; drop the oldest ones if they become too large together."""
        if not self._waiting:
            log.warning("replies wait in memory for the database", feed=self.feed)
        self._waiting.append(waiting)
        self._bytes += len(waiting.reply.body)
        while self._bytes > self.max_bytes and len(self._waiting) > 1:
            self._drop()

    def store_all(self, store: Callable[[UnstoredReply], None]) -> StoreError | None:
        """Store what waits, in order; return the error at which the rest stays, None if all is.

        Any other error than StoreError is a defect that the same reply would meet again: that reply
        is dropped, so that it does not keep the others from being stored, and the error is raised.
        """
        stored = len(self._waiting)
        while self._waiting:
            try:
                store(self._waiting[0])
            except StoreError as error:
                return error
            except Exception:
                self._drop()
                raise
            self._pop()
        if stored:
            log.info("replies that waited are stored", feed=self.feed, replies=stored)
        return None

    def _drop(self) -> None:
        dropped = self._pop()
        log.error(
            "reply dropped, replay the recordings",
            feed=self.feed,
            received_at=dropped.reply.received_at.isoformat(timespec="seconds"),
            recorded=dropped.recorded,
        )

    def _pop(self) -> UnstoredReply:
        oldest = self._waiting.popleft()
        self._bytes -= len(oldest.reply.body)
        return oldest
