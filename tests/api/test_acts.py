"""What rungs propose waits for a supervisor's word, once, with a reason."""

from typing import Any

from tests.api.conftest import Server


def overdue(server: Server) -> str:
    """A case a week late: exposure and a talk are proposed."""
    case_id = server.desk.open()
    server.desk.assign(case_id)
    server.desk.live(39, step=3)
    return case_id


def listed(server: Server, actor: Any, **asked_for: str) -> list[dict[str, Any]]:
    acts: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"limit": 1, **asked_for, **({"cursor": cursor} if cursor else {})}
        body = server.login_as(actor).get("/api/v1/acts", params=asked).json()
        acts += body["items"]
        cursor = body["next"]
        if cursor is None:
            return acts


def test_a_supervisor_accepts_one_proposal_and_refuses_the_other(server: Server) -> None:
    case_id = overdue(server)
    cast = server.desk.cast
    exposure, talk = listed(server, cast.supervisor)
    assert (exposure["label"], talk["label"], exposure["case_id"]) == ("曝光", "约谈", case_id)
    supervisor = server.login_as(cast.supervisor)
    said = {"json": {"reason": "多次催办未整改"}}
    accepted = supervisor.post(f"/api/v1/acts/{exposure['id']}/accept", **said)
    assert accepted.json()["outcome"] == "accepted"
    assert accepted.json()["decided_by"]["name"] == "郑审核"
    again = supervisor.post(f"/api/v1/acts/{exposure['id']}/refuse", **said)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/act-already-decided")
    assert supervisor.post(f"/api/v1/acts/{talk['id']}/refuse", **said).json()["outcome"] == "refused"
    assert listed(server, cast.supervisor) == []
    decided = {outcome: listed(server, cast.supervisor, outcome=outcome) for outcome in ("accepted", "refused")}
    assert {outcome: [act["id"] for act in acts] for outcome, acts in decided.items()} == {
        "accepted": [exposure["id"]], "refused": [talk["id"]],
    }  # fmt: skip
    assert listed(server, cast.supervisor, outcome="withdrawn") == []


def test_a_proposal_says_in_words_which_step_of_the_ladder_made_it(server: Server) -> None:
    case_id = overdue(server)
    supervisor = server.login_as(server.desk.cast.supervisor)
    by_hand = supervisor.post(f"/api/v1/cases/{case_id}/acts", json={"kind": "bulletin", "basis": "拒不整改"}).json()
    said = {act["kind"]: act["rung_label"] for act in listed(server, server.desk.cast.supervisor)}
    assert said == {"exposure": "超期3日，建议曝光", "talk": "超期7日，建议约谈", "bulletin": None}
    assert (by_hand["rung_label"], by_hand["basis"]) == (None, "拒不整改")


def test_an_enterprise_reads_what_was_decided_against_it_and_not_what_is_being_weighed(server: Server) -> None:
    case_id = overdue(server)
    cast = server.desk.cast
    unit = server.login_as(cast.enterprise_person)

    def read() -> list[int]:
        acts = unit.get(f"/api/v1/hazards/{case_id}").json()["acts"]
        talks = unit.get(f"/api/v1/enterprises/{cast.enterprise}").json()["talks"]
        return [len(listed(server, cast.enterprise_person)), len(acts), len(talks)]

    before = read()
    _, talk = listed(server, cast.supervisor)
    server.login_as(cast.supervisor).post(f"/api/v1/acts/{talk['id']}/accept", json={"reason": "多次催办未整改"})
    assert (before, read()) == ([0, 0, 0], [0, 1, 1])
    assert [act["id"] for act in listed(server, cast.enterprise_person, outcome="accepted")] == [talk["id"]]


def test_proposals_are_seen_by_who_sees_the_case(server: Server) -> None:
    overdue(server)
    cast = server.desk.cast
    assert len(listed(server, cast.inspector)) == len(listed(server, cast.leader)) == 2
    assert listed(server, cast.other_enterprise_person) == listed(server, cast.admin) == []


def test_a_decision_needs_a_reason_and_the_role(server: Server) -> None:
    overdue(server)
    cast = server.desk.cast
    act = f"/api/v1/acts/{listed(server, cast.supervisor)[0]['id']}/accept"
    assert server.login_as(cast.supervisor).post(act, json={"reason": " "}).json()["field"] == "reason"
    assert server.login_as(cast.inspector).post(act, json={"reason": "同意"}).status_code == 403
    stranger = server.login_as(cast.other_enterprise_person).post(act, json={"reason": "同意"})
    absent = server.login_as(cast.supervisor).post(f"/api/v1/acts/{'0' * 32}/accept", json={"reason": "同意"})
    assert (stranger.status_code, stranger.content) == (404, absent.content)
