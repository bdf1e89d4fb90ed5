"""Where does a feed keep full tracks, and may that place be asked? Pure (step 1).

readsb and tar1090 keep them as `traces/<last two digits>/trace_full_<address>.json` beside
`aircraft.json` (FEEDS.md §3.3); ADSBexchange keeps the same files behind its API (§2.7), OpenSky
has `/tracks/all` (§1.4). The other networks document nothing: there the operator names the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from collector.feeds.config import FeedSettings
from collector.model.terms import protected


def place(settings: FeedSettings, below: str | None, api: str) -> str | None:
    """The folder of traces (OpenSky: the address of tracks); None where none are asked for.

    Args:
        below: where the kind keeps them, as `FeedKind.traces`.
        api: the network's own address, without a slash at its end; not looked at for readsb.

    >>> roof = FeedSettings(name="roof", kind="readsb", url="http://pi.lan/tar1090/", traces=True)
    >>> place(roof, "/traces", "")
    'http://pi.lan/tar1090/data/traces'
    """
    if not settings.traces:
        return None
    if isinstance(settings.traces, str):
        return settings.traces.rstrip("/")
    if below is None:
        return None
    if settings.kind != "readsb":
        return api + below
    folder = _receivers_folder(settings.url or "")
    return None if folder is None else folder + below


def _receivers_folder(url: str) -> str | None:
    """Where a receiver's `aircraft.json` stands, from what its `url` may be; None for its API."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if parts.scheme == "unix" or parts.query or path.endswith("/re-api"):
        return None
    if path.endswith(".json"):
        path = path.rpartition("/")[0]
    elif parts.scheme in ("http", "https") and not path.endswith("/data"):
        path += "/data"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def traces_mistakes(settings: FeedSettings, below: str | None) -> Iterator[str]:
    """Everything that is wrong with the key `traces`."""
    traces = settings.traces
    if traces is True:
        if below is None:
            yield (
                f"{settings.kind} documents no place of full tracks: write the address of the "
                "folder that holds them (…/data/traces), if its terms allow that"
            )
        elif settings.kind == "readsb" and _receivers_folder(settings.url or "") is None:
            yield (
                "readsb's API gives no traces: write the address of its folder, "
                "like http://HOST/tar1090/data/traces or /run/readsb/traces"
            )
    elif isinstance(traces, str):
        yield from _address_mistakes(settings, traces)


def _address_mistakes(settings: FeedSettings, traces: str) -> Iterator[str]:
    if settings.kind == "opensky":
        yield "OpenSky's tracks have a fixed place: write true or false"
        return
    try:
        parts = urlsplit(traces)
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield "is not a URL"
        return
    if settings.kind == "readsb" and parts.scheme in ("file", ""):
        if parts.netloc or not parts.path.startswith("/"):
            yield "write an absolute path like /run/readsb/traces, or http://…"
    elif parts.scheme not in ("http", "https") or not host:
        yield "is not an address that can be asked; write https://…/data/traces"
    elif parts.username or parts.password:
        yield "must not hold a password"
    elif parts.query or parts.fragment:
        yield "must be the address of a folder: leave out what follows the ? or #"
    elif protected(traces):
        yield f"{host} is a map for people and keeps robots out: leave it alone"
