"""When did it leave? By the first report after the stay, or at any time since the last one."""

from __future__ import annotations

from typing import Any

import pytest

from collector.landings.departures import departure_after, departure_of_end
from collector.landings.evidence.ends import End
from collector.landings.fields import bearing_to
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, RULES, SECOND, T, blind, fix, ground

OUT: dict[str, Any] = {"vertical_rate_fpm": 1500.0, "track_deg": 0.0}


def left(one: Fix) -> tuple[float, float]:
    """The earliest and the latest departure, in s after it was last heard there."""
    at, uncertainty_s = departure_after(FIELD, T, one, RULES)
    middle = (at - T) / SECOND
    return middle - uncertainty_s, middle + uncertainty_s


def test_without_a_position_it_left_at_any_time() -> None:
    assert left(blind(3600, 9000)) == (0.0, 3600.0)


@pytest.mark.parametrize(
    ("one", "span"),
    [
        # 9 NM are 180 s of a usual flight; ± 60 s and 0.35 of it.
        (fix(3600, 9.0, 3000, **OUT), (3297.0, 3543.0)),
        (fix(250, 9.0, 3000, **OUT), (0.0, 193.0)),
        # Near the field it left just before, whatever it does: 4.4 NM are 88 s.
        (fix(3600, 4.3, 3000), (3423.9, 3600.0)),
        (fix(3600, 4.5, 3000), (0.0, 3528.0)),
        # Else at any time that leaves 0.8 of a usual flight: 144 s.
        (fix(3600, 9.0, 3000), (0.0, 3456.0)),
        (fix(3600, 9.0, 3000, vertical_rate_fpm=149.0, track_deg=0.0), (0.0, 3456.0)),
        (fix(3600, 9.0, 3000, vertical_rate_fpm=150.0, track_deg=0.0), (3297.0, 3543.0)),
        (fix(3600, 9.0, 9999, **OUT), (3297.0, 3543.0)),
        (fix(3600, 9.0, 10_000, **OUT), (0.0, 3456.0)),
        (fix(3600, 9.0, None, **OUT), (0.0, 3456.0)),
        (fix(3600, 9.0, 3000, vertical_rate_fpm=1500.0), (3297.0, 3543.0)),
        (fix(3600, 9.0, 3000, vertical_rate_fpm=1500.0, track_deg=29.0), (3297.0, 3543.0)),
        (fix(3600, 9.0, 3000, vertical_rate_fpm=1500.0, track_deg=31.0), (0.0, 3456.0)),
        (fix(3600, 61.0, 9000, **OUT), (0.0, 2819.0)),
    ],
)
def test_a_climb_out_dates_the_departure(one: Fix, span: tuple[float, float]) -> None:
    assert left(one) == pytest.approx(span, abs=1.0)


def test_no_departure_is_known_better_than_to_seconds() -> None:
    assert left(fix(10, 9.0, 3000)) == (-8.0, 8.0)


def test_a_climb_out_after_a_silence() -> None:
    one = fix(3600, 9.0, 3000, **OUT)
    end = End(one, {"XHER": bearing_to(FIELD, one, departing=True)})
    at, uncertainty_s = departure_of_end(end, "XHER", T, RULES)
    assert ((at - T) / SECOND, uncertainty_s) == pytest.approx((3420.0, 123.0), abs=1.0)
    at, uncertainty_s = departure_of_end(end, "XHER", T + 3500 * SECOND, RULES)
    assert ((at - T) / SECOND, uncertainty_s) == pytest.approx((3521.5, 21.5), abs=1.0)
    run = ground(3600, 0.0, 100.0)
    rolls = End(run, {"XHER": bearing_to(FIELD, run, departing=True)}, rolling="XHER")
    assert departure_of_end(rolls, "XHER", T, RULES) == (run.at, 45.0)
