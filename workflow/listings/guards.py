"""What may refuse to list, to hand up, to cover or to take out; acceptance has guards of its own."""

from workflow import arithmetic
from workflow import refusals as common
from workflow.arithmetic import last_day
from workflow.attempt import Attempt
from workflow.listings import refusals as no
from workflow.listings.facts import OVER
from workflow.listings.levels import BODIES, LEVELS, OFFICES, higher
from workflow.roles import Role
from workflow.table import guard
from workflow.visible import sees

LENGTHS = {"notice_number": 64, "recorded_with": 200, "published_where": 200}


@guard("notice_taken")
def notice_is_new(attempt: Attempt) -> None:
    """The number of a notice (督办通知书文号) is used once."""
    if attempt.facts.notice_taken:
        raise no.NoticeTaken(field="notice_number", right="另一个文号")


@guard()
def short_enough(attempt: Attempt) -> None:
    """Numbers and names are no longer than their columns."""
    for name, most in LENGTHS.items():
        if len(attempt.data.get(name) or "") > most:
            raise no.WordsTooLong(field=name, right=f"不超过{most}个字")


@guard("units")
def an_office_leads(attempt: Attempt) -> None:
    """The lead department (督办部门) is an office, and not the responsible unit itself."""
    lead = attempt.data.get("lead_org_id")
    if lead and (attempt.facts.kind_of(lead) not in OFFICES or lead == attempt.data.get("responsible_org_id")):
        raise no.NotAnOffice(field="lead_org_id", right="责任单位以外的政府或部门")


@guard()
def a_leader_sponsors(attempt: Attempt) -> None:
    """The sponsor (包案领导) holds a leader's role for the case."""
    sponsor = attempt.data.get("sponsor_id")
    if sponsor and not attempt.rules.directory.holds(sponsor, Role.LEADER, attempt.case):
        raise no.NeedsSponsor(field="sponsor_id", right="一位对本事项有领导岗位的人员")


@guard()
def plan_within_the_work(attempt: Attempt) -> None:
    """The plan is due today or later, and no later than the work itself."""
    day, today = attempt.day("plan_by"), last_day(attempt.now)
    if day is None:
        return
    whole = arithmetic.due(attempt.now, attempt.limit("rectify"), attempt.rules.calendar).at
    latest = attempt.day("rectify_by") or last_day(whole)
    if not today <= day <= latest:
        raise no.PlanByOutOfRange(field="plan_by", right=f"{today}至{latest}之间的日期")


@guard("details")
def not_recorded(attempt: Attempt) -> None:
    """A listing is recorded (备案) once."""
    if attempt.facts.details.get("recorded_at"):
        raise no.AlreadyEntered(right="已经备案")


@guard("details")
def not_published(attempt: Attempt) -> None:
    """A listing is published (公布) once; its delisting is published with the delisting."""
    if attempt.facts.details.get("published_at"):
        raise no.AlreadyEntered(right="已经公布")


@guard("units")
def to_a_higher_body(attempt: Attempt) -> None:
    """A listing is handed up to a higher level, to another body that lists there."""
    level, body = attempt.data.get("level"), attempt.data.get("lister_org_id")
    if not higher(level, attempt.case.level):
        above = "、".join(name for name in LEVELS if higher(name, attempt.case.level))
        raise no.NotHigher(field="level", right=above or "已是最高一级")
    if body == attempt.case.lister_org_id or attempt.facts.kind_of(body) not in BODIES[str(level)]:
        raise no.WrongBody(field="lister_org_id", right=f"另一个{LEVELS[str(level)]}的政府或部门")


@guard("levels")
def once_at_that_level(attempt: Attempt) -> None:
    """A hazard stands under several listings only if their levels differ."""
    if (attempt.data.get("level") or attempt.case.level) in attempt.facts.levels:
        raise no.AlreadyListed(field="level", right="没有挂牌的级别")


@guard("levels")
def not_listed_at_this_level(attempt: Attempt) -> None:
    """A hazard that another listing of the same level covers is not covered once more."""
    if attempt.case.level in attempt.facts.levels:
        raise no.AlreadyListed(field="hazard_id", right="没有在这一级挂牌的隐患")


@guard("hazard", "covered", "uncovered")
def an_open_hazard(attempt: Attempt) -> None:
    """What is covered as well is an open hazard of the same district that the actor sees."""
    named = attempt.data.get("hazard_id")
    if named in attempt.facts.covered:
        raise no.AlreadyCovered(field="hazard_id", right="另一件隐患")
    hazard = attempt.facts.hazard
    if hazard is None or hazard.workflow != "hazard" or not sees(attempt.actor, hazard):
        raise common.UnknownCase(field="hazard_id", right="一件您看得到的隐患")
    if hazard.state in OVER:
        raise no.HazardNotOpen(field="hazard_id", right="一件未办结的隐患")
    if hazard.district_id != attempt.case.district_id:
        raise no.HazardsApart(field="hazard_id", right="同一区县的隐患")


@guard("covered")
def not_the_last(attempt: Attempt) -> None:
    """What is taken out is covered, and something stays."""
    if attempt.data.get("hazard_id") not in attempt.facts.covered:
        raise no.NotCovered(field="hazard_id", right="本挂牌事项督办的一件隐患")
    if len(attempt.facts.covered) == 1:
        raise no.LastHazard(field="hazard_id")
