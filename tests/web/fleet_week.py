"""A database as it is after some weeks of listening: what the pages are tried on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collector.alerts.lifecycle import AlertState, Status
from collector.model import (
    Candidate,
    Detection,
    Evidence,
    Grade,
    Landing,
    Recipient,
    Revision,
    WatchMatch,
)
from collector.model.coverage import PollCoverage
from collector.model.notice import Message, Owed
from collector.model.reply import Outcome
from collector.store import Store, alerts, conditions, coverage_slots, feeds, landings, outbox

NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
"""A Friday, in week 47."""
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WATCH = "silkway"
NEAR_OVDA = (119, 139, 4)

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e"


def fill(store: Store, *, listened: timedelta = timedelta(days=1)) -> None:
    """Some landings, an alert, mails, and a day (or more) of hearings until NOW."""
    with store.transaction():
        _listen(store, listened)
        _land(store)
        _tell(store)


def landing(
    at: datetime,
    airfield: str | None,
    grade: Grade,
    *,
    icao24: str = "600865",
    registration: str = "4K-AZ101",
    callsign: str = "AZQ4721",
    candidates: tuple[Candidate, ...] = (),
    uncertainty_s: float = 150.0,
    ordinal: int = 1,
) -> Landing:
    """One landing with three pieces of evidence."""
    detection = Detection(
        icao24=icao24,
        airfield=airfield,
        candidates=candidates or (Candidate(airfield or "LLOV", 0.93),),
        touchdown_at=at,
        uncertainty_s=uncertainty_s,
        departed_at=at + 2 * HOUR,
        runway="20L" if airfield == "LLOV" else None,
        grade=grade,
        probability=0.93,
        callsign=callsign,
        evidence=(
            Evidence(
                at - 4 * MINUTE,
                "low-approach",
                "Lost at 3,400 ft, descending at 900 ft/min, 5.1 NM before runway 20L.",
                airfield="LLOV",
                feeds=("adsblol",),
            ),
            Evidence(
                at + 30 * MINUTE,
                "silence-while-heard",
                f"Silent while others were heard climbing out of Ramon; {callsign} was not.",
                speaks="against",
                airfield="LLER",
                feeds=("adsblol",),
            ),
            Evidence(
                at + 2 * HOUR,
                "low-reappearance",
                "Heard again climbing through 4,100 ft, 6 NM north of the field.",
                airfield="LLOV",
                feeds=("adsblol", "opensky"),
            ),
        ),
        feeds=("adsblol",),
        visit_from=at - 4 * MINUTE,
        visit_until=at + 2 * HOUR,
    )
    return Landing(
        id=f"{icao24}-{at.date()}-{ordinal}",
        detection=detection,
        registration=registration,
        type_code="IL76",
        watches=(WatchMatch(WATCH, "fleet silkway", True),),
        first_known_at=at + 10 * MINUTE,
        revised_at=at + 10 * MINUTE,
    )


def _land(store: Store) -> None:
    between = (Candidate("LLOV", 0.41), Candidate("LLER", 0.52))
    found = [
        landing(NOW - 26 * HOUR, "LLOV", Grade.CONFIRMED, uncertainty_s=12),
        landing(
            NOW - 73 * HOUR,
            "LLOV",
            Grade.PROBABLE,
            icao24="600808",
            registration="4K-78129",
            callsign="AHY012",
        ),
        landing(
            NOW - 50 * HOUR,
            None,
            Grade.PROBABLE,
            candidates=between,
            uncertainty_s=1500,
            icao24="600866",
            registration="4K-AZ100",
        ),
        landing(NOW - 9 * 24 * HOUR, "LLER", Grade.POSSIBLE, uncertainty_s=4000),
        landing(NOW - 20 * 24 * HOUR, "LLOV", Grade.CONFIRMED, callsign=HOSTILE),
    ]
    for each in found:
        revision = Revision(each.id, each.first_known_at, "found", "ground contact", "2026-11")
        landings.save(store, each, revision)


def _listen(store: Store, listened: timedelta) -> None:
    """A poll each five minutes, deaf for two hours, jammed for one."""
    heard = []
    at = NOW - listened
    while at <= NOW:
        ago = (NOW - at) / HOUR
        jammed, deaf = 5 <= ago < 6, 9 <= ago < 11
        cells = {} if jammed else {NEAR_OVDA: 3, (120, 140, 8): 9}
        heard.append(
            PollCoverage(
                feed="adsblol",
                at=at,
                outcome=Outcome.UNREACHABLE if deaf else Outcome.HEARD,
                area=True,
                aircraft=40,
                unplaced=30 if jammed else 2,
                cells=cells,
            )
        )
        at += 5 * MINUTE
    coverage_slots.merge_polls(store, heard)
    feeds.store_poll(
        store, "adsblol", NOW - 40 * MINUTE, Outcome.UNREACHABLE, "timed out after 20 s"
    )
    feeds.store_poll(store, "adsblol", NOW - timedelta(seconds=23), Outcome.HEARD, "41 aircraft")


def _tell(store: Store) -> None:
    state = AlertState(
        watch=WATCH,
        rule="weekly",
        window="2026-W47",
        status=Status.FIRING,
        count=2,
        at_most=3,
        level=2,
        begin=NOW - 110 * HOUR,
        end=NOW + 58 * HOUR,
        since_at=NOW - 25 * HOUR,
        changed_at=NOW - 25 * HOUR,
        told=("crossed:2",),
    )
    alerts.save_state(store, state)
    for key, subject in (("a", "2 landings at Ovda in week 47"), ("b", "Week 46 at Ovda: none")):
        message = Message(subject, subject, f"<p>{subject}</p>")
        owed = Owed(
            key=key,
            recipient=Recipient("ops", "secret-address@example.org"),
            message=message,
            created_at=NOW - (25 if key == "a" else 130) * HOUR,
        )
        outbox.owe(store, owed)
    outbox.mark_sent(store, "b", NOW - 130 * HOUR)
    outbox.mark_retry(store, "a", NOW + HOUR, "451 try again later")
    conditions.open_condition(store, "mail", "ops", NOW - 24 * HOUR, "smtp.example.org: 451 busy")
