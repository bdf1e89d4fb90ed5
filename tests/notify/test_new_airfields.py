"""Are landings found that took place at an airfield before it was watched, and then the stops?"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.model import WatchMatch
from collector.notify import new_airfields
from collector.pipeline.derivation import Derivation
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings, meta, outbox, stops
from tests.landings.test_stops import BAKU, FRANKFURT, HOUR, journey
from tests.support.flights import LLOV
from tests.support.station import Station

REPORTS, (_, OUTBOUND) = journey(BAKU, LLOV, FRANKFURT)
MATCH = (WatchMatch("w", "icao24 600865", True),)
NOW = OUTBOUND.landed_at + 21 * 24 * HOUR


def services(station: Station, store: Store) -> Services:
    return build_services(load(station.config, environ={}), store)


def derive(here: Services) -> int:
    steps = 0
    while here.judging_again.judge_next(NOW):
        steps += 1
    return steps


def found(store: Store) -> dict[str | None, tuple[tuple[str, ...], ...]]:
    """The airfields of the landings, with the stops before and after each."""
    return {
        each.airfield: tuple(stop.codes for stop in each.stops) for each in landings.find(store)
    }


def test_an_added_airfield_is_looked_for_in_what_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = Station(tmp_path)
    text = station.config.read_text()
    with Store.open(station.database) as store:
        before = services(station, store)
        assert derive(before) == 0, "the first start"
        reports = [(each, MATCH) for each in REPORTS]
        before.pipeline.store_reports(reports, (), OUTBOUND.landed_at + 4 * HOUR)
        before.stops.derive_all_due(NOW)
        assert found(store) == {"LLOV": (("UBBB",), ("EDDF",))}
        owed = [item.key for item in outbox.listing(store, "owed")]

        station.config.write_text(text.replace('["LLOV"]', '["LLOV", "EDDF"]'))
        with monkeypatch.context() as patch:
            patch.setattr(Derivation, "derive_one", _killed)
            with pytest.raises(KeyboardInterrupt):
                derive(services(station, store))
        after = services(station, store)
        assert derive(after) == 1, "one window of one aircraft"
        after.stops.derive_all_due(NOW)
        assert found(store) == {
            "LLOV": (("UBBB",), ("EDDF",)),
            "EDDF": (("LLOV",), ()),
        }
        assert [item.key for item in outbox.listing(store, "owed")] == owed
        assert derive(services(station, store)) == 0

        station.config.write_text(text)
        assert derive(services(station, store)) == 0
        assert set(found(store)) == {"LLOV", "EDDF"}, "what is taken out stays known"
        assert "EDDF" not in (meta.get_value(store, new_airfields.DERIVED) or "")
        assert stops.due(store) == []


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
