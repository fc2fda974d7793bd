"""Cases (事项) from inside: their clocks and their history; and visits, at which several were found."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.identity import SignedIn
from api.instants import due_day
from api.paging import CursorText, Limit, Page, decode, page
from api.problems import UnknownAddress
from api.queries import ledger
from api.queries.cases import visible_case
from api.queries.hazards import line
from api.queries.names import organisation_names
from api.shapes.cases import Adjustment, CaseClock, Deadline, HistoryLine, Rung, Segment
from api.shapes.common import Named, named
from api.shapes.hazards import VisitShown
from api.words import HEX_ID, CaseId
from models import Case, Event, Visit
from models.database import read_session
from workflow.actor import Actor
from workflow.explain import Explained, explain
from workflow.table import Workflow
from workflow.visible import visible_to
from workflow.workflows import WORKFLOWS

router = APIRouter(tags=["事项 cases"])
NOTES = {
    "take_in": "台账导入",
    "attach": "补充佐证材料",
    "act.proposed": "提出督办建议",
    "act.accepted": "采纳督办建议",
    "act.refused": "不采纳督办建议",
    "reproject": "按放假安排重算期限",
    "relocate": "随机构或企业迁移变更所在地",
    "merge": "企业合并，改记到保留的企业",
}


@router.get("/cases/{case_id}/clock", summary="时限及其算法")
def clock(case_id: CaseId, call: SignedIn) -> CaseClock:
    """Every deadline of a case with its arithmetic: the days counted and skipped, and its rungs."""
    with read_session(call.engine) as session:
        case = visible_case(session, case_id, call.actor)
        deadlines = [_deadline(found) for found in explain(session, call.rules, case)]
    return CaseClock(case_id=case_id, now=call.now, deadlines=deadlines)


@router.get("/cases/{case_id}/history", summary="流转记录")
def history(case_id: CaseId, call: SignedIn, limit: Limit = 50, cursor: CursorText = None) -> Page[HistoryLine]:
    """The append-only, chained history of a case, oldest first."""
    after = decode(cursor, int)
    with read_session(call.engine) as session:
        table = WORKFLOWS[visible_case(session, case_id, call.actor).workflow]
        lines = select(Event).where(Event.case_id == case_id, Event.seq > (after[0] if after else 0))
        rows = session.scalars(lines.order_by(Event.seq).limit(limit + 1)).all()
    items, following = page([_line(row, table) for row in rows], limit, lambda shown: (shown.seq,))
    return Page(items=list(items), next=following)


@router.get("/visits/{visit_id}", summary="一次检查")
def visit(visit_id: Annotated[str, Path(pattern=HEX_ID)], call: SignedIn) -> VisitShown:
    """One inspection visit with those of its hazards that the caller may see; 404 if there are none."""
    with read_session(call.engine) as session:
        return _visit(session, visit_id, call.actor)


def _visit(session: Session, visit_id: str, actor: Actor) -> VisitShown:
    made = session.get(Visit, visit_id)
    found = select(Case.id).where(Case.visit_id == visit_id, visible_to(actor))
    ids = session.scalars(found.order_by(Case.number)).all()
    if made is None or not ids:
        raise UnknownAddress()
    names = organisation_names(session, [made.enterprise_id])
    return VisitShown(
        id=made.id,
        visited_at=made.visited_at,
        enterprise=named(names, made.enterprise_id),
        finder=made.finder,
        note=made.note,
        hazards=[line(row) for row in ledger.lines(session, ids)],
    )


def _deadline(found: Explained) -> Deadline:
    row = found.deadline
    same = {name: getattr(row, name) for name in Deadline.model_fields if hasattr(row, name)}
    adjustments = [Adjustment.model_validate(change._asdict()) for change in found.adjustments]
    working = [Segment.model_validate(asdict(segment)) for segment in found.segments]
    rungs = [Rung.model_validate(rung._asdict() | {"label": label}) for rung, label in found.rungs]
    told = {"label": found.label, "due_day": due_day(row.due_at), "told_at": found.told_at}
    return Deadline.model_validate(same | told | {"working": working, "adjustments": adjustments, "rungs": rungs})


def _line(row: Event, table: Workflow) -> HistoryLine:
    same = {name: getattr(row, name) for name in ("seq", "at", "kind", "trigger", "version", "body", "hash")}
    actor = Named(id=row.actor_id, name=json.loads(row.body).get("name", "")) if row.actor_id else None
    return HistoryLine.model_validate(same | {"label": _label(row, table), "actor": actor})


def _label(row: Event, table: Workflow) -> str:
    if row.kind == "nobody":
        return "无人可通知"
    if row.kind == "rung":
        name, _, rung = row.trigger.partition(".")
        promise = table.by_deadline[name]
        return promise.label + next((step.label for step in promise.ladder if step.name == rung), rung)
    return NOTES.get(row.trigger) or table.called(row.trigger)
