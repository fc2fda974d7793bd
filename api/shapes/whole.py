"""Cases (事项) of any workflow as the API shows them: a line of a list, what every whole case has, and its exits."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.instants import Moment
from api.problems import Problem
from api.shapes.cases import Act, Evidence
from api.shapes.common import Named


class CaseLine(BaseModel):
    """清单中的一行。"""

    id: str
    number: str = Field(description="编号")
    version: int = Field(description="流转次数，用于 If-Match")
    state: str
    state_label: str
    level: str
    level_label: str
    sector: str | None
    title: str
    town: Named | None
    enterprise: Named | None
    responsible: Named | None
    opened_at: Moment
    next_due_at: Moment | None = Field(description="最近的到期时刻；当日 24 时记为次日零时")
    next_due_day: date | None = Field(description="最近的到期日（当日 24 时止）")
    overdue_since: Moment | None = Field(description="超期起点；空表示没有超期")


class Brought(BaseModel):
    """操作要带的一项内容。"""

    name: str
    kind: str
    label: str
    right: str
    required: bool


class ExitShown(BaseModel):
    """一项可选的操作；`refusals` 为空即可办理。"""

    trigger: str
    label: str
    to: str | None
    to_label: str | None
    brings: list[Brought]
    refusals: list[Problem]


class SubmissionShown(BaseModel):
    """一次整改反馈。"""

    number: int
    cycle: int
    submitted_at: Moment
    submitted_by: Named | None
    measures: str
    money_yuan: str = Field(description="整改投入，元")
    area_m2: float
    evidence: list[str] = Field(description="申报材料的 SHA-256")
    outcome: Literal["verified", "rejected"] | None
    judged_at: Moment | None
    note: str | None


class ExtensionShown(BaseModel):
    """一次延期申请及答复。"""

    number: int
    asked_at: Moment
    asked_by: Named | None
    from_day: date
    to_day: date
    reason: str
    control_measures: str
    outcome: Literal["granted", "refused", "withdrawn"] | None
    decided_at: Moment | None
    decided_by: Named | None
    note: str | None


class Plan(BaseModel):
    """五落实。"""

    responsibility: str | None
    measures: str | None
    funds: str | None
    time_limit: str | None
    contingency: str | None


class LinkShown(BaseModel):
    """一件关联事项。"""

    id: str
    number: str
    state: str
    kind: str


class CaseShown(CaseLine):
    """任何事项都有的内容，以及现在能办什么。"""

    cycle: int
    district: Named | None
    village: Named | None
    lead: Named | None
    lister: Named | None
    sponsor: Named | None
    opened_by: Named | None
    submitted_at: Moment | None
    submitted_by: Named | None
    rejections: int
    verified_at: Moment | None
    verified_by: Named | None
    second_officer: Named | None
    closed_at: Moment | None
    closed_by: Named | None
    extension_to_day: date | None = Field(description="申请延期至，尚未答复")
    exits: list[ExitShown]
    submissions: list[SubmissionShown]
    extensions: list[ExtensionShown]
    acts: list[Act]
    evidence: list[Evidence]
    links: list[LinkShown]


class Moved(BaseModel):
    """操作之后的情况。"""

    id: str
    number: str
    version: int
    state: str
    state_label: str
    next_due_at: Moment | None
    next_due_day: date | None
    overdue_since: Moment | None
    lacks: list[str] | None = Field(None, description="突发事件尚缺的要素：列出备查，不影响报出；其他事项为空")
