"""How is a web resource fetched politely and safely? Here is the only HTTP and retry code.

`client` alone knows httpx and tenacity, `host_lane` keeps one request to a host in flight,
`request` holds the values, and `etiquette` is the pure part: what statuses, headers and bytes mean
for us. `download` writes whole files to the disk. Every failure is raised as a branch of FeedError:

    Unreachable      no connection, a broken or too slow answer, 5xx, or a stop while waiting
    RateLimited      429, or a 403 or 5xx that asks for a pause longer than our patience
    Challenged       a page that tests browsers, whatever its status
    Refused          401, 403
    PaymentRequired  402
    Malformed        another status, a redirect elsewhere, an oversized or unreadable body
"""

from collector.http.client import Http
from collector.http.download import Downloaded, discard, download
from collector.http.request import Request, Response
from collector.http.trust import Trust

__all__ = ["Downloaded", "Http", "Request", "Response", "Trust", "discard", "download"]
