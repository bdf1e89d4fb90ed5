"""Do times and shares mislead nobody, in any zone?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.reports import formatting
from collector.reports.landing.links import airfield_links, landing_links
from collector.reports.mails import condition
from tests.reports.golden import blind
from tests.support.landings import OVDA, PROBABLE, TOUCHDOWN


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "Wed 18 Nov 2026, 12:05 UTC"),
        ("Asia/Jerusalem", "Wed 18 Nov 2026, 14:05 IST (12:05 UTC)"),
        ("Pacific/Auckland", "Thu 19 Nov 2026, 01:05 NZDT (Wed 18 Nov 12:05 UTC)"),
        ("Asia/Baku", "Wed 18 Nov 2026, 16:05 UTC+04 (12:05 UTC)"),
    ],
)
def test_a_moment_is_local_first_and_utc_beside_it(zone: str, expected: str) -> None:
    assert formatting.moment(TOUCHDOWN, zone) == expected


@given(st.floats(0, 1))
def test_a_share_is_never_all_or_nothing_unless_it_is(share: float) -> None:
    text = formatting.percent(share)
    assert (text == "100%") == (share == 1)
    assert (text == "0%") == (share == 0)


@given(st.floats(0, 10_000_000))
def test_an_uncertainty_is_never_too_narrow(uncertainty_s: float) -> None:
    number, unit = formatting.give_or_take(uncertainty_s)[1:].split()
    seconds = {"s": 1, "min": 60, "h": 3600, "d": 86400}[unit]
    assert float(number) * seconds >= uncertainty_s * (1 - 1e-9)


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_duration_is_never_empty_and_never_overflows_its_unit(span: timedelta) -> None:
    text = formatting.duration(span)
    assert text
    assert text not in {"60 s", "60 min"}
    assert " 60 min" not in text
    assert " 24 h" not in f" {text}"


def test_links_reach_every_day_that_the_visit_touches() -> None:
    urls = [link.url for link in landing_links(PROBABLE)]
    assert urls == [
        "https://globe.adsb.lol/?icao=600865&showTrace=2026-11-18",
        "https://globe.adsbexchange.com/?icao=600865&showTrace=2026-11-18",
    ]
    overnight = landing_links_until(TOUCHDOWN + timedelta(hours=14))
    assert any("2026-11-19" in url for url in overnight)


def landing_links_until(departed_at: datetime) -> list[str]:
    stayed = replace(PROBABLE, detection=replace(PROBABLE.detection, departed_at=departed_at))
    return [link.url for link in landing_links(stayed)]


def test_an_airfield_is_shown_live_and_on_a_map() -> None:
    live, on_map = airfield_links(OVDA)
    assert live.url == "https://globe.adsb.lol/?lat=29.9403&lon=34.9358&zoom=11"
    assert "29.9403/34.9358" in on_map.url


@pytest.mark.parametrize("kind", condition.ConditionKind)
def test_every_condition_has_words_for_its_beginning_and_its_end(
    kind: condition.ConditionKind,
) -> None:
    begins = condition.render(replace(blind(), kind=kind))
    ends = condition.render(replace(blind(datetime(2026, 11, 18, 9, tzinfo=UTC)), kind=kind))
    assert begins.subject.startswith("Condition: ")
    assert ends.subject.startswith("Condition over: ")
    assert "What to do" in begins.text
    assert "6 h in all" in ends.text
