"""Where does a feed keep full tracks, and may that place be asked? Its settings say it. Pure.

readsb and tar1090 keep them as `traces/<last two digits>/trace_full_<address>.json` beside
`aircraft.json`, ADS-B Exchange keeps the same files behind its API, and OpenSky has `/tracks/all`
(docs/feed-formats.md#traces, #v2, #opensky). The other networks document no place: there the
operator names the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from collector.feeds.config import FeedSettings
from collector.model.terms import protected


def track_url(settings: FeedSettings, below: str | None, api: str) -> str | None:
    """Return the folder of traces (OpenSky: the address of tracks); None if none are fetched.

    Args:
        below: path of the kind's full tracks, as `FeedKind.traces`.
        api: the address of the API, without a slash at its end; not used for readsb.

    >>> roof = FeedSettings(name="roof", kind="readsb", url="http://pi.lan/tar1090/", traces=True)
    >>> track_url(roof, "/traces", "")
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
    """Return the folder of a receiver's `aircraft.json`, from its `url`; None for its API."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if parts.scheme == "unix" or parts.query or path.endswith("/re-api"):
        return None
    if path.endswith(".json"):
        path = path.rpartition("/")[0]
    elif parts.scheme in ("http", "https") and not path.endswith("/data"):
        path += "/data"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def track_mistakes(settings: FeedSettings, below: str | None) -> Iterator[str]:
    """Yield everything that is wrong with the key `traces`."""
    traces = settings.traces
    if traces is True:
        if below is None:
            yield (
                f"{settings.kind} documents no place of full tracks: write the address of the "
                "folder that holds them (…/data/traces), if its terms allow that"
            )
        elif settings.kind == "readsb" and _receivers_folder(settings.url or "") is None:
            yield (
                "readsb's API has no traces: write the address of their folder, "
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
            yield "is not an absolute path: write it like /run/readsb/traces, or http://…"
    elif parts.scheme not in ("http", "https") or not host:
        yield "is not the address of a folder: write it like https://…/data/traces"
    elif parts.username or parts.password:
        yield "must not contain a password"
    elif parts.query or parts.fragment:
        yield "must be the address of a folder, without a ? or # and what follows"
    elif protected(traces):
        yield f"{host} does not allow programs to read its map: name another address"
