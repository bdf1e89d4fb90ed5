"""Is every week evaluated that a landing may lie in, also those in the middle of a long silence?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from collector.alerts.counts import count_landings
from collector.model import Place, Rule, RuleKind
from collector.model.dating import weeks_of_landing
from collector.pipeline.changes import LandingChange
from collector.services import build_services
from collector.settings import load
from collector.store import Store, alerts, landings
from collector.weeks import week_bounds
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.support.unheard import unheard
from tests.support.weeks_told import MONDAY

DAY = timedelta(days=1)
OVDA = Place(("LLOV",))


def test_the_alert_of_every_such_week_begins(tmp_path: Path) -> None:
    rule = Rule(name="may", kind=RuleKind.UNDETERMINED, place=OVDA, count=1)
    landing = unheard(touchdown(MONDAY, watch="w"), MONDAY - 30 * DAY, MONDAY + 5 * DAY)
    with Store.open(Station(tmp_path).database) as store:
        services = build_services(load(Station(tmp_path).config, environ={}), store)
        (watch,) = services.settings.watches
        watch = replace(watch, rules=(rule,))
        evaluator = replace(services.alert_evaluator, watches=[watch])
        landings.save(store, landing, None)
        with store.transaction():
            change = LandingChange(landing, None, None)
            evaluator.landings_changed([change], MONDAY + 6 * DAY)
        weeks = list(weeks_of_landing(landing.detection, watch.zone))
        assert len(weeks) == 5
        assert sorted(state.window for state in alerts.load_states(store, "w")) == weeks
        for key in weeks:
            assert count_landings([landing], watch, OVDA, *week_bounds(key, watch.zone)).at_most
