"""Do the commands for root work while systemd alone holds the secrets, and is none ever shown?"""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from collector.settings import load
from tests.cli.runner import call
from tests.support.fake_feed import Answer, FakeFeed, Seen
from tests.support.sky import AREA, Sky, Visit
from tests.support.smtp import Inbox, certificate, smtp_server
from tests.support.station import Station
from tests.web.browser import Site, crawl

LOGIN = """
[mail]
host = "mail.example.org"
username = "desk"
sender = "collector@example.org"

[feeds.adsbexchange]
consent = "agreed on 2026-11-01"
"""
KEY = "k3y-0f-the/desk+2026"


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A station whose password and key only the service has."""
    station = Station(tmp_path_factory.mktemp("configured"))
    call(station, "db", "migrate")
    station.extra = LOGIN
    station.write()
    return station


COMMANDS = [
    ["landings"],
    ["weeks"],
    ["status"],
    ["visitors"],
    ["ledger", "--week", "2026-W47"],
    ["alerts", "list"],
    ["outbox", "list"],
    ["outbox", "retry", "--all"],
    ["digest", "--week", "2026-W47"],
    ["db", "check"],
    ["db", "migrate"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_that_log_in_nowhere_need_no_secret(configured: Station, words: list[str]) -> None:
    call(configured, *words)


@pytest.mark.parametrize("words", [["run", "--once"], ["check"], ["digest", "--send"]])
def test_commands_that_log_in_name_every_missing_secret_and_the_cure(
    configured: Station, words: list[str]
) -> None:
    said = call(configured, *words, code=78).output
    assert "mail.password" in said
    assert "feeds.adsbexchange.api_key" in said
    assert said.count("CREDENTIALS_DIRECTORY=/etc/collector/credentials") == 2


def test_root_names_the_folder_of_the_credential_files(
    configured: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "mail.password").write_text("hunter2hunter2\n")
    (folder / "feeds.adsbexchange.api_key").write_text("key\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    assert "no mistakes" in call(configured, "check").output


def test_other_mistakes_are_still_told_to_every_command(tmp_path: Path) -> None:
    station = Station(tmp_path, extra=LOGIN.replace('username = "desk"', 'usrname = "desk"'))
    said = call(station, "landings", code=78).output
    assert "did you mean username?" in said
    assert "api_key" not in said


def test_a_folder_of_credentials_that_may_not_be_read_stops_no_other_command(
    configured: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "nowhere"))
    call(configured, "landings")
    assert "cannot be read" in call(configured, "check", code=78).output


def test_a_key_that_a_feed_repeats_is_kept_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reply is good, and quotes the key wherever text may stand in it."""

    def echo(seen: Seen) -> Answer:
        assert seen.headers["x-api-key"] == KEY
        now = datetime.now(UTC)
        body = json.loads(Sky((Visit(lands_at=now),)).body(now, AREA))
        for row in body["ac"]:
            row |= {"r": KEY, "desc": KEY, "ownOp": KEY, "note": KEY}
        reply = {"now": now.timestamp(), "msg": f"key {KEY}", "aircraft": body["ac"]}
        return Answer(json.dumps(reply).encode(), headers={"X-Echo": KEY})

    with FakeFeed() as feed:
        feed.on("/*", echo)
        station = Station(tmp_path)
        station.extra = "enabled = false\n[feeds.roof]\nkind = 'readsb'\nheader = 'x-api-key'\n"
        station.extra += f"url = '{feed.url}/aircraft.json'\n"
        station.write()
        monkeypatch.setenv("COLLECTOR_FEEDS__ROOF__API_KEY", KEY)
        done = call(station, "--log", "debug", "run", "--once")
        shown = call(station, "status", "--json")
        assert feed.requests
    stored = b"".join(path.read_bytes() for path in (tmp_path / "var").glob("collector.sqlite*"))
    recorded = b"".join(
        gzip.decompress(path.read_bytes()) for path in station.recordings.glob("*.gz")
    )
    assert b"********" in recorded
    assert b"********" in stored
    for text in (stored, recorded, (done.output + shown.output).encode()):
        assert KEY.encode() not in text


def test_no_secret_leaves_by_any_door(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed and a mail server repeat what we sent, and each command tells what it knows."""
    password, ping = "p4ssw0rd/of+the desk", "/ping/4f1c9e7a-dead-man"
    planted = (KEY, password, ping)

    def echo(seen: Seen) -> Answer:
        now = datetime.now(UTC)
        body = json.loads(Sky((Visit(lands_at=now),)).body(now, AREA))
        rows = [row | {"desc": KEY, "ownOp": KEY, "r": KEY} for row in body["ac"]]
        answer = {"now": now.timestamp(), "aircraft": rows, "msg": seen.headers["x-api-key"]}
        return Answer(json.dumps(answer).encode(), headers={"X-Echo": KEY})

    inbox = Inbox(login_answer="535 no login for {given}")
    ca_file, context = certificate(tmp_path_factory.mktemp("certificate"))
    server = smtp_server(inbox, starttls=context, login=("desk", "another"), require_login=True)
    with FakeFeed() as feed, server as port:
        feed.on("/*", echo)
        feed.on(ping, Answer(b"no", 500))
        station = Station(tmp_path, smtp_port=port)
        station.extra = f"""username = "desk"
ca_file = "{ca_file}"
[feeds.roof]
kind = "readsb"
header = "x-api-key"
url = "{feed.url}/aircraft.json"
"""
        station.write()
        text = station.config.read_text()
        station.config.write_text(
            text.replace("[feeds.adsblol]", "[feeds.adsblol]\nenabled = false").replace(
                'security = "none"', 'security = "starttls"'
            )
        )
        monkeypatch.setenv("COLLECTOR_FEEDS__ROOF__API_KEY", KEY)
        monkeypatch.setenv("COLLECTOR_MAIL__PASSWORD", password)
        monkeypatch.setenv("COLLECTOR_DEAD_MAN_URL", feed.url + ping)
        said = ""
        for words in (
            ["--log", "debug", "run", "--once"],
            ["--log", "debug", "check", "--probe"],
            ["check", "--explain"],
            ["--log", "debug", "digest", "--send"],
            ["--log", "debug", "alarm", "exit-code-1"],
            ["db", "backup", str(tmp_path / "backup.sqlite")],
            ["status", "--json"],
            ["outbox", "list", "--json"],
        ):
            said += call(station, *words, code=None).output
        said += _defect(station, monkeypatch)
        pages = _pages(station)
    assert pages
    with smtp_server(inbox, starttls=context, login=("desk", password)) as station.smtp_port:
        text = station.config.read_text().replace(f"port = {port}", f"port = {station.smtp_port}")
        station.config.write_text(text)
        said += call(station, "outbox", "retry", "--all").output
        said += call(station, "--log", "debug", "digest", "--send").output
    assert inbox.taken
    kept = b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    )
    assert feed.requests
    assert b"********" in kept
    assert "535" in said
    for secret in planted:
        assert secret not in said
        assert secret not in pages
        assert secret.encode() not in kept
        for mail in inbox.taken:
            assert secret not in "".join(
                [
                    str(mail),
                    *(str(part.get_content()) for part in mail.walk() if not part.is_multipart()),
                ]
            )


def _defect(station: Station, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a defect that quotes every secret writes, as the interpreter would write it."""
    quoted = " ".join(
        secret.reveal() for secret in load(station.config, environ=os.environ).secrets
    )
    assert KEY in quoted

    def defective(*_: object, **__: object) -> NoReturn:
        raise RuntimeError(f"a defect quotes {quoted}\x1b[2J")

    with monkeypatch.context() as broken:
        broken.setattr("collector.http.client.httpx.HTTPTransport.handle_request", defective)
        # A probe asks at any time; a poll would wait until it is due.
        said = call(station, "check", "--probe", code=1).stderr
    assert "Traceback (most recent call last)" in said
    assert "a defect quotes *****" in said
    assert "\x1b" not in said
    return said


def _pages(station: Station) -> str:
    """Every page that can be reached, with its headers."""
    site = Site(station.database, load(station.config, environ=os.environ))
    try:
        return "".join(f"{each.headers}{each.text}" for each in crawl(site).values())
    finally:
        site.stop()
