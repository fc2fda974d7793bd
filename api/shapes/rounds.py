"""Exposure rounds (曝光督办) as the API shows them: a line, the whole round, its candidates, what is public of it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.bodies import Body
from api.instants import Moment
from api.shapes.common import Named
from api.shapes.hazards import HazardLine
from api.shapes.whole import CaseLine, CaseShown
from api.words import Id, Short

State = Literal["collecting", "frozen", "approved", "published", "suspended", "closed", "voided"]
Level = Literal["town", "district", "city"]
Source = Literal["carried", "overdue", "rejected", "proposed", "hand"]
Outcome = Literal["rectified", "withdrawn", "escalated", "carried_over", "dropped"]


class RoundOpened(Body):
    """新开一轮曝光督办。"""

    level: Level = Field("district", title="级别：镇街、区县、市")
    district_id: Id | None = Field(None, title="区县；写明镇街道的可不填")
    town_id: Id | None = Field(None, title="镇街道，仅镇街级填写")
    sector: Short | None = Field(None, title="行业领域，不填为全部")
    repeats: bool = Field(False, title="结算后自动开始下一轮")


class RoundLine(CaseLine):
    """清单中的一轮。"""

    state: State
    level: Level


class ItemShown(BaseModel):
    """名单中的一件隐患及其结果。"""

    hazard: HazardLine
    source: Source
    source_label: str
    consecutive: int = Field(description="连续列入的轮数，含本轮")
    added_at: Moment
    public_text: str | None = Field(description="公布用的描述")
    withheld: str | None = Field(description="不公开的理由：只计数，不公布")
    named: bool = Field(description="是否在公布的名单中写明；否则只计数")
    unnamed_because: str | None = Field(description="为什么只计数，只给工作人员看")
    outcome: Outcome | None
    outcome_label: str | None
    settled_at: Moment | None
    reason: str | None
    money_yuan: str | None = Field(description="整改投入，元")
    area_m2: float | None


class Figure(BaseModel):
    """一处的结算数字；企业只计有隐患整改合格的，各计一次。"""

    items: int
    enterprises: int
    rectified: int
    withdrawn: int
    escalated: int
    carried_over: int
    money_yuan: str
    area_m2: float


class Figures(BaseModel):
    """结算数字：合计、分镇街、分行业。"""

    total: Figure
    towns: dict[str, Figure]
    sectors: dict[str, Figure]


class RoundShown(CaseShown):
    """一轮曝光督办的全部内容，以及现在能办什么。"""

    state: State
    level: Level
    round: int = Field(description="第几轮")
    repeats: bool
    frozen_at: Moment | None
    frozen_by: Named | None
    approved_at: Moment | None
    approved_by: Named | None
    published_at: Moment | None
    published_where: str | None
    page: str = Field(description="公开网页的地址（站内），公布后任何人可看，此前仅供内部预览")
    settled_at: Moment | None
    items: list[ItemShown]
    figures: Figures | None


class CandidateShown(BaseModel):
    """一件可以列入的隐患。"""

    hazard: HazardLine
    source: Source
    source_label: str
    consecutive: int


class PublicItem(BaseModel):
    """公布的一件隐患。"""

    number: str
    enterprise: str
    town: str
    sector: str
    text: str
    due_day: date | None = Field(description="整改期限")
    overdue_days: int
    state: str


class Bulletin(BaseModel):
    """公布的内容；未公布时为预览。公布后撤下的不再列出。"""

    round: int
    page: str = Field(description="公开网页的地址（站内）")
    published_at: Moment | None
    total: int = Field(description="本轮隐患总数")
    unnamed: int = Field(description="其中只计数、不公开的")
    items: list[PublicItem]
