"""Which values do all packages share? The nouns: report, reply, coverage, landing, watch, notice.

All values are frozen. Units are part of the names, times end in `_at` and are aware UTC, and None
means "not reported", never zero. An `icao24` is six lower-case hexadecimal digits.
"""

from __future__ import annotations

from collector.model.arrival import Arrival
from collector.model.landing import (
    Candidate,
    Detection,
    Evidence,
    Grade,
    Landing,
    Revision,
    WatchMatch,
    likeliest_first,
)
from collector.model.observation import STALE_AFTER, Observation, Source
from collector.model.watch import (
    Aircraft,
    Airfield,
    ListedRunways,
    Place,
    Recipient,
    Rule,
    RuleKind,
    RunwayEnd,
    StatedUsual,
    Watch,
)

__all__ = [
    "STALE_AFTER",
    "Aircraft",
    "Airfield",
    "Arrival",
    "Candidate",
    "Detection",
    "Evidence",
    "Grade",
    "Landing",
    "ListedRunways",
    "Observation",
    "Place",
    "Recipient",
    "Revision",
    "Rule",
    "RuleKind",
    "RunwayEnd",
    "Source",
    "StatedUsual",
    "Watch",
    "WatchMatch",
    "likeliest_first",
]
