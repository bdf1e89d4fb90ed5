"""Are sightings stored once, given back as they were, and corrected rather than doubled?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.errors import StoreError
from collector.model.sighting import keyed
from collector.queries.published_record import shipped_record
from collector.store import Store, sightings
from tests.published.rows import row
from tests.store.samples import DAY, NOON, content


def test_what_is_stored_comes_back_and_again_changes_nothing(store: Store) -> None:
    rows = keyed(shipped_record().sightings)
    assert sightings.store_sightings(store, rows, NOON) == (len(rows), 0)
    assert sightings.load(store) == rows
    before = content(store, "sightings")
    assert sightings.store_sightings(store, rows, NOON + DAY) == (0, 0)
    assert content(store, "sightings") == before


def test_a_corrected_note_replaces_the_old_one(store: Store) -> None:
    said = row("2020-09-24", note="two hours", confidence="low")
    sightings.store_sightings(store, keyed([said]), NOON)
    better = replace(said, note="three hours", confidence="high", counted=False)
    assert sightings.store_sightings(store, keyed([better]), NOON + DAY) == (0, 1)
    assert list(sightings.load(store).values()) == [better]


def test_two_rows_alike_are_two_landings_and_the_same_file_twice_is_one(store: Store) -> None:
    two = [row("2020-09-24"), row("2020-09-24")]
    assert sightings.store_sightings(store, keyed(two), NOON) == (2, 0)
    assert sightings.store_sightings(store, keyed([*two, row("2020-09-24", source="B")]), NOON) == (
        1,
        0,
    )
    assert sightings.delete_sightings(store) == 3
    assert sightings.load(store) == {}


def test_text_that_no_database_holds_is_made_to_fit(store: Store) -> None:
    sightings.store_sightings(store, keyed([row("2020", note="a\ud800b")]), NOON)
    assert [one.note for one in sightings.load(store).values()] == ["a?b"]


def test_a_kind_that_is_none_is_refused_by_the_table(store: Store) -> None:
    sightings.store_sightings(store, keyed([row("2020")]), NOON)
    with pytest.raises(StoreError):
        store.execute("UPDATE sightings SET kind = 'rumour'")
