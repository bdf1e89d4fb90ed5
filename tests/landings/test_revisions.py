"""What does the history of a landing say of each change? Kind, reason, and what the landing was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from collector.landings.reconcile import AircraftIdentity, dated_by
from collector.landings.rules import RULES_VERSION
from collector.model import Candidate, Grade, Revision
from collector.model.landing import LandingBefore
from tests.landings.test_reconcile import (
    DOUBTED,
    HOUR,
    LATER,
    WATCHED,
    detection,
    reconciled,
    stored_landing,
)
from tests.support.flights import START
from tests.support.unheard import arrived_between

LLER: dict[str, Any] = {"airfield": "LLER", "candidates": (Candidate("LLER", 0.95),)}
EITHER: dict[str, Any] = {
    "airfield": None,
    "candidates": (Candidate("LLER", 0.5), Candidate("LLOV", 0.4)),
}


@pytest.mark.parametrize(
    ("derived", "change", "reason"),
    [
        ({"grade": Grade.CONFIRMED}, "upgraded", "from probable to confirmed"),
        ({"grade": Grade.POSSIBLE}, "downgraded", "from probable to possible"),
        (LLER, "moved", "from LLOV to LLER"),
        (EITHER, "moved", "from LLOV to LLER or LLOV"),
        ({**LLER, "grade": Grade.POSSIBLE}, "moved", "from LLOV to LLER"),
        (
            {"touchdown_at": START + timedelta(seconds=31)},
            "retimed",
            "touchdown moved from 2026-11-22 08:00:00 UTC",
        ),
        ({"touchdown_at": START + timedelta(seconds=30)}, None, None),
        ({"callsign": "AZQ1"}, None, None),
        (None, "retracted", "reports received since then leave no landing there"),
    ],
)
def test_what_an_editor_sees_of_a_landing_says_how_it_changed(
    derived: dict[str, Any] | None, change: str | None, reason: str | None
) -> None:
    """And the revision keeps what the landing was, so that an earlier count can be told again."""
    before = stored_landing()
    now = [] if derived is None else [detection(**derived)]
    ((landing, revision),) = reconciled([before], now, LATER)
    if change is None:
        assert revision is None
        assert landing == replace(before, detection=now[0])
        return
    retimed = change == "retimed"
    assert revision == Revision(
        landing_id=before.id,
        at=LATER,
        change=change,
        reason=reason or "",
        rules_version=RULES_VERSION,
        touchdown_before=START if retimed else None,
        before=LandingBefore(
            grade=Grade.PROBABLE,
            airfield="LLOV",
            candidates=(Candidate("LLOV", 0.95),),
            probability=0.95,
            retracted=False,
            watches=WATCHED.watches,
        ),
    )
    assert (landing.revised_at, landing.first_known_at) == (LATER, START)
    ((_, again),) = reconciled([before], now, LATER, judged_again=True)
    prefix = f"judged by rules {RULES_VERSION}: "
    if change == "retracted":  # no report can be the cause
        reason = "the stored reports show no landing there"
    assert again == replace(revision, reason=f"{prefix}{reason}")


def test_a_landing_that_is_found_says_how_sure_and_where() -> None:
    ((landing, revision),) = reconciled([], [detection(**EITHER)])
    assert revision == Revision(
        landing.id, START, "found", "probable at LLER or LLOV", RULES_VERSION
    )
    ((_, again),) = reconciled([], [detection(**EITHER)], judged_again=True)
    assert again is not None
    assert again.judged_again
    unshown = [detection(callsign="AZQ1")]
    assert reconciled([stored_landing()], unshown, judged_again=True)[0][1] is None


def test_a_landing_that_comes_back_says_as_what() -> None:
    gone = replace(stored_landing(), retracted=True)
    ((back, revision),) = reconciled([gone], [detection(grade=Grade.CONFIRMED)], LATER)
    assert revision is not None
    assert revision.reason == "derived again as confirmed at LLOV"
    assert revision.before is not None
    assert revision.before.retracted
    assert back.revised_at == LATER


UNSEEN = arrived_between(detection(), START - HOUR, START + HOUR)


@pytest.mark.parametrize("stays", ["37 stays to 2026-11-22", ""])
def test_other_lengths_of_stays_date_an_arrival_anew_and_say_so(stays: str) -> None:
    landing = replace(stored_landing(), detection=UNSEEN)
    earlier = arrived_between(UNSEEN, START - HOUR, START)
    changed, revision = dated_by(landing, earlier, WATCHED, stays=stays, now=LATER)
    assert changed == replace(landing, detection=earlier, revised_at=LATER)
    assert revision is not None
    assert revision.change == "retimed"
    source = stays or "too few heard stays are left"
    told = f"touchdown moved from 2026-11-22 08:00:00 UTC, by how long aircraft stay ({source})"
    assert revision.reason == told
    assert (revision.touchdown_before, revision.unheard_before) == (START, UNSEEN.unheard)


@pytest.mark.parametrize(
    ("retracted", "earlier"), [(True, START - HOUR), (False, START - timedelta(seconds=6))]
)
def test_a_new_date_that_nobody_is_shown_changes_the_landing_in_silence(
    retracted: bool, earlier: datetime
) -> None:
    landing = replace(stored_landing(), detection=UNSEEN, retracted=retracted)
    dated = replace(UNSEEN, touchdown_at=earlier)
    found = dated_by(landing, dated, WATCHED, stays="", now=LATER)
    assert found == (replace(landing, detection=dated), None)


def test_matches_hold_for_the_new_touchdown_or_stay_as_they_were() -> None:
    landing = replace(stored_landing(), detection=UNSEEN)
    doubted = replace(WATCHED, judged=lambda _, before: DOUBTED if before else ())
    changed, revision = dated_by(landing, UNSEEN, doubted, stays="", now=LATER)
    assert changed.watches == DOUBTED
    assert revision is not None
    assert revision.change == "downgraded"
    nobody = AircraftIdentity(None, None, ())
    assert dated_by(landing, UNSEEN, nobody, stays="", now=LATER) == (landing, None)
