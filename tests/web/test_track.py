"""Is the track on the landing's page, drawn on request, harmless, and not missed if it fails?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collector.model import Evidence, Grade
from collector.settings import Settings, load
from collector.store import Store, landings, observations
from tests.reports.test_picture_data import LANDING, TOUCHDOWN, flown
from tests.web.browser import Outline, Site
from tests.web.fleet_week import HOSTILE, landing

HEARD = replace(
    landing(TOUCHDOWN, "LLOV", Grade.PROBABLE),
    detection=replace(
        LANDING.detection,
        callsign=HOSTILE,
        evidence=(
            *LANDING.detection.evidence,
            Evidence(TOUCHDOWN, "weights", "What weighed most: its course ×4.1.", "neutral"),
        ),
    ),
)
UNHEARD = landing(TOUCHDOWN, "LLOV", Grade.PROBABLE, icao24="600866")


def _width_pt(svg: str) -> float:
    found = re.search(r'<svg [^>]*?width="([0-9.]+)pt"', svg)
    assert found
    return float(found[1])


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Two landings; the reports of one are stored."""
    monkeypatch.chdir(tmp_path)
    settings: Settings = load(None, environ={})
    path = tmp_path / "collector.sqlite"
    with Store.open(path) as store, store.transaction():
        observations.store_reports(store, [(one, HEARD.watches) for one in flown(floor_ft=4000)])
        for each in (HEARD, UNHEARD):
            landings.save(store, each, None)
    site = Site(path, settings)
    site.clock.move_to(TOUCHDOWN.replace(hour=20))
    yield site
    site.stop()


def test_the_weights_of_the_evidence_are_folded_away(site: Site) -> None:
    folded = re.findall(r"<details>.*?</details>", site.get(f"/landings/{HEARD.id}").text)
    assert len(folded) == 1, folded
    assert "its course ×4.1" in folded[0]


def test_the_picture_is_on_the_page_and_its_gaps_in_the_words(site: Site) -> None:
    page = Outline(site.get(f"/landings/{HEARD.id}").text)
    track = f"/landings/{HEARD.id}/track.svg"
    assert track in page.links
    assert "No report at all for 3 h 8 min" in page.text
    answer = site.get(track)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "LLER Ramon International" in answer.text
    assert site.get(track).content == answer.content
    phone = site.get(f"{track}?width=phone")
    assert _width_pt(phone.text) < _width_pt(answer.text)
    assert f'srcset="{track}?width=phone"' in site.get(f"/landings/{HEARD.id}").text
    for other in ("width=343", "width=phone&x=1", "dark"):
        assert site.get(f"{track}?{other}").status_code == 404, other


def test_the_picture_can_do_nothing_in_a_browser(site: Site) -> None:
    answer = site.get(f"/landings/{HEARD.id}/track.svg")
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in answer.text
    assert not {"\x1b", "\u202e"} & set(answer.text)
    assert "&lt;script&gt;" in answer.text


def test_what_was_not_heard_is_not_drawn_on_the_page(site: Site) -> None:
    assert "track.svg" not in site.get(f"/landings/{UNHEARD.id}").text
    assert site.get("/landings/none/track.svg").status_code == 404


def test_a_picture_that_cannot_be_drawn_is_missing_and_the_page_is_not(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    assert site.get(f"/landings/{HEARD.id}").status_code == 200
    assert site.get(f"/landings/{HEARD.id}/track.svg").status_code == 503
