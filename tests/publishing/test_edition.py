"""Under which names do feeds leave, what of them, and is anything of the operator let through?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from collector.errors import CollectorError
from collector.publishing.edition import Edition
from collector.publishing.guard import refuse_secrets
from collector.publishing.pictures import Ordered
from collector.settings import Settings, load
from collector.settings.derived import terms_of_feeds
from collector.store import Store
from collector.weeks import week_bounds
from tests.publishing.conftest import NOW
from tests.support.station import Station

FEEDS = """
[feeds.roof_of_jane_doe]
kind = "readsb"
url = "/run/nowhere/aircraft.json"

[feeds.simulated]
kind = "readsb"
url = "/run/nowhere/simulated.json"

[feeds.janes_key]
kind = "adsblol"

[feeds.sky]
kind = "opensky"
consent = "written agreement of 2026"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(Station(tmp_path, extra=FEEDS).config, environ={})


def test_feeds_leave_under_names_that_are_not_the_operators_own(
    settings: Settings, tmp_path: Path
) -> None:
    with Store.open(tmp_path / "empty.sqlite") as store:
        edition = Edition(store, settings, NOW, store)
        raw, derived = edition.raw, edition.derived
        public = edition.public
    assert raw["roof_of_jane_doe"].startswith("own-receiver")
    assert (raw["simulated"], raw["globe-history"]) == ("simulated", "globe-history")
    assert raw["janes_key"] == "adsblol-2"
    assert {"opensky", "opensky-trino", "sky"} == {feed for feed in derived if feed not in raw}
    assert not {"airplaneslive", "adsbfi", "adsbexchange", "flightradar24"} & derived.keys()
    terms = terms_of_feeds(public)
    for feed, name in derived.items():
        assert terms[name] == edition.terms[feed], "whose data it is stays the same"


def test_a_week_leaves_when_it_has_ended_in_every_zone(settings: Settings, tmp_path: Path) -> None:
    watch = replace(settings.watches[0], callsigns=("AZQ*",))
    west = replace(watch, name="west", zone="Pacific/Honolulu")
    _, end = week_bounds("2026-W47", watch.zone)
    left = settings.disclosure.week_leaves_at(end)
    with Store.open(tmp_path / "empty.sqlite") as store:
        alone = Edition(store, replace(settings, watches=(watch,)), left, store)
        both = Edition(store, replace(settings, watches=(watch, west)), left, store)
        assert (alone.last_week, both.last_week) == ("2026-W47", "2026-W46")


def test_names_that_look_alike_have_pictures_of_their_own(settings: Settings) -> None:
    (watch,) = settings.watches
    place, ordered = watch.places[0], Ordered()
    names = ("Il 76", "il-76", "IL.76")
    addresses = [ordered.address("charts", replace(watch, name=n), place) for n in names]
    assert len(set(addresses)) == 3
    assert ordered.address("charts", replace(watch, name="il-76"), place) == addresses[1]


def test_a_credential_is_found_as_a_page_writes_it(settings: Settings) -> None:
    contact = replace(settings, contact="me&you@example.org")
    with pytest.raises(CollectorError, match="would hold your contact"):
        refuse_secrets({"index.html": b"<p>me&amp;you@example.org</p>"}, contact)


@pytest.mark.parametrize("secret", ["ops@example.org", "/run/nowhere/aircraft.json", "{data}"])
def test_a_file_that_tells_of_the_operator_is_not_written(settings: Settings, secret: str) -> None:
    text = secret.format(data=settings.data).encode()
    refuse_secrets({"index.html": b"Silk Way Il-76s at Ovda"}, settings)
    with pytest.raises(CollectorError, match=r"index\.html would hold"):
        refuse_secrets({"index.html": b"<p>" + text + b"</p>"}, settings)
