"""Which classes of flights are simulated, and how often is each? The weights state the shares."""

from __future__ import annotations

from collections.abc import Callable

from . import circuits, overflights, visits
from .script import Script

Play = Callable[[Script], None]

CLASSES: dict[str, tuple[float, Play]] = {
    "visit": (28.0, visits.visit),
    "overnight": (6.0, visits.overnight),
    "arrival-only": (7.0, visits.arrival_only),
    "departure-only": (4.0, visits.departure_only),
    "two-visits": (4.0, visits.two_visits),
    "two-aircraft": (4.0, visits.visit),
    "rotation": (3.0, visits.rotation),
    "hop": (4.0, visits.hop),
    "go-around": (3.0, visits.go_around),
    "low-pass": (2.5, visits.low_pass),
    "touch-and-go": (2.0, visits.touch_and_go),
    "diversion": (3.0, visits.diversion),
    "overflight-high": (6.0, overflights.overflight_high),
    "overflight-low": (5.0, overflights.overflight_low),
    "overflight-elsewhere": (4.0, overflights.overflight_elsewhere),
    "return-south": (6.0, overflights.return_south),
    "never-there": (6.0, overflights.never_there),
}
"""Name → (weight, function that flies it). Classes with a target draw it; see `cases`."""

ON_REQUEST: dict[str, tuple[float, Play]] = {
    "pattern": (2.0, circuits.pattern),
    "quick-turn": (2.0, circuits.quick_turn),
}
"""Classes that are flown only in a world that asks for them (`altered`)."""
