"""What is said where an aircraft fell silent on its way in and no airfield can be named? Its final
leg was not seen: it stands beside the landings of one airfield, and widens nothing but the upper
end of their count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from collector.alerts.counts import Count
from collector.reports.undated import undated_words

FINAL_LEG = "Final leg not seen"


def unsure_words(count: Count) -> list[str]:
    """Return what is unsure of the landings at a place in a week, part by part.

    `2 of them unsure` (of these one `with the final leg not seen`), `1 of them perhaps in another
    week`.
    """
    undated, final = len(count.undated), len(count.final_leg_not_seen)
    unsure = len(count.undetermined) - undated
    words = [f"{unsure} of them unsure"] if unsure else []
    if final:
        words.append(f"{final} of them with the final leg not seen")
    return [*words, undated_words(undated)] if undated else words


def final_leg_sentence(number: int) -> str:
    """Return how many stand beside the landings, and what that means; empty for none.

    >>> final_leg_sentence(1).partition(". ")[0]
    'Final leg not seen: 1'
    """
    if not number:
        return ""
    return f"{FINAL_LEG}: {number}. {_meaning(number)}"


def final_leg_notes(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a note for each watch in rows of `weeks --json`, with the weeks.

    >>> row = {"watch": "w", "title": "Il-76s", "week": "2026-W43", "final_leg_not_seen": ["a"]}
    >>> final_leg_notes([row])[0].partition(". ")[0]
    'Final leg not seen, Il-76s: 1 in week 2026-W43'
    """
    watches: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in rows:
        weeks = watches.setdefault((row["watch"], row["title"]), {})
        if row["final_leg_not_seen"]:
            weeks.setdefault(row["week"], set()).update(row["final_leg_not_seen"])
    return [
        f"{FINAL_LEG}, {title}: "
        + ", ".join(f"{len(ids)} in week {week}" for week, ids in weeks.items())
        + f". {_meaning(sum(map(len, weeks.values())))}"
        for (_, title), weeks in watches.items()
        if weeks
    ]


def _meaning(number: int) -> str:
    if number == 1:
        return (
            "The aircraft fell silent on its way in, and no airfield can be named. It counts at no "
            "single airfield, and widens only the upper end of such an airfield's count."
        )
    return (
        "The aircraft fell silent on their way in, and no airfield can be named. They count at no "
        "single airfield, and widen only the upper end of such an airfield's count."
    )
