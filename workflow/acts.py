"""Acts (督办措施建议): proposed by a rung, a move, a counter or a person; a supervisor decides them, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Act
from workflow import refusals as no
from workflow.actor import Actor
from workflow.decide import Draft
from workflow.decision import Change, Decision, Proposal
from workflow.fire import lock_visible
from workflow.ladders import ACTS
from workflow.listings.opening import NewListing
from workflow.listings.opening import propose as propose_listing
from workflow.measures.opening import NewMeasure
from workflow.messages import Telling
from workflow.opening import open_cases
from workflow.roles import LABELS, Role
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.workflows import WORKFLOWS
from workflow.write import write

PROPOSERS = (Role.INSPECTOR, Role.DISPATCHER, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An act that is being accepted about a case: of which kind, why, by whom and when."""

    id: str
    kind: str
    about: CaseRow
    basis: str
    actor: Actor
    now: datetime


def _measure(session: Session, rules: Rules, act: Accepted) -> Decision:
    """A measure against the unit concerned."""
    new = NewMeasure(kind=act.kind, about=act.about, basis=act.basis, act_id=act.id, now=act.now)
    return open_cases(session, rules, [new], actor=act.actor, now=act.now)[0]


def _listing(session: Session, rules: Rules, act: Accepted) -> Decision:
    """A listing of the hazard, proposed to its district."""
    new = NewListing(hazards=(act.about.id,), level="district", lister_org_id=act.about.district_id, basis=act.basis)
    return propose_listing(session, rules, new, actor=act.actor, now=act.now)


# What an accepted act opens at once; an exposed hazard waits for the next round.
FOLLOWS: Mapping[str, Callable[[Session, Rules, Accepted], Decision]] = {
    "talk": _measure,
    "bulletin": _measure,
    "listing": _listing,
    "case_filing": _measure,
    "warning_letter": _measure,
    "closure": _measure,
}
# Kinds that are only about cases of these workflows; the others are about any.
ONLY_ABOUT: Mapping[str, frozenset[str]] = {
    "exposure": frozenset({"hazard"}),
    "listing": frozenset({"hazard"}),
}


def propose(session: Session, rules: Rules, case_id: str, *, kind: str, basis: str, actor: Actor, now: datetime) -> str:
    """An officer proposes an act by hand, with a reason; somebody else decides it. Returns its id."""
    case, rules = lock_visible(session, rules, case_id, actor=actor)
    if not any(actor.is_(role, case) for role in PROPOSERS):
        raise no.NotYourRole(right="、".join(LABELS[role] for role in PROPOSERS))
    if case.state in WORKFLOWS[case.workflow].final:
        raise no.IllegalMove(right="未办结的事项才能提出督办建议", state=case.state)
    if kind not in ACTS:
        raise no.ActNotAboutThis(field="kind", right="、".join(ACTS))
    _fits(kind, case)
    if not basis.strip():
        raise no.Missing(field="basis", right="写明缘由，不能为空")
    draft = Draft(case, case, rules, WORKFLOWS[case.workflow], actor, now)
    act_id = draft.propose(Proposal(about=case.id, kind=kind, basis=basis, by=actor.id))
    write(session, (draft.decision(),))
    return str(act_id)


def decide_act(
    session: Session, rules: Rules, act_id: str, *, outcome: str, reason: str, actor: Actor, now: datetime
) -> None:
    """A supervisor accepts or refuses what was proposed, with a reason; what an accepted act says is opened at once."""
    case_id = session.scalar(select(Act.case_id).where(Act.id == act_id))
    if case_id is None:
        raise no.UnknownCase()
    case, rules = lock_visible(session, rules, case_id, actor=actor)
    columns = (Act.kind, Act.rung, Act.basis, Act.proposed_by, Act.outcome)
    act = session.execute(select(*columns).where(Act.id == act_id)).one()
    _may_decide(act, case, actor, outcome=outcome, reason=reason)
    values: dict[str, Any] = {"outcome": outcome, "decided_at": now, "decided_by": actor.id, "reason": reason}
    if outcome == "accepted" and (follows := FOLLOWS.get(act.kind)):
        basis = _basis(case, act, reason)
        accepted = Accepted(id=act_id, kind=act.kind, about=case, basis=basis, actor=actor, now=now)
        values["led_to"] = follows(session, rules, accepted).after.id
    draft = Draft(case, case, rules, WORKFLOWS[case.workflow], actor, now)
    draft.add_event("note", f"act.{outcome}", act=act_id, act_kind=act.kind, reason=reason, led_to=values.get("led_to"))
    draft.changes.append(Change("act", {"id": act_id}, values))
    said = f"{'采纳' if outcome == 'accepted' else '不采纳'}督办建议：{ACTS[act.kind]}"
    draft.tell(Telling(f"act.{outcome}", frozenset({Role.DISPATCHER}), said, detail=f"理由：{reason}"))
    write(session, (draft.decision(),))


def _may_decide(act: Any, case: CaseRow, actor: Actor, *, outcome: str, reason: str) -> None:
    if not actor.is_(Role.SUPERVISOR, case):
        raise no.NotYourRole(right=LABELS[Role.SUPERVISOR])
    if act.outcome is not None:
        raise no.ActAlreadyDecided()
    if not reason.strip():
        raise no.Missing(field="reason", right="写明理由，不能为空")
    if outcome == "accepted":
        if act.proposed_by == actor.id:
            raise no.ActOfYourOwn(right="由另一名审核人员采纳")
        _fits(act.kind, case)


def _fits(kind: str, case: CaseRow) -> None:
    fitting = ONLY_ABOUT.get(kind, WORKFLOWS.keys())
    if case.workflow not in fitting:
        raise no.ActNotAboutThis(field="kind", right="、".join(WORKFLOWS[name].label for name in fitting))


def _basis(case: CaseRow, act: Any, reason: str) -> str:
    """Why it is done, in words for the record."""
    steps = (step for promise in WORKFLOWS[case.workflow].deadlines for step in promise.ladder)
    said = (step.label for step in steps if (step.name, step.proposes) == (act.rung, act.kind))
    return f"{act.basis or next(said, ACTS[act.kind])}。采纳理由：{reason}"
