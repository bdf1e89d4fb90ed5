"""Can a page, or a request for one, do any harm?"""

from __future__ import annotations

import pytest

from tests.web.browser import Outline, Site, crawl
from tests.web.fleet_week import HOSTILE


def test_no_page_can_run_or_load_anything(site: Site) -> None:
    for link, answer in crawl(site).items():
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "server" not in answer.headers
        if answer.headers["content-type"].startswith("text/html"):
            outline = Outline(answer.text)
            assert not outline.tags & {"script", "iframe", "img", "form", "object"}, link
            assert not [name for name in outline.attributes if name.startswith("on")]
            assert "style" not in outline.attributes, "the policy would drop it"
            assert all(each.startswith(("/", "https://", "#")) for each in outline.links), (
                outline.links
            )


def test_text_from_the_air_is_shown_harmless(site: Site) -> None:
    shown = r"<script>alert(1)</script>\x1b[2J\u202e"
    page = site.get("/landings")
    assert shown in Outline(page.text).text
    (link,) = [each for each in Outline(page.text).links if "2026-10-31" in each]
    for each in (page, site.get(link), site.get("/"), site.get("/status.json")):
        assert not set("\x1b\u202e") & set(each.text)
    assert shown in Outline(site.get(link).text).text


def test_json_carries_hostile_text_as_data(site: Site) -> None:
    status = site.get("/status.json")
    assert status.headers["content-type"] == "application/json"
    callsigns = {row["callsign"] for row in status.json()["landings"]}
    assert HOSTILE in callsigns
    assert "\x1b" not in status.text


def test_addresses_of_recipients_are_nobodys_business(site: Site) -> None:
    assert all("secret-address" not in answer.text for answer in crawl(site).values())


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.7",
        "",
        "a b",
        "@",
    ],
)
def test_other_hosts_are_refused(site: Site, host: str) -> None:
    answer = site.get("/", host=host)
    assert answer.status_code in (400, 421)
    assert "Landing" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8642", "127.0.0.1:1", "[::1]:8642"])
def test_our_own_names_are_served(site: Site, host: str) -> None:
    assert site.get("/", host=host).status_code == 200


def test_nothing_can_be_changed(site: Site) -> None:
    before = site.path.read_bytes()
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert site.client.request(method, "/").status_code == 405
    crawl(site)
    assert site.path.read_bytes() == before
