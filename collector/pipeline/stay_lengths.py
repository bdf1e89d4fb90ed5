"""How long does each fleet stay? Its heard stays teach it, and the landings that nobody heard
arrive are dated by it.

A value rests on the first 20, 40, 80 … stays of a watch in order of time. So it is a function of
the stored landings alone, however they came, and it changes a few times in a fleet's life, each
time with a line in the history of every landing that it moves.
"""

from __future__ import annotations

from datetime import UTC, datetime

from collector.landings.reconcile import dated_by
from collector.landings.rules import LandingRules
from collector.landings.stay_lengths import LEAST_STAYS, StayLengths, learn, prior
from collector.landings.unheard_arrivals import dated_anew
from collector.pipeline.changes import AlertJudge, LandingChange
from collector.pipeline.identities import identity_of
from collector.store import Store, closed_time, landings, meta, stay_lengths
from collector.watches.matcher import Matcher


def learn_stays(
    store: Store, matcher: Matcher, rules: LandingRules, alert_judge: AlertJudge, now: datetime
) -> list[LandingChange]:
    """Learn how long the fleets stay, and date the unheard arrivals anew if that changed.

    The rules of the alerts are evaluated for what changes. Raises StoreError.
    """
    with store.transaction():
        changes = _dated_anew(store, matcher, rules, now)
        if changes:
            alert_judge.landings_changed(changes, now)
        return changes


def _dated_anew(
    store: Store, matcher: Matcher, rules: LandingRules, now: datetime
) -> list[LandingChange]:
    """Return the landings that are dated anew by what the fleets' stays teach now.

    Those of closed time stay as they are.
    """
    if not stay_lengths.store_learned(store, _learned(store)):
        return []
    changes, zones = [], set(meta.zones(store).values())
    for landing in stay_lengths.unheard_landings(store):
        names = (match.watch for match in landing.watches)
        lengths = stay_lengths.lengths_for(store, names) or prior()
        detection = dated_anew(landing.detection, lengths, rules)
        if detection == landing.detection or closed_time.is_closed(store, landing):
            continue
        identity = identity_of(store, matcher, detection.icao24, detection.touchdown_at)
        changed, revision = dated_by(
            landing, detection, identity, stays=lengths.words, now=now, zones=zones
        )
        landings.save(store, changed, revision)
        changes.append(LandingChange(changed, landing, revision))
    return changes


def _learned(store: Store) -> dict[str, StayLengths]:
    found = {}
    for watch, stays in stay_lengths.heard_stays(store).items():
        number = LEAST_STAYS
        while number * 2 <= len(stays):
            number *= 2
        first = stays[:number]
        lengths = [departed_at - touchdown_at for touchdown_at, departed_at in first]
        value = learn(lengths, first[-1][1].astimezone(UTC).date())
        if value is not None:
            found[watch] = value
    return found
