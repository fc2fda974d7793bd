"""Measures (督办措施) as the API shows them: a line of the list and the whole case."""

from typing import Literal

from pydantic import Field

from api.instants import Moment
from api.shapes.common import Named
from api.shapes.whole import CaseLine, CaseShown

State = Literal["ordered", "carried_out", "replied", "closed", "voided", "suspended"]
Level = Literal["talk", "bulletin", "case_filing", "warning_letter", "closure"]


class MeasureLine(CaseLine):
    """督办措施清单中的一行；级别即种类。"""

    state: State
    level: Level


class MeasureShown(CaseShown):
    """一项督办措施的全部内容，以及现在能办什么。"""

    state: State
    level: Level
    act_id: str | None = Field(description="由哪一项督办建议而来")
    about_id: str = Field(description="针对的事项")
    basis: str = Field(description="缘由")
    document: str | None = Field(description="文书编号")
    carried_out_at: Moment | None = Field(description="约谈举行或者文书送达的时刻")
    carried_out_by: Named | None
    attended: str | None
    minutes: str | None
    replied_at: Moment | None
    reply: str | None
