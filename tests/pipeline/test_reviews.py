"""Does a person's verdict change counts and alerts, for good, and leave what is derived visible?"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from collector.errors import CollectorError
from collector.model import Revision
from collector.model.review import CONFIRMED, REJECTED
from collector.pipeline import reviews as reviewing
from collector.store import landings, outbox, reviews
from collector.weeks import digest_at, week_of
from tests.pipeline.reviewed import (
    DAY,
    DOWN,
    HOUR,
    ID,
    LATER,
    NOTE,
    WEEK,
    ZONE,
    call,
    count,
    desk,
    landed,
    landing_after,
    lost_high,
    mails_by_key,
    review,
    the_landing,
)
from tests.support.flights import LLER, START, hear, overflight, polls
from tests.support.station import Station


def test_a_rejection_in_a_finished_week_is_a_correction_in_counts_alerts_and_digest(
    filled: Station,
) -> None:
    with desk(filled) as services:
        reviewing.apply_review(
            services.store, services.alert_evaluator, ID, review(REJECTED, LATER)
        )
        assert count(services, LATER) == (0, 0, "ok")
        mails = mails_by_key(services.store)
        mail = mails[f"alert:w:one:{WEEK}:corrected_below:0:ops"]
        assert f"rejected by a person (Anna: {NOTE}" in " ".join(mail.split())
        sent_in = week_of(LATER, ZONE)
        sent_at = digest_at(sent_in, ZONE)
        digest = services.digests.message(services.settings.watches, sent_in, sent_at).text
        corrections = digest.partition("CORRECTIONS")[2].partition("\nLANDINGS")[0]
        assert f"Anna: {NOTE}" in " ".join(corrections.split())
        (_, last) = landings.history(services.store, ID)
        assert (last.change, last.reason) == ("rejected by a person", f"Anna: {NOTE}")


def test_all_of_it_happens_or_nothing(filled: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(filled) as services:
        before = mails_by_key(services.store)

        def breaks(*_: object, **__: object) -> None:
            raise OSError("power is gone")

        with monkeypatch.context() as patch:
            patch.setattr(outbox, "owe", breaks)
            with pytest.raises(OSError, match="power"):
                reviewing.apply_review(
                    services.store, services.alert_evaluator, ID, review(REJECTED, DOWN + DAY)
                )
        assert reviews.history(services.store, ID) == []
        assert the_landing(services).review is None
        assert len(landings.history(services.store, ID)) == 1
        assert mails_by_key(services.store) == before
        assert count(services, DOWN + DAY) == (1, 1, "firing")


def test_a_withdrawn_verdict_leaves_the_derived_landing(filled: Station) -> None:
    with desk(filled) as services:
        store, evaluator = services.store, services.alert_evaluator
        reviewing.apply_review(store, evaluator, ID, review(REJECTED, DOWN + DAY))
        assert (
            reviewing.apply_review(store, evaluator, ID, review(REJECTED, DOWN + 2 * DAY)) is None
        )
        reviewing.apply_review(store, evaluator, ID, review(None, DOWN + 3 * DAY))
        assert count(services, DOWN + 3 * DAY)[:2] == (1, 1)
        with pytest.raises(CollectorError, match="no verdict"):
            reviewing.apply_review(store, evaluator, ID, review(None, DOWN + 4 * DAY))
        assert [one.verdict for one in reviews.history(store, ID)] == [REJECTED, None]


def test_a_rejection_outlives_better_evidence(station: Station) -> None:
    with desk(station) as services:
        assert (
            landing_after(services, lost_high(), DOWN + HOUR).detection.grade.value != "confirmed"
        )
        reviewing.apply_review(
            services.store, services.alert_evaluator, ID, review(REJECTED, DOWN + 2 * HOUR)
        )
        after = landing_after(services, landed(), DOWN + 3 * HOUR)
        assert (after.detection.airfield, after.detection.grade.value) == ("LLOV", "confirmed")
        assert (after.review, count(services, DOWN + 3 * HOUR)) == (REJECTED, (0, 0, "ok"))
        assert not [key for key in mails_by_key(services.store) if "crossed" in key]


def test_a_confirmation_outlives_retraction_and_restoring(station: Station) -> None:
    cruise = hear(overflight(LLER, DOWN + HOUR / 2), polls(DOWN + HOUR / 6, DOWN + HOUR))
    with desk(station) as services:
        landing_after(services, lost_high(LLER), DOWN + HOUR)
        here = review(CONFIRMED, DOWN + HOUR, airfield="LLOV")
        reviewing.apply_review(services.store, services.alert_evaluator, ID, here)
        assert count(services, DOWN + HOUR) == (1, 1, "firing")
        after = landing_after(services, cruise, DOWN + 3 * HOUR)
        assert (after.retracted, after.review) == (True, CONFIRMED)
        assert count(services, DOWN + 3 * HOUR) == (1, 1, "firing")
    (row,) = json.loads(call(station, "landings", "--json").stdout)
    assert (row["retracted"], row["counted"], row["review"]) == (True, True, CONFIRMED)
    text = " ".join(call(station, "explain", ID).stdout.split())
    assert "speak against this landing, but a person confirmed it, so it counts" in text
    assert "withdrawn (reports received since" in text


def test_a_confirmation_outlives_a_retraction_that_was_wrong(filled: Station) -> None:
    with desk(filled) as services:
        reviewing.apply_review(
            services.store, services.alert_evaluator, ID, review(CONFIRMED, DOWN + HOUR)
        )
        gone = replace(the_landing(services), retracted=True)
        landings.save(services.store, gone, Revision(ID, DOWN + DAY, "retracted", "test", "0"))
        assert the_landing(services).retracted
        (change,) = services.pipeline.derivation.derive_all(START, DOWN + DAY, DOWN + 2 * DAY)
        assert change.revision is not None
        assert change.revision.change == "restored"
        assert the_landing(services).reviewed == review(CONFIRMED, DOWN + HOUR, airfield="LLOV")


def test_a_confirmation_stands_where_it_was_given_when_the_landing_moves(station: Station) -> None:
    with desk(station) as services:
        landing_after(services, lost_high(LLER), DOWN + HOUR)
        here = review(CONFIRMED, DOWN + HOUR, airfield="LLOV")
        reviewing.apply_review(services.store, services.alert_evaluator, ID, here)
        after = landing_after(services, landed(LLER), DOWN + 3 * HOUR)
        assert (after.detection.airfield, after.airfield) == ("LLER", "LLOV")
        assert count(services, DOWN + 3 * HOUR) == (1, 1, "firing")
        message = services.digests.message(services.settings.watches, WEEK, DOWN + 7 * DAY)
        text = " ".join(message.text.split())
        assert "Ovda (LLOV), according to a person (derived: Ramon International (LLER)" in text
        assert "Anna confirmed it at LLOV on " in text
    (row,) = json.loads(call(station, "landings", "--json").stdout)
    assert (row["airfield"], row["review_airfield"], row["counted"]) == ("LLER", "LLOV", True)
    assert "LLOV" in call(station, "landings", "--airfield", "llov").stdout
