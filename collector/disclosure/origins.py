"""What is said outside of where data come from? The terms of the feeds, never the feeds' names.

An operator may name a feed after whoever runs the receiver. Whatever leaves therefore names "own
receiver" and the networks, by the attribution that their terms ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collector.model.terms import Terms

UNSTATED = Terms(
    attribution="an archive whose terms were not stated",
    licence="not stated",
    redistributable=False,
    needs_consent=True,
    url="",
)
"""The terms of files that were read under a name for which no terms are known."""


def origins_of(feeds: Iterable[str], terms: Mapping[str, Terms]) -> tuple[Terms, ...]:
    """Return the terms of these feeds, each once, by attribution."""
    found = {terms.get(feed, UNSTATED) for feed in feeds}
    return tuple(sorted(found, key=lambda each: (each.attribution, each.licence)))


def may_be_passed_on(feed: str, terms: Mapping[str, Terms]) -> bool:
    """Return whether the terms of a feed allow that its positions are passed on."""
    return terms.get(feed, UNSTATED).redistributable


def openness(origins: Iterable[Terms]) -> str:
    """Return how much of what something rests on may be passed on: `all`, `part` or `none`.

    >>> openness([UNSTATED])
    'none'
    """
    allowed = {origin.redistributable for origin in origins}
    return {frozenset({True}): "all", frozenset({False}): "none"}.get(
        frozenset(allowed), "part" if allowed else "none"
    )
