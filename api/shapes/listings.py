"""Listings (挂牌督办) as the API shows them: what a proposal says, a line of the list, the whole listing."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.bodies import Body
from api.instants import Moment
from api.shapes.common import Named
from api.shapes.hazards import HazardLine
from api.shapes.whole import CaseLine, CaseShown, Plan
from api.words import Id, Words

MOST_HAZARDS = 100
State = Literal[
    "discovered", "assigned", "rectifying", "submitted", "verified", "closed", "voided", "transferred", "suspended"
]
Level = Literal["town", "district", "city", "province"]


class ListingProposed(Body):
    """提出挂牌督办；所在地、企业和行业由所列隐患得出。"""

    hazards: Annotated[list[Id], Field(min_length=1, max_length=MOST_HAZARDS)] = Field(title="督办的隐患")
    level: Level = Field(title="挂牌级别")
    lister_org_id: Id = Field(title="挂牌单位：与级别相符的政府或部门")
    basis: Words = Field(title="挂牌理由")


class ListingLine(CaseLine):
    """清单中的一件。"""

    state: State
    level: Level


class Step(BaseModel):
    """验收的一步。"""

    step: Literal["department", "district", "lister"]
    label: str
    accepted_at: Moment | None
    accepted_by: Named | None


class ListingShown(CaseShown):
    """一件挂牌督办的全部内容，以及现在能办什么。"""

    state: State
    level: Level
    basis: str
    requirement: str | None
    notice_number: str | None = Field(description="督办通知书文号")
    listed_at: Moment | None
    listed_by: Named | None
    plan: Plan
    plan_at: Moment | None = Field(description="治理方案（五落实）报齐的时刻")
    hazards: list[HazardLine] = Field(description="督办的隐患，各一行；全部内容只给看得到该隐患的人")
    covered: int = Field(description="督办的隐患件数")
    open: int = Field(description="其中没有销号的件数；不为0不能摘牌")
    steps: list[Step] = Field(description="本次验收的各步")
    recorded_at: Moment | None
    recorded_with: str | None
    published_at: Moment | None
    published_where: str | None
    delisting_published_at: Moment | None
    delisting_published_where: str | None
