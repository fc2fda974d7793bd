"""Acceptance in steps (分步验收): department, then district, then the body that listed; and delisting (摘牌)."""

from workflow.attempt import Attempt
from workflow.listings import refusals as no
from workflow.listings.facts import OVER
from workflow.listings.levels import ABOVE_DISTRICT
from workflow.roles import Role
from workflow.table import guard


def _of_the_district(attempt: Attempt) -> bool:
    """Whether the actor supervises at the case's district itself, for its sector."""
    case = attempt.case
    return any(
        held.role is Role.SUPERVISOR and held.org_id == case.district_id and held.covers(case)
        for held in attempt.actor.held
    )


@guard()
def needs_filed_plan(attempt: Attempt) -> None:
    """Acceptance is applied for only with the plan (治理方案) on file."""
    if attempt.case.plan_at is None:
        raise no.NeedsFiledPlan(right="先报送治理方案")


@guard("details")
def other_than_the_steps_below(attempt: Attempt) -> None:
    """Who applied or took a step of the acceptance takes no further one."""
    details = attempt.facts.details
    done_by = {attempt.case.submitted_by, details.get("department_accepted_by"), details.get("district_accepted_by")}
    if attempt.actor.id in done_by:
        raise no.OtherStepsWork(right="由另一个人办理")


@guard()
def other_than_the_accepter(attempt: Attempt) -> None:
    """Who applied or accepted does not delist."""
    if attempt.actor.id in (attempt.case.submitted_by, attempt.case.verified_by):
        raise no.OtherStepsWork(right="由另一个人办理")


@guard("details")
def department_to_come(attempt: Attempt) -> None:
    """The department accepts once in an application."""
    if attempt.facts.details.get("department_accepted_at"):
        raise no.AlreadyEntered(right="督办部门已经验收合格")


@guard("details")
def district_to_come(attempt: Attempt) -> None:
    """The district accepts listings of a higher level, once in an application, after the department."""
    details = attempt.facts.details
    if attempt.case.level not in ABOVE_DISTRICT:
        raise no.OnlyAboveDistrict()
    if not _of_the_district(attempt):
        raise no.NotYourStep(right="由区级审核人员办理")
    if details.get("department_accepted_at") is None:
        raise no.NeedsStepsBelow(right="先由督办部门验收")
    if details.get("district_accepted_at"):
        raise no.AlreadyEntered(right="区级已经验收合格")


@guard()
def takes_a_step(attempt: Attempt) -> None:
    """Only who may accept in one of the steps may refuse."""
    case, actor = attempt.case, attempt.actor
    district = case.level in ABOVE_DISTRICT and _of_the_district(attempt)
    if not (district or actor.is_(Role.LEAD, case) or actor.is_(Role.LISTER, case)):
        raise no.NotYourStep(right="由督办部门、区级审核人员（市级、省级挂牌）或者挂牌单位办理")


@guard("details")
def steps_below_taken(attempt: Attempt) -> None:
    """The body that listed accepts last."""
    details = attempt.facts.details
    if details.get("department_accepted_at") is None:
        raise no.NeedsStepsBelow(right="先由督办部门验收")
    if attempt.case.level in ABOVE_DISTRICT and details.get("district_accepted_at") is None:
        raise no.NeedsStepsBelow(right="先由区级验收")


@guard("covered")
def hazards_closed(attempt: Attempt) -> None:
    """Nothing is delisted while a hazard it covers is open; the refusal names which are."""
    covered = attempt.facts.covered.values()
    if still_open := sorted(hazard.number for hazard in covered if hazard.state not in OVER):
        named = "、".join(still_open)
        raise no.HazardsStillOpen(right=f"先销号其余{len(still_open)}件隐患（共{len(covered)}件）：{named}")
