"""Does the digest never call a week quiet that nobody could see?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model import Landing, Place, Revision
from collector.reports.mails import digest
from collector.weeks import week_of
from tests.reports.golden import not_running
from tests.support.landings import CONFIRMED, PROBABLE, UNDETERMINED, WATCH
from tests.support.weeks_told import MONDAY, coverage, ledger_row
from tests.support.weeks_told import digest as report


def first_sentence(text: str) -> str:
    return " ".join(text.split()).partition(". ")[0]


def test_a_covered_week_is_summed_up_in_one_sentence_and_what_could_be_seen_in_the_next() -> None:
    lead = report(lowest_band=0, share=0.95).watches[0].places[0]
    assert digest.sentences("2026-W47", "Silk Way Il-76s at Ovda", "Ovda", lead) == (
        "Silk Way Il-76s at Ovda: 2–3 landings in week 47 of 2026 (usual: 0–1).",
        "Aircraft in the region were heard 95% of the time, near the airfield below 2,000 ft.",
    )


@pytest.mark.parametrize(
    ("share", "lowest_band", "subject", "sentence"),
    [
        (
            0.0,
            None,
            "Il-76s at Ovda: could not see, week 47 of 2026",
            "nothing can be said",
        ),
        (
            0.12,
            2,
            "Ovda: could not see, week 47 of 2026 (saw 12% of the week)",
            "nothing can be said",
        ),
        (0.95, 8, "week 47 of 2026 (aircraft were heard mostly in cruise", "nothing can be said"),
        (0.95, None, "week 47 of 2026 (aircraft were heard mostly in cruise", "can be said"),
        (
            0.70,
            2,
            "Ovda: none seen in the 70% that we could see, week 47",
            "heard only 70% of the time",
        ),
        (0.79, 2, "none seen in the 79% that", "does not mean that there was none"),
        (0.80, 2, "Ovda: no landing, week 47 of 2026 (usual", "heard only 80% of the time"),
        (0.95, 0, "saw 95% of the week", "heard 95% of the time"),
    ],
)
def test_a_zero_stands_with_its_coverage(
    share: float, lowest_band: int | None, subject: str, sentence: str
) -> None:
    mail = digest.render(report((), share=share, lowest_band=lowest_band))
    assert subject in mail.subject
    assert sentence in " ".join(mail.text.split())


@given(st.floats(0, 1), st.none() | st.integers(0, 8))
def test_no_empty_week_is_called_quiet_and_none_hides_its_coverage(
    share: float, band: int | None
) -> None:
    lead = report((), share=share, lowest_band=band).watches[0].places[0]
    sentence = " ".join(digest.sentences("2026-W47", "Silk Way Il-76s at Ovda", "Ovda", lead))
    assert "quiet" not in sentence
    assert "could not see" in sentence or "% of the time" in sentence


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.9, 0.9), "None seen."),
        ((0.9, 0.0), "None seen. We could not see Ramon."),
        ((0.0, 0.9), "None seen. We could not see Ovda."),
        ((0.9, 0.5), "None seen. We could see Ramon in 50% of the time only."),
        ((0.5, 0.0), "None seen in the 50% of the time that we could see. We could not see Ramon."),
        ((0.0, 0.0), "None known: we could not see in this week."),
    ],
)
def test_a_blind_place_does_not_hide_behind_another(shares: tuple[float, float], said: str) -> None:
    whole = report(())
    watch = whole.watches[0]
    places = [
        replace(
            report((), share=share, lowest_band=2 if share else None).watches[0].places[0],
            place=Place((code,)),
        )
        for share, code in zip(shares, ("LLOV", "LLER"), strict=True)
    ]
    told = digest.render(replace(whole, watches=[replace(watch, places=places)])).text
    part = " ".join(told.partition("\nLANDINGS")[2].partition("UNDETERMINED")[0].split())
    assert part == said


def test_visitors_may_have_landed_where_another_watch_was_blind() -> None:
    seen, blind = report(()).watches[0], report((), share=0.0, lowest_band=None).watches[0]
    elsewhere = replace(blind.places[0], place=Place(("LLER",)))
    watches = [seen, replace(blind, places=[elsewhere, elsewhere])]
    text = digest.render(replace(report(()), watches=watches, visitors=[])).text
    told = " ".join(text.partition("UNLISTED VISITORS")[2].split())
    assert "None seen. We could not see Ramon." in told
    assert told.count("We could not see Ramon.") == 1


def test_landings_seen_through_a_keyhole_may_be_more() -> None:
    assert "There may have been more" in " ".join(digest.render(report(share=0.2)).text.split())


def test_an_undetermined_landing_stands_apart_and_once() -> None:
    text = digest.render(report()).text
    landings, undetermined = text.split("UNDETERMINED OR POSSIBLE\n")
    assert str(CONFIRMED.registration) in landings
    assert str(UNDETERMINED.registration) not in landings
    assert undetermined.count(f"explain {UNDETERMINED.id}") == 1
    assert text.count(f"explain {PROBABLE.id}") == 1


def test_a_digest_with_several_zones_says_whose_each_time_is() -> None:
    one = report()
    assert "22 Nov 2026, Asia/Jerusalem. As known on Mon" in digest.render(one).text
    week = one.watches[0]
    london = replace(week.watch, name="london", title="Londoners", zone="Europe/London")
    other = replace(week, watch=london)
    for watches, zones in (
        ([week, other], "Asia/Jerusalem for Silk Way Il-76s and Europe/London for Londoners."),
        ([other], "Europe/London."),
    ):
        text = " ".join(digest.render(replace(one, watches=watches)).text.split())
        assert f"Sun 22 Nov 2026, {zones} The time of a landing is local to its airfield" in text


def test_everything_stands_in_the_mail_also_at_zero() -> None:
    text = digest.render(report((), share=0.0, lowest_band=None)).text
    for part in ("CORRECTIONS", "LANDINGS", "UNDETERMINED", "FLEET LEDGER", "MUTED"):
        assert part in text
    for part in (
        "AIRCRAFT NEAR THERE WERE HEARD, BY DAY",
        "FEEDS",
        "SOURCES",
        "adsb.lol contributors",
    ):
        assert part in text


def test_a_feed_that_refuses_us_says_so() -> None:
    assert "opensky: not polled. It refused us: 403." in digest.render(report()).text


def test_hours_in_which_nobody_asked_come_first() -> None:
    mail = digest.render(not_running())
    text = " ".join(mail.text.split())
    assert text.startswith(
        "The collector did not run, or asked no feed, from Mon 16 Nov 2026, 14:05 IST (12:05 UTC) "
        "to Sun 22 Nov 2026, 13:40 IST (11:40 UTC). Silk Way Il-76s at Ovda: we could not see"
    )
    assert "adsblol: asked in 19 of 168 hours; 371 of 371 polls answered, the last" in text
    assert "100%" not in text.partition("FEEDS")[2]
    assert "did not run" in mail.html
    assert "did not run" not in digest.render(report()).text


def test_many_pauses_are_summed_up() -> None:
    begin, hour = MONDAY - timedelta(days=6), timedelta(hours=1)
    pauses = [(begin + n * 24 * hour, begin + (n * 24 + 3 + n) * hour) for n in range(4)]
    text = " ".join(digest.render(replace(report(), pauses=pauses)).text.split())
    assert "asked no feed, for 18 h in all: from Wed 18 Nov 2026, 07:00 IST" in text
    assert text.count(" to ") > 3
    assert "; and at other times. Silk Way Il-76s" in text


def test_unheard_aircraft_stand_beside_none_seen() -> None:
    text = " ".join(digest.render(report(())).text.split())
    assert ". 1 of 2 counted aircraft was not heard at all in this week. Mon 16 Nov" in text
    assert "Not heard at all: 4K-AZ60 (IL76, 60083c)." in text
    assert "time for at most 2 more." in text, "the aircraft that was heard"
    assert "11" not in text.partition("FLEET LEDGER")[2].partition("MUTED")[0].replace("2026", "")


BOUND = "While the counted aircraft were not heard, they had time for at most"


@pytest.mark.parametrize(
    ("bounds", "leads", "said"),
    [
        ((2,), "", f"{BOUND} 2 more landings."),
        ((0, 0), "", "No counted aircraft was unaccounted for long enough to have landed unseen."),
        ((2, 2), "", None),
        ((148, 148), "", None),
        ((None,), "The one counted aircraft was not heard at all in this week, so unheard", None),
        ((None, None), "None of the 2 counted aircraft was heard at all in this week, so", None),
        ((2, None, None), "2 of 3 counted aircraft were not heard at all in this week.", None),
    ],
)
def test_a_bound_stands_only_in_the_ledger_and_only_where_it_says_something(
    bounds: tuple[int | None, ...], leads: str, said: str | None
) -> None:
    """None: not heard at all, with time for 37 landings."""
    rows = [
        ledger_row(
            f"60080{n}", f"4K-{n}", heard=could is not None, could=37 if could is None else could
        )
        for n, could in enumerate(bounds)
    ]
    base = report(())
    week = replace(base.watches[0], ledger=rows)
    message = digest.render(replace(base, watches=[week]))
    for shown in (message.text, re.sub("<[^>]*>", "", message.html)):
        text = " ".join(shown.split())
        top, _, ledger = text.replace("Fleet ledger", "FLEET LEDGER").partition("FLEET LEDGER")
        assert leads in top
        assert ("at all in this week" in top) == bool(leads)
        assert "time for" not in top
        assert (BOUND in ledger) == (said is not None and said.startswith(BOUND))
        assert said is None or said in ledger
        assert "148" not in text
        assert "37" not in text


def test_a_week_that_could_not_be_seen_has_no_zero() -> None:
    text = digest.render(report((), share=0.0, lowest_band=None)).text
    lines = [line.split() for line in text.partition("Ovda (LLOV)\n")[2].splitlines()]
    assert lines[0] == ["–", "0–1", "0%", "could", "not", "see"]
    assert "LANDINGS\n\nNone known: we could not see in this week." in text


def test_many_finds_are_summed_up_by_airfield_and_week() -> None:
    base = report(())
    found = Revision(PROBABLE.id, PROBABLE.first_known_at, "found", "probable at LLOV", "1")
    withdrawn = replace(PROBABLE, retracted=True)
    retracted = replace(found, change="retracted", reason="it flew on")

    def corrections(changes: list[tuple[Revision, Landing]]) -> str:
        week = replace(base.watches[0], corrections=changes)
        text = digest.render(replace(base, watches=[week])).text
        return " ".join(text.partition("CORRECTIONS")[2].partition("LANDINGS")[0].split())

    few = corrections([(found, PROBABLE)] * 5)
    assert few.count("was found (probable at Ovda).") == 5
    many = corrections([(found, PROBABLE)] * 7 + [(found, withdrawn), (retracted, withdrawn)])
    week = week_of(PROBABLE.detection.touchdown_at, WATCH.zone)
    assert f"Found late at Ovda: 7 landings in {week} (7)." in many
    assert many.count("was found") == 0
    assert many.count("was withdrawn (it flew on).") == 1


def test_a_preview_of_a_running_week_says_so() -> None:
    running = digest.render(report(written_at=MONDAY - timedelta(days=2)))
    assert "The week is not over" in running.text
    assert "The week is not over" not in digest.render(report()).text


def test_one_recipient_of_two_watches_gets_one_mail_about_both() -> None:
    base = report()
    other = replace(base.watches[0], watch=replace(WATCH, name="air force", title=""))
    text = digest.render(replace(base, watches=[*base.watches, other])).text
    assert "\nSilk Way Il-76s\n\n" in text
    assert "\nair force\n\n" in text


def test_a_digest_of_nothing_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least one watch"):
        digest.render(replace(report(), watches=[]))


def test_a_mail_without_images_draws_its_bars() -> None:
    mail = digest.render(report())
    assert "<img" not in mail.html_showing({})
    assert "██████████  100%" in mail.text
    assert coverage(0.5).share == 0.5
