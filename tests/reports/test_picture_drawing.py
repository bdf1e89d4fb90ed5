"""Is the sheet complete, the same each time, and harmless whatever an aircraft sends?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from collector.reports.picture import TrackPicture, picture_of
from collector.reports.picture.canvas import draw
from tests.reports.test_hostile import ATTACK, FIELDS, HOSTILE, TERMS
from tests.reports.test_picture_data import LANDING, MINUTE, UNSURE, drawn, flown
from tests.support.landings import PROBABLE

SVG = "{http://www.w3.org/2000/svg}"


def svg_lines(svg: bytes) -> list[str]:
    """Return every line of text on the sheet."""
    root = ET.fromstring(svg)
    found = []
    for text in root.iter(f"{SVG}text"):
        lines = ["".join(line.itertext()) for line in text.iter(f"{SVG}tspan")]
        found += lines or ["".join(text.itertext())]
    return found


def sheet_text(picture: TrackPicture) -> str:
    return " ".join(" ".join(svg_lines(draw(picture, "svg"))).split())


def test_a_landing_that_was_lost_says_where_and_for_how_long() -> None:
    text = sheet_text(drawn(flown(floor_ft=4000)))
    for part in (
        "4K-AZ101 (IL76, 600865), callsign AZQ4521: Ovda (LLOV), runway 20L",
        "Touchdown Sun 22 Nov 2026, 12:00 IST (10:00 UTC) ±3 min, graded probable, 93% likely",
        "LLER Ramon International",
        "last report 11:56 IST",
        "next report after 3 h 8 min",
        "silent for 3 h 8 min",
        "not to scale",
        "touchdown ±3 min",
        "departure",
        "3° path to LLOV",
        "LLOV 1,492 ft",
        "gap: path unknown",
        "reports of the arrival",
        "reports of the departure",
        "10 NM",
        "UTC",
        "not its cargo or purpose",
    ):
        assert part in text, part
    assert "reports on the ground" not in text
    assert "NM across" not in text, "nothing was heard at the airfield that could be enlarged"


def test_a_landing_that_was_heard_shows_the_ground() -> None:
    lines = svg_lines(draw(drawn(flown(every_s=20)), "svg"))
    text = " ".join(" ".join(lines).split())
    assert "reports on the ground" in text
    assert "last report" not in text
    assert "LLOV Ovda: 3.2 NM across" in text
    assert {"20L", "20R", "02L", "02R"} <= set(lines)


def test_an_undetermined_landing_is_called_so() -> None:
    text = sheet_text(drawn(flown(12_000), UNSURE))
    assert "Ovda or Ramon International, undetermined" in text
    assert "never counted for one airfield alone" in text
    assert "Where it may have landed" in text


def test_a_withdrawn_landing_cannot_be_mistaken() -> None:
    assert "Withdrawn: this landing no longer counts." in sheet_text(
        drawn(flown(), replace(LANDING, retracted=True))
    )


def test_doubted_positions_and_heights_alone_are_in_the_legend() -> None:
    base = flown(floor_ft=4000)
    frozen = [replace(one, feed="x", heard_at=one.heard_at + 5 * MINUTE) for one in base[3:6]]
    text = sheet_text(drawn([*base, *frozen]))
    assert "position not believed" in text
    assert "height only" in text


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_the_same_landing_gives_the_same_bytes(suffix: str) -> None:
    first = draw(drawn(flown(floor_ft=4000)), suffix)
    assert draw(drawn(flown(floor_ft=4000)), suffix) == first
    assert first.startswith(b"\x89PNG" if suffix == "png" else b"<?xml")
    assert not re.search(rb"dc:date|tIME", first)


def attacked(callsign: str) -> TrackPicture:
    heard = [replace(one, callsign=callsign, feed=callsign) for one in flown(floor_ft=4000)]
    landing = replace(
        LANDING,
        registration=callsign,
        detection=replace(LANDING.detection, callsign=callsign),
    )
    return drawn(heard, landing)


@pytest.mark.parametrize(
    "callsign",
    [r"$\frac{1}{0}$ $x$ $", "<script>alert(1)</script>&amp;", "\x1b[2J\x00\u202e\ud800"],
)
def test_text_from_the_air_stays_text(callsign: str) -> None:
    assert draw(attacked(callsign), "png").startswith(b"\x89PNG")
    svg = draw(attacked(callsign), "svg")
    text = " ".join(svg_lines(svg))
    assert not {"\x1b", "\x00", "\u202e"} & set(svg.decode())
    assert b"<script" not in svg
    if "$" in callsign:
        assert callsign in text, "as it was sent, not as a formula"
    if "<" in callsign:
        assert callsign in text


def test_letters_that_no_font_has_are_replaced_and_break_nothing() -> None:
    text = sheet_text(attacked("漢字 Бакы"))
    assert "\ufffd\ufffd Бакы" in text


def test_whatever_is_hostile_at_once_draws() -> None:
    heard = [replace(one, callsign=ATTACK, feed=ATTACK) for one in flown()]
    picture = picture_of(
        HOSTILE, heard, FIELDS, zone="UTC", terms={ATTACK: TERMS}, now=PROBABLE.revised_at
    )
    svg = draw(picture, "svg")
    assert b"<script" not in svg
    assert not {"\x1b", "\u202e", "\u200b"} & set(svg.decode())
