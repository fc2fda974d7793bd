"""Everybody reads what they were told; who oversees the outbox sees what did not get through and sends it again."""

import json

import pytest
from sqlalchemy import update

from models import Channel, Message
from models.database import write_session
from notifications.adapter import Outgoing, link
from notifications.settings import Settings
from tests.api.conftest import Server
from workflow.workflows import WORKFLOWS

PATH = "/api/v1/messages"
CHANNEL = {
    "kind": "webhook", "name": "大队接收端", "url": "https://hooks.example.gov.cn/in/abcd",
    "secrets": ["whsec_" + "A" * 32],
}  # fmt: skip


@pytest.fixture
def told(server: Server) -> Server:
    """A channel for the bureau, and a case of which the dispatcher was told by it and on the page."""
    cast = server.desk.cast
    server.house.settings.outbound = "https://hooks.example.gov.cn"
    made = server.login_as(cast.admin).post("/api/v1/channels", json={**CHANNEL, "org_id": cast.bureau})
    assert made.status_code == 201, made.text
    server.desk.clock.advance(seconds=2)
    server.desk.open()
    return server


def give_up(server: Server) -> str:
    """The platform never took it."""
    now = server.desk.clock.now
    with write_session(server.desk.engine) as session:
        waits = Message.outcome.is_(None)
        session.execute(
            update(Message).where(waits).values(outcome="dead", settled_at=now, wake_at=None, attempts=9, error="不通")
        )
    dead: Message = server.desk.all(Message, Message.outcome == "dead")[0]
    return dead.id


def test_one_reads_one_s_own_messages_and_marks_them(told: Server) -> None:
    cast, client = told.desk.cast, told.login_as(told.desk.cast.dispatcher)
    (mine,) = client.get(PATH).json()["items"]
    assert mine["title"].startswith("【隐患 HZ-2026-")

    for other in (cast.enterprise_person, cast.supervisor, cast.admin):
        foreign = told.login_as(other).post(f"{PATH}/{mine['id']}/read")
        assert (foreign.status_code, foreign.json()["type"]) == (404, "/problems/no-such-message")
    assert client.get(PATH, params={"unread": True}).json()["items"]

    assert client.post(f"{PATH}/{mine['id']}/read").status_code == 200
    assert client.get(PATH, params={"unread": True}).json()["items"] == []
    assert told.login_as(cast.enterprise_person).get(PATH).json()["items"] == []
    assert told.login_as(cast.admin).get(f"{PATH}/outbox/{mine['id']}").status_code == 404


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_the_link_of_a_message_is_an_address_of_the_api(workflow: str, sqlite_server: Server) -> None:
    about = Outgoing("m", "0" * 32, 1, "t", 2, sqlite_server.desk.clock.now, {"workflow": workflow})
    where = link(Settings("https://x", base_url="http://testserver"), about)
    assert where

    foreign = sqlite_server.login_as(sqlite_server.desk.cast.supervisor).get(where)

    assert foreign.json()["type"] == "/problems/unknown-case"


def test_the_link_of_a_message_shows_the_case_to_whoever_was_told(told: Server) -> None:
    (message,) = told.desk.all(Message, Message.channel_id.is_not(None))
    about = Outgoing(message.id, message.case_id, 1, "t", 2, message.created_at, json.loads(message.payload))
    where = link(Settings("https://x", base_url="http://testserver"), about)
    assert where

    shown = told.login_as(told.desk.cast.dispatcher).get(where)

    assert (shown.status_code, shown.json()["id"]) == (200, message.case_id)
    assert told.anonymous.get(where).status_code == 401


def test_the_outbox_shows_what_waits_and_names_no_address(told: Server) -> None:
    answer = told.login_as(told.desk.cast.admin).get(f"{PATH}/outbox", params={"state": "waiting"})

    (line,) = answer.json()["items"]
    assert (line["channel"], line["state"], line["attempts"]) == ("大队接收端", "waiting", 0)
    assert "whsec" not in answer.text
    assert "hooks.example" not in answer.text


def test_a_dead_letter_is_sent_again_once(told: Server) -> None:
    message_id, admin = give_up(told), told.login_as(told.desk.cast.admin)
    (line,) = admin.get(f"{PATH}/outbox", params={"state": "dead"}).json()["items"]
    assert (line["id"], line["error"]) == (message_id, "不通")

    assert admin.post(f"{PATH}/{message_id}/again").status_code == 200

    again = admin.post(f"{PATH}/{message_id}/again")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-dead")
    assert told.desk.count(Message, Message.outcome.is_(None), Message.attempts == 0) == 1


def test_what_was_meant_for_a_disabled_channel_is_red_until_somebody_has_seen_it(told: Server) -> None:
    message_id, admin = give_up(told), told.login_as(told.desk.cast.admin)
    (channel,) = told.desk.all(Channel)
    admin.post(f"/api/v1/channels/{channel.id}/disable")

    refused = admin.post(f"{PATH}/{message_id}/again")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/channel-disabled")
    assert "/messages/{message_id}/read" in refused.json()["right"]
    assert red(told)

    assert admin.post(f"{PATH}/{message_id}/read").status_code == 200

    assert not red(told)


def red(server: Server) -> bool:
    return "dead_letters" in {reason["name"] for reason in server.anonymous.get("/healthz").json()["reasons"]}


def test_a_supervisor_oversees_the_cases_they_see_and_a_dispatcher_none(told: Server) -> None:
    cast, desk = told.desk.cast, told.desk
    message_id = give_up(told)
    supervisor = told.login_as(cast.supervisor)
    assert [line["id"] for line in supervisor.get(f"{PATH}/outbox", params={"state": "dead"}).json()["items"]] == [
        message_id
    ]

    (held,) = told.login_as(cast.admin).get(f"/api/v1/people/{cast.supervisor.id}").json()["grants"]
    admin = told.login_as(cast.admin)
    admin.post(f"/api/v1/people/{cast.supervisor.id}/grants", json={"role": "supervisor", "org_id": cast.other_town})
    admin.delete(f"/api/v1/people/{cast.supervisor.id}/grants/{held['id']}")

    assert supervisor.get(f"{PATH}/outbox", params={"state": "dead"}).json()["items"] == []
    assert supervisor.post(f"{PATH}/{message_id}/again").status_code == 404
    assert supervisor.post(f"{PATH}/{message_id}/read").status_code == 404
    assert told.login_as(cast.dispatcher).get(f"{PATH}/outbox", params={"state": "dead"}).status_code == 403
    assert desk.count(Message, Message.outcome == "dead") == 1


def test_what_nobody_could_be_told_is_a_red_line_in_the_outbox(server: Server) -> None:
    cast, admin = server.desk.cast, server.login_as(server.desk.cast.admin)
    (held,) = admin.get(f"/api/v1/people/{cast.dispatcher.id}").json()["grants"]
    admin.delete(f"/api/v1/people/{cast.dispatcher.id}/grants/{held['id']}")
    server.desk.clock.advance(seconds=2)

    server.desk.open()

    (line,) = admin.get(f"{PATH}/outbox", params={"state": "nobody"}).json()["items"]
    assert (line["target"], line["channel"]) == ("nobody:dispatcher", None)
