"""A signed webhook for any other system: Standard Webhooks 1.0 headers around a CloudEvents 1.0 JSON body."""

import binascii
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.adapter import Limit, Outgoing, Request, Response, Result, link
from notifications.answers import retry_after
from notifications.faults import BadSecret
from notifications.settings import Settings

PREFIX = "whsec_"
SECRET_BYTES = range(24, 65)  # Standard Webhooks 1.0, "Symmetric"
QUIET = timedelta(minutes=1)
RIGHT = "whsec_ 开头的 Base64 密钥，24 至 64 字节"


@dataclass(frozen=True, slots=True)
class Webhook:
    """The adapter; the address is somebody's own, so no reason tells the exact status to whoever typed it in."""

    limit: Limit | None = None

    def check(self, settings: Settings) -> None:
        """BadSecret without a secret, or with one that is not 24 to 64 bytes of base64."""
        if not settings.secrets:
            raise BadSecret(field="secrets", right=RIGHT)
        for secret in settings.secrets:
            _key(secret)

    def request(self, settings: Settings, message: Outgoing, *, now: datetime) -> Request:
        """Build the POST; `webhook-id` is the CloudEvents id is the message's id, on every attempt."""
        content = json.dumps(event(settings, message), ensure_ascii=False).encode()
        stamp = int(now.timestamp())
        signatures = (sign(secret, message.id, stamp, content) for secret in settings.secrets)
        headers = {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "webhook-id": message.id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": " ".join(signatures),
        }
        return Request(settings.url, headers, content)

    def classify(self, response: Response, *, now: datetime) -> Result:
        """2xx is accepted, 410 ends the channel, Retry-After is honoured, all else is tried again."""
        pause = retry_after(response.headers, now=now)
        match response.status:
            case status if 200 <= status < 300:
                return Result("accepted")
            case 410:
                return Result("gone", "对方已停用这个地址")
            case 429:
                return Result("throttled", "对方要求放慢", QUIET if pause is None else pause)
            case 503 if pause is not None:
                return Result("throttled", "对方要求稍后再发", pause)
            case status if status == 408 or status >= 500 or status < 400:
                return Result("down", "对方暂时不可用", pause)
        return Result("retry", "对方没有接受", pause)


WEBHOOK = Webhook()


def sign(secret: str, message_id: str, timestamp: int, content: bytes) -> str:
    """Return "v1,…": base64 of HMAC-SHA256 over id, timestamp in seconds and content (Standard Webhooks 1.0)."""
    signed = f"{message_id}.{timestamp}.".encode() + content
    return "v1," + b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def event(settings: Settings, message: Outgoing) -> dict[str, Any]:
    """Return the CloudEvents 1.0 envelope: ids, state and link, no words of the case and no names of people."""
    payload = message.payload
    about_case = {
        "case_id": message.case_id,
        "number": payload.get("number"),
        "state": payload.get("state"),
        "seq": payload.get("seq"),
        "link": link(settings, message),
    }
    return {
        "specversion": "1.0",
        "id": message.id,
        "source": settings.base_url or "urn:hazardloop",
        "type": f"hazardloop.{message.template}",
        "time": message.created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        # The extension wants text that sorts as the numbers do.
        "sequence": f"{message.number:010d}",
        "datacontenttype": "application/json",
        **({"subject": f"case/{payload['number']}"} if payload.get("number") else {}),
        "data": {
            **(about_case if message.case_id else dict(payload.get("data") or {})),
            "message_no": message.number,
            "priority": message.priority,
        },
    }


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadSecret(field="secrets", right=RIGHT) from None
    if len(key) not in SECRET_BYTES:
        raise BadSecret(field="secrets", right=RIGHT)
    return key
