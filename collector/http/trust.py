"""Which certificates does a host have to show? Those that the system trusts, or an operator's own.

A receiver of one's own behind TLS often has a certificate of a private authority, which no system
knows. Its file of certificates then replaces the system's, for that host alone.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from collector.errors import ConfigError, Mistake


class Trust:
    """Which certificates are trusted for which host."""

    def __init__(self, ca_files: Mapping[str, Path] | None = None) -> None:
        """Read the files of certificates (PEM), by host name; other hosts are trusted as usual.

        Raises ConfigError with every file that cannot be used.
        """
        self._files = {host: str(path) for host, path in (ca_files or {}).items()}
        self._contexts: dict[str, ssl.SSLContext] = {}
        mistakes = []
        for path in dict.fromkeys(self._files.values()):
            try:
                self._contexts[f"https by {path}"] = ssl.create_default_context(cafile=path)
            except OSError as error:
                what = f"cannot be used: {error.strerror or error}; name a file of certificates"
                mistakes.append(Mistake(f"ca_file {path}", f"{what} (PEM)"))
        if mistakes:
            raise ConfigError(mistakes)

    def key(self, scheme: str, host: str) -> str:
        """Return a name that is equal for hosts which may share a client."""
        path = self._files.get(host) if scheme == "https" else None
        return scheme if path is None else f"https by {path}"

    def verify(self, key: str) -> ssl.SSLContext | bool:
        """Return how to check certificates, for httpx; False where there are none."""
        return self._contexts.get(key, key == "https")


SYSTEM = Trust()
"""No certificates but the system's."""
