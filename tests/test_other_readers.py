"""Do readers that others wrote read our exports as they are meant? One a form, as users have them.

LibreOffice opens CSV in tests/long; Prometheus's and Atom's readers are tried in tests/web.
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from collector.reports.exports import kml
from tests.reports.exports.values import exports
from tests.reports.test_hostile import ATTACK

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says that it does without lxml
    import fastkml
    from fastkml.utils import find_all


@pytest.mark.parametrize("callsign", ["AZQ4721", ATTACK])
def test_a_kml_reader_finds_every_landing_and_track_where_they_were(callsign: str) -> None:
    landings, _, fixes, _ = exports(callsign)
    read = fastkml.KML.from_string(kml.kml_text(landings), strict=True)
    marks: list[Any] = list(find_all(read, of_type=fastkml.Placemark))
    assert len(marks) == len(landings.rows)
    for mark, row in zip(marks, landings.rows, strict=True):
        assert mark.name
        if row["lat_deg"] is None:
            assert mark.geometry is None
        else:
            assert mark.geometry.coords[0][:2] == (row["lon_deg"], row["lat_deg"])
        assert not {"\x1b", "\u202e"} & {*mark.name, *(mark.description or "")}
    tracks = fastkml.KML.from_string(kml.kml_text(fixes), strict=True)
    found: list[Any] = list(find_all(tracks, of_type=fastkml.Placemark))
    assert [each.geometry is not None for each in found] == [True]
