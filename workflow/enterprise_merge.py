"""Merges two entries that are one enterprise (企业合并): one is kept, the other's name becomes a second name of it."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Case, Grant, Organisation, Person, Visit
from workflow.directory_version import count_up
from workflow.places import LEVELS, held
from workflow.refusals import Refusal, UnknownOrganisation

# Everywhere an enterprise is pointed to; who submitted and who verified must stay comparable with who is responsible.
POINTERS: tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ...] = (
    Case.enterprise_id,
    Case.responsible_org_id,
    Case.opened_by_org,
    Case.submitted_by_org,
    Case.verified_by_org,
    Visit.enterprise_id,
    Person.org_id,
    Grant.org_id,
    Organisation.parent_id,
)
OF_CASES = tuple(column for column in POINTERS if column.class_ is Case)


class TwoEnterprises(Refusal):
    """两者的统一社会信用代码不同，是两家企业，不能合并。"""


class DifferentDistricts(Refusal):
    """两家企业不在同一区县，不能合并。"""


class SameEnterprise(Refusal):
    """不能与自身合并。"""


def merge(session: Session, *, keep_id: str, drop_id: str) -> Organisation:
    """Give all cases, visits and people of one enterprise to another and return that.

    The dropped one keeps its name, under the kept one and without a place of its own: ledgers that name it still lead
    to the right file. Refuses two valid credit codes, two districts, and what is not two enterprises.
    """
    if keep_id == drop_id:
        raise SameEnterprise(field="drop_id", right="另一家企业")
    touched = select(Case.id).where(or_(*(column == drop_id for column in OF_CASES))).order_by(Case.id)
    # The case row is the first lock, here as everywhere.
    session.execute(touched.with_for_update()).all()
    keep, drop = _enterprises(session, keep_id, drop_id)
    code = keep.credit_code or drop.credit_code
    if drop.credit_code not in (None, code):
        raise TwoEnterprises(field="credit_code", right="先核对两者的营业执照")
    for column in POINTERS:
        move = update(column.class_).where(column == drop.id).values({column.key: keep.id})
        session.execute(move.execution_options(synchronize_session="fetch"))
    drop.parent_id, drop.credit_code, drop.unconfirmed = keep.id, None, False
    for level in LEVELS.values():
        setattr(drop, level, None)
    session.flush()
    keep.credit_code = code
    session.flush()
    count_up(session)
    return keep


def _enterprises(session: Session, keep_id: str, drop_id: str) -> tuple[Organisation, Organisation]:
    locked = {id_: held(session, id_) for id_ in sorted((keep_id, drop_id))}
    keep, drop = locked[keep_id], locked[drop_id]
    for field, one in (("keep_id", keep), ("drop_id", drop)):
        # One without a district has already been merged into another.
        if one.kind != "enterprise" or one.district_id is None:
            raise UnknownOrganisation(field=field)
    if keep.district_id != drop.district_id:
        raise DifferentDistricts(field="drop_id", right="同一区县的企业")
    return keep, drop
