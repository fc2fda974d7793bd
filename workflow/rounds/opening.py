"""Opening rounds (曝光督办): by hand, or the next one when a round is settled that repeats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Case, Round, RoundItem
from workflow.actor import Actor
from workflow.decision import Decision
from workflow.opening import Opening, open_cases
from workflow.rounds.candidates import owed_in, same_series
from workflow.rounds.facts import hold_district
from workflow.rounds.refusals import TownWanted
from workflow.rules import Rules

ENDED = ("closed", "voided")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRound:
    """One round of a district, or of one town or sector of it; `repeats`: the next opens when it is settled."""

    district_id: str
    number: int
    level: str = "district"
    town_id: str | None = None
    sector: str | None = None
    repeats: bool = False
    items: tuple[Mapping[str, Any], ...] = ()

    def opening(self) -> Opening:
        """The case that one round makes; refuses a town's round without its town."""
        if (self.level == "town") != (self.town_id is not None):
            raise TownWanted(field="town_id", right="级别为 town 时填写镇街道，其他级别不填")
        return Opening(
            workflow="round",
            level=self.level,
            title=f"曝光督办第{self.number}轮",
            case={name: getattr(self, name) for name in ("district_id", "town_id", "sector")},
            details={"district_id": self.district_id, "number": self.number, "repeats": self.repeats},
            rows=tuple(("round_items", item) for item in self.items),
        )


def open_round(
    session: Session, rules: Rules, *, actor: Actor, now: datetime, district_id: str, **wanted: Any
) -> Decision:
    """Open the district's next round in the caller's transaction; refuses who may not."""
    hold_district(session, district_id)
    last = session.scalar(select(func.max(Round.number)).where(Round.district_id == district_id)) or 0
    found = NewRound(district_id=district_id, number=last + 1, **wanted)
    return open_cases(session, rules, [found], actor=actor, now=now)[0]


def next_round(session: Session, rules: Rules, decision: Decision, *, actor: Actor, now: datetime) -> None:
    """A settled round that repeats is followed by the next, which begins with what was carried over.

    Where somebody has opened the next already, what was carried over stands among its candidates.
    """
    settled = decision.after
    hold_district(session, settled.district_id)
    if not session.scalar(select(Round.repeats).where(Round.case_id == settled.id)) or _followed(session, decision):
        return
    places = {name: getattr(settled, name) for name in ("district_id", "town_id", "sector", "level")}
    items = _carried(session, decision, actor=actor, now=now)
    open_round(session, rules, actor=actor, now=now, repeats=True, items=items, **places)


def _followed(session: Session, decision: Decision) -> bool:
    later = (
        select(Case.id)
        .join(Round, Round.case_id == Case.id)
        .where(same_series(decision.after), Case.state.not_in(ENDED))
    )
    return session.scalar(later.limit(1)) is not None


def _carried(session: Session, decision: Decision, *, actor: Actor, now: datetime) -> tuple[Mapping[str, Any], ...]:
    owed = (
        select(RoundItem.hazard_id, RoundItem.consecutive)
        .join(Case, Case.id == RoundItem.hazard_id)
        .where(RoundItem.round_id == decision.after.id, RoundItem.outcome == "carried_over", owed_in(decision.after))
        .order_by(RoundItem.hazard_id)
    )
    added = {"source": "carried", "added_at": now, "added_by": actor.id}
    return tuple(
        {"hazard_id": row.hazard_id, "consecutive": row.consecutive + 1, **added} for row in session.execute(owed)
    )
