"""How does the collector do, on one screen or as one JSON object?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from collector.alerts.counts import count_landings
from collector.lock import holder
from collector.pipeline import identity_conflicts
from collector.queries import visitors as visitor_query
from collector.reports.formatting import iso_z
from collector.reports.landing.identity_conflicts import conflict_row
from collector.reports.landing.visitors import visitor_row, visitors_table
from collector.reports.learned_coverage import learned_line, learned_row
from collector.reports.tables import counted_cells, table
from collector.services import Services, home_zone
from collector.store import conditions, feeds, landings, learned_coverage, outbox, track_requests
from collector.untrusted import visible
from collector.weeks import week_bounds, week_of

LATELY = timedelta(days=7)
"""Visitors, conflicts and full tracks of this time are shown."""


def status(services: Services, now: datetime) -> dict[str, Any]:
    """Everything an operator asks first. Raises StoreError."""
    store = services.store
    value = learned_coverage.latest(store, now.date())
    fields = [each for each in services.settings.watched if each.exists_on(now.date())]
    return {
        "now": iso_z(now),
        "database": str(services.settings.database),
        "running_pid": holder(services.settings.database),
        "feeds": [_feed(services, name, now) for name in _names(services)],
        "conditions": [
            {
                "kind": one.kind,
                "subject": one.subject,
                "began_at": iso_z(one.began_at),
                "detail": one.detail,
            }
            for one in conditions.open(store)
        ],
        "outbox": {state: len(outbox.listing(store, state)) for state in ("owed", "failed")},
        "tracks": {
            state.value: count
            for state, count in track_requests.counts(store, now - LATELY).items()
        },
        "conflicts": [
            conflict_row(one)
            for one in identity_conflicts.of_watches(
                store, services.settings.watches, now - LATELY, now
            )
        ],
        "visitors": _visitors(services, now),
        "learned": learned_row(value, fields),
        "weeks": [
            row for watch in services.settings.watches for row in _weeks(services, watch.name, now)
        ],
    }


def text(told: dict[str, Any]) -> str:
    """`status` for a terminal."""
    pid = told["running_pid"]
    parts = [f"{'running, process ' + str(pid) if pid else 'not running'} · {told['database']}\n"]
    parts += [
        f"TROUBLE since {one['began_at']}: {one['kind']} {one['subject']}: {one['detail']}\n"
        for one in told["conditions"]
    ]
    parts.append(
        table(
            ("FEED", "LAST ASKED", "OUTCOME", "LAST ANSWER", "FAILED", "TODAY", "ASKED AGAIN"),
            [
                [
                    one["feed"],
                    one["last_poll_at"] or "never",
                    one["last_outcome"] or "-",
                    one["last_ok_at"] or "never",
                    str(one["failures"]),
                    str(one["spent_today"]),
                    one["parked_until"] or "-",
                ]
                for one in told["feeds"]
            ],
        )
    )
    parts.append(
        table(
            ("WATCH", "AIRFIELD", "WEEK", "COUNT", "COULD SEE", "ALERT"),
            [
                [one["watch"], one["airfield"], one["week"], *counted_cells(one)]
                for one in told["weeks"]
            ],
        )
    )
    parts.append(f"{learned_line(told['learned'])}\n")
    parts += [
        f"DOES NOT FIT since {one['begins_at']}: {visible(one['detail'])}\n"
        for one in told["conflicts"]
    ]
    if told["visitors"]:
        parts.append(f"Unlisted visitors, last 7 days:\n{visitors_table(told['visitors'])}")
    if any(told["tracks"].values()):
        counted = ", ".join(f"{count} {state}" for state, count in told["tracks"].items() if count)
        parts.append(f"full tracks, last 7 days: {counted}\n")
    waits = told["outbox"]
    parts.append(f"mails: {waits['owed']} owed, {waits['failed']} failed\n")
    return "\n".join(parts)


def _names(services: Services) -> list[str]:
    asked = [feed.name for feed in services.settings.feeds if feed.enabled]
    return list(dict.fromkeys([*asked, *(one.feed for one in feeds.states(services.store))]))


def _feed(services: Services, name: str, now: datetime) -> dict[str, Any]:
    state = feeds.state(services.store, name)
    parked = state.parked_until if state.is_backing_off(now) else None
    return {
        "feed": name,
        "last_poll_at": _time(state.last_poll_at),
        "last_outcome": state.last_outcome.value if state.last_outcome else None,
        "last_ok_at": _time(state.last_ok_at),
        "last_failure": state.last_failure,
        "failures": state.failures,
        "parked_until": _time(parked),
        "parked_why": state.parked_why if parked else None,
        "spent_today": feeds.spent(services.store, name, now),
    }


def _weeks(services: Services, name: str, now: datetime) -> list[dict[str, Any]]:
    watch = next(one for one in services.settings.watches if one.name == name)
    key = week_of(now, watch.zone)
    begin, end = week_bounds(key, watch.zone)
    found = landings.find(services.store, begin=begin, end=end, watch=name, include_retracted=True)
    rows = []
    for place in watch.places:
        count = count_landings(found, watch, place, begin, end)
        rows.append(
            {
                "watch": name,
                "airfield": place.name,
                "week": key,
                "count": count.count,
                "at_most": count.at_most,
                "coverage": round(services.weeks.coverage.of_week(place, watch.zone, key, now), 4),
                "alert": services.weeks.alert(watch, place, key),
            }
        )
    return rows


def _visitors(services: Services, now: datetime) -> list[dict[str, Any]]:
    codes = visitor_query.watched_codes(services.settings.watches)
    found = visitor_query.visitors(services.store, codes, begin=now - LATELY, end=now)
    return [visitor_row(landing, home_zone(services.settings)) for landing in found]


def _time(at: datetime | None) -> str | None:
    return None if at is None else iso_z(at)
