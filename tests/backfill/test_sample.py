"""Is the sample fixed, of the given share, and of the region's aircraft?"""

from __future__ import annotations

import pytest

from collector.backfill.sample import ALL_ADDRESSES, STATES, Sample, ranges, region_of
from tests.support.flights import LLER, LLOV, OJAQ
from tests.support.past import AIRLINERS

ISRAEL = (("738000", "73ffff"),)
MANY = [f"{number:06x}" for number in range(0x738000, 0x738000 + 20_000)]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.25, 1.0])
def test_a_share_of_the_addresses(share: float) -> None:
    chosen = sum(icao24 in Sample(share, ISRAEL) for icao24 in MANY)
    assert chosen == pytest.approx(share * len(MANY), rel=0.1)


def test_it_is_the_same_for_ever() -> None:
    """Changing it makes past coverage of one archive disagree with that of the next."""
    assert [one for one in AIRLINERS if one in Sample(0.25, ISRAEL)] == ["738002", "738005"]


def test_a_larger_sample_holds_the_smaller_one() -> None:
    small = {one for one in MANY if one in Sample(0.1, ISRAEL)}
    assert small <= {one for one in MANY if one in Sample(0.3, ISRAEL)}


def test_only_of_its_ranges() -> None:
    assert "600865" not in Sample(1.0, ISRAEL)
    assert "600865" in Sample(1.0)
    assert "73ffff" in Sample(1.0, ISRAEL)


def test_the_region_is_the_states_with_an_airfield_near() -> None:
    near = region_of([LLOV], [LLOV, LLER, OJAQ], 100)
    assert near == tuple(sorted((STATES["LL"], STATES["OJ"])))
    assert region_of([LLOV], [LLOV, LLER, OJAQ], 15) == (STATES["LL"],)


def test_where_a_state_is_not_known_everybody_is_of_the_region() -> None:
    from dataclasses import replace

    there = replace(LLOV, icao="EDDF")
    assert region_of([there], [there], 100) == ALL_ADDRESSES


@pytest.mark.parametrize("text", ["", "738000", "73ffff-738000", "73800-73fff0", "x-y"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a range of addresses"):
        ranges(text)
