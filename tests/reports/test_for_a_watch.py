"""Does a mail say what holds for the reader's watch: its grade, its doubts, what it counts?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.alerts.counts import standing
from collector.model import Grade, Landing, WatchMatch
from collector.reports.landing.summary import summarise
from collector.reports.mails import alert
from collector.reports.mails.glossary import GRADES
from tests.reports.golden import crossed
from tests.support.landings import AIRFIELDS, CONFIRMED, PROBABLE, WATCH
from tests.support.weeks_told import verdict

OTHER = replace(WATCH, name="other")
DOUBT = "The aircraft had another callsign, so it may be none that watch silkway wants."
SHARED: Landing = replace(
    CONFIRMED,
    watches=(
        WatchMatch(WATCH.name, "callsign AZQ*", counted=True, doubt=DOUBT),
        WatchMatch(OTHER.name, "icao24 600864", counted=True),
    ),
)
"""A sure landing, of which the first watch is not sure that it is about its aircraft."""
POSSIBLE: Landing = replace(
    PROBABLE, detection=replace(PROBABLE.detection, grade=Grade.POSSIBLE, probability=0.4)
)


def test_a_landing_in_doubt_for_one_watch_is_sure_for_the_other() -> None:
    doubted, sure = (summarise(SHARED, AIRFIELDS, "UTC", watch) for watch in (WATCH, OTHER))
    assert doubted.grade.startswith("possible, not counted (")
    assert doubted.remarks == (DOUBT,)
    assert sure.grade.startswith("confirmed (")
    assert sure.remarks == ()
    assert summarise(SHARED, AIRFIELDS, "UTC").remarks == (DOUBT,)


def test_the_grades_of_an_alert_are_those_of_its_watch() -> None:
    counting = replace(WATCH, count_from=Grade.POSSIBLE)
    count = replace(verdict().count, counted=(SHARED,), undetermined=())
    report = replace(crossed(), watch=counting, verdict=replace(verdict(), count=count))
    text = " ".join(alert.render(report).text.split())
    assert "(1 possible)" in text
    assert "confirmed (" not in text


@pytest.mark.parametrize("count_from", list(Grade))
def test_not_counted_is_said_only_where_the_watch_does_not_count_it(count_from: Grade) -> None:
    watch = replace(WATCH, count_from=count_from)
    place = watch.places[0]
    for landing in (POSSIBLE, PROBABLE, CONFIRMED, replace(POSSIBLE, review="confirmed")):
        grade = summarise(landing, AIRFIELDS, "UTC", watch).grade
        assert ("not counted" in grade) is not standing(landing, watch, place), grade
    assert "not counted" not in summarise(POSSIBLE, AIRFIELDS, "UTC").grade
    assert "not counted unless the watch says so" in GRADES
