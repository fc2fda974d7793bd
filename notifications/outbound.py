"""The one door out of the house (外发): only to named targets, only to addresses checked while connecting."""

import logging
import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore
import httpx

from notifications.adapter import Request, Response
from notifications.addresses import resolve
from notifications.faults import BadAddress, NotAllowed

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 15.0
ANSWER_BYTES = 65_536

Origin = tuple[str, str, int]
PORTS = {"https": 443, "http": 80}


def client(allow: Iterable[str], *, total: float = TOTAL_SECONDS, tls: ssl.SSLContext | None = None) -> httpx.Client:
    """Return the one client of a process; `allow` lists origins such as "https://oapi.dingtalk.com".

    An origin says http where http is meant, and names a loopback address where one is meant. BadAddress for others.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole addresses, and those are credentials
    return httpx.Client(
        transport=Door(frozenset(map(_listed, allow)), total=total, tls=tls),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(total, connect=CONNECT_SECONDS),
        headers={"Accept-Encoding": "identity", "User-Agent": "hazardloop"},
    )


def must_be_listed(url: str, allow: Sequence[str]) -> None:
    """Refuse with NotAllowed an address that no client with the same `allow` would reach."""
    if _origin(httpx.URL(url)) not in map(_listed, allow):
        raise NotAllowed(field="url", right=f"{'、'.join(allow)}；别的目标先列入 HAZARDLOOP_OUTBOUND")


def send(client: httpx.Client, request: Request) -> Response:
    """POST and read the answer, at most 64 KiB and 15 s in all; NotAllowed, or httpx.TransportError."""
    with client.stream("POST", request.url, headers=dict(request.headers), content=request.body) as answer:
        return Response(answer.status_code, dict(answer.headers), b"".join(answer.iter_raw()))


class Door(httpx.HTTPTransport):
    """Lets a request through to a listed origin; never keeps a connection, so every request is checked anew."""

    def __init__(self, allow: frozenset[Origin], *, total: float, tls: ssl.SSLContext | None) -> None:
        self._allow = allow
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            max_keepalive_connections=0,
            network_backend=_Checked(total),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse with NotAllowed what is not on the list."""
        if request.url.userinfo or _origin(request.url) not in self._allow:
            raise NotAllowed(field="url")
        return super().handle_request(request)


class _Checked(httpcore.NetworkBackend):
    """Resolves a name once, checks every address, and connects to what it has checked: a second answer of the name
    server can't lead elsewhere. TLS still proves the name."""

    def __init__(self, total: float) -> None:
        self._total = total
        self._plain = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *args: Any, **more: Any) -> "_Bounded":
        ends = time.monotonic() + self._total
        failure: Exception = httpcore.ConnectError("no address")
        for address in resolve(host, port):
            try:
                return _Bounded(self._plain.connect_tcp(str(address), port, timeout, *args, **more), ends)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Bounded(httpcore.NetworkStream):
    """A connection that ends after so long and so much, headers included, however slowly it drips."""

    def __init__(self, inner: httpcore.NetworkStream, ends: float) -> None:
        self._inner, self._ends, self._room = inner, ends, ANSWER_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = self._inner.read(max_bytes, self._left(timeout))
        self._room -= len(received)
        if self._room < 0:
            raise httpcore.ReadError("answer too long")
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Bounded":
        return _Bounded(self._inner.start_tls(ssl_context, server_hostname, self._left(timeout)), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("too slow")
        return left if timeout is None else min(left, timeout)


def _listed(origin: str) -> Origin:
    try:
        url = httpx.URL(origin)
    except httpx.InvalidURL:
        raise BadAddress(field="allow", right="https://主机名[:端口]") from None
    if url.scheme not in PORTS or not url.host or url.userinfo or url.path != "/" or url.query:
        raise BadAddress(field="allow", right="https://主机名[:端口]")
    return _origin(url)


def _origin(url: httpx.URL) -> Origin:
    return url.scheme, url.raw_host.decode(), url.port or PORTS.get(url.scheme, 0)
