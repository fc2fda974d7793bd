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

# Why an item is not named, in the order in which it is looked at.
WHY = (
    "名单中注明只计数、不公开",
    "登记隐患时注明不得公开；写明公布文字后公开",
    "来自举报、投诉或信访；写明公布文字后公开",
)


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
    return unnamed_because(item) is None


def unnamed_because(item: Item) -> str | None:
    """Why an item is only counted, none if it may be named; never in the words that were sealed with the hazard."""
    holds = (item.withheld, bool(item.sealed) and not item.public_text, is_tip(item.found_by) and not item.public_text)
    return next((why for why, so in zip(WHY, holds, strict=True) if so), None)


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
