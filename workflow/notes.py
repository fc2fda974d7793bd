"""Additions that are no moves: evidence arrives, proposals are decided. They append an event, never a version."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Act, Evidence
from models.ids import new_id
from workflow import refusals as no
from workflow.actor import Actor
from workflow.decide import Draft
from workflow.decision import Change
from workflow.fire import lock_visible
from workflow.ladders import ACTS
from workflow.messages import Telling
from workflow.roles import LABELS, Role
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.workflows import WORKFLOWS
from workflow.write import write

ATTACHERS = (Role.RESPONSIBLE, Role.INSPECTOR, Role.OPENER, Role.DISPATCHER)


def may_attach(case: CaseRow, actor: Actor) -> None:
    """Refuse evidence from who has no part in the case, and evidence for what is over; asked before a byte is read."""
    if not any(actor.is_(role, case) for role in ATTACHERS):
        raise no.NotYourRole(right="、".join(LABELS[role] for role in ATTACHERS))
    if case.state in WORKFLOWS[case.workflow].final:
        raise no.IllegalMove(right="未办结的事项才能补充材料", state=case.state)


def attach(
    session: Session, rules: Rules, case_id: str, *, phase: str, file: dict[str, Any], actor: Actor, now: datetime
) -> str:
    """Put a received file (columns of `evidence`) on a case; the same bytes again in a cycle give the same id back."""
    case, rules = lock_visible(session, rules, case_id, actor=actor)
    may_attach(case, actor)
    known = session.scalar(
        select(Evidence.id).where(
            Evidence.case_id == case.id,
            Evidence.phase == phase,
            Evidence.sha256 == file["sha256"],
            Evidence.cycle == case.cycle,
        )
    )
    if known is not None:
        return known
    row = {
        "id": new_id(now), "case_id": case.id, "phase": phase, "cycle": case.cycle,
        "received_at": now, "received_from": actor.id, **file,
    }  # fmt: skip
    draft = Draft(case, case, rules, WORKFLOWS[case.workflow], actor, now)
    draft.add_event("note", "attach", phase=phase, sha256=file["sha256"], size=file["size"], taken_at=file["taken_at"])
    draft.inserts += (("evidence", row),)
    write(session, (draft.decision(),))
    return str(row["id"])


def decide_act(
    session: Session, rules: Rules, act_id: str, *, outcome: str, reason: str, actor: Actor, now: datetime
) -> None:
    """A supervisor accepts or refuses what a rung proposed, with a reason; once."""
    case_id = session.scalar(select(Act.case_id).where(Act.id == act_id))
    if case_id is None:
        raise no.UnknownCase()
    case, rules = lock_visible(session, rules, case_id, actor=actor)
    act = session.execute(select(Act.kind, Act.outcome).where(Act.id == act_id)).one()
    if not actor.is_(Role.SUPERVISOR, case):
        raise no.NotYourRole(right=LABELS[Role.SUPERVISOR])
    if act.outcome is not None:
        raise no.ActAlreadyDecided()
    if not reason.strip():
        raise no.Missing(field="reason", right="写明理由，不能为空")
    draft = Draft(case, case, rules, WORKFLOWS[case.workflow], actor, now)
    draft.add_event("note", f"act.{outcome}", act=act_id, act_kind=act.kind, reason=reason)
    values = {"outcome": outcome, "decided_at": now, "decided_by": actor.id, "reason": reason}
    draft.changes += (Change("act", {"id": act_id}, values),)
    said = f"{'采纳' if outcome == 'accepted' else '不采纳'}督办建议：{ACTS[act.kind]}"
    draft.tell(Telling(f"act.{outcome}", frozenset({Role.DISPATCHER}), said, detail=f"理由：{reason}"))
    write(session, (draft.decision(),))
