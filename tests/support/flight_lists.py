"""Rows of published flight lists, with their real columns."""

from __future__ import annotations

COVID = (
    "callsign,number,icao24,registration,typecode,origin,destination,firstseen,lastseen,day,"
    "latitude_1,longitude_1,altitude_1,latitude_2,longitude_2,altitude_2"
)
OPDI = (
    "id,icao24,flt_id,dof,adep,ades,adep_p,ades_p,registration,model,typecode,"
    "icao_aircraft_class,icao_operator,first_seen,last_seen,version"
)


def covid_row(
    *,
    icao24: str = "600865",
    registration: str = "4K-AZ101",
    destination: str = "LLOV",
    last_seen: str = "2020-09-17 12:03:20+00:00",
    lat: str = "29.9703",
    callsign: str = "AZQ4801",
) -> str:
    """One flight from Baku, last heard 3.3 km north of Ovda, 600 m above the sea."""
    seen = f"2020-09-17 09:00:00+00:00,{last_seen},2020-09-17 00:00:00+00:00"
    first = "40.47,50.05,304.8"
    head = f"{callsign},,{icao24},{registration},IL76,UBBB,{destination}"
    return f"{head},{seen},{first},{lat},34.9358,600.0"


def opdi_row(*, ades: str = "LLOV", last_seen: str = "2022-09-17 12:03:20") -> str:
    """One flight, without a position."""
    head = f"1,600865,AZQ4801,2022-09-17,UBBB,{ades},,,4K-AZ101,IL-76,IL76,L4J,AZQ"
    return f"{head},2022-09-17 09:00:00,{last_seen},v2.0.0"
