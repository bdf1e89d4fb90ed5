"""Is every change told, also one whose work began before a digest and ended after it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from collector.model import Revision
from collector.model.citation import Citation, CitedCount
from collector.model.stop import Side, Stop, StopCandidate, StopRevision
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, citations, landings, outbox, stops, week_statements
from collector.store.digest_times import LONGEST_WORK, store_digest_time
from collector.weeks import digest_at, local_date, next_week
from tests.notify.test_week_statements import FIRST, SECOND, compare, hear
from tests.support.sight_station import ZONE
from tests.support.station import Station
from tests.support.touchdowns import touchdown

MOMENT = timedelta(seconds=1)
DIGEST_AT = digest_at(SECOND, ZONE)


def test_what_is_stored_while_a_digest_is_written_is_in_the_next_one(tmp_path: Path) -> None:
    station = Station(tmp_path)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        services.digests.owe_next(digest_at(FIRST, ZONE) - timedelta(days=7))
        for key in (FIRST, SECOND):
            hear(services, key, 0.9)
            compare(services, key)
        late = touchdown(digest_at(FIRST, ZONE) - timedelta(days=3), watch="w")
        cited = citations.store_citation(store, _citation(late.detection.touchdown_at))
        with store.transaction():
            stop = Stop(
                side=Side.PREVIOUS, airfield="UBBB", candidates=(StopCandidate("UBBB", "Baku", 1),)
            )
            known_at = late.detection.touchdown_at + timedelta(hours=1)
            landings.save(store, late, Revision(late.id, known_at, "found", "Heard.", "10"))
            stops.save(store, late.id, stop, None, at=known_at, rules_version="1")
        services.week_comparison.compare(DIGEST_AT - timedelta(hours=1))
        while services.digests.owe_next(DIGEST_AT):
            pass

        began_at = DIGEST_AT - MOMENT  # of all that is stored from here on
        with store.transaction():
            landings.save(store, late, Revision(late.id, began_at, "upgraded", "Late.", "10"))
            moved = Stop(
                side=Side.PREVIOUS,
                airfield="OLBA",
                candidates=(StopCandidate("OLBA", "Beirut", 1),),
            )
            change = StopRevision(
                late.id, Side.PREVIOUS, began_at, "moved", ("UBBB",), ("OLBA",), "1"
            )
            stops.save(store, late.id, moved, change, at=began_at, rules_version="1")
            citations.store_change(store, cited, began_at, CitedCount(()))
            services.citations.owe_changes(began_at)
        _reject_in_numbers(services, began_at)
        said = []
        for key in (next_week(SECOND), next_week(next_week(SECOND))):
            services.digests.owe_next(digest_at(key, ZONE))
            mail = next(each for each in outbox.listing(store) if key in each.key)
            said.append(" ".join(mail.owed.message.text.split()))
    for words in ("was upgraded (Late)", "Beirut", "Cited as", "Week 43 of 2026"):
        assert [text.count(words) > 0 for text in said] == [True, False], words


def test_a_digest_of_a_wrong_clock_dates_nothing(tmp_path: Path) -> None:
    found_at = DIGEST_AT + timedelta(hours=1)
    with Store.open(Station(tmp_path).database) as store:
        services = build_services(load(Station(tmp_path).config, environ={}), store)
        recipient, watches = services.digests.watches_by_recipient()[0]
        with store.transaction():
            services.digests.owe(recipient, watches, SECOND, found_at + 3 * LONGEST_WORK)
            one = touchdown(found_at - timedelta(hours=9), watch="w")
            landings.save(store, one, Revision(one.id, found_at, "found", "Heard.", "10"))
        (line,) = landings.history(store, one.id)
    assert line.at == found_at


def test_what_a_replay_finds_after_a_digest_keeps_every_line_in_its_order(tmp_path: Path) -> None:
    """A landing that is found, withdrawn and found again for the same reasons, before a digest."""
    one = touchdown(DIGEST_AT - timedelta(hours=9), watch="w")
    with Store.open(Station(tmp_path).database) as store:
        with store.transaction():
            store_digest_time(store, DIGEST_AT)
        for number in range(4):
            at = DIGEST_AT - LONGEST_WORK + number * timedelta(hours=8)
            change = ("found", "retracted")[number % 2]
            for _ in range(2):  # a line is stored once
                landings.save(store, one, Revision(one.id, at, change, change, "10"))
        lines = landings.history(store, one.id)
    assert [line.change for line in lines] == ["found", "retracted"] * 2
    assert lines[0].at > DIGEST_AT
    assert all(line.at < later.at for line, later in pairwise(lines))
    assert lines[-1].at < DIGEST_AT + MOMENT


def _citation(at: datetime) -> Citation:
    day = local_date(at, ZONE)
    return Citation(
        id="",
        watch="w",
        place="LLOV",
        first=day,
        last=day,
        cited_at=at,
        text="One landing.\n",
        sha256="0" * 64,
        known=CitedCount(()),
    )


def _reject_in_numbers(services: Services, at: datetime) -> None:
    """Store that the first week's number changed, as the comparison does."""
    known = week_statements.last_statements(services.store, "w")
    place, key = next(each for each in known if each[1] == FIRST)
    changed = replace(known[place, key], least=0, most=0)
    with services.store.transaction():
        week_statements.store_statements(services.store, "w", [(place, key, changed)], at)
