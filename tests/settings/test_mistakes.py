"""Is each mistake reported with its place, in words that say what to do?"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.errors import Mistake
from collector.settings import check
from tests.settings.conftest import Write

_WATCH = """
[[watch]]
name = "w"
places = ["LLOV"]
icao24 = ["600865"]
"""
_AIRFIELD = "[[airfield]]\nicao='88NV'\nlat_deg=40\nlon_deg=-119\nelevation_ft=1\n"


def _only(path: Path) -> Mistake:
    mistakes = check(path, {})
    assert len(mistakes) == 1, mistakes
    return mistakes[0]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[archives]\nhistory_url = 'map'", "archives.history_url", "write https://"),
        (
            "[archives]\nhistory_url = 'https://globe.airplanes.live/'",
            "archives.history_url",
            "your own",
        ),
        ("[archives]\nreleases_url = 'https://a.b/2026.txt'", "archives.releases_url", "{year}"),
        ("[archives]\nreleases_url = 'http://[::1/{year}'", "archives.releases_url", "no"),
        ("[archives]\ndisk_budget_gb = 0", "archives.disk_budget_gb", "greater"),
        ("contac = 'x'", "contac", "did you mean contact?"),
        ("[mail]\nhots = 'x'", "mail.hots", "did you mean host?"),
        ("[mail]\ncontact = 'x'", "mail.contact", "must stand above all [tables]"),
        ("[wibble]\nx = 1", "wibble", "choose from: contact"),
        ("[web]\nport = '80'", "web.port", "must be a whole number, not text in quotes"),
        ("[web]\nport = true", "web.port", "must be a whole number, not true or false"),
        ("[web]\nport = 70000", "web.port", "70000 must be less than or equal to 65535"),
        ("[web]\nenabled = 1", "web.enabled", "must be true or false, not a whole number"),
        ("mail = 'x'", "mail", "must be a table, not text in quotes"),
        ("contact = ''", "contact", "must not be empty"),
        (
            f'{_WATCH}title = "Il-76s"\n{_WATCH}title = "il-76S"'.replace('"w"', '"v"', 1),
            "watch[w].title",
            "is the title of the watch v too; titles must be unique",
        ),
        (f'{_WATCH}title = "{61 * "x"}"', "watch[w].title", "60"),
        ('contact = "a\\nBcc: b"', "contact", "must be one line"),
        ("[mail]\nsecurity = 'ssl'", "mail.security", '"ssl" is not possible here'),
        ("[mail]\nsender = 'A <a@b.c>'", "mail.sender", "is no mail address"),
        ("operators = ['desk']", "operators", 'no [[recipient]] named "desk"'),
        (
            "[[recipient]]\nname='a:b'\naddress='a@b.c'",
            "recipient[a:b].name",
            "must be 1 to 40 letters",
        ),
        (
            "[[recipient]]\nname='a'\naddress='a@b.c'\n[[recipient]]\nname='a'\naddress='c@b.c'",
            "recipient[a]",
            "more than once",
        ),
        (
            "[[recipient]]\nname='a'",
            "recipient[a].address",
            "is missing: mail address of the recipient",
        ),
        ("[feeds.adsbfi]", "feeds.adsbfi.consent", "permission"),
        ("[feeds.wibble]\nurl='http://x/'", "feeds.wibble.kind", "choose one of"),
        ("[feeds.Roof]\nkind='readsb'", "feeds.Roof", "is no name for a feed"),
        ("[feeds.adsblol]\nenabled=false", "feeds", "every feed is switched off"),
        (
            "[feeds.adsbexchange]\nconsent='c'",
            "feeds.adsbexchange.api_key",
            "COLLECTOR_FEEDS__ADSBEXCHANGE__API_KEY",
        ),
        ("[feeds.roof]\nkind='readsb'", "feeds.roof.url", "a feed of kind readsb needs it"),
        ("[mail]\nport = 25", "mail.host", "is missing"),
        (
            "[mail]\nhost='h'\nusername='u'\nsender='a@b.c'",
            "mail.password",
            "COLLECTOR_MAIL__PASSWORD",
        ),
        ("[mail]\nclient_name = 'box'", "mail.client_name", "a name with a dot"),
        ("[mail]\nclient_name = '192.0.2.7'", "mail.client_name", "in brackets"),
        ("[mail]\nclient_name = '[192.0.2]'", "mail.client_name", "in brackets"),
        ("[mail]\nclient_name = 'a.b c'", "mail.client_name", "is no full name"),
        ("[mail]\nhost='h'", "mail.sender", "an address that it may send from"),
        ("[visitors]\ntypes = ['Ilyushin']", "visitors.types", "is no ICAO type designator"),
        ("[visitors]\ncategories = ['heavy']", "visitors.categories", "a digit 0 to 7, like A5"),
        ("[visitors]\nwithin_nm = 5", "visitors.within_nm", "greater than"),
        ("[visitors]\ntypes = []\ncategories = []", "visitors", "or set `enabled = false`"),
        ("[rivals]\nadd = ['L']", "rivals.add", '"L" is no airfield code'),
        ("[rivals]\nadd = ['LLOW']", "rivals.add", "did you mean LLOV?"),
        (
            "[[airfield]]\nicao='88NV'\nlon_deg=-119\nelevation_ft=1",
            "airfield[88NV].lat_deg",
            "is missing",
        ),
        (
            f"{_AIRFIELD}valid_from=2026-01-02\nvalid_to=2026-01-01",
            "airfield[88NV]",
            "`valid_to` must be later",
        ),
        (
            f"{_AIRFIELD}valid_from='2026-01-02'",
            "airfield[88NV].valid_from",
            "a date like 2019-01-21, without quotes",
        ),
    ],
)
def test_one_mistake(write: Write, text: str, where: str, what: str) -> None:
    path = write(text)
    mistake = _only(path)
    assert mistake.where == f"{path}: {where}"
    assert what in mistake.what


@pytest.mark.parametrize(
    ("line", "where", "what"),
    [
        ("icao24 = ['60086g']", "icao24", '"60086g" is no ICAO 24-bit address'),
        ("icao24 = ['600bff-600800']", "icao24", "the lower address must come first"),
        ("zone = 'Asia/Jerusalm'", "zone", "is no time zone of the IANA database"),
        ("zone = '../etc/passwd'", "zone", "is no time zone"),
        (
            "places = ['LLOX']",
            "places",
            "LLOX is no airfield that the collector knows; did you mean",
        ),
        ("places = ['LLOV or LLOV']", "places", "names an airfield twice"),
        ("places = []", "places", "must not be empty"),
        ("places = 'LLOV'", "places", "must be a list in [ ], not text in quotes"),
        ("home = ['QQQQ']", "home", "if the code is right, describe it as an [[airfield]]"),
        ("fleets = ['silkwy']", "fleets", "did you mean silkway?"),
        ("fleets = ['../silkway']", "fleets", "must be 1 to 40 letters"),
        ("count_from = 'sure'", "count_from", "'confirmed', 'probable' or 'possible'"),
        ("count_types = ['Ilyushin']", "count_types", "is no ICAO type designator"),
        (f"title = '{'x' * 61}'", "title", "has more than 60 characters"),
        ("callsigns = ['*']", "callsigns", "must be 2 to 12 letters"),
        ("recipients = ['operatr']", "recipients", "did you mean operator?"),
        ("[[watch.rule]]\nname = 'r'", "rule[r].at", "is missing: one of the watch's `places`"),
        (
            "[[watch.rule]]\nname = 'r'\nat = 'LLER'",
            "rule[r].at",
            "not one of the watch's places; did you mean LLOV",
        ),
        ("[[watch.rule]]\nname = 'r'\nat = 'LLOV'\ncount = 0", "rule[r].count", "greater than"),
        (
            "[[watch.rule]]\nname = 'r'\nat = 'LLOV'\n[[watch.rule]]\nname = 'R'\nat = 'LLOV'",
            "rule[r]",
            "more than once",
        ),
        ("[[watch.rule]]\nat = 'LLOV'", "rule[1].name", "is missing: name of the rule in mails"),
    ],
)
def test_one_mistake_in_a_watch(write: Write, line: str, where: str, what: str) -> None:
    key = line.partition(" = ")[0]
    kept = [each for each in _WATCH.splitlines() if not each.startswith(f"{key} =")]
    mistake = _only(path := write("\n".join([*kept, line])))
    assert mistake.where == f"{path}: watch[w].{where}"
    assert what in mistake.what


def test_two_watches_of_one_name_and_a_watch_of_no_aircraft(write: Write) -> None:
    path = write(_WATCH + _WATCH + "[[watch]]\nname = 'x'\nplaces = ['LLOV']")
    first, second = check(path, {})
    assert (first.where, "more than once" in first.what) == (f"{path}: watch[w]", True)
    assert (second.where, "names no aircraft" in second.what) == (f"{path}: watch[x]", True)
