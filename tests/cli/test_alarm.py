"""Do operators learn that the service failed: once a day, without the database?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model import Recipient
from collector.notify.service_failure import FailureMemory, failure_notices, with_failure
from tests.cli.runner import call
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import Station

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


def test_failures_in_a_row_cause_one_mail_a_day() -> None:
    memory: FailureMemory | None = None
    mailed: list[datetime] = []
    for minutes in range(0, 60 * 49, 20):
        now = NOON + minutes * MINUTE
        memory = with_failure(memory, now)
        if memory.is_due("watchdog-ABRT", now):
            mailed.append(now)
            memory = memory.with_mail("watchdog-ABRT", now)
        assert memory.began_at == NOON
    assert mailed == [NOON, NOON + DAY, NOON + 2 * DAY]
    assert memory is not None
    now = memory.last_at
    assert memory.is_due("exit-code-75", now), "it fails for another reason"
    assert not memory.is_due("gave-up", now), "that follows from the reason told"
    later = with_failure(memory, now + 2 * HOUR)
    assert later.is_due("watchdog-ABRT", now + 2 * HOUR), "it ran in between: a new failure"
    earlier = with_failure(memory, NOON - DAY)
    assert earlier.is_due("watchdog-ABRT", NOON - DAY), "a clock set back delays no mail"


def test_the_mail_needs_no_database_and_is_sent_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    inbox = Inbox()
    with smtp_server(inbox) as port:
        station = Station(tmp_path, smtp_port=port)
        call(station, "alarm", "exit-code-75")
        call(station, "alarm", "exit-code-75")
        call(station, "alarm", "gave-up")
    (mail,) = inbox.taken
    assert mail["Subject"] == "Condition: Service failed: collector (exit-code-75)"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "the disk is full" in " ".join(body.get_content().split())
    assert not (tmp_path / "var").exists(), "nothing was written beside the database"


def test_a_mail_that_is_refused_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    inbox = Inbox(data_answers=["451 later"])
    with smtp_server(inbox) as port:
        station = Station(tmp_path, smtp_port=port)
        refused = call(station, "alarm", "watchdog-ABRT", code=1)
        assert "451" in refused.stderr
        call(station, "alarm", "watchdog-ABRT")
    assert len(inbox.taken) == 1


def test_a_mistake_in_the_configuration_is_mailed_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        station = Station(tmp_path, smtp_port=port, extra="\n[retention]\nprune_after_days = -1\n")
        call(station, "status", code=78)
        call(station, "alarm", "exit-code-78")
    (mail,) = inbox.taken
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Its configuration is wrong" in " ".join(body.get_content().split())


@pytest.mark.parametrize(
    "broken",
    [
        b'contact = "ops@example.org\n',
        b"contact = 1\ncontact = 2\n",
        b"operators = [\n  # nobody yet\n",
        b"[visitors\nname = 1\n",
        b"[watch]\nname = 1\n",
        b"# caf\xe9\n",
    ],
)
def test_a_file_that_is_no_toml_is_mailed_by_what_it_still_says(
    broken: bytes, tmp_path: Path
) -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        station = Station(tmp_path, smtp_port=port)
        station.config.write_bytes(broken + station.config.read_bytes())
        assert "is no valid TOML" in call(station, "status", code=78).stderr
        call(station, "alarm", "exit-code-78")
    (mail,) = inbox.taken
    assert mail["To"] == "ops@example.org"


def test_without_a_mail_server_it_says_that_nobody_can_be_told(tmp_path: Path) -> None:
    refused = call(Station(tmp_path), "alarm", "watchdog-ABRT", code=78)
    assert "mail.host: is not set, so nobody can be mailed" in refused.stderr


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("gave-up", "systemd gave up and does not start it again."),
        ("backup", "No backup of the database was made. The collector itself runs on, and older"),
        ("exit-code-75", "The last run ended with exit code 75. It cannot use its database"),
        ("exit-code-1", "The last run ended with exit code 1. systemd starts it again every"),
        ("watchdog-ABRT", "The last run answered no more. Its database or its polls had not"),
        ("oom-kill-KILL", "The last run was killed for want of memory. It needed more memory"),
        ("signal-KILL", "The last run was killed by signal KILL. systemd starts it again"),
        ("core-dump-SEGV", "The last run crashed, with signal SEGV. systemd starts it again"),
        ("protocol-1", "The last run ended with the result protocol-1. systemd starts it"),
    ],
)
def test_the_mail_says_how_the_last_run_ended(result: str, words: str) -> None:
    ops = [Recipient(name="ops", address="ops@example.org")]
    (owed,) = failure_notices(
        "collector", result, FailureMemory(NOON, NOON), ops, now=NOON, zone="UTC"
    )
    assert words in " ".join(owed.message.text.split())
    assert "gave-up" not in owed.message.subject + owed.message.text
