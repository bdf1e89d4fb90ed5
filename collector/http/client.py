"""How does a request reach its host, how often is it tried, and how does it fail?

The only module that imports httpx and tenacity. Time-outs of a connection are real time; every
wait of ours goes through the injected clock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from collector.clock import Clock
from collector.errors import FeedError, Interrupted, Malformed, Unreachable
from collector.http import request as request_http
from collector.http.etiquette import (
    LIMITED_PAUSE,
    RETRIED,
    http_date,
    kept_headers,
    reason_given,
    redirected,
    retry_after,
    user_agent,
    verdict,
)
from collector.http.host_lane import Lane, knock
from collector.http.request import Order, Response, Validators, revealed
from collector.secret import Secret
from collector.untrusted import visible

STOPPING = "the collector is stopping"

_BACKOFF = wait_exponential_jitter(multiplier=1, max=10, jitter=1)
_NETWORK = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, OSError)
_OURS = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)


class _Again(Exception):  # noqa: N818 - a signal, never seen outside
    """This attempt failed in a way that the next one may not; `wish` is the server's pause."""

    def __init__(self, error: FeedError, wish: timedelta = timedelta()) -> None:
        self.error = error
        self.wish = wish
        super().__init__(str(error))


class Http:
    """A polite client for all hosts. Thread-safe: requests to one host queue up."""

    def __init__(
        self,
        *,
        contact: str | None,
        clock: Clock,
        version: str,
        homepage: str | None = None,
        patience: timedelta = request_http.PATIENCE,
        timeout: timedelta = request_http.TIMEOUT,
    ) -> None:
        self._clock = clock
        self._patience = patience
        self._timeout = timeout
        self._agent = user_agent(version, homepage, contact)
        self._lanes: dict[str, Lane] = {}
        self._clients: dict[str, httpx.Client] = {}
        self._validators = Validators()
        self._guard = threading.Lock()
        self._closed = False
        self.offsets: dict[str, timedelta] = {}
        """Host → its `Date` minus our clock at its last answer: how a clock that is off shows."""

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str | Secret] | None = None,
        spacing: timedelta = timedelta(),
        timeout: timedelta | None = None,
        max_bytes: int = request_http.MAX_BYTES,
        conditional: bool = False,
        tolerate: Collection[int] = (),
        pay: Callable[[], None] | None = None,
        socket_path: str | None = None,
    ) -> Response:
        """Fetch `url`, through the unix socket `socket_path` if one is given.

        Args:
            timeout: for one exchange instead of the client's own.
            spacing: least pause since the last request to that host ended.
            conditional: send ETag and Last-Modified of its last 200; see `forget`.
            tolerate: statuses to hand back instead of raising.
            pay: called before every request that really goes out; may raise to stop it.

        Raises the branches of FeedError as the room says, and whatever `pay` raises.
        """
        order = Order(
            url=url,
            headers=headers or {},
            spacing=spacing,
            timeout=timeout or self._timeout,
            max_bytes=max_bytes,
            tolerate=tolerate,
            conditional=conditional,
            pay=pay,
            socket_path=socket_path,
        )
        return self.fetch(order)

    def post_form(
        self,
        url: str,
        form: Mapping[str, str | Secret],
        *,
        spacing: timedelta = timedelta(),
        refusals: Collection[int] = (),
    ) -> Response:
        """Post a form that may safely be posted twice (a token request). Raises as `get` does.

        Args:
            refusals: further statuses that mean Refused.
        """
        order = Order(
            url=url,
            headers={},
            spacing=spacing,
            timeout=self._timeout,
            max_bytes=request_http.MAX_ERROR_BYTES,
            refusals=refusals,
            form=form,
        )
        return self.fetch(order)

    def forget(self, url: str) -> None:
        """Ask for `url` unconditionally next time: its last body turned out to be unusable."""
        self._validators.forget(url)

    def close(self) -> None:
        """Break what is in flight and refuse every later request."""
        with self._guard:
            self._closed = True
            lanes, clients = list(self._lanes.values()), list(self._clients.values())
        for lane in lanes:
            lane.sever()
        for client in clients:
            client.close()

    def fetch(self, order: Order) -> Response:
        """One order, retries within our patience included. Raises as `get` does."""
        try:
            url = httpx.URL(order.url)
        except (httpx.InvalidURL, UnicodeError):
            raise Malformed(f"{order.named}: not a URL; check the feed's address") from None
        with self._guard:
            host = order.socket_path or url.netloc.decode("ascii")
            lane = self._lanes.setdefault(host, Lane())
        with lane.lock:
            deadline = self._clock.now() + self._patience
            retrying = Retrying(
                retry=retry_if_exception_type(_Again),
                wait=_pause,
                stop=lambda state: (
                    self._closed
                    or state.attempt_number >= request_http.ATTEMPTS
                    or self._clock.now() + timedelta(seconds=state.upcoming_sleep) > deadline
                ),
                sleep=lambda seconds: self._wait(timedelta(seconds=seconds), order),
                reraise=True,
            )
            try:
                return retrying(self._attempt, order, lane, url)
            except _Again as again:
                raise again.error from again.__cause__

    def _attempt(self, order: Order, lane: Lane, url: httpx.URL) -> Response:
        """One try, redirects on the same host included."""
        for _ in range(request_http.MAX_REDIRECTS + 1):
            if lane.ended_at is not None:
                gone = self._clock.now() - lane.ended_at
                # A clock that was set back must not make us wait for longer than the spacing.
                self._wait(min(order.spacing, order.spacing - gone), order)
            if order.pay is not None:
                order.pay()
            try:
                answer = self._exchange(order, lane, url)
            finally:
                lane.ended_at = self._clock.now()
            if isinstance(answer, Response):
                return answer
            url = answer
        raise Malformed(f"{order.named}: redirects in a circle; check the feed's address")

    def _exchange(self, order: Order, lane: Lane, url: httpx.URL) -> Response | httpx.URL:
        """One request: its answer, or where it redirects to."""
        seconds = order.timeout.total_seconds()
        try:
            if order.socket_path is not None:
                knock(order.socket_path, seconds)
            with (
                lane.alarm(seconds),
                self._client(order, url.scheme).stream(
                    "GET" if order.form is None else "POST",
                    url,
                    headers=order.sent() | self._validators.headers_for(order),
                    data=None if order.form is None else revealed(order.form),
                    timeout=order.stall.total_seconds() if order.stall else seconds,
                    extensions={"trace": lane.watch},
                ) as answer,
            ):
                return self._judged(order, answer)
        except (*_NETWORK, RuntimeError) as error:
            if self._closed:
                raise Interrupted(f"{order.named}: cut off, {STOPPING}") from error
            if isinstance(error, RuntimeError):
                raise
            late = lane.cut or isinstance(error, httpx.TimeoutException)
            what = f"no whole answer within {seconds:g} s" if late else visible(str(error), 200)
            raise _Again(Unreachable(f"{order.named}: {what}; asked again later")) from error
        except _OURS:
            # Their texts may quote our own headers, so neither text nor cause goes on.
            raise Malformed(f"{order.named}: cannot be asked; check the feed's address") from None

    def _judged(self, order: Order, answer: httpx.Response) -> Response | httpx.URL:
        self._compare_clocks(answer)
        if answer.has_redirect_location:
            location = answer.headers["location"]
            return httpx.URL(redirected(order.shown, str(answer.url), location, order.follow))
        status = answer.status_code
        good = order.welcomes(status)
        try:
            body = order.read(status, answer.headers, answer.iter_raw())
        except ValueError as error:
            if good:
                raise Malformed(f"{order.named}: its body {error}; asked again later") from None
            body = b""
        if not good:
            raise self._failed(order, answer, body)
        if status == 200:
            self._validators.remember(order, answer.headers)
        return Response(
            status=status,
            headers=kept_headers(answer.headers.multi_items()),
            body=body,
            url=order.shown,
            received_at=self._clock.now(),
            not_modified=status == 304,
        )

    def _failed(self, order: Order, answer: httpx.Response, body: bytes) -> Exception:
        status = answer.status_code
        wish = retry_after(answer.headers, self._clock.now())
        meaning = 401 if status in order.refusals else status
        error = verdict(order.named, meaning, reason_given(body, order.secrets), wish)
        if status not in RETRIED:
            return error
        unnamed = LIMITED_PAUSE if status == 429 else timedelta()
        return _Again(error, unnamed if wish is None else wish)

    def _compare_clocks(self, answer: httpx.Response) -> None:
        server_now = http_date(answer.headers.get("date"))
        if server_now is not None:
            self.offsets[answer.url.host] = server_now - self._clock.now()

    def _client(self, order: Order, scheme: str) -> httpx.Client:
        """One for that scheme or unix socket; none minds the environment's proxies."""
        path = order.socket_path
        key = path or scheme
        with self._guard:
            if self._closed:
                raise Interrupted(f"{order.named}: not asked, {STOPPING}")
            if key not in self._clients:
                self._clients[key] = httpx.Client(
                    transport=httpx.HTTPTransport(verify=key == "https", trust_env=False, uds=path),
                    trust_env=False,
                    follow_redirects=False,
                    headers={
                        "User-Agent": self._agent,
                        "Accept": "application/json",
                        "Accept-Encoding": "gzip",
                    },
                    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                )
            return self._clients[key]

    def _wait(self, span: timedelta, order: Order) -> None:
        """Raises Interrupted if told to stop meanwhile."""
        if span > timedelta() and self._clock.wait(span):
            raise Interrupted(f"{order.named}: not asked, {STOPPING}")


def _pause(state: RetryCallState) -> float:
    """Seconds until the next attempt: our back-off with jitter, or longer if the server says."""
    error = state.outcome.exception() if state.outcome is not None else None
    wish = error.wish if isinstance(error, _Again) else timedelta()
    return max(wish.total_seconds(), _BACKOFF(state))
