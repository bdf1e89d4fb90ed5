"""How is an unheard landing told? Its evidence in order of time, one plain sentence each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from collector.landings.evidence.features import Feature
from collector.landings.evidence.weights import WEIGHTS
from collector.landings.evidence.witness import Witness
from collector.landings.silences import Silence
from collector.model import Airfield, Candidate, Evidence

LIKELY_SHARE = 0.6
"""From this share on the sentence says that flying on would most likely have been heard."""

FEATURE_WORDS = {
    "path": "its height for that distance",
    "height": "how low it was",
    "course": "its direction",
    "centreline": "where it lay beside the centreline",
    "rate": "how fast it changed height",
    "projected": "where that descent or climb leads",
    "speed": "its speed for that distance",
    "leads": "where that descent or climb leads if it goes on as it pointed",
    "energy": "its height and speed for that distance",
    "bound": "where it was headed at that height",
    "side": "on which side of the field it was",
    "blind": "heights heard without a position",
    "later": "who listened in the hours after",
    "turn": "how it turned",
    "lower": "how low others were, or usually are, heard there",
    "ends": "which ends were heard",
    "begins": "where it was heard before",
    "returns": "where it was heard next",
    "spare": "the time left for a stay",
    "silence": "the silence and who listened",
}
"""What the tables of `landings.evidence.pieces` are about, for an editor."""

PRIOR_TABLE = "prior"
"""In place of a table's name: `prior_weight` of the configuration."""

SCALE_TEXT = "+0.7 doubles the odds, -0.7 halves them"
"""What a nat is, for an editor."""

MIN_LISTED_NATS = 0.5
MAX_LISTED = 5
"""What weighed less, or comes after so many, is left out of the sentence."""


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
    """Everything that was weighed, for and against; `pieces` and `priors` are each field's,
    `witness` what `Silence.witness` says of `field`, `learned` what earlier days taught
    (`evidence.lowest`)."""
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
        text = "Last heard elsewhere; its approach was not heard."
        return [Evidence(fix.at, "approach", text, "neutral", None, fix.feeds)]
    bearing = end.bearings[field.icao]
    text = (
        f"Last heard descending, {bearing.distance_nm:.1f} NM from {field.icao} and about "
        f"{max(0.0, bearing.height_ft or 0.0):,.0f} ft above it"
        + _aligned(bearing.runway.name if bearing.runway else None, bearing.offset_nm)
        + "."
    )
    return [Evidence(end.fix.at, "approach", text, "for", field.icao, end.fix.feeds)]


def _heights(silence: Silence) -> list[Evidence]:
    """What was heard of its height alone, and the fields that any height excludes."""
    lines = []
    for end, what in ((silence.arrival, "land"), (silence.departure, "take off")):
        if end is None:
            continue
        if end.blind is not None:
            text = (
                "Without a position that can be believed, heights were heard down to about "
                f"{end.blind.lowest_ft:,.0f} ft."
            )
            lines.append(Evidence(end.fix.at, "heights", text, "neutral", None, end.fix.feeds))
        for icao in sorted(end.excluded):
            text = f"Heard lower than {icao} lies: it did not {what} there."
            lines.append(Evidence(end.fix.at, "excluded", text, "against", icao, end.fix.feeds))
    return lines


def _aligned(runway: str | None, offset_nm: float | None) -> str:
    if runway is None or offset_nm is None or offset_nm > 1.0:
        return ""
    if offset_nm < 0.2:
        return f", in line with runway {runway}"
    return f", {offset_nm:.1f} NM beside the centreline of runway {runway}"


def _listening(silence: Silence) -> list[Evidence]:
    if silence.arrival is None:
        return []
    at, share = silence.arrival.fix.at, silence.coverage_after
    if share is None:
        text = "Nothing is known about who listened afterwards."
        return [Evidence(at, "silence", text, "neutral")]
    if share >= LIKELY_SHARE:
        text = (
            "Then silence, while the same feed, which had just heard it there, went on hearing "
            f"other aircraft nearby in {share:.0%} of the next quarter of an hour: flying on would "
            "most likely have been heard."
        )
        return [Evidence(at, "silence", text, "for")]
    text = (
        f"Then silence, but the feed was proven to hear the region in only {share:.0%} of the next "
        "quarter of an hour: it may have flown on unheard."
    )
    return [Evidence(at, "silence", text, "against"), *_later(silence, at)]


def _witness(silence: Silence, field: Airfield, witness: Witness | None) -> list[Evidence]:
    """What speaks of a landing besides the approach, where the first minutes prove nothing; or
    that nothing does, which decides the grade however well the rest fits."""
    end = silence.arrival or silence.departure
    at = end.fix.at if end else silence.begins.fix.at
    if witness is None:
        text = (
            f"Nothing else speaks of a landing at {field.icao}: flying on, or landing where nobody "
            "listens, would look the same. So it is no more than possible, however well it fits."
        )
        return [Evidence(at, "witness", text, "against", field.icao)]
    if witness is Witness.RETURN or (silence.coverage_after or 0.0) >= LIKELY_SHARE:
        return []
    text = {
        Witness.LISTENERS: "But from ten to forty minutes after it the same feed heard others "
        "nearby for ten minutes or more: climbing away again would have been heard.",
        Witness.SOLITUDE: "But it had been alone in the sky for minutes before it fell silent, and "
        "the feed went on answering that nobody was there: no sign of an outage.",
    }[witness]
    return [Evidence(at, "witness", text, "for")]


def _later(silence: Silence, at: datetime) -> list[Evidence]:
    """Who listened in the hours after, where the first minutes prove nothing."""
    if silence.coverage_later is None or silence.coverage_later < LIKELY_SHARE:
        return []
    text = (
        "Not heard again either while the same feed heard others nearby in "
        f"{silence.coverage_later:.0%} of "
        "the two hours after that."
    )
    return [Evidence(at, "later", text, "for")]


def _return(silence: Silence, field: Airfield) -> list[Evidence]:
    if silence.ends is None:
        return []
    end = silence.departure
    if end is None:
        fix = silence.ends.fix
        text = "Heard again later, not climbing out of there."
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
    end = silence.arrival or silence.departure
    at = end.fix.at if end else silence.begins.fix.at
    listed = ", ".join(f"{c.airfield} {c.probability:.0%}" for c in candidates)
    if not named:
        text = f"The track does not tell the fields apart: {listed}."
        return Evidence(at, "neighbours", text, "neutral")
    if len(candidates) == 1:
        return Evidence(at, "neighbours", f"No other field fits: {listed}.", "for", field.icao)
    return Evidence(at, "neighbours", f"Other fields fit worse: {listed}.", "for", field.icao)


def _weighed(silence: Silence, field: Airfield, features: Sequence[Feature]) -> Evidence:
    """Which pieces weighed most for the likeliest field, in nats."""
    weights = sorted(
        ((WEIGHTS[table][index], table) for table, index in features),
        key=lambda pair: -abs(pair[0]),
    )
    listed = [(nats, _in_words(table)) for nats, table in weights if abs(nats) >= MIN_LISTED_NATS]
    pro = ", ".join([f"{words} {nats:+.1f}" for nats, words in listed if nats > 0][:MAX_LISTED])
    contra = ", ".join([f"{words} {nats:+.1f}" for nats, words in listed if nats < 0][:MAX_LISTED])
    text = f"What weighed most for {field.icao} ({SCALE_TEXT}): {pro or 'nothing'}"
    text += f"; against: {contra}." if contra else "."
    end = silence.arrival or silence.departure
    at = end.fix.at if end else silence.begins.fix.at
    return Evidence(at, "weights", text, "neutral", field.icao)


def _rival(
    silence: Silence,
    field: Airfield,
    icao: str,
    features: Mapping[str, Sequence[Feature]],
    priors: Mapping[str, float],
) -> Evidence:
    """How another field fits next to the likeliest, by the pieces in which they differ most."""
    own, other = _nats(features[field.icao]), _nats(features[icao])
    apart = {table: other.get(table, 0.0) - own.get(table, 0.0) for table in own | other}
    apart[PRIOR_TABLE] = _log_ratio(priors.get(icao, 1.0), priors.get(field.icao, 1.0))
    ranked = sorted(apart.items(), key=lambda one: (-abs(one[1]), one[0]))
    listed = [(nats, _in_words(table)) for table, nats in ranked if abs(nats) >= MIN_LISTED_NATS]
    worse = ", ".join([f"{words} {nats:+.1f}" for nats, words in listed if nats < 0][:MAX_LISTED])
    better = ", ".join([f"{words} {nats:+.1f}" for nats, words in listed if nats > 0][:MAX_LISTED])
    total = sum(apart.values())
    text = f"{icao} next to {field.icao}: {total:+.1f} in all ({SCALE_TEXT})"
    text += f"; worse: {worse}" if worse else ""
    text += f"; better: {better}." if better else "."
    end = silence.arrival or silence.departure
    at = end.fix.at if end else silence.begins.fix.at
    return Evidence(at, "rival", text, "against" if total < 0 else "neutral", icao)


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
