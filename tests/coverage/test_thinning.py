"""Does coverage stay the same when slots are thinned?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.coverage.share import coverage, states
from collector.coverage.thinning import thinned
from collector.model.coverage import SLOT, CoverageSlot, join
from tests.support.landings import OVDA, RAMON

BEGIN = datetime(2026, 11, 18, tzinfo=UTC)
FIELDS = (OVDA, RAMON)

cells = st.dictionaries(
    st.tuples(st.integers(112, 126), st.integers(132, 146), st.integers(0, 8)),
    st.integers(0, 3),
    max_size=12,
)
slots = st.lists(
    st.builds(
        CoverageSlot,
        feed=st.sampled_from(["one", "two"]),
        begins_at=st.integers(0, 30).map(lambda number: BEGIN + number * SLOT),
        alive_minutes=st.integers(0, 31),
        area_minutes=st.integers(0, 31),
        failed_minutes=st.integers(0, 31),
        aircraft=st.integers(0, 9),
        unplaced=st.integers(0, 9),
        cells=cells,
    ),
    max_size=25,
    unique_by=lambda slot: (slot.feed, slot.begins_at),
)


@settings(max_examples=50)
@given(slots, st.integers(0, 20), st.integers(1, 30))
def test_states_shares_and_heights_stay_the_same_at_every_airfield(
    whole: list[CoverageSlot], first: int, count: int
) -> None:
    thin = [thinned(slot, FIELDS) for slot in whole]
    begin, end = BEGIN + first * SLOT, BEGIN + (first + count) * SLOT + timedelta(minutes=2)
    for field in FIELDS:
        assert states(thin, field, begin, end) == states(whole, field, begin, end)
        assert coverage(thin, field, begin, end) == coverage(whole, field, begin, end)
    assert all(len(slot.cells) <= len(FIELDS) for slot in thin)
    assert [thinned(slot, reversed(FIELDS)) for slot in thin] == thin
    back = [join(slot, again) for slot, again in zip(thin, whole, strict=True)]
    assert [coverage(back, OVDA, begin, end)] == [coverage(whole, OVDA, begin, end)]


def test_who_stands_on_a_neighbouring_airfield_does_not_displace_who_flies_low() -> None:
    aqaba, low = (118, 140, 0), (119, 140, 4)
    whole = CoverageSlot(
        feed="one",
        begins_at=BEGIN,
        alive_minutes=1,
        area_minutes=1,
        aircraft=2,
        cells={aqaba: 1, low: 1},
    )
    thin = thinned(whole, [OVDA])
    assert list(thin.cells) == [low]
    assert coverage([thin], OVDA, BEGIN, BEGIN + SLOT).seen == 1.0
