"""Does the fault matrix see what it must see? Told what happened, it finds what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from faults.mail_server import MOODS, WELL, MailServer
from faults.oracle import Heard, delivered, heard, judge, problems
from faults.sky import FLEET, Visit

from collector.errors import MailError
from collector.mail import outgoing
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


def reply(minutes: float, height: object | None = None, off: float = 0.0) -> dict[str, Any]:
    """A good reply, with the visiting aircraft if it has a height."""
    rows = [] if height is None else [[VISIT.icao24, height]]
    return event(minutes, "reply", place=True, rows=rows, off=off)


def test_only_what_was_delivered_to_a_process_that_lived_on_could_be_heard() -> None:
    whole = [reply(50, 5000), reply(63, "ground"), reply(70, "ground"), event(90, "end")]
    killed = [*whole[:2], event(63, "killed"), *whole[2:]]
    wrong_clock = [reply(50, 5000, off=7200.0), *whole[1:]]
    assert heard(VISIT, delivered(whole)) is Heard.WHOLE
    assert heard(VISIT, delivered(killed)) is Heard.PARTLY, "one report on the ground may be false"
    assert heard(VISIT, delivered(wrong_clock)) is Heard.PARTLY
    assert heard(VISIT, delivered([reply(50), event(90, "end")])) is Heard.NOT


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
    owed = Owed(
        key="k",
        recipient=Recipient("ops", "ops@example.org"),
        message=Message("s", "t", "<p>t</p>"),
        created_at=MORNING,
    )
    with Store.open(tmp_path / "db.sqlite") as store:
        outbox.owe(store, owed)
        verdict = judge([VISIT], events, store, [], mailable=True)
    assert verdict.lost == [VISIT]
    assert [at - events[0]["at"] for at in verdict.false_pings] == [86 * MINUTE]
    assert len(verdict.not_mailed) == 1
    assert verdict.mails_lost == ["k"]
    assert {each.split(":")[0] for each in problems(verdict)} == {
        "lost",
        "ping while blind",
        "no mail while blind",
        "mail lost",
    }


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
            notice = Owed(
                key=f"trial:{mood}",
                recipient=Recipient("ops", "ops@example.org"),
                message=Message("s", "t", "<p>t</p>"),
                created_at=MORNING,
            )
            try:
                sender.send(notice)
                sent = True
            except MailError:
                sent = False
            taken = len(server.taken()) > before
            assert taken or not sent, mood
            assert taken is (mood == WELL or MOODS[mood].takes or sent), mood
    finally:
        server.stop()
