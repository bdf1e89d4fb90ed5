"""Does one mail with the notices of several rules say each thing once, and the news first?"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from collector.alerts.lifecycle import Reason
from collector.reports.landing.links import page_links
from collector.reports.mails import alert, alert_mail
from collector.reports.mails.alert_mail import AlertPart
from tests.reports.golden import corrected, many
from tests.support.landings import CONFIRMED, PROBABLE, UNDETERMINED
from tests.support.weeks_told import verdict

WEEKLY, FORTNIGHT, SURGE, EITHER = many()
MANY = (WEEKLY, FORTNIGHT, SURGE, EITHER)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_part_comes_back_from_its_json() -> None:
    for part in (*MANY, alert.part(corrected())):
        assert alert_mail.decode_part(alert_mail.encode_part(part)) == part


@given(st.permutations(MANY))
def test_the_order_in_which_rules_were_met_does_not_matter(parts: list[AlertPart]) -> None:
    assert alert_mail.render(parts) == alert_mail.render(MANY)


def test_a_mail_says_each_thing_once() -> None:
    mail = alert_mail.render(MANY)
    assert mail.subject == (
        "Silk Way Il-76s at Ovda: 2–3 landings, week 47 of 2026; 2–3 landings in 14 days "
        "(to 21 Nov 2026) (usual: 0), provisional; also at Ovda or Ramon"
    )
    text = plain(mail.text)
    assert text.startswith("Silk Way Il-76s at Ovda: 2–3 landings so far in week 47 of 2026 (")
    assert text.count("Aircraft in the region were heard only 82% of the time") == 1
    assert text.count("so far in week 47 of 2026") == 2, "once at Ovda, once at either"
    for landing in (PROBABLE, CONFIRMED, UNDETERMINED):
        assert text.count(f"collector explain {landing.id}") == 1
    names = ("weekly", "fortnight", "surge", "either")
    rules = [text.index(f"Rule: {name} (watch") for name in names]
    assert rules == sorted(rules), "in the order of the configuration"
    assert rules[0] > text.index("THE LANDINGS")
    for part in ("2–3 landings in 14 days (to 21 Nov 2026)", "Why this mail"):
        assert part in plain(mail.html)


def test_news_stand_before_corrections() -> None:
    mail = alert_mail.render([alert.part(corrected()), FORTNIGHT])
    assert mail.subject.startswith("Silk Way Il-76s at Ovda: 2–3 landings in 14 days")
    assert "; corrected to 1 landing, week 47 of 2026" in mail.subject
    text = plain(mail.text)
    correction = "Correction. 1 landing in week 47 of 2026"
    assert text.index("2–3 landings in 14 days") < text.index(correction)


def test_one_count_is_told_once_in_a_subject_if_it_cancels_one_rule_and_meets_another() -> None:
    """A person rejects a landing: of those that are left, one is undetermined."""
    below = alert.part(corrected())
    told = below.statement.removeprefix(alert_mail.CORRECTED)
    perhaps = replace(WEEKLY, rule="weekly-undetermined", statement=told)
    mail = alert_mail.render([below, perhaps])
    assert mail.subject.startswith(f"Silk Way Il-76s at Ovda: corrected to {told} (usual: ")
    assert "The alert of the rule weekly is cancelled: " in plain(mail.text)


def test_of_one_window_the_last_notice_is_told_and_the_others_are_named() -> None:
    rose = replace(WEEKLY, reason=Reason.ROSE, statement="now 3 landings, week 47 of 2026")
    text = plain(alert_mail.render([WEEKLY, rose]).text)
    assert "Superseded within minutes: 2–3 landings, week 47 of 2026 (rule weekly)." in text
    assert text.count("Rule: weekly") == 1


def test_a_long_list_of_places_is_counted() -> None:
    others = [replace(EITHER, rule=name, place=name, headline=name) for name in ("a", "b", "c")]
    assert alert_mail.render([WEEKLY, *others]).subject.endswith("; also at 3 other places")


def test_where_others_can_open_the_pages_the_rest_stands_there() -> None:
    """Two screens of a phone: the crossing, the usual, chance, the landings, what may change."""
    landings = [each.summary.id for each in WEEKLY.landings]
    pages = tuple(page_links("https://example.org/w", verdict().count.counted))
    rest = ("WHAT THESE LANDINGS REST ON", "CHECK BY HAND", "showTrace")
    alone, linked = (
        alert_mail.render([replace(WEEKLY, links=(*links, *WEEKLY.links))]) for links in ((), pages)
    )
    assert all(words in alone.text and words not in linked.text for words in rest)
    for id_ in landings:
        assert f'href="https://example.org/w/landings/{id_}"' in linked.html
        assert f"https://example.org/w/landings/{id_}" in linked.text
    assert len(linked.html) < len(alone.html)
    assert linked.text.index("Usual: 0 a week") < linked.text.index("THE LANDINGS")
    assert "possible =" not in linked.text, "the mail explains no grade that it does not name"


def test_of_an_alert_that_was_cancelled_before_its_mail_left_no_correction_is_told() -> None:
    """Whoever was told nothing has nothing to correct."""
    below = replace(alert.part(corrected()), rule=WEEKLY.rule, window=WEEKLY.window)
    mail = alert_mail.render([WEEKLY, below])
    assert mail.subject == (
        "Silk Way Il-76s at Ovda: 1 landing, week 47 of 2026, below the threshold again (usual: 0)"
    )
    text = plain(mail.text)
    assert text.startswith("Silk Way Il-76s at Ovda: 1 landing, week 47 of 2026, below the")
    assert "It had been 2–3 landings, week 47 of 2026, which meets the rule weekly, until" in text
    assert "No mail had said so." in text
    for wrong in ("Correction.", "as reported before", "Superseded"):
        assert wrong not in text
    rose = replace(WEEKLY, reason=Reason.ROSE)  # an earlier mail told that it was reached
    assert "Correction. Silk Way Il-76s" in plain(alert_mail.render([rose, below]).text)
