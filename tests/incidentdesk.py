"""The duty desk for stories: incidents are opened, reported and followed up at the test's clock."""

from datetime import timedelta
from typing import Any

from models import Deadline, new_id
from models.database import write_session
from models.roster import Shift
from tests.desk import RULES, Desk
from workflow.actor import Actor
from workflow.decision import Decision
from workflow.incidents.opening import NewIncident
from workflow.opening import open_cases
from workflow.profile import shipped
from workflow.rules import Rules

REPORT = {
    "to_whom": "区委值班室 李主任",
    "made_by": "冯值班",
    "confirmed_how": "对方复述，录音01",
    "content": "城关镇一厂房起火",
}
DAY = timedelta(days=1)


def incident(desk: Desk, *, by: Actor | None = None, minutes_ago: float = 0, **words: Any) -> str:
    """A duty officer enters what happened so many minutes ago in the cast's enterprise; the case's id."""
    cast, at = desk.cast, desk.clock.now - timedelta(minutes=minutes_ago)
    known = {
        "kind": "work", "district_id": cast.district, "town_id": cast.town, "enterprise_id": cast.enterprise,
        "counted_from": "occurred", "occurred_at": at, "anchor_source": "110转来", "place": "城关镇工业路3号",
        "unit": "示范精细化工有限公司", **words,
    }  # fmt: skip
    with write_session(desk.engine) as session:
        opened = open_cases(
            session, desk.rules, [NewIncident(**known)], actor=by or cast.duty_officer, now=desk.clock.now
        )
    return opened[0].after.id


def report(desk: Desk, case_id: str, trigger: str, *, by: Actor | None = None, ago: float = 0, **said: Any) -> Decision:
    """A report that was made so many minutes ago is entered."""
    made = {**REPORT, "made_at": desk.clock.now - timedelta(minutes=ago), **said}
    return desk.fire(case_id, trigger, by or desk.cast.duty_officer, **made)


def by_rules_of(desk: Desk, place: str) -> None:
    """From now on the rules of that place are applied."""
    desk.rules = Rules(shipped(place), RULES.calendar, RULES.directory)


def following(desk: Desk, **words: Any) -> str:
    """An incident whose first reports have all been made."""
    case_id = incident(desk, **words)
    for trigger in ("phone_report", "unit_report", "report_upward", "written_report"):
        report(desk, case_id, trigger)
    return case_id


def concluded(desk: Desk, **words: Any) -> str:
    """An incident with its final report."""
    case_id = following(desk, **words)
    report(desk, case_id, "final_report")
    return case_id


def promise(desk: Desk, case_id: str, name: str) -> Deadline:
    """The newest round of a promise."""
    return desk.deadlines(case_id, name)[-1]


def watch(desk: Desk, org_id: str, officer: Actor, leader: Actor, *, hours: float = 24, after: float = 0) -> None:
    """A watch of so many hours that begins so many hours from now."""
    starts = desk.clock.now + timedelta(hours=after)
    with write_session(desk.engine) as session:
        session.add(
            Shift(
                id=new_id(desk.clock.now), org_id=org_id, starts_at=starts, ends_at=starts + timedelta(hours=hours),
                officer_id=officer.id, leader_id=leader.id, planned_at=desk.clock.now, planned_by=officer.id,
            )
        )  # fmt: skip
