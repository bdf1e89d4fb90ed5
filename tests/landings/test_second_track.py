"""Do two aircraft under one address say so?"""

from __future__ import annotations

from datetime import timedelta

from collector.model import Grade
from tests.landings.test_physics import MINUTE, TOUCHDOWN, found, two_days
from tests.support.flights import LLOV, hear, overflight


def test_two_steady_tracks_under_one_address_say_so() -> None:
    """One lands at Ovda while the other flies on, far away, in every second reply."""
    flown, _ = two_days()
    other = hear(
        overflight(LLOV, TOUCHDOWN + 60 * MINUTE, altitude_ft=35_000.0),
        [each.at + timedelta(seconds=7) for each in flown],
    )
    other = [each for each in other if abs((each.lat_deg or 0.0) - LLOV.lat_deg) > 2.0]
    assert len(other) > 20
    (landing,) = [each for each in found([*flown, *other]) if each.airfield == "LLOV"]
    assert landing.grade is Grade.PROBABLE
    assert any(line.kind == "two-tracks" for line in landing.evidence)
    assert abs(landing.touchdown_at - TOUCHDOWN) <= timedelta(seconds=landing.uncertainty_s)
