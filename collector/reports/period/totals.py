"""Why is a total more than the sum of its weeks? Some landings are known to lie in it, but not in
which of several weeks."""

from __future__ import annotations

from collections.abc import Iterable

from collector.published.summary import PeriodCount, PlaceSummary


def total_words(summary: PlaceSummary) -> dict[str, str]:
    """Return what a template says of a total: why it is more than the sum of its parts, and what a
    part's interval holds."""
    return {"total": total_sentence(summary), "perhaps": perhaps_words(summary.weeks)}


def total_sentence(summary: PlaceSummary) -> str:
    """Return why the total is more than the sum of the weeks or months; empty if it is not."""
    more = [
        (name, sum(each.count for each in parts))
        for name, parts in (
            ("weeks", summary.weeks),
            ("months", summary.months),
            ("years", summary.years),
        )
        if sum(each.count for each in parts) < summary.whole.count
    ]
    if not more:
        return ""
    sums = " and ".join(f"{count} of the {name}" for name, count in more)
    return (
        f"The total of {summary.whole.count} is more than the sum {sums}: where it is not known in "
        "which of several a landing lies, it counts in none of them, but in the total."
    )


def perhaps_words(weeks: Iterable[PeriodCount]) -> str:
    """Return where a landing may have been that a week's interval holds and its count does not."""
    undated = any(each.undated for each in weeks)
    return f"here or at a neighbour{', in this week or another' if undated else ''}"
