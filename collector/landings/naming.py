"""At which field did the aircraft land? A field is named only if it would also be if any rival were
landed at more often than thought.

  odds ─► what the ends cannot tell apart ─► a share for each field ─► a rival's prior tripled
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from collector.geo import distance_nm
from collector.landings.evidence.ends import End
from collector.landings.fields import FT_PER_NM_AT_3_DEG
from collector.landings.finals import on_final, on_low_final
from collector.landings.rules import LandingRules
from collector.landings.silences import Silence
from collector.model import Airfield, Candidate


def likeliest(odds: Mapping[str, float]) -> str:
    """Return the ICAO code with the highest odds; of several the first by code."""
    return min(odds, key=lambda icao: (-odds[icao], icao))


def attribution(
    odds: Mapping[str, float],
    fields: Mapping[str, Airfield],
    alike: Collection[str],
    rules: LandingRules,
    *,
    told: Collection[str] = (),
    as_near: Collection[str] = (),
) -> tuple[str | None, dict[str, float]]:
    """Return the airfield that may be named (None: undetermined), and each field's share of the
    landing; the shares sum to 1.

    `odds` are those of each possible field, with its prior. From the rivals in `alike` the reports
    do not tell the likeliest field: between them, evidence counts for no more than odds of
    `rules.alike_odds`. From those in `told` a low final tells it: what was heard counts for odds of
    `rules.final_odds` at least. The prior of those in `as_near` is doubted more than any other's.
    """
    best = likeliest(odds)
    most = odds[best] / (rules.final_odds * fields[best].prior_weight)
    odds = {
        icao: min(each, most * fields[icao].prior_weight) if icao in told else each
        for icao, each in odds.items()
    }
    least = odds[best] / (rules.alike_odds * fields[best].prior_weight)
    weighed = {
        icao: max(each, least * fields[icao].prior_weight) if icao in alike else each
        for icao, each in odds.items()
    }
    total = sum(weighed.values())
    shares = {icao: each / total for icao, each in weighed.items()}
    # A rival that is likelier than thought takes some of every other field's share.
    more = max(
        (
            (_doubt(fields[best], fields[icao], rules, as_near=icao in as_near) - 1.0) * share
            for icao, share in shares.items()
            if icao != best
        ),
        default=0.0,
    )
    return (best if shares[best] / (1.0 + more) >= rules.attribute_from else None), shares


def _doubt(field: Airfield, rival: Airfield, rules: LandingRules, *, as_near: bool) -> float:
    """Return how many times as high a rival's prior may be as thought."""
    doubt = rules.rival_share * (rules.as_near_doubt if as_near else 1.0)
    if not (rival.prior_guessed and (rival.longest_runway_m or 0.0) >= rules.least_runway_m):
        return doubt
    return doubt * max(1.0, field.prior_weight / rival.prior_weight)


def candidates_of(
    shares: Mapping[str, float], landed: float, rules: LandingRules, *, named: bool
) -> tuple[Candidate, ...]:
    """Return the fields worth listing, likeliest first; `landed` is the probability of a landing at
    any of them.

    The likeliest is always listed. If it may not be `named`, its likeliest rival is, too.
    """
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    always = 1 if named else 2
    return tuple(
        Candidate(icao, round(share * landed, 4))
        for rank, (icao, share) in enumerate(ranked)
        if share >= rules.named_from or rank < always
    )


def alike_to(
    icao: str, silence: Silence, fields: Sequence[Airfield], rules: LandingRules
) -> frozenset[str]:
    """Return the other fields that the ends of a silence do not tell from this one: they lie close
    to it for the way that the aircraft still had to fly, or had flown, and it was not on final to
    this one only."""
    near_nm = rules.alike_within_share * _way_nm(icao, silence)
    bearings = silence.arrival.bearings if silence.arrival else {}
    final = on_final(bearings.get(icao), rules)
    here = next(each for each in fields if each.icao == icao)
    return frozenset(
        each.icao
        for each in fields
        if each.icao != icao
        and distance_nm(here.lat_deg, here.lon_deg, each.lat_deg, each.lon_deg) <= near_nm
        and not (final and not on_final(bearings.get(each.icao), rules))
    )


def as_near_as(
    icao: str, silence: Silence, fields: Sequence[Airfield], rules: LandingRules
) -> frozenset[str]:
    """Return the other fields that no end of a silence shows to be farther away than this one, and
    that a final to this one does not rule out: which of them it was, only directions, speeds and
    priors tell."""
    ends = [end for end in (silence.arrival, silence.departure) if end and icao in end.bearings]
    bearings = silence.arrival.bearings if silence.arrival else {}
    final = on_final(bearings.get(icao), rules)
    return frozenset(
        each.icao
        for each in fields
        if each.icao != icao
        and all(
            each.icao in end.bearings
            and _way_from_nm(end, each.icao) <= rules.as_near_share * _way_from_nm(end, icao)
            for end in ends
        )
        and not (final and not on_final(bearings.get(each.icao), rules))
    )


def told_from(
    icao: str, silence: Silence, fields: Sequence[Airfield], rules: LandingRules
) -> frozenset[str]:
    """Return the other fields that a low final to this one rules out, as far as anything does: the
    aircraft was on no final to them, and was not heard leaving any field."""
    end = silence.arrival
    if end is None or silence.departure is not None or not on_low_final(end, icao, rules):
        return frozenset()
    return frozenset(
        each.icao
        for each in fields
        if each.icao != icao and not on_low_final(end, each.icao, rules)
    )


def _way_nm(icao: str, silence: Silence) -> float:
    """Return the length of the way between the field and the nearer end, in NM."""
    ends = [end for end in (silence.arrival, silence.departure) if end and icao in end.bearings]
    return min(_way_from_nm(end, icao) for end in ends)


def _way_from_nm(end: End, icao: str) -> float:
    """Return the length of the way between the field and an end, in NM: straight, or longer if that
    is too steep for the height."""
    return max(end.bearings[icao].distance_nm, end.height_ft(icao) / FT_PER_NM_AT_3_DEG)
