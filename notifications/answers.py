"""What answers of platforms have in common."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

LONGEST = timedelta(days=1)


def json_object(body: bytes) -> Mapping[str, Any] | None:
    """Return the JSON object an answer holds; None for HTML, a truncated answer, or any other value."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Return the wait of a Retry-After header (RFC 9110 §10.2.3), 0 to 24 h; None without a readable one."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=min(int(value[:9]), 86_400)), LONGEST)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta()), LONGEST)
