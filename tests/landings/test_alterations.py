"""May one wrong row, some minutes of frozen positions or a late feed change another landing? They
may not, nor make one that is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.alterations import (
    KINDS,
    altered,
    compared,
    landings_of,
    track_of,
)


@pytest.mark.parametrize("seed", range(16))
def test_one_wrong_thing_changes_no_other_landing_and_makes_none(seed: int) -> None:
    """`python bench/alterations.py` tries a hundred thousand."""
    track = track_of(seed)
    base = landings_of(track.reports)
    for number in range(6):
        wrong = altered(track.reports, seed * 1000 + number)
        result = compared(base, landings_of(wrong.reports), wrong)
        assert not result.others, (track.name, wrong.kind, result.others)
        assert not result.created, (track.name, wrong.kind, result.created)


@pytest.mark.parametrize("kind", KINDS)
def test_a_landing_on_many_rows_survives_each_kind(kind: str) -> None:
    """Polled each minute to the ground, three visits in three days: whatever is altered once, each
    of them is counted at its field within its stated error."""
    track = track_of(12)
    assert "above 0 ft" in track.name
    base = landings_of(track.reports)
    assert len(base) == 3
    for seed in range(4):
        wrong = altered(track.reports, seed, kind=kind)
        result = compared(base, landings_of(wrong.reports), wrong)
        assert result == type(result)(), (wrong.kind, seed, result)
        assert wrong.end - wrong.begin <= timedelta(hours=2)
