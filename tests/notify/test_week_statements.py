"""Is a finished week that reads otherwise than before a correction, whatever changed it?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from collector.model import Landing, Revision
from collector.model.review import CONFIRMED, REJECTED, Review
from collector.pipeline.reviews import apply_review
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, coverage_slots, landings, reviews, week_statements
from collector.store.encoding import stamp
from collector.weeks import digest_at, next_week, week_bounds
from tests.support.sight_station import ZONE, Week, week_slots
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.web.browser import Outline, Site

FIRST, SECOND, THIRD, FOURTH = (f"2026-W{number}" for number in range(43, 47))
HOUR = timedelta(hours=1)


def hear(services: Services, key: str, share: float) -> None:
    """A feed, or an archive that is read later, hears aircraft near Ovda for a part of a week."""
    begin, _ = week_bounds(key, ZONE)
    week = Week(key, share, False, True, (0, 0, 0, ""), "", "", "")
    with services.store.transaction():
        coverage_slots.merge_slots(services.store, week_slots(week, begin))
        for day in range(7):
            services.coverage.invalidate_coverage(begin + timedelta(days=day, hours=12))


def land(services: Services, key: str, airfield: str = "LLOV") -> Landing:
    at = week_bounds(key, ZONE)[0] + 60 * HOUR
    landing = touchdown(at, airfield, watch="w", known_at=at)
    with services.store.transaction():
        landings.save(services.store, landing, Revision(landing.id, at, "found", "Heard.", "1"))
    return landing


def compare(services: Services, key: str) -> int:
    """What the daemon does some hours after the week is over."""
    return services.week_comparison.compare(week_bounds(key, ZONE)[1] + 4 * HOUR)


def corrections(services: Services, key: str) -> str:
    """The corrections in the digest of a week, without blanks and line ends."""
    watches = services.settings.watches
    text = services.digests.message(watches, key, digest_at(key, ZONE)).text
    return " ".join(
        text.partition("CORRECTIONS SINCE")[2].partition("WHAT WE COULD SEE")[0].split()
    )


@contextmanager
def station(folder: Path) -> Iterator[tuple[Station, Services]]:
    """Three weeks: heard well, heard for 3 % of the time, heard well again."""
    found = Station(folder)
    with Store.open(found.database) as store:
        services = build_services(load(found.config, environ={}), store)
        for key, share in ((FIRST, 0.9), (SECOND, 0.03), (THIRD, 0.9)):
            hear(services, key, share)
        yield found, services


def test_a_week_that_an_archive_heard_later_is_in_the_next_digest(tmp_path: Path) -> None:
    with station(tmp_path) as (found, services):
        assert compare(services, THIRD) == 0, "nothing was said before"
        hear(services, SECOND, 0.85)
        hear(services, "2019-W10", 0.9)
        at = digest_at(THIRD, ZONE) + 30 * HOUR
        assert services.week_comparison.compare(at) == 1
        assert services.week_comparison.compare(at + HOUR) == 0
        said = "Week 44 of 2026 at Ovda: no landing (85% seen); before: could not see (3% seen)."
        lines = corrections(services, FOURTH)
        assert said in lines
        assert "2019" not in lines, "of that week nothing had been said"
        assert said not in corrections(services, next_week(FOURTH)), "it is said once"
        site = Site(found.database, services.settings)
        site.clock.move_to(at + 48 * HOUR)
        try:
            assert said in Outline(site.get("/corrections").text).text
        finally:
            site.stop()


def test_a_landing_that_a_replay_finds_late_is_named_where_the_week_is_corrected(
    tmp_path: Path,
) -> None:
    """It is dated by its recording's clock, which no digest looks back to."""
    with station(tmp_path) as (found, services):
        compare(services, THIRD)
        landing = land(services, FIRST)
        services.week_comparison.compare(digest_at(THIRD, ZONE) + HOUR)
        line = (
            "Week 43 of 2026 at Ovda: 1 landing (89% seen); before: no landing (89% seen)."
            f" Added: landing {landing.id}."
        )
        assert line in corrections(services, FOURTH)
        site = Site(found.database, services.settings)
        site.clock.move_to(digest_at(FOURTH, ZONE) + HOUR)
        try:
            page = Outline(site.get("/corrections").text).text
            assert line in page
            assert "Besides these, no landing was corrected." in page
            assert "so far" not in page.partition("Numbers of weeks")[2]
        finally:
            site.stop()
        at = digest_at(FOURTH, ZONE) + HOUR
        review = Review(at=at, by="N", verdict=REJECTED, note="not there")
        apply_review(services.store, services.alert_evaluator, landing.id, review)
        services.week_comparison.compare(at)
        text = corrections(services, next_week(FOURTH))
    assert "no landing (89% seen); before: 1 landing (89% seen). -" in text, "named below"
    assert text.count("was rejected by a person") == 1


def test_a_watch_that_counts_otherwise_says_so(tmp_path: Path) -> None:
    with station(tmp_path) as (found, services):
        for key in (FIRST, THIRD):
            land(services, key)
        compare(services, THIRD)
        text = found.config.read_text()
        found.config.write_text(text.replace('"w"\n', '"w"\ncount_from = "confirmed"\n', 1))
        again = build_services(load(found.config, environ={}), services.store)
        assert again.week_comparison.compare(digest_at(THIRD, ZONE) + HOUR) == 2
        lines = corrections(again, FOURTH)
    for number, share in ((43, 89), (45, 90)):  # in week 43 the clocks change
        assert (
            f"Week {number} of 2026 at Ovda: 0–1 landings ({share}% seen); before: 1 landing "
            f"({share}% seen). The configuration of this watch has changed since."
        ) in lines


def test_a_configuration_that_changed_nothing_is_not_the_cause_of_a_later_change(
    tmp_path: Path,
) -> None:
    with station(tmp_path) as (found, services):
        compare(services, THIRD)
        text = found.config.read_text()
        found.config.write_text(text.replace('"w"\n', '"w"\ncount_from = "possible"\n', 1))
        again = build_services(load(found.config, environ={}), services.store)
        at = digest_at(THIRD, ZONE) + HOUR
        assert again.week_comparison.compare(at) == 0
        land(again, FIRST)
        assert again.week_comparison.compare(at + HOUR) == 1
        lines = corrections(again, FOURTH)
    assert "Week 43 of 2026 at Ovda: 1 landing (89% seen); before: no landing" in lines
    assert "The configuration" not in lines


def test_weeks_that_changed_at_once_have_one_line_on_the_page(tmp_path: Path) -> None:
    with station(tmp_path) as (found, services):
        dark = ("2026-W41", "2026-W42")
        for share in (0.03, 0.9):
            for key in dark:
                hear(services, key, share)
            changed = services.week_comparison.compare(digest_at(THIRD, ZONE) + HOUR)
        assert changed == len(dark)
        site = Site(found.database, services.settings)
        site.clock.move_to(digest_at(FOURTH, ZONE))
        try:
            text = Outline(site.get("/corrections").text).text
        finally:
            site.stop()
    assert "Each of the 2 weeks from week 41 of 2026 to week 42 of 2026 at Ovda: no" in text


def test_what_a_person_took_back_before_the_digest_changed_nothing(tmp_path: Path) -> None:
    with station(tmp_path) as (_, services):
        landing = land(services, FIRST)
        compare(services, THIRD)
        for hours, verdict in ((1, "rejected"), (2, None), (3, CONFIRMED)):
            at = digest_at(THIRD, ZONE) + hours * HOUR
            review = Review(at=at, by="Anna", verdict=verdict, note="Seen.", airfield=None)
            apply_review(services.store, services.alert_evaluator, landing.id, review)
            assert services.week_comparison.compare(at) == (verdict != CONFIRMED)
        lines = corrections(services, FOURTH)
    assert "Week 43" not in lines
    assert "by a person" in lines, "the landing's own history has it"


def test_weeks_are_read_again_once_anything_touched_them(tmp_path: Path) -> None:
    at = week_bounds(THIRD, ZONE)[1] + 5 * HOUR
    with station(tmp_path) as (found, services), Store.open(found.database) as other:
        beside = build_services(services.settings, other)  # as a command beside the daemon
        read: list[str] = []
        services.store._db.conn.set_trace_callback(read.append)

        def changed() -> int:
            read.clear()
            return services.week_comparison.compare(at)

        def reads() -> bool:
            return any("landing_watches" in sql for sql in read)

        assert [changed(), changed()] == [0, 0]
        assert reads(), "the shares of three weeks were stored meanwhile"
        assert changed() == 0
        assert not reads()
        landing = land(beside, FIRST)
        assert changed() == 1
        assert changed() == 0
        assert not reads()
        later = land(beside, FOURTH)
        assert changed() == 0
        assert not reads(), "of the week that is not over"
        counted = "UPDATE landing_watches SET counted = ? WHERE landing_id = ?"
        other.execute(counted, (0, landing.id))
        assert changed() == 1
        other.execute("DELETE FROM landing_watches WHERE landing_id = ?", (landing.id,))
        landings.save(other, landing, None)
        assert changed() == 1
        other.execute("UPDATE landings SET retracted = 1 WHERE id = ?", (landing.id,))
        assert changed() == 1
        review = Review(at=at, by="Anna", verdict=CONFIRMED, note="Seen.", airfield="LLOV")
        reviews.store_review(other, landing.id, review)
        assert changed() == 1
        other.execute(
            "UPDATE landings SET touchdown_at = ? WHERE id = ?",
            (stamp(week_bounds(FIRST, ZONE)[0]), later.id),
        )
        assert changed() == 1, "it lies in a week that is over now"
        hear(beside, SECOND, 0.85)
        assert changed() == 1
        hear(beside, "2026-W30", 0.5)
        assert changed() == 0
        assert week_statements.last_statements(other, "w")["LLOV", "2026-W30"].seen > 0
        at = week_bounds(FOURTH, ZONE)[1] + 5 * HOUR
        assert changed() == 0
        assert ("LLOV", FOURTH) in week_statements.last_statements(other, "w")
