"""What is an operator told when the collector itself is in trouble, and when that is over?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector.model.notice import Message
from collector.reports import formatting, rendering
from collector.untrusted import visible


class ConditionKind(StrEnum):
    """What is wrong; the value stands in notice keys, the log and the database."""

    BLIND = "blind"
    """No feed has proven for hours that it hears anybody near a watched airfield."""
    FEED_REFUSED = "feed-refused"
    """A feed wants no more of us: 401, 402, 403, or terms that are not agreed to."""
    DATABASE = "database"
    CLOCK = "clock"
    """The machine's clock differs from the feeds'."""
    MAIL = "mail"
    """Mail cannot leave, or a recipient's server refuses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReport:
    """One condition that began, or (with `ended_at`) that is over."""

    kind: ConditionKind
    subject: str
    """The feed, the airfields, the file or the recipient it is about."""
    began_at: datetime
    ended_at: datetime | None = None
    detail: str = ""
    """What was seen, in one sentence; may quote a server, so it is shown as hostile text."""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class _Words:
    begins: str
    ends: str
    meaning: str
    todo: str


_WORDS = {
    ConditionKind.BLIND: _Words(
        begins="Blind at {subject}",
        ends="Seeing again at {subject}",
        meaning="Landings in this time may go unseen. The weekly digest will not call the week "
        "quiet: it will say how much could not be seen.",
        todo="Look at `collector status` for the feeds' last answers, at this machine's network, "
        "and at the feeds' own pages. Another feed, or a receiver near the field, closes gaps.",
    ),
    ConditionKind.FEED_REFUSED: _Words(
        begins="Feed {subject} refuses us",
        ends="Feed {subject} answers again",
        meaning="It is not asked again until its parking time is over. The other feeds go on; "
        "what only this feed hears is missed.",
        todo="Check the key, the agreed terms, the daily budget and the contact in the "
        "configuration, then run `collector check --probe`.",
    ),
    ConditionKind.DATABASE: _Words(
        begins="Database {subject} is failing",
        ends="Database {subject} works again",
        meaning="Nothing new is counted until it works. Replies are still recorded if the disk "
        "takes them, and can be replayed afterwards.",
        todo="Check disk space and file permissions, then run `collector db check`; restore the "
        "last backup if it reports damage, and `collector replay` the recordings since.",
    ),
    ConditionKind.CLOCK: _Words(
        begins="This machine's clock is off",
        ends="This machine's clock is right again",
        meaning="Times of landings, weeks and digests may be wrong by as much; fresh positions "
        "may be taken for stale ones.",
        todo="Check time synchronisation: `timedatectl` should say that the clock is synchronised.",
    ),
    ConditionKind.MAIL: _Words(
        begins="Mail to {subject} does not leave",
        ends="Mail to {subject} leaves again",
        meaning="No notice is lost: it stays in the outbox until it is taken.",
        todo="Run `collector outbox list` for the server's answer, correct the mail settings or "
        "the address, then `collector outbox retry`.",
    ),
}


def render(report: ConditionReport) -> Message:
    """`report` as a mail to an operator."""
    words = _WORDS[report.kind]
    over = report.ended_at is not None
    title = (words.ends if over else words.begins).format(subject=visible(report.subject, 80))
    data = {
        "title": title,
        "over": over,
        "when": _when(report),
        "detail": report.detail,
        "meaning": words.meaning,
        "todo": words.todo,
    }
    return Message(
        subject=f"{'Over' if over else 'Trouble'}: {title}",
        text=rendering.text("condition", **data),
        html=rendering.html("condition", **data),
    )


def _when(report: ConditionReport) -> str:
    began = formatting.moment(report.began_at, report.zone)
    if report.ended_at is None:
        return f"Since {began}."
    ended = formatting.moment(report.ended_at, report.zone)
    return (
        f"From {began} to {ended}: {formatting.duration(report.ended_at - report.began_at)} in all."
    )
