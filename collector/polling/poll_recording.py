"""How is a poll recorded, and who learns that it is not? A condition opens while it fails."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from collector.clock import Clock
from collector.errors import RecordingError, StoreError
from collector.model.coverage import PollCoverage
from collector.model.reply import Reply
from collector.notify.health import Health
from collector.recording import Recorder
from collector.reports.mails.condition import ConditionKind

log = structlog.get_logger(__name__)

SUBJECT = "recordings"
"""Subject of the condition: all feeds share one recording."""


@dataclass
class PollRecording:
    """Records the polls of one feed."""

    feed: str
    recorder: Recorder | None
    """None: nothing is recorded."""
    health: Health
    clock: Clock
    _fails: bool | None = None
    """None until the first attempt: an earlier run may have left the condition open."""

    def record_reply(self, reply: Reply, *, stale: bool = False) -> bool:
        """Record a whole reply; return whether it is recorded."""
        recorder = self.recorder
        return recorder is not None and self._record(lambda: recorder.keep(reply, stale=stale))

    def record_coverage(self, coverage: PollCoverage, url: str) -> None:
        """Record a poll that got no reply."""
        recorder = self.recorder
        if recorder is not None:
            self._record(lambda: recorder.heartbeat(coverage, url))

    def _record(self, write: Callable[[], None]) -> bool:
        """Write to the recording; open the condition if that fails, close it if it works again."""
        failure = None
        try:
            write()
        except RecordingError as error:
            failure = str(error)
        failed_before, self._fails = self._fails, failure is not None
        if failure is not None and not failed_before:
            log.error("recording failed", feed=self.feed, error=failure)
        elif failure is None and failed_before:
            log.info("recording works again", feed=self.feed)
        # A database that fails as well has an alarm of its own, and the condition comes later.
        with suppress(StoreError):
            if failure is not None:
                self.health.open(ConditionKind.RECORDING, SUBJECT, self.clock.now(), failure)
            elif failed_before is not False:
                self.health.close(ConditionKind.RECORDING, SUBJECT, self.clock.now())
        return failure is None
