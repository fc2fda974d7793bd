"""Sends again what was given up (重发), and a trial message through one channel (试发)."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from models import new_id
from models.message import Channel, Message
from notifications.faults import ChannelDisabled, NotDead, UnknownChannel, UnknownMessage

TRIAL: dict[str, object] = {
    "title": "渠道测试",
    "text": "这是一条测试消息。看到它，说明这个渠道可以收到隐患闭环的通知。",
    "number": None,
    "case_id": None,
    "state": None,
    "seq": 0,
    "message_no": 0,
    "priority": 1,
    "data": {},
}
# What was meant for a channel that is no more leaves the red lights once somebody has looked at it.
SEEN = "另行告知有关人员后标为已阅（POST /messages/{message_id}/read），红灯随之熄灭"


def send_again(session: Session, message_id: str, *, now: datetime) -> None:
    """Put a dead message back with all its attempts and its old key.

    UnknownMessage, NotDead, or ChannelDisabled when nothing could come of it.
    """
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.channel_id is None:
        raise UnknownMessage(field="message_id")
    if message.outcome != "dead":
        raise NotDead(field="message_id")
    _enabled(session, message.channel_id, right=SEEN)
    message.outcome, message.settled_at = None, None
    message.wake_at, message.attempts = now, 0


def test_message(session: Session, channel_id: str, *, now: datetime) -> str:
    """Write a trial message for one channel and return its id; it leaves as every other does, its outcome tells.

    UnknownChannel or ChannelDisabled.
    """
    _enabled(session, channel_id, right="另外添加一个渠道")
    id = new_id(now)
    session.add(
        Message(
            id=id,
            case_id=None,
            event_seq=0,
            number=0,
            template="test",
            target=f"channel:{channel_id}",
            channel_id=channel_id,
            priority=1,
            payload=json.dumps(TRIAL, ensure_ascii=False),
            created_at=now,
            wake_at=now,
            attempts=0,
        )
    )
    return id


def _enabled(session: Session, channel_id: str, *, right: str) -> None:
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise UnknownChannel(field="channel_id")
    if channel.disabled_at is not None:
        raise ChannelDisabled(field="channel_id", right=right)
