"""Does a defect in one aircraft's derivation cost no other aircraft anything, and is it told?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from collector.daemon.jobs import Jobs
from collector.landings.detect import detect
from collector.queries.health import silent_after
from collector.queries.snapshot import Shares, Snapshot
from collector.store import conditions, landings
from tests.support.desk import Desk, desk
from tests.support.sky import Sky, Visit

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OTHER = "600866"
SECRET = "s3cret-of-an-exception"
LANDS_AT = WEDNESDAY + 20 * MINUTE
TWO = Sky(
    (
        Visit(lands_at=LANDS_AT, heard_above_ft=4000.0),
        Visit(lands_at=LANDS_AT + MINUTE, icao24=OTHER, callsign="AZQ4802"),
    )
)
BOTH = f"""
[[watch]]
name = "other"
places = ["LLOV"]
icao24 = ["{OTHER}"]
recipients = ["ops"]
"""


def found(at: Desk) -> set[str]:
    return {landing.detection.icao24 for landing in landings.find(at.store)}


def test_a_defect_costs_no_other_aircraft_anything_and_is_told_until_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defective(reports: Any, *rest: Any, **named: Any) -> Any:
        if any(report.icao24 == "600865" for report in reports):
            raise ZeroDivisionError(f"a defect, which quotes {SECRET}")
        return detect(reports, *rest, **named)

    monkeypatch.setattr("collector.pipeline.derivation.detect", defective)
    with desk(tmp_path, WEDNESDAY, TWO, extra=BOTH) as at, capture_logs() as logged:
        at.work(LANDS_AT + 2 * HOUR, MINUTE)
        assert found(at) == {OTHER}
        (opened,) = conditions.open_conditions(at.store)
        assert (opened.kind, opened.subject) == ("derivation", "600865")
        assert opened.detail.startswith("ZeroDivisionError at test_failed_derivations.py:")
        assert not at.jobs.services.health.all_well()
        failures = [each for each in logged if each["event"] == "derivation failed"]
        assert [bool(each["exc_info"]) for each in failures].count(True) == 1
        assert at.jobs.services.pipeline.derivation.next_wakeup() is not None

        monkeypatch.setattr("collector.pipeline.derivation.detect", detect)
        at.work(LANDS_AT + 2.5 * HOUR, MINUTE)
        assert found(at) == {OTHER, "600865"}
        assert at.jobs.services.health.all_well()
        told = [key for key in at.owed() if key.startswith("condition:derivation:600865")]
        assert [key.rsplit(":", 2)[1] for key in told] == ["begin", "end"]
    kept = b"".join(each.read_bytes() for each in (tmp_path / "var").glob("collector.sqlite*"))
    assert SECRET.encode() not in kept


def test_polls_that_a_budget_keeps_apart_are_not_called_silent(tmp_path: Path) -> None:
    """144 requests a day are a round of two each 20 minutes, 22 if the day began with retries."""
    with desk(tmp_path, WEDNESDAY, Sky(), per_day=144) as at:
        at.work(WEDNESDAY + HOUR, MINUTE)
        jobs: Jobs = at.jobs
        assert jobs.pollers["adsblol"].usual_interval() == 20 * MINUTE
        whole = jobs.services
        coverage = whole.weeks.coverage
        snapshot = Snapshot(whole.settings, at.store, at.clock.now(), Shares(), coverage)
        assert silent_after(snapshot) == 30 * MINUTE
        assert jobs._all_is_well()
