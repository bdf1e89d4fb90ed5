"""How does a request reach its host, how often is it tried, and how does it fail? `Http` does it.

Only here are httpx and tenacity imported. Time-outs are real time, pauses the injected clock's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from collector.clock import Clock
from collector.errors import FeedError, Interrupted, Malformed, RateLimited, Unreachable, os_words
from collector.http import request as request_http
from collector.http.etiquette import failure, kept_headers, redirected, user_agent
from collector.http.host_clocks import HostClocks, present_date
from collector.http.host_lane import HostLane, HostLanes, probe_socket
from collector.http.request import CONNECTING_SHARE, Request, Response, Validators, revealed
from collector.http.trust import SYSTEM, Trust
from collector.secret import Secret

STOPPING = "the collector is stopping"

_ACCEPTED = {"Accept": "application/json", "Accept-Encoding": "gzip"}
_BACKOFF = wait_exponential_jitter(multiplier=1, max=10, jitter=1)
_NETWORK = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, OSError)
_OURS = (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError)


class _Retry(Exception):  # noqa: N818 - a signal, never seen outside
    """This attempt failed, but the next may succeed; `wish` is the pause the server asks for."""

    def __init__(self, error: FeedError, wish: timedelta = timedelta()) -> None:
        self.error, self.wish = error, wish
        super().__init__(str(error))


class Http:
    """A polite client for all hosts. Thread-safe: requests to one host wait for each other."""

    def __init__(
        self,
        *,
        contact: str | None,
        clock: Clock,
        version: str,
        trust: Trust = SYSTEM,
        patience: timedelta = request_http.PATIENCE,
        timeout: timedelta = request_http.TIMEOUT,
    ) -> None:
        self._clock = clock
        self._ca = trust
        self._patience = patience
        self._timeout = timeout
        self._agent = user_agent(version, contact)
        self._clients: dict[str, httpx.Client] = {}
        self._validators = Validators()
        self._guard = threading.Lock()
        self._closed = False
        self.lanes = HostLanes()
        self.host_clocks = HostClocks(clock)

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str | Secret] | None = None,
        spacing: timedelta = timedelta(),
        timeout: timedelta | None = None,
        max_bytes: int = request_http.MAX_BYTES,
        conditional: bool = False,
        teaches: bool = False,
        tolerate: Collection[int] = (),
        pay: Callable[[], None] | None = None,
        socket_path: str | None = None,
    ) -> Response:
        """Fetch `url`, through the unix socket `socket_path` if given, and return the answer.

        Args:
            timeout: for one exchange, instead of the client's own.
            spacing: shortest pause after the end of the last request to that host.
            conditional: send the ETag and Last-Modified of the last 200; see `forget`.
            teaches: learn the host's pace from the answer; see `model.host_pace`.
            tolerate: further statuses to return instead of raising.
            pay: called before every request that is really sent; may raise to stop it.

        Raises the branches of FeedError (see the package's docstring), and what `pay` raises.
        """
        return self.fetch(
            Request(
                url=url,
                headers=headers or {},
                spacing=spacing,
                timeout=timeout or self._timeout,
                max_bytes=max_bytes,
                tolerate=tolerate,
                conditional=conditional,
                teaches=teaches,
                pay=pay,
                socket_path=socket_path,
            )
        )

    def post_form(
        self,
        url: str,
        form: Mapping[str, str | Secret],
        *,
        spacing: timedelta = timedelta(),
        refusals: Collection[int] = (),
    ) -> Response:
        """Post a form that may be posted twice (a token request), and return the answer.

        `refusals` are further statuses that mean Refused. Raises as `get` does.
        """
        return self.fetch(
            Request(
                url=url,
                headers={},
                spacing=spacing,
                timeout=self._timeout,
                max_bytes=request_http.MAX_ERROR_BYTES,
                refusals=refusals,
                form=form,
            )
        )

    def forget(self, url: str) -> None:
        """Fetch `url` unconditionally next time, because its last body was unusable."""
        self._validators.forget(url)

    def close(self) -> None:
        """Break the requests in flight, and refuse every later one."""
        with self._guard:
            self._closed = True
            clients = list(self._clients.values())
        self.lanes.sever()
        for client in clients:
            client.close()

    def fetch(self, request: Request) -> Response:
        """Send one request, with retries within our patience, and return the answer.

        1. Wait for the host's lane.
        2. Pause, pay and send; follow redirects on the same host.
        3. After a failure that may pass, wait and go back to 2. Raises as `get` does.
        """
        try:
            url = httpx.URL(request.url)
        except (httpx.InvalidURL, UnicodeError):
            raise Malformed(f"{request.label}: not a URL; check the feed's address") from None
        lane = self.lanes.lane(request.socket_path or url.netloc.decode("ascii"))
        with lane.lock:
            deadline = self._next_try_at(lane, request, 0.0) + self._patience
            retrying = Retrying(
                retry=retry_if_exception_type(_Retry),
                wait=_pause,
                stop=lambda state: (
                    self._closed
                    or state.attempt_number >= request_http.ATTEMPTS
                    or self._next_try_at(lane, request, state.upcoming_sleep) > deadline
                ),
                sleep=lambda seconds: self._wait(timedelta(seconds=seconds), request),
                reraise=True,
            )
            try:
                return retrying(self._attempt, request, lane, url)
            except _Retry as last:
                raise last.error from last.__cause__
            except Malformed:
                self.forget(request.url)  # the next request must not fail for the same validator
                raise

    def _next_try_at(self, lane: HostLane, request: Request, sleep_s: float) -> datetime:
        now = self._clock.now()
        return now + max(timedelta(seconds=sleep_s), lane.pause_left(request.spacing, now))

    def _attempt(self, request: Request, lane: HostLane, url: httpx.URL) -> Response:
        for _ in range(request_http.MAX_REDIRECTS + 1):
            self._wait(lane.pause_left(request.spacing, self._clock.now()), request)
            if request.pay is not None:
                request.pay()
            try:
                answer = self._exchange(request, lane, url)
            finally:
                lane.ended_at = self._clock.now()
            if isinstance(answer, Response):
                return answer
            url = answer
        raise Malformed(f"{request.label}: redirects in a circle; check the feed's address")

    def _exchange(self, request: Request, lane: HostLane, url: httpx.URL) -> Response | httpx.URL:
        """Send one request; return its answer, or the URL that it redirects to."""
        seconds, stall = request.timeout.total_seconds(), request.longest_stall.total_seconds()
        try:
            if request.socket_path is not None:
                probe_socket(request.socket_path, seconds)
            with (
                lane.alarm(seconds),
                self._client(request, url).stream(
                    "GET" if request.form is None and request.content is None else "POST",
                    url,
                    content=request.content,
                    headers=request.sent() | self._validators.headers_for(request),
                    data=None if request.form is None else revealed(request.form),
                    timeout=httpx.Timeout(stall, connect=seconds * CONNECTING_SHARE),
                    extensions={"trace": lane.watch},
                ) as answer,
            ):
                return self._judged(request, lane, answer)
        except (*_NETWORK, RuntimeError) as error:
            if self._closed:
                raise Interrupted(f"{request.label}: ended early, {STOPPING}") from error
            if isinstance(error, RuntimeError):
                raise
            late = lane.cut or isinstance(error, httpx.TimeoutException)
            why = f"no complete answer within {seconds:g} s" if late else os_words(error)
            what = f"{request.label}: {request.harmless(why)}; tried again later"
            raise _Retry(Unreachable(what)) from error
        except _OURS:
            # These texts may quote our own headers, so neither text nor cause is passed on.
            raise Malformed(f"{request.label}: cannot be used; check the address") from None

    def _judged(
        self, request: Request, lane: HostLane, answer: httpx.Response
    ) -> Response | httpx.URL:
        self._compare_clocks(answer)
        if answer.has_redirect_location:
            location = answer.headers["location"]
            at, keys = str(answer.url), request.secrets
            return httpx.URL(redirected(request.shown, at, location, request.follow, keys))
        status = answer.status_code
        good = request.accepts(status)
        try:
            body = request.read(status, answer.headers, answer.iter_raw())
        except ValueError as error:
            if good:
                raise Malformed(f"{request.label}: its body {error}; tried again later") from None
            body = b""
        if not good:
            raise self._failed(request, lane, answer, body)
        if request.teaches:
            lane.pace = lane.pace.after_answer(request.spacing)
        if status == 200:
            self._validators.remember(request, answer.headers)
        return Response(
            status=status,
            headers=kept_headers(answer.headers.multi_items(), request.secrets),
            body=body,
            url=request.shown,
            received_at=self._clock.now(),
            not_modified=status == 304,
        )

    def _failed(
        self, request: Request, lane: HostLane, answer: httpx.Response, body: bytes
    ) -> Exception:
        status = 401 if answer.status_code in request.refusals else answer.status_code
        error, wish = failure(request.label, status, answer.headers, body, self._clock.now())
        if status == 429 and request.teaches and isinstance(error, RateLimited):
            lane.pace = lane.pace.after_limit(request.spacing)
        return error if wish is None else _Retry(error, wish)

    def _compare_clocks(self, answer: httpx.Response) -> None:
        server_now = present_date(answer.headers)
        if server_now is not None:
            self.host_clocks.note(answer.url.host, server_now)

    def _client(self, request: Request, url: httpx.URL) -> httpx.Client:
        """Return the client for that scheme or socket; it ignores the environment's proxies."""
        path, key = request.socket_path, request.socket_path or self._ca.key(url.scheme, url.host)
        with self._guard:
            if self._closed:
                raise Interrupted(f"{request.label}: not asked, {STOPPING}")
            if key not in self._clients:
                self._clients[key] = httpx.Client(
                    transport=httpx.HTTPTransport(self._ca.verify(key), trust_env=False, uds=path),
                    trust_env=False,
                    follow_redirects=False,
                    headers={"User-Agent": self._agent, **_ACCEPTED},
                    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                )
            return self._clients[key]

    def _wait(self, span: timedelta, request: Request) -> None:
        """Wait. Raises Interrupted if the collector stops meanwhile."""
        if span > timedelta() and self._clock.wait(span):
            raise Interrupted(f"{request.label}: not asked, {STOPPING}")


def _pause(state: RetryCallState) -> float:
    """Return the seconds until the next attempt: our own with jitter, or the server's if longer."""
    error = state.outcome.exception() if state.outcome is not None else None
    wish = error.wish if isinstance(error, _Retry) else timedelta()
    return max(wish.total_seconds(), _BACKOFF(state))
