"""Does a person's verdict win everywhere, stay for good, and leave what is derived visible?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from collector.cli import main
from collector.clock import ManualClock
from collector.errors import CollectorError
from collector.model import Landing, Observation, Revision, WatchMatch
from collector.model.review import CONFIRMED, REJECTED, Review
from collector.pipeline import reviews as reviewing
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings, outbox, reviews
from collector.web import create_app
from collector.weeks import digest_at, week_of
from tests.support.flights import LLER, LLOV, START, hear, overflight, polls, visit
from tests.support.station import Station

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DOWN = START + HOUR
STAY = 2 * HOUR
MATCHES = (WatchMatch("w", "icao24 600865", counted=True),)
ID = f"600865-{DOWN.date()}-1"
ZONE = "Asia/Jerusalem"
WEEK = week_of(DOWN, ZONE)
LATER = DOWN + 9 * DAY
NOTE = "Satellite picture: apron empty"
ATTACK = "<script>alert(1)</script>\r\nBcc: x@example.com\x1b[2J\u202e{{7*7}}'; DROP TABLE reviews"


def said(verdict: str | None, at: datetime, *, airfield: str | None = None) -> Review:
    return Review(at=at, by="Anna", verdict=verdict, note=NOTE, airfield=airfield)


def lost_high() -> list[Observation]:
    """An arrival that nobody hears below 4,000 ft."""
    return hear(visit(LLOV, DOWN, STAY), polls(START, DOWN), floor_ft=4000)


def landed(field: Any = LLOV) -> list[Observation]:
    """The same heard on the ground."""
    return hear(visit(field, DOWN, STAY), polls(START + HOUR / 2, DOWN + HOUR / 3))


@contextmanager
def desk(station: Station) -> Iterator[Services]:
    with Store.open(station.database) as store:
        yield build_services(load(station.config, environ={}), store)


def heard(at_desk: Services, seen: Sequence[Observation], now: datetime) -> Landing:
    """The one landing after these reports and what follows from them."""
    at_desk.pipeline.store_reports([(one, MATCHES) for one in seen], (), now)
    at_desk.pipeline.derivation.settle(now)
    return the_landing(at_desk)


def the_landing(at_desk: Services) -> Landing:
    (found,) = landings.find(at_desk.store, include_retracted=True)
    return found


def count(at_desk: Services, now: datetime) -> tuple[int, int, str]:
    """Count, upper bound and alert of the landing's week."""
    watch = at_desk.settings.watches[0]
    week = at_desk.weeks.place_week(watch, watch.places[0], WEEK, now)
    return week.count.count, week.count.at_most, week.alert


def owed(store: Store) -> dict[str, str]:
    """Mails by key, with their text."""
    return {item.key: item.owed.message.text for item in outbox.listing(store)}


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


@pytest.fixture
def filled(station: Station) -> Station:
    """One landing, heard on the ground, told to the operator."""
    with desk(station) as at_desk:
        assert heard(at_desk, landed(), DOWN + HOUR).id == ID
        assert count(at_desk, DOWN + HOUR) == (1, 1, "firing")
    return station


def call(station: Station, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--config", str(station.config), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def test_a_rejection_in_a_finished_week_is_a_correction_in_counts_alerts_and_digest(
    filled: Station,
) -> None:
    with desk(filled) as at_desk:
        reviewing.give(at_desk.store, at_desk.alert_evaluator, ID, said(REJECTED, LATER))
        assert count(at_desk, LATER) == (0, 0, "ok")
        mails = owed(at_desk.store)
        mail = mails[f"alert:w:one:{WEEK}:corrected_below:0:ops"]
        assert f"rejected by a person. Anna: {NOTE}" in " ".join(mail.split())
        told_in = week_of(LATER, ZONE)
        told_at = digest_at(told_in, ZONE)
        digest = at_desk.digests.message(at_desk.settings.watches, told_in, told_at).text
        corrections = digest.partition("CORRECTIONS")[2].partition("\nLANDINGS")[0]
        assert f"Anna: {NOTE}" in " ".join(corrections.split())
        (_, last) = landings.history(at_desk.store, ID)
        assert (last.change, last.reason) == ("rejected by a person", f"Anna: {NOTE}")


def test_all_of_it_happens_or_nothing(filled: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(filled) as at_desk:
        before = owed(at_desk.store)

        def breaks(*_: object, **__: object) -> None:
            raise OSError("power is gone")

        with monkeypatch.context() as patch:
            patch.setattr(outbox, "owe", breaks)
            with pytest.raises(OSError, match="power"):
                reviewing.give(
                    at_desk.store, at_desk.alert_evaluator, ID, said(REJECTED, DOWN + DAY)
                )
        assert reviews.history(at_desk.store, ID) == []
        assert the_landing(at_desk).review is None
        assert len(landings.history(at_desk.store, ID)) == 1
        assert owed(at_desk.store) == before
        assert count(at_desk, DOWN + DAY) == (1, 1, "firing")


def test_a_verdict_taken_back_leaves_it_to_what_is_derived(filled: Station) -> None:
    with desk(filled) as at_desk:
        store, rulings = at_desk.store, at_desk.alert_evaluator
        reviewing.give(store, rulings, ID, said(REJECTED, DOWN + DAY))
        assert reviewing.give(store, rulings, ID, said(REJECTED, DOWN + 2 * DAY)) is None
        reviewing.give(store, rulings, ID, said(None, DOWN + 3 * DAY))
        assert count(at_desk, DOWN + 3 * DAY)[:2] == (1, 1)
        with pytest.raises(CollectorError, match="no verdict"):
            reviewing.give(store, rulings, ID, said(None, DOWN + 4 * DAY))
        assert [one.verdict for one in reviews.history(store, ID)] == [REJECTED, None]


def test_a_rejection_outlives_better_evidence(station: Station) -> None:
    with desk(station) as at_desk:
        assert heard(at_desk, lost_high(), DOWN + HOUR).detection.grade.value != "confirmed"
        reviewing.give(at_desk.store, at_desk.alert_evaluator, ID, said(REJECTED, DOWN + 2 * HOUR))
        after = heard(at_desk, landed(), DOWN + 3 * HOUR)
        assert (after.detection.airfield, after.detection.grade.value) == ("LLOV", "confirmed")
        assert (after.review, count(at_desk, DOWN + 3 * HOUR)) == (REJECTED, (0, 0, "ok"))
        assert not [key for key in owed(at_desk.store) if "crossed" in key]


def test_a_confirmation_outlives_retraction_and_restoring(station: Station) -> None:
    cruise = hear(overflight(LLER, DOWN + HOUR / 2), polls(DOWN + HOUR / 6, DOWN + HOUR))
    with desk(station) as at_desk:
        heard(at_desk, lost_high(), DOWN + HOUR)
        here = said(CONFIRMED, DOWN + HOUR, airfield="LLOV")
        reviewing.give(at_desk.store, at_desk.alert_evaluator, ID, here)
        assert count(at_desk, DOWN + HOUR) == (1, 1, "firing")
        after = heard(at_desk, cruise, DOWN + 3 * HOUR)
        assert (after.retracted, after.review) == (True, CONFIRMED)
        assert count(at_desk, DOWN + 3 * HOUR) == (1, 1, "firing")
    (row,) = json.loads(call(station, "landings", "--json").stdout)
    assert (row["retracted"], row["counted"], row["review"]) == (True, True, CONFIRMED)
    told = " ".join(call(station, "explain", ID).stdout.split())
    assert "speaks against it, but a person confirmed it: it counts" in told
    assert "retracted. what was heard since" in told


def test_a_confirmation_outlives_a_retraction_that_was_wrong(filled: Station) -> None:
    with desk(filled) as at_desk:
        reviewing.give(at_desk.store, at_desk.alert_evaluator, ID, said(CONFIRMED, DOWN + HOUR))
        gone = replace(the_landing(at_desk), retracted=True)
        landings.save(at_desk.store, gone, Revision(ID, DOWN + DAY, "retracted", "test", "0"))
        assert the_landing(at_desk).retracted
        (change,) = at_desk.pipeline.derivation.derive_all(START, DOWN + DAY, DOWN + 2 * DAY)
        assert change.revision is not None
        assert change.revision.change == "restored"
        assert the_landing(at_desk).reviewed == said(CONFIRMED, DOWN + HOUR, airfield="LLOV")


def test_a_confirmation_stands_where_it_was_given_when_the_landing_moves(station: Station) -> None:
    with desk(station) as at_desk:
        heard(at_desk, lost_high(), DOWN + HOUR)
        here = said(CONFIRMED, DOWN + HOUR, airfield="LLOV")
        reviewing.give(at_desk.store, at_desk.alert_evaluator, ID, here)
        after = heard(at_desk, landed(LLER), DOWN + 3 * HOUR)
        assert (after.detection.airfield, after.airfield) == ("LLER", "LLOV")
        assert count(at_desk, DOWN + 3 * HOUR) == (1, 1, "firing")
        message = at_desk.digests.message(at_desk.settings.watches, WEEK, DOWN + 7 * DAY)
        text = " ".join(message.text.split())
        assert "LLOV Ovda, as a person says (derived: LLER Ramon" in text
        assert "Anna confirmed it at LLOV, " in text
    (row,) = json.loads(call(station, "landings", "--json").stdout)
    assert (row["airfield"], row["review_airfield"], row["counted"]) == ("LLER", "LLOV", True)
    assert "LLOV" in call(station, "landings", "--airfield", "llov").stdout


def test_the_command_says_what_became_of_it(filled: Station) -> None:
    done = call(filled, "review", ID, "--reject", "--note", f" {NOTE} ", "--by", "Anna")
    assert done.stdout == ""
    assert f"{ID}: rejected by Anna; it counts for no place" in done.stderr
    again = call(filled, "review", ID, "--reject", "--note", NOTE, "--by", "Anna")
    assert "holds already" in again.stderr
    (row,) = json.loads(call(filled, "landings", "--json").stdout)
    assert (row["review"], row["review_note"], row["review_by"]) == (REJECTED, NOTE, "Anna")
    assert row["review_at"].endswith("Z")
    assert row["grade"] == "confirmed"
    (told,) = json.loads(call(filled, "explain", ID, "--json").stdout)
    assert [one["note"] for one in told["reviews"]] == [NOTE]
    assert f"Anna rejected it, {told['persons'][0].split(', ', 1)[1]}" == told["persons"][0]
    assert "What persons say" in call(filled, "explain", ID).stdout
    cleared = call(filled, "review", ID, "--clear", "--by", "Ben")
    assert "left to what is derived; it counts for w LLOV" in cleared.stderr
    assert "Ben took the verdict back" in call(filled, "explain", ID).stdout


def test_who_speaks_is_the_user_unless_said(
    filled: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ingrid")
    call(filled, "review", ID, "--confirm", "--note", NOTE)
    (row,) = json.loads(call(filled, "landings", "--json").stdout)
    assert (row["review"], row["review_by"], row["review_airfield"]) == (
        CONFIRMED,
        "ingrid",
        "LLOV",
    )


def page(station: Station, path: str) -> str:
    """A page of the status server, as a browser gets it."""
    clock = ManualClock(DOWN + DAY)
    app = create_app(station.database, load(station.config, environ={}), clock)

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    answer = asyncio.run(get())
    assert answer.status_code == 200
    return answer.text


def test_the_pages_show_the_verdict_with_who_and_why(filled: Station) -> None:
    call(filled, "review", ID, "--reject", "--note", NOTE, "--by", "Anna")
    shown = page(filled, f"/landings/{ID}")
    assert "<h2>Reviews</h2>" in shown
    assert f"{NOTE}</li>" in shown
    assert "Anna rejected it" in shown
    assert "Counts for no place." in shown
    assert "confirmed (" in shown
    assert "rejected by a person" in page(filled, "/landings")
    call(filled, "review", ID, "--reject", "--note", ATTACK, "--by", "Eve")
    hostile = page(filled, f"/landings/{ID}")
    assert "Eve rejected it" in hostile
    assert not {"\x1b", "\u202e"} & set(hostile)
    assert "<script>" not in hostile


def test_hostile_words_are_harmless_everywhere(filled: Station) -> None:
    call(filled, "review", ID, "--confirm", "--note", ATTACK, "--by", ATTACK[:60])
    call(filled, "review", ID, "--reject", "--note", ATTACK, "--by", ATTACK[:60])
    for words in (["landings"], ["explain", ID], ["digest", "--week", WEEK], ["outbox", "list"]):
        shown = call(filled, *words).stdout
        assert shown
        assert not {"\x1b", "\u202e", "\r"} & set(shown)
    (row,) = json.loads(call(filled, "landings", "--json").stdout)
    assert row["review_note"] == ATTACK.strip()
    with desk(filled) as at_desk:
        for item in outbox.listing(at_desk.store):
            assert "<script>" not in item.owed.message.html
            assert "\n" not in item.owed.message.subject
        assert len(reviews.history(at_desk.store, ID)) == 2


@pytest.mark.parametrize(
    ("words", "code", "words_said"),
    [
        ([ID, "--note", "x"], 2, "--confirm, --reject, --clear"),
        ([ID, "--confirm"], 2, "say why"),
        ([ID, "--confirm", "--note", " \n"], 2, "say why"),
        ([ID, "--confirm", "--note", "x" * 1001], 2, "at most 1000"),
        ([ID, "--reject", "--note", "x", "--by", "y" * 101], 2, "a name 100"),
        ([ID, "--reject", "--note", "x", "--by", " "], 2, "who you are"),
        ([ID, "--reject", "--note", "x", "--at", "LLOV"], 2, "--confirm alone"),
        ([ID, "--confirm", "--note", "x", "--at", "\x1bXXX"], 2, "none of the airfields"),
        ([ID, "--clear"], 1, "no verdict on it"),
        ([ID[:-1] + "2", "--reject", "--note", "x"], 1, f"did you mean {ID}?"),
        (["\x1bnone", "--reject", "--note", "x"], 1, "landings --all"),
    ],
)
def test_mistakes_have_their_exit_code_and_change_nothing(
    filled: Station, words: list[str], code: int, words_said: str
) -> None:
    result = call(filled, "review", *words, code=code)
    assert words_said in result.stderr
    assert result.stdout == ""
    assert "\x1b" not in result.stderr
    with desk(filled) as at_desk:
        assert reviews.history(at_desk.store, ID) == []


def test_explain_names_the_nearest_ids_too(filled: Station) -> None:
    assert f"did you mean {ID}?" in call(filled, "explain", ID[:-1] + "7", code=1).stderr


def test_a_rejected_landing_is_not_told_as_one(filled: Station) -> None:
    call(filled, "review", ID, "--reject", "--note", NOTE, "--by", "Anna")
    (told,) = json.loads(call(filled, "explain", ID, "--json").stdout)
    assert told["verdict"].startswith("Rejected by a person, and not counted. As derived: ")
