"""Messages (消息): one's own, and the outbox (发件箱) with what could not be delivered and what found nobody."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.asked import IdPath, Shown
from api.channel_refusals import as_refusals
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.instants import Moment
from api.may import may, must
from api.paging import CursorText, Limit, Page, decode, page
from api.queries import messages as outbox
from models import Message
from models.database import read_session
from notifications.again import send_again

router = APIRouter(tags=["消息 messages"])


class MessageOut(Shown):
    """给本人的一条消息。"""

    id: str
    case_id: str | None
    number: int
    template: str
    title: str
    text: str
    priority: int
    created_at: Moment
    read_at: Moment | None


class OutboxLine(Shown):
    """发件箱中的一条：waiting 待发，accepted 对方已收下，withdrawn 不必再发，dead 未能送达，nobody 无人可通知。"""

    id: str
    case_id: str | None
    number: int
    title: str
    state: Literal["waiting", "accepted", "withdrawn", "dead", "nobody"]
    target: str
    channel: str | None
    attempts: int
    error: str | None
    created_at: Moment
    next_attempt_at: Moment | None
    read_at: Moment | None


class Done(BaseModel):
    """已办。"""

    id: str


@router.get("/messages", summary="我的消息")
def my_messages(
    call: SignedIn,
    unread: Annotated[bool, Query(description="只列未读")] = False,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[MessageOut]:
    """What one was told, the newest first."""
    before = decode(cursor, str)
    with read_session(call.engine) as session:
        rows = outbox.inbox_page(
            session, call.actor, unread=unread, before=before[0] if before else None, limit=limit + 1
        )
    kept, following = page(rows, limit, lambda row: (row.id,))
    return Page(items=[_shown(row) for row in kept], next=following)


@router.post("/messages/{message_id}/read", summary="已阅", response_model=Done)
def mark_read(call: SignedIn, once: Repeatable, message_id: IdPath) -> Any:
    """Note that one has read a message; a red line (dead, nobody) is off the health check once somebody has.

    This is the way out for what was meant for a channel that has been disabled since.
    """

    def act(session: Session) -> Done:
        overseer = may(call.actor, "outbox.see")
        return Done(id=outbox.read(session, call.actor, message_id, overseer=overseer, now=call.now).id)

    return once.answer(act)


@router.get("/messages/outbox", summary="发件箱")
def in_outbox(
    call: SignedIn,
    state: Annotated[Literal["waiting", "dead", "nobody"], Query(description="待发、未能送达、无人可通知")],
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[OutboxLine]:
    """What waits to be sent, was given up, or found nobody to be told; the oldest first."""
    must(call.actor, "outbox.see")
    after: Any = decode(cursor, datetime, str)
    with read_session(call.engine) as session:
        rows = outbox.outbox_page(session, call.actor, state, after=after, limit=limit + 1)
    kept, following = page(rows, limit, lambda row: (row.Message.created_at, row.Message.id))
    return Page(items=[_line(row.Message, row.name) for row in kept], next=following)


@router.get("/messages/outbox/{message_id}", summary="发件箱中的一条")
def one_in_outbox(call: SignedIn, message_id: IdPath) -> OutboxLine:
    """What became of one message to a channel or to nobody: where the result of a trial stands."""
    must(call.actor, "outbox.see")
    with read_session(call.engine) as session:
        row = outbox.outbox_line(session, call.actor, message_id)
    return _line(row.Message, row.name)


@router.post("/messages/{message_id}/again", summary="重发", response_model=Done)
def again(call: SignedIn, once: Repeatable, message_id: IdPath) -> Any:
    """Send a dead message again, with all its attempts and its old key; by a disabled channel nothing can go."""
    must(call.actor, "outbox.send_again")

    def act(session: Session) -> Done:
        outbox.must_concern(session, call.actor, message_id)
        with as_refusals():
            send_again(session, message_id, now=call.now)
        return Done(id=message_id)

    return once.answer(act)


def _shown(row: Message) -> MessageOut:
    said = json.loads(row.payload)
    kept = ("id", "case_id", "number", "template", "priority", "created_at", "read_at")
    return MessageOut(title=said["title"], text=said["text"], **{name: getattr(row, name) for name in kept})


def _line(row: Message, channel: str | None) -> OutboxLine:
    kept = ("id", "case_id", "number", "target", "attempts", "error", "created_at", "read_at")
    said = {"title": json.loads(row.payload)["title"], "state": row.outcome or "waiting", "channel": channel}
    same = {name: getattr(row, name) for name in kept}
    return OutboxLine.model_validate({**same, **said, "next_attempt_at": row.wake_at})
