"""How does an outside clock sign a hash, and how is that checked? As RFC 3161 describes.

An authority gets the SHA-256 of a root and nothing else. It signs that hash with the time by its
own clock. Who trusts its certificate can check that years later, offline and without it: the
certificates have to be valid at the time of the stamp. The extra `stamps` brings what this needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from collector.errors import StampError, os_words
from collector.untrusted import visible

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

QUERY_TYPE = "application/timestamp-query"
"""RFC 3161, section 3.4."""
MOST_BYTES = 64 << 10
"""Of a response: signature and certificates take some 6 kB."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who stamps, as configured."""

    name: str
    url: str
    certificates: Path
    """The file of its root certificates (PEM)."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority signed, and with which certificates it can be checked."""

    authority: str
    stamped_at: datetime
    response: bytes
    certificates: str
    """PEM."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a stamp says, once its signature holds."""

    at: datetime
    by: str
    """The subject of the certificate that signed."""
    root_sha256: str
    """The SHA-256 of the root certificate that the signature leads to, hexadecimal, as authorities
    print it."""


@dataclass(frozen=True, slots=True)
class Query:
    """A request for a stamp, and the number by which its answer is known."""

    body: bytes
    nonce: int | None


def message_of(root_sha256: str) -> bytes:
    """Return what is stamped: the 64 hexadecimal digits of a root, without an end of line.

    >>> message_of("00" * 32)[:4]
    b'0000'
    """
    return root_sha256.encode("ascii")


def read_certificates(path: Path) -> str:
    """Return the certificates of an authority (PEM). Raises StampError if there are none."""
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StampError(f"the certificates in {path} cannot be read: {os_words(error)}") from error
    _loaded(text, str(path))
    return text


def query_for(message: bytes) -> Query:
    """Return a request for a stamp of the SHA-256 of a message. Raises StampError."""
    client = _client()
    request = (
        client.TimestampRequestBuilder()
        .data(message)
        .hash_algorithm(client.HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .nonce(nonce=True)
        .build()
    )
    return Query(request.as_bytes(), request.nonce)


def signed(response: bytes, message: bytes, certificates: str, nonce: int | None = None) -> Signed:
    """Return what a response says. Raises StampError unless it is a stamp of the message.

    It is one if the authority granted it, signed the message's SHA-256 (and the nonce, if one is
    given), and its certificate is for time stamps, was valid at that time, and leads to one of
    `certificates` (PEM).
    """
    client = _client()
    trusted = _loaded(certificates, "the authority")
    roots = [each for each in trusted if each.issuer == each.subject]
    others = [each for each in trusted if each.issuer != each.subject]
    failure = "there is no root certificate"
    # One root at a time: a stamp by one of several must not be told as that of another.
    for root in roots:
        verifier = client.VerifierBuilder(roots=[root, *others], nonce=nonce).build()
        try:
            answer = client.decode_timestamp_response(response)
            verifier.verify(answer, sha256(message).digest())
            return Signed(answer.tst_info.gen_time, _signer(answer, trusted), _fingerprint(root))
        except (client.VerificationError, ValueError, TypeError) as error:
            failure = visible(str(error), 200)
    raise StampError(f"the stamp does not hold: {failure}")


def is_available() -> bool:
    """Return whether stamps can be checked here: whether the extra `stamps` is installed."""
    try:
        _client()
    except StampError:
        return False
    return True


def _client() -> ModuleType:
    try:
        import rfc3161_client
    except ImportError as error:
        raise StampError(
            "time stamps need the extra `stamps`: pip install 'landing-collector[stamps]'"
        ) from error
    return rfc3161_client


def _loaded(certificates: str, whose: str) -> Sequence[Certificate]:
    _client()
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(certificates.encode("ascii"))
    except ValueError as error:
        raise StampError(f"the certificates of {whose} are none (PEM)") from error


def _signer(answer: TimeStampResponse, trusted: Sequence[Certificate]) -> str:
    """Return the subject of the certificate that signed."""
    from cryptography.x509 import load_der_x509_certificate

    (info,) = answer.signed_data.signer_infos
    given = [load_der_x509_certificate(each) for each in answer.signed_data.certificates]
    for each in (*given, *trusted):
        if (each.issuer, each.serial_number) == (info.issuer, info.serial_number):
            return visible(each.subject.rfc4514_string(), 200)
    raise ValueError("the certificate that signed is missing")


def _fingerprint(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.hashes import SHA256

    return certificate.fingerprint(SHA256()).hex()
