"""How does a person's verdict leave? As a verdict, without the person and what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from collector.model import Landing, Revision
from collector.model.review import Review

SOMEBODY = "A person"
"""Stands where a sentence begins with the reviewer."""
NAMING = frozenset({"review_by", "review_note", "by", "note"})
"""Keys of rows for machines that hold who reviewed a landing, and what they wrote."""


def review_without_person(review: Review) -> Review:
    """Return a review without its author and note."""
    return replace(review, by=SOMEBODY, note="")


def revision_without_person(revision: Revision) -> Revision:
    """Return a change of a landing without what a person wrote about it.

    A change without rules is the act of a person, and its reason is the person and the note.
    """
    return revision if revision.rules_version else replace(revision, reason="")


def landing_without_person(landing: Landing) -> Landing:
    """Return a landing whose review has no author and no note."""
    reviewed = landing.reviewed
    return replace(landing, reviewed=None if reviewed is None else review_without_person(reviewed))


def row_without_person(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a landing or of a review, with null for the reviewer and the note."""
    return {key: None if key in NAMING else value for key, value in row.items()}
