"""Which source of a value wins? Environment, then credential files, then TOML, then defaults."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import ConfigError
from collector.settings import check, load, loading
from tests.settings.conftest import Credentials, Write

_SERVER = """
[mail]
host = "smtp.example.org"
username = "collector"
sender = "collector@example.org"
port = 2001
"""
_CLIENT = "[mail]\nclient_name = "


def test_the_environment_wins_over_a_credential_file(
    write: Write, credentials: Credentials
) -> None:
    environ = credentials({"mail.password": "from-file"})
    path = write(_SERVER)
    with_file = load(path, environ=environ).mail.password
    with_both = load(path, environ=environ | {"COLLECTOR_MAIL__PASSWORD": "from-env"}).mail.password
    assert with_file is not None
    assert with_both is not None
    assert with_file.reveal() == "from-file"
    assert with_both.reveal() == "from-env"


def test_the_environment_wins_over_toml_and_toml_over_the_default(write: Write) -> None:
    path = write("[web]\nport = 2001")
    assert load(path, environ={}).web.port == 2001
    assert load(path, environ={"COLLECTOR_WEB__PORT": "2002"}).web.port == 2002
    assert load(None, environ={}).web.port == 8042


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("COLLECTOR_WEB__ENABLED", "False", lambda s: s.web.enabled is False),
        (
            "COLLECTOR_HEALTH__BLIND_AFTER_HOURS",
            "1.5",
            lambda s: s.blind_after == timedelta(hours=1.5),
        ),
        ("COLLECTOR_CONTACT", "12", lambda s: s.contact == "12"),
        ("COLLECTOR_RIVALS__ADD", "OJAI, ojaq", lambda s: "OJAI" in [a.icao for a in s.airfields]),
        ("COLLECTOR_FEEDS__ADSBLOL__DAILY_REQUESTS", "7", lambda s: s.feeds[0].daily_requests == 7),
    ],
)
def test_every_kind_of_single_key_can_be_set_by_environment(
    name: str, text: str, read: object
) -> None:
    settings = load(None, environ={name: text})
    assert callable(read)
    assert read(settings)


def test_a_trailing_line_break_of_a_credential_file_is_no_part_of_it(
    write: Write, credentials: Credentials
) -> None:
    password = load(write(_SERVER), environ=credentials({"mail.password": "p w \n"})).mail.password
    assert password is not None
    assert password.reveal() == "p w "


def test_credentials_of_a_feed_that_is_not_described_switch_nothing_on(
    credentials: Credentials,
) -> None:
    settings = load(None, environ=credentials({"feeds.opensky.client_id": "a"}))
    assert [feed.name for feed in settings.feeds] == ["adsblol"]


def test_a_feed_takes_its_secrets_from_either_source(
    write: Write, credentials: Credentials
) -> None:
    environ = credentials({"feeds.opensky.client_id": "a"})
    environ["COLLECTOR_FEEDS__OPENSKY__CLIENT_SECRET"] = "b"
    feed = load(write('[feeds.opensky]\nconsent = "agreement"'), environ=environ).feeds[-1]
    assert feed.client_id is not None
    assert feed.client_secret is not None
    assert (feed.name, feed.client_id.reveal(), feed.client_secret.reveal()) == (
        "opensky",
        "a",
        "b",
    )


def test_the_first_file_found_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None, environ={}).path is None
    (tmp_path / "config").mkdir()
    (tmp_path / "config/collector.toml").write_text('contact = "here"')
    assert load(None, environ={}).contact == "here"


def test_a_named_file_that_is_missing_is_a_mistake(tmp_path: Path) -> None:
    [mistake] = check(tmp_path / "nowhere.toml", {})
    assert mistake.where.endswith("nowhere.toml")
    assert "cannot be read: No such file" in mistake.what


def test_data_lies_in_var_or_where_systemd_says(write: Write) -> None:
    state = {"STATE_DIRECTORY": "/var/lib/collector:/var/lib/other"}
    assert load(None, environ={}).database == Path("var/collector.sqlite")
    settings = load(None, environ=state)
    assert settings.database == Path("/var/lib/collector/collector.sqlite")
    assert settings.mail.folder == Path("/var/lib/collector/mail")
    assert settings.recordings == Path("/var/lib/collector/recordings")
    own = load(write('data = "/srv/c"\ndatabase = "/fast/d.sqlite"'), environ=state)
    assert (own.data, own.database) == (Path("/srv/c"), Path("/fast/d.sqlite"))


def test_commands_find_the_data_of_the_service_by_its_configuration(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write('contact = "desk@example.org"')
    assert load(file, environ={}).data == Path("var")
    monkeypatch.setattr(loading, "SERVICE_FILE", file)
    assert load(file, environ={}).data == Path("/var/lib/collector")
    assert load(file, environ={"STATE_DIRECTORY": "/srv/state"}).data == Path("/srv/state")
    assert load(write('data = "/srv/own"'), environ={}).data == Path("/srv/own")


@pytest.mark.parametrize("source", ["variable", "credential"])
def test_no_secret_is_ever_shown(write: Write, credentials: Credentials, source: str) -> None:
    value = "hunter2-geheim"
    environ = (
        {"COLLECTOR_MAIL__PASSWORD": value}
        if source == "variable"
        else credentials({"mail.password": value})
    )
    settings = load(write(_SERVER), environ=environ)
    shown = [repr(settings), str(settings), repr(settings.explained)]
    assert not any(value in text for text in shown)
    with pytest.raises(ConfigError) as caught:
        load(write("[mail]\nhost = 5"), environ=environ)
    assert value not in str(caught.value)


@pytest.mark.parametrize("name", ["collector.example.org", "[192.0.2.7]", "[IPv6:2001:db8::7]"])
def test_the_greeting_is_what_the_configuration_says(write: Write, name: str) -> None:
    assert load(write(f'{_CLIENT}"{name}"'), environ={}).mail.client_name == name


@pytest.mark.parametrize(("timeout_s", "limit_s"), [(1, 60), (30, 60), (45, 90), (600, 540)])
def test_the_time_for_a_mail_follows_the_time_for_an_answer(
    write: Write, timeout_s: int, limit_s: int
) -> None:
    mail = load(write(f"[mail]\ntimeout_s = {timeout_s}"), environ={}).mail
    assert mail.conversation == timedelta(seconds=limit_s)
