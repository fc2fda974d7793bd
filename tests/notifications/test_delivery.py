"""The outbox against a faithful platform: nothing lost, nothing out of order, nothing said twice without need."""

import threading
from datetime import timedelta
from itertools import groupby

import httpx
import pytest
from sqlalchemy import Engine, update

from models import Channel, DirectoryVersion, Message
from models.claims import PARK_AFTER, PARK_URGENT_AFTER, lock_channels
from models.database import read_session, write_session
from notifications import outbound
from notifications.claiming import LEASE
from notifications.schedule import ATTEMPTS
from notifications.settings import Settings
from tests.conftest import Clock
from tests.notifications.fakeim import NEW_WORDING, PENALTY, PER_MINUTE, Platform
from tests.notifications.outbox import Outbox, outbox_on


def test_a_signed_robot_accepts_what_we_send(outbox: Outbox, platform: Platform) -> None:
    sent = outbox.message(outbox.channel("dingtalk"), outbox.case())

    assert outbox.round().accepted == 1

    assert platform.numbers() == ["HZ-2026-000142 · 第1号通知"]
    assert (outbox.row(sent).outcome, outbox.row(sent).settled_at) == ("accepted", outbox.clock.now)


@pytest.mark.parametrize("fault", ["html", "truncated", "unknown code", "false", "500", "cut off", "redirect"])
def test_http_200_is_not_delivery_and_nothing_unknown_is(fault: str, outbox: Outbox, platform: Platform) -> None:
    sent = outbox.message(outbox.channel("dingtalk"), outbox.case())
    platform.faults.append(fault)

    outbox.round()

    row = outbox.row(sent)
    assert (row.outcome, bool(row.error)) == (None, True)
    assert row.wake_at
    assert row.wake_at > outbox.clock.now


def test_a_redirect_is_never_followed(outbox: Outbox, platform: Platform) -> None:
    outbox.message(outbox.channel("dingtalk"), outbox.case())
    outbox.message(outbox.channel("webhook"), outbox.case(2))
    platform.faults.extend(["redirect", "redirect"])

    outbox.round()

    assert (len(platform.asked), platform.led_astray) == (2, [])


@pytest.mark.parametrize("wording", [None, NEW_WORDING])
def test_a_missing_keyword_is_final_in_either_wording(
    wording: dict[str, str] | None, outbox: Outbox, platform: Platform
) -> None:
    platform.wording = wording or platform.wording
    platform.keyword = "消防"
    sent = outbox.message(outbox.channel("dingtalk"), outbox.case())

    assert outbox.round().dead == 1

    assert "关键词" in (outbox.row(sent).error or "")


@pytest.mark.parametrize("wording", [None, NEW_WORDING])
def test_a_clock_two_hours_off_loses_nothing(
    wording: dict[str, str] | None, outbox: Outbox, platform: Platform, clock: Clock
) -> None:
    platform.wording = wording or platform.wording
    right, platform.now = platform.now, lambda: clock.now + timedelta(hours=2)
    outbox.message(outbox.channel("dingtalk"), outbox.case())
    assert outbox.round().down == 1
    platform.now = right

    outbox.rounds(5, lambda: outbox.waiting() == 0)

    assert len(platform.accepted) == 1


def test_two_senders_together_never_pass_twenty_a_minute(outbox: Outbox, platform: Platform) -> None:
    robot = outbox.channel("dingtalk")
    for n in range(200):
        outbox.message(robot, outbox.case(n), priority=0 if n % 5 == 0 else 2)

    outbox.rounds(5, lambda: outbox.waiting() == 0, threads=2)

    assert len(platform.accepted) == 200
    assert platform.silent_until is None
    busiest = max(sum(0 <= (at - a).total_seconds() < 60 for at in platform.asked) for a in platform.asked)
    assert busiest <= PER_MINUTE - 2


def test_a_silenced_robot_is_left_alone_for_its_ten_minutes(outbox: Outbox, platform: Platform, clock: Clock) -> None:
    robot = outbox.channel("dingtalk")
    platform.asked.extend([clock.now] * PER_MINUTE)
    sent = [outbox.message(robot, outbox.case(n)) for n in range(3)]
    begun = clock.now

    outbox.rounds(5, lambda: outbox.waiting() == 0)

    asked = platform.asked[PER_MINUTE:]
    assert asked[0] == begun
    assert min(asked[1:]) >= begun + PENALTY
    assert [outbox.row(id).attempts for id in sent] == [1, 1, 1]


def test_a_day_without_the_platform_loses_nothing_and_keeps_order(
    outbox: Outbox, platform: Platform, clock: Clock
) -> None:
    robot, hook = outbox.channel("dingtalk"), outbox.channel("webhook")
    cases = [outbox.case(n) for n in range(3)]
    platform.outage = "500"
    for _ in range(4):
        for case in cases:
            outbox.message(robot, case)
            outbox.message(hook, case)
        for _ in range(24):
            outbox.round()
            clock.advance(minutes=15)
    assert platform.accepted == []
    platform.outage = None

    outbox.rounds(5, lambda: outbox.waiting() == 0, threads=2)

    robot_heard = sorted(platform.numbers(), key=lambda number: number.split(" ")[0])
    hook_heard = [got.body["data"] for got in platform.accepted if got.key]
    assert len(robot_heard) == len(hook_heard) == 12
    for _, heard in groupby(robot_heard, key=lambda number: number.split(" ")[0]):
        assert [int(number.split("第")[1].removesuffix("号通知")) for number in heard] == [1, 3, 5, 7]
    for case in cases:
        assert [data["message_no"] for data in hook_heard if data["case_id"] == case] == [2, 4, 6, 8]


def test_after_a_long_outage_nobody_waits_for_the_hourly_attempt(
    outbox: Outbox, platform: Platform, clock: Clock
) -> None:
    hook = outbox.channel("webhook")
    platform.outage = "500"
    for n in range(5):
        outbox.message(hook, outbox.case(n))
    for _ in range(200):
        outbox.round()
        clock.advance(minutes=5)
    platform.outage = None
    begun = clock.now

    outbox.rounds(60, lambda: outbox.waiting() == 0)

    first = platform.accepted[0].at
    assert (platform.accepted[-1].at - first, first - begun < timedelta(minutes=75)) == (timedelta(minutes=1), True)


def test_a_killed_senders_message_goes_out_again_with_the_same_key(
    outbox: Outbox, platform: Platform, clock: Clock
) -> None:
    hook = outbox.channel("webhook")
    first, second = outbox.message(hook, outbox.case()), outbox.message(hook, outbox.case(2))

    def killed(channel_id: str, sealed: str) -> Settings:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.round(unseal=killed)
    assert outbox.round().claimed == 0

    clock.now += LEASE
    outbox.round()

    assert sorted(got.key for got in platform.accepted) == sorted([first, second])


def test_an_answer_that_is_lost_means_the_same_message_with_the_same_key(outbox: Outbox, platform: Platform) -> None:
    sent = outbox.message(outbox.channel("webhook"), outbox.case())
    platform.faults.append("cut off after accepting")

    outbox.rounds(5, lambda: outbox.waiting() == 0)

    assert [got.key for got in platform.accepted] == [sent, sent]
    assert platform.accepted[0].body == platform.accepted[1].body


def test_a_platform_that_accepts_and_never_answers_is_asked_again(outbox: Outbox, platform: Platform) -> None:
    outbox.message(outbox.channel("dingtalk"), outbox.case())
    answering = threading.Event()
    platform.on_request = lambda: answering.wait(60)
    with outbound.client([platform.origin], total=2) as impatient:
        assert outbox.round(client=impatient).down == 1
    answering.set()

    outbox.rounds(5, lambda: outbox.waiting() == 0)

    assert platform.numbers() == ["HZ-2026-000142 · 第1号通知"] * 2


def test_what_a_move_made_pointless_is_not_sent(outbox: Outbox, platform: Platform) -> None:
    hook = outbox.channel("webhook")
    first, second = outbox.message(hook, outbox.case()), outbox.message(hook, outbox.case(2))
    platform.on_request = lambda: outbox.withdraw(second)

    assert outbox.round().withdrawn == 1

    assert [got.key for got in platform.accepted] == [first]
    assert outbox.row(second).outcome == "withdrawn"


def test_what_the_platform_accepted_stands_as_accepted_though_a_move_withdrew_it_on_the_way(
    outbox: Outbox, platform: Platform
) -> None:
    sent = outbox.message(outbox.channel("webhook"), outbox.case())
    platform.on_request = lambda: outbox.withdraw(sent)

    outbox.round()

    assert (outbox.row(sent).outcome, len(platform.accepted)) == ("accepted", 1)


def test_what_was_withdrawn_on_the_way_is_not_tried_again(outbox: Outbox, platform: Platform) -> None:
    sent = outbox.message(outbox.channel("webhook"), outbox.case())
    platform.on_request = lambda: outbox.withdraw(sent)
    platform.faults.append("500")

    outbox.round()

    assert (outbox.row(sent).outcome, outbox.waiting()) == ("withdrawn", 0)


def test_a_message_waits_for_the_one_before_it(outbox: Outbox, platform: Platform, clock: Clock) -> None:
    hook, case = outbox.channel("webhook"), outbox.case()
    first, _, other = outbox.message(hook, case), outbox.message(hook, case), outbox.message(hook, outbox.case(2))
    platform.poison = first

    outbox.rounds(60, lambda: clock.now.minute >= 50)

    assert {got.key for got in platform.accepted} == {other}


@pytest.mark.parametrize(("priority", "patience"), [(2, PARK_AFTER), (0, PARK_URGENT_AFTER)])
def test_a_stuck_message_holds_up_the_next_only_so_long(
    priority: int, patience: timedelta, outbox: Outbox, platform: Platform, clock: Clock
) -> None:
    hook, case = outbox.channel("webhook"), outbox.case()
    stuck, after = outbox.message(hook, case), outbox.message(hook, case, priority=priority)
    platform.poison = stuck
    begun = clock.now

    outbox.rounds(patience.total_seconds() / 24, lambda: len(platform.accepted) == 1)

    assert platform.accepted[0].key == after
    assert patience <= clock.now - begun < 2 * patience
    assert outbox.row(stuck).outcome is None


def test_a_parked_message_whose_time_has_come_still_goes_first(
    outbox: Outbox, platform: Platform, clock: Clock
) -> None:
    hook, case = outbox.channel("webhook"), outbox.case()
    stuck = outbox.message(hook, case)
    platform.poison = stuck
    outbox.rounds(60, lambda: outbox.row(stuck).attempts == 6)
    after = outbox.message(hook, case, priority=0)
    platform.poison = None
    clock.now = outbox.row(stuck).wake_at or clock.now
    # A second sender looks while the first is still asking.
    others = iter([outbox.round])
    platform.on_request = lambda: next(others, lambda: None)()

    outbox.rounds(5, lambda: outbox.waiting() == 0)

    assert [got.key for got in platform.accepted] == [stuck, after]


def test_a_sender_never_waits_for_a_move_that_holds_a_message(
    postgresql_database: Engine, clock: Clock, platform: Platform, client: httpx.Client
) -> None:
    outbox = outbox_on(postgresql_database, clock, platform, client)
    hook = outbox.channel("webhook")
    held, free = outbox.message(hook, outbox.case()), outbox.message(hook, outbox.case(2))

    with write_session(postgresql_database) as session:
        session.execute(update(Message).where(Message.id == held).values(template="moved"))
        assert outbox.round().accepted == 1

    assert [got.key for got in platform.accepted] == [free]


def test_a_move_never_waits_for_a_sender_to_write_its_message(
    postgresql_database: Engine, clock: Clock, platform: Platform, client: httpx.Client
) -> None:
    outbox = outbox_on(postgresql_database, clock, platform, client)
    hook, case = outbox.channel("webhook"), outbox.case()

    with write_session(postgresql_database) as session:
        lock_channels(session, [hook])
        written = outbox.message(hook, case)

    assert outbox.row(written).outcome is None


def test_an_emergency_passes_a_queue_of_reminders(outbox: Outbox, platform: Platform) -> None:
    robot = outbox.channel("dingtalk")
    for n in range(30):
        outbox.message(robot, outbox.case(n))
    outbox.rounds(10, lambda: len(platform.accepted) == 10)
    urgent = [outbox.message(robot, outbox.case(100 + n), priority=0) for n in range(4)]

    outbox.round()

    assert [outbox.row(id).outcome for id in urgent] == ["accepted"] * 4


def test_one_dead_channel_delays_no_other(outbox: Outbox, platform: Platform) -> None:
    dead = outbox.channel("webhook", url="http://127.0.0.1:9/closed")
    for n in range(3):
        outbox.message(dead, outbox.case(n))
    outbox.round()
    outbox.clock.advance(seconds=6)
    assert outbox.round().claimed == 1
    sent = [outbox.message(outbox.channel("webhook"), outbox.case(10 + n)) for n in range(5)]

    outbox.round()

    assert sorted(got.key for got in platform.accepted) == sorted(sent)
    assert outbox.channel_row(dead).failing_since == outbox.clock.now - timedelta(seconds=6)


def test_a_failing_channel_takes_its_turn_last(outbox: Outbox, platform: Platform, clock: Clock) -> None:
    failed = outbox.message(outbox.channel("webhook"), outbox.case())
    platform.faults.append("500")
    outbox.round()
    clock.advance(seconds=6)
    sent = outbox.message(outbox.channel("webhook"), outbox.case(2))

    outbox.round()

    assert [got.key for got in platform.accepted] == [sent, failed]


def test_what_can_never_be_sent_ends_on_the_dead_letter_list_after_three_days(
    outbox: Outbox, platform: Platform, clock: Clock
) -> None:
    sent = outbox.message(outbox.channel("webhook"), outbox.case())
    platform.outage = "404"
    begun = clock.now

    outbox.rounds(900, lambda: outbox.waiting() == 0)

    assert (outbox.row(sent).outcome, outbox.row(sent).attempts, len(platform.asked)) == ("dead", ATTEMPTS, ATTEMPTS)
    assert timedelta(hours=60) < clock.now - begun < timedelta(hours=90)


def test_a_message_that_kills_its_senders_is_given_up(outbox: Outbox, platform: Platform) -> None:
    sent = outbox.message(outbox.channel("webhook"), outbox.case())
    with write_session(outbox.engine) as session:
        session.execute(update(Message).values(attempts=ATTEMPTS))

    assert outbox.round().dead == 1

    assert (outbox.row(sent).outcome, platform.asked) == ("dead", [])


def test_a_message_nobody_can_read_holds_up_no_other(outbox: Outbox, platform: Platform) -> None:
    hook = outbox.channel("dingtalk")
    broken, whole = outbox.message(hook, outbox.case()), outbox.message(hook, outbox.case(2))
    with write_session(outbox.engine) as session:
        session.execute(update(Message).where(Message.id == broken).values(payload="{"))

    delivered = outbox.round()

    assert (delivered.retry, delivered.accepted) == (1, 1)
    assert outbox.row(whole).outcome == "accepted"
    assert outbox.row(broken).error == "发送程序出错：KeyError"


@pytest.mark.parametrize(("kind", "fault"), [("webhook", "410"), ("dingtalk", "stopped")])
def test_a_channel_that_is_gone_is_disabled_and_its_messages_stand_red(
    kind: str, fault: str, outbox: Outbox, platform: Platform
) -> None:
    with write_session(outbox.engine) as session:
        session.merge(DirectoryVersion(id=1, version=7))
    channel = outbox.channel(kind)
    sent = [outbox.message(channel, outbox.case()), outbox.message(channel, outbox.case(2))]
    platform.faults.append(fault)

    outbox.round()
    outbox.round()

    assert outbox.channel_row(channel).disabled_at == outbox.clock.now
    assert [outbox.row(id).outcome for id in sent] == ["dead", "dead"]
    assert len(platform.asked) == 1
    with read_session(outbox.engine) as session:
        assert session.get_one(DirectoryVersion, 1).version == 8


@pytest.mark.parametrize(("fault", "seconds"), [("429", 120), ("503 later", 900)])
def test_a_webhook_that_asks_for_time_gets_it(
    fault: str, seconds: int, outbox: Outbox, platform: Platform, clock: Clock
) -> None:
    sent = outbox.message(outbox.channel("webhook"), outbox.case())
    platform.faults.append(fault)

    outbox.rounds(30, lambda: outbox.waiting() == 0)

    assert [(at - platform.asked[0]).total_seconds() for at in platform.asked] == [0, seconds]
    assert outbox.row(sent).attempts == 1


def test_a_target_not_on_the_list_is_never_asked(outbox: Outbox, platform: Platform) -> None:
    hook = outbox.channel("webhook", url=platform.hook.replace("127.0.0.1", "localhost"))
    sent = outbox.message(hook, outbox.case())

    assert outbox.round().down == 1

    assert platform.asked == []
    assert "名单" in (outbox.row(sent).error or "")


def test_no_transaction_is_open_while_the_platform_thinks(outbox: Outbox, platform: Platform) -> None:
    hook = outbox.channel("webhook")
    outbox.message(hook, outbox.case())

    def others_write() -> None:
        with write_session(outbox.engine) as session:
            session.execute(update(Channel).values(name="改名"))

    platform.on_request = others_write

    assert outbox.round().accepted == 1

    assert outbox.channel_row(hook).name == "改名"


def test_a_slow_batch_is_put_back_rather_than_sent_late(outbox: Outbox, platform: Platform, clock: Clock) -> None:
    hook = outbox.channel("webhook")
    for n in range(3):
        outbox.message(hook, outbox.case(n))
    platform.on_request = lambda: clock.advance(seconds=11)

    delivered = outbox.round()

    assert (delivered.accepted, delivered.put_back) == (1, 2)
    assert outbox.round().claimed == 2


def test_four_senders_at_once_send_each_message_once(outbox: Outbox, platform: Platform) -> None:
    hook = outbox.channel("webhook")
    sent = [outbox.message(hook, case) for case in map(outbox.case, range(12)) for _ in range(2)]

    outbox.rounds(1, lambda: outbox.waiting() == 0, threads=4)

    assert sorted(got.key for got in platform.accepted) == sorted(sent)


def test_a_server_that_does_not_exist_is_a_failing_channel(outbox: Outbox, client: httpx.Client) -> None:
    hook = outbox.channel("webhook", url="http://nowhere.invalid/hook")
    outbox.message(hook, outbox.case())

    assert outbox.round().down == 1
