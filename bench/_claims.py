"""How is a claim printed beside its measured value? A table shows both, and the exit code says
whether all claims hold."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: its text, the measured value, and the bound that the value must not exceed."""

    what: str
    measured: float
    bound: float
    unit: str

    @property
    def holds(self) -> bool:
        """Return whether the measured value is within the bound."""
        return self.measured <= self.bound


def report(title: str, claims: Sequence[Claim], notes: Sequence[str] = ()) -> int:
    """Print the table; the exit code is 1 if a claim does not hold, else 0."""
    print(f"{title} (Python {platform.python_version()}, {platform.machine()})")
    for note in notes:
        print(f"  {note}")
    width = max(len(claim.what) for claim in claims)
    print(f"  {'claim':<{width}}  {'measured':>12}  {'bound':>12}")
    for claim in claims:
        measured = f"{claim.measured:.2f} {claim.unit}"
        bound = f"{claim.bound:g} {claim.unit}"
        verdict = "holds" if claim.holds else "DOES NOT HOLD"
        print(f"  {claim.what:<{width}}  {measured:>12}  {bound:>12}  {verdict}")
    return 0 if all(claim.holds for claim in claims) else 1


def short() -> bool:
    """Return whether `--sanity` was given: the short form that `make test` runs."""
    wrong = [each for each in sys.argv[1:] if each != "--sanity"]
    if wrong:
        sys.exit(f"usage: {sys.argv[0]} [--sanity]")
    return "--sanity" in sys.argv[1:]
