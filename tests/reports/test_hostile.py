"""Can text from the air, a feed or a person break out of any mail, page or table?"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from collector.model import Evidence, Landing, Revision
from collector.model.notice import Message
from collector.reports import json_rows, tables
from collector.reports.landing import explanation as explanation_report
from collector.reports.mails import alert, condition, digest
from tests.reports.golden import blind, corrected, crossed
from tests.support.landings import AIRFIELDS, CONFIRMED, PROBABLE, TOUCHDOWN, WATCH
from tests.support.weeks_told import ADSBLOL, verdict
from tests.support.weeks_told import digest as digest_report

ATTACK = "<script>alert(1)</script>\r\nBcc: x@example.com\x1b[2J\u202e\u200b\"'{{7*7}}\ud800"

HOSTILE: Landing = replace(
    PROBABLE,
    registration=ATTACK,
    type_code=ATTACK,
    detection=replace(
        PROBABLE.detection,
        callsign=ATTACK,
        runway=ATTACK,
        evidence=(Evidence(TOUCHDOWN, "approach", ATTACK, "for", "LLOV", (ATTACK,)),),
    ),
)
REVISION = Revision(HOSTILE.id, TOUCHDOWN, "retracted", ATTACK, ATTACK)
TERMS = replace(ADSBLOL, attribution=ATTACK, licence=ATTACK, url='https://x.test/"><script>')
FIELDS = tuple(replace(one, name=ATTACK) for one in AIRFIELDS)


def hostile_alert() -> Message:
    return alert.render(
        replace(
            crossed(),
            verdict=verdict([HOSTILE, CONFIRMED]),
            airfields=FIELDS,
            terms=[TERMS],
            corrections=[(REVISION, HOSTILE)],
        )
    )


def hostile_digest() -> Message:
    base = digest_report([HOSTILE, CONFIRMED])
    week = base.watches[0]
    return digest.render(
        replace(
            base,
            airfields=FIELDS,
            terms=[TERMS],
            feeds=[replace(one, name=ATTACK, remark=ATTACK) for one in base.feeds],
            watches=[
                replace(
                    week,
                    followed=[HOSTILE],
                    corrections=[(REVISION, HOSTILE)],
                    ledger=[
                        replace(row, registration=ATTACK, last_proven_where=ATTACK)
                        for row in week.ledger
                    ],
                    mutes=[replace(mute, note=ATTACK) for mute in week.mutes],
                )
            ],
        )
    )


def hostile_condition() -> Message:
    return condition.render(replace(blind(), subject=ATTACK, detail=ATTACK))


MAILS: list[Callable[[], Message]] = [hostile_alert, hostile_digest, hostile_condition]


class Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("mail", MAILS)
def test_html_holds_no_tag_but_ours(mail: Callable[[], Message]) -> None:
    page, html = Tags(), mail().html
    page.feed(html)
    assert html.count("<style") == 1, "that of base.html, which quotes nothing"
    ours = {"html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "table", "tr", "th"}
    ours |= {"td", "b", "i", "br", "span", "ul", "li", "a", "img", "style"}
    assert page.tags <= ours
    assert not {name for name in page.attributes if name.startswith("on")}
    assert all(link.startswith(("https://", "cid:")) for link in page.links)


@pytest.mark.parametrize("mail", MAILS)
def test_nothing_invisible_is_left_in_text_html_or_subject(mail: Callable[[], Message]) -> None:
    message = mail()
    for part in (message.subject, message.text.replace("\n", ""), message.html.replace("\n", "")):
        assert part.isprintable()
        part.encode("utf-8")
    assert "\nBcc:" not in message.text
    assert "\\u202e" in message.text
    assert "{{7*7}}" in message.text


@pytest.mark.parametrize("mail", MAILS)
def test_the_subject_is_one_short_line(mail: Callable[[], Message]) -> None:
    assert len(mail().subject) < 150


def test_explain_shows_hostile_text_without_obeying_it() -> None:
    explanation = explanation_report.explain(HOSTILE, [REVISION], FIELDS, WATCH.zone)
    assert explanation_report.explain_text(explanation).replace("\n", "").isprintable()
    assert (
        json.loads(json.dumps(explanation_report.explain_json(explanation, HOSTILE)))["id"]
        == HOSTILE.id
    )


def test_a_terminal_table_is_not_steered_by_its_cells() -> None:
    rows = [row for each in (HOSTILE, CONFIRMED) for row in json_rows.landing_rows(each, [WATCH])]
    drawn = tables.landings_table(rows, 400)
    assert drawn.replace("\n", "").isprintable()
    assert drawn.count("\n") == 3


def test_a_malformed_address_is_not_linked() -> None:
    odd = replace(PROBABLE, detection=replace(PROBABLE.detection, icao24='1"onload=x'))
    text = alert.render(replace(crossed(), verdict=verdict([odd, CONFIRMED]))).html
    assert "icao=1" not in text


def test_a_corrected_alert_lists_the_corrections() -> None:
    text = alert.render(corrected()).text
    assert "was withdrawn (what was heard since" in " ".join(text.split())
    assert "not 2 as reported before." in " ".join(text.split())
