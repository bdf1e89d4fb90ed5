"""What was an archive read for? Two short keys, by which a later run knows what it need not read.

Both change with everything that may change what is found, and both are stored. So neither encoding
may ever change, nor the names of the values' classes and fields that go into it: every archive
read before would be read again. `tests/backfill/test_scope.py` holds both to their stored form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import msgspec

from collector.model import Airfield, Place, Watch
from collector.watches.visitors import VisitorRule

if TYPE_CHECKING:
    from collector.settings import Settings


def request_scope(settings: Settings, *more: object) -> str:
    """Return the key of what archives are asked for: fleets, airfields, the visitors' rule.

    `more` is what else the requests depend on, such as the sample. Stored with each request.
    """
    watches = [
        (
            sorted((row.icao24, str(row.valid_from), str(row.valid_to)) for row in watch.fleet),
            *(watch.icao24, watch.registrations, watch.callsigns, watch.operators, watch.types),
            watch.exclude,
            watch.airfields,
        )
        for watch in settings.watches
    ]
    visitors, *others = (_in_fixed_order(value) for value in (settings.visitors, *more))
    text = repr((watches, visitors, tuple(others)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def trace_fingerprint(parts: Iterable[object]) -> str:
    """Return the key of what traces are searched for. Stored with each unit that was read."""
    older = tuple(map(_without_younger_fields, parts))
    encoded = msgspec.json.encode(older, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()[:32]


def _without_younger_fields(value: object) -> object:
    """Return a value in which no watch has a title, no rule the fields of a surge, and no airfield
    says whether its prior is a guess or how long its runways are listed: they are younger than the
    stored keys, and must not have every archive read again. msgspec leaves out what is UNSET."""
    match value:
        case Airfield():
            return replace(
                value,
                prior_guessed=cast(bool, msgspec.UNSET),
                listed_longest_m=cast(None, msgspec.UNSET),
            )
        case Watch():
            rules = tuple(
                replace(
                    rule,
                    place=_without_followed(rule.place),
                    false_alarms_per_year=cast(float, msgspec.UNSET),
                    stated_usual=cast(None, msgspec.UNSET),
                )
                for rule in value.rules
            )
            places = tuple(map(_without_followed, value.places))
            return replace(value, title=cast(str, msgspec.UNSET), places=places, rules=rules)
        case VisitorRule():
            return replace(value, lines=cast(Watch, _without_younger_fields(value.lines)))
        case tuple() if type(value) is tuple:
            return tuple(map(_without_younger_fields, value))
        case _:
            return value


def _without_followed(place: Place) -> Place:
    return replace(place, followed=cast(None, msgspec.UNSET))


class _SortedSet(frozenset[str]):
    """A set that is always written in the same order, which otherwise differs between processes."""

    def __repr__(self) -> str:
        inside = ", ".join(map(repr, sorted(self)))
        return f"frozenset({{{inside}}})" if self else "frozenset()"


def _in_fixed_order(value: object) -> object:
    if isinstance(value, VisitorRule):
        return replace(value, categories=_SortedSet(value.categories))
    return value
