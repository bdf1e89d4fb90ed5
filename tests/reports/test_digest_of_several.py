"""Does a digest of several watches begin with what is news, and say whose each part is?"""

from __future__ import annotations

from dataclasses import replace

from collector.reports.mails import digest
from tests.support.landings import WATCH
from tests.support.weeks_told import digest as report


def _four_watches() -> digest.DigestReport:
    """Two weeks without a landing, one that could not be seen, and one with landings."""
    full, none, blind = report(), report(()), report((), share=0.0, lowest_band=None)
    told = (("jets", none), ("tankers", blind), ("Il-76s", full), ("helicopters", none))
    return replace(
        full,
        watches=[
            replace(
                each.watches[0],
                watch=replace(WATCH, name=title, title=title),
                chart=None,
                ledger=(),
                mutes=(),
            )
            for title, each in told
        ],
    )


def test_of_several_watches_the_one_with_news_comes_first() -> None:
    mail = digest.render(_four_watches())
    assert mail.subject == (
        "Il-76s at Ovda: 2–3 landings, week 47 of 2026 "
        "(3 more watches: 1 could not see, 2 none seen)"
    )
    for text in (mail.text, mail.html.partition("<h1")[2]):
        titles = ("Il-76s", "tankers", "jets", "helicopters")
        places = [text.index(f"{title} at Ovda:") for title in titles]
        assert places == sorted(places)
    alarmed = _four_watches()
    jets = alarmed.watches[0]
    firing = replace(jets, places=[replace(jets.places[0], alert="firing"), *jets.places[1:]])
    alarmed = replace(alarmed, watches=[firing, *alarmed.watches[1:]])
    assert digest.render(alarmed).subject.startswith("jets at Ovda: no landing, week 47 of 2026 (")
    two = replace(alarmed, watches=_four_watches().watches[1:3])
    assert digest.render(two).subject == (
        "Il-76s at Ovda: 2–3 landings; tankers at Ovda: could not see, week 47 of 2026"
    )


def test_of_several_watches_those_without_news_are_short_and_each_part_has_its_title() -> None:
    text = digest.render(_four_watches()).text
    quiet = "Nothing is undetermined or possible, and there is no correction since the last digest."
    assert " ".join(text.split()).count(quiet) == 3
    assert text.count("\nUNDETERMINED OR POSSIBLE\n") == 1
    assert "\nIl-76s\n\nWHAT THESE LANDINGS REST ON\n" in text
    assert text.count("\njets\n") == 1, "its second part is empty"
