"""Cases follow (随迁): the one door by which the place and the units of a case change without a move of its own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Case
from workflow.actor import Actor
from workflow.decide import Draft
from workflow.decision import Decision
from workflow.load import lock_cases
from workflow.rows import CaseRow, changed, difference
from workflow.rules import Rules
from workflow.workflows import WORKFLOWS
from workflow.write import write

BATCH = 500
# Columns of `cases` that name organisations, and their new values.
Columns = Mapping[str, str | None]


def lock_all(session: Session, concerned: ColumnElement[bool]) -> Sequence[str]:
    """Lock all cases concerned, in id order, and return their ids; ask before any organisation is locked."""
    return session.scalars(select(Case.id).where(concerned).order_by(Case.id).with_for_update()).all()


def follow(
    session: Session,
    rules: Rules,
    case_ids: Sequence[str],
    trigger: str,
    becomes: Callable[[CaseRow], Columns],
    *,
    organisation_id: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Give each case, closed ones too, the columns that `becomes` names, and return how many cases that changed.

    In the caller's transaction. One event a case says which organisation was changed (`organisation_id`) and each
    column's ids from and to; the version stays.
    """
    count = 0
    for start in range(0, len(case_ids), BATCH):
        cases, rules = lock_cases(session, rules, case_ids[start : start + BATCH])
        told = (
            _told(rules, case, trigger, becomes(case), organisation_id=organisation_id, actor=actor, now=now)
            for case in cases.values()
        )
        decisions = [decision for decision in told if decision]
        write(session, decisions)
        count += len(decisions)
    return count


def stood_in(case: CaseRow, place: Columns) -> bool:
    """Whether a case stands in this place (levels of the tree), or only less exactly said; not if found elsewhere."""
    return all(getattr(case, level) in (None, id_) for level, id_ in place.items())


def _told(
    rules: Rules, case: CaseRow, trigger: str, columns: Columns, *, organisation_id: str, actor: Actor, now: datetime
) -> Decision | None:
    after = changed(case, **columns)
    change = {c: {"from": getattr(case, c), "to": getattr(after, c)} for c in difference(case, after)}
    if not change:
        return None
    draft = Draft(case, after, rules, WORKFLOWS[case.workflow], actor, now)
    draft.add_event("note", trigger, organisation=organisation_id, change=change)
    return draft.decision()
