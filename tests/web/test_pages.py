"""Are the pages whole and true, as a browser gets them over a socket?"""

from __future__ import annotations

import re
from datetime import timedelta

from collector.reports.glossary import glossary
from collector.store import Store, alerts, outbox
from tests.web.browser import PAGES, READERS, Outline, Site, crawl
from tests.web.fleet_week import HOUR, NOW, WATCH


def test_every_page_is_whole_and_every_link_leads_somewhere(site: Site) -> None:
    found = crawl(site)
    assert {link for link, answer in found.items() if answer.status_code != 200} == {
        "/no/such/<page>",
        "/healthz",  # A condition is open.
    }
    assert set(PAGES) <= set(found)
    assert sum(link.startswith("/landings/") for link in found) == 10, "each as page and as JSON"


def test_the_week_now(site: Site) -> None:
    text = Outline(site.get("/").text).text
    sentence = (
        "Silk Way Il-76s at Ovda: at least 2 landings, perhaps 3, so far in week 47 of 2026 "
        "(usual: not known yet). There may have been more: so far we could see in 18% of the time."
    )
    assert sentence in text
    assert re.search(
        r"Ovda LLOV threshold reached at least 2, perhaps 3 landings, 1 of them unsure", text
    )
    assert "LLOV or LLER saw too little at least 3 landings" in text
    assert "Data: adsb.lol contributors ( ODbL 1.0 )" in text
    assert "88% received, 4% jammed, 8% nothing known" in Outline(site.get("/coverage").text).text


def test_readers_and_operators_have_pages_of_their_own(site: Site) -> None:
    for page in READERS:
        text = Outline(site.get(page).text).text
        for word in ("poll", "Requests", "contact", "Mail to ops"):
            assert word not in text.partition("Data: ")[0], page
    text = Outline(site.get("/operator").text).text
    assert "Receiving: the last reply came 23 s ago." in text
    assert "Mail to ops cannot be sent Since" in text
    assert (
        "contact is not set, so a feed's operators cannot write to you before they block you"
        in text
    )
    text = Outline(site.get("/operator/feeds").text).text
    assert "Last poll 23 s ago: 41 aircraft. Requests: 2 of 10,000 today." in text
    assert "15:02:00 UTC: unreachable, timed out after 20 s" in text


def test_the_glossary_is_a_page_that_every_page_links_to(site: Site) -> None:
    for page in (*PAGES, "/landings/600866-2026-11-18-1", "/no/such/page", "/glossary"):
        assert "/glossary" in Outline(site.get(page).text).links, page
    answer = site.get("/glossary")
    assert answer.status_code == 200
    text = Outline(answer.text).text
    for entry in (entry for section in glossary() for entry in section.entries):
        assert f'<dt id="{entry.anchor}">{entry.word}' in answer.text
        assert entry.meaning.replace("`", "") in text
    assert "Withdrawn retracted" in text
    assert "`" not in text


def test_the_glossary_needs_no_database(site: Site) -> None:
    site.path.rename(site.path.with_name("elsewhere"))
    assert site.get("/glossary").status_code == 200


def test_nothing_reloads_under_a_reader(site: Site) -> None:
    answer = site.get("/")
    assert "refresh" not in answer.headers
    assert "http-equiv" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_weeks(site: Site) -> None:
    text = Outline(site.get("/weeks").text).text
    assert re.search(
        r"2026-W47 so far Mon 16 Nov 2026 to Sun 22 Nov 2026 at least 2, perhaps 3 "
        r"threshold reached",
        text,
    )
    assert re.search(
        r"2026-W46 Mon 9 Nov 2026 to Sun 15 Nov 2026 – could not see 0% seen "
        r"perhaps 1 saw too little 0% seen",
        text,
    )
    assert 'class="unseen"' in site.get("/weeks").text


def test_a_landing_shows_its_evidence_in_order(site: Site) -> None:
    text = Outline(site.get("/landings/600866-2026-11-18-1").text).text
    in_order = [
        "undetermined",
        "very likely landed at Ramon International (52%) or Ovda (41%)",
        "Counts for Silk Way Il-76s at Ovda or Ramon International.",
        "Lost at 3,400 ft",
        "Where it may have landed Ramon International (LLER)",
        "What could still change this",
        "How we know Evidence, in order of time",
        "against Ramon International",
        "Heard again climbing",
        "found (ground contact). [rules 2026-11]",
        "track of 600866 on 2026-11-18 at adsb.lol",
        "collector explain 600866-2026-11-18-1",
    ]
    places = [text.index(words) for words in in_order]
    assert places == sorted(places)


def test_alerts_and_mails(site: Site) -> None:
    with Store.open(site.path) as store:
        alerts.mute(store, WATCH, None, NOW + HOUR, "exercise", at=NOW)
        outbox.mark_failed(store, "a", "550 no such user")
    text = Outline(site.get("/alerts").text).text
    assert "silkway, every rule: muted until Fri 20 Nov 2026, 18:42 IST" in text
    assert "Silk Way Il-76s at Ovda rule weekly threshold reached 2026-W47: 2–3 landings" in text
    assert "Notices: threshold reached at 2." in text
    mails = Outline(site.get("/operator/mails").text).text
    assert "2 landings at Ovda in week 47 failed To ops, 1 d 1 h ago: 550 no such user" in mails
    assert "1 mail could not be delivered" in Outline(site.get("/operator").text).text


def test_times_to_come_do_not_break_a_page(site: Site) -> None:
    site.clock.move_to(NOW - timedelta(days=400))
    for page in PAGES:
        assert site.get(page).status_code == 200


def test_a_landing_that_counts_nowhere_says_so_in_the_list(site: Site) -> None:
    text = site.get("/landings").text
    rows = [row for row in text.split('<li class="landing') if "</li>" in row]
    assert any("not counted" in row for row in rows)
    assert any("not counted" not in row for row in rows)
    for row in rows:
        page = site.get(row.partition('href="')[2].partition('"')[0]).text
        assert ("not counted" in row) == ("Counts for no place." in page)
