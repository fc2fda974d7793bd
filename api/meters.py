"""Meters (计数器) of this process: requests answered, and how late the steps of deadlines took effect."""

from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REGISTRY = CollectorRegistry(auto_describe=False)
REQUESTS = Counter("hazardloop_requests", "Requests answered", ("method", "route", "status"), registry=REGISTRY)
SECONDS = Histogram(
    "hazardloop_request_seconds", "Time to the first byte of the answer", registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
LATENESS = Histogram(
    "hazardloop_rung_lateness_seconds", "How late the latest deadline step of each batch took effect",
    registry=REGISTRY, buckets=(0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3600, 86400),
)  # fmt: skip
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN = "other"


class Counting:
    """ASGI middleware: counts every answer under its route's template, never under an address somebody made up."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI call."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                SECONDS.observe(perf_counter() - begun)
                method = scope["method"] if scope["method"] in METHODS else UNKNOWN
                route = getattr(scope.get("route"), "path", UNKNOWN)
                REQUESTS.labels(method, route, message["status"]).inc()
            await send(message)

        await self.app(scope, receive, send_counted)
