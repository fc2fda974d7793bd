"""Messages (消息): what was shown to one person, and what the outbox could not or not yet bring out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, true, tuple_
from sqlalchemy.orm import Session

from models import Case, Channel, Message
from workflow.actor import Actor
from workflow.refusals import Refusal
from workflow.roles import Role
from workflow.visible import visible_to

STATES: Mapping[str, ColumnElement[bool]] = {
    "waiting": Message.outcome.is_(None),
    "dead": Message.outcome == "dead",
    "nobody": Message.outcome == "nobody",
}
# What a person was shown stands on that person's page alone.
LEAVING = or_(Message.channel_id.is_not(None), Message.outcome == "nobody")
RED = ("dead", "nobody")


class NoSuchMessage(Refusal):
    """没有这条消息，或者您无权处理。"""

    status = 404


def inbox_page(session: Session, actor: Actor, *, unread: bool, before: str | None, limit: int) -> list[Message]:
    """Return what the person was shown, the newest first."""
    mine = select(Message).where(Message.recipient_id == actor.id).order_by(Message.id.desc()).limit(limit)
    if unread:
        mine = mine.where(Message.read_at.is_(None))
    if before:
        mine = mine.where(Message.id < before)
    return list(session.scalars(mine))


def outbox_page(
    session: Session, actor: Actor, state: str, *, after: tuple[datetime, str] | None, limit: int
) -> list[Row[Message, str | None]]:
    """Return what waits, is dead or found nobody, the oldest first, each with the name of its channel.

    An administrator sees all of it, others what concerns the cases they see.
    """
    found = _lines(actor).where(STATES[state]).order_by(Message.created_at, Message.id).limit(limit)
    if after:
        found = found.where(tuple_(Message.created_at, Message.id) > tuple_(*after))
    return list(session.execute(found))


def outbox_line(session: Session, actor: Actor, message_id: str) -> Row[Message, str | None]:
    """Return what became of one message to a channel or to nobody, with the name of its channel."""
    found = session.execute(_lines(actor).where(Message.id == message_id, LEAVING)).one_or_none()
    if found is None:
        raise NoSuchMessage()
    return found


def read(session: Session, actor: Actor, message_id: str, *, overseer: bool, now: datetime) -> Message:
    """Note that a message was read (已阅): the person's own, or a red line by whoever sees the outbox."""
    message = _locked(session, message_id)
    red = overseer and message.outcome in RED and _concerns(session, actor, message_id)
    if message.recipient_id != actor.id and not red:
        raise NoSuchMessage()
    message.read_at = message.read_at or now
    return message


def must_concern(session: Session, actor: Actor, message_id: str) -> None:
    """Refuse with NoSuchMessage a message about a case that the actor may not see."""
    if not _concerns(session, actor, message_id):
        raise NoSuchMessage()


def _lines(actor: Actor) -> Select[Message, str | None]:
    lines: Select[Message, str | None] = select(Message, Channel.name)
    return lines.outerjoin(Channel, Channel.id == Message.channel_id).where(_of_theirs(actor))


def _locked(session: Session, message_id: str) -> Message:
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NoSuchMessage()
    return message


def _concerns(session: Session, actor: Actor, message_id: str) -> bool:
    known: Any = select(Message.id).where(Message.id == message_id, _of_theirs(actor))
    return session.scalar(known) is not None


def _of_theirs(actor: Actor) -> ColumnElement[bool]:
    if actor.holds(Role.ADMINISTRATOR):
        return true()
    return select(Case.id).where(Case.id == Message.case_id, visible_to(actor)).exists()
