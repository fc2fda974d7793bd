"""Moves a node of the tree (机构迁移): what stands below goes with it, and so do the cases that stand there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from models import Case, Organisation
from workflow.actor import Actor
from workflow.directory_version import count_up
from workflow.following import Columns, follow, lock_all, stood_in
from workflow.places import LEVELS, held, refuse_duplicate, refuse_misplaced
from workflow.refusals import UnknownOrganisation
from workflow.rows import CaseRow
from workflow.rules import Rules


def move(
    session: Session, rules: Rules, organisation_id: str, *, parent_id: str, actor: Actor, now: datetime
) -> Organisation:
    """Put a node with all below it under another parent; cases that stood where it stood follow, each with an event.

    A case of a moved enterprise that was found elsewhere stays there. Refuses unknown nodes, a parent under which the
    kind may not stand, and a name that is in use there.
    """
    concerned = _lock_concerned(session, organisation_id)
    moved, parent = held(session, organisation_id), held(session, parent_id)
    refuse_misplaced(moved.kind, parent)
    if moved.parent_id != parent.id:
        refuse_duplicate(session, moved.kind, moved.name, parent.id)
    was = _place(moved)
    _put_under(session, moved, parent)
    becomes = _place(moved)

    def place(case: CaseRow) -> Columns:
        return becomes if stood_in(case, was) else {}

    if was != becomes:
        follow(session, rules, concerned, "relocate", place, organisation_id=moved.id, actor=actor, now=now)
    count_up(session)
    return moved


def _lock_concerned(session: Session, organisation_id: str) -> Sequence[str]:
    node = session.get(Organisation, organisation_id)
    if node is None:
        raise UnknownOrganisation(field="organisation_id")
    # What stands above a district is in no case.
    return () if node.kind == "district" else lock_all(session, _concerned(node))


def _concerned(node: Organisation) -> ColumnElement[bool]:
    if node.kind not in LEVELS:
        return Case.enterprise_id == node.id
    level = LEVELS[node.kind]
    below = select(Organisation.id).where(getattr(Organisation, level) == node.id, Organisation.kind == "enterprise")
    return or_(getattr(Case, level) == node.id, Case.enterprise_id.in_(below))


def _place(node: Organisation) -> Columns:
    """The levels of the tree down to the node: a place knows nothing of the levels below its own."""
    levels = list(LEVELS.values())
    own = levels[: levels.index(LEVELS[node.kind]) + 1] if node.kind in LEVELS else levels
    return {level: getattr(node, level) for level in own}


def _put_under(session: Session, moved: Organisation, parent: Organisation) -> None:
    moved.parent_id = parent.id
    below = getattr(Organisation, LEVELS.get(moved.kind, "id"))
    # What stands below keeps its own levels; only those above the moved node change.
    above = [level for level in _place(moved) if level != LEVELS.get(moved.kind)]
    if above:
        session.execute(
            update(Organisation)
            .where(or_(below == moved.id, Organisation.id == moved.id))
            .values({level: getattr(parent, level) for level in above})
            .execution_options(synchronize_session="fetch")
        )
    session.flush()
