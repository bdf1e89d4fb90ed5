"""Does the fault matrix see what it must see? Told what happened, it finds what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from faults.mail_oracle import SENDER, Excuse
from faults.mail_server import MOODS, WELL, MailServer
from faults.oracle import Heard, delivered, heard, judge, problems
from faults.sky import FLEET, Visit

from collector.errors import MailError
from collector.mail import message_id, outgoing
from collector.mail.config import MailSettings, Security
from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.store import Store, outbox

MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
VISIT = Visit(FLEET[0], MORNING + timedelta(hours=1))
MINUTE = 60.0


def event(minutes: float, name: str, **what: Any) -> dict[str, Any]:
    """Something that happened so many minutes after nine."""
    return {"at": MORNING.timestamp() + minutes * MINUTE, "event": name, **what}


def reply(
    minutes: float, height: object | None = None, off: float = 0.0, *, false: bool = False
) -> dict[str, Any]:
    """A good reply, with the visiting aircraft if it has a height, or with a `false` place."""
    rows = [] if height is None else [[VISIT.icao24, height]]
    wrong = [VISIT.icao24] if false else []
    return event(minutes, "reply", place=True, rows=rows, off=off, false=wrong)


def owed(key: str) -> Owed:
    """A mail to the operators."""
    message = Message("s", "t", "<p>t</p>")
    return Owed(
        key=key,
        recipient=Recipient("ops", "ops@example.org"),
        message=message,
        created_at=MORNING,
    )


def mail(minutes: float, key: str, subject: str = "s") -> dict[str, Any]:
    """A mail that the mail server said it had taken."""
    return event(minutes, "mail", key=key, subject=subject)


def test_only_what_was_delivered_to_a_process_that_lived_on_could_be_heard() -> None:
    whole = [reply(50, 5000), reply(63, "ground"), reply(70, "ground"), event(90, "end")]
    killed = [*whole[:2], event(63, "killed"), *whole[2:]]
    wrong_clock = [reply(50, 5000, off=7200.0), *whole[1:]]
    assert heard(VISIT, delivered(whole)) is Heard.WHOLE
    assert heard(VISIT, delivered(killed)) is Heard.PARTLY, "one report on the ground may be false"
    assert heard(VISIT, delivered(wrong_clock)) is Heard.PARTLY
    assert heard(VISIT, delivered([reply(50), event(90, "end")])) is Heard.NOT
    spoofed = [reply(minutes, false=True) for minutes in (51, 52, 53)]
    assert heard(VISIT, delivered([*spoofed, *whole])) is Heard.PARTLY, "as many are false"


def test_a_lost_landing_a_false_ping_and_mails_that_stay_are_found(tmp_path: Path) -> None:
    events = [
        reply(0),
        reply(50, 5000),
        reply(63, "ground"),
        reply(70, "ground"),
        event(84, "ping"),
        event(86, "ping"),
        event(180, "end"),
    ]
    with Store.open(tmp_path / "db.sqlite") as store:
        outbox.owe(store, owed("k"))
        verdict = judge([VISIT], events, store, [], mailable=True)
    assert verdict.lost == [VISIT]
    assert [at - events[0]["at"] for at in verdict.false_pings] == [86 * MINUTE]
    assert len(verdict.not_mailed) == 1
    assert verdict.mails.lost == ["k"]
    assert {each.split(":")[0] for each in problems(verdict)} == {
        "lost",
        "ping while blind",
        "no mail while blind",
        "mail lost",
    }


@pytest.mark.parametrize(("off_s", "false"), [(90.0, 0), (7200.0, 1)])
def test_a_reply_by_a_clock_that_is_hardly_wrong_is_stored_and_pinged_by(
    off_s: float, false: int, tmp_path: Path
) -> None:
    events = [reply(0), reply(10, off=off_s), event(20, "ping"), event(30, "end")]
    with Store.open(tmp_path / "db.sqlite") as store:
        assert len(judge([], events, store, [], mailable=True).false_pings) == false


def test_a_condition_that_was_mailed_and_is_not_over_need_not_be_mailed_again(
    tmp_path: Path,
) -> None:
    begin, over = "Condition: Database x is failing", "Condition over: Database x works again"
    faults = [
        event(at, name, number=number, silences=True)
        for number in (0, 1)
        for at, name in ((90 * number, "fault begins"), (90 * number + 90, "fault ends"))
    ]
    answers = [reply(minutes) for minutes in range(1, 180, 5)]
    for told, missing in (
        ([], 2),
        ([mail(3, "k", begin)], 0),
        ([mail(3, "k", begin), mail(89, "k", over)], 1),
    ):
        events = sorted([*faults, *answers, *told, event(181, "end")], key=lambda one: one["at"])
        with Store.open(tmp_path / f"{missing}.sqlite") as store:
            verdict = judge([], events, store, [], mailable=True)
        assert len(verdict.not_mailed) == missing


def test_each_mail_that_left_again_has_an_excuse_or_none(tmp_path: Path) -> None:
    keys = ("killed", "not said", "restored", "for nothing")
    events = [
        reply(0),
        *(mail(1, "killed"), event(1, "killed"), mail(2, "killed")),
        mail(3, "not said"),
        *(mail(4, "restored"), event(5, "stopped"), mail(6, "restored")),
        *(mail(7, "for nothing"), mail(8, "for nothing")),
        event(9, "end"),
    ]
    said = [True, True, False, True, True, True, True, True]
    copies = [key for key in keys for _ in range(2)]
    taken = [(message_id(key, SENDER), "ops", one) for key, one in zip(copies, said, strict=True)]
    with Store.open(tmp_path / "db.sqlite") as store:
        for key in keys:
            outbox.owe(store, owed(key))
        verdict = judge([], events, store, taken, mailable=True)
    assert verdict.mails.repeated == dict.fromkeys(Excuse, 1)
    assert verdict.mails.without_excuse == ["for nothing"]
    assert (verdict.kills, verdict.gap_kills) == (1, 1)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_the_mail_server_takes_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    server = MailServer(tmp_path)
    server.start()
    try:
        settings = MailSettings(host="127.0.0.1", port=server.port, security=Security.NONE)
        sender = outgoing(settings, tmp_path / "mails")
        quick = [name for name, mood in MOODS.items() if mood.says != "hang"]
        for mood in [WELL, *quick]:
            server.set_mood(mood)
            before = len(server.taken())
            try:
                sender.send(owed(f"trial:{mood}"))
                sent = True
            except MailError:
                sent = False
            taken = len(server.taken()) > before
            assert taken or not sent, mood
            assert taken is (mood == WELL or MOODS[mood].takes or sent), mood
    finally:
        server.stop()
