"""Verdicts, coverage, a ledger and a digest of the sample landings, to render and look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from collector.alerts.counts import count_landings
from collector.alerts.lifecycle import Mute
from collector.alerts.rule_facts import gather_rule_facts
from collector.alerts.rules import evaluate_week
from collector.alerts.usual import Usual
from collector.alerts.verdict import Verdict
from collector.coverage.near import HIGH_BAND
from collector.coverage.share import Coverage, DayCoverage, State
from collector.coverage.sight import SeenCount, Sight, sight_of_weeks
from collector.landings.fleet_ledger import LedgerRow
from collector.model import Landing, Revision, Rule, Watch
from collector.model.terms import Terms
from collector.reports.mails.digest import DigestReport
from collector.reports.mails.feeds import FeedHealth
from collector.reports.mails.watch_week import PlaceWeek, WatchWeek
from collector.reports.picture import Shaded, WeekBar, WeeksChart
from collector.weeks import previous_week, week_bounds
from tests.support.landings import AIRFIELDS, CONFIRMED, PROBABLE, UNDETERMINED, WATCH, WEEKLY

WEEK = "2026-W47"
MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
"""Monday after that week, 07:00 in Jerusalem."""

ALL = (PROBABLE, CONFIRMED, UNDETERMINED)
ADSBLOL = Terms(
    attribution="adsb.lol contributors",
    licence="ODbL 1.0",
    redistributable=True,
    needs_consent=False,
    url="https://www.adsb.lol/docs/open-data/api/",
)
USUAL = Usual(0.6, 0.02, 31, 0, 1, "usual: 0–1 a week (31 covered weeks of the last 52)")
UNKNOWN = Usual(None, None, 3, None, None, "usual: not known yet (3 of 13 covered weeks)")


def coverage(share: float, lowest_band: int | None = 2) -> Coverage:
    """A day seen for `share` of the time, the rest without an answer."""
    seconds = dict.fromkeys(State, 0.0)
    seconds[State.ALIVE], seconds[State.DEAD] = share * 86400, (1 - share) * 86400
    low = lowest_band is not None and lowest_band < HIGH_BAND
    return Coverage(share, share if low else 0.0, seconds, lowest_band)


def verdict(
    landings: Sequence[Landing] = ALL,
    now: datetime = datetime(2026, 11, 21, 14, tzinfo=UTC),
    rule: Rule = WEEKLY,
    watch: Watch = WATCH,
) -> Verdict:
    """What `rule` finds in week 2026-W47, seen from `now`, after forty covered empty weeks."""
    shares, key = {}, WEEK
    for _ in range(40):
        shares[key] = 0.9
        key = previous_week(key)
    facts = gather_rule_facts(rule, watch, landings, shares, now)
    return evaluate_week(facts, WEEK)


def ledger_row(icao24: str, registration: str, *, heard: bool, could: int) -> LedgerRow:
    begin, end = week_bounds(WEEK, WATCH.zone)
    return LedgerRow(
        icao24=icao24,
        registration=registration,
        type_code="IL76",
        last_proven_at=end - timedelta(days=1) if heard else None,
        last_proven_where="at Baku (UBBB)" if heard else None,
        longest_unaccounted_from=begin,
        longest_unaccounted_until=end - timedelta(days=4 if heard else 0),
        longest_unaccounted=timedelta(days=3 if heard else 7),
        landings=1 if heard else 0,
        could_have_landed=could,
    )


def weeks_chart(last: SeenCount) -> WeeksChart:
    """Half a year up to week 2026-W47: a month that nobody saw, two weeks seen in part, a fight."""
    bars: list[WeekBar] = []
    key = WEEK
    for back in range(26):
        share = 0.05 if 12 <= back < 17 else 0.45 if back in (20, 21) else 0.92
        found = {4: (1, 1), 6: (2, 2), 9: (1, 3), 22: (1, 1)}.get(back, (0, 0))
        told = SeenCount(*found, Sight(share, share)) if back else last
        first = date.fromisocalendar(2026, int(key[6:]), 1)
        bars.insert(0, WeekBar(first=first, told=told, alarm=told.least >= 2))
        key = previous_week(key)
    return WeeksChart(
        headline="Silk Way Il-76s at Ovda",
        bars=tuple(bars),
        total=SeenCount(
            sum(each.told.least for each in bars),
            sum(each.told.most for each in bars),
            sight_of_weeks([each.told.sight for each in bars]),
        ),
        usual=(0, 1),
        thresholds=(2,),
        fighting=(Shaded(first=date(2026, 10, 5), last=date(2026, 10, 17), name="A border war"),),
        footer="As of Mon 23 Nov 2026, 07:00 IST. Data: adsb.lol contributors (ODbL 1.0).",
    )


def digest(
    landings: Sequence[Landing] = ALL,
    *,
    share: float = 0.82,
    lowest_band: int | None = 2,
    written_at: datetime = MONDAY,
) -> DigestReport:
    """The digest of week 2026-W47 with these landings, seen this well."""
    begin, end = week_bounds(WEEK, WATCH.zone)
    places = [
        PlaceWeek(
            place=place,
            count=count_landings(landings, WATCH, place, begin, end),
            coverage=coverage(share, lowest_band),
            usual=USUAL,
        )
        for place in WATCH.places
    ]
    days = [
        DayCoverage(date(2026, 11, 16 + n), coverage(max(0.0, min(1.0, share + (n - 3) / 12))))
        for n in range(7)
    ]
    correction = Revision(
        PROBABLE.id, MONDAY - timedelta(days=2), "upgraded", "from possible to probable", "1"
    )
    return DigestReport(
        week=WEEK,
        written_at=written_at,
        airfields=AIRFIELDS,
        watches=[
            WatchWeek(
                watch=WATCH,
                places=places,
                corrections=[(correction, PROBABLE)] if landings else [],
                ledger=[
                    ledger_row("600864", "4K-AZ100", heard=True, could=2),
                    ledger_row("60083c", "4K-AZ60", heard=False, could=9),
                ],
                mutes=[Mute("silkway", "weekly", MONDAY + timedelta(days=3), "maintenance")],
                chart=weeks_chart(places[0].seen),
            )
        ],
        coverage_by_day=[("LLOV", days), ("LLER", days)],
        feeds=[
            FeedHealth(
                name="adsblol",
                polls=10080,
                answered=8266,
                hours_asked=168,
                last_answer_at=MONDAY - timedelta(minutes=1),
            ),
            FeedHealth(name="opensky", polls=0, answered=0, remark="It refused us: 403."),
        ],
        terms=[ADSBLOL],
    )
