"""Who learns that the service itself failed? The operators, by mail, without the database.

systemd starts the command `alarm` after each failure of the daemon, also while it restarts the
daemon again and again. A file that outlives these starts keeps the mails few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.model import Recipient
from collector.model.notice import Owed
from collector.notify.health import notices
from collector.reports.mails.condition import ConditionKind, ConditionReport

SAME_FAILURE_WITHIN = timedelta(hours=1)
"""A failure that follows the last one within this time belongs to it: systemd tries again every
minute, and its watchdog needs up to 20 minutes."""
REMINDED_EVERY = timedelta(days=1)
"""How often a mail says that the service still fails."""

GAVE_UP = "gave-up"
"""The result if systemd does not start the daemon again (`OnFailure=`)."""
BACKUP = "backup"
"""The result if the daily backup failed (`OnFailure=` of its unit); the daemon runs on."""
SEAL = "seal"
"""The result if the nightly seal failed, or had no stamp; the daemon runs on."""

_MEANINGS = {
    "exit-code-75": "It cannot use its database or its recordings at present, because the disk is "
    "full, read-only or failing, or another program locks the database; or one of its jobs was "
    "stuck. systemd starts it again every minute, so that it goes on by itself once that is over.",
    "exit-code-78": "Its configuration is wrong. systemd does not start it again: run `collector "
    "check`, correct the mistakes, then start it.",
    "watchdog": "Its database or its polls had not worked for at least ten minutes, so systemd "
    "ended it and starts it again.",
    "oom-kill": "It needed more memory than it may have. systemd starts it again.",
    GAVE_UP: "systemd gave up and does not start it again.",
    BACKUP: "No backup of the database was made. The collector itself runs on, and older backups "
    "stay. `journalctl -u collector-backup` says why; once that is cured, `systemctl start "
    "collector-backup` makes one.",
    SEAL: "No new root was made over the replies of landings, or an authority gave it no stamp. "
    "The collector itself runs on, and the next night makes up for it. `journalctl -u "
    "collector-seal` says why; once that is cured, `systemctl start collector-seal` tries at once.",
}
_ENDS = {
    "exit-code": "ended with exit code {}",
    "signal": "was killed by signal {}",
    "core-dump": "crashed, with signal {}",
    "watchdog": "answered no more",
    "timeout": "took too long to start or to stop",
    "oom-kill": "was killed for want of memory",
}
"""How a run ended, by systemd's results (systemd.exec(5), `$SERVICE_RESULT`, `$EXIT_STATUS`)."""
_OTHER = "systemd starts it again every minute."


@dataclass(frozen=True, slots=True)
class FailureMemory:
    """What is remembered from one start of `alarm` to the next."""

    began_at: datetime
    """When the first of the failures in a row was reported."""
    last_at: datetime
    """When the last failure was reported."""
    mailed_at: datetime | None = None
    """When the operators last got a mail about them, None if never."""
    mailed: tuple[str, ...] = ()
    """The results that the mails told."""

    def is_due(self, result: str, now: datetime) -> bool:
        """Return whether the operators must get a mail; times in the future prove nothing.

        They get one at the first failure, once a day, and if the result is another one. That
        systemd gave up follows from the result before.
        """
        mailed_at = self.mailed_at
        if mailed_at is None or not timedelta() <= now - mailed_at < REMINDED_EVERY:
            return True
        return result not in (*self.mailed, GAVE_UP)

    def with_mail(self, result: str, now: datetime) -> FailureMemory:
        """Return the same after a mail about `result`."""
        return replace(self, mailed_at=now, mailed=(*self.mailed, result))


def with_failure(memory: FailureMemory | None, now: datetime) -> FailureMemory:
    """Return what is to be remembered after one more failure."""
    if memory is None or not timedelta() <= now - memory.last_at < SAME_FAILURE_WITHIN:
        return FailureMemory(now, now)
    return replace(memory, last_at=now)


def failure_notices(
    unit: str,
    result: str,
    memory: FailureMemory,
    operators: Sequence[Recipient],
    *,
    now: datetime,
    zone: str,
    cause: str = "",
) -> list[Owed]:
    """Return a mail to each operator that the service fails.

    `result` is how systemd names the end of the daemon: `watchdog`, or `exit-code-75`. `cause` is
    why, if more is known than that.
    """
    report = ConditionReport(
        kind=ConditionKind.SERVICE,
        subject=f"{unit} ({'given up' if result == GAVE_UP else result})",
        began_at=memory.began_at,
        detail=_detail(result) + (f" The cause: {cause}." if cause else ""),
        zone=zone,
    )
    return list(notices(report, operators, now))


def _detail(result: str) -> str:
    """Return how the last run ended, and what follows from it."""
    kind, _, status = result.rpartition("-")
    meaning = _MEANINGS.get(result) or _MEANINGS.get(kind, _OTHER)
    if result in (GAVE_UP, BACKUP, SEAL):
        return meaning
    for name in (kind, result):
        if name in _ENDS:
            return f"The last run {_ENDS[name].format(status)}. {meaning}"
    return f"The last run ended with the result {result}. {meaning}"
