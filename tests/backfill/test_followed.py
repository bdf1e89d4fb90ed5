"""Do archives, read in any order, keep the whole track of an aircraft that matches by a name, and
end as polls do?"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.backfill.sample import Sample
from collector.model import Landing, WatchMatch
from collector.store import landings, rederivation_queue
from tests.backfill.rig import Rig, rig
from tests.support.dump import dump
from tests.support.flights import LLOV, polls, visit
from tests.support.named import (
    KINDS,
    MINUTE,
    STRANGER,
    Kind,
    Named,
    goes_on,
    reply,
    trace_file,
    worn,
)
from tests.support.past import DAY, FIRST, HOUR, write_tar

DOWN = FIRST + DAY + 22 * HOUR
"""In the evening; it leaves the day after, in the morning."""
LANDS = visit(LLOV, DOWN, 6 * HOUR)
LEAVES = DOWN + 6 * HOUR
END = FIRST + 4 * DAY
CALLSIGN = KINDS["callsign"]
TIMES = [
    *polls(DOWN - 25 * MINUTE, DOWN + 10 * MINUTE, 30.0),
    *polls(LEAVES - 2 * MINUTE, LEAVES + 20 * MINUTE, 30.0),
]
TABLES = ("observations", "matches", "landings", "slots", "due")


def found(one: Rig) -> list[Landing]:
    return landings.find(one.services.store, icao24=STRANGER)


def two_days(folder: Path, named: Named, *, tar: bool = False) -> list[Path]:
    """The aircraft's traces, one a day; only those of the first day have the watched name."""
    paths = []
    for number in (1, 2):
        day = FIRST + number * DAY
        times = [at for at in TIMES if day <= at < day + DAY]
        path = trace_file(folder / f"day{number}", LANDS, named, times, day)
        if tar:
            name = f"traces/16/trace_full_{STRANGER}.json"
            path = write_tar(folder / f"{number}.tar", {name: path.read_bytes()}, day)
        paths.append(path)
    return paths


@pytest.mark.parametrize("tar", [False, True], ids=["files", "tars"])
def test_in_any_order_days_without_the_name_are_kept(tmp_path: Path, tar: bool) -> None:
    """The departure under another callsign stands in a trace that no watch wants."""
    first, second = two_days(tmp_path, worn(CALLSIGN, DOWN, -60, 60, else_=None), tar=tar)
    kept: list[dict[str, list[tuple[object, ...]]]] = []
    for number, order in enumerate(
        ([[first, second]], [[second, first]], [[first], [second]], [[second], [first, second]])
    ):
        with rig(tmp_path / f"{number}", END, CALLSIGN.watch) as one:
            one.sample = Sample(0.0)
            for paths in order:
                one.fill(paths)
            (landing,) = found(one)
            assert landing.watches == (WatchMatch("named", "callsign AZQ*", True),)
            assert landing.detection.departed_at is not None
            assert abs(landing.detection.departed_at - LEAVES) <= MINUTE
            reports = one.fill(order[-1]).reports
            assert reports == 0  # a second time there is nothing left to read
            kept.append(dump(one.services.settings.database))
    for others in kept[1:]:
        for table in TABLES:
            assert others[table] == kept[0][table], table


def test_a_backfill_that_was_killed_before_it_read_again_does_so_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_days(tmp_path, worn(CALLSIGN, DOWN, -60, 60, else_=None))
    with rig(tmp_path / "killed", END, CALLSIGN.watch) as one:

        def killed(*_: object) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("collector.backfill.run._read_again", killed)
            with pytest.raises(KeyboardInterrupt):
                one.fill([second, first])
        one.fill([second, first])
        (landing,) = found(one)
        assert landing.detection.departed_at is not None


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("lands", [True, False], ids=["lands", "flies on"])
def test_a_trace_ends_as_polls_do(tmp_path: Path, kind: Kind, lands: bool) -> None:
    """Four minutes with the name. A trace has one registration, operator and type for all rows, so
    that there polls of a whole flight with these names are compared."""
    mixed = (-8.0, -4.0) if kind is CALLSIGN else (-60.0, 60.0)
    named = worn(kind, DOWN, *mixed, else_=None)
    flight = LANDS if lands else goes_on(LANDS, DOWN - 4 * MINUTE)
    times = polls(DOWN - 18 * MINUTE, DOWN + 15 * MINUTE, 60.0)
    told = []
    for way in ("trace", "polls"):
        with rig(tmp_path / way, END, kind.watch) as one:
            if way == "trace":
                one.fill([trace_file(tmp_path / "in", flight, named, times, FIRST + DAY)])
            else:
                for at in times:
                    one.services.pipeline.ingest(reply(flight, named, at))
            standing = [landing for landing in found(one) if landing.stands]
            told.append([(each.airfield, each.watches[0].counted) for each in standing])
    assert told[0] == told[1]
    assert [counted for _, counted in told[0]] == ([kind is not CALLSIGN] if lands else [])


def test_what_polls_had_kept_of_a_stranger_is_derived_as_well(tmp_path: Path) -> None:
    """The polls had the approach without a name; the archive names the aircraft after it."""
    approach = polls(DOWN - 18 * MINUTE, DOWN - 10 * MINUTE, 60.0)
    nameless = worn(CALLSIGN, DOWN, 0, 0, else_={})
    named = worn(CALLSIGN, DOWN, -60, 60, else_=None)
    times = polls(DOWN - 5 * MINUTE, DOWN + 10 * MINUTE, 30.0)
    day = FIRST + DAY
    with rig(tmp_path, DOWN + HOUR, CALLSIGN.watch) as one:
        for at in approach:
            one.services.pipeline.ingest(reply(LANDS, nameless, at))
        assert rederivation_queue.due_spans(one.services.store) == []
        one.read([trace_file(tmp_path / "traces", LANDS, named, times, day)])
        (due,) = [
            span
            for span in rederivation_queue.due_spans(one.services.store)
            if span.icao24 == STRANGER
        ]
        assert due.first_at <= approach[0]
        assert due.last_at >= times[-1] - MINUTE
