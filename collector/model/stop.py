"""Where was an aircraft seen before a landing, and where after it? A `Stop` for each side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector.model.landing import Evidence, Grade


class Side(StrEnum):
    """Whether a stop is the one seen before a landing, or the one seen after it."""

    PREVIOUS = "previous"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class StopCandidate:
    """An airfield where the aircraft may have stopped, with its name as of the derivation."""

    airfield: str
    name: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The stop seen before a landing, or after it. It is never the origin of a flight or a cargo.

    Three cases: an airfield is named; `airfield` is None and the stop is undetermined between the
    `candidates`; or there are none, so that it is not known, and `reason` says why.
    """

    side: Side
    airfield: str | None = None
    candidates: tuple[StopCandidate, ...] = ()
    """Likeliest first."""
    grade: Grade | None = None
    """None if it is not known."""
    probability: float = 0.0
    """That of the named airfield, or of any of the candidates if undetermined."""
    at: datetime | None = None
    """When the aircraft left the previous stop, or touched down at the next one; None if that is
    not known."""
    uncertainty_s: float | None = None
    """`at` is within ± this many seconds."""
    open_because: str = ""
    """Why a further landing in between is not excluded, in a sentence; empty if no time is left
    for one."""
    reason: str = ""
    """Why it is not known, in one sentence."""
    evidence: tuple[Evidence, ...] = ()
    feeds: tuple[str, ...] = ()
    """The feeds that it rests on."""

    @property
    def known(self) -> bool:
        """Whether it is known at which airfield, or between which ones, the aircraft was seen."""
        return bool(self.candidates)

    @property
    def codes(self) -> tuple[str, ...]:
        """The airfield, or the candidates in order of their codes; empty if it is not known."""
        if self.airfield is not None:
            return (self.airfield,)
        return tuple(sorted(candidate.airfield for candidate in self.candidates))

    @property
    def direct(self) -> bool:
        """Whether the stop is known, and no time is left for a further landing in between."""
        return self.known and not self.open_because

    def name_of(self, airfield: str) -> str:
        """Return the name of a candidate; the code if it has none."""
        names = {candidate.airfield: candidate.name for candidate in self.candidates}
        return names.get(airfield, airfield)


@dataclass(frozen=True, slots=True)
class StopRevision:
    """One change of a stored stop."""

    landing_id: str
    side: Side
    at: datetime
    change: str
    """`found`: it was not known before, which is no correction. `narrowed`: fewer candidates are
    left. `refined`: the same airfields with another grade, or the leg is direct now, or not any
    more. `moved`: other airfields. `lost`: it is not known any more."""
    before: tuple[str, ...]
    """The airfields before the change, as `Stop.codes`."""
    after: tuple[str, ...]
    rules_version: str

    def taken_back_by(self, stop: Stop | None) -> bool:
        """Return whether a stop denies what was known before this change.

        A stop that was not known before, or that is known better now, denies nothing.
        """
        now = () if stop is None else stop.codes
        return bool(self.before) and not (now and set(now) <= set(self.before))
