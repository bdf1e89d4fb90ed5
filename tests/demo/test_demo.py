"""Does a simulated season go through everything, and does everything say that it is simulated?

The season here has two weeks instead of nine, with the flights of the shipped one: a burst, an
undetermined landing and a visitor, then a blind week in which a person rejects a landing.
`tests/long/test_demo.py` replays the shipped one.
"""

from __future__ import annotations

import email
import email.policy
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from click.testing import CliRunner
from PIL import Image

from collector.cli import main
from collector.demo import (
    SEASON,
    DemoResult,
    Season,
    SeasonClock,
    begin_folder,
    simulate,
    steps_of,
    write_as_pages,
)
from collector.demo.mails import page_of
from collector.demo.season import polls
from collector.drawing import Drawer
from collector.model.reply import Reply
from collector.settings import Settings
from collector.web.server import page_meanwhile
from tests.support.chromium import PHONE_PX, needs_chromium, opened_chromium, window
from tests.web.browser import Outline, Site

EARLIER = {2: 4, 4: 4, 5: 4, 6: 6, 7: 7, 11: 8}
"""By how many weeks each of the shipped visits comes earlier in the short season."""


CHART_PX = (1029, 885)
"""As tall as a mail's chart is, with the longest words below it."""


def _blank() -> bytes:
    file = io.BytesIO()
    Image.new("L", CHART_PX, 255).save(file, "PNG")
    return file.getvalue()


BLANK = _blank()
"""A picture that takes as much room as a drawn one, and no time to draw."""


def short_season() -> Season:
    visits = []
    for number, weeks in EARLIER.items():
        visit = SEASON.visits[number]
        moved = timedelta(weeks=weeks) - timedelta(days=4 if number == 7 else 2 * (number == 6))
        visits.append(replace(visit, touchdown_at=visit.touchdown_at - moved))
    cited, reviewed, month = SEASON.cited, SEASON.reviewed, timedelta(weeks=4)
    return replace(
        SEASON,
        told=("a burst, one undetermined, a visitor", "blind, and a correction"),
        blind=frozenset({1}),
        visits=tuple(visits),
        cited=replace(
            cited, at=cited.at - month, first=cited.first - month, last=cited.last - month
        ),
        reviewed=replace(
            reviewed, at=reviewed.at - month, touchdown_at=reviewed.touchdown_at - month
        ),
    )


@pytest.fixture(scope="module")
def steps() -> list[str]:
    """What the demo said of its steps; filled by `done`."""
    return []


@pytest.fixture(scope="module")
def early() -> list[str]:
    """The first page, as it is when the first week is over; filled by `done`."""
    return []


@pytest.fixture(scope="module")
def moments() -> list[tuple[str, datetime]]:
    """Each step once there is a page, with the time that the page shows then; filled by `done`."""
    return []


@pytest.fixture(scope="module")
def done(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[str],
    early: list[str],
    moments: list[tuple[str, datetime]],
) -> DemoResult:
    folder = begin_folder(tmp_path_factory.mktemp("demo") / "new")
    clocks: list[SeasonClock] = []

    def tell(step: str) -> None:
        steps.append(step)
        moments.extend((step, clock.now()) for clock in clocks)

    def look(settings: Settings, clock: SeasonClock) -> None:
        clocks.append(clock)
        with page_meanwhile(settings, "127.0.0.1", 0, clock) as address:
            early.append(httpx.get(address, trust_env=False).raise_for_status().text)

    with mock.patch.object(Drawer, "drawn", lambda _, orders: [BLANK] * len(orders)):
        result = simulate(folder, short_season(), tell, look)
    write_as_pages(result.mails)
    return result


def rows(done: DemoResult, *words: str) -> list[dict[str, Any]]:
    config = str(done.settings.path)
    ran = CliRunner().invoke(main, ["--config", config, *words, "--json"])
    assert ran.exit_code == 0, ran.output
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def test_the_weeks_are_counted_as_scripted(done: DemoResult) -> None:
    weeks = rows(done, "weeks", "--from", "2025-W37", "--to", "2025-W38")
    told = {
        (row["airfield"], row["week"]): (row["count"], row["at_most"], row["alert"])
        for row in weeks
    }
    assert told["XDMA", "2025-W37"] == (2, 3, "resolved")
    assert told["XDMB", "2025-W37"] == (0, 1, "ok")
    assert told["XDMA or XDMB", "2025-W37"] == (3, 3, "ok")
    assert told["XDMA or XDMB", "2025-W38"] == (None, None, "not-seen")
    assert [counted for _, _, counted in done.weeks] == ["3 landings", "could not see"]


@pytest.mark.usefixtures("done")
def test_the_bar_moves_with_each_week_recorded_and_each_day_replayed(steps: list[str]) -> None:
    assert len(steps) == steps_of(short_season())
    assert steps[0] == "recording week 1 of 2"
    days = [step for step in steps if step.startswith("replaying ")]
    assert (days[0], days[-1]) == ("replaying 08 Sep 2025", "replaying 22 Sep 2025")
    assert len(days) == len(set(days)) == 15


@pytest.mark.usefixtures("done")
def test_the_page_never_tells_of_landings_in_its_future(
    moments: list[tuple[str, datetime]],
) -> None:
    mailed = [each for each in moments if each[0].startswith("writing mails")]
    assert [step for step, _ in mailed] == [f"writing mails, {at:%d %b %Y}" for _, at in mailed]
    assert len(mailed) == 3


@pytest.mark.usefixtures("done")
def test_the_page_is_there_when_the_first_week_is_over(early: list[str]) -> None:
    (page,) = early
    shown = Outline(page).text
    assert "Simulated by collector demo : nothing" in shown
    assert "load the page again for the next week" in shown
    assert "15 Sep" in shown


def test_one_landing_is_undetermined_one_rejected_and_one_a_visitors(done: DemoResult) -> None:
    found = rows(done, "landings", "--all")
    assert len(found) == 5
    (unlisted,) = [row for row in found if row["icao24"] == "d0de51"]
    assert unlisted["airfield"] == "XDMC"
    (between,) = [row for row in found if row["airfield"] is None]
    assert set(between["candidates"]) == {"XDMA", "XDMB"}
    assert [row["id"] for row in found if row["review"] == "rejected"] == ["d0de03-2025-09-10-1"]
    assert {row["grade"] for row in found} == {"confirmed", "probable"}
    (visitor,) = rows(done, "visitors")
    assert (visitor["icao24"], visitor["airfield"]) == ("d0de77", "XDMA")


def test_a_number_is_cited_and_a_mail_says_that_it_changed(done: DemoResult) -> None:
    (cited,) = rows(done, "cite")
    assert (cited["cited"], cited["now"]) == ("3–4", "2–3")
    (mail,) = done.mails.glob("cited-*.html")
    assert "Cited as 3–4 on 15 Sep 2025, now 2–3" in mail.read_text("utf-8")


def test_each_mail_says_that_it_is_simulated_and_has_a_page(done: DemoResult) -> None:
    mails = sorted(done.mails.glob("*.eml"))
    assert len([path for path in mails if path.name.startswith("digest-")]) == 2
    assert len([path for path in mails if path.name.startswith("alerts-")]) >= 2
    for path in mails:
        with path.open("rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        assert "DEMO " in mail["subject"]
        assert "simulated" in mail["subject"]
        text = mail.get_body(("plain",))
        assert text is not None
        page = path.with_suffix(".html").read_text("utf-8")
        for said in (text.get_content(), page):
            assert "(simulated)" in said
            assert "SIMULATED by the command “collector demo”" in said
        assert "cid:" not in page
    blind = next(path for path in mails if "W38" in path.name).with_suffix(".html").read_text()
    assert "could not see" in blind
    assert "DEMO editor (simulated)" in blind


def test_the_mails_link_to_the_demos_own_page(done: DemoResult) -> None:
    web = done.settings.web
    assert web.public_url == f"http://127.0.0.1:{web.port}"
    (burst,) = done.mails.glob("digest-2025-W37-*.html")
    for page in ("/landings?period=2025-W37", "/landings/d0de01-2025-09-08-1"):
        assert f'href="{web.public_url}{page}"' in burst.read_text("utf-8")


@needs_chromium
def test_on_a_phone_each_mail_has_said_what_counts_within_two_screens(done: DemoResult) -> None:
    mails = sorted(done.mails.glob("*.html"))
    with opened_chromium() as browser, window(browser, "file://", "data:") as seen:
        for path in mails:
            seen.page.goto(path.as_uri())
            if not path.name.startswith("cited-"):  # it is some lines long
                assert seen.pictures() > 0
                assert seen.more_px() < 2 * PHONE_PX, path.name
    assert not seen.faults


def test_every_page_says_that_it_is_simulated(done: DemoResult) -> None:
    site = Site(done.settings.database, done.settings)
    try:
        site.clock.move_to(short_season().monday(1))
        followed = Outline(site.get("/operator/followed").text).text
        assert "d0de51 DEMO-51, IL76, callsign DEMO151" in followed
        site.clock.move_to(short_season().shown_at)
        for path in ("/", "/weeks", "/landings", "/alerts", "/landings/d0de01-2025-09-08-1"):
            answer = site.get(path)
            assert answer.status_code == 200
            assert "Simulated by collector demo : nothing" in Outline(answer.text).text, path
        assert "DEMO Air (simulated)" in site.get("/aircraft").text
        assert "Cited as 3–4" in Outline(site.get("/cited").text).text
        assert "replayed, not asked" in site.get("/operator/feeds").text
        assert "/landings/d0de01-2025-09-08-1" in site.get("/landings.atom").text
    finally:
        site.stop()


def test_the_season_is_the_same_at_every_run_and_holds_no_real_address() -> None:
    first = list(islice(polls(short_season()), 120))
    assert first == list(islice(polls(short_season()), 120))
    for reply in first:
        assert isinstance(reply, Reply)
        for row in json.loads(reply.body)["ac"]:
            assert row["hex"].startswith("d"), row
            assert row["flight"].startswith("DEMO"), row


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = CliRunner().invoke(main, ["demo", str(tmp_path), "--no-page"])
    assert ran.exit_code == 1
    assert "was not changed" in ran.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_another_demo_replaces_an_earlier_one_and_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    begin_folder(folder)
    (folder / "mail").mkdir()
    (folder / "mail" / "old.eml").write_text("old")
    (folder / "notes.txt").write_text("mine")
    begin_folder(folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "collector.toml",
        "fleets",
        "notes.txt",
    ]


def test_a_mails_pictures_are_put_into_its_page() -> None:
    mail = email.message.EmailMessage()
    mail.set_content("text")
    mail.add_alternative('<img src="cid:a@b" alt="">', subtype="html")
    html = mail.get_body(("html",))
    assert html is not None
    html.add_related(b"PNG", "image", "png", cid="<a@b>")
    assert page_of(mail).strip() == '<img src="data:image/png;base64,UE5H" alt="">'
