"""Loading what decisions about rounds (曝光督办) need: items with their hazards, candidates, what is named."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import Act, Case, Deadline, Hazard, Organisation, Round, RoundItem, Submission
from models.database import only_reads
from workflow.rounds.items import OWED, REJECTIONS, Candidate, Item, Nominee
from workflow.rows import CaseRow

SAME = ("hazard_id", "source", "consecutive", "public_text", "withheld", "outcome")


def loaded(session: Session, case: CaseRow, needed: Set[str], data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a round that are needed; in a transaction that writes, they stay true until it ends."""
    asked = needed & LOADERS.keys()
    if not only_reads(session):
        for hold in dict.fromkeys(HOLDS[fact] for fact in sorted(asked)):
            hold(session, case)
    return {fact: LOADERS[fact](session, case, data) for fact in asked}


def items_of(session: Session, round_ids: Sequence[str]) -> dict[str, dict[str, Item]]:
    """Every item of these rounds by its hazard, in order of the hazards' numbers."""
    rows = session.execute(_items().where(RoundItem.round_id.in_(round_ids)).order_by(Case.number)).all()
    hazards = [row.RoundItem.hazard_id for row in rows]
    promises, verified = _promises(session, hazards), _verified(session, hazards)
    found: dict[str, dict[str, Item]] = defaultdict(dict)
    for row in rows:
        hazard_id = row.RoundItem.hazard_id
        item = _item(row, promises.get(hazard_id), verified.get(hazard_id))
        found[row.RoundItem.round_id][hazard_id] = item
    return found


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


def hold_district(session: Session, district_id: str) -> None:
    """Take the turn of the district's rounds, whose lists grow one at a time; hazards may be opened meanwhile."""
    session.execute(select(Organisation.id).where(Organisation.id == district_id).with_for_update(key_share=True)).all()


def _hold_items(session: Session, case: CaseRow) -> None:
    """Nobody moves the hazards of a round before this transaction ends."""
    held = select(Case.id).join(RoundItem, RoundItem.hazard_id == Case.id)
    mine = held.where(RoundItem.round_id == case.id, RoundItem.outcome.is_(None)).order_by(Case.id)
    session.execute(mine.with_for_update(of=Case, read=True)).all()


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


def _items() -> Any:
    town, enterprise = aliased(Organisation), aliased(Organisation)
    return (
        select(RoundItem, Case, Hazard, town.name.label("town"), enterprise.name.label("enterprise"))
        .join(Case, Case.id == RoundItem.hazard_id)
        .join(Hazard, Hazard.case_id == Case.id)
        .outerjoin(town, town.id == Case.town_id)
        .outerjoin(enterprise, enterprise.id == Case.enterprise_id)
    )


def _item(row: Row[Any], promise: Deadline | None, verified: Submission | None) -> Item:
    item, case, hazard = row.RoundItem, row.Case, row.Hazard
    waits = promise is None or promise.outcome is not None or promise.paused_at is not None
    return Item(
        **{name: getattr(item, name) for name in SAME},
        number=case.number,
        state=case.state,
        sector=case.sector,
        town=row.town,
        enterprise_id=case.enterprise_id,
        enterprise=row.enterprise,
        description=hazard.description,
        found_by=hazard.source,
        sealed=hazard.withheld,
        due_at=promise.due_at if promise else None,
        late=not waits and (promise is None or promise.held_at is None or promise.breached_at is not None),
        money_fen=verified.money_fen if verified else 0,
        area_m2=verified.area_m2 if verified else 0.0,
    )


def _promises(session: Session, hazards: Sequence[str]) -> dict[str, Deadline]:
    """The latest promise of rectification of each."""
    rows = select(Deadline).where(Deadline.case_id.in_(hazards), Deadline.name == "rectify")
    return {row.case_id: row for row in session.scalars(rows.order_by(Deadline.cycle, Deadline.round))}


def _verified(session: Session, hazards: Sequence[str]) -> dict[str, Submission]:
    """The submission of each that was found good in its present cycle."""
    rows = (
        select(Submission)
        .join(Case, Case.id == Submission.case_id)
        .where(Submission.case_id.in_(hazards), Submission.outcome == "verified", Submission.cycle == Case.cycle)
    )
    return {row.case_id: row for row in session.scalars(rows.order_by(Submission.number))}


LOADERS: Mapping[str, Callable[[Session, CaseRow, Mapping[str, Any]], Any]] = {
    "items": lambda session, case, data: items_of(session, [case.id]).get(case.id, {}),
    "candidates": lambda session, case, data: candidates_of(session, case),
    "nominee": lambda session, case, data: nominee_of(session, case, data.get("hazard_id")),
}
HOLDS: Mapping[str, Callable[[Session, CaseRow], None]] = {
    "items": _hold_items,
    "candidates": lambda session, case: hold_district(session, case.district_id),
    "nominee": lambda session, case: hold_district(session, case.district_id),
}
