"""What could be taken into a round (候选): overdue, rejected twice, proposed, carried over; free of other rounds."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import Act, Case, Deadline, Round, RoundItem
from workflow.rounds.items import OWED, REJECTIONS, Candidate, Nominee
from workflow.rows import CaseRow


def candidates_of(session: Session, case: CaseRow) -> tuple[Candidate, ...]:
    """What could be taken into a round now, by the way in which it came up; what stands in any round is left out."""
    carried = carried_into(session, case)
    standing = select(RoundItem.hazard_id).where(or_(RoundItem.outcome.is_(None), RoundItem.round_id == case.id))
    free = and_(owed_in(case), Case.id.not_in(standing))
    found: dict[str, str] = {}
    for source, condition in _ways(carried):
        for hazard_id in session.scalars(select(Case.id).where(free, condition)):
            found.setdefault(hazard_id, source)
    return tuple(Candidate(key, found[key], 1 + carried.get(key, 0)) for key in sorted(found))


def nominee_of(session: Session, case: CaseRow, hazard_id: str | None) -> Nominee | None:
    """The hazard somebody names, if there is one of that id."""
    if not hazard_id or session.scalar(select(Case.workflow).where(Case.id == hazard_id)) != "hazard":
        return None
    owed = session.scalar(select(Case.id).where(Case.id == hazard_id, owed_in(case))) is not None
    elsewhere = select(RoundItem.round_id).where(
        RoundItem.hazard_id == hazard_id, RoundItem.outcome.is_(None), RoundItem.round_id != case.id
    )
    taken = session.scalar(elsewhere) is not None
    return Nominee(hazard_id, owed, taken, 1 + carried_into(session, case).get(hazard_id, 0))


def owed_in(case: CaseRow) -> ColumnElement[bool]:
    """Hazards of the round's place and sector that are not rectified yet."""
    place = {"district_id": case.district_id, "town_id": case.town_id, "sector": case.sector}
    here = (getattr(Case, name) == value for name, value in place.items() if value is not None)
    return and_(Case.workflow == "hazard", Case.state.in_(OWED), *here)


def carried_into(session: Session, case: CaseRow) -> dict[str, int]:
    """What the round just before this one carried over, with the count of its rounds in a row."""
    other = aliased(Round)
    before = (
        select(Round.case_id)
        .join(Case, Case.id == Round.case_id)
        .join(other, other.case_id == case.id)
        .where(same_series(case), Case.state == "closed", Round.number < other.number)
        .order_by(Round.number.desc())
        .limit(1)
    )
    rows = select(RoundItem.hazard_id, RoundItem.consecutive).where(
        RoundItem.round_id == before.scalar_subquery(), RoundItem.outcome == "carried_over"
    )
    return {row.hazard_id: row.consecutive for row in session.execute(rows)}


def same_series(case: CaseRow) -> ColumnElement[bool]:
    """Rounds that follow one another: of the same place, level and sector."""
    same = (getattr(Case, name).is_not_distinct_from(getattr(case, name)) for name in ("town_id", "sector"))
    return and_(Case.workflow == "round", Case.district_id == case.district_id, Case.level == case.level, *same)


def _ways(carried: Mapping[str, int]) -> tuple[tuple[str, ColumnElement[bool]], ...]:
    """In which ways a hazard becomes a candidate; the first that is true of it is its source."""
    broken = select(Deadline.case_id).where(
        Deadline.case_id == Case.id, Deadline.name == "rectify", Deadline.outcome.is_(None),
        Deadline.held_at.is_(None), Deadline.paused_at.is_(None), Deadline.breached_at.is_not(None),
    )  # fmt: skip
    proposed = (
        select(Act.case_id)
        .outerjoin(Deadline, Deadline.id == Act.deadline_id)
        .where(
            Act.case_id == Case.id, Act.kind == "exposure", or_(Act.outcome.is_(None), Act.outcome == "accepted"),
            or_(Act.deadline_id.is_(None), Deadline.cycle == Case.cycle),
        )
    )  # fmt: skip
    return (
        ("carried", Case.id.in_(carried)),
        ("overdue", broken.exists()),
        ("rejected", Case.rejections >= REJECTIONS),
        ("proposed", proposed.exists()),
    )
