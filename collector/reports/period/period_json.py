"""How is a report on a period written for machines? It has one row for each watch and place."""

from __future__ import annotations

from typing import Any

from collector.published.comparison import CountComparison
from collector.published.summary import PeriodCount, PlaceSummary
from collector.reports import seen
from collector.reports.period.report import PeriodReport, has_landings
from collector.reports.stops import previous_stops
from collector.reports.titles import place_title, whose


def report_json(report: PeriodReport) -> list[dict[str, Any]]:
    """Return one row for each watch and place, for machines."""
    return [
        {
            "watch": one.watch.name,
            "title": whose(one.watch),
            "place": each.place.name,
            "place_name": place_title(each.place, report.airfields, report.last),
            "from": report.first.isoformat(),
            "to": report.last.isoformat(),
            **_count_json(each.whole),
            "matched": each.matched,
            "previous_stops": previous_stops(each.counted),
            "weeks": [{"week": b.name, **_count_json(b)} for b in each.weeks if has_landings(b)],
            "months": [{"month": b.name, **_count_json(b)} for b in each.months],
            "years": [{"year": b.name, **_count_json(b)} for b in each.years],
            "test": _test_json(each, report.before_days),
            "published": [
                _comparison_json(c)
                for c in one.comparisons
                if set(c.published.airfields) == set(each.place.airfields)
            ],
        }
        for one in report.watches
        for each in one.places
    ]


def _count_json(counted: PeriodCount) -> dict[str, Any]:
    return {
        "count": counted.seen.count,
        "at_least": counted.count,
        "at_most": counted.seen.at_most,
        "found": counted.at_most,
        "not_seen": seen.not_seen(counted.seen),
        "undated": counted.undated,
        "final_leg_not_seen": counted.final_leg_not_seen,
        "reported_only": counted.reported,
        "coverage": round(counted.coverage, 4),
        "seen": round(counted.sight.seen, 4),
        "told": counted.finding.value,
    }


def _test_json(place: PlaceSummary, before_days: int) -> dict[str, Any]:
    rates = place.rates
    return {
        "before_days": before_days,
        "answer": rates.answer.value,
        "landings_inside": rates.inside,
        "landings_outside": rates.outside,
        "covered_days_inside": round(rates.inside_days, 2),
        "covered_days_outside": round(rates.outside_days, 2),
        **{name: _finite(getattr(rates, name)) for name in ("ratio", "low", "high", "p")},
    }


def _finite(number: float | None) -> float | None:
    """The number, or None for infinity, which JSON cannot express."""
    return None if number is None or number == float("inf") else number


def _comparison_json(one: CountComparison) -> dict[str, Any]:
    published, told = one.published, one.seen
    return {
        "period": published.period.written,
        "published": published.count,
        "kind": published.kind.value,
        "unit": published.unit.value if published.unit else None,
        "what": published.what,
        "source": published.source,
        "count": told.count if told else None,
        "at_least": told.least if told else None,
        "at_most": told.at_most if told else None,
        "not_seen": seen.not_seen(told) if told else None,
        "dated_reports": one.dated,
        "dated_reports_of_others": one.dated_of_others,
        "coverage": round(one.coverage, 4),
        "verdict": one.verdict,
    }
