"""Reading whole incidents (突发事件): the reports made, the findings about them, and what looks late."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.queries import ledger, whole
from api.queries.names import person_names
from api.shapes.common import named
from api.shapes.incidents import FindingShown, IncidentLine, IncidentShown, ReportShown, Suspected
from models import Finding, Incident, IncidentReport
from workflow.actor import Actor
from workflow.incident import INCIDENT
from workflow.incidents.fields import FINDINGS
from workflow.incidents.guards import window_end
from workflow.incidents.words import TITLES, lacking
from workflow.load import load_deadlines
from workflow.roles import Role
from workflow.rows import CaseRow, DeadlineRow
from workflow.rules import Rules

WORDS = (
    *("kind", "occurred_at", "received_at", "anchor_at", "anchor_source", "place", "unit", "course", "cause"),
    *("deaths", "missing", "injured", "trapped", "evacuated", "measures", "trend", "leaders", "suggestion"),
    *("stated_level", "level_reason", "acknowledged_at", "concluded_at"),
)
TRUSTED = (Role.DUTY_OFFICER, Role.SUPERVISOR, Role.LEADER)


def line(row: ledger.Line) -> IncidentLine:
    """A row of the list as it is shown."""
    return IncidentLine.model_validate(whole.line(row))


def lacks_of(session: Session, case: CaseRow) -> list[str] | None:
    """What nobody knows yet of an incident as it stands in this transaction; none of any other case."""
    if case.workflow != INCIDENT.name:
        return None
    known = Incident.__table__
    row = session.execute(select(known).where(known.c.case_id == case.id)).mappings().one()
    return lacking(dict(row))


def shown(session: Session, rules: Rules, case: CaseRow, *, actor: Actor, now: datetime) -> IncidentShown:
    """All there is to see of one incident, with the exits this person has now."""
    words = whole.words(session, case, Incident)
    reports = _of(session, IncidentReport, case.id, IncidentReport.number)
    findings = _of(session, Finding, case.id, Finding.id)
    people = person_names(
        session, [words.acknowledged_by, *(r.entered_by for r in reports), *(f.recorded_by for f in findings)]
    )
    known = {column.name: getattr(words, column.name) for column in Incident.__table__.columns}
    return IncidentShown.model_validate(
        whole.common(session, rules, case, actor=actor, now=now)
        | whole.same(words, WORDS)
        | {
            "loss_yuan": _yuan(words.loss_fen),
            "informant": words.informant if any(actor.is_(role, case) for role in TRUSTED) else None,
            "acknowledged_by": named(people, words.acknowledged_by),
            "casualties_until": window_end(rules, case.level, known),
            "lacks": lacking(known),
            "reports": [_report(row, people) for row in reports],
            "findings": [_finding(row, people) for row in findings],
            "suspected": _suspected(load_deadlines(session, [case.id]).get(case.id, ()), reports, now),
        }
    )


def _of(session: Session, table: Any, case_id: str, order: Any) -> Sequence[Any]:
    return session.scalars(select(table).where(table.case_id == case_id).order_by(order)).all()


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{fen // 100}.{fen % 100:02d}"


def _report(row: IncidentReport, people: Mapping[str, str]) -> ReportShown:
    alike = whole.same(row, [name for name in ReportShown.model_fields if name not in ("lacks", "entered_by")])
    return ReportShown.model_validate(
        alike | {"lacks": json.loads(row.lacks), "entered_by": named(people, row.entered_by)}
    )


def _finding(row: Finding, people: Mapping[str, str]) -> FindingShown:
    own = {
        "label": FINDINGS[row.kind], "evidence": row.evidence.split(), "recorded_by": named(people, row.recorded_by),
    }  # fmt: skip
    return FindingShown.model_validate(whole.same(row, ("id", "kind", "proof", "recorded_at")) | own)


def _suspected(deadlines: Sequence[DeadlineRow], reports: Sequence[IncidentReport], now: datetime) -> list[Suspected]:
    """Reports that were owed and not made in time, by when they were made in fact."""
    return [_late(row, reports, now) for row in deadlines if row.breached_at and row.name in TITLES]


def _late(row: DeadlineRow, reports: Sequence[IncidentReport], now: datetime) -> Suspected:
    made = (each.made_at for each in reports if each.kind == row.name and each.made_at >= row.due_at)
    made_at = min(made, default=None)
    return Suspected(
        deadline_id=row.id,
        name=row.name,
        label=INCIDENT.by_deadline[row.name].label,
        round=row.round,
        due_at=row.due_at,
        made_at=made_at,
        late_minutes=int(((made_at or now) - row.due_at).total_seconds() // 60),
    )
