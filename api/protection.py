"""What every answer and every request must bear: safe headers (安全响应头) and a body of a sane size (长度上限)."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.evidence.store import LIMIT_BYTES

BODY_LIMIT = 2**20
# Uploads stream to disk and sign in before the first byte: what is refused unread, and what may be kept.
STREAMED = (
    (re.compile(r"/api/v1/cases/[0-9a-f]{32}/evidence"), 64 * 2**20, LIMIT_BYTES),
    (re.compile(r"/api/v1/imports"), 64 * 2**20, 64 * 2**20),
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# The documentation pages come with inline scripts of their own; nothing in them is a user's.
DOCS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'"
    )
}
DOCS_PATHS = ("/docs", "/redoc")
TLS = {"Strict-Transport-Security": "max-age=31536000"}


class SafeHeaders:
    """Adds the headers that a route has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI call."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        docs = scope["path"].startswith(DOCS_PATHS)
        wanted = HEADERS | (DOCS if docs else {}) | (TLS if scope["scheme"] == "https" else {})

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_safely)


class BodyLimit:
    """Refuses (413) a body that is or grows too large, whatever it claimed to be."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI call."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        limits = (sizes for path, *sizes in STREAMED if path.fullmatch(scope["path"]))
        limit, kept = next(limits, (BODY_LIMIT, BODY_LIMIT))
        claimed = Headers(scope=scope).get("content-length", "0")
        if claimed.isdecimal() and int(claimed) > limit:
            refusal = problems.BodyTooLarge(right=f"不超过 {kept >> 20} 兆字节")
            return await problems.answer(refusal)(scope, receive, send)
        size = 0

        async def receive_within() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_within, send)
