"""The one place that writes an event (流转记录): a line of exact text, chained to the case's line before it."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from models.instant import iso

GENESIS = "0" * 64


class EventRow(NamedTuple):
    """One event with exactly the columns of its table."""

    case_id: str
    seq: int
    at: datetime
    kind: str
    trigger: str
    actor_id: str | None
    version: int
    body: str
    hash: str


def event(
    head: str,
    *,
    case_id: str,
    seq: int,
    at: datetime,
    kind: str,
    trigger: str,
    actor_id: str | None,
    version: int,
    content: Mapping[str, Any],
) -> EventRow:
    """The next line after `head`; everything is inside `body`, the other columns only repeat it for queries."""
    whole = {
        "case": case_id,
        "seq": seq,
        "at": at,
        "kind": kind,
        "trigger": trigger,
        "actor": actor_id,
        "version": version,
        **{key: value for key, value in content.items() if value or value not in _UNSAID},
    }
    body = canonical(whole)
    return EventRow(case_id, seq, at, kind, trigger, actor_id, version, body, link(head, body))


def link(head: str, body: str) -> str:
    """SHA-256 (hex) over the previous hash and the exact UTF-8 text of the body."""
    return hashlib.sha256(f"{head}\n{body}".encode()).hexdigest()


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces; instants as ISO 8601 in UTC."""
    return orjson.dumps(value, _plain, _OPTIONS).decode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no plain form for {type(value).__name__}")


# What an event leaves out; nought, no and empty text are said.
_UNSAID: tuple[object, ...] = (None, (), {}, [])
# The library's own form of an instant keeps its zone; ours is always UTC.
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
