"""Can one surface say what another denies? Each is compared with what is true in the scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.surfaces.doors import Doors
from tests.surfaces.landing_readings import truth_of
from tests.surfaces.meanings import alert_of, count_of
from tests.surfaces.table import PAGE, Said, page, said_by_all, scenario
from tests.surfaces.truth import LANDINGS, STOPS_BEFORE, TOTAL, WEEKS, TrueWeek

NEAR = 0.012
"""Half a percent is lost by rounding; in the week of 25 hours on Sunday a slot weighs less."""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with scenario(tmp_path_factory.mktemp("scenario")) as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(doors: Doors) -> Said:
    return said_by_all(doors)


def test_no_surface_denies_what_another_says(asked: Said) -> None:
    for week, readings in zip(WEEKS, asked.weeks, strict=True):
        for name, said in readings.items():
            where = (week.key, name, said)
            if said.count:
                found = count_of(said.count)
                assert (found.least, found.most) == (week.count.least, week.count.most), where
                assert found.sight in ("", week.count.sight), where
                tells = "bar" not in said.count
                assert found.sight or not tells or week.count.sight != "not seen", where
            if said.share:
                assert abs(_share(said.share) - _true_share(week)) < NEAR, where
            if said.alert:
                assert alert_of(said.alert) == week.alert, where


def _share(words: str) -> float:
    return float(words.removesuffix("%")) / (100 if words.endswith("%") else 1)


def _true_share(week: TrueWeek) -> float:
    return week.share if week.low else 0.0


def test_every_total_holds_the_landing_of_one_of_two_weeks(asked: Said) -> None:
    for name, said in asked.total.items():
        found = count_of(said)
        assert found.least == TOTAL.least, (name, said)
        assert found.most == TOTAL.most or said.startswith("at least"), (name, said)


@pytest.mark.parametrize("number", range(len(LANDINGS)), ids=lambda n: LANDINGS[n].name)
def test_no_surface_denies_what_another_says_of_a_landing(asked: Said, number: int) -> None:
    landing = LANDINGS[number]
    truth = truth_of(landing)
    for name, said in asked.landings[number].items():
        assert dict(said) == {fact: truth.get(fact, "") for fact in said}, (landing.name, name)


def test_every_surface_counts_the_same_previous_stops(asked: Said) -> None:
    for name, said in asked.stops.items():
        unknown = {"`landings`, note below": 4}.get(name, 1 if "week 43" in name else 3)
        counts = STOPS_BEFORE | {"not known": unknown}
        assert said == ", ".join(f"{where} {number}" for where, number in counts.items()), name


def test_every_surface_tells_apart_the_aircraft_whose_final_leg_was_not_seen(asked: Said) -> None:
    assert set(asked.final_leg.values()) == {"1"}, asked.final_leg


def test_only_a_week_that_was_seen_is_called_quiet(doors: Doors) -> None:
    for week in WEEKS:
        digest = doors.digest(week)
        _, report_page, row = doors.report_of(week)
        texts = (digest.text, digest.html, digest.subject, report_page, json.dumps(row))
        for text in texts:
            words = " ".join(text.split())
            if week.count.most or week.count.sight == "not seen":
                assert not re.search(r"\bno landing\b(?! says)|: none seen", words, re.IGNORECASE)
            assert ("None seen." in words) <= (week.count.sight == "seen")
        assert (row["not_seen"] is None) == (week.count.sight != "not seen")


def test_the_page_in_docs_is_what_they_say_now(asked: Said) -> None:
    kept = PAGE.read_text(encoding="utf-8")
    assert page(asked) == kept, "if this is better: python -m tests.surfaces.table, and read it"
