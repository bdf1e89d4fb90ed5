"""Who else knew a root, and when? Authorities that stamp it, and packs that carry their stamps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from collector.audit.sealing import Proof
from collector.errors import CollectorError, StampError
from collector.http import Http, Request
from collector.model.seal import Root
from collector.store import Store, stamps
from collector.store.encoding import to_json
from collector.timestamps import (
    MOST_BYTES,
    QUERY_TYPE,
    Authority,
    Signed,
    Stamp,
    is_available,
    message_of,
    query_for,
    read_certificates,
    signed,
)

TIMEOUT = timedelta(seconds=20)
AT_ONCE = 10
"""So many roots are stamped by one authority in one run: what it missed, and a little more."""
SEAL = "seal.json"
STAMP, CERTIFICATES = "stamp-{}.tsr", "stamp-{}.pem"
"""The files of one stamp in a pack, by its number from 1."""

Ask = Callable[[Authority, bytes], bytes]
"""Posts a query to an authority, and returns the body of its answer."""


def asker(http: Http) -> Ask:
    """Return how an authority is asked over HTTP. What it returns raises FeedError."""

    def ask(authority: Authority, query: bytes) -> bytes:
        request = Request(
            url=authority.url,
            headers={"Content-Type": QUERY_TYPE, "Accept": "application/timestamp-reply"},
            spacing=timedelta(),
            timeout=TIMEOUT,
            max_bytes=MOST_BYTES,
            content=query,
        )
        return http.fetch(request).body

    return ask


def stamp_roots(
    store: Store, authorities: Iterable[Authority], ask: Ask
) -> Iterator[tuple[Authority, Root, Stamp | CollectorError]]:
    """Ask each authority to stamp the roots that it has not stamped yet, the newest first.

    Yield each root with its stamp, which is stored then, or with why there is none: the authority
    is asked no more in this run. Raises StoreError.
    """
    for authority in authorities:
        for root in stamps.unstamped(store, authority.name, AT_ONCE):
            try:
                found = _stamp(authority, root, ask)
            except CollectorError as error:
                yield authority, root, error
                break
            stamps.store_stamp(store, root, found)
            yield authority, root, found


def _stamp(authority: Authority, root: Root, ask: Ask) -> Stamp:
    certificates, message = read_certificates(authority.certificates), message_of(root.sha256)
    query = query_for(message)
    response = ask(authority, query.body)
    told = signed(response, message, certificates, query.nonce)
    return Stamp(authority.name, told.at, response, certificates)


def files_of(store: Store, proof: Proof) -> dict[str, bytes]:
    """Return the files of a pack that say when its replies were sealed and who stamped that, by
    name. Raises StoreError."""
    files = {SEAL: f"{to_json(proof)}\n".encode()}
    for number, each in enumerate(stamps.stamps_of(store, proof.root), 1):
        files[STAMP.format(number)] = each.response
        files[CERTIFICATES.format(number)] = each.certificates.encode("ascii")
    return files


def checked_stamps(
    folder: Path, names: Iterable[str], root_sha256: str
) -> tuple[list[str], list[str]]:
    """Return what the stamps of an unpacked pack say of its root, and what is wrong with them.

    A sentence each. Without the extra `stamps` they are not checked, and the sentence says so.
    """
    present = frozenset(names)
    stamped = [each for each in sorted(present) if each.startswith("stamp-")]
    if not stamped:
        return [], []
    if not is_available():
        return ["Its time stamps were not checked here: that needs the extra `stamps`."], []
    told, wrong = [], []
    for name in stamped:
        if not name.endswith(".tsr"):
            continue
        certificates = name.removesuffix(".tsr") + ".pem"
        try:
            one = _read(folder, {name, certificates} & present, name, certificates, root_sha256)
        except StampError as error:
            wrong.append(f"{name}: {error}")
        else:
            told.append(
                f"{one.by} stamped that root on {one.at:%Y-%m-%d %H:%M:%S} UTC ({name}). Compare "
                f"its certificate with one that you trust: SHA-256 {one.root_sha256}."
            )
    return told, wrong


def _read(
    folder: Path, present: Iterable[str], name: str, certificates: str, root_sha256: str
) -> Signed:
    files: Mapping[str, bytes] = {each: (folder / each).read_bytes() for each in present}
    if certificates not in files:
        raise StampError(f"{certificates} is missing")
    try:
        pem = files[certificates].decode("ascii")
    except UnicodeDecodeError as error:
        raise StampError(f"{certificates} holds no certificates") from error
    return signed(files[name], message_of(root_sha256), pem)
