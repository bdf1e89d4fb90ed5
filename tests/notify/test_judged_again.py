"""Do new rules judge the stored landings again, each once, and do they tell it in one mail?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE

import pytest
from click.testing import CliRunner

from collector.cli import main
from collector.daemon import jobs
from collector.landings.rules import RULES_VERSION
from collector.model.review import Review
from collector.pipeline.reviews import apply_review
from collector.queries.status import judged_row
from collector.reports.judged import judged_line
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, alerts, judged, landings, outbox
from tests.pipeline.reviewed import DOWN, lost_high
from tests.store.samples import content
from tests.support.desk import desk
from tests.support.rules_four import (
    MATCHES,
    cruise_with_one_ground_row,
    store_false_landing,
    store_landing,
    store_true_landing,
)
from tests.support.sky import Sky
from tests.support.station import ROOT, Station

FIRST = datetime(2026, 9, 7, 12, tzinfo=UTC)
"""A Monday."""
WEEK = timedelta(weeks=1)
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MAIL = f"judged-again:{RULES_VERSION}:ops"


@contextmanager
def services(station: Station) -> Iterator[Services]:
    with Store.open(station.database) as store:
        yield build_services(load(station.config, environ={}), store)


def judge_all(here: Services, now: datetime = NOW) -> int:
    """Judge whatever waits; return the number of steps."""
    steps = 0
    while here.judging_again.judge_next(now):
        steps += 1
    return steps


def keys(store: Store) -> list[str]:
    return sorted(item.key for item in outbox.listing(store))


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def test_false_ones_are_withdrawn_true_ones_stay_and_one_mail_says_so(station: Station) -> None:
    with services(station) as here:
        true = store_true_landing(here, FIRST)
        false = [store_false_landing(here, FIRST + number * WEEK) for number in (2, 4)]
        mailed = keys(here.store)
        for week in ("2026-W37", "2026-W39", "2026-W41"):
            assert f"alert:w:one:{week}:crossed:1:ops" in mailed
        reports = content(here.store, "observations", "slots", "conflicts")
        assert judged_line(judged_row(here.store)).startswith("0 of 3 stored landings judged by")
        judge_all(here)

        assert landings.find(here.store) == [true]
        for one in false:
            after = landings.get(here.store, one.id)
            assert after is not None
            assert after.retracted
            assert after.detection == one.detection
            revision = landings.history(here.store, one.id)[-1]
            assert revision.judged_again
            assert revision.rules_version == RULES_VERSION
            assert revision.reason.startswith(f"judged by rules {RULES_VERSION}: the stored")
        assert len(landings.history(here.store, true.id)) == 1
        assert content(here.store, "observations", "slots", "conflicts") == reports

        assert keys(here.store) == sorted([*mailed, MAIL])
        item = outbox.get(here.store, MAIL)
        assert item is not None
        message = item.owed.message
        assert message.subject == f"2 landings corrected: judged again by rules {RULES_VERSION}"
        assert message.text.count("was withdrawn (judged by") == 2
        unseen = "corrected to none that we know of, but we could not see, week 39"
        assert unseen in " ".join(message.text.split())
        assert unseen in message.html
        # Nothing else is said later, neither by time nor by another evaluation.
        here.alert_evaluator.evaluate(NOW)
        here.alert_evaluator.evaluate_day_end(NOW + 24 * HOUR)
        assert judge_all(here, NOW + HOUR) == 0
    with services(station) as here:
        assert judge_all(here, NOW + HOUR) == 0
        assert keys(here.store) == sorted([*mailed, MAIL])
        states = alerts.load_states(here.store, "w")
        assert [state.status.value for state in states] == ["resolved", "ok", "ok"]


def test_landings_without_reports_and_reviews_stay(station: Station) -> None:
    with services(station) as here:
        gone = store_landing(here, FIRST, FIRST - HOUR, FIRST + HOUR)
        reviewed = store_false_landing(here, FIRST + WEEK)
        verdict = Review(
            at=FIRST + 2 * WEEK, by="Anna", verdict="confirmed", note="Seen there.", airfield="LLOV"
        )
        apply_review(here.store, here.alert_evaluator, reviewed.id, verdict)
        judge_all(here)
        assert landings.get(here.store, gone.id) == gone
        after = landings.get(here.store, reviewed.id)
        assert after is not None
        assert after.reviewed == verdict
        assert after.stands
        assert judged_line(judged_row(here.store)) == (
            f"1 of 2 stored landings judged by rules {RULES_VERSION}; "
            "1 stays as it was: its reports are not stored"
        )


def test_reports_of_other_days_do_not_withdraw_a_landing_whose_own_are_gone(
    station: Station,
) -> None:
    with services(station) as here:
        store_true_landing(here, FIRST)
        store_true_landing(here, FIRST + 40 * HOUR)
        gone = store_landing(
            here, FIRST + 20 * HOUR, FIRST + 19 * HOUR, FIRST + 22 * HOUR, ordinal=2
        )
        judge_all(here)
        assert landings.get(here.store, gone.id) == gone
        assert judged_row(here.store)["reports_gone"] == 1


def test_a_poll_before_the_turn_of_a_landing_brings_no_correction_mail(station: Station) -> None:
    with services(station) as here:
        at = NOW - 2 * HOUR
        false = store_false_landing(here, at)
        mailed = keys(here.store)
        news = cruise_with_one_ground_row(NOW + 3 * HOUR)[:5]
        here.pipeline.store_reports([(each, MATCHES) for each in news], (), news[-1].at)
        revision = landings.history(here.store, false.id)[-1]
        assert revision.change == "retracted"
        assert revision.judged_again
        assert keys(here.store) == mailed
        judge_all(here, NOW + 4 * HOUR)
        assert keys(here.store) == sorted([*mailed, MAIL])


def test_a_silence_not_yet_judged_is_news_all_the_same(station: Station) -> None:
    with services(station) as here:
        before = store_true_landing(here, DOWN - 24 * HOUR)
        lost = lost_high()
        here.pipeline.store_reports([(each, MATCHES) for each in lost], (), lost[-1].at)
        judged.mark_judged(here.store, [before.id], "4")
        mailed = keys(here.store)
        judge_all(here, DOWN + 3 * HOUR)
        assert judged_row(here.store)["waiting"] == 0
        assert landings.find(here.store) == [before]
        assert keys(here.store) == mailed
        (change,) = here.pipeline.derivation.settle(DOWN + 3 * HOUR)
        assert change.revision is not None
        assert (change.revision.change, change.revision.judged_again) == ("found", False)


def test_the_digest_has_them_in_one_section(station: Station) -> None:
    with services(station) as here:
        for number in range(3):
            store_false_landing(here, FIRST + number * WEEK)
        judge_all(here)
        watch = here.settings.watches[0]
        text = here.digests.message([watch], "2026-W46", NOW + HOUR).text
        part = " ".join(text.split("CORRECTIONS")[1].split("LANDINGS")[0].split())
        assert f"Stored landings were judged again by rules {RULES_VERSION}: 3 withdrawn." in part
        assert part.count("judged by rules") == 3
        assert "None." not in part


def test_killed_in_between_the_daemon_goes_on(station: Station) -> None:
    with services(station) as here:
        for number in range(4):
            store_false_landing(here, FIRST + number * WEEK)
        mailed = keys(here.store)
    command = [sys.executable, "-m", "tests.notify.judging_victim", str(station.config)]
    with subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert "inside" in process.stdout.readline()
        finally:
            process.kill()
    with Store.open(station.database, read_only=True) as reader:
        row = judged_row(reader)
        assert 0 < row["judged"] < row["stored"] == 4
        assert len(landings.find(reader)) == row["waiting"]
        assert keys(reader) == mailed
    with desk(station.folder, NOW, Sky()) as at:
        at.jobs.judge_again()
        assert keys(at.store) == sorted([*mailed, MAIL])
        histories = [
            [revision.change for revision in landings.history(at.store, one.id)]
            for one in landings.find(at.store, include_retracted=True)
        ]
        assert histories == [["found", "retracted"]] * 4
        at.jobs.judge_again()
        assert keys(at.store) == sorted([*mailed, MAIL])
    (document,) = station.json("status")
    assert (document["judged"]["judged"], document["judged"]["waiting"]) == (4, 0)


def test_a_citation_of_which_several_landings_are_judged_again_gets_one_mail(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "JUDGED_AT_ONCE", 1)
    with services(station) as here:
        for number in range(4):
            store_false_landing(here, FIRST + number * WEEK)
    done = CliRunner().invoke(
        main,
        [
            *("--config", str(station.config), "cite", "--watch", "w"),
            *("--from", "2026-09-01", "--to", "2026-09-30"),
        ],
        catch_exceptions=False,
    )
    assert done.stdout.startswith("At least 4 landings"), done.output
    with desk(station.folder, NOW, Sky()) as at:
        for _ in range(6):
            at.jobs.judge_again()
            at.jobs.check_citations()
        cited = [key for key in keys(at.store) if key.startswith("cited:")]
        assert len(cited) == 1
        mail = outbox.get(at.store, cited[0])
    assert mail is not None
    assert "now could not see" in mail.owed.message.subject


def test_a_command_judges_where_no_daemon_runs(station: Station) -> None:
    with services(station) as here:
        store_false_landing(here, FIRST)
    head = ["--config", str(station.config)]
    line = f"1 of 1 stored landings judged by rules {RULES_VERSION}\n"
    done = CliRunner().invoke(main, [*head, "db", "judge"], catch_exceptions=False)
    assert done.stderr.endswith(line)
    shown = CliRunner().invoke(main, [*head, "status"], catch_exceptions=False)
    assert line in shown.stdout
