"""Which landings could be heard, when was nobody listening, and what must have been told?

Everything here is computed from what the simulated servers really handed over, never from the
collector's database: a fault that keeps us from storing what was delivered is no excuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from collector.store import Store, landings

from .mail_oracle import Mails, Taken, mails
from .sky import MINUTE, Visit

SILENT_AFTER_S = 15 * 60.0
"""So long after the last reply the ping must have stopped (README, "when nothing comes")."""
BLIND_AFTER_S = 3600.0
"""`health.blind_after_hours`: so long after the last reply the operators are owed a mail."""
MAILED_WITHIN_S = 15 * 60.0
"""How much later that mail may leave, where the mail server works."""
CLOCK_OFF_S = 60.0
"""While the machine's clock is so far off, no landing can be dated, and none is asked for."""
REFUSED_OFF_S = 300.0
"""Replies that come while it is so far off are refused as old or of the future. Others are stored,
and the ping goes on by them as soon as the clock is right."""
APART_S = 60.0
"""Reports that are so far apart are two, also of an aircraft that is parked."""
FOUND = ("confirmed", "probable")


class Heard(StrEnum):
    """How much of a visit was delivered."""

    WHOLE = "whole"
    """In the air on its approach, and twice on the ground of the field, with fewer false reports
    than true ones: must be found. A single report on the ground may be false, so it is not
    enough."""
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Delivered:
    """One good reply that reached a process which lived on."""

    at: float
    place: bool
    rows: tuple[tuple[str, object], ...]
    false: tuple[str, ...]
    """The aircraft that it reports where they are not."""


def delivered(events: Sequence[dict[str, Any]], off_s: float = CLOCK_OFF_S) -> list[Delivered]:
    """Return the good replies, without the last one of a process that was killed over it, and
    without those that came while the machine's clock was off by more than `off_s`."""
    found = []
    for event, after in pairwise([*events, {"event": "end"}]):
        if event["event"] != "reply" or abs(event.get("off", 0.0)) > off_s:
            continue
        if after["event"] != "killed":
            rows = tuple((row[0], row[1]) for row in event["rows"])
            false = tuple(event["false"])
            found.append(Delivered(event["at"], event["place"], rows, false))
    return found


def heard(visit: Visit, replies: Sequence[Delivered]) -> Heard:
    """Return how much of a visit was delivered."""
    lands, leaves = visit.lands_at.timestamp(), visit.leaves_at.timestamp()
    approach = False
    true = false = 0
    ground: list[float] = []
    for reply in replies:
        if not visit.begins_at.timestamp() <= reply.at <= visit.ends_at.timestamp():
            continue
        heights = [height for icao24, height in reply.rows if icao24 == visit.icao24]
        true += len(heights)
        false += reply.false.count(visit.icao24)
        approach |= reply.at < lands and any(height != "ground" for height in heights)
        if lands <= reply.at <= leaves and "ground" in heights:
            ground.append(reply.at)
    twice = bool(ground) and ground[-1] - ground[0] >= APART_S
    if approach and twice and false < true:
        return Heard.WHOLE
    return Heard.PARTLY if true or false else Heard.NOT


def blind(replies: Sequence[Delivered], begin: float, end: float) -> list[tuple[float, float]]:
    """Return the times without a reply about the field that are longer than 15 minutes."""
    times = [begin, *(reply.at for reply in replies if reply.place), end]
    return [(a, b) for a, b in pairwise(times) if b - a > SILENT_AFTER_S]


def _unstored(events: Sequence[dict[str, Any]], end: float) -> Iterator[tuple[float, float]]:
    """Yield the times longer than 15 minutes in which a fault let nothing be stored."""
    begun: dict[int, float] = {}
    for event in [*events, {"event": "end", "at": end}]:
        if event["event"] == "fault begins" and event["silences"]:
            begun[event["number"]] = event["at"]
        elif event["event"] in ("fault ends", "end"):
            numbers = [event["number"]] if event["event"] == "fault ends" else list(begun)
            for number in numbers:
                since = begun.pop(number, None)
                if since is not None and event["at"] - since > SILENT_AFTER_S:
                    yield since, event["at"]


@dataclass
class Verdict:
    """What became of one world."""

    heard: dict[Visit, Heard] = field(default_factory=dict)
    found: set[Visit] = field(default_factory=set)
    doubled: list[Visit] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    blind: list[tuple[float, float]] = field(default_factory=list)
    false_pings: list[float] = field(default_factory=list)
    ping_stopped_after: list[float] = field(default_factory=list)
    """Seconds from the last good reply to the last ping, for each blind time."""
    mailed_after: list[float] = field(default_factory=list)
    """Seconds from the last good reply to the mail, for each blind time that must be mailed."""
    not_mailed: list[tuple[float, float]] = field(default_factory=list)
    mails: Mails = field(default_factory=Mails)
    kills: int = 0
    gap_kills: int = 0
    """Kills between the mail server's 250 and our commit."""
    alerts_missing: list[Visit] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def lost(self) -> list[Visit]:
        """The visits that were heard and are not among the landings."""
        return [
            visit
            for visit, how in self.heard.items()
            if how is Heard.WHOLE and visit not in self.found
        ]


def judge(
    visits: Sequence[Visit],
    events: Sequence[dict[str, Any]],
    store: Store,
    taken: Sequence[Taken],
    *,
    mailable: bool,
) -> Verdict:
    """Return what became of a world, at its end. `mailable`: whether the mail server worked."""
    verdict, replies = Verdict(), delivered(events)
    verdict.heard = {visit: heard(visit, replies) for visit in visits}
    _landings(verdict, visits, store)
    _silence(verdict, events, delivered(events, REFUSED_OFF_S), mailable=mailable)
    verdict.mails = mails(events, store, taken)
    _alerts(verdict, events)
    verdict.kills = sum(each["event"] == "killed" for each in events)
    verdict.gap_kills = sum(
        one["event"] == "mail" and following["event"] == "killed"
        for one, following in pairwise(events)
    )
    verdict.failures = [
        each["what"].strip().splitlines()[-1]
        for each in events
        if each["event"] in ("failure", "crash")
    ]
    return verdict


def _landings(verdict: Verdict, visits: Sequence[Visit], store: Store) -> None:
    for landing in landings.find(store):
        found = landing.detection
        if landing.retracted or found.grade.value not in FOUND or landing.airfield != "LLOV":
            continue
        about = timedelta(seconds=found.uncertainty_s) + 5 * MINUTE
        match = [
            visit
            for visit in visits
            if visit.icao24 == found.icao24 and abs(visit.lands_at - found.touchdown_at) <= about
        ]
        if not match:
            verdict.invented.append(landing.id)
        elif match[0] in verdict.found:
            verdict.doubled.append(match[0])
        else:
            verdict.found.add(match[0])


def _silence(
    verdict: Verdict,
    events: Sequence[dict[str, Any]],
    replies: Sequence[Delivered],
    *,
    mailable: bool,
) -> None:
    begin, end = events[0]["at"], events[-1]["at"]
    pings = [each["at"] for each in events if each["event"] == "ping"]
    mails = [each for each in events if each["event"] == "mail"]
    verdict.blind = sorted([*blind(replies, begin, end), *_unstored(events, end)])
    for since, until in verdict.blind:
        inside = [at for at in pings if since <= at < until]
        verdict.false_pings += [at for at in inside if at - since > SILENT_AFTER_S + 1]
        verdict.ping_stopped_after.append(max(inside, default=since) - since)
        if until - since <= BLIND_AFTER_S + MAILED_WITHIN_S or not mailable:
            continue
        told = [
            each["at"] - since
            for each in mails
            if since < each["at"] <= until and each["subject"].startswith("Condition: ")
        ]
        if told and min(told) <= BLIND_AFTER_S + MAILED_WITHIN_S:
            verdict.mailed_after.append(min(told))
        elif not _open_at(since, mails):
            verdict.not_mailed.append((since, until))


def _open_at(at: float, mails: Sequence[dict[str, Any]]) -> bool:
    """Return whether the operators knew already: of a condition that keeps us blind, which was
    mailed before and not over. One fault may follow another without a moment between them."""
    known = {"Database": False, "No reception": False}
    for mail in (each for each in mails if each["at"] <= at):
        subject = str(mail["subject"])
        known["Database"] ^= subject.startswith(
            "Condition over: Database" if known["Database"] else "Condition: Database"
        )
        known["No reception"] ^= subject.startswith(
            "Condition over: Reception" if known["No reception"] else "Condition: No reception"
        )
    return any(known.values())


def _alerts(verdict: Verdict, events: Sequence[dict[str, Any]]) -> None:
    subjects = [each["subject"] for each in events if each["event"] == "mail"]
    verdict.alerts_missing = [
        visit
        for visit in sorted(verdict.found, key=lambda each: each.lands_at)
        if not any(subject.startswith(f"{visit.icao24} at Ovda") for subject in subjects)
    ]


def problems(verdict: Verdict) -> Iterator[str]:
    """Yield everything that must not be, in words."""
    yield from (f"lost: {visit}" for visit in verdict.lost)
    yield from (f"doubled: {visit}" for visit in verdict.doubled)
    yield from (f"invented: {identity}" for identity in verdict.invented)
    yield from (f"ping while blind: {_time(at)}" for at in verdict.false_pings)
    yield from (f"no mail while blind: {_time(a)} to {_time(b)}" for a, b in verdict.not_mailed)
    yield from (f"mail lost: {key}" for key in verdict.mails.lost)
    yield from (f"mail repeated without an excuse: {key}" for key in verdict.mails.without_excuse)
    yield from (f"no alert of {visit}" for visit in verdict.alerts_missing)
    yield from (f"failure: {what}" for what in verdict.failures)


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%F %T}"
