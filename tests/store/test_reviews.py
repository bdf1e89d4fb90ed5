"""Do people's verdicts stay, whatever is saved about their landings later?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.errors import StoreError
from collector.model.review import CONFIRMED, REJECTED, Review
from collector.reports.landing.persons import review_words
from collector.store import Store, landing_ids, landings, reviews
from tests.store.samples import DAY, HOUR, NOON, detection, landing, revision

SAID = Review(at=NOON + DAY, by="Anna", verdict=REJECTED, note="It was a 747", airfield="LLOV")


@pytest.fixture
def known(store: Store) -> str:
    saved = landing()
    landings.save(store, saved, revision(saved))
    return saved.id


def test_a_verdict_comes_back_with_its_landing(store: Store, known: str) -> None:
    reviews.store_review(store, known, SAID)
    back = landings.get(store, known)
    assert back is not None
    assert (back.review, back.reviewed) == (REJECTED, SAID)
    assert landings.find(store) == [back]
    assert landings.overlapping(store, "600865", NOON, NOON) == [back]
    assert store.execute("SELECT review FROM landings")[0]["review"] == REJECTED


def test_the_last_review_is_in_force_and_all_are_kept(store: Store, known: str) -> None:
    changed = replace(SAID, at=NOON + 2 * DAY, verdict=CONFIRMED, by="Ben", note="Seen there")
    taken_back = replace(SAID, at=NOON + 3 * DAY, verdict=None, note="")
    for said, verdict in ((SAID, REJECTED), (changed, CONFIRMED), (taken_back, None)):
        reviews.store_review(store, known, said)
        back = landings.get(store, known)
        assert back is not None
        assert back.review == verdict
        assert back.reviewed == (said if verdict else None)
    assert reviews.history(store, known) == [SAID, changed, taken_back]


def test_who_comes_to_the_same_verdict_is_counted_once(store: Store, known: str) -> None:
    told = []
    for by, verdict in (
        ("Anna", CONFIRMED),
        ("anna", CONFIRMED),
        ("Ben", CONFIRMED),
        ("Carl", REJECTED),
        ("Ben", CONFIRMED),
        ("Anna", None),
    ):
        reviews.store_review(store, known, replace(SAID, by=by, verdict=verdict))
        back = landings.get(store, known)
        assert back is not None
        told.append((back.reviewers, review_words(back)))
    once = (1, "confirmed by a person")
    twice = (2, "confirmed by 2 persons")
    assert told == [once, once, twice, (1, "rejected by a person"), once, (0, "")]


def test_deriving_a_landing_again_does_not_change_its_review(store: Store, known: str) -> None:
    before = landings.get(store, known)
    assert before is not None
    reviews.store_review(store, known, SAID)
    landings.save(store, replace(before, retracted=True), revision(before, NOON + DAY, "retracted"))
    after = landings.get(store, known)
    assert after is not None
    assert (after.review, after.retracted) == (REJECTED, True)
    assert store.execute("SELECT review FROM landings")[0]["review"] == REJECTED


def test_a_verdict_can_be_neither_changed_nor_deleted(store: Store, known: str) -> None:
    reviews.store_review(store, known, SAID)
    for sql in ("UPDATE reviews SET note = 'x'", "DELETE FROM reviews"):
        with pytest.raises(StoreError, match="a review is never"):
            store.execute(sql)
    assert reviews.history(store, known) == [SAID]


def test_there_is_no_verdict_on_a_landing_that_is_not_there(store: Store) -> None:
    with pytest.raises(StoreError):
        reviews.store_review(store, "600865-2026-11-22-9", SAID)


def test_hostile_words_come_back(store: Store, known: str) -> None:
    said = replace(SAID, by="\ud800", note="<script>\x1b[2J\n'; --\0")
    reviews.store_review(store, known, said)
    assert reviews.history(store, known) == [replace(said, by="?")]


def test_the_view_counts_where_a_person_says(store: Store, known: str) -> None:
    moved = landing(NOON + HOUR, 2, detection=detection(NOON + HOUR, airfield="LLER"))
    landings.save(store, moved, revision(moved))
    reviews.store_review(store, known, SAID)
    reviews.store_review(store, moved.id, replace(SAID, verdict=CONFIRMED))
    (week,) = store.execute("SELECT * FROM landings_by_week")
    assert (week["airfield"], week["landings"], week["rejected"]) == ("LLOV", 1, 1)
    told = store.execute("SELECT * FROM reviews_for_people")
    assert [(row["verdict"], row["derived_airfield"]) for row in told] == [
        (REJECTED, "LLOV"),
        (CONFIRMED, "LLER"),
    ]


@pytest.mark.parametrize(
    ("mistyped", "first"),
    [
        ("600865-2026-11-22-2", "600865-2026-11-22-1"),
        ("600865-2026-11-32-1", "600865-2026-11-22-1"),
        ("60086-2026-11-22-1", "600865-2026-11-22-1"),
        ("nonsense", None),
        ("", None),
    ],
)
def test_similar_ids(store: Store, known: str, mistyped: str, first: str | None) -> None:
    other = landing(NOON + 9 * DAY)
    landings.save(store, other, revision(other))
    found = landing_ids.similar_ids(store, mistyped)
    assert (found[0] if found else None) == first
