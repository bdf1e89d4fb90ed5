"""What do the grades mean? One line at the end of a mail sums up `docs/landing-rules.md`."""

from __future__ import annotations

from collections.abc import Iterable

_MEANINGS = {
    "confirmed": "heard slow or braking on the ground at that airfield more than once, "
    "after an approach that fits or for some minutes",
    "probable": "the evidence strongly favours that airfield",
    "possible": "weaker evidence, counted only if the watch says so",
    "undetermined": "it landed, but at which of several airfields is not known",
}


def _line(grades: Iterable[str]) -> str:
    return f"Grades: {'; '.join(f'{each} = {_MEANINGS[each]}' for each in grades)}."


GRADES = _line(_MEANINGS)


def grades_told(words: Iterable[str]) -> str:
    """Return what the grades mean that are named in these words about landings; empty if none is.

    >>> grades_told(["graded probable, 93% likely"])
    'Grades: probable = the evidence strongly favours that airfield.'
    """
    said = " ".join(words)
    named = [each for each in _MEANINGS if each in said]
    return _line(named) if named else ""
