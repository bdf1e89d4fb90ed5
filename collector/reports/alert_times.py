"""When was an alert reached, when did it end, and why? Pages, feeds and listings say the same."""

from __future__ import annotations

from collector.alerts.lifecycle import AlertState, Ending, Status
from collector.reports.formatting import moment

ENDINGS = {
    Ending.RULE_GONE: "since the configuration has no such rule any more",
    Ending.JOINED: "since its days are part of an alert that began earlier",
}
"""Why an alert ended before its time."""

_UNKNOWN = "it was not written down when the threshold was reached"


def times_words(state: AlertState, zone: str) -> str:
    """Return when the threshold was reached and when the alert ended, as a clause.

    `reached on …, ended on …`; of a window that was over when its landings were found, `found on …,
    after its end on …`.
    """
    reached, ended = state.reached_at, state.ended_at
    if ended is not None and reached is not None and reached >= ended:
        return f"found on {moment(reached, zone)}, after its end on {moment(ended, zone)}"
    parts = [_UNKNOWN if reached is None else f"reached on {moment(reached, zone)}"]
    if ended is not None:
        parts.append(f"ended on {moment(ended, zone)}")
    if state.ended_because is not None:
        parts.append(ENDINGS[state.ended_because])
    if state.status is Status.OK:
        parts.append(f"below it again since {moment(state.since_at, zone)}")
    return ", ".join(parts)


def window_key(window: str) -> str:
    """Return what stands for the window in a command.

    >>> window_key("2026-W06"), window_key("14d:2025-10-07")
    ('2026-W06', '2025-10-07')
    """
    return window.rpartition("d:")[2]
