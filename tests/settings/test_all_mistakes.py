"""Are all mistakes reported at once, whatever the document holds?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import ConfigError
from collector.settings import check, load
from collector.settings.mistakes import checked
from collector.settings.schema import Document
from collector.settings.sources import Gathered
from tests.settings.conftest import Credentials, Write


def test_a_mistake_causes_no_further_ones(write: Write) -> None:
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
        'watch[b].fleets: there is no fleet "nope"',
        "watch[b].recipients: there is no",
        'watch[b].zone: "Mars" is no time zone',
        "watch[b].rule[r].wibble: unknown key",
        'watch[b].rule[r].at: "LLER" is not one',
        "feeds.opensky.consent",
        "credential file mail.pasword: no secret has this name; did you mean mail.password?",
        "environment variable COLLECTOR_WEB__PROT: is no key of the configuration; did you mean",
    ):
        assert [each for each in found if part in each], f"{part!r} not in {found}"
    assert len(found) == 15, found
    assert not any("geheim" in each for each in found)


def test_exit_code_and_text_of_the_error(write: Write) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write("a = 1\nb = 2"), environ={})
    assert caught.value.exit_code == 78
    assert len(str(caught.value).splitlines()) == 2


def test_hostile_text_is_shown_harmlessly(write: Write) -> None:
    path = write('"a\\u001b[2J" = 1\n[[watch]]\nname = "\\u001b[31m"')
    found = "\n".join(str(mistake) for mistake in check(path, {}))
    assert "\x1b" not in found
    assert "\\x1b" in found


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[[airfield]]\nicao = ["LLOV"]', "airfield[1].icao"),
        ("[[airfield]]\nicao = {a = 1}", "airfield[1].icao"),
        (f"contact = {'[' * 3000}{']' * 3000}", "collector.toml"),
    ],
)
def test_a_value_of_another_type_is_a_mistake_and_no_crash(
    write: Write, text: str, where: str
) -> None:
    assert any(where in each.where for each in check(write(text), {}))


_VALUES = st.recursive(
    st.none().map(lambda _: "x") | st.integers() | st.booleans() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["contact", "mail", "watch", "feeds", "recipient", "airfield", "hosts", "rivals", "operators"]
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_any_document_gives_settings_or_mistakes(
    values: dict[str, object],
) -> None:
    """No document makes the check itself fail."""
    document, mistakes = checked(Gathered(Path("c.toml"), dict(values)), Document)
    assert mistakes or document is not None
    assert all(each.what and each.where for each in mistakes)
