"""The duty roster (值班表) as the API shows it: watches with their people, gaps, holidays, what is red."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.instants import Moment
from api.shapes.common import Named


class OnWatch(BaseModel):
    """当班的人和怎样找到他。"""

    id: str
    name: str
    org_id: str
    phone: str | None
    disabled: bool = Field(description="账号已停用，找不到人")


class WatchOut(BaseModel):
    """一个班次，从 starts_at 到 ends_at 之前。"""

    id: str
    org_id: str
    starts_at: Moment
    ends_at: Moment
    officer: OnWatch = Field(description="值班员")
    leader: OnWatch = Field(description="带班领导")
    handed_over_at: Moment | None
    handed_over_by: Named | None
    hand_over_note: str | None
    acknowledged_at: Moment | None = Field(description="下一班接班的时刻")
    acknowledged_by: Named | None
    planned_at: Moment
    planned_by: Named
    replanned_at: Moment | None = Field(description="最后一次改排的时刻；换班另有记录")
    replanned_by: Named | None
    red: list[Literal["not_taken_over", "disabled"]] = Field(description="红线：到时未接班；当班人员已停用")


class GapOut(BaseModel):
    """无人值班的空档（红线）。"""

    starts_at: Moment
    ends_at: Moment


class SpecialDay(BaseModel):
    """放假日或调休上班日。"""

    day: date
    working: bool
    name: str
    known: bool = Field(description="放假通知已公布")


class SwapOut(BaseModel):
    """一份换班申请；outcome 为空表示等待答复。"""

    id: str
    shift_id: str
    post: Literal["officer", "leader"]
    asked_by: Named
    asked_of: Named
    reason: str
    asked_at: Moment
    outcome: Literal["agreed", "declined", "withdrawn"] | None
    decided_at: Moment | None


class RosterOut(BaseModel):
    """一个机构一段时间的值班表：本机构的班次；其空档中，代本地值班的部门的班次。"""

    org: Named
    kept_by: Named | None = Field(
        description="首个班次由哪个机构值班：本机构，或者代本地值班的部门；空表示没有班次；各班次的机构见其 org_id"
    )
    begins_at: Moment
    ends_at: Moment
    watches: list[WatchOut]
    gaps: list[GapOut]
    days: list[SpecialDay]
    swaps: list[SwapOut] = Field(description="等待答复的换班申请")
    red: bool = Field(description="有空档、到时未接班或者当班人员已停用")


class DutyOut(BaseModel):
    """某一刻谁在值班。"""

    org: Named
    at: Moment
    kept_by: Named | None = Field(description="由哪个机构值班：本机构，或者代本地值班的部门；空表示无人值班")
    watch: WatchOut | None
    red: bool = Field(description="这一刻无人值班，或者当班人员已停用")
