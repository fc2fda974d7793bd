"""The bulletin (曝光通报) of a round: a whitelist; what is not written here is not public."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from workflow.arithmetic import last_day
from workflow.hazard import LABELS
from workflow.rounds.items import Item
from workflow.rounds.scrub import scrub
from workflow.texts import fold

# A hazard that came from somebody's tip is public only in words that somebody wrote for the public.
TIPS = ("举报", "投诉", "12345", "12350", "信访", "来信")


def bulletin(number: int, items: Iterable[Item], *, now: datetime, published_at: datetime | None) -> dict[str, Any]:
    """What is made public of a round: the items that may be named, one by one, and how many there are in all."""
    standing = sorted((item for item in items if item.stands), key=lambda item: item.number)
    named = [entry(item, now=now) for item in standing if may_be_named(item)]
    return {
        "round": number,
        "published_at": published_at,
        "total": len(standing),
        "unnamed": len(standing) - len(named),
        "items": named,
    }


def may_be_named(item: Item) -> bool:
    """Whether an item is public with its name and text, and not only counted."""
    if item.withheld:
        return False
    return bool(item.public_text) or not (item.sealed or is_tip(item.found_by))


def is_tip(source: str | None) -> bool:
    """Whether a hazard came from somebody who must not be found out."""
    return any(word in fold(source or "") for word in TIPS)


def entry(item: Item, *, now: datetime) -> Mapping[str, Any]:
    """One item as the public reads it."""
    late = item.late and item.due_at is not None and item.due_at <= now
    return {
        "number": item.number,
        "enterprise": scrub(item.enterprise or ""),
        "town": item.town or "",
        "sector": scrub(item.sector or ""),
        "text": scrub(item.public_text or item.description),
        "due_day": last_day(item.due_at) if item.due_at else None,
        "overdue_days": (last_day(now) - last_day(item.due_at)).days if late and item.due_at else 0,
        "state": LABELS[item.state],
    }
