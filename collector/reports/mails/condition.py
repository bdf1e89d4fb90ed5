"""What does a mail about a condition say? Operators get one at its beginning and one at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector.model.notice import Message
from collector.reports import formatting, rendering
from collector.untrusted import visible


class ConditionKind(StrEnum):
    """The kinds of conditions; a value stands in notice keys, the log and the database."""

    BLIND = "blind"
    """For an hour no feed has answered about a watched airfield, or for longer than is usual there
    no aircraft was received."""
    FEED_REFUSED = "feed-refused"
    """A feed refuses our requests: status 401, 402 or 403, or terms that are not agreed to."""
    FEED_DEAF = "feed-deaf"
    """A feed answers and reports nobody, while another one receives aircraft there."""
    DATABASE = "database"
    LONG_LOG = "long-log"
    """A program reads on and on, so that the database's write-ahead log is not emptied."""
    RECORDING = "recording"
    """Replies cannot be recorded, or a recording was deleted while it was written."""
    CLOCK = "clock"
    """The machine's clock differs from the feeds'."""
    DERIVATION = "derivation"
    """A defect of ours keeps the landings of one aircraft from being derived."""
    SERVICE = "service"
    """The daemon ended by itself; never stored, since the database may be what failed."""
    NEW_DATABASE = "new-database"
    """The daemon runs for the first time on its database; never stored, as it has no end."""
    PAUSE = "pause"
    """The last reply before the start is long ago; never stored either."""
    MAIL = "mail"
    """Mail cannot be sent, or a recipient's server refuses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReport:
    """A condition that began or, if `ended_at` is given, is over."""

    kind: ConditionKind
    subject: str
    """The feed, airfield, file or recipient that the condition is about."""
    began_at: datetime
    called: str = ""
    """What the subject is called in text, such as the names of airfields; empty: as it is."""
    ended_at: datetime | None = None
    detail: str = ""
    """What was observed, in one sentence; it may quote a server, so it is shown as hostile text."""
    zone: str = "UTC"
    other_feeds: Sequence[str] = ()
    """The enabled feeds that do not refuse us, besides the one that the condition is about."""
    recorded: bool = False
    """Whether recordings are configured."""


@dataclass(frozen=True, slots=True)
class _Words:
    begins: str
    ends: str
    meaning: str
    todo: str


_WORDS = {
    ConditionKind.BLIND: _Words(
        begins="No reception at {subject}",
        ends="Reception at {subject} is back",
        meaning="Landings may go unseen while this lasts. The weekly digest will not call the "
        "week quiet; it will say for how much of the time we could not see.",
        todo="Check the feeds' last replies with `collector status`, then this machine's network "
        "and the feeds' own pages. Another feed, or a receiver near the airfield, closes such "
        "gaps.",
    ),
    ConditionKind.FEED_REFUSED: _Words(
        begins="Feed {subject} refuses our requests",
        ends="Feed {subject} answers again",
        meaning="The collector backs off and polls this feed again later. {others}",
        todo="Check the key, the agreed terms, the request budget and the contact in "
        "the configuration, then run `collector check --probe`.",
    ),
    ConditionKind.FEED_DEAF: _Words(
        begins="Feed {subject} reports nobody",
        ends="Feed {subject} reports aircraft again",
        meaning="It answers as if the sky were empty. {others}",
        todo="Look at the feed's own page, or at your receiver, its antenna and its program. If "
        "that cannot be cured, take the feed out of the configuration: the dead man's page is not "
        "fetched as long as this lasts.",
    ),
    ConditionKind.DATABASE: _Words(
        begins="Database {subject} is failing",
        ends="Database {subject} works again",
        meaning="Nothing new is counted until the database works. As long as it can be read, feeds "
        "are polled on. {replies}",
        todo="Check disk space and file permissions, then run `collector db check`. If it reports "
        "damage, restore the last backup{replay}.",
    ),
    ConditionKind.LONG_LOG: _Words(
        begins="The log of database {subject} only grows",
        ends="The log of database {subject} is emptied again",
        meaning="Everything is stored and counted as before. But another program has read the "
        "database for an hour or longer without an end, perhaps a forgotten `sqlite3` shell. "
        "While it does so, all that is stored stays in the log as well, until the disk is full.",
        todo="`sudo fuser -v` with the path of the database names the programs that have it open. "
        "End the one that is not the collector, or what it reads; the log is then emptied within "
        "minutes. To look at the database for long, look at a backup.",
    ),
    ConditionKind.RECORDING: _Words(
        begins="Replies cannot be recorded",
        ends="Replies are recorded again",
        meaning="Landings are counted as before, but the replies of this time cannot be replayed "
        "and prove nothing afterwards.",
        todo="Check disk space, the folder of recordings and its permissions, and what else "
        "deletes files there.",
    ),
    ConditionKind.CLOCK: _Words(
        begins="This machine's clock is off",
        ends="This machine's clock is right again",
        meaning="The times of landings, weeks and digests may be wrong by as much, and fresh "
        "positions may be taken for stale ones.",
        todo="Check time synchronisation: `timedatectl` should report a synchronised clock.",
    ),
    ConditionKind.DERIVATION: _Words(
        begins="Landings of {subject} cannot be derived",
        ends="Landings of {subject} are derived again",
        meaning="This is a defect of the collector. The reports of this aircraft are stored and "
        "derived again every quarter of an hour; until that succeeds, its landings may be missing "
        "from every count. No other aircraft is affected.",
        todo="The log shows the error with its traceback: `journalctl -u collector | grep "
        "'derivation failed'`. Report it, and upgrade once it is mended.",
    ),
    ConditionKind.SERVICE: _Words(
        begins="Service failed: {subject}",
        ends="Service runs again: {subject}",
        meaning="Nothing is received while it does not run, so landings may go unseen. The weekly "
        "digest will not call such a week quiet. There is no mail when it runs again.",
        todo="`journalctl -u collector -n 50` shows why it ended, and `systemctl status "
        "collector` whether it runs now. Exit codes are explained in docs/operating.md.",
    ),
    ConditionKind.NEW_DATABASE: _Words(
        begins="The collector runs on a new database",
        ends="The collector runs on a known database again",
        meaning="If this is the first start, all is well, and this mail shows that mails reach "
        "you. If the collector ran before, its landings, reviews and waiting mails are in another "
        "file, and it does not know them now.",
        todo="If it ran before, stop it. Look whether the disk of its data is mounted, and whether "
        "`data` in the configuration names the right folder. Then start it again{replay}.",
    ),
    ConditionKind.PAUSE: _Words(
        begins="The collector runs again after a long pause",
        ends="The collector runs again",
        meaning="If it did not run meanwhile, landings of that time went unseen, and the digest "
        "says for how much of the week we could not see. If it did run, what it counted is in "
        "another file, and it does not know it now: this database is an old one.",
        todo="If it did run, stop it. Look whether the disk of its data is mounted, whether `data` "
        "in the configuration names the right folder, and whether this machine was set back to an "
        "old state. Then start it again{replay}. If it did not run, `collector backfill "
        "globe-history` reads what others have published of that time.",
    ),
    ConditionKind.MAIL: _Words(
        begins="Mail to {subject} cannot be sent",
        ends="Mail to {subject} can be sent again",
        meaning="No notice is lost: each stays in the outbox until a mail server accepts it.",
        todo="Read the server's reply with `collector outbox list`, correct the mail settings or "
        "the address, then run `collector outbox retry --all`.",
    ),
}


def title_of(kind: str, subject: str) -> str:
    """Return a condition that is open in a few words: `Feed adsblol refuses our requests`."""
    if kind not in {known.value for known in ConditionKind}:
        return f"Condition {kind}: {visible(subject, 80)}"
    return _WORDS[ConditionKind(kind)].begins.format(subject=visible(subject, 80))


def render(report: ConditionReport) -> Message:
    """Return `report` as a mail to an operator."""
    words = _WORDS[report.kind]
    over = report.ended_at is not None
    title = (words.ends if over else words.begins).format(
        subject=visible(report.called or report.subject, 80)
    )
    facts = {
        "others": _others(report.other_feeds),
        "replies": _RECORDED if report.recorded else _NOT_RECORDED,
        "replay": " and replay the recordings made since with `collector replay`"
        if report.recorded
        else "",
    }
    data = {
        "title": title,
        "over": over,
        "when": _when(report),
        "detail": report.detail,
        "meaning": words.meaning.format(**facts),
        "todo": words.todo.format(**facts),
    }
    return Message(
        subject=f"{'Condition over' if over else 'Condition'}: {title}",
        text=rendering.text("condition", **data),
        html=rendering.html("condition", **data),
    )


_RECORDED = (
    "Their replies wait in memory (the newest 32 MiB of each feed) and are recorded as long as the "
    "disk accepts that. Those in memory are stored by themselves once the database works; if the "
    "daemon ends before, replay the recordings."
)
_NOT_RECORDED = (
    "Their replies wait in memory (the newest 32 MiB of each feed) and are stored by themselves "
    "once the database works. They are not recorded, since no folder for recordings is configured: "
    "if the daemon ends before, they are lost."
)


def _others(feeds: Sequence[str]) -> str:
    """Return what goes on while a feed refuses us."""
    if not feeds:
        return (
            "No other feed can be polled: until then nothing is received, and landings go unseen. "
            "The weekly digest will not call the week quiet."
        )
    names = ", ".join(visible(name, 80) for name in feeds)
    which = "The other feed is" if len(feeds) == 1 else "The other feeds are"
    return f"{which} polled as before ({names}); aircraft that only this feed receives are missed."


def _when(report: ConditionReport) -> str:
    began = formatting.moment(report.began_at, report.zone)
    if report.ended_at is None:
        return f"Since {began}."
    ended = formatting.moment(report.ended_at, report.zone)
    return (
        f"From {began} to {ended}: {formatting.duration(report.ended_at - report.began_at)} in all."
    )
