"""Do rules fire in a drawn future exactly where the daemon's own decisions let them fire?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from collector.alerts.backtest import backtest
from collector.alerts.chance.alarms import alarms, surge_alarms
from collector.alerts.chance.model import Draw
from collector.alerts.chance.past import Mark, Past
from collector.alerts.chance.paths import Path, touchdowns
from collector.alerts.chance.threshold import weights_at
from collector.alerts.counts import probability_in
from collector.alerts.surge_facts import SurgeInput
from collector.model import Rule
from collector.weeks import week_of
from tests.support.touchdowns import FORTNIGHT, SURGE, WATCH, WEEKLY, touchdown

WEEK = timedelta(weeks=1)
FIRST = datetime(2024, 12, 29, 22, tzinfo=UTC)
"""A Monday's midnight in Jerusalem, before a year whose clocks change."""
PAST, AFTER = 52, 26
P_BELOW = 0.05


@pytest.mark.parametrize(
    ("rule", "seed"), [(WEEKLY, 12), (FORTNIGHT, 12), (SURGE, 7)], ids=["week", "days", "surge"]
)
def test_a_drawn_future_is_judged_as_the_daemon_judges(rule: Rule, seed: int) -> None:
    noise = Random(seed)
    times = touchdowns(Draw(0.45, 1.0, 1.0), [1.0] * (PAST + AFTER), noise)
    # Weeks have 168 hours but for two, in which nothing shall land in the hour that is moved.
    moments = [FIRST + WEEK * int(at) + WEEK * (0.02 + 0.96 * (at % 1)) for at in times]
    places = [(moment - FIRST) / WEEK for moment in moments]
    early = [at for at in places if at < PAST]
    late = [at - PAST for at in places if at >= PAST]
    mark = Mark(True, probability_in(touchdown(FIRST), rule.place))
    past = Past((1.0,) * PAST, tuple(early), (mark,) * len(early))
    path = Path(late, [mark] * len(late), [1.0] * AFTER)
    if rule is SURGE:
        fires = surge_alarms(rule, past, path, P_BELOW, weights_at(rule, past, P_BELOW))
    else:
        fires = alarms(rule, path)
    seen = {week_of(FIRST + WEEK * (n + 0.5), WATCH.zone): 1.0 for n in range(PAST + AFTER)}
    tested = backtest(
        rule,
        WATCH,
        [touchdown(moment) for moment in moments],
        lambda _now: seen,
        begin=FIRST + WEEK * PAST,
        end=FIRST + WEEK * (PAST + AFTER),
        surge=SurgeInput(P_BELOW),
    )
    # A drawn future begins without the last landings of the past: its first weeks do not count.
    begin = FIRST + WEEK * (PAST + 3)
    found = [at for at in (FIRST + WEEK * (PAST + each) for each in fires) if at >= begin]
    instant = timedelta(milliseconds=1)
    assert found, "the series holds no alarm, and shows nothing"
    for one in [each for each in tested.firings if each.fired_at >= begin]:
        assert any(abs(at - one.fired_at) < instant for at in found)
    for at in found:
        assert any(one.fired_at - instant < at < one.verdict.closes_at for one in tested.firings), (
            "outside of every alarm of the daemon's"
        )
