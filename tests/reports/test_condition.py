"""Does a mail about a condition promise only what happens, with one feed or several?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collector.reports.mails.condition import ConditionKind, ConditionReport, render, title_of

BEGAN = datetime(2026, 11, 18, 3, tzinfo=UTC)


def said(kind: ConditionKind, **facts: object) -> str:
    report = ConditionReport(kind=kind, subject="adsblol", began_at=BEGAN, **facts)  # type: ignore[arg-type]
    return " ".join(render(report).text.split())


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (
            (),
            "No other feed can be polled: until then nothing is received, and landings go unseen.",
        ),
        (("own",), "The other feed is polled as before (own); aircraft that only this feed"),
        (("own", "opensky"), "The other feeds are polled as before (own, opensky); aircraft"),
    ],
)
def test_other_feeds_go_on_only_where_there_are_some(others: tuple[str, ...], words: str) -> None:
    text = said(ConditionKind.FEED_REFUSED, other_feeds=others)
    assert words in text
    assert ("other feeds" in text) == (len(others) > 1)


def test_recordings_are_promised_only_where_they_are_made() -> None:
    with_recordings = said(ConditionKind.DATABASE, recorded=True)
    assert "are recorded as long as the disk accepts that" in with_recordings
    assert "replay the recordings made since with `collector replay`" in with_recordings
    without = said(ConditionKind.DATABASE)
    assert "They are not recorded" in without
    assert "if the daemon ends before, they are lost" in without
    assert "replay" not in without


def test_a_condition_that_is_not_known_yet_has_a_title() -> None:
    assert title_of("feed-refused", "own") == "Feed own refuses our requests"
    assert title_of("of a newer collector", "x") == "Condition of a newer collector: x"


def test_airfields_have_their_names() -> None:
    report = ConditionReport(
        kind=ConditionKind.BLIND, subject="LLOV, LLER", called="Ovda and Ramon", began_at=BEGAN
    )
    mail = render(report)
    assert mail.subject == "Condition: No reception at Ovda and Ramon"
    assert "LLOV" not in mail.text
