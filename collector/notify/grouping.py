"""Which notices about alerts leave as one mail? Those of one recipient, watch and moment.

Alertmanager groups alerts in the same way (https://prometheus.io/docs/alerting/latest/alertmanager/,
"group_wait"). A burst of landings meets several rules at once, and a review may change several
weeks: each is one mail. The mail continues the thread of earlier mails about the same windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from collector.model.notice import Grouping, Owed
from collector.reports.mails import alert_mail
from collector.store import Store, mail_groups
from collector.store.encoding import stamp
from collector.store.outbox_items import OutboxItem

log = structlog.get_logger(__name__)

GROUP_WAIT = timedelta(seconds=90)
"""The usual wait. Positions of one landing arrive within a minute by several feeds, and a person
who withdraws a review at once needs no second mail."""


def bind_due(store: Store, now: datetime, wait: timedelta, *, at_once: bool = False) -> None:
    """Bind the notices that waited for others long enough, each group to one mail.

    A group holds the notices that follow the first one within `wait`. With `at_once` none is
    waited for. Raises StoreError.
    """
    unbound = mail_groups.unbound(store)
    while unbound:
        first = unbound[0]
        group = [item for item in unbound if _belongs(item, first, wait)]
        unbound = [item for item in unbound if item not in group]
        # A notice from the future was stored by a clock that ran ahead: it waits for nothing.
        if at_once or not timedelta() <= now - first.owed.created_at < wait:
            _bind(store, group, now)


def _belongs(item: OutboxItem, first: OutboxItem, wait: timedelta) -> bool:
    """Return whether a notice leaves with the first one of its group."""
    return (
        item.owed.recipient.name == first.owed.recipient.name
        and _grouping(item).watch == _grouping(first).watch
        and item.owed.created_at - first.owed.created_at <= wait
    )


def _bind(store: Store, group: Sequence[OutboxItem], now: datetime) -> None:
    """Bind these notices to one mail; to one each, if their parts are those of another version."""
    try:
        message = alert_mail.render(
            [alert_mail.decode_part(_grouping(item).part) for item in group]
        )
    except ValueError:
        if len(group) > 1:
            for item in group:
                _bind(store, [item], now)
            return
        message = group[0].owed.message
    first, watch = group[0].owed, _grouping(group[0]).watch
    name, threads = first.recipient.name, {_grouping(item).thread for item in group}
    with store.transaction():
        mail = Owed(
            key=f"alerts:{watch}:{stamp(first.created_at)}:{name}",
            recipient=group[-1].owed.recipient,
            message=message,
            created_at=min(first.created_at, now),
            follows=tuple(mail_groups.mails_of_threads(store, name, watch, threads)),
        )
        key = mail_groups.bind(store, mail, group)
    log.info("notices bound to one mail", key=key, notices=len(group))


def _grouping(item: OutboxItem) -> Grouping:
    if item.owed.grouping is None:
        raise ValueError(f"notice {item.key} is a mail of its own")
    return item.owed.grouping
