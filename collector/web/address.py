"""At which URL are the pages, where they listen on a host and a port?"""

from __future__ import annotations


def address_of(host: str, port: int) -> str:
    """Return the URL, without a slash at its end.

    An IPv6 address stands in brackets (https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2).

    >>> address_of("127.0.0.1", 8042), address_of("::1", 8042)
    ('http://127.0.0.1:8042', 'http://[::1]:8042')
    """
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
