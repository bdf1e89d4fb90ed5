"""Do the lists hold what was asked for, a page at a time, and the same for people and machines?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner

from collector.cli import main
from collector.model import Grade, Revision
from collector.model.citation import Citation, CitedCount, CitedLanding
from collector.model.review import Review
from collector.settings import Settings
from collector.store import Store, citations, landings, reviews
from tests.web.browser import Outline, Site
from tests.web.fleet_week import HOSTILE, HOUR, NOW, WATCH, fill, landing

DAY = timedelta(days=1)
MANY = 60
LAST_YEAR = landing(NOW - 400 * DAY, "LLOV", Grade.CONFIRMED, ordinal=99)
WITHDRAWN = replace(landing(NOW - 40 * DAY, "LLER", Grade.PROBABLE, ordinal=98), retracted=True)
REVIEWED = landing(NOW - 41 * DAY, "LLOV", Grade.POSSIBLE, ordinal=97)
LATE = landing(NOW - 60 * DAY, "LLOV", Grade.PROBABLE, ordinal=96)
IN_TIME = landing(NOW - 3 * DAY, "LLOV", Grade.PROBABLE, ordinal=95)
CITED = "At least 1 landing of Silk Way Il-76s at Ovda, seen in 83% of the time."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """More landings than fit on a page; nothing in these tests changes them."""
    folder: Path = tmp_path_factory.mktemp("lists")
    config = folder / "collector.toml"
    config.write_text(f'data = "{folder}"\n')
    from collector.settings import load

    settings: Settings = load(config, environ={})
    with Store.open(settings.database) as store, store.transaction():
        fill(store)
        for number in range(MANY):
            at = NOW - 100 * DAY - number * HOUR
            landings.save(store, landing(at, "LLER", Grade.PROBABLE, ordinal=number + 1), None)
        for each in (LAST_YEAR, WITHDRAWN, REVIEWED):
            landings.save(store, each, Revision(each.id, each.first_known_at, "found", "", "1"))
        landings.save(store, LATE, Revision(LATE.id, NOW - DAY, "found", HOSTILE, "1"))
        soon = Revision(IN_TIME.id, NOW - DAY, "found", "its week has not ended", "1")
        landings.save(store, IN_TIME, soon)
        said = Review(at=NOW, by="An Editor", verdict="confirmed", note=HOSTILE, airfield=None)
        reviews.store_review(store, REVIEWED.id, said)
        _cite(store)
    site = Site(settings.database, settings)
    yield site
    site.stop()


def _cite(store: Store) -> None:
    known = CitedLanding(
        id=LATE.id,
        aircraft="4K-AZ101",
        where="Ovda",
        touchdown_at=LATE.detection.touchdown_at,
        grade="probable",
        review=None,
        counted=True,
        open_data=True,
    )
    cited = Citation(
        id="",
        watch=WATCH,
        place="LLOV",
        first=date(2026, 9, 1),
        last=date(2026, 9, 30),
        cited_at=NOW - 30 * DAY,
        text=f"{CITED}\nits line\n",
        sha256="ab" * 32,
        known=CitedCount((known, replace(known, id="600865-2026-09-01-1"))),
    )
    citations.store_citation(store, cited)
    gone = replace(cited, watch="gone", text="Of a watch that is gone.\n")
    citations.store_citation(store, gone)


def listed(site: Site, query: str) -> list[str]:
    """Return the ids on a page of landings, and check that the document holds the same."""
    page = site.get(f"/landings{query}")
    rows = page.text.split('<li class="landing')[1:]
    ids = [row.partition('href="/landings/')[2].partition('"')[0] for row in rows]
    if "page=" not in query:
        document = [row["id"] for row in site.get(f"/landings.json{query}").json()]
        assert document[: len(ids)] == ids
    return ids


def test_a_list_is_narrowed_by_place_grade_and_period(site: Site) -> None:
    everything = listed(site, "")
    assert len(everything) == 50
    assert listed(site, "?place=LLOV&period=2025") == [LAST_YEAR.id]
    assert listed(site, "?grade=withdrawn") == [WITHDRAWN.id]
    assert listed(site, "?grade=reviewed") == [REVIEWED.id]
    assert listed(site, "?grade=undetermined") == ["600866-2026-11-18-1"]
    assert "600866-2026-11-18-1" in listed(site, "?place=LLOV&period=2026-W47"), "or it may be"
    assert "600866-2026-11-18-1" in listed(site, "?place=LLER&period=2026-11-18")
    assert "600865-2026-11-19-1" not in listed(site, "?place=LLER&period=2026-W47")
    for query in (
        "?watch=x",
        "?place=XXXX",
        "?grade=x",
        "?period=soon",
        "?page=0",
        "?page=9",
        "?q",
    ):
        assert site.get(f"/landings{query}").status_code == 404, query


def test_pages_follow_each_other_without_a_gap(site: Site) -> None:
    first, then = listed(site, ""), listed(site, "?page=2")
    assert len(first) + len(then) == MANY + 5 + 5
    assert not set(first) & set(then)
    assert "/landings?page=2" in Outline(site.get("/landings").text).links
    assert "51 to 70 of 70" in Outline(site.get("/landings?page=2").text).text
    narrowed = site.get("/landings?place=LLER").text
    assert "/landings?place=LLER&page=2" in Outline(narrowed).links


def command(site: Site, *words: str) -> list[dict[str, object]]:
    """Return what a command prints for machines."""
    config = str(site.settings.path)
    done = CliRunner().invoke(main, ["--config", config, "--log", "error", *words, "--json"])
    assert done.exit_code == 0, done.output
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


def test_documents_have_the_rows_of_the_commands(site: Site) -> None:
    rows = site.get("/landings.json").json()
    kept_back = {"review_by": None, "review_note": None}
    assert rows[::-1] == [row | kept_back for row in command(site, "landings", "--all")]
    (row,) = site.get(f"/landings/{REVIEWED.id}.json").json()
    (told,) = command(site, "explain", REVIEWED.id)
    assert row.keys() == told.keys()
    assert {key: row[key] for key in ("id", "verdict", "evidence", "counts_for")} == {
        key: told[key] for key in ("id", "verdict", "evidence", "counts_for")
    }
    assert row["reviews"] == [
        each | {"by": None, "note": None}
        for each in cast("list[dict[str, object]]", told["reviews"])
    ]
    assert (row["raw_replies"], told["raw_replies"] != []) == ([], True)
    weeks = site.get("/weeks.json?year=2025").json()
    (week, *_) = command(site, "weeks", "--from", "2025-W42", "--to", "2025-W42")
    (same,) = [
        row for row in weeks if (row["week"], row["airfield"]) == ("2025-W42", week["airfield"])
    ]
    assert same == week
    assert site.get("/landings/none.json").status_code == 404


def test_corrections_are_those_that_came_after_a_digest(site: Site) -> None:
    page = site.get("/corrections")
    assert f"/landings/{LATE.id}" in Outline(page.text).links
    assert page.text.count("<li><p>") == 1, "the other landings were found within their week"
    assert "<script>alert" not in page.text


def test_a_cited_number_is_shown_with_what_it_is_now(site: Site) -> None:
    text = Outline(site.get("/cited").text).text
    assert CITED in text
    assert "Cited as 2 on 21 Oct 2026, now 1" in text
    assert "is not among them any more" in text
    assert "Nothing in it has changed since." not in text
    assert "its watch or place is not configured any more." in text


def test_each_airframe_has_its_year(site: Site) -> None:
    this, last = (site.get(f"/aircraft?year={year}").text for year in (2026, 2025))
    assert re_row(this, "600865")[-1] == "65–66", "all but the withdrawn one; one is possible"
    assert re_row(last, "600865") == ["1", "1"]
    assert "of which no landing is known in 2025" in last
    page = Outline(site.get("/aircraft/600865").text)
    assert "4K-AZ101 (IL76, 600865)" in page.text
    assert f"/landings/{LATE.id}" in page.links
    assert site.get("/aircraft/600865?page=2").status_code == 200
    assert site.get("/aircraft/abcdef").status_code == 404
    assert site.get("/aircraft?year=1999").status_code == 404


def re_row(page: str, icao24: str) -> list[str]:
    """Return the cells of an airframe's row that are not empty."""
    row = page.partition(f'href="/aircraft/{icao24}"')[2].partition("</tr>")[0]
    row = re.sub("<td [^>]+>", "<td>", row)
    cells = [re.sub("<[^>]+>", "", cell).strip() for cell in row.split("<td>")[1:]]
    return [cell for cell in cells if cell]


def test_the_calendar_says_how_much_of_each_week_was_seen(site: Site) -> None:
    text = Outline(site.get("/coverage?year=2026").text).text
    assert "November W45 0% W46 0% W47 18%" in text
    assert site.get("/coverage?year=2031").status_code == 404


def test_the_operator_reads_reviews_and_whom_is_followed(site: Site) -> None:
    page = site.get("/operator/reviews").text
    assert f"{REVIEWED.id} : confirmed by An Editor" in Outline(page).text
    assert "<script>alert" not in page
    followed = Outline(site.get("/operator/followed").text).text
    assert "None at present." in followed
    assert "LLOV" not in followed
