"""Do the operators and the watchdog learn that the database fails, and that it works again?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.daemon.scheduler import Daemon
from collector.daemon.systemd import SystemdNotifier
from collector.errors import (
    MailError,
    MailPermanent,
    MailTemporary,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreUnavailable,
)
from collector.model import Recipient
from collector.model.notice import Owed
from collector.notify.database_alarm import DatabaseAlarm
from collector.notify.health import Health
from tests.support.clock import TickingClock
from tests.support.desk import desk
from tests.support.sky import Sky

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


class Letterbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.sent: list[Owed] = []

    def send(self, owed: Owed) -> None:
        self.sent.append(owed)


def test_a_failing_database_is_mailed_directly_once(tmp_path: Path) -> None:
    letters = Letterbox()
    with desk(tmp_path, WEDNESDAY, Sky(), sender=letters) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, letters, "collector.sqlite")
        for minutes in range(10):
            alarm.record_failure(StoreError("disk full"), WEDNESDAY + timedelta(minutes=minutes))
        (mail,) = letters.sent
        assert "disk full" in mail.message.text
        alarm.record_write(WEDNESDAY + timedelta(minutes=10), begun_after=alarm.failures)
        alarm.record_write(WEDNESDAY + timedelta(minutes=11), begun_after=alarm.failures)
        (ended,) = at.owed()
        assert ended.startswith("condition:database:collector.sqlite:2026-11-18T09:00:00Z:end")


@pytest.mark.parametrize("error", [MailPermanent("no such user"), MailTemporary("blocked")])
def test_an_operator_who_cannot_be_mailed_does_not_keep_it_from_the_others(
    tmp_path: Path, error: MailError
) -> None:
    class Picky(Letterbox):
        def send(self, owed: Owed) -> None:
            if owed.recipient.name == "left":
                raise error
            super().send(owed)

    letters = Picky()
    with desk(tmp_path, WEDNESDAY, Sky(), sender=letters) as at:
        health = Health(
            at.store, [Recipient("left", "left@example.org"), Recipient("ops", "ops@example.org")]
        )
        alarm = DatabaseAlarm(health, letters, "collector.sqlite")
        for minutes in range(10):
            alarm.record_failure(StoreError("disk full"), WEDNESDAY + timedelta(minutes=minutes))
        assert [mail.recipient.name for mail in letters.sent] == ["ops"]


def test_a_busy_moment_of_the_database_is_not_mailed(tmp_path: Path) -> None:
    letters = Letterbox()
    with desk(tmp_path, WEDNESDAY, Sky(), sender=letters) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, letters, "collector.sqlite")
        alarm.record_failure(StoreError("locked"), WEDNESDAY)
        alarm.record_write(WEDNESDAY + timedelta(minutes=1), begun_after=alarm.failures)
        assert letters.sent == []
        assert at.owed() == []


@pytest.mark.parametrize(
    ("error", "minutes"),
    [
        (StoreUnavailable("its disk is full"), 0),
        (StoreDamaged("is damaged"), 0),
        (StoreLocked("is locked"), 2),
        (StoreError("a mistake in the program"), 2),
    ],
)
def test_a_full_disk_and_damage_are_mailed_at_once_and_what_may_pass_is_not(
    tmp_path: Path, error: StoreError, minutes: int
) -> None:
    letters = Letterbox()
    with desk(tmp_path, WEDNESDAY, Sky(), sender=letters) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, letters, "collector.sqlite")
        mailed_after = None
        for minute in range(5):
            alarm.record_failure(error, WEDNESDAY + timedelta(minutes=minute))
            if letters.sent and mailed_after is None:
                mailed_after = minute
        assert (mailed_after, len(letters.sent)) == (minutes, 1)


def test_damage_ends_only_after_the_whole_file_was_found_sound(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky(), sender=Letterbox()) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, Letterbox(), "collector.sqlite")
        alarm.record_failure(StoreDamaged("page 7"), WEDNESDAY)
        alarm.record_write(WEDNESDAY + timedelta(hours=1), begun_after=alarm.failures)
        assert alarm.failing
        alarm.record_sound(begun_after=alarm.failures)
        alarm.record_write(WEDNESDAY + timedelta(hours=2), begun_after=alarm.failures)
        assert not alarm.failing


def test_a_mail_server_that_is_down_is_tried_at_growing_intervals(tmp_path: Path) -> None:
    class Down(Letterbox):
        attempts = 0

        def send(self, owed: Owed) -> None:
            self.attempts += 1
            if self.attempts < 5:
                raise MailTemporary("down")
            super().send(owed)

    letters = Down()
    with desk(tmp_path, WEDNESDAY, Sky(), sender=letters) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, letters, "collector.sqlite")
        for seconds in range(0, 3600, 5):
            alarm.record_failure(
                StoreUnavailable("its disk is full"), WEDNESDAY + timedelta(seconds=seconds)
            )
        assert (letters.attempts, len(letters.sent)) == (5, 1)


def test_the_watchdog_is_fed_again_only_after_a_write(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky(), sender=Letterbox()) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, Letterbox(), "collector.sqlite")
        daemon = Daemon(at.jobs, TickingClock(at.clock), alarm, SystemdNotifier({}))

        def fails() -> bool:
            raise StoreError("disk full")

        works = [daemon.is_working()]
        daemon.run_job(fails)
        works.append(daemon.is_working())
        at.clock.wait(timedelta(minutes=5))
        daemon.run_job(lambda: False)
        daemon.run_job(at.jobs.settle)
        works.append(daemon.is_working())
        daemon.run_job(daemon.storage.prove)
        works.append(daemon.is_working())
        assert works == [True, False, False, True], "a job that only reads proves nothing"


def test_a_proof_that_began_before_a_failure_ends_no_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write waits for another writer, and a check of the file reads for minutes."""
    with desk(tmp_path, WEDNESDAY, Sky(), sender=Letterbox()) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, Letterbox(), "collector.sqlite")
        daemon = Daemon(at.jobs, TickingClock(at.clock), alarm, SystemdNotifier({}))
        write, check = at.store.prove_writable, at.store.quick_check

        def fails_meanwhile(error: StoreError) -> None:
            at.clock.wait(timedelta(minutes=2))
            alarm.record_failure(error, at.clock.now())
            at.clock.wait(timedelta(minutes=2))

        def slow_write() -> None:
            write()
            fails_meanwhile(StoreUnavailable("its disk is full"))

        def slow_check() -> list[str]:
            found = check()
            fails_meanwhile(StoreDamaged("page 7"))
            return found

        found = []
        for name, slow, proof in (
            ("prove_writable", slow_write, daemon.storage.prove),
            ("quick_check", slow_check, daemon.storage.check),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(at.store, name, slow)
                daemon.run_job(proof)
            found.append((alarm.failing, alarm.damaged))
        for proof in (daemon.storage.check, daemon.storage.prove):
            daemon.run_job(proof)
            found.append((alarm.failing, alarm.damaged))
        assert found == [(True, False), (True, True), (True, False), (False, False)]
