"""When were the aircraft of a watch followed? A watch that is new today followed nobody last week,
though others were received then.

A daemon follows its watches from its start on; `replay` and `backfill` follow them in the time that
they read. Times are kept for each line of a watch (a fleet, an address, a type …), so that a watch
that is renamed keeps its past. A watch was followed while one of its lines was. A database that an
older version made says nothing: what was configured at its next start is held to have been followed
always.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from collector.model import Place, Watch
from collector.model.followed import Span, Spans, joined
from collector.settings import Settings
from collector.store import Store, coverage_slots, meta
from collector.store.encoding import moment, stamp

_KEY = "followed"


def with_times(settings: Settings, store: Store) -> Settings:
    """Return the settings with watches whose places know when they were followed.

    Raises StoreError.
    """
    kept = _load(store)
    if kept is None:
        return settings
    return replace(settings, watches=tuple(_told(watch, kept) for watch in settings.watches))


def _told(watch: Watch, kept: Mapping[str, Spans]) -> Watch:
    spans = joined(span for line in lines_of(watch) for span in kept.get(line, ()))

    def told(place: Place) -> Place:
        return replace(place, followed=spans)

    return replace(
        watch,
        places=tuple(map(told, watch.places)),
        rules=tuple(replace(rule, place=told(rule.place)) for rule in watch.rules),
    )


def lines_of(watch: Watch) -> frozenset[str]:
    """Return the lines by which a watch wants aircraft, each with its kind."""
    kinds = {
        "fleet": watch.fleet_names,
        "icao24": watch.icao24,
        "registration": watch.registrations,
        "callsign": watch.callsigns,
        "operator": watch.operators,
        "type": watch.types,
    }
    return frozenset(f"{kind} {line}" for kind, lines in kinds.items() for line in lines)


def begin_following(store: Store, watches: Sequence[Watch], now: datetime) -> None:
    """Note that the daemon follows these watches from now on, and no other line any more.

    Raises StoreError.
    """
    present = _lines(watches)
    with store.transaction():
        kept = _load(store)
        if kept is None:
            _keep(store, dict.fromkeys(present, ((None, None),)))
            return
        ended = {line: _closed(spans, now) for line, spans in kept.items() if line not in present}
        begun = {line: joined((*kept.get(line, ()), (now, None))) for line in present}
        _keep(store, ended | begun)


def begin_reading(store: Store) -> None:
    """Begin to note what is read, if the database holds nothing yet. Raises StoreError."""
    with store.transaction():
        if _load(store) is None and coverage_slots.first_record_at(store) is None:
            _keep(store, {})


def note_read(store: Store, watches: Sequence[Watch], spans: Sequence[Span]) -> None:
    """Note that what was received in these spans was read for these watches. Raises StoreError."""
    with store.transaction():
        kept = _load(store)
        if kept is None:
            return  # an older version's database: all is held to have been followed
        read = {line: joined((*kept.get(line, ()), *spans)) for line in _lines(watches)}
        _keep(store, {**kept, **read})


def _lines(watches: Iterable[Watch]) -> set[str]:
    return {line for watch in watches for line in lines_of(watch)}


def _closed(spans: Spans, now: datetime) -> Spans:
    return tuple((begin, now if end is None else end) for begin, end in spans)


def _load(store: Store) -> dict[str, Spans] | None:
    text = meta.get_value(store, _KEY)
    if text is None:
        return None
    kept: dict[str, Spans] = {}
    for spans, lines in json.loads(text):
        kept |= dict.fromkeys(lines, tuple((_moment(begin), _moment(end)) for begin, end in spans))
    return kept


def _keep(store: Store, kept: Mapping[str, Spans]) -> None:
    """Store the spans with the lines that have them, most of which have the same."""
    lines_of_spans: dict[Spans, list[str]] = {}
    for line, spans in sorted(kept.items()):
        lines_of_spans.setdefault(spans, []).append(line)
    plain = [
        ([[each and stamp(each) for each in span] for span in spans], lines)
        for spans, lines in lines_of_spans.items()
    ]
    meta.set_value(store, _KEY, json.dumps(plain))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)
