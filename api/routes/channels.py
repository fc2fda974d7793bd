"""Channels (渠道): robots and webhooks of an organisation; their addresses and secrets go in and never come out."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.asked import Asked, IdPath, Secret, Shown
from api.channel_refusals import as_refusals
from api.idempotency import Repeatable
from api.identity import Call, SignedIn
from api.instants import Moment
from api.may import must
from api.words import Id, Line
from api.worker import SEAL, targets
from models import Channel, Organisation
from models.database import read_session
from notifications import settings
from notifications.again import test_message
from notifications.channels import new_channel
from notifications.faults import UnknownChannel
from notifications.outbound import must_be_listed
from workflow.directory_version import count_up
from workflow.history import canonical
from workflow.refusals import UnknownOrganisation
from workflow.texts import check_lengths

router = APIRouter(tags=["渠道 channels"])


class NewChannel(Asked):
    """新渠道：kind 为 dingtalk（钉钉自定义机器人）或 webhook（通用签名推送）。"""

    kind: str = Field(min_length=1, max_length=16)
    name: Line
    org_id: Id
    url: Secret = Field(description="推送地址，须在允许外发的名单内；加密保存，不再显示")
    secrets: list[Secret] = Field(default=[], max_length=2, description="签名密钥，一至两个，新的在前")
    base_url: str | None = Field(
        None, max_length=200, description="消息中链接的前缀；缺省为 HAZARDLOOP_BASE_URL，两者都没有时消息不带链接"
    )


class ChannelOut(Shown):
    """一个渠道；hint 是主机名和地址末四位。"""

    id: str
    kind: str
    name: str
    org_id: str
    hint: str
    created_at: Moment
    disabled_at: Moment | None
    paused_until: Moment | None
    failing_since: Moment | None


class Trial(BaseModel):
    """测试消息的编号；结果见 GET /messages/outbox/{message_id}：waiting 待发，accepted 对方已收下，dead 未能送达。"""

    message_id: str


@router.get("/channels", summary="渠道一览")
def channels(call: SignedIn) -> list[ChannelOut]:
    """All channels with their state; addresses and secrets are never shown."""
    must(call.actor, "channels.administer")
    with read_session(call.engine) as session:
        rows = session.scalars(select(Channel).order_by(Channel.id)).all()
    return [ChannelOut.model_validate(row) for row in rows]


@router.post("/channels", status_code=201, summary="添加渠道", response_model=ChannelOut)
def add(call: SignedIn, once: Repeatable, asked: NewChannel) -> Any:
    """Add a channel for an organisation and all below it that has none of its own."""
    must(call.actor, "channels.administer")
    return once.answer(lambda session: ChannelOut.model_validate(_added(session, call, asked)), status=201)


@router.post("/channels/{channel_id}/disable", summary="停用渠道", response_model=ChannelOut)
def disable(call: SignedIn, once: Repeatable, channel_id: IdPath) -> Any:
    """Stop sending by a channel at once; what waits for it is given up and listed.

    It stays red until somebody has looked at each and marked it: POST /messages/{message_id}/read.
    """
    must(call.actor, "channels.administer")
    return once.answer(lambda session: ChannelOut.model_validate(_disabled(session, channel_id, call.now)))


@router.post("/channels/{channel_id}/test", status_code=202, summary="试发", response_model=Trial)
def test(call: SignedIn, once: Repeatable, channel_id: IdPath) -> Any:
    """Put a trial message in the outbox; the worker sends it like every other."""
    must(call.actor, "channels.administer")

    def act(session: Session) -> Trial:
        with as_refusals():
            return Trial(message_id=test_message(session, channel_id, now=call.now))

    return once.answer(act, status=202)


def _added(session: Session, call: Call, asked: NewChannel) -> Channel:
    count_up(session)
    if session.get(Organisation, asked.org_id) is None:
        raise UnknownOrganisation(field="org_id")
    check_lengths(Channel, {"name": asked.name})
    whole = {"url": asked.url, "secrets": asked.secrets, "base_url": asked.base_url}
    with as_refusals():
        chosen = settings.parse(canonical(whole))
        must_be_listed(chosen.url, targets(call.house))
        made = new_channel(
            kind=asked.kind, name=asked.name, org_id=asked.org_id, settings=chosen,
            keys=(call.house.secret(SEAL),), now=call.now,
        )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _disabled(session: Session, channel_id: str, now: datetime) -> Channel:
    count_up(session)
    channel = session.get(Channel, channel_id, with_for_update=True)
    if channel is None:
        with as_refusals():
            raise UnknownChannel(field="channel_id")
    channel.disabled_at = channel.disabled_at or now
    session.flush()
    return channel
