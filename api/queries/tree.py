"""The tree as a person may read it: places and departments of their district, and the enterprises they may see."""

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from api.queries.acts import shown_to
from models import Case, Organisation
from workflow.actor import Actor
from workflow.enterprise_file import EnterpriseFile, enterprise_file
from workflow.refusals import Refusal
from workflow.roles import Role
from workflow.visible import SEEING, visible_to

ENTERPRISE = "enterprise"
LEVELS = (Organisation.district_id, Organisation.town_id, Organisation.village_id)


class NoSuchOrganisation(Refusal):
    """没有这个机构或企业，或者您无权查看。"""

    status = 404


def readable(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Places and departments of the actor's district and what stands above it; all of them for an administrator."""
    if actor.holds(Role.ADMINISTRATOR):
        return Organisation.kind != ENTERPRISE
    district_id = session.scalar(select(Organisation.district_id).where(Organisation.id == actor.org_id))
    here = or_(Organisation.district_id == district_id, Organisation.district_id.is_(None))
    return and_(Organisation.kind != ENTERPRISE, here)


def enterprises_of(actor: Actor) -> ColumnElement[bool]:
    """Enterprises in the places the actor holds a role for, those a department of theirs leads cases of, their own."""
    standing = Organisation.kind == ENTERPRISE
    if actor.holds(Role.ADMINISTRATOR):
        return standing
    nodes = sorted({held.org_id for held in actor.held if held.role in SEEING})
    led = select(Case.enterprise_id).where(Case.lead_org_id.in_(nodes), Case.enterprise_id.is_not(None))
    ways = [level.in_(nodes) for level in LEVELS]
    return and_(standing, or_(Organisation.id == actor.org_id, *ways, Organisation.id.in_(led)))


def organisation(session: Session, actor: Actor, organisation_id: str) -> Organisation:
    """Return a place, department or enterprise the actor may read; NoSuchOrganisation for any other."""
    mine = or_(readable(session, actor), enterprises_of(actor))
    found = session.scalar(select(Organisation).where(Organisation.id == organisation_id, mine))
    if found is None:
        raise NoSuchOrganisation()
    return found


def enterprise(session: Session, actor: Actor, enterprise_id: str) -> Organisation:
    """Return an enterprise the actor may see; NoSuchOrganisation for any other."""
    found = session.scalar(select(Organisation).where(Organisation.id == enterprise_id, enterprises_of(actor)))
    if found is None:
        raise NoSuchOrganisation()
    return found


def file_of(session: Session, actor: Actor, enterprise_id: str) -> EnterpriseFile:
    """Return the file (一企一档) of an enterprise the actor may see or sees a case of, with the cases they see."""
    known = select(Organisation.id).where(Organisation.id == enterprise_id, Organisation.kind == ENTERPRISE)
    concerned = select(Case.id).where(Case.enterprise_id == enterprise_id, visible_to(actor)).limit(1)
    seen = session.scalar(known.where(or_(enterprises_of(actor), concerned.exists())))
    if seen is None:
        raise NoSuchOrganisation()
    return enterprise_file(session, enterprise_id, only=visible_to(actor), acts=shown_to(actor))


def matching(q: str) -> ColumnElement[bool]:
    """Organisations whose name or code contains the text."""
    if not q:
        return true()
    columns = (Organisation.name, Organisation.code, Organisation.credit_code)
    return or_(*(column.contains(q, autoescape=True) for column in columns))
