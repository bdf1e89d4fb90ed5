"""What is one row of `landings --json` and of `weeks --json`?

The fields are a contract: fields may be added, but none is ever renamed. Since version 0.3 `count`
and `at_most` of a week may be null, and so may `week` of a landing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from collector.alerts.counts import standing
from collector.coverage.archived import ArchivedWeek
from collector.coverage.sight import SeenCount
from collector.model import Detection, Landing, Watch, WatchMatch
from collector.model.dating import known_week, weeks_of_landing
from collector.model.stop import Side
from collector.reports import seen
from collector.reports.formatting import iso_z
from collector.reports.stops import stop_row
from collector.reports.titles import whose


def landing_rows(landing: Landing, watches: Sequence[Watch]) -> list[dict[str, Any]]:
    """Return a row of `landings --json` for each watch that names the aircraft, in their order."""
    by_name = {watch.name: watch for watch in watches}
    return [
        landing_row(landing, match, by_name[match.watch])
        for match in landing.watches
        if match.watch in by_name
    ]


def landing_row(landing: Landing, match: WatchMatch, watch: Watch) -> dict[str, Any]:
    """Return one landing as a row of one watch; the week is that of the watch's zone.

    `counted` says whether the landing counts at one of the watch's places: a landing that is
    undetermined between LLOV and LLER counts at "LLOV or LLER", and at neither alone. `week` is
    null if `weeks` has several: then it counts in none of them, but in the total. `previous_stop`
    and `next_stop` are null before they are derived (`reports.stops.stop_row`). Of a landing with
    `final_leg_not_seen` the aircraft fell silent on its way in, and no airfield can be named.
    """
    detection = landing.detection
    left = detection.departed_at
    weeks = weeks_of_landing(detection, watch.zone)
    return {
        "id": landing.id,
        "watch": match.watch,
        "icao24": detection.icao24,
        "registration": landing.registration,
        "callsign": detection.callsign,
        "type": landing.type_code,
        "airfield": detection.airfield,
        "touchdown_at": iso_z(detection.touchdown_at),
        # Rounded up, as in text: never too narrow, and the same whole second everywhere.
        "uncertainty_s": math.ceil(round(detection.uncertainty_s * 10, 3)) / 10,
        "departed_at": None if left is None else iso_z(left),
        "runway": detection.runway,
        "grade": landing.grade_for(match.watch).value,
        "probability": round(detection.probability, 4),
        "candidates": {
            candidate.airfield: round(candidate.probability, 4)
            for candidate in sorted(detection.candidates, key=lambda each: each.airfield)
        },
        "counted": any(standing(landing, watch, place) for place in watch.places),
        "week": known_week(detection, watch.zone),
        "feeds": sorted(detection.feeds),
        "review": landing.review,
        "retracted": landing.retracted,
        "matched_by": match.matched_by,
        "match_doubt": match.doubt or None,
        "title": whose(watch),
        **_review_fields(landing),
        "departed_uncertainty_s": _rounded(detection.departed_uncertainty_s),
        "weeks": {key: round(chance, 4) for key, chance in weeks.items()},
        "unheard": unheard_row(detection),
        "previous_stop": stop_row(landing.stop(Side.PREVIOUS)),
        "next_stop": stop_row(landing.stop(Side.NEXT)),
        "final_leg_not_seen": landing.final_leg_not_seen,
    }


def unheard_row(detection: Detection) -> dict[str, Any] | None:
    """Return the silence in which an aircraft arrived; null if it was heard arriving."""
    unheard = detection.unheard
    if unheard is None:
        return None
    return {
        "from": iso_z(unheard.earliest),
        "until": iso_z(unheard.latest),
        "known": unheard.known,
        "stays": unheard.stays or None,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _review_fields(landing: Landing) -> dict[str, Any]:
    """Return a review; `review_airfield` is the reviewer's, `airfield` stays the derived one."""
    review = landing.reviewed
    return {
        "review_note": review.note if review else None,
        "review_by": review.by if review else None,
        "review_at": iso_z(review.at) if review else None,
        "review_airfield": review.airfield if review else None,
        "reviewers": landing.reviewers,
    }


def week_row(
    *,
    watch: Watch,
    airfield: str,
    place_name: str,
    week: str,
    count: SeenCount,
    alert: str,
    archive: ArchivedWeek | None = None,
    undated: Sequence[str] = (),
    final_leg_not_seen: Sequence[str] = (),
) -> dict[str, Any]:
    """Return one row of `weeks --json`.

    `undated` are the ids of landings that may lie in this week or in another: they count in
    neither, but in the total of both. `final_leg_not_seen` are those of landings that stand
    beside the counted ones: the aircraft fell silent on its way in, and no airfield can be named.

    `coverage` is a share of 0 … 1, `airfield` a place by its codes, `place_name` by its names.
    `archive` is null where the
    week does not rest on archives alone. `at_least` is what was seen, always a number. Where we
    could not see, `at_most` is null, `count` is null instead of a zero, `not_seen` says why, and
    `alert` is `not-seen` instead of `ok`.
    """
    return {
        "watch": watch.name,
        "airfield": airfield,
        "week": week,
        "count": count.count,
        "at_most": count.at_most,
        "coverage": round(count.sight.coverage, 4),
        "alert": count.alert(alert),
        "archive": None
        if archive is None
        else {"told": archive.finding.value, "days": archive.days, "of_days": archive.of_days},
        "at_least": count.least,
        "found": count.most,
        "seen": round(count.sight.seen, 4),
        "not_seen": seen.not_seen(count),
        "title": whose(watch),
        "place_name": place_name,
        "undated": list(undated),
        "final_leg_not_seen": list(final_leg_not_seen),
    }
