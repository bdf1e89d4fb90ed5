"""How are counts, published numbers, reports and the test put into plain words?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from collector.coverage.archived import ArchiveFinding
from collector.published.rate_test import Answer
from collector.published.record import Fighting, touching
from collector.published.summary import HEARD_FROM, Bucket, Compared, PlaceHistory
from collector.reports import formatting
from collector.reports.period.published import MONTHS, period_words
from collector.weeks import local_date

_HOW_TO_READ = """
Tracked: landings that the collector derived from what aircraft transmitted, counted as everywhere
else: confirmed or probable, of the aircraft and at the field of the watch. 1–3 means that one is
sure to be counted and two more may have been there.

Heard: the share of the time in which a landing there would have been noticed. A zero beside a low
share does not mean that there was none.

Only reported: landings that persons or publications tell of and that nobody tracked. What several
sources tell of a day is taken for the same landing wherever it can be, so these are at least so
many. They are never added to tracked ones.

The test compares tracked landings per covered day (conditional binomial test of two Poisson rates,
interval after Clopper and Pearson). Landings come in bursts, and how many days count as shortly
before was chosen by people who knew when the fighting began: take a small probability for a reason
to look closer, not for a proof.
"""
HOW_TO_READ = tuple(" ".join(part.split()) for part in _HOW_TO_READ.strip().split("\n\n"))


def rests_on(
    lead: PlaceHistory, compared: Iterable[Compared], heard_from: datetime | None, zone: str
) -> list[str]:
    """The first sentences: was anybody listening, what was tracked, what is only reported."""
    place, whole = lead.place.name, lead.whole
    said = [_tracked(place, whole, heard_from, zone)]
    reports = len(lead.only_reported)
    if reports:
        sources = len({row.source for one in lead.only_reported for row in one.sightings})
        besides = "Besides" if whole.at_most else "All that is shown"
        said.append(
            f"{besides}: {_many(reports, 'dated landing')} reported by "
            f"{_many(sources, 'publication')} and not tracked. They are shown apart and never "
            "added to ours."
        )
    elif not lead.matched:
        said.append(f"No dated landing at {place} is reported in this time.")
    if lead.matched:
        said.append(
            f"{_many(lead.matched, 'reported landing')} {'is' if lead.matched == 1 else 'are'} "
            "among the tracked ones."
        )
    return said + [
        _lead_count(one)
        for one in compared
        if one.published.lead and one.published.airfields == lead.place.airfields
    ]


def _tracked(place: str, whole: Bucket, heard_from: datetime | None, zone: str) -> str:
    if whole.at_most == 0 and whole.coverage == 0:
        since = (
            "nobody has listened, and no archive was read"
            if heard_from is None
            else f"the first that was heard is of {formatting.day(local_date(heard_from, zone))}"
        )
        return (
            f"No tracking: at no time of this report could a landing at {place} have been seen "
            f"({since}). That none was counted says nothing."
        )
    heard = formatting.percent(whole.coverage)
    if whole.at_most == 0:
        return f"No landing at {place} was tracked, in a time that was heard for {heard} of it."
    counted = formatting.landings(whole.count, whole.at_most)
    if whole.coverage == 0:
        return (
            f"{counted} at {place} tracked, from archives that prove nothing about who else would "
            "have been heard: there may have been any number more."
        )
    return (
        f"{counted} at {place} tracked; a landing could have been seen {heard} of the time, and "
        "nothing is known of the rest."
    )


def _lead_count(one: Compared) -> str:
    published = one.published
    said = (
        f"Of the {published.count} landings published for {period_words(published.period)}, "
        f"{one.dated} {'is' if one.dated == 1 else 'are'} dated in these reports"
    )
    if one.dated_of_others:
        said += f" ({one.dated_of_others} more are of another operator)"
    if one.at_most:
        said += f"; {formatting.interval(one.count or 0, one.at_most)} of ours lie in that time"
    return said + "."


def bucket_row(bucket: Bucket, fighting: Sequence[Fighting], most: int) -> dict[str, Any]:
    """A week or a year; `most`: the largest number that a bar stands for."""
    names = [one.name for one in touching(fighting, bucket.first, bucket.last)]
    scale = max(most, 1)
    return {
        "name": bucket.name,
        "days": _days(bucket.first, bucket.last),
        "tracked": tracked_words(bucket),
        "heard": formatting.percent(bucket.coverage),
        "reported": bucket.reported or "",
        "zero": "" if bucket.at_most else bucket.finding.value,
        "bar": {
            "tracked": 100 * bucket.count // scale,
            "perhaps": 100 * (bucket.at_most - bucket.count) // scale,
            "reported": 100 * bucket.reported // scale,
        },
        "letters": "█" * bucket.count
        + "░" * (bucket.at_most - bucket.count)
        + "◆" * bucket.reported,
        "fighting": ", ".join(names),
    }


def tracked_words(bucket: Bucket) -> str:
    """`2`, `1–3`; `–` where there is none and nobody was heard near."""
    if bucket.at_most == 0 and bucket.coverage == 0:
        return "–"
    return formatting.interval(bucket.count, bucket.at_most)


_NOTHING = {one: "–" if one is ArchiveFinding.NO_ARCHIVE else "·" for one in ArchiveFinding}
"""In a month for which there is no number."""


def month_cell(bucket: Bucket) -> dict[str, Any]:
    """One month of the grid."""
    tracked = "" if tracked_words(bucket) == "–" else tracked_words(bucket)
    poor = bool(tracked) and bucket.at_most == 0 and bucket.coverage < HEARD_FROM
    number = f"({tracked})" if poor else tracked
    more = f"+{bucket.reported}" if bucket.reported else ""
    return {
        "tracked": number,
        "reported": more,
        "text": number + more or _NOTHING[bucket.finding],
        "nothing": _NOTHING[bucket.finding],
        "heard": bucket.coverage > 0,
        "landed": bucket.at_most > 0,
    }


def answer_words(place: PlaceHistory, before_days: int) -> list[str]:
    """The question, the answer, and what the answer does not mean."""
    rates = place.rates
    near = f"in the fighting and in the {before_days} days before it"
    counts = (
        f"{near.capitalize()}: {_many(rates.inside, 'tracked landing')} in "
        f"{_days_words(rates.inside_days)}; otherwise {rates.outside} in "
        f"{_days_words(rates.outside_days)}."
    )
    if rates.answer is Answer.NO_EXPOSURE:
        missing = near if rates.inside_days == 0 else "at other times"
        said = [f"Not tested: no day {missing} was covered, so there is nothing to compare."]
        if rates.inside_days or rates.outside_days:
            said.insert(0, counts)
    elif rates.answer is Answer.TOO_FEW:
        said = [
            counts,
            "Too few to tell: one burst, or chance, could make any of it.",
        ]
    else:
        said = [counts, _tested(place)]
    return [*said, *_only_reported(place, near)]


def _only_reported(place: PlaceHistory, near: str) -> list[str]:
    """How many of those lie near the fighting, and why that is no part of the answer."""
    number = len(place.only_reported)
    if not number:
        return []
    if number == 1:
        lies = "lies" if place.reported_near else "does not lie"
        which, are = f"The one landing that is only reported {lies}", "It is"
    else:
        lie = "lies" if place.reported_near == 1 else "lie"
        which = f"Of the {number} landings that are only reported, {place.reported_near} {lie}"
        are = "They are"
    why = "what is published follows the fighting, and would answer its own question"
    return [f"{which} {near}. {are} not part of the test: {why}."]


def _tested(place: PlaceHistory) -> str:
    rates = place.rates
    if rates.ratio is None or rates.low is None or rates.high is None or rates.p is None:
        return ""
    if math.isinf(rates.ratio):
        said = f"None came otherwise: at least {_times(rates.low)} times as often (95% interval)."
    else:
        most = "no upper end" if math.isinf(rates.high) else _times(rates.high)
        said = (
            f"That is {_times(rates.ratio)} times as often (95% interval {_times(rates.low)} to "
            f"{most})."
        )
    chance = "less than 1 in 10,000" if rates.p < 1e-4 else f"{rates.p:.2g}"
    return (
        f"{said} Were it the same at all times, the chance of so many or more would be {chance}. "
        f"{_meant(rates.low, rates.high)}"
    )


def _meant(low: float, high: float) -> str:
    """The interval in plain words.

    >>> _meant(1.2, 9.0)
    'So they came more often then, if each came independently of the others.'
    """
    if low <= 1.0 <= high:
        return "The interval holds 1, the same at all times: no difference is shown."
    more = "more" if low > 1.0 else "less"
    return f"So they came {more} often then, if each came independently of the others."


def _times(number: float) -> str:
    return f"{number:.2g}" if number < 100 else f"{number:,.0f}"


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]}"
    return f"{first.day} {MONTHS[first.month - 1]} – {last.day} {MONTHS[last.month - 1]}"


def _days_words(days: float) -> str:
    return f"{days:,.1f} covered days" if 0 < days < 100 else f"{days:,.0f} covered days"


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
