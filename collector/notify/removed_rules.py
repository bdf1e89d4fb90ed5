"""What becomes of an alert whose rule is no longer in the configuration? It ends, without a mail:
it would fire for ever, since nothing decides on it any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from collector.alerts.lifecycle import Ending, Status, end_state
from collector.model import Watch
from collector.store import Store, alerts

log = structlog.get_logger(__name__)


def end_alerts_of_removed_rules(store: Store, watches: Sequence[Watch], now: datetime) -> None:
    """End each alert that fires by a rule, or for a watch, that `watches` do not have.

    If the rule comes back while its window lasts, the alert goes on. Raises StoreError.
    """
    rules = {(watch.name, rule.name) for watch in watches for rule in watch.rules}
    for state in alerts.load_states(store, status=Status.FIRING):
        if (state.watch, state.rule) not in rules:
            alerts.save_state(store, end_state(state, Ending.RULE_GONE, now))
            log.info(
                "alert ended, since the configuration has no such rule any more",
                watch=state.watch,
                rule=state.rule,
                window=state.window,
            )
