"""How are the stops before and after a landing worded? A short name, a sentence, a count.

A stop is "seen" at an airfield: no words here say where a flight or a cargo began.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from collector.model import Landing
from collector.model.stop import Side, Stop, StopRevision
from collector.reports import formatting
from collector.reports.formatting import iso_z
from collector.untrusted import visible

NOT_KNOWN = "not known"
NOT_DERIVED = "It was not looked for yet."
NAMED_AT_MOST = 3
"""Candidates. More of them say no more than that it is not known which."""

ROW_NAMES = ("previous_stop", "next_stop")
"""The keys of both stops in `landings --json`."""

_NAME_LONGEST = 60
_SEEN = {Side.PREVIOUS: "Previous stop seen", Side.NEXT: "Next stop seen"}
_OPEN = ", but a stop in between is not excluded"
_MOMENTS = {Side.PREVIOUS: "left on", Side.NEXT: "reached on"}


def stop_title(stop: Stop | None) -> str:
    """Return where the aircraft was seen: `Lankaran (UBBL)`, `Kala (UB18) or Nasosnaya (UB12)`, or
    `not known`."""
    if stop is None or not stop.known:
        return NOT_KNOWN
    return _either([_with_code(stop, code) for code in _likeliest_first(stop)])


def stops_sentence(landing: Landing, *, known_only: bool = False) -> str:
    """Return where its aircraft was seen before and after; empty before that is derived.

    `Previous stop seen: Lankaran (UBBL). Next stop seen: not known.` With `known_only`, without the
    second of these sentences.
    """
    if landing.stops and not any(stop.known for stop in landing.stops):
        return "" if known_only else f"Previous and next stop seen: {NOT_KNOWN}."
    return " ".join(
        f"{_SEEN[stop.side]}: {stop_title(stop)}{_OPEN if stop.known and not stop.direct else ''}."
        for stop in landing.stops
        if stop.known or not known_only
    )


def previous_stops(landings: Iterable[Landing]) -> list[dict[str, Any]]:
    """Return how many of some landings had which stop before, the most frequent first.

    The last row, without `codes`, counts those of which it is not known. Empty if no stop of any
    of them is derived.
    """
    stops = [landing.stop(Side.PREVIOUS) for landing in landings]
    if not any(stops):
        return []
    known = [stop for stop in stops if stop is not None and stop.known]
    names = {each.codes: [_name(each, code) for code in each.codes] for each in known}
    counts = Counter(each.codes for each in known)
    rows = [
        {"codes": list(codes), "name": _either(names[codes]), "landings": number}
        for codes, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    if unknown := len(stops) - counts.total():
        rows.append({"codes": [], "name": NOT_KNOWN, "landings": unknown})
    return rows


def previous_stops_sentence(landings: Iterable[Landing], *, known_only: bool = False) -> str:
    """Return the same as a sentence, or an empty text; with `known_only`, also if none is known.

    `Previous stop seen: Lankaran for 6 landings, Kala or Nasosnaya for 2; not known for 3.`
    """
    rows = previous_stops(landings)
    if [row["name"] for row in rows] == [NOT_KNOWN]:
        return "" if known_only else f"{_SEEN[Side.PREVIOUS]}: {NOT_KNOWN}."
    parts = [f"{row['name']} for {row['landings']}" for row in rows if row["codes"]]
    if not parts:
        return ""
    parts[0] += " landing" if rows[0]["landings"] == 1 else " landings"
    unknown = "".join(f"; {NOT_KNOWN} for {row['landings']}" for row in rows if not row["codes"])
    return f"{_SEEN[Side.PREVIOUS]}: {', '.join(parts)}{unknown}."


NO_STOPS = "? / ?"
"""The cell of a landing of which neither stop is known."""


def stops_cell(row: Mapping[str, Any]) -> str:
    """Return both stops of a row of `landings --json` by their codes: `UB18 or UBBB / EDDF`.

    What is not known is `?`.
    """
    return " / ".join(_either(_codes(row[name])) or "?" for name in ROW_NAMES)


def stop_names(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of the airfields that `stops_cell` writes, by their codes."""
    return {
        code: row[name]["names"][code]
        for row in rows
        for name in ROW_NAMES
        for code in _codes(row[name])[:NAMED_AT_MOST]
    }


def code_names(names: Mapping[str, str]) -> str:
    """Return airfields with their names, as they stand below a listing of codes.

    >>> code_names({"LLOV": "Ovda", "LLXX": "", "LLER": "Ramon"})
    'LLER Ramon, LLOV Ovda'
    """
    words = [
        f"{code} {visible(name, _NAME_LONGEST)}" for code, name in sorted(names.items()) if name
    ]
    return ", ".join(words)


def _codes(row: Mapping[str, Any] | None) -> list[str]:
    """Return the airfield of a stop's row, or its candidates by code; empty if not known."""
    if row is None:
        return []
    return [row["airfield"]] if row["airfield"] else sorted(row["candidates"])


def stop_correction(revision: StopRevision, landing: Landing, zone: str) -> str:
    """Return that a stop is another one now than before a change, in a sentence."""
    stop = landing.stop(revision.side)
    before = _either([code if stop is None else _with_code(stop, code) for code in revision.before])
    aircraft = landing.registration or landing.detection.icao24
    landed = formatting.moment(landing.detection.touchdown_at, zone)
    return (
        f"{aircraft}, landed on {landed}: {_SEEN[revision.side].lower()} is {stop_title(stop)}, no "
        f"longer {before}."
    )


def stop_row(stop: Stop | None) -> dict[str, Any] | None:
    """Return a stop for `--json`; None before it is derived.

    `airfield` is null if it is undetermined between the `candidates`; if these are empty as well,
    it is not known, and `reason` says why. `open_because` says why a stop in between is not
    excluded, and is null if `direct`.
    """
    if stop is None:
        return None
    return {
        "airfield": stop.airfield,
        "candidates": {each.airfield: round(each.probability, 4) for each in stop.candidates},
        "names": {each.airfield: each.name for each in stop.candidates},
        "grade": None if stop.grade is None else stop.grade.value,
        "probability": round(stop.probability, 4) if stop.known else None,
        "at": None if stop.at is None else iso_z(stop.at),
        "uncertainty_s": None if stop.uncertainty_s is None else round(stop.uncertainty_s, 1),
        "direct": stop.direct,
        "open_because": stop.open_because or None,
        "reason": stop.reason or None,
    }


def stop_lines(landing: Landing, history: Sequence[StopRevision], zone: str) -> Iterator[str]:
    """Yield all that is known of the stops before and after a landing, in sentences.

    `history` are their changes, oldest first.
    """
    for side in Side:
        stop = landing.stop(side)
        changes = [_change(each, zone) for each in history if each.side is side]
        yield " ".join([*_stop_sentences(side, stop, zone), *changes])


def _stop_sentences(side: Side, stop: Stop | None, zone: str) -> Iterator[str]:
    if stop is None or not stop.known:
        yield f"{_SEEN[side]}: {NOT_KNOWN}. {NOT_DERIVED if stop is None else stop.reason}"
        return
    when = ""
    if stop.at is not None:
        when = f", {_MOMENTS[side]} {formatting.moment(stop.at, zone, stop.uncertainty_s)}"
    if stop.airfield is None:
        shares = {each.airfield: each.probability for each in stop.candidates}
        names = " or ".join(
            f"{_with_code(stop, code)}, {formatting.percent(shares[code])}"
            for code in _likeliest_first(stop)
        )
        yield f"{_SEEN[side]}: undetermined, {names}{when}."
    else:
        yield f"{_SEEN[side]}: {stop_title(stop)}{when}."
    if stop.grade is not None:
        words = formatting.grade_words(stop.grade, stop.probability)
        at_one = " to have been at one of them" if stop.airfield is None else ""
        yield f"It is {words}{at_one}."
    for evidence in stop.evidence:
        yield evidence.text
    if stop.direct:
        yield "No time is left for a stop in between."
    else:
        yield f"A stop in between is not excluded. {stop.open_because}"


def _change(revision: StopRevision, zone: str) -> str:
    before = f" (before: {_either(revision.before)})" if revision.before else ""
    return f"[{formatting.moment(revision.at, zone)}: {revision.change}{before}]"


def _likeliest_first(stop: Stop) -> list[str]:
    return [stop.airfield] if stop.airfield else [each.airfield for each in stop.candidates]


def _name(stop: Stop, code: str) -> str:
    return visible(stop.name_of(code), _NAME_LONGEST)


def _with_code(stop: Stop, code: str) -> str:
    name = _name(stop, code)
    return name if name == code else f"{name} ({code})"


def _either(names: Sequence[str]) -> str:
    """Return names joined by `or`; of more than `NAMED_AT_MOST` how many more there are."""
    more = len(names) - NAMED_AT_MOST
    shown = list(names[:NAMED_AT_MOST])
    return " or ".join([*shown, f"{more} more"] if more > 0 else shown)
