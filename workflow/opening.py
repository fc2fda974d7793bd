"""Opening cases (立项): a hazard found on a visit becomes a case with its first deadline armed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.ids import new_id
from workflow import clocks, load, numbers
from workflow import directory as who
from workflow import refusals as no
from workflow.actor import Actor
from workflow.clocks import Turn
from workflow.decide import Draft
from workflow.decision import Decision
from workflow.hazard import HAZARD
from workflow.history import GENESIS
from workflow.messages import Telling
from workflow.roles import Role
from workflow.rows import CaseRow, changed
from workflow.rules import Rules
from workflow.write import write

TITLE_LENGTH = 60
OPENERS = (Role.INSPECTOR, Role.DISPATCHER, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHazard:
    """What an inspector writes down about one hazard; places are organisation ids of the fixed levels."""

    description: str
    district_id: str
    found_at: datetime
    level: str = "general"
    town_id: str | None = None
    village_id: str | None = None
    enterprise_id: str | None = None
    lead_org_id: str | None = None
    sector: str | None = None
    visit_id: str | None = None
    location: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    source: str | None = None
    finder: str | None = None
    remark: str | None = None


def open_cases(
    session: Session, rules: Rules, hazards: Sequence[NewHazard], *, actor: Actor, now: datetime
) -> list[Decision]:
    """Open one case for each hazard in the caller's transaction, each with a clock of its own."""
    rules = load.current(session, rules, who.version(session))
    series = numbers.take(session, HAZARD.name, len(hazards), now=now)
    decisions = [_open(rules, h, number, actor=actor, now=now) for h, number in zip(hazards, series, strict=True)]
    write(session, decisions)
    return decisions


def _open(rules: Rules, hazard: NewHazard, number: str, *, actor: Actor, now: datetime) -> Decision:
    case = blank(hazard, number, actor=actor, now=now)
    if not (any(actor.is_(role, case) for role in OPENERS) or actor.org_id == case.enterprise_id):
        raise no.NotYourRole(right="检查人员、交办人员、审核人员，或者本企业自查人员")
    turned = clocks.advance(HAZARD, Turn(case, "open", rules, now, {}), ())
    draft = Draft(None, changed(case, version=1, **turned.marks()), rules, HAZARD, actor, now)
    row = hazard_row(hazard, case.id)
    draft.add_event("move", "open", to=case.state, data=_said(row), deadlines=turned.story)
    draft.inserts += (("hazards", row),)
    draft.add_clocks(turned)
    draft.tell(Telling("open", frozenset({Role.DISPATCHER}), "发现隐患，待交办"))
    return draft.decision()


def blank(hazard: NewHazard, number: str, *, actor: Actor, now: datetime) -> CaseRow:
    """The case before its first event."""
    return CaseRow(
        id=new_id(now),
        number=number,
        workflow=HAZARD.name,
        state=HAZARD.initial,
        version=0,
        seq=0,
        head=GENESIS,
        cycle=1,
        message_no=0,
        level=hazard.level,
        sector=hazard.sector,
        title=_title(hazard.description),
        district_id=hazard.district_id,
        town_id=hazard.town_id,
        village_id=hazard.village_id,
        enterprise_id=hazard.enterprise_id,
        responsible_org_id=None,
        lead_org_id=hazard.lead_org_id,
        visit_id=hazard.visit_id,
        duplicate_of=None,
        opened_at=now,
        opened_by=actor.id,
        opened_by_org=actor.org_id,
    )


def hazard_row(hazard: NewHazard, case_id: str) -> dict[str, Any]:
    """The row of the words, for `hazards`."""
    words = ("description", "location", "address", "latitude", "longitude", "source", "finder", "found_at", "remark")
    return {"case_id": case_id, **{name: getattr(hazard, name) for name in words}}


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and name != "case_id"}


def _title(description: str) -> str:
    line = " ".join(description.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"
