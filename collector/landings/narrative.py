"""How is a landing described that no feed received? Its evidence becomes one plain sentence each,
in order of time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from collector.landings.evidence.features import Feature
from collector.landings.evidence.weights import WEIGHTS
from collector.landings.evidence.witness import WITNESS_TEXTS, Witness, no_witness_text
from collector.landings.silences import Silence
from collector.model import Airfield, Candidate, Evidence
from collector.model.landing import APPROACH

LIKELY_SHARE = 0.6
"""From this coverage on, the sentence says that flying on would most likely have been heard."""

FEATURE_WORDS = {
    "path": "its height for that distance",
    "height": "its height above the field",
    "course": "its direction of flight",
    "centreline": "its offset from a runway's centreline",
    "rate": "its rate of descent or climb",
    "projected": "where that descent or climb leads",
    "speed": "its speed for that distance",
    "leads": "where that descent or climb leads on its course",
    "energy": "its height and speed for that distance",
    "bound": "its direction at that height",
    "side": "the side of the field it was on",
    "blind": "altitudes received without a position",
    "later": "the coverage in the hours after",
    "turn": "the way it turned",
    "lower": "how low others were, or usually are, received there",
    "ends": "which ends of the silence were heard",
    "begins": "where it was heard before",
    "returns": "where it was heard next",
    "spare": "the time left for a stay",
    "silence": "the coverage during the silence",
}
"""What the tables of `landings.evidence.features` are about, in an editor's words."""

PRIOR_TABLE = "prior"
"""Stands for a table's name: the `prior_weight` of the configuration."""

SCALE_TEXT = "×2 doubles the odds, ÷2 halves them"
"""How the weight of evidence is written for an editor."""

_GREATEST_FACTOR = 1000
"""A larger factor says no more to a reader."""

MIN_LISTED_NATS = 0.5
"""Evidence that weighs less, in nats, is left out of the sentence."""
MAX_LISTED = 5
"""Pieces of evidence that one sentence names for each side."""


def narrate(
    silence: Silence,
    field: Airfield,
    candidates: Sequence[Candidate],
    features: Mapping[str, Sequence[Feature]],
    *,
    priors: Mapping[str, float],
    named: bool,
    witness: Witness | None,
    learned: Sequence[Evidence] = (),
) -> tuple[Evidence, ...]:
    """Return all evidence that was weighed, for and against, in order of time.

    `features` and `priors` are those of each field. `witness` is `Silence.witness` of `field`.
    `learned` is the evidence from earlier days (`evidence.coverage_floor`).
    """
    others = [one.airfield for one in candidates if one.airfield != field.icao]
    lines = [
        *_arrival(silence, field),
        *_heights(silence),
        *_listening(silence),
        *_witness(silence, field, witness),
        *_return(silence, field),
        *learned,
        _neighbours(silence, field, candidates, named=named),
        _weighed(silence, field, features[field.icao]),
        *(_rival(silence, field, icao, features, priors) for icao in others if icao in features),
    ]
    return tuple(sorted(lines, key=lambda line: (line.at, line.kind)))


def _arrival(silence: Silence, field: Airfield) -> list[Evidence]:
    end = silence.arrival
    if end is None:
        fix = silence.begins.fix
        text = "Last heard elsewhere; the approach was not heard."
        return [Evidence(fix.at, APPROACH, text, "neutral", None, fix.feeds)]
    bearing = end.bearings[field.icao]
    flew = "in level flight" if silence.level else "descending"
    text = (
        f"Last heard {flew}, {bearing.distance_nm:.1f} NM from {field.icao} and about "
        f"{max(0.0, bearing.height_ft or 0.0):,.0f} ft above it"
        + _aligned(bearing.runway.name if bearing.runway else None, bearing.offset_nm)
        + "."
    )
    speaks = "neutral" if silence.level else "for"
    return [Evidence(end.fix.at, APPROACH, text, speaks, field.icao, end.fix.feeds)]


def _heights(silence: Silence) -> list[Evidence]:
    """Return the altitudes received without a position, and the fields that any altitude
    excludes."""
    lines = []
    for end, what in ((silence.arrival, "land"), (silence.departure, "take off")):
        if end is None:
            continue
        if end.blind is not None:
            text = (
                "Here only altitudes were received, without a believable position; the lowest was "
                f"about {end.blind.lowest_ft:,.0f} ft."
            )
            lines.append(Evidence(end.fix.at, "heights", text, "neutral", None, end.fix.feeds))
        for icao in sorted(end.excluded):
            text = f"Heard below the elevation of {icao}, so the aircraft did not {what} there."
            lines.append(Evidence(end.fix.at, "excluded", text, "against", icao, end.fix.feeds))
    return lines


def _aligned(runway: str | None, offset_nm: float | None) -> str:
    if runway is None or offset_nm is None or offset_nm > 1.0:
        return ""
    if offset_nm < 0.2:
        return f", in line with runway {runway}"
    return f", {offset_nm:.1f} NM beside the centreline of runway {runway}"


def _listening(silence: Silence) -> list[Evidence]:
    """Return what the coverage after the approach proves."""
    if silence.arrival is None:
        return []
    at, share = silence.arrival.fix.at, silence.coverage_after
    if share is None:
        text = "Nothing is known about the coverage afterwards."
        return [Evidence(at, "silence", text, "neutral")]
    if share >= LIKELY_SHARE:
        text = (
            "Then silence, although the feed that had just heard it there went on receiving other "
            f"aircraft nearby in {share:.0%} of the next 15 minutes: flying on would most likely "
            "have been heard."
        )
        return [Evidence(at, "silence", text, "for")]
    text = (
        f"Then silence, but the feed was proven to cover the region in only {share:.0%} of the "
        "next 15 minutes: the aircraft may have flown on without being heard."
    )
    return [Evidence(at, "silence", text, "against"), *_later(silence, at)]


def _witness(silence: Silence, field: Airfield, witness: Witness | None) -> list[Evidence]:
    """Return what speaks for a landing besides the approach, if the first minutes prove nothing; or
    that nothing does, which decides the grade however well the rest fits."""
    at = silence.near_at
    if witness is None:
        why = no_witness_text(practises=silence.practises, aloft=silence.aloft)
        text = (
            f"Nothing else speaks for a landing at {field.icao}: {why}. So the landing is possible "
            "at most, however well the rest fits."
        )
        return [Evidence(at, "witness", text, "against", field.icao)]
    if witness is Witness.RETURN or (silence.coverage_after or 0.0) >= LIKELY_SHARE:
        return []
    return [Evidence(at, "witness", WITNESS_TEXTS[witness], "for")]


def _later(silence: Silence, at: datetime) -> list[Evidence]:
    """Return the coverage of the following hours, if the first minutes prove nothing."""
    if silence.coverage_later is None or silence.coverage_later < LIKELY_SHARE:
        return []
    text = (
        "Nor was the aircraft heard in the two hours after that, in "
        f"{silence.coverage_later:.0%} of which the same feed received others nearby."
    )
    return [Evidence(at, "later", text, "for")]


def _return(silence: Silence, field: Airfield) -> list[Evidence]:
    if silence.ends is None:
        return []
    end = silence.departure
    if end is None:
        fix = silence.ends.fix
        text = "Heard again later, but not climbing out of there."
        return [Evidence(fix.at, "return", text, "neutral", None, fix.feeds)]
    bearing = end.bearings[field.icao]
    if end.rolling:
        text = f"Heard again on a runway of {field.icao}, taking off."
    else:
        text = (
            f"Heard again climbing, {bearing.distance_nm:.1f} NM from {field.icao} and about "
            f"{max(0.0, bearing.height_ft or 0.0):,.0f} ft above it."
        )
    return [Evidence(end.fix.at, "return", text, "for", field.icao, end.fix.feeds)]


def _neighbours(
    silence: Silence, field: Airfield, candidates: Sequence[Candidate], *, named: bool
) -> Evidence:
    at = silence.near_at
    listed = ", ".join(f"{c.airfield} {c.probability:.0%}" for c in candidates)
    if not named:
        text = (
            "The track does not tell for certain which airfield it was, since how often aircraft "
            f"land at each is hardly known: {listed}."
        )
        return Evidence(at, "neighbours", text, "neutral")
    if len(candidates) == 1:
        return Evidence(at, "neighbours", f"No other airfield fits: {listed}.", "for", field.icao)
    return Evidence(
        at, "neighbours", f"Other airfields fit less well: {listed}.", "for", field.icao
    )


def _weighed(silence: Silence, field: Airfield, features: Sequence[Feature]) -> Evidence:
    """Return the evidence that weighed most for the likeliest field, in nats."""
    weights = sorted(
        ((WEIGHTS[table][index], table) for table, index in features),
        key=lambda pair: -abs(pair[0]),
    )
    pro, contra = _listed(weights)
    text = f"The evidence that weighed most for {field.icao} ({SCALE_TEXT}): {pro or 'nothing'}"
    text += f"; against: {contra}." if contra else "."
    at = silence.near_at
    return Evidence(at, "weights", text, "neutral", field.icao)


def _rival(
    silence: Silence,
    field: Airfield,
    icao: str,
    features: Mapping[str, Sequence[Feature]],
    priors: Mapping[str, float],
) -> Evidence:
    """Return how another field compares with the likeliest, by the evidence in which they differ
    most."""
    own, other = _nats(features[field.icao]), _nats(features[icao])
    apart = {table: other.get(table, 0.0) - own.get(table, 0.0) for table in own | other}
    apart[PRIOR_TABLE] = _log_ratio(priors.get(icao, 1.0), priors.get(field.icao, 1.0))
    ranked = sorted(apart.items(), key=lambda one: (-abs(one[1]), one[0]))
    better, worse = _listed([(nats, table) for table, nats in ranked])
    total = sum(apart.values())
    text = f"{icao} compared with {field.icao}: {_odds(total)} in total ({SCALE_TEXT})"
    text += f"; worse: {worse}" if worse else ""
    text += f"; better: {better}." if better else "."
    at = silence.near_at
    return Evidence(at, "rival", text, "against" if total < 0 else "neutral", icao)


def _listed(weights: Sequence[tuple[float, str]]) -> tuple[str, str]:
    """Return what speaks for and what against, each with what it does to the odds."""
    pro, contra = (
        [
            f"{_in_words(table)} {_odds(nats)}"
            for nats, table in weights
            if nats * sign >= MIN_LISTED_NATS
        ]
        for sign in (1, -1)
    )
    return ", ".join(pro[:MAX_LISTED]), ", ".join(contra[:MAX_LISTED])


def _odds(nats: float) -> str:
    """Return by how much evidence of this weight multiplies or divides the odds.

    >>> _odds(0.7), _odds(-0.7), _odds(3.4), _odds(-20.0)
    ('×2', '÷2', '×30', '÷1000 or more')
    """
    sign, factor = "×" if nats >= 0 else "÷", math.exp(min(abs(nats), 10.0))
    if factor >= _GREATEST_FACTOR:
        return f"{sign}{_GREATEST_FACTOR} or more"
    return f"{sign}{factor:.1f}".removesuffix(".0") if factor < 10 else f"{sign}{factor:.0f}"


def _log_ratio(one: float, other: float) -> float:
    return math.log(one / other) if one > 0 and other > 0 else 0.0


def _nats(features: Sequence[Feature]) -> dict[str, float]:
    return {table: WEIGHTS[table][index] for table, index in features}


def _in_words(table: str) -> str:
    if table == PRIOR_TABLE:
        return "how often such aircraft land there"
    side, _, name = table.rpartition(".")
    when = {"arrival": " on the way in", "departure": " on the way out"}.get(side, "")
    return FEATURE_WORDS[name] + when
