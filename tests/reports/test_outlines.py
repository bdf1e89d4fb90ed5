"""Are coasts and borders where they are, all around the world, and made as the script says?"""

from __future__ import annotations

import gzip
import itertools
import math
from collections import Counter

import pytest

from collector.reports.picture import outlines
from collector.reports.picture.airfields import Origin, Spot
from collector.reports.picture.outlines import outlines_around
from scripts.outlines import table


def turns_around(ring: tuple[Spot, ...]) -> int:
    """How often a ring runs around the origin (the winding number, by angles)."""
    angles = [math.atan2(y, x) for x, y in ring]
    turns = [
        (b - a + math.pi) % (2 * math.pi) - math.pi
        for a, b in zip(angles, [*angles[1:], angles[0]], strict=True)
    ]
    return round(sum(turns) / (2 * math.pi))


def is_land(lat_deg: float, lon_deg: float) -> bool:
    around = outlines_around(Origin(lat_deg, lon_deg), 40.0)
    return sum(map(turns_around, around.land)) != 0


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "land"),
    [
        (29.94, 34.94, True),  # Ovda
        (29.30, 34.80, False),  # the Gulf of Aqaba
        (40.40, 50.05, True),  # Baku
        (41.50, 50.70, False),  # the Caspian Sea, within Asia
        (-16.86, 179.99, True),  # Taveuni, on the antimeridian
        (-17.50, 179.50, False),
        (71.00, 179.50, True),  # Wrangel Island
        (-80.0, 100.0, True),  # Antarctica
        (0.0, -30.0, False),
    ],
)
def test_land_is_land_and_sea_is_sea(lat_deg: float, lon_deg: float, land: bool) -> None:
    assert is_land(lat_deg, lon_deg) is land


def test_the_borders_at_ovda_are_those_with_egypt_and_jordan() -> None:
    around = outlines_around(Origin(29.940, 34.936), 30.0)
    crossings = [
        x1 + (x2 - x1) * y1 / (y1 - y2)
        for line in around.borders
        for (x1, y1), (x2, y2) in itertools.pairwise(line)
        if (y1 > 0) != (y2 > 0)
    ]
    assert sorted(crossings) == pytest.approx([-20.0, 10.5], abs=12.0)
    assert min(crossings) < -5 < 5 < max(crossings)


def test_a_map_has_only_what_is_near() -> None:
    around = outlines_around(Origin(29.94, 34.94), 60.0)
    spots = [spot for line in (*around.land, *around.borders) for spot in line]
    assert 10 < len(spots) < 3000
    assert max(math.hypot(*spot) for line in around.land for spot in line) < 100.0


def test_the_script_writes_what_the_map_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two countries on an island of 4 by 2 degrees; a rock beside it is left out."""
    topology = {
        "transform": {"scale": [0.1, 0.1], "translate": [10.0, 50.0]},
        "arcs": [
            [[20, 0], [0, 10], [0, 10]],  # the border, whose middle point tells nothing
            [[20, 20], [-20, 0], [0, -20], [20, 0]],
            [[20, 0], [20, 0], [0, 20], [-20, 0]],
            [[100, 0], [0, 0], [0, 0], [0, 0]],
        ],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]]},
                    {"type": "Polygon", "arcs": [[2, -1]]},
                ]
            },
            "land": {
                "type": "GeometryCollection",
                "geometries": [{"type": "MultiPolygon", "arcs": [[[1, 2]], [[3]]]}],
            },
        },
    }
    why: Counter[str] = Counter()
    content = table(topology, why)
    assert why["islands left out"] == 1
    monkeypatch.setattr(outlines, "_table", lambda: gzip.decompress(gzip.compress(content)))
    around = outlines_around(Origin(51.0, 12.0), 500.0)
    (ring,), (border,) = around.land, around.borders
    assert len(border) == 2
    assert math.dist(*border) == pytest.approx(120.0, rel=0.01), "two degrees of latitude"
    wide = max(x for x, _ in ring) - min(x for x, _ in ring)
    assert wide == pytest.approx(240.0 * math.cos(math.radians(50.0)), rel=0.01)
    assert turns_around(ring) != 0
