"""Hazards (隐患) as the API shows them: a line of the ledger and the whole case."""

from typing import Literal

from pydantic import BaseModel

from api.instants import Moment
from api.shapes.common import Named
from api.shapes.whole import CaseLine, CaseShown, Moved, Plan

State = Literal["discovered", "assigned", "rectifying", "submitted", "verified", "closed", "voided", "transferred"]
Level = Literal["general", "major"]


class HazardLine(CaseLine):
    """台账中的一行。"""

    state: State
    level: Level


class HazardShown(CaseShown):
    """一件隐患的全部内容，以及现在能办什么。"""

    state: State
    level: Level
    visit_id: str | None
    duplicate_of: str | None
    description: str
    location: str | None
    address: str | None
    latitude: float | None
    longitude: float | None
    source: str | None
    finder: str | None
    found_at: Moment
    found_text: str | None
    requirement: str | None
    responsible_text: str | None
    deadline_text: str | None
    status_text: str | None
    remark: str | None
    plan: Plan
    assigned_at: Moment | None
    signed_off_at: Moment | None
    signed_off_by: Named | None


class Opened(BaseModel):
    """一次检查登记的结果。"""

    visit_id: str
    cases: list[Moved]


class VisitShown(BaseModel):
    """一次检查，以及您看得到的隐患。"""

    id: str
    visited_at: Moment
    enterprise: Named | None
    finder: str | None
    note: str | None
    hazards: list[HazardLine]
