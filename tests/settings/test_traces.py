"""Can `traces` be a word, an address or a variable, and is anything else refused?"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from collector.settings import check, load
from tests.settings.conftest import Write

ROOF = "[feeds.roof]\nkind = 'readsb'\nurl = 'http://10.0.0.5/tar1090/'\n"


@pytest.mark.parametrize(
    ("line", "environ", "traces"),
    [
        ("", {}, None),
        ("traces = true", {}, True),
        ("traces = false", {}, False),
        ("traces = 'http://10.0.0.6/data/traces'", {}, "http://10.0.0.6/data/traces"),
        ("traces = false", {"COLLECTOR_FEEDS__ROOF__TRACES": "true"}, True),
        ("", {"COLLECTOR_FEEDS__ROOF__TRACES": "/run/readsb/traces"}, "/run/readsb/traces"),
    ],
)
def test_traces_are_a_word_or_a_place(
    write: Write, line: str, environ: Mapping[str, str], traces: bool | str | None
) -> None:
    settings = load(write(ROOF + line), environ=environ)
    (roof,) = [feed for feed in settings.feeds if feed.name == "roof"]
    assert roof.traces == traces
    other = {"10.0.0.6": "roof"} if isinstance(traces, str) and "10.0.0.6" in traces else {}
    assert settings.hosts == {"10.0.0.5": "roof"} | other


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("traces = 5", "must be true, false or the address"),
        ("traces = ['http://10.0.0.6/']", "must be true, false or the address"),
        ("traces = ''", "must not be empty"),
        ("traces = 'https://me:pw@10.0.0.6/'", "carries a user name or password"),
        ("traces = 'here'", "absolute path"),
    ],
)
def test_nonsense_is_one_mistake_with_its_place(write: Write, line: str, why: str) -> None:
    (mistake,) = check(write(ROOF + line), {})
    assert mistake.where.endswith("feeds.roof.traces")
    assert why in mistake.what
