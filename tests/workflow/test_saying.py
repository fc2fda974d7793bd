"""A message says what was decided, in words: the finding, the level, the unit, the people, the money, the instant."""

import json

import pytest

from tests.desk import Desk
from tests.incidentdesk import incident


def text(desk: Desk, case_id: str, template: str) -> str:
    message = next(m for m in reversed(desk.messages(case_id)) if m.template == template)
    return str(json.loads(message.payload)["text"])


def test_who_is_given_a_hazard_reads_what_is_asked_and_who_answers_for_it(desk: Desk) -> None:
    case_id = desk.open()
    desk.assign(case_id, requirement="清除堵塞物")
    said = text(desk, case_id, "assign")
    assert "整改要求：清除堵塞物" in said
    assert "责任单位：" in said


def test_who_checks_reads_what_was_spent(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    desk.submit(case_id, money_fen=123450)
    assert "整改投入（元）：1234.5" in text(desk, case_id, "submit")


def test_who_closes_reads_who_the_second_officer_was(desk: Desk) -> None:
    case_id = desk.to("verified")
    assert f"第二名执法人员：{desk.cast.second_inspector.name}" in text(desk, case_id, "verify")


def test_a_level_is_told_by_its_name(desk: Desk) -> None:
    case_id = desk.open()
    desk.fire(case_id, "regrade", desk.cast.supervisor, level="major", reason="现场认定")
    assert "级别：重大隐患" in text(desk, case_id, "regrade")


@pytest.mark.parametrize(("finding", "label"), [("late", "迟报"), ("concealed", "瞒报")])
def test_a_leader_reads_which_failing_was_found(desk: Desk, finding: str, label: str) -> None:
    case_id = incident(desk)
    sha256 = desk.photo(case_id, desk.cast.supervisor)
    said = {"finding": finding, "proof": "监控录像显示", "evidence": (sha256,)}
    desk.fire(case_id, "record_finding", desk.cast.supervisor, **said)
    assert f"认定：{label}" in text(desk, case_id, "record_finding")


def test_what_is_sealed_is_told_to_nobody(desk: Desk) -> None:
    case_id = desk.open(withheld="举报人要求保密")
    assert all("举报人要求保密" not in m.payload for m in desk.messages(case_id))
