"""Parts of a case (事项) as the API shows them: its clocks, its history, its evidence, its acts."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.instants import Moment
from api.shapes.common import Named


class Segment(BaseModel):
    """连续的一段日子：计入或不计入，及其原因。"""

    start: date
    end: date
    counted: bool
    days: int
    why: str


class Adjustment(BaseModel):
    """对时限的一次调整：延期、中止和恢复、随级别或放假安排重算，或者提交后暂不催办。"""

    change: Literal["held", "revived", "paused", "resumed", "moved", "levelled", "reprojected", "confirmed"]
    label: str
    move: str = Field(description="由哪一步操作")
    by: str = Field(description="由谁")
    at: Moment
    was: Moment | None = Field(description="调整前的到期时刻；空表示没有改期")
    due_at: Moment | None = Field(description="调整后的到期时刻")


class Rung(BaseModel):
    """升级阶梯上的一个节点。"""

    name: str
    label: str
    due_at: Moment
    outcome: Literal["fired", "skipped", "withdrawn", "imported"] | None
    settled_at: Moment | None


class Deadline(BaseModel):
    """一项时限，和它是怎样算出来的。"""

    id: str
    name: str
    label: str
    cycle: int
    round: int
    anchor_at: Moment = Field(description="起算时刻")
    amount: int | None = Field(description="期限长度；空表示直接指定了日期")
    unit: Literal["minute", "hour", "clock_time", "natural_day", "working_day"]
    source: str = Field(description="依据")
    text: str | None = Field(description="原文写法")
    assumed: bool = Field(description="原文没有日期，按默认期限")
    calendar: str
    provisional: bool = Field(description="该年放假安排尚未公布，日期可能调整")
    due_at: Moment
    due_day: date = Field(description="最后一日（当日 24 时止）")
    first_due_at: Moment = Field(description="延期前的到期时刻")
    moves: int
    held_at: Moment | None
    paused_at: Moment | None
    breached_at: Moment | None
    noticed_at: Moment | None
    told_at: Moment | None = Field(description="首次有人收到超期消息的时刻；空表示还没有告知任何人")
    outcome: Literal["met", "missed", "withdrawn"] | None
    ended_at: Moment | None
    working: list[Segment] = Field(description="最初的到期时刻是怎样算出来的")
    adjustments: list[Adjustment] = Field(description="此后的调整，先后为序")
    rungs: list[Rung]


class CaseClock(BaseModel):
    """一件事项的全部时限。"""

    case_id: str
    now: Moment
    deadlines: list[Deadline]


class HistoryLine(BaseModel):
    """一条流转记录；`body` 是链上的原文，`hash` = SHA-256(上一条 hash + 换行 + body)。"""

    seq: int
    at: Moment
    kind: Literal["move", "note", "rung", "nobody"]
    trigger: str
    label: str
    actor: Named | None
    version: int
    body: str
    hash: str


class Evidence(BaseModel):
    """一份佐证材料；时间、地点取自照片本身，仅供参考。"""

    id: str
    phase: Literal["before", "after"]
    sha256: str
    size: int
    media_type: str
    name: str
    cycle: int
    received_at: Moment
    received_from: Named | None
    taken_at: Moment | None
    latitude: float | None
    longitude: float | None
    width: int | None
    height: int | None


class Act(BaseModel):
    """一项督办措施建议及其决定。"""

    id: str
    case_id: str
    case_number: str
    case_title: str
    kind: str
    label: str
    rung: str | None
    rung_label: str | None = Field(description="由哪个节点提出，如 超期7日，建议约谈；空表示不由节点提出")
    basis: str | None = Field(description="没有节点提出的，写明缘由")
    proposed_at: Moment
    proposed_by: Named | None = Field(description="由谁提出；空表示由节点或计数提出")
    outcome: Literal["accepted", "refused", "withdrawn"] | None
    decided_at: Moment | None
    decided_by: Named | None
    reason: str | None
    led_to: str | None = Field(description="采纳后立的事项")
