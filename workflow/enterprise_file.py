"""The enterprise file (一企一档): all that is known of one enterprise, on one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from models import Act, Case, Measure, Organisation, Penalty
from workflow.closure_counter import Counter
from workflow.penalties import counted
from workflow.refusals import UnknownOrganisation


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case on the file; `overdue_since` is the first breach of a promise still open."""

    id: str
    number: str
    state: str
    level: str
    title: str
    next_due_at: datetime | None
    overdue_since: datetime | None


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One talk (约谈) proposed over a case of the enterprise; undecided while `outcome` is none.

    `led_to`: the measure it became when accepted, with the instants at which the talk was held and replied to.
    """

    id: str
    case_id: str
    case_number: str
    proposed_at: datetime
    outcome: str | None
    decided_at: datetime | None
    led_to: str | None
    held_at: datetime | None
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class PenaltyLine:
    """One penalty (行政处罚) of the enterprise; money in fen."""

    id: str
    decided_on: date
    document: str
    basis: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class EnterpriseFile:
    """The newest cases, talks and penalties, and the counts of all hazards by state; `place` names town and village.

    `counter`: how near its penalties bring it to a proposal to close it (art. 113).
    """

    id: str
    name: str
    credit_code: str | None
    sector: str | None
    risk_colour: str | None
    address: str | None
    unconfirmed: bool
    place: tuple[str, ...]
    counts: Mapping[str, int]
    hazards: tuple[CaseLine, ...]
    listings: tuple[CaseLine, ...]
    talks: tuple[TalkLine, ...]
    penalties: tuple[PenaltyLine, ...]
    counter: Counter


def enterprise_file(
    session: Session,
    enterprise_id: str,
    *,
    only: ColumnElement[bool] | None = None,
    acts: ColumnElement[bool] | None = None,
    limit: int = 200,
) -> EnterpriseFile:
    """Return the file with at most `limit` lines of each kind, counting and showing `only` cases the reader may see.

    `acts`: which of the proposed talks about them the reader may see. UnknownOrganisation for what is no enterprise.
    """
    enterprise = session.get(Organisation, enterprise_id)
    if enterprise is None or enterprise.kind != "enterprise":
        raise UnknownOrganisation(field="enterprise_id")
    here = (Case.enterprise_id == enterprise_id) & (true() if only is None else only)
    return EnterpriseFile(
        id=enterprise.id,
        name=enterprise.name,
        credit_code=enterprise.credit_code,
        sector=enterprise.sector,
        risk_colour=enterprise.risk_colour,
        address=enterprise.address,
        unconfirmed=enterprise.unconfirmed,
        place=_place(session, enterprise),
        counts=_counts(session, here),
        hazards=_cases(session, here, "hazard", limit),
        listings=_cases(session, here, "listing", limit),
        talks=_talks(session, here & (true() if acts is None else acts), limit),
        penalties=_penalties(session, enterprise_id, limit),
        counter=counted(session, enterprise_id),
    )


def _place(session: Session, enterprise: Organisation) -> tuple[str, ...]:
    levels = [level for level in (enterprise.town_id, enterprise.village_id) if level]
    names = {row.id: row.name for row in session.scalars(select(Organisation).where(Organisation.id.in_(levels)))}
    return tuple(names[level] for level in levels)


def _counts(session: Session, here: ColumnElement[bool]) -> dict[str, int]:
    counted = select(Case.state, func.count()).where(here, Case.workflow == "hazard").group_by(Case.state)
    return dict(session.execute(counted).all())


def _cases(session: Session, here: ColumnElement[bool], workflow: str, limit: int) -> tuple[CaseLine, ...]:
    columns = (Case.id, Case.number, Case.state, Case.level, Case.title, Case.next_due_at, Case.overdue_since)
    newest = select(*columns).where(here, Case.workflow == workflow).order_by(Case.id.desc()).limit(limit)
    return tuple(CaseLine(*row) for row in session.execute(newest))


def _talks(session: Session, here: ColumnElement[bool], limit: int) -> tuple[TalkLine, ...]:
    newest = (
        select(
            *(Act.id, Act.case_id, Case.number, Act.proposed_at, Act.outcome, Act.decided_at),
            *(Act.led_to, Measure.carried_out_at, Measure.replied_at),
        )
        .join(Case, Case.id == Act.case_id)
        .outerjoin(Measure, Measure.act_id == Act.id)
        .where(here, Act.kind == "talk")
        .order_by(Act.proposed_at.desc(), Act.id.desc())
        .limit(limit)
    )
    return tuple(TalkLine(*row) for row in session.execute(newest))


def _penalties(session: Session, enterprise_id: str, limit: int) -> tuple[PenaltyLine, ...]:
    columns = (Penalty.id, Penalty.decided_on, Penalty.document, Penalty.basis, Penalty.amount_fen)
    newest = select(*columns).where(Penalty.enterprise_id == enterprise_id)
    rows = session.execute(newest.order_by(Penalty.decided_on.desc(), Penalty.id.desc()).limit(limit))
    return tuple(PenaltyLine(*row) for row in rows)
