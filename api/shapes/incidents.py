"""Incidents (突发事件) as the API takes and shows them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.bodies import FEN, Yuan
from api.finding import Whereabouts
from api.instants import Moment, Told
from api.shapes.common import Named
from api.shapes.whole import CaseLine, CaseShown
from api.words import Line, Words

State = Literal["reporting", "following", "concluded", "closed", "voided", "transferred", "suspended"]
Level = Literal["general", "larger", "major", "special"]
Kind = Literal["work", "fire", "traffic", "natural", "other"]
Count = Annotated[int, Field(strict=True, ge=0, le=10**7)]


class IncidentTold(Whereabouts):
    """接到的一件突发事件；不清楚的不填，不要填 0。"""

    kind: Kind = Field(title="种类：生产安全、火灾、道路交通、自然灾害、其他")
    occurred_at: Told | None = Field(None, title="发生时间")
    received_at: Told | None = Field(None, title="接报时间")
    counted_from: Literal["occurred", "received"] = Field(title="时限自发生（occurred）还是接报（received）起算")
    anchor_source: Line = Field(title="起算时刻的依据：接警记录、110转来、目击者等")
    place: Words | None = Field(None, title="地点")
    unit: Line | None = Field(None, title="事发单位；不填则取所填企业的名称")
    course: Words | None = Field(None, title="简要经过")
    cause: Words | None = Field(None, title="原因")
    deaths: Count | None = Field(None, title="死亡人数")
    missing: Count | None = Field(None, title="失踪人数")
    injured: Count | None = Field(None, title="重伤人数（含急性中毒）")
    trapped: Count | None = Field(None, title="被困人数")
    evacuated: Count | None = Field(None, title="转移人数")
    loss_yuan: Yuan | None = Field(None, title="直接经济损失（元）")
    measures: Words | None = Field(None, title="已采取的措施")
    trend: Words | None = Field(None, title="发展趋势")
    leaders: Words | None = Field(None, title="到场领导")
    suggestion: Words | None = Field(None, title="请求和建议")
    informant: Words | None = Field(None, title="报告人及联系方式；保密，不进入消息、流转记录和导出")
    level: Level | None = Field(None, title="级别；不填则按伤亡和损失数字认定，只能高于数字")
    level_reason: Words | None = Field(None, title="定为更高级别的理由")

    @property
    def loss_fen(self) -> int | None:
        """The loss in fen."""
        return None if self.loss_yuan is None else int(self.loss_yuan * FEN)


class IncidentLine(CaseLine):
    """清单中的一行。"""

    state: State
    level: Level


class ReportShown(BaseModel):
    """一次信息报告。"""

    number: int
    kind: Literal["unit", "phone", "written", "upward", "follow_up", "final"]
    ordinal: int
    title: str = Field(description="首报、续报一、续报二……终报")
    to_whom: str
    made_by: str
    made_at: Moment = Field(description="实际报出的时刻")
    confirmed_how: str
    content: str
    lacks: list[str] = Field(description="报出时尚缺的要素")
    entered_at: Moment = Field(description="录入的时刻")
    entered_by: Named | None


class FindingShown(BaseModel):
    """一项迟报、漏报、谎报、瞒报的认定。"""

    id: str
    kind: Literal["late", "omitted", "false", "concealed"]
    label: str
    proof: str
    evidence: list[str] = Field(description="证明材料的 SHA-256")
    recorded_at: Moment
    recorded_by: Named | None


class Suspected(BaseModel):
    """一项超过时限的报告，供审核人员核实后认定；不会自动成为认定。"""

    deadline_id: str
    name: str
    label: str
    round: int
    due_at: Moment
    made_at: Moment | None = Field(description="实际报出的时刻；空表示至今没有报出")
    late_minutes: int = Field(description="已超过的整分钟数")


class IncidentShown(CaseShown):
    """一件突发事件的全部内容，以及现在能办什么。"""

    state: State
    level: Level
    kind: Kind
    occurred_at: Moment | None
    received_at: Moment | None
    anchor_at: Moment = Field(description="首报时限的起算时刻")
    anchor_source: str
    place: str | None
    unit: str | None
    course: str | None
    cause: str | None
    deaths: int | None
    missing: int | None
    injured: int | None
    trapped: int | None
    evacuated: int | None
    loss_yuan: str | None
    measures: str | None
    trend: str | None
    leaders: str | None
    suggestion: str | None
    stated_level: Level | None
    level_reason: str | None
    informant: str | None = Field(description="只给本地值班人员、审核人员和领导看")
    acknowledged_at: Moment | None
    acknowledged_by: Named | None
    concluded_at: Moment | None
    casualties_until: Moment | None = Field(description="伤亡变化补报期间到何时为止")
    lacks: list[str] = Field(description="尚缺的要素")
    reports: list[ReportShown]
    findings: list[FindingShown]
    suspected: list[Suspected]
