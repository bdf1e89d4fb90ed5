"""Can a printed number be defended? It is kept with its landings, and each change is mailed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collector.cli import cite
from collector.coverage.sight import Sight
from collector.model import Landing, Revision
from collector.model.citation import Citation, CitedCount, CitedLanding
from collector.model.review import REJECTED, Review
from collector.pipeline import reviews
from collector.queries.citing import KnownCitations
from collector.reports.citation import cited_and_now, sentence
from collector.reports.citation import number as cited_number
from collector.reports.formatting import interval
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, citations, coverage_slots, landings, outbox
from tests.cli.runner import call, listed
from tests.support.sight_station import ZONE, Week, week_slots
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.support.unheard import unheard

MONDAY = datetime(2026, 11, 15, 22, tzinfo=UTC)
NOW = MONDAY + timedelta(days=9)
SPAN = ("--from", "2026-W47", "--to", "2026-W47")
DAY = timedelta(days=1)
SURE = replace(touchdown(MONDAY + DAY, watch="w"), id="600865-2026-11-16-1")
OPEN = replace(
    touchdown(
        MONDAY + 2 * DAY,
        None,
        watch="w",
        candidates=(("LLOV", 0.6), ("LLER", 0.4)),
        icao24="600866",
    ),
    id="600866-2026-11-17-1",
)


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Station:
    station = Station(tmp_path)
    with Store.open(station.database) as store, store.transaction():
        build_services(load(station.config, environ={}), store)
        week = Week("2026-W47", 0.83, True, True, (0, 0, 0, ""), "", "", "")
        coverage_slots.merge_slots(store, week_slots(week, MONDAY))
        for landing in (SURE, OPEN):
            detection = replace(landing.detection, feeds=("adsblol",))
            landings.save(store, replace(landing, detection=detection), found(landing))
    monkeypatch.setattr(cite, "now", lambda: NOW)
    return station


def found(landing: Landing) -> Revision:
    return Revision(landing.id, landing.first_known_at, "found", "probable at LLOV", "1")


def services_of(station: Station, store: Store) -> Services:
    return build_services(load(station.config, environ={}), store)


def reject(services: Services, landing_id: str, at: datetime) -> None:
    review = Review(at=at, by="An Editor", verdict=REJECTED, note="another aircraft")
    reviews.apply_review(services.store, services.alert_evaluator, landing_id, review)


def mails(store: Store) -> list[str]:
    return [each.key for each in outbox.listing(store) if each.key.startswith("cited:")]


def test_one_sentence_its_landings_and_a_hash_are_printed_and_kept(station: Station) -> None:
    printed = call(station, "cite", *SPAN).stdout
    *lines, last = printed.splitlines(keepends=True)
    assert lines[0] == (
        "At least 1, at most 2 landings of w at Ovda, from 16 Nov 2026 to 22 Nov 2026, seen in 83% "
        "of the time; as known on Wed 25 Nov 2026, 00:00 IST (Tue 24 Nov 22:00 UTC); from open "
        "data alone 1.\n"
    )
    assert [line.partition(",")[0] for line in lines[1:]] == [SURE.id, OPEN.id]
    assert last == f"SHA-256 {hashlib.sha256(''.join(lines).encode()).hexdigest()}\n"
    (row,) = listed(station, "cite")
    assert (row["id"], row["cited"], row["now"]) == ("cite-2026-11-24-1", "1–2", "1–2")
    assert call(station, "cite", row["id"]).stdout == printed


def test_a_single_day_is_named_once() -> None:
    day = date(2026, 11, 16)
    said = sentence(
        cited(), Sight(0.9, 0.9), headline="w at Ovda", days=(day, day), as_known="today"
    )
    assert said.startswith("1 landing of w at Ovda, on 16 Nov 2026, seen in 90% of the time; ")


def test_a_change_is_mailed_once_and_told_by_the_digest(station: Station) -> None:
    call(station, "cite", *SPAN)
    with Store.open(station.database) as store:
        services = services_of(station, store)
        assert services.citations.owe_changes(NOW) == 0
        reject(services, SURE.id, NOW + timedelta(hours=1))
        row = listed(station, "cite")[0]
        assert (row["now"], row["changes"]) == ("0–1", 0), "before the daemon has looked"
        assert services.citations.owe_changes(NOW + timedelta(hours=2)) == 1
        assert services.citations.owe_changes(NOW + timedelta(hours=3)) == 0
        assert mails(store) == ["cited:cite-2026-11-24-1:1:ops"]
        (mail,) = [each for each in outbox.listing(store) if each.key.startswith("cited:")]
        digest = services.digests.message(services.settings.watches, "2026-W48", NOW + 6 * DAY)
    assert mail.owed.message.subject == (
        "Cited as 1–2 on 25 Nov 2026, now 0–1: w at Ovda, 16 Nov 2026 to 22 Nov 2026"
    )
    words = " ".join(mail.owed.message.text.split())
    assert "was counted at Ovda, graded probable, is not among them any more." in words
    assert "Cited as 1–2 on 25 Nov 2026, now 0–1 (w at Ovda," in " ".join(digest.text.split())
    assert listed(station, "cite")[0]["now"] == "0–1"


def test_numbers_that_change_at_once_are_one_mail(station: Station) -> None:
    """A backfill of years may change all that was ever cited."""
    for number in range(3):
        call(station, "cite", "--from", "2026-11-16", "--to", f"2026-11-{22 - number}")
    with Store.open(station.database) as store:
        services = services_of(station, store)
        reject(services, SURE.id, NOW)
        assert services.citations.owe_changes(NOW) == 3
        assert services.citations.owe_changes(NOW + DAY) == 0
        (mail,) = [each for each in outbox.listing(store) if each.key.startswith("cited:")]
    assert mail.owed.message.subject == (
        "3 cited numbers changed: Cited as 1–2 on 25 Nov 2026, now 0–1: w at Ovda, 16 Nov 2026 to "
        "22 Nov 2026, and others"
    )
    for number in range(1, 4):
        assert f"collector cite cite-2026-11-24-{number}\n" in mail.owed.message.text


def test_the_change_and_its_mail_are_stored_together_or_not_at_all(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(station, "cite", *SPAN)
    with Store.open(station.database) as store:
        services = services_of(station, store)
        reject(services, SURE.id, NOW)
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "owe", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                services.citations.owe_changes(NOW)
        (citation,) = citations.citations(store)
        assert citations.last_known(store, citation) == (0, citation.known)
        services.citations.owe_changes(NOW)
        assert len(mails(store)) == 1


def test_what_changes_back_is_mailed_again(station: Station) -> None:
    call(station, "cite", *SPAN)
    with Store.open(station.database) as store:
        services = services_of(station, store)
        reject(services, SURE.id, NOW)
        services.citations.owe_changes(NOW)
        back = Review(at=NOW + DAY, by="An Editor", verdict=None, note="")
        reviews.apply_review(store, services.alert_evaluator, SURE.id, back)
        services.citations.owe_changes(NOW + DAY)
        assert len(mails(store)) == 2


def test_the_upper_bound_is_cited_as_well(station: Station) -> None:
    call(station, "cite", *SPAN)
    with Store.open(station.database) as store:
        services = services_of(station, store)
        reject(services, OPEN.id, NOW)
        assert services.citations.owe_changes(NOW) == 1
    assert listed(station, "cite")[0]["now"] == "1"


def test_a_landing_that_is_found_later_changes_the_number_too(station: Station) -> None:
    call(station, "cite", *SPAN)
    late = replace(touchdown(MONDAY + 3 * DAY, watch="w", icao24="600867"), id="late-1")
    with Store.open(station.database) as store:
        services = services_of(station, store)
        landings.save(store, late, found(late))
        assert services.citations.owe_changes(NOW) == 1
        (citation,) = citations.citations(store)
        _, known = citations.last_known(store, citation)
    assert (known.least, known.most) == (2, 3)


def test_a_database_from_a_backup_is_counted_anew(station: Station, tmp_path: Path) -> None:
    """The pages of another process go on while it is put in the place of the newer one."""
    call(station, "cite", *SPAN)
    citing, backup, least = KnownCitations(), tmp_path / "backup.sqlite", []
    with Store.open(station.database) as store:
        store.backup(backup)
        reject(services_of(station, store), SURE.id, NOW)
    for path in (station.database, backup):
        with Store.open(path) as store:
            services = services_of(station, store)
            (citation,) = citations.citations(store)
            settings, terms = services.settings, services.digests.terms
            known = citing.now(store, citation, settings.watches, settings.airfields, terms)
            least.append(None if known is None else known.least)
    assert least == [0, 1]


def test_an_arrival_that_nobody_heard_is_listed_with_all_its_times(station: Station) -> None:
    """Its middle lies after the cited days; the sentence counts it in them as possible."""
    sunday, wednesday = MONDAY + 6 * DAY, MONDAY + 9 * DAY
    silent = unheard(touchdown(sunday, watch="w", icao24="600867"), sunday, wednesday)
    with Store.open(station.database) as store:
        services_of(station, store)
        landings.save(store, replace(silent, id="silent-1"), None)
    sentence, *lines, _ = call(station, "cite", *SPAN).stdout.splitlines()
    assert sentence.startswith("At least 1, at most 3 landings of w at Ovda")
    assert len(lines) == 3
    assert lines[-1] == (
        "silent-1, not heard arriving, between 2026-11-21T22:00:00Z and 2026-11-24T22:00:00Z, "
        "4K-AZ101, Ovda, graded probable, perhaps outside these days, so not in the lower number"
    )
    assert all("2026-11-23T10:00:00Z" not in line for line in lines), "a time of no report"


def test_words_of_the_command_that_do_not_go_together_are_refused(station: Station) -> None:
    call(station, "cite", "--from", "2026", code=2)
    call(station, "cite", "cite-1999-01-01-1", code=2)
    call(station, "cite", *SPAN, "--at", "LLER", code=2)
    call(station, "cite", "--from", "2027", "--to", "2028", code=2)
    assert listed(station, "cite") == []


def cited(*, counted: bool = True) -> CitedCount:
    return CitedCount(
        (
            CitedLanding(
                id="a",
                aircraft="4K-AZ101",
                where="Ovda",
                touchdown_at=MONDAY,
                grade="probable",
                review=None,
                counted=counted,
                open_data=False,
            ),
        )
    )


@pytest.mark.parametrize(
    ("known", "seen", "begins"),
    [
        (cited(), 0.9, "1 landing of w at Ovda, from 16 Nov 2026 to 17 Nov 2026, seen in 90%"),
        (cited(), 0.03, "At least 1 landing of w at Ovda, "),
        (cited(counted=False), 0.9, "At most 1 landing of "),
        (cited(), 0.66, "At least 1 landing of w at Ovda, "),
        (cited(counted=False), 0.66, "Perhaps 1 landing of w at Ovda, "),
        (CitedCount(()), 0.9, "No landing of w at Ovda, "),
        (CitedCount(()), 0.45, "No landing known of w at Ovda, "),
        (
            CitedCount(()),
            0.03,
            "Of landings of w at Ovda, from 16 Nov 2026 to 17 Nov 2026, nothing",
        ),
    ],
)
def test_the_sentence_never_says_more_than_could_be_seen(
    known: CitedCount, seen: float, begins: str
) -> None:
    days = (date(2026, 11, 16), date(2026, 11, 17))
    said = sentence(known, Sight(seen, seen), headline="w at Ovda", days=days, as_known="today")
    assert said.startswith(begins)
    assert ("too little for an upper bound" in said) == (seen < 0.2 and known.most > 0)
    assert ("so there may have been more" in said) == (0.2 <= seen < 0.8 and known.most > 0)
    kept = Citation(
        id="cite-1",
        watch="w",
        place="LLOV",
        first=days[0],
        last=days[1],
        cited_at=MONDAY,
        text=said,
        sha256="",
        known=known,
    )
    short = {"0": "0", "1": "1", "0–1": "0–1"}
    if seen < 0.2:
        short = {"0": "could not see", "1": "at least 1"}
    elif known.most and seen < 0.8:
        short = {"1": "at least 1", "0–1": "perhaps 1"}
        assert cited_number(kept, CitedCount(())) == "none known"
    assert cited_number(kept, known) == short[interval(known.least, known.most)]
    assert cited_and_now(kept, known, CitedCount(()), ZONE).startswith(
        f"Cited as {cited_number(kept, known)} on 16 Nov 2026, "
    )
