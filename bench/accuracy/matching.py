"""Which counted landing matches which true landing? Each matches at most one, at the same field and
about the same time."""

from __future__ import annotations

from collections.abc import Sequence

from collector.model import Detection

from .legs import Landed

SLACK_S = 3600.0
"""A rule without a stated interval may be off by an hour."""
EDGE_S = 300.0


def matched(
    truths: Sequence[Landed], claims: Sequence[tuple[str, float, float, float]]
) -> list[tuple[int, int]]:
    """Return pairs (index of truth, index of claim); a claim is (field, at, from, until), Unix
    seconds.

    A truth is matched by the nearest claim at its field whose interval holds it, or that is dated
    within its stay: a touchdown that is dated too late is an error of time, which is scored apart.
    """
    pairs = sorted(
        (abs(truth.at_s - at_s), number, index)
        for number, truth in enumerate(truths)
        for index, (icao, at_s, begin_s, end_s) in enumerate(claims)
        if icao == truth.airfield
        and (
            begin_s <= truth.at_s <= end_s or truth.at_s <= at_s <= (truth.left_at_s or truth.at_s)
        )
    )
    done: list[tuple[int, int]] = []
    used_truths: set[int] = set()
    used_claims: set[int] = set()
    for _, number, index in pairs:
        if number not in used_truths and index not in used_claims:
            done.append((number, index))
            used_truths.add(number)
            used_claims.add(index)
    return done


def claim_of(detection: Detection, icao: str) -> tuple[str, float, float, float]:
    """Return a detection as a claim: the interval of its visit, with an hour's slack around its
    touchdown."""
    at_s = detection.touchdown_at.timestamp()
    slack = max(SLACK_S, detection.uncertainty_s)
    begin_s = min(detection.visit_from.timestamp() - EDGE_S, at_s - slack)
    end_s = max(min(detection.visit_until.timestamp() + EDGE_S, at_s + 86_400.0), at_s + slack)
    return icao, at_s, begin_s, end_s


def plain_claim(icao: str, at_s: float) -> tuple[str, float, float, float]:
    """Return the landing of a published rule as a claim."""
    return icao, at_s, at_s - SLACK_S, at_s + SLACK_S
