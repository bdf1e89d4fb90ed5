"""What is said where it is not known in which week a landing lies? It counts in none of them, but
in their total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from collector.model import Detection
from collector.model.dating import week_words
from collector.reports.formatting import percent
from collector.weeks import week_of


def total_note(
    place: str, weeks: Sequence[tuple[int, Sequence[str]]], *, all_seen: bool = True
) -> str | None:
    """Return why the total of weeks is more than their sum; None if it is not.

    `weeks` are the landings counted in each week, and the ids of those that may lie in it. Unless
    all of them could be seen, there may have been more.

    >>> total_note("LLOV", [(2, ["a"]), (1, ["a"]), (0, [])]).partition(", ")[2]
    'but in the total: 4 landings, and not the 3 that the weeks add up to.'
    """
    times = Counter(landing_id for _, ids in weeks for landing_id in set(ids))
    inside = sum(number > 1 for number in times.values())
    if not inside:
        return None
    counted = sum(count for count, _ in weeks)
    lies = "1 landing lies" if inside == 1 else f"{inside} landings lie"
    total = counted + inside
    landings = f"{'' if all_seen else 'at least '}{total} landing{'s' if total > 1 else ''}"
    return (
        f"At {place} {lies} in one of several of these weeks and {'is' if inside == 1 else 'are'} "
        f"counted in none of them, but in the total: {landings}, "
        f"and not the {counted} that the weeks add up to."
    )


def total_notes(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the same for rows of `weeks --json`, of any watches and places."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["watch"], row["airfield"]), []).append(row)
    notes = (
        total_note(
            place,
            [(row["at_least"], row["undated"]) for row in group],
            all_seen=all(row["at_most"] is not None for row in group),
        )
        for (_, place), group in groups.items()
    )
    return list(dict.fromkeys(note for note in notes if note is not None))


def undated_words(number: int) -> str:
    """Return how many landings may lie in a week or in another.

    >>> undated_words(2)
    '2 of them perhaps in another week'
    """
    return f"{number} of them perhaps in another week"


def weeks_with_chances(weeks: Mapping[str, float]) -> str:
    """Return `2026-W47 (62%) or 2026-W48 (38%)`; of more than two weeks, the first and the last."""
    if len(weeks) > 2:
        return week_words(weeks)
    return " or ".join(f"{key} ({percent(chance)})" for key, chance in weeks.items())


def other_week_sentences(detection: Detection, zone: str) -> list[str]:
    """Return that the ± of a touchdown reaches into another week of `zone` than the one in which it
    counts; nothing if it does not, or if `weeks` of its row say so already."""
    if detection.unheard is not None:
        return []
    give = timedelta(seconds=detection.uncertainty_s)
    week = week_of(detection.touchdown_at, zone)
    ends = (week_of(detection.touchdown_at + each, zone) for each in (-give, give))
    return [
        f"Its ± reaches into week {other}; by its likeliest time it belongs to {week} ({zone})."
        for other in ends
        if other != week
    ]
