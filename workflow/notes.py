"""Additions that are no moves: evidence arrives. They append an event, never a version."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Evidence
from models.ids import new_id
from workflow import refusals as no
from workflow.actor import Actor
from workflow.decide import Draft
from workflow.fire import lock_visible
from workflow.roles import LABELS, Role
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.workflows import WORKFLOWS
from workflow.write import write


def may_attach(case: CaseRow, actor: Actor) -> None:
    """Refuse evidence from who has no part in the case, and evidence for what is over; asked before a byte is read."""
    table = WORKFLOWS[case.workflow]
    if not any(actor.is_(role, case) for role in table.attachers):
        raise no.NotYourRole(right="、".join(LABELS[role] for role in Role if role in table.attachers))
    if case.state in table.final and not any(actor.is_(role, case) for role in table.late_papers):
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
    draft.inserts.append(("evidence", row))
    write(session, (draft.decision(),))
    return str(row["id"])
