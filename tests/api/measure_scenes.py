"""Measures (督办措施) and penalties for the table of who may reach which address: fresh for every request."""

from datetime import timedelta
from typing import Any, Protocol

from tests.measuring import HELD, carry_out, ordered


class Stage(Protocol):
    """Whatever has a server with a desk, and somebody who asks."""

    @property
    def server(self) -> Any: ...
    @property
    def persona(self) -> str: ...


def talk(stage: Stage) -> dict[str, Any]:
    """A talk that a supervisor has just ordered, and what is said when it has been held."""
    desk = stage.server.desk
    return {"case_id": ordered(desk), "json": {"carried_out_at": desk.clock.now.isoformat(), **HELD}}


def held(stage: Stage) -> dict[str, Any]:
    """A talk that has been held, and the unit's answer."""
    ids = talk(stage)
    carry_out(stage.server.desk, ids["case_id"])
    return ids | {"json": {"reply": "已整改到位"}}


def answered_on_paper(stage: Stage) -> dict[str, Any]:
    """The same with the answer on paper."""
    return held(stage) | {"json": {"reply": "已整改到位", "received_at": stage.server.desk.clock.now.isoformat()}}


def penalty(stage: Stage) -> dict[str, Any]:
    """The cast's enterprise, and a penalty decision that nobody has recorded."""
    day = (stage.server.desk.clock.now - timedelta(days=1)).date()
    said = {"document": f"第{stage.persona}号", "decided_on": str(day), "basis": "第102条", "amount_yuan": 5}
    return {"enterprise_id": stage.server.desk.cast.enterprise, "json": said}
