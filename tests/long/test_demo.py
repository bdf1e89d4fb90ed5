"""Does the shipped season go as its script says, can it be published, and are its mails short?

CI replays a shorter one, which takes seconds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.cli import main
from tests.support.chromium import (
    IN_FULL,
    LOOKS,
    PHONE_PX,
    needs_chromium,
    opened_chromium,
    window,
)

COUNTED = (
    "1 landing",
    "no landing",
    "1 landing",
    "no landing",
    "3 landings",
    "could not see",
    "1 landing",
    "no landing",
    "1 landing",
)

PLANTED = {
    "contact": "contact-of-jane@example.org",
    "recipient": "desk-of-jane@example.org",
    "receiver": "receiver_of_jane",
    "its address": "198.51.100.7",
    "reviewer": "Jane Planted",
    "note": "seen from the balcony of her aunt",
}
"""What tells of the operator and of those who helped."""

PRIVATE = (
    "demo-desk",
    "DEMO editor",
    "the simulated photograph",
    "d0de77",
    "DEMO-V",
    "DEMO777",
)
"""The same of the season itself, and its visitor."""


@dataclass(frozen=True)
class Demo:
    """A demo that has been replayed."""

    folder: Path
    said: str

    def asked(self, *words: str) -> Result:
        """Run a command on it, which must succeed."""
        done = CliRunner().invoke(main, ["--config", str(self.folder / "collector.toml"), *words])
        assert done.exit_code == 0, done.output
        return done


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The shipped season, with its pictures."""
    folder = tmp_path_factory.mktemp("long") / "demo"
    done = CliRunner().invoke(main, ["demo", str(folder), "--no-page"])
    assert done.exit_code == 0, done.output
    return Demo(folder, done.output)


def test_each_week_is_counted_as_scripted(demo: Demo) -> None:
    season = demo.said.partition("It was counted")[0].split("\n  2025-W")[1:]
    said = [" ".join(week.split()).rpartition(": ")[2] for week in season]  # a long one is folded
    assert tuple(said) == COUNTED
    mails = {path.stem for path in (demo.folder / "mail").glob("*.html")}
    assert len([name for name in mails if name.startswith("digest-")]) == len(COUNTED)
    assert any(name.startswith("alerts-") for name in mails)
    before = {
        row["id"]: row["previous_stop"]
        for row in json.loads(demo.asked("landings", "--json").stdout)
    }
    assert before["d0de04-2025-11-05-2"]["airfield"] == "XDMC"
    (cited,) = json.loads(demo.asked("cite", "--json").stdout)
    assert (cited["cited"], cited["now"]) == ("4", "3")
    checked = demo.asked("check").stderr
    assert "rule surge: At the usual rate that the configuration states, " in checked


@needs_chromium
def test_on_a_phone_each_mail_has_said_what_counts_within_two_screens(demo: Demo) -> None:
    with opened_chromium() as browser, window(browser, "file://", "data:") as seen:
        for path in sorted((demo.folder / "mail").glob("*.html")):
            seen.page.goto(path.as_uri())
            if not path.name.startswith("cited-"):  # it is some lines long
                assert seen.pictures() > 0
                assert seen.more_px() < 2 * PHONE_PX, path.name
            seen.look(1000, "dark")
            seen.fits()
    assert not seen.faults


@needs_chromium
def test_the_published_demo_opens_from_the_disk_and_tells_of_nobody(demo: Demo) -> None:
    config = demo.folder / "collector.toml"
    known = config.read_text("utf-8")
    planted = known.replace("nobody@demo.invalid", PLANTED["contact"])
    planted = planted.replace("demo-desk@demo.invalid", PLANTED["recipient"])
    planted += f"""
[feeds.{PLANTED["receiver"]}]
kind = "readsb"
url = "http://{PLANTED["its address"]}/data/aircraft.json"
"""
    assert planted.count("of-jane@") == 2
    config.write_text(planted, encoding="utf-8")
    who = ("--confirm", "--by", PLANTED["reviewer"], "--note", PLANTED["note"])
    demo.asked("review", "d0de02-2025-09-26-1", *who)
    site = demo.folder.parent / "site"
    demo.asked("publish", str(site), "--yes")
    config.write_text(known, encoding="utf-8")

    files = [path for path in site.rglob("*") if path.is_file()]
    secrets = [*PLANTED.values(), *PRIVATE, "127.0.0.1", "demo.invalid", str(demo.folder)]
    for path in files:
        content = path.read_bytes()
        found = [each for each in secrets if each.encode() in content or each in path.name]
        assert not found, path
    pages = sorted(path for path in files if path.suffix == ".html")
    assert site / "landings" / "d0de02-2025-09-26-1.html" in pages
    with opened_chromium() as browser, window(browser, site.as_uri()) as seen:
        for path in pages:
            seen.page.goto(path.as_uri())
            for width, scheme in LOOKS:
                seen.look(width, scheme)
                seen.judge(*() if (width, scheme) in IN_FULL else ("color-contrast",))
                pictures = seen.pictures("img")
                assert pictures > 0 or path.parent.name != "landings", path
            assert not seen.faults, (path, seen.faults)
    with opened_chromium() as browser, window(browser, site.as_uri(), scripts=False) as seen:
        for path in pages:
            seen.page.goto(path.as_uri())
            assert seen.walk() >= 8, path
            assert not seen.faults, (path, seen.faults)
