"""Pages (分页) by key, never by offset: opaque cursors over the last row's key, two hundred rows at most."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from workflow.refusals import Refusal

CAP = 200
T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=CAP, description="每页最多几条，上限 200")]
CursorText = Annotated[str | None, Query(max_length=300, description="上一页给出的 next；不填从头开始")]


class BadCursor(Refusal):
    """分页位置无效。"""


class Page(BaseModel, Generic[T]):
    """一页内容；`next` 为空表示没有下一页。"""

    items: list[T]
    next: str | None = Field(None, description="下一页的 cursor")


def encode(*key: Any) -> str:
    """An opaque cursor for a key of texts, integers and instants."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in key]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """The key that `encode` made, of exactly these types; None without a cursor, `BadCursor` for anything else."""
    if cursor is None:
        return None
    try:
        plain = json.loads(base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        return tuple(_typed(value, kind) for value, kind in zip(plain, kinds, strict=True))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise BadCursor(field="cursor", right="上一页给出的 next") from error


def page(rows: Sequence[Any], limit: int, key: Callable[[Any], tuple[Any, ...]]) -> tuple[Sequence[Any], str | None]:
    """The first `limit` of `limit + 1` rows, and the cursor of the next page if there is one."""
    kept = rows[:limit]
    return kept, encode(*key(kept[-1])) if len(rows) > limit else None


def _typed(value: object, kind: type) -> object:
    if kind is datetime and isinstance(value, str):
        at = datetime.fromisoformat(value)
        # An instant at the edge of the calendar has no UTC form.
        if at.tzinfo is not None and 1980 <= at.year < 2200:
            return at
    # NUL is ASCII too, and PostgreSQL refuses the comparison with it.
    if type(value) is not kind or (isinstance(value, str) and not (value.isascii() and value.isprintable())):
        raise TypeError(kind.__name__)
    # Beyond any column of ours, a database would refuse the comparison itself.
    if isinstance(value, int) and not 0 <= value < 2**31:
        raise OverflowError
    return value
