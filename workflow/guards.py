"""What may refuse a move: each guard raises a refusal with a name, and says nothing when content."""

from workflow import refusals as no
from workflow.actor import Actor
from workflow.arithmetic import end_of, last_day, said, shift
from workflow.attempt import Attempt
from workflow.limits import Unit
from workflow.roles import Role
from workflow.rows import CaseRow
from workflow.table import guard
from workflow.visible import sees


@guard("units")
def needs_known_units(attempt: Attempt) -> None:
    """Every organisation that a move names must exist."""
    for field in attempt.move.brings:
        named = attempt.data.get(field.name)
        if field.kind == "organisation" and named is not None and named not in attempt.facts.units:
            raise no.UnknownOrganisation(field=field.name, right=field.right)


@guard()
def within_cap(attempt: Attempt) -> None:
    """A rectification date lies between today and the place's longest limit, and never moves a missed one."""
    day, today = attempt.day("rectify_by"), last_day(attempt.now)
    if day is None:
        return
    limit = attempt.limit("rectify")
    running = attempt.facts.running("rectify")
    if running is not None and attempt.now >= running.due_at and running.paused_at is None:
        raise no.DeadlineAlreadyMissed(field="rectify_by", right="不填，沿用原期限，尽快整改后提交")
    anchor = running.anchor_at if running else attempt.now
    latest = shift(anchor, limit.cap or limit.amount, limit.unit, attempt.rules.calendar)
    if not (today <= day <= last_day(latest)):
        raise no.RectifyByOutOfRange(field="rectify_by", right=f"{today}至{last_day(latest)}之间的日期")


@guard()
def report_not_past(attempt: Attempt) -> None:
    """A date for the written report is today or later."""
    day, today = attempt.day("report_by"), last_day(attempt.now)
    if day is not None and day < today:
        raise no.RectifyByOutOfRange(field="report_by", right=f"{today}或以后的日期")


@guard()
def in_time_to_decline(attempt: Attempt) -> None:
    """ "Not mine" is said soon or not at all."""
    assigned = attempt.case.assigned_at
    limit = attempt.limit("decline")
    if assigned is not None and attempt.now >= shift(assigned, limit.amount, limit.unit, attempt.rules.calendar):
        raise no.DeclineTooLate(right=f"交办后{limit.amount}{UNIT_LABELS[limit.unit]}内提出")


@guard()
def needs_five_elements(attempt: Attempt) -> None:
    """A major hazard has its plan (五落实) before anything is said to be rectified; the move itself may bring it."""
    if attempt.case.level == "major":
        _five_elements(attempt)


@guard()
def planned(attempt: Attempt) -> None:
    """No major hazard is found rectified without its plan (an imported row that a ledger calls finished has none)."""
    if attempt.case.level == "major" and not attempt.case.plan_at:
        raise no.NeedsFiveElements(right="退回责任单位，由其写明五落实后重新提交")


def _five_elements(attempt: Attempt) -> None:
    for field in () if attempt.case.plan_at else attempt.move.brings:
        if field.name.startswith("plan_") and not attempt.data.get(field.name):
            raise no.NeedsFiveElements(field=field.name, right=field.right)


@guard()
def another_level(attempt: Attempt) -> None:
    """A level is changed to the other one; to major in the midst of the work only with its plan."""
    level = attempt.data.get("level")
    levels = attempt.workflow.levels
    if level not in levels or level == attempt.case.level:
        raise no.SameLevel(field="level", right="、".join(sorted(levels.keys() - {attempt.case.level})))
    if level == "major" and attempt.case.state == "rectifying":
        _five_elements(attempt)


@guard()
def lowered_by_a_leader(attempt: Attempt) -> None:
    """Who answers for the closure of a major hazard says that it is none; nobody else spares it the sign-off."""
    if attempt.case.level == "major" and not attempt.is_(Role.LEADER):
        raise no.NotYourRole(right="由领导改为一般隐患")


@guard("evidence")
def needs_declared_evidence(attempt: Attempt) -> None:
    """A submission stands only when every hash it declares has arrived."""
    declared = attempt.data.get("evidence") or ()
    if not declared:
        raise no.NeedsEvidence(field="evidence", right="至少一份整改后的照片或PDF")
    if absent := sorted(set(declared) - attempt.facts.evidence):
        raise no.EvidenceNotArrived(field="evidence", right="先上传这些材料，再提交", absent=absent)


@guard("evidence")
def needs_evidence(attempt: Attempt) -> None:
    """Nothing is found rectified without evidence (an imported row that a ledger calls finished has none)."""
    if not attempt.facts.evidence:
        raise no.NeedsEvidence(right="先上传至少一份整改后的照片或PDF")


@guard()
def not_own_work(attempt: Attempt) -> None:
    """Who rectified does not verify, who verified does not close."""
    done_by = {attempt.case.submitted_by}
    if attempt.case.state == "verified":
        done_by |= {attempt.case.verified_by, attempt.case.second_officer}
    if attempt.actor.id in done_by:
        raise no.OwnWork(right="由另一个人办理")


@guard()
def other_organisation(attempt: Attempt) -> None:
    """The unit that rectified judges nothing about it."""
    if attempt.actor.org_id == attempt.case.responsible_org_id:
        raise no.OwnOrganisation(right="由责任单位以外的机构办理")


@guard()
def two_officers(attempt: Attempt) -> None:
    """行政处罚法 art. 42: two officers act and sign."""
    second = attempt.data.get("second_officer")
    directory, case = attempt.rules.directory, attempt.case
    person = directory.people.get(second or "")
    if (
        person is None
        or person.id in (attempt.actor.id, case.submitted_by)
        or person.org_id == case.responsible_org_id
        or not directory.holds(person.id, Role.INSPECTOR, case)
    ):
        raise no.NeedsSecondOfficer(field="second_officer", right="另一名有检查岗位、不属于整改单位的人员")


@guard()
def signed_off(attempt: Attempt) -> None:
    """A major hazard closes only after a leader's sign-off."""
    if attempt.case.level == "major" and attempt.case.signed_off_at is None:
        raise no.NeedsSignOff(right="先由领导签批")


@guard()
def major_only(attempt: Attempt) -> None:
    """Only major hazards are signed off, and once."""
    if attempt.case.level != "major":
        raise no.OnlyMajor()
    if attempt.case.signed_off_at is not None:
        raise no.AlreadySigned()


@guard("original")
def needs_reason_or_duplicate(attempt: Attempt) -> None:
    """A void says why, or what it repeats."""
    if attempt.data.get("duplicate_of") is None:
        if not attempt.data.get("reason"):
            raise no.NeedsDuplicateOrReason(field="reason", right="写明理由，或填写 duplicate_of")
        return
    if not _repeats(attempt.case, attempt.facts.original, attempt.actor):
        raise no.UnknownDuplicate(field="duplicate_of", right=f"另一件未作废的{attempt.workflow.label}")


def _repeats(case: CaseRow, original: CaseRow | None, actor: Actor) -> bool:
    if original is None or original.id == case.id or original.state == "voided":
        return False
    return original.workflow == case.workflow and sees(actor, original)


@guard()
def asked_in_time(attempt: Attempt) -> None:
    """An extension is asked while the promise still runs, with the place's lead time."""
    running, lead = attempt.extended, attempt.limit("extension_lead")
    if running is None:
        raise no.ExtensionTooLate(field="extend_to", right="期限在计时中才能申请延期")
    latest = shift(running.due_at, -lead.amount, lead.unit, attempt.rules.calendar)
    if attempt.now >= latest:
        raise no.ExtensionTooLate(
            field="extend_to", right=f"到期前{lead.amount}{UNIT_LABELS[lead.unit]}提出，即{said(latest)}前"
        )


@guard()
def one_at_a_time(attempt: Attempt) -> None:
    """One request may be pending."""
    if attempt.case.extension_to is not None:
        raise no.ExtensionPending()


@guard()
def later_and_capped(attempt: Attempt) -> None:
    """The wanted date is later than the present one and within the place's cap."""
    day, running = attempt.day("extend_to"), attempt.extended
    if day is None or running is None:
        return
    cap = attempt.limit("extension_cap")
    latest = last_day(shift(running.first_due_at, cap.amount, cap.unit, attempt.rules.calendar))
    if end_of(day) <= running.due_at:
        raise no.ExtensionNotLater(field="extend_to", right=f"晚于{last_day(running.due_at)}")
    if day > latest:
        raise no.ExtensionTooLong(field="extend_to", right=f"不晚于{latest}")


@guard()
def one_is_pending(attempt: Attempt) -> None:
    """There is a request to decide."""
    if attempt.case.extension_to is None:
        raise no.NoExtensionPending()


@guard("asked_by")
def not_own_request(attempt: Attempt) -> None:
    """Who asked for more time does not decide on it, whatever posts they hold."""
    if attempt.actor.id == attempt.facts.asked_by:
        raise no.OwnWork(right="由另一个人办理")


@guard()
def still_later(attempt: Attempt) -> None:
    """What was asked for is later than the date as it stands now: a new notice on days off may have moved it."""
    wanted, running = attempt.case.extension_to, attempt.extended
    if wanted and running and wanted <= running.due_at:
        raise no.ExtensionNotLater(right=f"期限现为{said(running.due_at)}，不必再延，请不同意这份申请")


UNIT_LABELS = {Unit.MINUTE: "分钟", Unit.HOUR: "小时", Unit.NATURAL_DAY: "日", Unit.WORKING_DAY: "个工作日"}
