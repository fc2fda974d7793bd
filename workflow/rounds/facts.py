"""Loading what decisions about rounds (曝光督办) need, and holding still what they go by."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from models import Case, Deadline, Hazard, Organisation, RoundItem, Submission
from models.database import only_reads
from workflow.rounds.candidates import candidates_of, nominee_of
from workflow.rounds.items import Item
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


def hold_district(session: Session, district_id: str) -> None:
    """Take the turn of the district's rounds, whose lists grow one at a time; hazards may be opened meanwhile."""
    session.execute(select(Organisation.id).where(Organisation.id == district_id).with_for_update(key_share=True)).all()


def _hold_items(session: Session, case: CaseRow) -> None:
    """Nobody moves the hazards of a round before this transaction ends."""
    held = select(Case.id).join(RoundItem, RoundItem.hazard_id == Case.id)
    mine = held.where(RoundItem.round_id == case.id, RoundItem.outcome.is_(None)).order_by(Case.id)
    session.execute(mine.with_for_update(of=Case, read=True)).all()


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
