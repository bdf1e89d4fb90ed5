"""Where was an aircraft seen first? A track that begins on the ground, or climbing out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest

from collector.landings.stop_events import seen_track
from collector.model import Airfield, Candidate, Detection, Grade, Observation
from tests.landings.made_fixes import FIELD, MINUTE, RULES, SECOND, T

NOW = T + 600 * MINUTE


def row(seconds: float, north_nm: float = 0.0, height_ft: float | None = None) -> Observation:
    """A report on the ground at the field, or in the air north of it and climbing."""
    at = T + seconds * SECOND
    return Observation(
        icao24="600865",
        feed="a",
        heard_at=at,
        position_at=at,
        lat_deg=FIELD.lat_deg + north_nm / 60.04,
        lon_deg=FIELD.lon_deg,
        baro_altitude_ft=None if height_ft is None else FIELD.elevation_ft + height_ft,
        on_ground=height_ft is None,
        ground_speed_kt=0.0 if height_ft is None else 180.0,
        track_deg=0.0,
        vertical_rate_fpm=None if height_ft is None else 1500.0,
    )


CLIMB = [row(3720 + 60 * n, 3.0 + 3 * n, 1000 + 1500 * n) for n in range(4)]


def seen(rows: list[Observation], *fields: Airfield) -> tuple[Detection, ...]:
    def near(_: Collection[tuple[float, float]], __: float, ___: str | None) -> list[Airfield]:
        return list(fields or (FIELD,))

    track = seen_track(rows, near, None, RULES, NOW)
    return () if track is None else track.seen


def test_an_aircraft_that_was_first_heard_on_the_ground_was_there() -> None:
    (stay,) = seen([row(0), row(60), row(130), *CLIMB])
    assert (stay.airfield, stay.candidates) == ("XHER", (Candidate("XHER", 0.997),))
    assert (stay.touchdown_at, stay.uncertainty_s) == (T, 0.0)
    assert (stay.visit_from, stay.visit_until) == (T, CLIMB[0].at)
    assert stay.departed_at is not None
    assert T + 130 * SECOND < stay.departed_at < CLIMB[0].at
    assert stay.departed_uncertainty_s is not None
    (line,) = stay.evidence
    assert (line.kind, line.speaks, line.airfield) == ("ground-contact", "for", "XHER")
    assert line.text == "3 reports on the ground at XHER, before which nothing was heard."
    assert stay.feeds == line.feeds == ("a",)
    (stands,) = seen([row(0), row(60), row(130)])
    assert (stands.departed_at, stands.departed_uncertainty_s) == (None, None)
    assert stands.visit_until == T + 130 * SECOND


@pytest.mark.parametrize(
    ("seconds", "grade", "probability"),
    [
        ((0,), Grade.POSSIBLE, 0.6),
        ((0, 60), Grade.PROBABLE, 0.97),
        ((0, 60, 119), Grade.PROBABLE, 0.97),
        ((0, 60, 120), Grade.CONFIRMED, 0.997),
        ((0, 720), Grade.CONFIRMED, 0.997),
    ],
)
def test_how_sure_that_is(seconds: tuple[float, ...], grade: Grade, probability: float) -> None:
    """As of a landing whose approach nobody heard."""
    (stay,) = seen([*map(row, seconds), *CLIMB])
    assert (stay.grade, stay.probability) == (grade, probability)
    text = stay.evidence[0].text
    assert text.startswith("One report" if len(seconds) == 1 else f"{len(seconds)} reports")


def test_an_aircraft_that_was_first_heard_climbing_out_took_off_there() -> None:
    (stop,) = seen(CLIMB)
    assert stop.airfield == "XHER"
    assert {line.kind for line in stop.evidence} & {"approach", "silence"} == set()
    assert any(line.text.startswith("First heard climbing, 3.0 NM") for line in stop.evidence)


def test_what_was_on_the_ground_before_its_first_climb_did_not_begin_with_it() -> None:
    (stop,) = seen([row(0), row(60), *CLIMB])
    assert "First heard" not in " ".join(line.text for line in stop.evidence)


def test_a_field_that_was_closed_that_day_is_none() -> None:
    closed = replace(FIELD, valid_to=date(2026, 1, 1))
    assert seen(CLIMB, closed) == ()
    assert seen([row(0), row(60)], closed) == ()
    assert seen([]) == ()
