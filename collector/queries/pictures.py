"""Which values do charts and maps show? The last weeks of a place, and a week's tracks there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from collector.alerts.counts import count_landings
from collector.alerts.lifecycle import Status, week_state
from collector.alerts.usual import Usual
from collector.alerts.verdict import Verdict
from collector.coverage.sight import SeenCount, sight_of_weeks
from collector.model import Landing, Place, RuleKind, Watch
from collector.model.terms import Terms
from collector.published.record import fighting_between
from collector.queries.coverage import CoverageQuery
from collector.queries.landing import reports_around
from collector.queries.published_record import shipped_record
from collector.reports import formatting
from collector.reports.picture import Shaded, TracksMap, WeekBar, WeeksChart, map_of
from collector.reports.picture.weeks_chart import WEEKS, chart_footer
from collector.reports.titles import week_title, whose_and_where
from collector.store import alerts, landings
from collector.untrusted import visible
from collector.weeks import local_date, previous_week, week_bounds, week_of

_INSTANT = timedelta(microseconds=1)


def weeks_chart(
    coverage: CoverageQuery,
    watch: Watch,
    place: Place,
    last: str,
    now: datetime,
    *,
    usual: Usual | None,
    terms: Sequence[Terms],
    weeks: int = WEEKS,
) -> WeeksChart:
    """Return the weeks up to `last` (`2026-W47`) at a place, as of `now`.

    `usual` is that of a week; None: it is not shown. `terms` are those of the feeds. Raises
    StoreError.
    """
    store, airfields = coverage.store, coverage.airfields
    keys = [last]
    while len(keys) < weeks:
        keys.insert(0, previous_week(keys[0]))
    spans = {key: week_bounds(key, watch.zone) for key in keys}
    begin, end = spans[keys[0]][0], spans[last][1]
    found = landings.find(store, begin=begin, end=end, watch=watch.name, include_retracted=True)
    states = alerts.load_states(store, watch.name, within=(begin, end))
    bars = []
    for key, span in spans.items():
        count = count_landings(found, watch, place, *span)
        sight = coverage.sight_of_week(place, watch.zone, key, now)
        bars.append(
            WeekBar(
                first=local_date(span[0], watch.zone),
                told=SeenCount(count.count, count.at_most, sight),
                alarm=week_state(states, watch.rules, place, *span) is not Status.OK,
            )
        )
    whole = count_landings(found, watch, place, begin, end)
    low, high = (None, None) if usual is None else (usual.low, usual.high)
    return WeeksChart(
        headline=whose_and_where(watch, place, airfields, end.date()),
        bars=tuple(bars),
        total=SeenCount(
            whole.count, whole.at_most, sight_of_weeks([each.told.sight for each in bars])
        ),
        usual=None if low is None or high is None else (low, high),
        thresholds=_thresholds(watch, place),
        fighting=_fighting(begin, end - _INSTANT, watch.zone),
        footer=chart_footer(formatting.moment(now, watch.zone), _credits(terms)),
    )


def alert_chart(
    coverage: CoverageQuery, watch: Watch, verdict: Verdict, now: datetime, terms: Sequence[Terms]
) -> WeeksChart:
    """Return the weeks with which an alert is compared, up to that of its window.

    Raises StoreError.
    """
    last = week_of(min(now, verdict.end - _INSTANT), watch.zone)
    usual = verdict.usual if verdict.rule.weekly else None
    return weeks_chart(coverage, watch, verdict.rule.place, last, now, usual=usual, terms=terms)


def tracks_map(
    coverage: CoverageQuery,
    watch: Watch,
    place: Place,
    week: str,
    marked: Sequence[tuple[str, Landing]],
    *,
    now: datetime,
    terms: Sequence[Terms],
) -> TracksMap | None:
    """Return the map of a week's tracks at a place, None if nothing of them was received.

    `marked` are the landings with the marks that they have in their list. Raises StoreError.
    """
    store, airfields = coverage.store, coverage.airfields
    end = week_bounds(week, watch.zone)[1]
    headline = whose_and_where(watch, place, airfields, end.date())
    sources = "; ".join(_credits(terms))
    return map_of(
        f"{headline}, {week_title(week)}",
        [(mark, landing, reports_around(store, landing, now)) for mark, landing in marked],
        place.airfields,
        airfields,
        footer=f"Data: {sources}." if sources else "",
    )


def _thresholds(watch: Watch, place: Place) -> tuple[int, ...]:
    """Return the counts of a week from which on rules of the place call for an alert."""
    return tuple(
        sorted(
            {
                rule.count
                for rule in watch.rules
                if rule.place == place and rule.weekly and rule.kind is RuleKind.THRESHOLD
            }
        )
    )


def _fighting(begin: datetime, end: datetime, zone: str) -> tuple[Shaded, ...]:
    found = fighting_between(
        shipped_record().fighting, local_date(begin, zone), local_date(end, zone)
    )
    return tuple(
        Shaded(first=each.days[0], last=each.days[1], name=visible(each.name, 60))
        for each in found
        if each.days is not None and each.tested
    )


def _credits(terms: Iterable[Terms]) -> tuple[str, ...]:
    """Return whose data it is; what may not be passed on says so."""
    return tuple(
        dict.fromkeys(
            each.credit
            if each.redistributable
            else f"{each.attribution} (not to be passed on without consent)"
            for each in terms
        )
    )
