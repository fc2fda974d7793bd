"""Merges two entries that are one enterprise (企业合并): one is kept, the other's name becomes a second name of it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Case, Grant, Organisation, Penalty, Person, Visit
from workflow.actor import Actor
from workflow.directory_version import count_up
from workflow.following import Columns, follow, lock_all, stood_in
from workflow.places import LEVELS, held
from workflow.refusals import Refusal, UnknownOrganisation
from workflow.rows import CaseRow
from workflow.rules import Rules

# Everywhere an enterprise is pointed to; who submitted and who verified must stay comparable with who is responsible.
OF_CASES = ("enterprise_id", "responsible_org_id", "opened_by_org", "submitted_by_org", "verified_by_org")
POINTERS: tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ...] = (
    Visit.enterprise_id,
    Penalty.enterprise_id,
    Person.org_id,
    Grant.org_id,
    Organisation.parent_id,
)


class TwoEnterprises(Refusal):
    """两者的统一社会信用代码不同，是两家企业，不能合并。"""


class DifferentDistricts(Refusal):
    """两家企业不在同一区县，不能合并。"""


class SameEnterprise(Refusal):
    """不能与自身合并。"""


def merge(session: Session, rules: Rules, *, keep_id: str, drop_id: str, actor: Actor, now: datetime) -> Organisation:
    """Give all cases (each with an event), visits, penalties and people of one enterprise to another and return that.

    The dropped one keeps its name, under the kept one and without a place of its own: ledgers that name it still lead
    to the right file. A case stays in the place it was found in, unless that was unconfirmed. Refuses two valid credit
    codes, two districts, and what is not two enterprises.
    """
    if keep_id == drop_id:
        raise SameEnterprise(field="drop_id", right="另一家企业")
    # The case row is the first lock, here as everywhere.
    concerned = lock_all(session, or_(*(getattr(Case, column) == drop_id for column in OF_CASES)))
    keep, drop = _enterprises(session, keep_id, drop_id)
    if drop.credit_code and keep.credit_code not in (None, drop.credit_code):
        raise TwoEnterprises(field="credit_code", right="先核对两者的营业执照")
    becomes = _becomes(session, keep, drop)
    _hand_over(session, keep, drop)
    follow(session, rules, concerned, "merge", becomes, organisation_id=drop.id, actor=actor, now=now)
    count_up(session)
    return keep


def _becomes(session: Session, keep: Organisation, drop: Organisation) -> Callable[[CaseRow], Columns]:
    was, place = ({level: getattr(one, level) for level in LEVELS.values()} for one in (drop, keep))
    town = session.get(Organisation, drop.town_id) if drop.town_id else None
    unsure = town is not None and town.unconfirmed

    def becomes(case: CaseRow) -> Columns:
        units = {column: keep.id for column in OF_CASES if getattr(case, column) == drop.id}
        follows = unsure and "enterprise_id" in units and stood_in(case, was)
        return {**units, **place} if follows else units

    return becomes


def _hand_over(session: Session, keep: Organisation, drop: Organisation) -> None:
    for column in POINTERS:
        point = update(column.class_).where(column == drop.id).values({column.key: keep.id})
        session.execute(point.execution_options(synchronize_session="fetch"))
    code = keep.credit_code or drop.credit_code
    drop.parent_id, drop.credit_code, drop.unconfirmed = keep.id, None, False
    for level in LEVELS.values():
        setattr(drop, level, None)
    session.flush()
    keep.credit_code = code
    session.flush()


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
