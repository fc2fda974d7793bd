"""What the moves of a listing do beyond changing the state."""

from workflow import effects as do
from workflow.attempt import Attempt, Effect
from workflow.decision import Change, Proposal

# So many failed acceptances propose a talk and a bulletin.
FAILURES = 2
STEPS = ("department_accepted_at", "department_accepted_by", "district_accepted_at", "district_accepted_by")


def enlist(attempt: Attempt) -> Effect:
    """挂牌: the notice names unit, lead department, sponsor and dates; all of it stands from now on."""
    data = attempt.data
    units = {name: data[name] for name in ("responsible_org_id", "lead_org_id", "sponsor_id")}
    notice = {"notice_number": data["notice_number"], "listed_at": attempt.now, "listed_by": attempt.actor.id}
    return Effect(
        case={**units, "assigned_at": attempt.now},
        details={**notice, "requirement": data.get("requirement")},
        named=do.dated(attempt, rectify="rectify_by", plan="plan_by"),
    )


def record(attempt: Attempt) -> Effect:
    """备案 with the body above."""
    return Effect(details={"recorded_at": attempt.now, "recorded_with": attempt.data["recorded_with"]})


def publish(attempt: Attempt) -> Effect:
    """公布 that it is listed."""
    return Effect(details={"published_at": attempt.now, "published_where": attempt.data["published_where"]})


def department_accepts(attempt: Attempt) -> Effect:
    """The first step is taken."""
    return Effect(details={"department_accepted_at": attempt.now, "department_accepted_by": attempt.actor.id})


def district_accepts(attempt: Attempt) -> Effect:
    """The second step is taken."""
    return Effect(details={"district_accepted_at": attempt.now, "district_accepted_by": attempt.actor.id})


def reject(attempt: Attempt) -> Effect:
    """Back to work, still listed; all steps are to be taken anew, and the second failure proposes a talk and more."""
    refused = do.reject(attempt)
    failed = refused.case["rejections"]
    basis = f"验收{failed}次不合格"
    acts = (Proposal(about=attempt.case.id, kind=kind, basis=basis) for kind in ("talk", "bulletin"))
    proposes = tuple(acts) if failed == FAILURES else ()
    return Effect(case=refused.case, details=dict.fromkeys(STEPS), changes=refused.changes, proposes=proposes)


def verify(attempt: Attempt) -> Effect:
    """The body that listed accepts."""
    actor = attempt.actor
    found = {"verified_at": attempt.now, "verified_by": actor.id, "verified_by_org": actor.org_id}
    return Effect(case=found, changes=do.judged(attempt, "verified"))


def delist(attempt: Attempt) -> Effect:
    """摘牌 and its publication are one notice."""
    where = {"delisting_published_at": attempt.now, "delisting_published_where": attempt.data["published_where"]}
    return Effect(case=do.close(attempt).case, details=where)


def hand_up(attempt: Attempt) -> Effect:
    """提级: another body lists from now on; the case stays where it is."""
    return Effect(case={"level": attempt.data["level"], "lister_org_id": attempt.data["lister_org_id"]})


def cover(attempt: Attempt) -> Effect:
    """One more hazard is supervised."""
    tie = {"from_id": attempt.case.id, "to_id": attempt.data["hazard_id"]}
    if attempt.data["hazard_id"] in attempt.facts.uncovered:
        return Effect(changes=(Change("covers", tie, {"kind": "covers"}),))
    return Effect(rows=(("links", {**tie, "kind": "covers", "created_at": attempt.now}),))


def uncover(attempt: Attempt) -> Effect:
    """A hazard is supervised no longer; that it was stays on record."""
    tie = {"from_id": attempt.case.id, "to_id": attempt.data["hazard_id"]}
    return Effect(changes=(Change("uncovered", tie, {"kind": "uncovered"}),))


def void(attempt: Attempt) -> Effect:
    """作废, with a reason; what was asked and proposed falls."""
    lapsed = (*do.request_lapses(attempt), *do.proposals_fall(attempt))
    return Effect(case={"extension_to": None}, changes=lapsed)
