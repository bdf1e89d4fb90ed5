"""Are the lists of releases read as they are, and is everything else refused with its line?"""

from __future__ import annotations

from datetime import date

import pytest

from collector.archives.releases import bad_days, parse, preferred, years_of
from tests.support.shared import SHARED, needs_shared

HOST = "https://example.org/d"
HOSTS = ("example.org", "github.com")


def urls(day: str, pod: str = "prod", endings: tuple[str, ...] = (".aa", ".ab")) -> str:
    tag = f"v{day}-planes-readsb-{pod}-0"
    return ",".join(f"{HOST}/{tag}/{tag}.tar{ending}" for ending in endings)


def test_a_whole_day_comes_before_one_of_mlat_alone_whichever_list_names_it() -> None:
    day = date(2025, 12, 14)
    mlat, whole = urls("2025.12.14", "mlatonly", ("",)), urls("2025.12.14")
    for lines in ([mlat, whole], [whole, mlat]):
        chosen = preferred(parse("\n".join(lines), "list", HOSTS))[day]
        assert (chosen.pod, chosen.whole, len(chosen.urls)) == ("prod", True, 2)
        assert chosen.names[0] == "v2025.12.14-planes-readsb-prod-0.tar.aa"
    assert not preferred(parse(mlat, "list", HOSTS))[day].whole
    staging = urls("2025.12.14", "staging")
    assert preferred(parse(f"{staging}\n{whole}", "list", HOSTS))[day].pod == "staging"
    assert years_of(day) == (2025, 2026)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (urls("2026.02.30"), "no such day"),
        (urls("2026.01.02", endings=(".ab", ".aa")), "in the wrong place"),
        (urls("2026.01.02", endings=(".aa", ".ac")), "in the wrong place"),
        (urls("2026.01.02", endings=("", ".aa")), "in the wrong place"),
        (urls("2026.01.02") + "," + urls("2026.01.03"), "not the files of one day"),
        ("<html>", "not addresses"),
        (urls("2026.01.02").replace("example.org", "10.0.0.1"), "on an accepted host"),
        (urls("2026.01.02").replace("https", "file"), "not addresses"),
        (urls("2026.01.02").replace("//", "//me:pw@"), "not addresses"),
        (f"{HOST}/../../etc/passwd", "not the files"),
        ("\x1b[2J" + urls("2026.01.02"), "not addresses"),
    ],
)
def test_a_line_that_names_no_day_is_told_and_passed_over(line: str, why: str) -> None:
    told: list[str] = []
    text = f"{urls('2026.01.01')}\n\n{line}\n"
    assert [each.day for each in parse(text, "list", HOSTS, told.append)] == [date(2026, 1, 1)]
    (said,) = told
    assert said.startswith("list, line 3: ")
    assert why in said
    assert "\x1b" not in said


def test_bad_days_are_listed_with_who_says_so() -> None:
    bad = bad_days()
    assert date(2026, 5, 5) in bad
    for day, each in bad.items():
        assert (each.day, bool(each.what)) == (day, True)
        assert each.source.startswith("https://github.com/adsblol/globe_history_20")


@needs_shared
def test_the_genuine_list_is_read_whole() -> None:
    path = SHARED / "data/feeds/globe_history/PREFERRED_RELEASES_2026_tail.txt"
    told: list[str] = []
    chosen = preferred(parse(path.read_text(), path.name, HOSTS, told.append))
    assert told == []
    assert len(chosen) == 8
    assert chosen[date(2025, 12, 18)].whole
    assert not chosen[date(2025, 12, 17)].whole
