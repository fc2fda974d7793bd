"""What a move does beyond changing the state; every function turns an attempt into plain values."""

from typing import Any

from workflow.arithmetic import end_of
from workflow.attempt import Attempt, Effect
from workflow.clocks import Named
from workflow.decision import Change

FRESH_CYCLE = {
    "submitted_at": None,
    "submitted_by": None,
    "submitted_by_org": None,
    "evidence_count": 0,
    "verified_at": None,
    "verified_by": None,
    "verified_by_org": None,
    "second_officer": None,
    "signed_off_at": None,
    "signed_off_by": None,
    "closed_at": None,
    "closed_by": None,
    "plan_at": None,
}


def assign(attempt: Attempt) -> Effect:
    """Give to a responsible unit with a requirement, a rectification date and, where asked, a report date.

    What another unit had asked for lapses.
    """
    data, unit = attempt.data, attempt.data["responsible_org_id"]
    case: dict[str, Any] = {"responsible_org_id": unit, "assigned_at": attempt.now, "extension_to": None}
    if data.get("lead_org_id"):
        case["lead_org_id"] = data["lead_org_id"]
    words = {"requirement": data["requirement"]} if data.get("requirement") else {}
    named = dated(attempt, rectify="rectify_by", report="report_by")
    return Effect(case=case, details=words, named=named, changes=request_lapses(attempt))


def decline(attempt: Attempt) -> Effect:
    """Hand back: no unit is responsible until the next assignment, and the rectification clock runs on."""
    return Effect(case={"responsible_org_id": None, "extension_to": None}, changes=request_lapses(attempt))


def plan(attempt: Attempt) -> Effect:
    """Keep the five elements (五落实) that come with the start; complete ones are dated."""
    brought = {
        field.name.removeprefix("plan_"): attempt.data[field.name]
        for field in attempt.move.brings
        if field.name.startswith("plan_") and attempt.data.get(field.name)
    }
    complete = brought and len(brought) == sum(field.name.startswith("plan_") for field in attempt.move.brings)
    return Effect(details=brought, case={"plan_at": attempt.now} if complete else {})


def regrade(attempt: Attempt) -> Effect:
    """认定级别: what stands on the case from now on; promises already made keep their dates."""
    planned = plan(attempt)
    return Effect(case={**planned.case, "level": attempt.data["level"]}, details=planned.details)


def submit(attempt: Attempt) -> Effect:
    """One attempt at being done: measures, money, area, and the evidence that was declared and has arrived.

    A plan that comes with it is kept.
    """
    case, data, actor, now = attempt.case, attempt.data, attempt.actor, attempt.now
    planned = plan(attempt)
    number = case.submission_no + 1
    declared = sorted(set(data["evidence"]))
    who = {"submitted_at": now, "submitted_by": actor.id, "submitted_by_org": actor.org_id}
    return Effect(
        case={**who, **planned.case, "submission_no": number, "evidence_count": len(declared), "extension_to": None},
        details=planned.details,
        rows=(("submissions", {**who, "number": number, **_fed_back(attempt, declared)}),),
        changes=request_lapses(attempt),
    )


def _fed_back(attempt: Attempt, declared: list[str]) -> dict[str, Any]:
    data = attempt.data
    return {
        "case_id": attempt.case.id,
        "cycle": attempt.case.cycle,
        "measures": data["measures"],
        "money_fen": data.get("money_fen") or 0,
        "area_m2": float(data.get("area_m2") or 0),
        "evidence": "\n".join(declared),
    }


def fix_on_the_spot(attempt: Attempt) -> Effect:
    """即查即改: the unit mended it before the inspector's eyes; it answers for it as if it had been assigned."""
    done = submit(attempt)
    unit = attempt.case.responsible_org_id or attempt.case.enterprise_id
    return done._replace(case={**done.case, "responsible_org_id": unit, "assigned_at": attempt.now})


def reject(attempt: Attempt) -> Effect:
    """Back to work with a note; the submission stays on record as refused."""
    return Effect(
        case={"rejections": attempt.case.rejections + 1, "evidence_count": 0}, changes=judged(attempt, "rejected")
    )


def verify(attempt: Attempt) -> Effect:
    """Two officers found it rectified."""
    actor = attempt.actor
    return Effect(
        case={
            "verified_at": attempt.now,
            "verified_by": actor.id,
            "verified_by_org": actor.org_id,
            "second_officer": attempt.data["second_officer"],
            "evidence_count": len(attempt.facts.evidence),
        },
        changes=judged(attempt, "verified"),
    )


def sign_off(attempt: Attempt) -> Effect:
    """A leader answers for the closure of a major hazard."""
    return Effect(case={"signed_off_at": attempt.now, "signed_off_by": attempt.actor.id})


def close(attempt: Attempt) -> Effect:
    """销号."""
    return Effect(case={"closed_at": attempt.now, "closed_by": attempt.actor.id})


def reopen(attempt: Attempt) -> Effect:
    """Look-back (回头看) found a relapse: a new cycle with a promise of its own."""
    fresh = {**FRESH_CYCLE, "cycle": attempt.case.cycle + 1, "assigned_at": attempt.now}
    return Effect(case=fresh, named=dated(attempt, rectify="rectify_by"))


def leave(attempt: Attempt) -> Effect:
    """To another agency: what was asked here lapses."""
    return Effect(case={"extension_to": None}, changes=request_lapses(attempt))


def void(attempt: Attempt) -> Effect:
    """作废: with a reason, or naming what it repeats; proposals about it fall."""
    return Effect(
        case={"duplicate_of": attempt.data.get("duplicate_of"), "extension_to": None},
        changes=(*request_lapses(attempt), *proposals_fall(attempt)),
    )


def ask_extension(attempt: Attempt) -> Effect:
    """Ask for more time; nothing moves until it is granted."""
    running = attempt.extended
    wanted = end_of(attempt.data["extend_to"])
    asked = {
        "case_id": attempt.case.id,
        "number": attempt.case.seq + 1,
        "asked_at": attempt.now,
        "asked_by": attempt.actor.id,
        "from_due_at": running.due_at if running else None,
        "to_due_at": wanted,
        "reason": attempt.data["reason"],
        "control_measures": attempt.data["control_measures"],
    }
    return Effect(case={"extension_to": wanted}, rows=(("extensions", asked),))


def grant_extension(attempt: Attempt) -> Effect:
    """The promise moves to the date that was asked for, never to another."""
    wanted = attempt.case.extension_to
    return Effect(
        case={"extension_to": None},
        named={attempt.workflow.extends: Named(due_at=wanted)} if wanted else {},
        changes=_decided(attempt, "granted"),
    )


def refuse_extension(attempt: Attempt) -> Effect:
    """The promise stands."""
    return Effect(case={"extension_to": None}, changes=_decided(attempt, "refused"))


def proposals_fall(attempt: Attempt) -> tuple[Change, ...]:
    """What was proposed about the case and not decided is pointless now."""
    ended = {"outcome": "withdrawn", "decided_at": attempt.now, "decided_by": attempt.actor.id}
    return (Change("acts_of", {"case_id": attempt.case.id}, ended),)


def dated(attempt: Attempt, **fields: str) -> dict[str, Named]:
    """The deadlines whose date the move brings in a field of that name."""
    named = ((deadline, attempt.day(field)) for deadline, field in fields.items())
    return {deadline: Named(due_at=end_of(day)) for deadline, day in named if day is not None}


def judged(attempt: Attempt, outcome: str) -> tuple[Change, ...]:
    """The latest submission was looked at."""
    key = {"case_id": attempt.case.id, "number": attempt.case.submission_no}
    values = {"judged_at": attempt.now, "outcome": outcome, "note": attempt.data.get("note")}
    return (Change("judged", key, values),)


def request_lapses(attempt: Attempt) -> tuple[Change, ...]:
    """A request for more time that nobody has decided ends with what it was asked for."""
    return _decided(attempt, "withdrawn") if attempt.case.extension_to else ()


def _decided(attempt: Attempt, outcome: str) -> tuple[Change, ...]:
    values = {
        "decided_at": attempt.now,
        "decided_by": attempt.actor.id,
        "outcome": outcome,
        "note": attempt.data.get("note"),
    }
    return (Change("extension", {"case_id": attempt.case.id}, values),)
