"""Do the notices of one watch and moment leave as one mail, in its thread, and never get lost?"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.mail import message_id
from collector.model import Revision
from collector.notify.grouping import GROUP_WAIT
from collector.pipeline.changes import LandingChange
from collector.store import Store, landings, outbox
from tests.support.alert_desk import DAY, MINUTE, SENDER, SUNDAY, Desk, desk, two
from tests.support.touchdowns import touchdown

HOUR = timedelta(hours=1)


def test_one_burst_is_one_mail_with_all_its_rules(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.find(*two())
        assert at.services.store.execute("SELECT count(*) AS n FROM outbox")[0]["n"] == 2
        at.work(MINUTE)
        assert at.mails == [], "others may follow"
        at.work(2 * MINUTE)
        (subject,) = at.subjects()
        assert subject == (
            "Silk Way Il-76s at Ovda: at least 2 landings, week 47 of 2026; at least 2 landings in "
            "14 days (to 22 Nov 2026) (usual: not known yet)"
        )
        assert at.text().count("collector explain 60086") == 2, "each landing once"
        for rule in ("Rule: two (watch w): 2 landings", "Rule: fortnight (watch w): 2 landings"):
            assert rule in at.text()
        assert {item.state for item in outbox.listing(at.services.store)} == {"sent"}
        keys = {item.key.rpartition(":crossed")[0] for item in outbox.listing(at.services.store)}
        assert keys == {"alert:w:two:2026-W47", "alert:w:fortnight:14d:2026-11-22", ""}


def test_two_watches_are_two_mails(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.find(*two())
        guests = [
            replace(
                each,
                id=f"guest-{each.id}",
                watches=(replace(each.watches[0], watch="other"),),
            )
            for each in two()
        ]
        at.find(*guests)
        at.work(3 * MINUTE)
        assert sorted(subject.partition(":")[0] for subject in at.subjects()) == [
            "Other aircraft at Ovda",
            "Silk Way Il-76s at Ovda",
        ]


def test_the_end_of_a_week_is_told_by_the_digest(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.find(*two())
        at.work(15 * DAY, DAY / 4)
        assert len(at.mails) == 1
        watch = at.services.settings.watches[:1]
        text = at.services.digests.message(watch, "2026-W47", at.clock.now()).text
        assert "threshold was reached" in text
        assert "resolved" not in text


def test_a_mail_about_the_end_comes_if_it_is_asked_for(tmp_path: Path) -> None:
    with desk(tmp_path, mail_end=True) as at:
        at.find(*two())
        at.work(timedelta(hours=4), timedelta(hours=1))
        first, last = at.mails
        assert "in the end at least 2 landings, week 47 of 2026" in last["Subject"]
        assert "This time is over. Its count had reached the threshold" in at.text()
        assert last["In-Reply-To"] == first["Message-ID"]


def test_a_review_and_its_withdrawal_are_one_thread_and_not_four_mails(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        first, second = two()
        at.find(first, second)
        at.work(3 * MINUTE)
        at.review(second, "rejected")
        at.work(3 * MINUTE)
        at.review(second, None)
        at.work(3 * MINUTE)
        assert len(at.mails) == 3, "the alert, its correction, and that it stands after all"
        alert, correction, again = at.mails
        assert "corrected to at least 1 landing, week 47" in correction["Subject"]
        assert "now at least 2 landings, week 47" in again["Subject"]
        assert correction["In-Reply-To"] == correction["References"] == alert["Message-ID"]
        assert again["In-Reply-To"] == correction["Message-ID"]
        assert again["References"].split() == [alert["Message-ID"], correction["Message-ID"]]


def test_a_correction_names_its_landing_though_a_replay_dates_it_before_the_alert(
    tmp_path: Path,
) -> None:
    with desk(tmp_path) as at:
        first, second = two()
        at.find(first, second)
        at.work(3 * MINUTE)
        replayed_at = SUNDAY - HOUR
        gone = replace(second, retracted=True)
        revision = Revision(second.id, replayed_at, "retracted", "It flew on.", "1")
        with at.services.store.transaction():
            landings.save(at.services.store, gone, revision)
            change = LandingChange(gone, second, revision)
            at.services.alert_evaluator.landings_changed([change], replayed_at)
        at.work(3 * MINUTE)
        assert "corrected to at least 1 landing, week 47" in at.subjects()[1]
        assert "was withdrawn (It flew on)" in at.text()


def test_of_two_notices_of_one_moment_the_later_one_leads(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        first, second = two()
        at.find(first, second)
        at.review(second, "rejected")  # the clock has not moved
        at.work(3 * MINUTE)
        (subject,) = at.subjects()
        assert "at least 1 landing, week 47 of 2026, below the threshold again" in subject
        assert "It had been at least 2 landings, week 47 of 2026" in " ".join(at.text().split())


def test_a_review_that_is_withdrawn_at_once_is_one_mail(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        first, second = two()
        at.find(first, second)
        at.work(3 * MINUTE)
        at.review(second, "rejected")
        at.clock.wait(MINUTE)
        at.review(second, None)
        at.work(3 * MINUTE)
        assert len(at.mails) == 2
        assert "now at least 2 landings, week 47" in at.subjects()[1]
        assert "Superseded within minutes: corrected to at least 1 landing" in at.text()


def test_what_comes_later_is_a_mail_of_its_own_in_the_thread(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.find(*two())
        at.inbox.refused_recipients["ops@example.org"] = "451 4.3.0 try again later"
        at.work(10 * MINUTE)
        assert at.mails == []
        third = touchdown(SUNDAY, watch="w", icao24="600867", known_at=at.clock.now())
        at.find(third)
        at.work(3 * MINUTE)
        at.inbox.refused_recipients.clear()
        at.work(timedelta(hours=2), 10 * MINUTE)
        by_time = sorted(at.mails, key=lambda mail: mail["Date"].datetime)
        assert ["now at least 3" in str(mail["Subject"]) for mail in by_time] == [False, True]
        assert by_time[1]["In-Reply-To"] == by_time[0]["Message-ID"]


class Killed(BaseException):
    """The process ends here."""


def test_a_kill_at_any_step_sends_each_notice_at_least_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path) as at:
        at.find(*two())
        database = at.services.store.path
    template = tmp_path / "template.sqlite"
    shutil.copy(database, template)
    step, killed = 0, True
    while killed:
        step += 1
        shutil.copy(template, database)
        with desk(tmp_path) as at:
            at.clock.wait(2 * MINUTE)
            killed = _killed_at(step, at, monkeypatch)
            at.clock.wait(timedelta(minutes=20))  # the claim of a killed sender runs out
            at.sender.send_all()
            items = outbox.listing(at.services.store)
            assert {item.state for item in items} == {"sent"}
            (mail,) = (item.key for item in items if item.group is None)
            ids = {sent["Message-ID"] for sent in at.mails}
            assert ids == {message_id(mail, SENDER)}, "always the same mail"
            assert 1 <= len(at.mails) <= 2
            assert "Rule: two" in at.text()
            assert "Rule: fortnight" in at.text()
    assert step > 8


def _killed_at(step: int, at: Desk, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Send everything; end at the statement of that number. Return whether it came to that."""
    done = 0
    execute = Store.execute

    def counted(store: Store, *args: Any, **kwargs: Any) -> Any:
        nonlocal done
        done += 1
        if done == step:
            raise Killed
        return execute(store, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "execute", counted)
        try:
            at.sender.send_all()
        except Killed:
            return True
    return False


def test_a_part_of_another_version_is_sent_as_it_was_stored(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.find(*two())
        at.services.store.execute("UPDATE outbox SET part_json = '{}'")
        at.work(3 * MINUTE)
        assert len(at.mails) == 2
        assert all("Silk Way Il-76s at Ovda" in subject for subject in at.subjects())


def test_what_a_clock_stored_that_ran_ahead_waits_for_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.clock.wait(30 * DAY)
        at.find(*two(at.clock.now()))
        at.clock.move_to(SUNDAY)
        at.sender.send_all()
        assert len(at.mails) == 1


def test_dropping_or_retrying_one_notice_concerns_its_mail(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        store = at.services.store
        at.find(*two())
        at.inbox.refused_recipients["ops@example.org"] = "451 4.3.0 try again later"
        at.work(3 * MINUTE)
        notice = next(item for item in outbox.listing(store) if item.group is not None)
        assert outbox.unsent(store) == {"owed": 1, "failed": 0}, "one mail waits"
        assert outbox.drop(store, notice.key, "by hand")
        assert {item.state for item in outbox.listing(store)} == {"dropped"}
        at.inbox.refused_recipients.clear()
        at.work(timedelta(hours=3), timedelta(hours=1))
        assert at.mails == []
        assert outbox.retry(store, notice.key, at.clock.now())
        at.work(2 * MINUTE)
        assert len(at.mails) == 1
        assert GROUP_WAIT <= 2 * MINUTE
