"""Do the pages work behind a web server, below a path and under another name?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import ConfigError
from collector.services import build_services
from collector.settings import load
from collector.store import Store, outbox
from tests.web.browser import Outline, Site
from tests.web.fleet_week import NOW, fill

DOCS = Path(__file__).parents[2] / "docs" / "operating.md"


def chapter() -> list[str]:
    """Return the blocks of the chapter about a web server: ours, nginx's, Caddy's."""
    text = DOCS.read_text().partition("## Behind a web server")[2].partition("\n## ")[0]
    blocks = re.findall(r"(?m)(?:^    .*\n(?:\n(?=    ))?)+", text)
    return [re.sub(r"(?m)^    ", "", block) for block in blocks]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The pages as the documentation configures them."""
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "collector.toml"
    config.write_text(chapter()[0])
    path = tmp_path / "collector.sqlite"
    with Store.open(path) as store:
        fill(store)
    site = Site(path, load(config, environ={}))
    yield site
    site.stop()


def test_every_link_stays_below_the_path(site: Site) -> None:
    root = site.settings.web.base_path
    assert root == "/collector"
    seen, wanted = set(), [f"{root}/"]
    while wanted:
        page = wanted.pop()
        seen.add(page)
        answer = site.get(page, host="example.org")
        assert answer.status_code in (200, 503), page
        if answer.headers["content-type"].startswith("text/html"):
            links = {each.partition("#")[0] for each in Outline(answer.text).links}
            own = {each for each in links if each and not each.startswith("https://")}
            assert all(each.startswith(f"{root}/") or each == root for each in own), (page, own)
            wanted += [each for each in own - seen - set(wanted) if "?" not in each]
    assert len(seen) > 20


def test_a_web_server_may_take_the_path_away(site: Site) -> None:
    passed_on = site.get("/collector/weeks", host="example.org")
    assert site.get("/weeks", host="example.org").text == passed_on.text
    assert site.get("/collectors/weeks", host="example.org").status_code == 404
    assert site.get("/collector", host="example.org").status_code == 200


def test_only_configured_names_are_served(site: Site) -> None:
    served = ("example.org", "EXAMPLE.org:443", "collector.example.org", "localhost")
    refused = ("evil.example", "example.org.evil.example", "sub.example.org")
    for host in (*served, *refused):
        answer = site.get("/collector/glossary", host=host)
        assert answer.status_code == (200 if host in served else 421), host


def test_mails_link_to_the_pages(site: Site) -> None:
    settings = site.settings
    with Store.open(site.path) as store:
        services = build_services(settings, store)
        digest = services.digests.message(settings.watches, "2026-W47", NOW)
        services.alert_evaluator.evaluate(NOW + timedelta(hours=1))
        mails = [each.owed.message for each in outbox.listing(store)]
        private = build_services(load(None, environ={}), store)
        other = private.digests.message(settings.watches, "2026-W47", NOW)
    page = "https://example.org/collector/landings"
    for text in (digest.html, digest.text):
        assert f"{page}/600865-2026-11-19-1" in text
        assert f"{page}?period=2026-W47" in text
    assert "on the page" not in other.text, "nobody else could open it"
    alerted = [each for each in mails if "600865-2026-11-19-1" in each.text]
    assert alerted
    assert all(f"{page}/600865-2026-11-19-1" in each.text for each in alerted)


def test_both_web_servers_pass_the_path_on_and_ask_for_a_login(site: Site) -> None:
    web = site.settings.web
    _, nginx, caddy = chapter()
    address = f"{web.host}:{web.port}"
    assert f"location {web.base_path}/ {{" in nginx
    assert f"proxy_pass http://{address};" in nginx, "without a path, nginx passes it on whole"
    assert "proxy_set_header Host $host;" in nginx
    assert "auth_basic " in nginx
    assert f"handle {web.base_path}/* {{" in caddy
    assert f"reverse_proxy {address}" in caddy
    assert "basicauth {" in caddy  # of Debian's Caddy, 2.6; later ones read it too
    for text in (nginx, caddy):
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('public_url = "example.org"', "must be the address of the first page"),
        ('public_url = "https://user@example.org/"', "carries a user name or password"),
        ('public_url = "https://example.org/a b"', "must be the address of the first page"),
        ('allowed_hosts = ["example.org:80"]', "must be the name of a host without a port"),
        ('base_path = "collector"', "must be a path like /collector"),
    ],
)
def test_addresses_of_another_form_are_mistakes(tmp_path: Path, line: str, words: str) -> None:
    config = tmp_path / "c.toml"
    config.write_text(f"[web]\n{line}\n")
    with pytest.raises(ConfigError, match=words):
        load(config, environ={})
