"""Does every word of the glossary have one meaning, one anchor, and a place in the docs?"""

from __future__ import annotations

from pathlib import Path

from collector.reports.glossary import Entry, glossary, markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def entries() -> list[Entry]:
    return [entry for section in glossary() for entry in section.entries]


def test_the_page_of_the_docs_is_up_to_date() -> None:
    """If this fails: python -m collector.reports.glossary > docs/glossary.md"""
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_every_anchor_is_there_once() -> None:
    anchors = [entry.anchor for entry in entries()]
    assert len(set(anchors)) == len(anchors) >= 40
    assert {"landing", "touchdown", "coverage", "could-not-see", "withdrawn", "cited"} <= {*anchors}


def test_every_meaning_is_one_to_three_full_sentences() -> None:
    for entry in entries():
        assert entry.meaning.endswith("."), entry.word
        assert entry.meaning[0].isupper(), entry.word
        assert 1 <= entry.meaning.count(". ") + 1 <= 3, entry.word
        assert "\n" not in entry.meaning, entry.word
        assert entry.meaning.count("`") % 2 == 0, entry.word


def test_the_names_of_data_that_are_no_plain_words_are_explained() -> None:
    names = {name for entry in entries() for name in entry.names}
    assert {"retracted", "parked_until", "at_most", "slots", "fetches", "owed"} <= names
