"""Are secrets, variables and unreadable files refused, each with its place?"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.errors import ConfigError, Mistake
from collector.settings import check, load
from tests.settings.conftest import Credentials, Write
from tests.support.rights import bound_by_permissions


def _all(path: Path) -> list[str]:
    return [str(each) for each in check(path, {})]


def _only(path: Path) -> Mistake:
    mistakes = check(path, {})
    assert len(mistakes) == 1, mistakes
    return mistakes[0]


@pytest.mark.parametrize("text", ["contact = ", "[mail\n", "a = 1\na = 2"])
def test_invalid_toml_is_one_mistake(write: Write, text: str) -> None:
    assert "is no valid TOML" in _only(write(text)).what


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_file_that_lost_its_content_is_no_configuration(write: Write, text: str) -> None:
    assert _only(write(text)).what.startswith("is empty")


def test_a_file_that_is_not_utf_8_is_one_mistake(tmp_path: Path) -> None:
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


def test_a_password_in_an_address_is_refused_and_not_shown(write: Write) -> None:
    text = "[feeds.roof]\nkind='readsb'\nurl='http://me:geheim@10.0.0.1/aircraft.json'"
    found = _all(write(text))
    assert any("feeds.roof.url: carries a user name or password" in each for each in found)
    assert not any("geheim" in each for each in found)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("COLLECTOR_WATCH", "must hold TOML, as after `watch = `: Invalid value"),
        ("COLLECTOR_MAIL", "names a table; name a single key of it"),
        ("COLLECTOR_MAIL__PASWORD", "did you mean COLLECTOR_MAIL__PASSWORD?"),
        ("COLLECTOR_FEEDS__ROOF__API_KY", "did you mean COLLECTOR_FEEDS__ROOF__API_KEY?"),
    ],
)
def test_a_variable_that_is_no_key(name: str, what: str) -> None:
    [mistake] = check(None, {name: "x"})
    assert mistake.where == f"environment variable {name}"
    assert what in mistake.what


def test_a_variable_holds_all_tables_of_a_kind_and_replaces_those_of_the_file(write: Write) -> None:
    path = write("[[recipient]]\nname = 'one'\naddress = 'one@example.org'")
    name = "COLLECTOR_RECIPIENT"
    told = "[{name = 'two', address = 'two@example.org'},\n{name = 'three', address = 'x@y.org'}]"
    found = load(
        path,
        environ={
            name: told,
            "COLLECTOR_WATCH": "[{places = ['LLOV'], name = 'w', icao24 = ['600865']}]",
        },
    )
    assert [recipient.name for recipient in found.recipients] == ["two", "three"]
    assert [watch.name for watch in found.watches] == ["w"]
    [mistake] = check(path, {name: told.replace("'two@example.org'", "2")})
    assert mistake.where == f"environment variable {name}: recipient[two].address"
    [mistake] = check(path, {"COLLECTOR_WATCH": "[{places = ['LLOV'], name = 'w'}]"})
    assert mistake.where == "environment variable COLLECTOR_WATCH: watch[w]"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[{name = 'one', address = 'one@example.org'}]\n[mail]\nport = 1", "goes on with `mail`"),
        ("[" * 5000, "recursion"),
        ("1" * 5000, "4300 digits"),
    ],
    ids=["more keys", "brackets", "digits"],
)
def test_text_that_is_not_the_tables_alone_is_a_mistake(text: str, what: str) -> None:
    [mistake] = check(None, {"COLLECTOR_RECIPIENT": text})
    assert mistake.where == "environment variable COLLECTOR_RECIPIENT"
    assert what in mistake.what


def test_a_number_of_thousands_of_digits_is_a_mistake_and_no_defect(write: Write) -> None:
    digits = "1" * 5000
    [mistake] = check(None, {"COLLECTOR_WEB__PORT": digits})
    assert mistake.where == "environment variable COLLECTOR_WEB__PORT"
    assert "is no valid TOML" in _only(write(f"[web]\nport = {digits}")).what


def test_a_wrong_value_from_the_environment_names_the_variable() -> None:
    [mistake] = check(None, {"COLLECTOR_WEB__PORT": "eighty"})
    assert mistake.where == "environment variable COLLECTOR_WEB__PORT"
    assert "must be a whole number" in mistake.what


def test_a_dead_man_url_that_is_no_address_is_refused_and_not_shown() -> None:
    [mistake] = check(None, {"COLLECTOR_DEAD_MAN_URL": "geheim.example.org"})
    assert mistake.where == "environment variable COLLECTOR_DEAD_MAN_URL"
    assert "beginning with https://" in mistake.what
    assert "geheim" not in mistake.what


def test_a_variable_that_resembles_no_key_is_a_warning(write: Write) -> None:
    settings = load(write("# nothing set"), environ={"COLLECTOR_QQXX": "1"})
    assert any("COLLECTOR_QQXX" in warning for warning in settings.warnings)


def test_a_plain_key_is_no_credential(credentials: Credentials) -> None:
    [mistake] = check(None, credentials({"contact": "x"}))
    assert mistake.where == "credential file contact"
    assert "write it into the TOML file" in mistake.what


def test_a_missing_credentials_folder_is_a_mistake(tmp_path: Path) -> None:
    [mistake] = check(None, {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")})
    assert "cannot be read" in mistake.what


def test_a_configuration_that_cannot_be_read_is_a_mistake_and_not_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the daemon would run on the defaults."""
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "collector.toml").write_text("contact = 'a@example.org'")
    folder.chmod(0)
    monkeypatch.setattr("collector.settings.loading.SEARCHED", (folder / "collector.toml",))
    try:
        with bound_by_permissions(), pytest.raises(ConfigError, match="cannot be read"):
            load(None, environ={})
    finally:
        folder.chmod(0o700)
