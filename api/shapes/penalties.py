"""Penalties (行政处罚) and the closure counter (安全生产法第113条) as the API shows them."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints, WithJsonSchema

from api.asked import Asked, Shown
from api.bodies import YUAN
from api.instants import Moment
from api.shapes.common import Named
from api.words import Day, Line, Words


class PenaltySaid(Asked):
    """一份行政处罚决定。"""

    decided_on: Day = Field(title="处罚决定日期")
    document: Annotated[Line, StringConstraints(max_length=64)] = Field(title="处罚决定书编号")
    basis: Words = Field(title="违法事实和依据")
    amount_yuan: Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=2), WithJsonSchema(YUAN)] = Field(
        title="罚款（元）"
    )


class PenaltyLine(Shown):
    """档案中的一次行政处罚。"""

    id: str
    decided_on: date
    document: str
    basis: str
    amount_yuan: str = Field(description="罚款，元")


class PenaltyShown(PenaltyLine):
    """一次行政处罚，以及由谁何时登记。"""

    enterprise_id: str
    recorded_at: Moment
    recorded_by: Named | None


class Penalised(Shown):
    """期间内的一次处罚。"""

    decided_on: date
    document: str


class WindowShown(Shown):
    """以一次处罚为末日的期间，其中有哪些处罚，是否达到提请关闭的次数。"""

    span: str
    label: str
    ends_on: date
    penalties: list[Penalised]
    reached: bool
