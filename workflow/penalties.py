"""Penalties (行政处罚) of an enterprise: recorded once each; enough beside a major hazard propose closure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Organisation, Penalty
from models.ids import new_id
from workflow import refusals as no
from workflow.actor import Actor
from workflow.arithmetic import SHANGHAI
from workflow.closure_counter import Counter, Penalised, Window, counter
from workflow.decide import Draft
from workflow.decision import Proposal
from workflow.hazard import HAZARD
from workflow.load import lock_cases
from workflow.places import held
from workflow.roles import LABELS, Role
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.workflows import WORKFLOWS
from workflow.write import write

RECORDERS = (Role.INSPECTOR, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPenalty:
    """What the penalty decision says; money in fen."""

    decided_on: date
    document: str
    basis: str
    amount_fen: int


def record(
    session: Session, rules: Rules, enterprise_id: str, penalty: NewPenalty, *, actor: Actor, now: datetime
) -> Penalty:
    """Record a penalty in the caller's transaction; a window of art. 113 that it fills proposes closure, once."""
    # The case row is the first lock, here as everywhere; then nobody else records a penalty of this enterprise.
    hazards, rules = lock_cases(session, rules, _major(session, enterprise_id))
    enterprise = held(session, enterprise_id)
    _may_record(enterprise, penalty, actor, now=now)
    if session.scalar(select(Penalty.id).where(Penalty.document == penalty.document)):
        raise no.PenaltyAlreadyRecorded(field="document", right="另一份行政处罚决定书的编号")
    before = counted(session, enterprise_id)
    row = Penalty(
        id=new_id(now), enterprise_id=enterprise_id, decided_on=penalty.decided_on, document=penalty.document,
        basis=penalty.basis, amount_fen=penalty.amount_fen, recorded_at=now, recorded_by=actor.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    known = {window.key for window in before.reached}
    fresh = [window for window in counted(session, enterprise_id).reached if window.key not in known]
    if fresh and (gravest := _gravest(hazards.values())):
        basis = _said(fresh, gravest)
        draft = Draft(gravest, gravest, rules, WORKFLOWS[gravest.workflow], actor, now)
        draft.propose(Proposal(about=gravest.id, kind="closure", basis=basis))
        write(session, (draft.decision(),))
    return row


def counted(session: Session, enterprise_id: str) -> Counter:
    """The windows of art. 113 as all penalties of the enterprise make them."""
    rows = session.execute(select(Penalty.decided_on, Penalty.document).where(Penalty.enterprise_id == enterprise_id))
    return counter(Penalised(row.decided_on, row.document) for row in rows)


def _may_record(enterprise: Organisation, penalty: NewPenalty, actor: Actor, *, now: datetime) -> None:
    if enterprise.kind != "enterprise" or enterprise.district_id is None:
        raise no.UnknownOrganisation(field="enterprise_id", right="一家已登记的企业")
    nodes = (enterprise.village_id, enterprise.town_id, enterprise.district_id)
    fits = (h.org_id in nodes and h.sector in (None, enterprise.sector) for h in actor.held if h.role in RECORDERS)
    if not any(fits):
        raise no.NotYourRole(right="管辖该企业的" + "、".join(LABELS[role] for role in RECORDERS))
    if penalty.decided_on > now.astimezone(SHANGHAI).date():
        raise no.InTheFuture(field="decided_on", right="处罚决定作出的日期，不晚于今天")


def _major(session: Session, enterprise_id: str) -> list[str]:
    mine = (Case.enterprise_id == enterprise_id, Case.workflow == HAZARD.name)
    return list(session.scalars(select(Case.id).where(*mine, Case.level == "major", Case.state != "voided")))


def _gravest(hazards: Iterable[CaseRow]) -> CaseRow | None:
    """The major hazard that the proposal is about: one still open before one that is closed, the newest first."""
    standing = [case for case in hazards if case.level == "major" and case.state != "voided"]
    return max(standing, key=lambda case: (case.state not in HAZARD.final, case.id), default=None)


def _said(windows: Iterable[Window], hazard: CaseRow) -> str:
    """The arithmetic, in words."""
    sums = "；".join(
        f"{window.label}：自{window.penalties[0].decided_on}至{window.ends_on}共{len(window.penalties)}次"
        f"（{'、'.join(penalty.document for penalty in window.penalties)}）"
        for window in windows
    )
    return f"安全生产法第113条。{sums}。重大事故隐患：{hazard.number}"
