"""Announcements (告知): what people and channels are told that is about no case, such as a swap of watches."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import Message
from workflow.history import canonical
from workflow.messages import addressed
from workflow.roles import Role
from workflow.rows import NOTHING


class Announcement(NamedTuple):
    """A title, a text, and `data` for machines; `template` says of what kind it is."""

    template: str
    title: str
    text: str
    data: Mapping[str, Any] = NOTHING


def announce(
    session: Session,
    what: Announcement,
    *,
    people: Sequence[str],
    channels: Sequence[str],
    instead: Role,
    now: datetime,
) -> None:
    """Outbox rows for these people and channels; for nobody, a red line that names the role nobody holds."""
    payload = {"title": what.title, "text": what.text, "data": {"template": what.template, **what.data}}
    common = {
        "case_id": None, "event_seq": 0, "number": 0, "template": what.template, "deadline_id": None, "priority": 2,
        "payload": canonical(payload), "created_at": now, "attempts": 0,
    }  # fmt: skip
    rows = [addressed(common, channel_id=channel_id, now=now) for channel_id in channels]
    rows += [addressed(common, recipient_id=person_id, now=now) for person_id in people]
    rows += [] if people else [addressed(common, nobody=instead, now=now)]
    session.execute(insert(Message), [dict(row) for row in rows])
