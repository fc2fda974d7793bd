"""A platform at the other end, faithful to what DingTalk's robot and a signed webhook are known to do, on loopback.

It keeps every message it accepted: the oracle for lost, doubled and out of order.
"""

import base64
import hashlib
import hmac
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "token1234"
SECRET = "SECtest"
HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WINDOW = timedelta(hours=1)
PER_MINUTE = 20
PENALTY = timedelta(minutes=10)

OLD_WORDING = {
    "sign": "sign not match",
    "timestamp": "invalid timestamp",
    "keyword": "keywords not in content",
}
NEW_WORDING = {
    "sign": "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中;",
    "timestamp": "description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在timestampms以内;",
    "keyword": "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;",
}

Answer = tuple[int, dict[str, str], bytes]
# A fault says what it answers and whether the message was accepted all the same.
Fault = Callable[["Platform"], tuple[Answer | None, bool]]


def answer(status: int, document: object = None, **headers: str) -> Answer:
    body = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    return status, headers, body


OK = answer(200, {"errcode": 0, "errmsg": "ok"})

FAULTS: dict[str, Fault] = {
    "500": lambda _: (answer(500, b"oops"), False),
    "html": lambda _: (answer(200, b"<html>please log in</html>"), False),
    "truncated": lambda _: (answer(200, b'{"errcode":0,"err'), True),
    "cut off after accepting": lambda _: (None, True),
    "cut off": lambda _: (None, False),
    "redirect": lambda platform: (answer(302, b"", Location=platform.origin + "/secret"), False),
    "unknown code": lambda _: (answer(200, {"errcode": 987654, "errmsg": "?"}), False),
    "refused": lambda _: (answer(200, {"errcode": 430104, "errmsg": "content"}), False),
    "stopped": lambda _: (answer(200, {"errcode": 400102, "errmsg": "stopped"}), False),
    "false": lambda _: (answer(200, {"errcode": False}), False),
    "410": lambda _: (answer(410, b""), False),
    "429": lambda _: (answer(429, b"", **{"Retry-After": "120"}), False),
    "503 later": lambda _: (answer(503, b"", **{"Retry-After": "900"}), False),
    "404": lambda _: (answer(404, b""), False),
}


@dataclass(frozen=True, slots=True)
class Got:
    """One accepted message."""

    at: datetime
    key: str
    text: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class Platform:
    """One robot and one webhook; `faults` are used up one a request, `outage` lasts."""

    now: Callable[[], datetime]
    origin: str = ""
    keyword: str = "隐患"
    wording: dict[str, str] = field(default_factory=lambda: OLD_WORDING)
    faults: deque[str] = field(default_factory=deque)
    outage: str | None = None
    poison: str | None = None
    asked: list[datetime] = field(default_factory=list)
    accepted: list[Got] = field(default_factory=list)
    peers: list[int] = field(default_factory=list)
    led_astray: list[str] = field(default_factory=list)
    on_request: Callable[[], object] = lambda: None
    silent_until: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def robot(self) -> str:
        return f"{self.origin}/robot/send?access_token={TOKEN}"

    @property
    def hook(self) -> str:
        return f"{self.origin}/hook/abcd"

    def numbers(self) -> list[str]:
        """The visible numbers of what arrived, in order of arrival."""
        return re.findall(r"【隐患 ([^】]*)】", "\n".join(got.text for got in self.accepted))

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """Answer one request, or None to hang up."""
        self.on_request()
        with self.lock:
            self.asked.append(self.now())
            name = self.outage or (self.faults.popleft() if self.faults else None)
            if self.poison and self.poison.encode() in body:
                name = "404"
            url = urlsplit(path)
            if url.path not in {"/robot/send", "/hook/abcd"}:
                self.led_astray.append(path)
                return answer(200, b"secret")
            judge = self._robot if url.path == "/robot/send" else self._hook
            if name:
                said, counts = FAULTS[name](self)
                if counts:
                    self._keep(headers, body)
                return said
            return judge(url.query, headers, body) or self._accept(headers, body)

    def _accept(self, headers: dict[str, str], body: bytes) -> Answer:
        self._keep(headers, body)
        return OK

    def _keep(self, headers: dict[str, str], body: bytes) -> None:
        document = json.loads(body)
        text = document.get("markdown", {}).get("text", "")
        self.accepted.append(Got(self.now(), headers.get("webhook-id", ""), text, document, headers))

    def _robot(self, query: str, headers: dict[str, str], body: bytes) -> Answer | None:
        fields = parse_qs(query, strict_parsing=True)
        if not headers.get("content-type", "").startswith("application/json"):
            return answer(200, {"errcode": 43004, "errmsg": "content type"})
        if fields["access_token"] != [TOKEN]:
            return answer(200, {"errcode": 300005, "errmsg": "token is not exist"})
        if len(body) > 20_000:
            return answer(200, {"errcode": 460101, "errmsg": "too long"})
        return self._security(query, fields, body) or self._pace()

    def _security(self, query: str, fields: dict[str, list[str]], body: bytes) -> Answer | None:
        stamp, raw = fields["timestamp"][0], re.search(r"sign=([^&]*)", query)
        assert raw
        digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        if unquote(raw[1]) != base64.b64encode(digest).decode():  # decoded once: encoded twice does not match
            return self._refuse("sign")
        if abs(self.now().timestamp() * 1000 - int(stamp)) > WINDOW.total_seconds() * 1000:
            return self._refuse("timestamp")
        if self.keyword not in body.decode():
            return self._refuse("keyword")
        return None

    def _refuse(self, why: str) -> Answer:
        return answer(200, {"errcode": 310000, "errmsg": self.wording[why]})

    def _pace(self) -> Answer | None:
        now = self.now()
        if self.silent_until and now < self.silent_until:
            return answer(302, b"", Location=self.origin + "/secret")
        if sum(at > now - timedelta(minutes=1) for at in self.asked) > PER_MINUTE:
            self.silent_until = now + PENALTY
            return answer(200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"})
        return None

    def _hook(self, query: str, headers: dict[str, str], body: bytes) -> Answer | None:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(HOOK_SECRET.removeprefix("whsec_"))
        expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if expected not in headers["webhook-signature"].split(" "):
            return answer(401, b"")
        if abs(self.now().timestamp() - int(headers["webhook-timestamp"])) > 300:
            return answer(400, b"")
        return None


@contextmanager
def serving(platform: Platform) -> Iterator[Platform]:
    """Serve the platform on a loopback port of its own until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            platform.peers.append(self.client_address[1])
            body = self.rfile.read(int(self.headers["content-length"]))
            said = platform.take(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            if said is None:
                self.close_connection = True
                return
            status, headers, content = said
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platform.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
