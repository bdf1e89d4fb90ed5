"""How was a landing known at an earlier time? Each kind of change is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.landings.as_of import DOUBTED, KnownLanding, known_at, stops_before
from collector.model import Candidate, Grade, Landing, Revision, WatchMatch
from collector.model.landing import LandingBefore
from collector.model.review import Review
from collector.model.stop import Side
from tests.support.landings import PROBABLE, TOUCHDOWN, UNDETERMINED
from tests.support.stops import AFTER, BEFORE, STOP_HISTORY
from tests.support.unheard import arrived_between

HOUR = timedelta(hours=1)
THEN = TOUCHDOWN + timedelta(days=1)
"""After the departure, and before every change here."""


def changed(change: str, reason: str = "", **more: object) -> Revision:
    return Revision(
        landing_id=PROBABLE.id,
        at=THEN + HOUR,
        change=change,
        reason=reason,
        rules_version="1",
        **more,  # type: ignore[arg-type]
    )


def before(*later: Revision, landing: Landing = PROBABLE, at: datetime = THEN) -> KnownLanding:
    known = known_at(landing, later, [], at)
    assert known is not None
    return known


def test_a_landing_that_was_found_later_was_not_known() -> None:
    assert known_at(PROBABLE, [changed("found")], [], THEN) is None
    assert known_at(PROBABLE, [changed("upgraded"), changed("found")], [], THEN) is None
    assert known_at(PROBABLE, [], [], PROBABLE.first_known_at - HOUR) is None
    assert known_at(PROBABLE, [], [], PROBABLE.first_known_at) == KnownLanding(
        replace(
            PROBABLE,
            detection=replace(PROBABLE.detection, departed_at=None, departed_uncertainty_s=None),
        ),
        exact=True,
    ), "it had not left yet"
    assert known_at(PROBABLE, [], [], THEN) == KnownLanding(PROBABLE, exact=True)


def test_what_the_history_holds_is_what_it_was() -> None:
    was = LandingBefore(
        grade=Grade.POSSIBLE,
        airfield=None,
        candidates=(Candidate("LLER", 0.5), Candidate("LLOV", 0.4)),
        probability=0.9,
        retracted=True,
        watches=(WatchMatch("other", "fleet other", True),),
    )
    earlier = TOUCHDOWN - HOUR
    known = before(changed("moved", before=was, touchdown_before=earlier))
    found = known.landing.detection
    assert known.exact
    assert (found.grade, found.airfield, found.candidates, found.probability) == (
        was.grade,
        was.airfield,
        was.candidates,
        was.probability,
    )
    assert (known.landing.retracted, known.landing.watches) == (True, was.watches)
    assert (found.touchdown_at, found.unheard) == (earlier, None)
    unheard = arrived_between(PROBABLE.detection, earlier, TOUCHDOWN).unheard
    timed = before(changed("retimed", touchdown_before=earlier, unheard_before=unheard))
    assert timed.landing.detection.unheard == unheard
    assert timed.exact
    assert timed.landing.detection.grade is PROBABLE.detection.grade


def test_changes_are_undone_newest_first() -> None:
    steps = (
        changed("upgraded", "from possible to probable"),
        changed("upgraded", "from probable to confirmed"),
    )
    assert before(*steps).landing.detection.grade is Grade.POSSIBLE
    assert before(*steps[1:]).landing.detection.grade is Grade.PROBABLE


@pytest.mark.parametrize("change", ["upgraded", "downgraded"])
def test_older_versions_wrote_grades_in_words(change: str) -> None:
    known = before(changed(change, "It was heard again: from possible to probable."))
    assert known.landing.detection.grade is Grade.POSSIBLE
    assert known.exact
    other = before(changed("retimed", "from possible to probable"))
    assert other.landing.detection.grade is Grade.PROBABLE


def test_older_versions_tell_of_a_withdrawal_and_not_what_was_restored() -> None:
    withdrawn = replace(PROBABLE, retracted=True)
    known = before(changed("retracted"), landing=withdrawn)
    assert (known.landing.retracted, known.exact) == (False, True)
    known = before(changed("restored"))
    assert (known.landing.retracted, known.exact) == (True, False)
    both = before(changed("restored"), changed("retracted"), landing=withdrawn)
    assert (both.landing.retracted, both.exact) == (True, False)


def test_older_versions_wrote_airfields_in_words() -> None:
    known = before(changed("moved", "moved from LLER or OJAQ to LLOV"))
    found = known.landing.detection
    assert found.airfield is None
    assert found.candidates == (Candidate("LLER", 0.93 / 2), Candidate("OJAQ", 0.93 / 2))
    assert not known.exact
    known = before(changed("moved", "moved from LLER to LLOV or OJAQ"), landing=UNDETERMINED)
    assert known.landing.detection.airfield == "LLER"
    assert known.landing.detection.candidates == (Candidate("LLER", 0.95),)
    known = before(changed("moved", "moved"))
    assert (known.landing.detection, known.exact) == (PROBABLE.detection, False)


DOUBT = "It had another callsign."
MATCHES = (
    WatchMatch("silkway", "callsign AZQ*", True),
    WatchMatch("other", "callsign AZQ*", False, DOUBT),
    WatchMatch("third", "callsign AZQ*", False, "Nothing was received."),
)
WATCHED = replace(PROBABLE, watches=MATCHES)


def test_a_match_that_is_no_longer_in_doubt_was_in_doubt() -> None:
    cleared = changed("upgraded", "the match of watch silkway is no longer in doubt")
    known = before(cleared, landing=WATCHED)
    assert known.landing.watches == (replace(MATCHES[0], doubt=DOUBTED), *MATCHES[1:])


def test_a_match_that_came_to_be_doubted_held() -> None:
    doubted = changed("downgraded", "in doubt for watch other: it had another callsign")
    known = before(doubted, landing=WATCHED)
    held = replace(MATCHES[1], doubt="", counted=True)
    assert known.landing.watches == (MATCHES[0], held, MATCHES[2])
    again = (
        changed("downgraded", "anything"),
        changed("upgraded", "the match of watch silkway is no longer in doubt"),
    )
    known = before(*again, landing=WATCHED)
    assert known.landing.watches == (replace(MATCHES[0], doubt="", counted=True), *MATCHES[1:])


def test_reviews_given_later_were_not_known() -> None:
    first = Review(at=THEN, by="Ann", verdict="confirmed", note="seen")
    later = replace(first, at=THEN + HOUR, by="Bob")
    known = known_at(replace(PROBABLE, review="confirmed"), [], [first, later], THEN)
    assert known is not None
    assert (known.landing.review, known.landing.reviewed) == ("confirmed", first)
    assert known.landing.reviewers == 1
    known = known_at(replace(PROBABLE, review="confirmed"), [], [later], THEN)
    assert known is not None
    assert (known.landing.review, known.landing.reviewed) == (None, None)
    assert known.landing.reviewers == 0


def test_stops_are_those_before_the_first_change() -> None:
    (change,) = STOP_HISTORY
    previous, following = stops_before((BEFORE, AFTER), {Side.PREVIOUS: change})
    assert following == AFTER
    assert (previous.side, previous.airfield, previous.codes) == (Side.PREVIOUS, "UBBL", ("UBBL",))
    assert (previous.candidates[0].probability, previous.probability) == (1.0, 1.0)
    assert previous.open_because == (
        "What was known then of the flight between was not written down."
    )
    assert not previous.direct
    two = replace(change, before=("UB18", "UBBL"))
    (previous,) = stops_before((BEFORE,), {Side.PREVIOUS: two})
    assert (previous.airfield, previous.codes) == (None, ("UB18", "UBBL"))
    assert previous.candidates[0].name == "Kala"
    assert [each.probability for each in previous.candidates] == [0.5, 0.5]


def test_a_stop_that_was_not_known_or_the_same_then() -> None:
    (change,) = STOP_HISTORY
    (previous,) = stops_before((BEFORE,), {Side.PREVIOUS: replace(change, before=())})
    assert (previous.side, previous.known) == (Side.PREVIOUS, False)
    assert previous.reason == "It was not known then."
    same = replace(change, before=("UB18", "UBBB"))
    assert stops_before((BEFORE,), {Side.PREVIOUS: same}) == (BEFORE,)
    assert stops_before((BEFORE,), {Side.NEXT: change}) == (BEFORE,)
