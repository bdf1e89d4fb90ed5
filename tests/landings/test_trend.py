"""Was it descending, or climbing? By its own rate, else by the minutes before or after."""

from __future__ import annotations

import pytest

from collector.landings.trend import climbing, descending
from collector.tracking import Fix
from tests.landings.made_fixes import RULES, blind, contacts, fix


@pytest.mark.parametrize(
    ("rate_fpm", "before", "after"),
    [
        (-150.0, True, False),
        (-149.0, True, True),  # no rate decides: it was higher both before and after
        (150.0, True, True),
        (299.0, True, True),
        (300.0, False, True),
        (-299.0, True, True),
        (-300.0, True, False),
        (None, True, True),
    ],
)
def test_its_own_rate_decides_if_it_is_steep(
    rate_fpm: float | None, before: bool, after: bool
) -> None:
    rows = contacts(
        fix(-60, 5.0, 3500), fix(0, 4.0, 3000, vertical_rate_fpm=rate_fpm), fix(60, 5.0, 3500)
    )
    level = contacts(fix(-60, 5.0), fix(0, 4.0, vertical_rate_fpm=rate_fpm), fix(60, 5.0))
    falls = rate_fpm is not None and rate_fpm <= RULES.descent_fpm
    rises = rate_fpm is not None and rate_fpm >= RULES.climb_fpm
    assert descending(rows, 1, RULES) is before
    assert climbing(rows, 1, RULES) is (after or rate_fpm == -150.0)
    assert descending(level, 1, RULES) is falls
    assert climbing(level, 1, RULES) is rises


@pytest.mark.parametrize(
    ("seconds", "height_ft", "higher"),
    [(60, 3500, True), (60, 3499, False), (600, 3500, True), (601, 3500, False), (60, None, False)],
)
def test_without_a_rate_a_height_near_in_time_decides(
    seconds: float, height_ft: float | None, higher: bool
) -> None:
    before: tuple[Fix, ...] = (fix(-seconds, 5.0, height_ft), fix(-30, 4.5), fix(0, 4.0))
    assert descending(contacts(*before), 2, RULES) is higher
    assert not climbing(contacts(*before), 2, RULES)
    after = fix(0, 4.0), fix(30, 4.5), fix(seconds, 5.0, height_ft)
    assert climbing(contacts(*after), 0, RULES) is higher
    assert not descending(contacts(*after), 0, RULES)
    listed = [*contacts(*after)]
    assert climbing(listed, 0, RULES) is higher, "any sequence of contacts"
    unknown = fix(0, 4.0, None), fix(60, 5.0)
    assert not climbing(contacts(*unknown), 0, RULES)
    jammed = contacts(blind(0, 3000), blind(60, 3500))
    assert climbing(jammed, 0, RULES)
