"""Channels over HTTP: what they send with goes in and never comes out."""

import pytest
from sqlalchemy import update

from api.channel_check import reach
from models import Channel, Message
from models.database import read_session, write_session
from notifications.sealing import unseal
from tests.api.conftest import Server
from workflow import directory

PATH = "/api/v1/channels"
URL = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"
SECRET = "SEC0123456789"


def new(server: Server, **other: object) -> dict[str, object]:
    asked = {
        "kind": "dingtalk",
        "name": "应急值班群",
        "org_id": server.desk.cast.bureau,
        "url": URL,
        "secrets": [SECRET],
    }
    return {**asked, **other}


def version(server: Server) -> int:
    with read_session(server.desk.engine) as session:
        return directory.version(session)


def test_a_channel_shows_a_hint_and_keeps_its_address_sealed(server: Server) -> None:
    admin = server.login_as(server.desk.cast.admin)

    made = admin.post(PATH, json=new(server))

    assert (made.status_code, made.json()["hint"]) == (201, "oapi.dingtalk.com …cdef")
    (row,) = server.desk.all(Channel)
    for text in (made.text, admin.get(PATH).text, row.settings):
        assert "0123456789" not in text
    opened = unseal(row.settings, channel_id=row.id, keys=(server.house.secret("seal"),))
    assert (opened.url, opened.secrets) == (URL, (SECRET,))


def test_from_then_on_the_organisation_s_messages_leave_by_it_until_it_is_disabled(server: Server) -> None:
    desk, admin = server.desk, server.login_as(server.desk.cast.admin)
    channel_id = admin.post(PATH, json=new(server)).json()["id"]
    desk.open()
    assert desk.count(Message, Message.channel_id == channel_id) == 1

    known = version(server)
    assert admin.post(f"{PATH}/{channel_id}/disable").json()["disabled_at"]
    assert version(server) == known + 1, "every process must read its directory anew"

    desk.open()
    assert desk.count(Message, Message.channel_id == channel_id) == 1
    trial = admin.post(f"{PATH}/{channel_id}/test")
    assert (trial.status_code, trial.json()["type"]) == (409, "/problems/channel-disabled")


def test_a_trial_message_waits_in_the_outbox_like_every_other(server: Server) -> None:
    admin = server.login_as(server.desk.cast.admin)
    channel_id = admin.post(PATH, json=new(server)).json()["id"]

    trial = admin.post(f"{PATH}/{channel_id}/test")

    assert trial.status_code == 202
    waiting = admin.get("/api/v1/messages/outbox", params={"state": "waiting"}).json()["items"]
    assert [(line["id"], line["title"]) for line in waiting] == [(trial.json()["message_id"], "渠道测试")]


@pytest.mark.parametrize("outcome", ["accepted", "dead"])
def test_a_trial_shows_what_became_of_it(outcome: str, server: Server) -> None:
    admin, now = server.login_as(server.desk.cast.admin), server.desk.clock.now
    channel_id = admin.post(PATH, json=new(server)).json()["id"]
    where = f"/api/v1/messages/outbox/{admin.post(f'{PATH}/{channel_id}/test').json()['message_id']}"
    assert admin.get(where).json()["state"] == "waiting"

    with write_session(server.desk.engine) as session:
        session.execute(update(Message).values(outcome=outcome, settled_at=now, wake_at=None, attempts=1))

    found = admin.get(where).json()
    assert (found["state"], found["channel"], found["attempts"]) == (outcome, "应急值班群", 1)


def test_a_target_that_no_message_may_go_to_is_refused_and_one_no_longer_allowed_is_red(server: Server) -> None:
    admin = server.login_as(server.desk.cast.admin)
    asked = new(server, kind="webhook", url="http://127.0.0.1:9/in/abcd", secrets=["whsec_" + "A" * 32])

    refused = admin.post(PATH, json=asked)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-allowed")
    assert "HAZARDLOOP_OUTBOUND" in refused.json()["right"]
    assert server.desk.count(Channel) == 0

    server.house.settings.outbound = "https://x.example, http://127.0.0.1:9"
    assert admin.post(PATH, json=asked).status_code == 201
    (channel,) = server.desk.all(Channel)
    assert reach(server.house, channel) == "连不上"
    assert admin.post(PATH, json=new(server)).status_code == 201, "the platforms' own stay allowed"

    server.house.settings.outbound = ""
    assert "HAZARDLOOP_OUTBOUND" in (reach(server.house, channel) or "")


def test_what_could_never_send_is_refused_by_name_and_not_kept(server: Server) -> None:
    admin = server.login_as(server.desk.cast.admin)

    answers = [
        admin.post(PATH, json=new(server, kind="pigeon")),
        admin.post(PATH, json=new(server, url="ftp://x")),
        admin.post(PATH, json=new(server, kind="webhook", secrets=[])),
        admin.post(PATH, json=new(server, org_id="0" * 32)),
        admin.post(f"{PATH}/{'0' * 32}/disable"),
        server.login_as(server.desk.cast.supervisor).post(PATH, json=new(server)),
        server.login_as(server.desk.cast.supervisor).get(PATH),
    ]

    assert [(answer.status_code, answer.json()["type"].rsplit("/")[-1]) for answer in answers] == [
        (422, "unknown-kind"), (422, "bad-address"), (422, "bad-secret"), (422, "unknown-organisation"),
        (404, "unknown-channel"), (403, "not-your-role"), (403, "not-your-role"),
    ]  # fmt: skip
    assert answers[1].json()["right"]
    assert server.desk.count(Channel) == 0
