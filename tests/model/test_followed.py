"""Do spans hold the same time, however they are put together?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collector.model.followed import Span, holds, joined, touches

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
days = st.integers(0, 12).map(lambda number: START + number * DAY)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """From one day to a later one, where not from ever or for ever."""
    begin, end = sorted(draw(st.sets(days, min_size=2, max_size=2)))
    return draw(st.sampled_from([(begin, end), (None, end), (begin, None), (None, None)]))


@given(st.lists(spans(), max_size=6), st.integers(-1, 13), st.integers(1, 4))
def test_joined_spans_hold_what_the_single_ones_hold(
    given_spans: list[Span], first: int, count: int
) -> None:
    found = joined(given_spans)
    each_day = [START + number * DAY for number in range(first, first + count)]
    held = [any(holds((span,), day, day + DAY) for span in given_spans) for day in each_day]
    assert holds(found, each_day[0], each_day[-1] + DAY) is all(held)
    assert touches(found, each_day[0], each_day[-1] + DAY) is any(held)
    assert joined(found) == found
    assert all(
        one[1] is not None and other[0] is not None and one[1] < other[0]
        for one, other in pairwise(found)
    )
