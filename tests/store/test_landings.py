"""Do landings, their watches and their history come back as they were saved?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from collector.model import Grade, WatchMatch
from collector.model.review import CONFIRMED, Review
from collector.store import Store, landing_ids, landings, meta, reviews
from tests.store.samples import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    SILKWAY,
    detection,
    landing,
    revision,
)
from tests.support.unheard import arrived_between, unheard


def test_a_landing_comes_back(store: Store) -> None:
    saved = replace(
        landing(),
        watches=(SILKWAY, WatchMatch("air", "callsign AZ*", False)),
        retracted=True,
    )
    landings.save(store, saved, revision(saved))
    assert landings.get(store, saved.id) == saved
    assert landings.get(store, "600865-2026-11-22-2") is None


def test_an_undetermined_landing_with_nothing_known_comes_back(store: Store) -> None:
    bare = detection(
        airfield=None,
        candidates=(),
        departed_at=None,
        runway=None,
        callsign=None,
        evidence=(),
        feeds=(),
        grade=Grade.POSSIBLE,
    )
    saved = landing(detection=bare, registration=None, type_code=None, watches=())
    landings.save(store, saved, revision(saved))
    assert landings.find(store) == [saved]


def test_hostile_text_comes_back(store: Store) -> None:
    callsign = "<script>\x1b[2J\0'; --"
    saved = landing(detection=detection(callsign=callsign), registration="\ud800é")
    landings.save(store, saved, revision(saved))
    (back,) = landings.find(store)
    assert (back.detection.callsign, back.registration) == (callsign, "?é")


def test_saving_again_replaces_it_and_lengthens_its_history(store: Store) -> None:
    first = landing()
    found = revision(first)
    landings.save(store, first, found)
    moved = replace(
        first,
        detection=detection(NOON + HOUR, airfield="LLER"),
        watches=(WatchMatch("air", "hex", True),),
        revised_at=NOON + DAY,
    )
    hidden = arrived_between(first.detection, NOON - HOUR, NOON + HOUR).unheard
    move = replace(
        revision(first, NOON + DAY, "moved"), touchdown_before=NOON, unheard_before=hidden
    )
    landings.save(store, moved, move)
    landings.save(store, moved, move)
    assert landings.find(store) == [moved]
    assert landings.history(store, first.id) == [found, move]
    assert landings.revisions(store, NOON, NOON + DAY, "air") == [(found, moved)]
    assert landings.revisions(store, NOON + SECOND, NOON + 2 * DAY, "air") == [(move, moved)]
    assert landings.revisions(store, NOON, NOON + 2 * DAY, "silkway") == []


def test_finding(store: Store) -> None:
    early = landing(NOON)
    late = landing(NOON + DAY, watches=(SILKWAY, WatchMatch("air", "hex", True)))
    gone = landing(NOON + 2 * DAY, retracted=True)
    other = replace(landing(NOON + DAY, ordinal=2), id="600808-2026-11-23-1", watches=())
    other = replace(other, detection=replace(other.detection, icao24="600808"))
    for each in (late, gone, other, early):
        landings.save(store, each, revision(each))

    assert landings.find(store) == [early, other, late]
    assert landings.find(store, include_retracted=True) == [early, other, late, gone]
    assert landings.find(store, begin=NOON, end=NOON + DAY) == [early]
    assert landings.find(store, begin=NOON + SECOND, icao24="600865") == [late]
    assert landings.find(store, watch="air") == [late]
    assert landings.find(store, watch="no such") == []
    assert landings.find(store, newest=2) == [other, late]
    assert landings.find(store, newest=0) == []


def test_what_is_read_to_be_counted_lacks_stops_and_needless_evidence_alone(store: Store) -> None:
    heard = replace(landing(NOON), watches=(SILKWAY, WatchMatch("air", "hex", False, "perhaps")))
    hidden = landing(NOON + DAY)
    hidden = replace(hidden, detection=arrived_between(hidden.detection, NOON, NOON + 2 * DAY))
    nowhere = landing(NOON + 2 * DAY)
    nowhere = replace(nowhere, detection=replace(nowhere.detection, airfield=None))
    for each in (heard, hidden, nowhere):
        landings.save(store, each, revision(each))
    verdict = Review(at=NOON + DAY, by="ed", verdict=CONFIRMED, note="seen")
    reviews.store_review(store, heard.id, verdict)

    for begin in (NOON, NOON + DAY + HOUR):  # the hidden one is then read as one that may lie there
        whole = landings.find(store, begin=begin)
        assert all(each.detection.evidence for each in whole)
        assert landings.find(store, begin=begin, bare=True) == [
            replace(each, detection=replace(each.detection, evidence=())) if each.airfield else each
            for each in whole
        ]


def test_what_overlaps_a_span(store: Store) -> None:
    stay = landing(detection=detection(NOON, visit_from=NOON - HOUR, visit_until=NOON + DAY))
    gone = landing(NOON + 3 * DAY, retracted=True)
    for each in (stay, gone):
        landings.save(store, each, revision(each))

    def found(begin: datetime, end: datetime) -> list[str]:
        return [each.id for each in landings.overlapping(store, "600865", begin, end)]

    assert found(NOON + HOUR, NOON + 2 * HOUR) == [stay.id]
    assert found(NOON - DAY, NOON + 30 * DAY) == [stay.id, gone.id]
    assert found(NOON + DAY + SECOND, NOON + 2 * DAY) == []
    assert landings.overlapping(store, "600808", NOON, NOON + DAY) == []


def test_ids_are_given_once(store: Store) -> None:
    day = date(2026, 11, 22)
    assert landing_ids.next_id(store, "600865", day) == "600865-2026-11-22-1"
    for ordinal in range(1, 12):
        each = replace(landing(), id=landing_ids.next_id(store, "600865", day), retracted=True)
        assert each.id == f"600865-2026-11-22-{ordinal}"
        landings.save(store, each, revision(each))
    assert landing_ids.next_id(store, "600865", date(2026, 11, 2)) == "600865-2026-11-02-1"
    assert landing_ids.next_id(store, "600866", day) == "600866-2026-11-22-1"


def test_several_ids_before_any_is_saved(store: Store) -> None:
    give = landing_ids.id_allocator(store)
    day = date(2026, 11, 22)
    assert [give("600865", day) for _ in range(2)] == [
        "600865-2026-11-22-1",
        "600865-2026-11-22-2",
    ]
    landings.save(store, landing(), revision(landing()))
    assert give("600865", day) == "600865-2026-11-22-3"


def test_weeks_follow_the_zone_of_the_watch(store: Store) -> None:
    def weeks() -> list[tuple[str, str, int]]:
        return [
            (row["watch"], row["week"], row["landings"])
            for row in store.execute("SELECT * FROM landings_by_week ORDER BY watch, week")
        ]

    sunday_night = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    saved = landing(sunday_night)
    landings.save(store, saved, revision(saved))
    assert weeks() == [("silkway", "2026-W47", 1)]
    meta.set_zones(store, {"silkway": "Asia/Jerusalem"})
    assert meta.zones(store) == {"silkway": "Asia/Jerusalem"}
    assert weeks() == [("silkway", "2026-W48", 1)]
    late = landing(sunday_night + MINUTE, ordinal=2)
    landings.save(store, late, revision(late))
    assert weeks() == [("silkway", "2026-W48", 2)]


def test_the_view_by_week_counts_no_stay_after_days_of_nothing_even_if_confirmed(
    store: Store,
) -> None:
    for number, silence in enumerate((3 * DAY, 5 * DAY)):
        one = landing(NOON + number * 28 * DAY)
        at = one.detection.touchdown_at
        hidden = unheard(one, at - silence / 2, at + silence / 2)
        landings.save(store, hidden, None)
        reviews.store_review(
            store, one.id, Review(at=NOON, by="ed", verdict=CONFIRMED, note="", airfield="LLOV")
        )
    rows = store.execute("SELECT landings, possible FROM landings_by_week ORDER BY week")
    assert [tuple(row) for row in rows] == [(1, 0), (0, 1)]
