"""Which sentences and table cells describe the counts, the reported landings and the test? Both the
text and the HTML page of a period report use them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from collector.coverage.archived import ArchiveFinding
from collector.published.comparison import CountComparison
from collector.published.rate_test import RateAnswer
from collector.published.record import Fighting, fighting_between
from collector.published.summary import PeriodCount, PlaceSummary
from collector.reports import formatting, seen
from collector.reports.final_leg import final_leg_sentence
from collector.reports.period.published import MONTHS, period_words
from collector.weeks import local_date

_HOW_TO_READ = """
Tracked: landings that the collector derived from the transmissions of aircraft. They are counted
as everywhere else: confirmed or probable landings, of the aircraft and at the airfields of the
watch. 1–3 means that one landing counts and that two more may have been there. A landing that
nobody heard arrive may lie in one of two weeks: then it counts in neither, but once in the month,
the year and the total in which it surely lies.

Could see: the share of the time in which a landing there would have been noticed. A zero needs it:
where aircraft were heard in less than 20% of the time, or too seldom below cruise, we could not
see; below 80% none was seen in that part of the time, which says nothing about the rest. Landings
that were tracked count, however little could be seen.

Only reported: landings that persons or publications report and that were not tracked. Reports by
several sources are taken for the same landing whenever that is possible, so the number is the
least possible. Reported landings are never added to tracked landings.

The test compares tracked landings per covered day (conditional binomial test of two Poisson rates,
interval of Clopper and Pearson). Landings come in bursts, and the number of days that count as
shortly before was chosen by people who knew when the fighting began. A small probability is
therefore a reason to look closer, not a proof.
"""
MONTHS_WORDS = (
    "2: two landings tracked; 1–3: between one and three; +1: one more is only reported; (0): none "
    "tracked, but less than 80% of the month could be seen; ≥1: at least one, though less than 20% "
    "could be seen (?1: perhaps one); ·: could not see; –: no feed answered, and no archive was "
    "read."
)
HOW_TO_READ = tuple(" ".join(part.split()) for part in _HOW_TO_READ.strip().split("\n\n"))


def basis_sentences(
    main: PlaceSummary,
    comparisons: Iterable[CountComparison],
    covered_from: datetime | None,
    zone: str,
    *,
    headline: str,
    place: str,
) -> list[str]:
    """Return the first sentences: the coverage, the tracked landings, the landings only reported.

    `headline` says whose landings and where (`titles.whose_and_where`), `place` only where.
    """
    whole = main.whole
    tracked = _tracked_sentence(place, whole, covered_from, zone)
    sentences = [f"{headline}: {tracked}"]
    if whole.final_leg_not_seen:
        sentences.append(final_leg_sentence(whole.final_leg_not_seen))
    reports = len(main.only_reported)
    if reports:
        sources = len({row.source for one in main.only_reported for row in one.sightings})
        verb, pronoun = ("is", "It is") if reports == 1 else ("are", "They are")
        more = "more " if whole.at_most else ""
        sentences.append(
            f"{_plural(reports, f'{more}dated landing')} {verb} reported by "
            f"{_plural(sources, 'publication')} and not tracked. {pronoun} shown apart and never "
            "added to the tracked landings."
        )
    elif not main.matched:
        sentences.append(f"No publication dates a landing at {place} in this period.")
    if main.matched:
        sentences.append(
            f"{_plural(main.matched, 'reported landing')} {'is' if main.matched == 1 else 'are'} "
            "among the tracked landings."
        )
    return sentences + [
        _count_sentence(one)
        for one in comparisons
        if one.published.lead and one.published.airfields == main.place.airfields
    ]


def _tracked_sentence(
    place: str, whole: PeriodCount, covered_from: datetime | None, zone: str
) -> str:
    if whole.seen.blind and whole.coverage > 0:
        return (
            f"could not see: {seen.reason(whole.sight).replace('near it', f'near {place}')}. None "
            "was tracked, which means nothing here."
        )
    if whole.seen.blind:
        since = (
            "no feed has ever answered, and no archive was read"
            if covered_from is None
            else f"coverage begins on {formatting.day(local_date(covered_from, zone))}"
        )
        return (
            f"no tracking: a landing at {place} could not have been noticed at any time of this "
            f"period ({since}). A count of zero means nothing here."
        )
    part = formatting.percent(whole.sight.seen)
    if whole.seen.in_part:
        return (
            f"no landing was tracked in the {part} of the period that we could see. Nothing is "
            "known about the rest."
        )
    if whole.at_most == 0:
        return f"no landing was tracked; we could see {part} of the period."
    verb = "was" if whole.count == whole.at_most == 1 else "were"
    counted = f"{seen.closed(seen.landings_words(whole.seen))} {verb} tracked"
    if whole.coverage == 0:
        return (
            f"{counted}. No time is known at which another one would have been noticed, so any "
            "number of others may be missing."
        )
    return (
        f"{counted}. A landing would have been noticed in {part} of the time; nothing is known "
        "about the rest."
    )


def _count_sentence(one: CountComparison) -> str:
    published = one.published
    sentence = (
        f"Of the {published.count} landings published for {period_words(published.period)}, "
        f"{one.dated} {'has' if one.dated == 1 else 'have'} a date in these reports"
    )
    if one.dated_of_others:
        sentence += f" ({one.dated_of_others} more are of another operator)"
    if one.at_most:
        interval = formatting.interval(one.count or 0, one.at_most)
        sentence += f"; {interval} tracked {'lies' if interval == '1' else 'lie'} in that time"
    return sentence + "."


def count_row(counted: PeriodCount, fighting: Sequence[Fighting], most: int) -> dict[str, Any]:
    """Return the row of a week or a year; `most` is the number that a full bar stands for."""
    names = [event.name for event in fighting_between(fighting, counted.first, counted.last)]
    scale = max(most, 1)
    return {
        "name": counted.name,
        "days": _days(counted.first, counted.last),
        "tracked": tracked_interval(counted),
        "could_see": formatting.percent(counted.sight.seen),
        "reported": counted.reported or "",
        "zero": "" if counted.at_most else counted.finding.value,
        "bar": {
            "tracked": 100 * counted.count // scale,
            "perhaps": 100 * (counted.at_most - counted.count) // scale,
            "reported": 100 * counted.reported // scale,
        },
        "symbols": "█" * counted.count
        + "░" * (counted.at_most - counted.count)
        + "◆" * counted.reported,
        "fighting": ", ".join(names),
    }


def tracked_interval(counted: PeriodCount) -> str:
    """Return `2`, `1–3`, `at least 1` or `0 in 45%`; `–` where we could not see."""
    return seen.number(counted.seen)


_NO_NUMBER = {one: "–" if one is ArchiveFinding.NO_ARCHIVE else "·" for one in ArchiveFinding}
"""The cell of a month without a number."""


def month_cell(counted: PeriodCount) -> dict[str, Any]:
    """Return the cell of one month."""
    number = formatting.interval(counted.count, counted.at_most)
    if counted.seen.blind:
        number = ""
    elif counted.seen.in_part:
        number = "(0)"
    elif counted.seen.not_seen:
        number = f"≥{counted.count}" if counted.count else f"?{counted.at_most}"
    more = f"+{counted.reported}" if counted.reported else ""
    return {
        "tracked": number,
        "reported": more,
        "text": number + more or _NO_NUMBER[counted.finding],
        "no_number": _NO_NUMBER[counted.finding],
        "covered": not counted.seen.blind,
        "landed": counted.at_most > 0,
    }


def result_sentences(place: PlaceSummary, before_days: int) -> list[str]:
    """Return the counts, the result of the test, and its limits."""
    rates = place.rates
    near = f"during the fighting and the {before_days} days before it"
    counts = (
        f"{near.capitalize()}: {_plural(rates.inside, 'tracked landing')} in "
        f"{_covered_days(rates.inside_days)}; otherwise {rates.outside} in "
        f"{_covered_days(rates.outside_days)}."
    )
    if rates.answer is RateAnswer.NO_EXPOSURE:
        missing = near if rates.inside_days == 0 else "at other times"
        sentences = [f"Not tested: no day {missing} was covered, so there is nothing to compare."]
        if rates.inside_days or rates.outside_days:
            sentences.insert(0, counts)
    elif rates.answer is RateAnswer.TOO_FEW:
        sentences = [
            counts,
            "Too few landings to tell: one burst or chance could explain any difference.",
        ]
    else:
        sentences = [counts, _result_sentence(place)]
    return [*sentences, *_only_reported_sentence(place, near)]


def _only_reported_sentence(place: PlaceSummary, near: str) -> list[str]:
    """How many of these landings lie near the fighting, and why the test leaves them out."""
    number = len(place.only_reported)
    if not number:
        return []
    if number == 1:
        lies = "lies" if place.reported_near else "does not lie"
        which, verb = f"The one landing that is only reported {lies}", "It is"
    else:
        lie = "lies" if place.reported_near == 1 else "lie"
        which = f"Of the {number} landings that are only reported, {place.reported_near} {lie}"
        verb = "They are"
    why = "publications follow the fighting, so their dates would bias the result"
    return [f"{which} {near}. {verb} not part of the test: {why}."]


def _result_sentence(place: PlaceSummary) -> str:
    rates = place.rates
    if rates.ratio is None or rates.low is None or rates.high is None or rates.p is None:
        return ""
    if math.isinf(rates.ratio):
        result = (
            f"No landing came at other times: at least {_times(rates.low)} times as often (95%)."
        )
    else:
        most = "no upper end" if math.isinf(rates.high) else _times(rates.high)
        result = (
            f"That is {_times(rates.ratio)} times as often (95% interval {_times(rates.low)} to "
            f"{most})."
        )
    chance = "less than 1 in 10,000" if rates.p < 1e-4 else f"{rates.p:.2g}"
    return (
        f"{result} If the rate were the same at all times, so many landings or more would have a "
        f"chance of {chance}. {_interval_words(rates.low, rates.high)}"
    )


def _interval_words(low: float, high: float) -> str:
    """The interval in plain words.

    >>> _interval_words(1.2, 9.0)
    'So landings were more frequent then, if they were independent of each other.'
    """
    if low <= 1.0 <= high:
        return "The interval holds 1, an equal rate: no difference is shown."
    more = "more" if low > 1.0 else "less"
    return f"So landings were {more} frequent then, if they were independent of each other."


def _times(number: float) -> str:
    return f"{number:.2g}" if number < 100 else f"{number:,.0f}"


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]}"
    return f"{first.day} {MONTHS[first.month - 1]} – {last.day} {MONTHS[last.month - 1]}"


def _covered_days(days: float) -> str:
    return f"{days:,.1f} covered days" if 0 < days < 100 else f"{days:,.0f} covered days"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
