"""Is the usual coverage of a week learned once, kept, used and explained?"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collector.cli import status as telling_status
from collector.coverage.learned import learn
from collector.coverage.region import Region
from collector.model import Airfield, Detection, Landing, Observation
from collector.model.coverage import CELL_DEG, Cell, PollCoverage
from collector.model.reply import Outcome
from collector.pipeline.changes import LandingChange
from collector.pipeline.ingest import Pipeline
from collector.pipeline.learned_coverage import CoverageLearner
from collector.services import build_services
from collector.settings import load
from collector.store import Store, coverage_slots, landings, learned_coverage
from tests.pipeline.test_ingest import HOUR, MATCHES, WATCH, NoJudge, times
from tests.support.flights import FIELDS, LLER, LLOV, START, hear, visit
from tests.support.station import Station
from tests.support.status import status_of
from tests.web.browser import Outline, Site

VERSION = "2026-W47/28d"
"""For the week of START, a Sunday."""
END = START + 5 * HOUR
DAY = timedelta(days=1)


def cell(field: Airfield, band: int) -> Cell:
    return (math.floor(field.lat_deg / CELL_DEG), math.floor(field.lon_deg / CELL_DEG), band)


def earlier_days(count: int, *cells: Cell, first: int = 20, jammed: int = 0) -> list[PollCoverage]:
    """One poll on each of so many days, from `first` days before START on."""
    return [
        PollCoverage(
            feed="adsblol",
            at=START - (first - number) * DAY,
            outcome=Outcome.HEARD,
            area=True,
            aircraft=len(cells) + jammed,
            unplaced=jammed,
            cells=dict.fromkeys(cells, 1),
        )
        for number in range(count)
    ]


TAUGHT = earlier_days(5, cell(LLER, 0), cell(LLOV, 2))


def lost_high() -> list[Observation]:
    """An arrival at Ovda, lost at 12,000 ft and not received again."""
    flight = visit(LLOV, START + 2 * HOUR, 8 * HOUR)
    return hear(flight, times(START, END), floor_ft=12_000)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "test.sqlite") as store:
        yield store


def pipeline(store: Store, judge: NoJudge | None = None) -> Pipeline:
    return Pipeline(store, (WATCH,), FIELDS, Region(()), judge or NoJudge())


def take(services: Pipeline, heard: Sequence[PollCoverage] = ()) -> None:
    services.store_reports([(one, MATCHES) for one in lost_high()], heard, END)


def found(store: Store) -> Detection:
    (landing,) = landings.find(store)
    return landing.detection


def learned_lines(detection: Detection) -> list[str]:
    return [one.text for one in detection.evidence if one.kind == "learned"]


def test_a_value_is_learned_with_the_first_silence_and_explained_with_its_version(
    store: Store,
) -> None:
    line = pipeline(store)
    line.store_reports((), TAUGHT, END)
    assert learned_coverage.get(store, VERSION) is None
    take(line)
    assert learned_coverage.made_at(store, VERSION) == END
    (told,) = learned_lines(found(store))
    assert VERSION in told
    assert "aircraft are usually heard at LLER below 2,000 ft" in told


def test_a_learned_value_stays_whatever_polls_of_those_days_come_later(store: Store) -> None:
    services = pipeline(store)
    take(services, TAUGHT)
    before = found(store)
    value = learned_coverage.get(store, VERSION)
    services.store_reports((), earlier_days(9, cell(LLOV, 0), cell(LLER, 8), first=12), END)
    for again in (services, pipeline(store)):
        assert again.derivation.derive_all(START, END, END) == []
    assert learned_coverage.get(store, VERSION) == value
    assert found(store) == before


def test_a_second_replay_gives_the_same(store: Store, tmp_path: Path) -> None:
    for _ in range(2):
        take(pipeline(store), TAUGHT)
    with Store.open(tmp_path / "other.sqlite") as other:
        services = pipeline(other)
        for poll in reversed(TAUGHT):
            services.store_reports((), [poll], poll.at)
        for observation in lost_high():
            services.store_reports([(observation, MATCHES)], (), observation.heard_at)
        services.derivation.settle(END)
        assert learned_coverage.get(other, VERSION) == learned_coverage.get(store, VERSION)
        assert found(other) == found(store)


def test_it_is_learned_once_a_week(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def counted(*args: object) -> object:
        made.append(args[1:])
        return learn(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("collector.pipeline.learned_coverage.learn", counted)
    line = pipeline(store)
    line.store_reports((), TAUGHT, END)
    for observation in lost_high():
        line.store_reports([(observation, MATCHES)], (), observation.heard_at)
    pipeline(store).derivation.derive_all(START, END, END)
    assert len(made) == 1


def test_too_few_days_teach_nothing_until_more_are_stored(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[datetime] = []
    slots = coverage_slots.slots_between

    def counted(store: Store, begin: datetime, end: datetime) -> object:
        made.extend([begin] if end - begin == DAY else [])
        return slots(store, begin, end)

    monkeypatch.setattr("collector.store.coverage_slots.slots_between", counted)
    services = pipeline(store)
    take(services, TAUGHT[:2])
    asked = len(made)
    assert asked
    services.derivation.derive_all(START, END, END)
    services.store_reports((), [], END)
    assert len(made) == asked
    assert learned_lines(found(store)) == []
    assert store.execute("SELECT count(*) AS n FROM learned")[0]["n"] == 0
    services.store_reports((), TAUGHT[2:], END)
    services.derivation.derive_all(START, END, END)
    assert len(learned_lines(found(store))) == 1


def test_what_another_process_stores_is_looked_at(store: Store) -> None:
    """A backfill beside a daemon that found nothing to learn from when the week began."""
    services = pipeline(store)
    take(services, TAUGHT[:2])
    with Store.open(store.path) as beside:
        pipeline(beside).store_reports((), TAUGHT[2:], END)
    services.derivation.derive_all(START, END, END)
    assert len(learned_lines(found(store))) == 1


def test_what_is_undone_is_not_kept(store: Store) -> None:
    class Failing(NoJudge):
        def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
            raise RuntimeError("no")

    line = pipeline(store, Failing())
    line.store_reports((), TAUGHT, END)
    with pytest.raises(RuntimeError):
        take(line)
    assert learned_coverage.get(store, VERSION) is None
    line.derivation.alert_judge = NoJudge()
    take(line)
    assert learned_coverage.get(store, VERSION) is not None
    assert len(learned_lines(found(store))) == 1


def test_who_only_reads_keeps_nothing(store: Store) -> None:
    pipeline(store).store_reports((), TAUGHT, END)
    with Store.open(store.path, read_only=True) as reading:
        known = CoverageLearner(reading)
        (value,) = known.of_weeks([START, END], END)
        assert known.of_weeks([START], END)[0] is value
    assert value.version == VERSION
    assert learned_coverage.get(store, VERSION) is None


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A collector that lost an arrival at 12,000 ft, while its feed received others below."""
    station = Station(tmp_path_factory.mktemp("learning"))
    heard = lost_high()
    last = heard[-1]
    assert last.lat_deg is not None
    assert last.lon_deg is not None
    there = (math.floor(last.lat_deg / CELL_DEG) - 1, math.floor(last.lon_deg / CELL_DEG), 2)
    proof = PollCoverage(
        feed="adsblol",
        at=last.heard_at + timedelta(minutes=6),
        outcome=Outcome.HEARD,
        area=True,
        aircraft=1,
        cells={there: 1},
    )
    with Store.open(station.database) as store:
        whole = build_services(load(station.config, environ={}), store)
        bad = earlier_days(1, cell(LLOV, 8), first=22, jammed=5)
        whole.pipeline.store_reports((), [*TAUGHT, *bad, proof], END)
        whole.pipeline.store_reports([(one, MATCHES) for one in heard], (), END)
        whole.pipeline.derivation.settle(END)
    return station


def the_landing(station: Station) -> Landing:
    with Store.open(station.database, read_only=True) as store:
        (landing,) = landings.find(store)
        return landing


def test_explain_says_what_would_have_been_received(station: Station) -> None:
    landing = the_landing(station)
    (row,) = json.loads(station.run("explain", landing.id, "--json").stdout)
    found = {(one["kind"], one["airfield"]): one for one in row["alternatives"]}
    assert {kind for kind, _ in found} == {"level", "climbed", "south", "landed"}
    assert (found["south", None]["heard"], found["south", None]["feeds"]) == (
        "proven then",
        ["adsblol"],
    )
    ramon = found["landed", "LLER"]
    assert (ramon["heard"], ramon["how_low"]) == ("usually heard", "below 2,000 ft")
    said = station.run("explain", landing.id).stdout
    table = said.partition("Would the alternatives to a landing have been received?\n")[2]
    assert "\n  IF IT HAD " in table
    assert "landed at Ramon" in table
    assert all(len(text) <= 78 for text in table.partition("\n\n")[0].splitlines())
    assert "As learned from the 6 days to 2026-11-15" in " ".join(said.split())


def test_status_and_page_show_how_low_each_field_is_usually_covered(station: Station) -> None:
    settings = load(station.config, environ={})
    with Store.open(station.database, read_only=True) as store:
        whole = build_services(settings, store)
        told = status_of(whole, END)
        before = status_of(whole, START - 30 * DAY)
    learned = told["learned"]
    assert (learned["version"], learned["days"]) == (VERSION, 6)
    assert learned["feeds"] == [{"feed": "adsblol", "answered": 6, "jammed": 0.1667}]
    assert learned["airfields"] == [
        {
            "airfield": "LLOV",
            "usually": "down to 4,000 ft",
            "lowest_ft": 4000,
            "by_feed": {"adsblol": 4000},
        }
    ]
    sentence = f"({VERSION}): LLOV down to 4,000 ft; adsblol jammed 17%"
    assert sentence in " ".join(telling_status.status_text(told).split())
    assert before["learned"] is None
    assert "The usual coverage is not known yet" in telling_status.status_text(before)
    site = Site(station.database, settings)
    try:
        site.clock.move_to(END)
        for_readers = "6 days to 2026-11-15: Ovda down to 4,000 ft; adsblol jammed 17%"
        assert for_readers in Outline(site.get("/coverage").text).text
        assert site.get("/status.json").json()["learned"] == learned
        page = Outline(site.get(f"/landings/{the_landing(station).id}").text).text
        assert "Would the alternatives to a landing have been received?" in page
    finally:
        site.stop()
