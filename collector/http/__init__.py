"""How is a web resource fetched politely and safely? The only HTTP and retry code (step 1).

`client` alone knows httpx and tenacity, `lane` keeps one request a host in flight, `order` and
`limits` hold the values, `etiquette` is the pure part: what statuses, headers and bytes ask of
us. `download` brings whole files onto the disk. What goes wrong leaves as a branch of FeedError:

    Unreachable      no connection, a broken or too slow answer, 5xx, a wait ended by a stop
    RateLimited      429, or a 5xx that says when to come back and means later than our patience
    Refused          401, 403
    PaymentRequired  402
    Malformed        another status, a redirect elsewhere, an oversized or unreadable body
"""

from collector.http.client import Http
from collector.http.download import Downloaded, discard, download
from collector.http.request import Response

__all__ = ["Downloaded", "Http", "Response", "discard", "download"]
