"""Are the example file and the reference complete, and equal to the defaults?"""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from collector.errors import CollectorError
from collector.settings import Settings, check, example, init, load
from collector.settings.keys import Key, keys_of
from collector.settings.reference import reference
from collector.settings.schema import Document
from tests.settings.conftest import Credentials, Write

_SECRETS = {
    "dead_man_url": "https://hc.example.org/ping",
    "mail.password": "p",
    "webhooks.desk_bot.secret": "w",
    "apprise.desk_chat.url": "json://localhost/",
    "feeds.adsbexchange.api_key": "k",
    "feeds.opensky.client_id": "i",
    "feeds.opensky.client_secret": "s",
}


def _uncommented() -> str:
    """Return the example with every key in force; keys have no blank after their #."""
    return re.sub(r"(?m)^#(?=\S| {4}\{)", "", example())


def _has(values: Any, path: tuple[str, ...]) -> bool:
    """Whether any table of the example has that key."""
    if not path:
        return True
    step, rest = path[0].removesuffix("[]"), path[1:]
    if step == "NAME":
        return any(_has(inner, rest) for inner in values.values())
    if not isinstance(values, dict) or step not in values:
        return False
    inner = values[step]
    if path[0].endswith("[]"):
        return any(_has(item, rest) for item in inner)
    return _has(inner, rest)


@pytest.mark.parametrize("key", list(keys_of(Document)), ids=lambda key: key.text)
def test_every_key_stands_in_the_example_and_is_described(key: Key) -> None:
    assert key.field.description
    if key.kind.secret:
        assert key.path[-1] in example()
    else:
        assert _has(tomllib.loads(_uncommented()), key.path)


def test_the_example_as_it_is_means_the_defaults(write: Write) -> None:
    written, default = load(write(example()), environ={}), load(None, environ={})
    for each in fields(Settings):
        if each.name not in ("path", "explained"):
            assert getattr(written, each.name) == getattr(default, each.name), each.name


def test_the_example_loads_with_everything_uncommented(
    write: Write, credentials: Credentials
) -> None:
    settings = load(write(_uncommented()), environ=credentials(_SECRETS))
    assert {feed.kind for feed in settings.feeds if feed.enabled} == {
        "adsblol",
        "adsbfi",
        "airplaneslive",
        "adsbexchange",
        "opensky",
        "readsb",
    }
    assert settings.hosts == {"192.168.1.20": "roof", "receiver.lan": "roof"}
    assert [recipient.name for recipient in settings.recipients] == ["desk"]
    assert [webhook.name for webhook in settings.webhooks] == ["desk_bot"]


def test_the_watch_of_the_example_is_the_shipped_one(
    write: Write, credentials: Credentials
) -> None:
    written = load(write(_uncommented()), environ=credentials(_SECRETS)).watches
    [default] = load(None, environ={}).watches
    [watch] = written
    assert watch.recipients[0].name == "desk"
    for each in fields(watch):
        if each.name != "recipients":
            assert getattr(watch, each.name) == getattr(default, each.name), each.name


def test_the_commented_defaults_are_the_defaults(write: Write) -> None:
    """Removing the # in front of a plain key changes nothing."""
    values = tomllib.loads(_uncommented())
    plain = Document()
    for table in ("visitors", "recording", "polling", "health"):
        assert values[table] == getattr(plain, table).model_dump(), table
    for key in ("enabled", "host", "port"):
        assert values["web"][key] == getattr(plain.web, key)
    for key in ("folder", "disk_budget_gb", "releases_url"):
        assert values["archives"][key] == getattr(plain.archives, key)
    for key in ("security", "timeout_s", "folder"):
        assert values["mail"][key] == getattr(plain.mail, key)
    assert values["database"] == plain.database


def test_remarks_and_keys_can_be_distinguished() -> None:
    for line in example().splitlines():
        assert len(line) <= 120 or line.startswith("#token_url"), line
        assert re.match(r"$|# |#$|#[\[a-z\"\]]|#    \{|\[|[a-z]", line), line


def test_the_reference_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs/configuration.md"
    assert page.read_text("utf-8") == reference(), (
        "run: python -m collector.settings.reference > docs/configuration.md"
    )


def test_init_writes_the_example_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "collector.toml"
    init(path)
    assert path.read_text("utf-8") == example()
    assert check(path, {}) == []
    path.write_text("mine")
    with pytest.raises(CollectorError, match="exists already") as refused:
        init(path)
    assert refused.value.exit_code == 1
    assert path.read_text() == "mine"


def test_init_says_why_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CollectorError, match="cannot be written: File exists"):
        init(tmp_path / "file" / "collector.toml")
