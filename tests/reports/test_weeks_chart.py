"""Does the chart of weeks say what was not seen, and can every picture be read on a phone?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import get_data_path
from PIL import ImageFont

from collector.coverage.sight import SeenCount, Sight, sight_of_weeks
from collector.reports.picture import PHONE_PX, Look, Picture, WeekBar, WeeksChart, order
from collector.reports.picture.canvas import darkened, draw_order
from collector.reports.picture.orders import ordered
from collector.reports.picture.style import ALERT, COUNT, DARK, INK, LAND, PAPER, SEA, SOFT
from tests.reports.mails_shown import tracks
from tests.reports.test_picture_data import UNSURE, drawn, flown
from tests.reports.test_picture_drawing import svg_lines
from tests.support.weeks_told import weeks_chart

SEEN, PART, BLIND = (Sight(share, share) for share in (0.95, 0.5, 0.1))
MONDAY = date(2026, 11, 16)


def chart(*told: SeenCount) -> WeeksChart:
    return WeeksChart(
        headline="Il-76s at Ovda",
        total=SeenCount(
            sum(each.least for each in told),
            sum(each.most for each in told),
            sight_of_weeks([each.sight for each in told]),
        ),
        bars=tuple(
            WeekBar(first=MONDAY - timedelta(weeks=back), told=each, alarm=False)
            for back, each in reversed(list(enumerate(reversed(told))))
        ),
    )


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (SeenCount(0, 0, SEEN), "0"),
        (SeenCount(1, 3, SEEN), "1–3"),
        (SeenCount(0, 0, PART), "0?"),
        (SeenCount(0, 0, BLIND), "–"),
        (SeenCount(2, 2, BLIND), "2+"),
        (SeenCount(0, 1, BLIND), "0–1+"),
    ],
)
def test_a_week_in_one_word(told: SeenCount, word: str) -> None:
    assert chart(told).series == word


def test_a_zero_that_nobody_saw_is_no_zero() -> None:
    words = chart(SeenCount(0, 0, BLIND), SeenCount(0, 0, PART), SeenCount(1, 2, SEEN)).sentence
    assert "the 3 weeks to week 47: 1–2 landings in all, most in week 47 (1–2)." in words
    assert "In 1 week we could not see. 1 week could be seen in part only." in words
    lines = svg_lines(draw_order(order(chart(SeenCount(0, 0, BLIND)), Look(suffix="svg"))))
    assert "could not see" in lines
    assert "landings" not in lines, "there is no bar to explain"


LIMITS = st.integers(0, 9)


@given(st.lists(st.tuples(LIMITS, LIMITS, st.floats(0, 1)), min_size=1, max_size=26))
def test_a_picture_is_ordered_as_it_is(weeks: list[tuple[int, int, float]]) -> None:
    whole = chart(*(SeenCount(low, low + more, Sight(s, s)) for low, more, s in weeks))
    look = Look(suffix="svg", width_px=400, dark=True)
    assert ordered(order(whole, look)) == (whole, look)
    assert len(whole.series.split()) == len(weeks)


LONG_NAME = "Aircraft of a name of forty-four letters"
PICTURES: dict[str, Callable[[], Picture | None]] = {
    "weeks": lambda: replace(weeks_chart(SeenCount(2, 3, SEEN)), headline=LONG_NAME),
    "tracks": tracks,
    "track": lambda: drawn(flown(12_000), UNSURE),
}


@pytest.mark.parametrize("name", PICTURES)
def test_every_label_can_be_read_on_a_phone(name: str) -> None:
    picture = PICTURES[name]()
    assert picture is not None
    svg = draw_order(order(picture, Look(suffix="svg", width_px=PHONE_PX)))
    wide = float(re.findall(rb'viewBox="0 0 ([\d.]+)', svg)[0])
    sizes = {float(size) for size in re.findall(rb"font(?:-size)?:[^;\"]*?([\d.]+)px", svg)}
    assert sizes
    assert min(sizes) * PHONE_PX / wide >= 10.99
    dark = darkened(svg)
    assert svg_lines(dark) == svg_lines(svg)
    assert PAPER.encode() not in dark


@pytest.mark.parametrize("width_px", [PHONE_PX, 560])
def test_a_title_of_wide_letters_stays_on_the_sheet(width_px: int) -> None:
    shown = tracks()
    assert shown is not None
    named = replace(shown, headline="Maximum Common Programme at Mammoth Downs, week 45 of 2025")
    svg = draw_order(order(named, Look(suffix="svg", width_px=width_px)))
    wide = float(re.findall(rb'viewBox="0 0 ([\d.]+)', svg)[0])
    bold = ImageFont.truetype(Path(get_data_path(), "fonts/ttf/DejaVuSans-Bold.ttf"), 13)
    title = [text for text in svg_lines(svg) if set(text.split()) & set(named.headline.split())]
    assert " ".join(title[:3]).startswith(named.headline)
    assert max(bold.getlength(line) for line in title) <= wide - 6, "the left edge is 6 px"


def contrast(one: str, other: str) -> float:
    """By WCAG 2.2, 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("paper", [PAPER, SEA, LAND])
@pytest.mark.parametrize("ink", [INK, SOFT, ALERT, COUNT])
def test_labels_stand_out_in_light_and_dark(ink: str, paper: str) -> None:
    assert contrast(ink, paper) >= 4.5
    assert contrast(DARK[ink.encode()].decode(), DARK[paper.encode()].decode()) >= 4.5
