"""What did one round of the daemon do? Whom it asked, what became known, and what was mailed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from collector.model import Watch
from collector.queries.reception import OUTCOME_WORDS
from collector.store import Store, feeds, landings, outbox
from collector.untrusted import visible

_MOST = 200
"""Polls and mails of one round that are looked at."""
_FOUND = "found"


def round_words(store: Store, watches: Iterable[Watch], begun_at: datetime, now: datetime) -> str:
    """Return what was done from `begun_at` to `now`, in two sentences. Raises StoreError."""
    return f"{_asked(store, begun_at)} {_became(store, watches, begun_at, now)}"


def _asked(store: Store, begun_at: datetime) -> str:
    polls = [each for each in feeds.polls(store, limit=_MOST) if each.at >= begun_at]
    last = {each.feed: each for each in reversed(polls)}
    if not last:
        return "No feed was due, so none was asked."
    words = [
        f"{feed} {OUTCOME_WORDS[poll.outcome]}{f' ({poll.detail})' if poll.detail else ''}"
        for feed, poll in sorted(last.items())
    ]
    return visible(f"Asked: {'; '.join(words)}.")


def _became(store: Store, watches: Iterable[Watch], begun_at: datetime, now: datetime) -> str:
    after = now + timedelta(microseconds=1)
    changes = {
        (landing.id, revision.change == _FOUND)
        for each in watches
        for revision, landing in landings.revisions(store, begun_at, after, each.name)
    }
    found = {id_ for id_, new in changes if new}
    changed = {id_ for id_, _ in changes} - found
    sent = [
        each
        for each in outbox.listing(store, "sent", _MOST, bound=False)
        if each.sent_at is not None and each.sent_at >= begun_at
    ]
    waiting = outbox.unsent(store)["owed"]
    words = (
        f"{_number(len(found), 'landing')} became known, {len(changed) or 'none'} changed, "
        f"{_number(len(sent), 'mail')} {'were' if len(sent) > 1 else 'was'} sent"
    )
    waits = f"; {_number(waiting, 'mail')} {'wait' if waiting > 1 else 'waits'}" if waiting else ""
    return f"{words[:1].upper()}{words[1:]}{waits}."


def _number(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' if number > 1 else ''}"
