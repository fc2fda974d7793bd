"""The dead-letter list and the trial message."""

import pytest

from models.database import write_session
from notifications import again
from notifications.faults import ChannelDisabled, NotDead, UnknownChannel, UnknownMessage
from tests.notifications.fakeim import Platform
from tests.notifications.outbox import Outbox


def test_a_dead_message_goes_out_again_with_its_old_key(outbox: Outbox, platform: Platform) -> None:
    platform.keyword = "消防"
    sent = outbox.message(outbox.channel("dingtalk"), outbox.case())
    outbox.round()
    assert outbox.row(sent).outcome == "dead"
    platform.keyword = "隐患"

    with write_session(outbox.engine) as session:
        again.send_again(session, sent, now=outbox.clock.now)
    outbox.round()

    assert (outbox.row(sent).outcome, outbox.row(sent).attempts) == ("accepted", 1)
    assert platform.numbers() == ["HZ-2026-000142 · 第1号通知"]


def test_only_what_is_dead_and_has_a_channel_can_be_sent_again(outbox: Outbox, platform: Platform) -> None:
    waiting = outbox.message(outbox.channel("webhook"), outbox.case())
    platform.faults.append("410")
    buried = outbox.message(outbox.channel("webhook"), outbox.case(2))

    with write_session(outbox.engine) as session:
        with pytest.raises(NotDead):
            again.send_again(session, waiting, now=outbox.clock.now)
        with pytest.raises(UnknownMessage):
            again.send_again(session, "nothing", now=outbox.clock.now)
    outbox.round()
    gone = next(id for id in (waiting, buried) if outbox.row(id).outcome == "dead")
    with write_session(outbox.engine) as session, pytest.raises(ChannelDisabled):
        again.send_again(session, gone, now=outbox.clock.now)


@pytest.mark.parametrize("kind", ["dingtalk", "webhook"])
def test_a_trial_message_takes_the_way_every_message_takes(kind: str, outbox: Outbox, platform: Platform) -> None:
    channel = outbox.channel(kind)

    with write_session(outbox.engine) as session:
        id = again.test_message(session, channel, now=outbox.clock.now)
    outbox.round()

    assert outbox.row(id).outcome == "accepted"
    assert len(platform.accepted) == 1


def test_a_trial_needs_a_channel(outbox: Outbox) -> None:
    with write_session(outbox.engine) as session, pytest.raises(UnknownChannel):
        again.test_message(session, "nothing", now=outbox.clock.now)
