"""Is every mistake reported, at once, with its place, in words that say what to do?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import ConfigError, Mistake
from collector.settings import check, load
from tests.settings.conftest import Credentials, Write

_WATCH = """
[[watch]]
name = "w"
places = ["LLOV"]
icao24 = ["600865"]
"""
_AIRFIELD = "[[airfield]]\nicao='88NV'\nlat_deg=40\nlon_deg=-119\nelevation_ft=1\n"


def _all(path: Path) -> list[str]:
    return [str(each) for each in check(path, {})]


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
        ("[wibble]\nx = 1", "wibble", "known here are contact"),
        ("[web]\nport = '80'", "web.port", "must be a whole number, not text in quotes"),
        ("[web]\nport = true", "web.port", "must be a whole number, not true or false"),
        ("[web]\nport = 70000", "web.port", "70000 must be less than or equal to 65535"),
        ("[web]\nenabled = 1", "web.enabled", "must be true or false, not a whole number"),
        ("mail = 'x'", "mail", "must be a table, not text in quotes"),
        ("contact = ''", "contact", "must not be empty"),
        ('contact = "a\\nBcc: b"', "contact", "must be one line"),
        ("[mail]\nsecurity = 'ssl'", "mail.security", '"ssl" is not known here'),
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
        ("[[recipient]]\nname='a'", "recipient[a].address", "is missing: the mail address"),
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
        ("icao24 = ['600bff-600800']", "icao24", "the lower address comes first"),
        ("zone = 'Asia/Jerusalm'", "zone", "is no time zone of the IANA database"),
        ("zone = '../etc/passwd'", "zone", "is no time zone"),
        ("places = ['LLOX']", "places", "LLOX is no airfield that is known here; did you mean"),
        ("places = ['LLOV or LLOV']", "places", "names an airfield twice"),
        ("places = []", "places", "must not be empty"),
        ("places = 'LLOV'", "places", "must be a list in [ ], not text in quotes"),
        ("home = ['QQQQ']", "home", "if it is right, describe it as an [[airfield]]"),
        ("fleets = ['silkwy']", "fleets", "did you mean silkway?"),
        ("fleets = ['../silkway']", "fleets", "must be 1 to 40 letters"),
        ("count_from = 'sure'", "count_from", "'confirmed', 'probable' or 'possible'"),
        ("count_types = ['Ilyushin']", "count_types", "is no ICAO type designator"),
        ("callsigns = ['*']", "callsigns", "must be 2 to 12 letters"),
        ("recipients = ['operatr']", "recipients", "did you mean operator?"),
        ("[[watch.rule]]\nname = 'r'", "rule[r].at", "is missing: one of the watch's `places`"),
        (
            "[[watch.rule]]\nname = 'r'\nat = 'LLER'",
            "rule[r].at",
            "none of the watch's places; did you mean LLOV",
        ),
        ("[[watch.rule]]\nname = 'r'\nat = 'LLOV'\ncount = 0", "rule[r].count", "greater than"),
        (
            "[[watch.rule]]\nname = 'r'\nat = 'LLOV'\n[[watch.rule]]\nname = 'R'\nat = 'LLOV'",
            "rule[r]",
            "more than once",
        ),
        ("[[watch.rule]]\nat = 'LLOV'", "rule[1].name", "is missing: what the mail calls"),
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


def test_a_mistake_is_not_followed_by_others_that_it_causes(write: Write) -> None:
    path = write(
        """
        operators = ["desk"]
        [[recipient]]
        name = "desk"
        address = "desk"
        [[airfield]]
        icao = "QQ9Q"
        [[watch]]
        name = "w"
        places = ["QQ9Q"]
        callsigns = ["*"]
        recipients = ["desk"]
        [[watch.rule]]
        name = "r"
        at = "QQ9Q"
        """
    )
    wheres = [each.where.partition(": ")[2] for each in check(path, {})]
    assert sorted(wheres) == [
        "airfield[QQ9Q].elevation_ft",
        "airfield[QQ9Q].lat_deg",
        "airfield[QQ9Q].lon_deg",
        "recipient[desk].address",
        "watch[w].callsigns",
    ]


def test_all_mistakes_of_all_kinds_come_at_once(write: Write, credentials: Credentials) -> None:
    path = write(
        """
        contat = "x"
        operators = ["nobody"]
        [mail]
        password = "geheim"
        port = "25"
        [[watch]]
        places = ["LLOV"]
        [[watch]]
        name = "b"
        places = ["LLOZ", "LLOV"]
        icao24 = ["xyz", "600865"]
        fleets = ["nope"]
        recipients = ["nobody"]
        zone = "Mars"
        [[watch.rule]]
        name = "r"
        at = "LLER"
        wibble = 1
        [feeds.opensky]
        """
    )
    environ = credentials({"mail.pasword": "x"}) | {"COLLECTOR_WEB__PROT": "1"}
    found = [str(each) for each in check(path, environ)]
    for part in (
        "contat: unknown key; did you mean contact?",
        'operators: there is no [[recipient]] named "nobody"',
        "mail.password: is a secret and does not belong",
        "mail.port: must be a whole number",
        "watch[1].name: is missing",
        "watch[b].places: LLOZ is no airfield",
        'watch[b].icao24: "xyz" is no ICAO',
        'watch[b].fleets: no fleet "nope"',
        "watch[b].recipients: there is no",
        'watch[b].zone: "Mars" is no time zone',
        "watch[b].rule[r].wibble: unknown key",
        'watch[b].rule[r].at: "LLER" is none',
        "feeds.opensky.consent",
        "credential file mail.pasword: no secret has this name; did you mean mail.password?",
        "environment variable COLLECTOR_WEB__PROT: no key of the configuration; did you mean",
    ):
        assert [each for each in found if part in each], f"{part!r} not in {found}"
    assert len(found) == 15, found
    assert not any("geheim" in each for each in found)


def test_exit_code_and_text_of_the_error(write: Write) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write("a = 1\nb = 2"), environ={})
    assert caught.value.exit_code == 78
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["contact = ", "[mail\n", "a = 1\na = 2"])
def test_what_is_no_toml_is_one_mistake_with_its_line(write: Write, text: str) -> None:
    assert "is no valid TOML" in _only(write(text)).what


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(b"contact = '\xff'")
    assert "is no valid TOML" in _only(path).what


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("dead_man_url = 'https://geheim'", "dead_man_url"),
        ("[mail]\npassword = 'geheim'", "mail.password"),
        ("[mail]\npassword = ['geheim']", "mail.password"),
        ("[feeds.opensky]\nenabled=false\nclient_secret = 'geheim'", "feeds.opensky.client_secret"),
    ],
)
def test_a_secret_in_toml_says_where_it_belongs(write: Write, text: str, key: str) -> None:
    mistake = _only(write(text))
    assert mistake.where.endswith(f": {key}")
    assert "geheim" not in mistake.what
    if "[" not in text.partition("=")[2]:
        assert f"LoadCredential={key}:" in mistake.what
        assert "COLLECTOR_" + key.replace(".", "__").upper() in mistake.what


def test_a_password_in_an_address_is_refused_unseen(write: Write) -> None:
    text = "[feeds.roof]\nkind='readsb'\nurl='http://me:geheim@10.0.0.1/aircraft.json'"
    found = _all(write(text))
    assert any("feeds.roof.url: carries a user name or password" in each for each in found)
    assert not any("geheim" in each for each in found)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("COLLECTOR_WATCH", "which only the TOML file can"),
        ("COLLECTOR_MAIL", "which only the TOML file can"),
        ("COLLECTOR_MAIL__PASWORD", "did you mean COLLECTOR_MAIL__PASSWORD?"),
        ("COLLECTOR_FEEDS__ROOF__API_KY", "did you mean COLLECTOR_FEEDS__ROOF__API_KEY?"),
    ],
)
def test_a_variable_that_is_no_key(name: str, what: str) -> None:
    [mistake] = check(None, {name: "x"})
    assert mistake.where == f"environment variable {name}"
    assert what in mistake.what


def test_a_wrong_value_from_the_environment_names_the_variable() -> None:
    [mistake] = check(None, {"COLLECTOR_WEB__PORT": "eighty"})
    assert mistake.where == "environment variable COLLECTOR_WEB__PORT"
    assert "must be a whole number" in mistake.what


def test_a_dead_mans_page_that_is_no_address_is_refused_unseen() -> None:
    [mistake] = check(None, {"COLLECTOR_DEAD_MAN_URL": "geheim.example.org"})
    assert mistake.where == "environment variable COLLECTOR_DEAD_MAN_URL"
    assert "beginning with https://" in mistake.what
    assert "geheim" not in mistake.what


def test_a_variable_that_is_like_no_key_is_only_said(write: Write) -> None:
    settings = load(write(""), environ={"COLLECTOR_QQXX": "1"})
    assert any("COLLECTOR_QQXX" in warning for warning in settings.warnings)


def test_a_plain_key_is_no_credential(credentials: Credentials) -> None:
    [mistake] = check(None, credentials({"contact": "x"}))
    assert mistake.where == "credential file contact"
    assert "write it into the TOML file" in mistake.what


def test_a_credentials_folder_that_is_not_there(tmp_path: Path) -> None:
    [mistake] = check(None, {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")})
    assert "cannot be read" in mistake.what


def test_hostile_text_is_shown_harmlessly(write: Write) -> None:
    found = "\n".join(_all(write('"a\\u001b[2J" = 1\n[[watch]]\nname = "\\u001b[31m"')))
    assert "\x1b" not in found
    assert "\\x1b" in found


_VALUES = st.recursive(
    st.none().map(lambda _: "x") | st.integers() | st.booleans() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["contact", "mail", "watch", "feeds", "recipient", "airfield", "hosts", "rivals", "operators"]
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_whatever_stands_there_the_answer_is_settings_or_mistakes(
    values: dict[str, object],
) -> None:
    """No document makes the check itself fail."""
    from collector.settings.mistakes import checked
    from collector.settings.schema import Document
    from collector.settings.sources import Gathered

    document, mistakes = checked(Gathered(Path("c.toml"), dict(values)), Document)
    assert mistakes or document is not None
    assert all(each.what and each.where for each in mistakes)


def test_a_configuration_behind_a_closed_door_is_a_mistake_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the daemon would run on the defaults. Root gives its rights up for it."""
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "collector.toml").write_text("contact = 'a@example.org'")
    folder.chmod(0)
    monkeypatch.setattr("collector.settings.loading.SEARCHED", (folder / "collector.toml",))
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(ConfigError, match="cannot be read"):
            load(None, environ={})
    finally:
        os.seteuid(user)
        folder.chmod(0o700)
