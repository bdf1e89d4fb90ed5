"""Why is a total more than the sum of its weeks? Some landings are known to lie in it, but not in
which of several weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from collector.published.summary import PeriodCount, PlaceSummary
from collector.reports import formatting


def total_words(summary: PlaceSummary) -> dict[str, str]:
    """Return what a template says of a total: why it is more than the sum of its parts, what a
    part's interval holds, and which years are not whole."""
    return {
        "total": total_sentence(summary),
        "perhaps": perhaps_words(summary.weeks),
        "part_years": part_years_sentence(summary.years),
    }


def part_years_sentence(years: Iterable[PeriodCount]) -> str:
    """Return of which years only a part is counted; empty if each is whole.

    A row that is named 2021 is else taken for the whole of that year.
    """
    parts = [
        f"{_day(each.first)} to {_day(each.last)} of {each.name}"
        for each in years
        if (each.first.month, each.first.day) != (1, 1)
        or (each.last.month, each.last.day) != (12, 31)
    ]
    return f"Only a part of these years is counted: {', '.join(parts)}." if parts else ""


def _day(at: date) -> str:
    return formatting.day(at).partition(" ")[2].rpartition(" ")[0]


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
