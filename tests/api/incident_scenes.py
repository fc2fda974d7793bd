"""Incidents (突发事件) for the table of who may reach which address: fresh for every request, in every state."""

from collections.abc import Callable
from typing import Any, Protocol

from tests.desk import Desk
from tests.incidentdesk import REPORT, incident, report

DUTY = frozenset({"duty_officer", "supervisor", "leader"})


class Stage(Protocol):
    """Whatever has a server with a desk."""

    @property
    def server(self) -> Any: ...


def told(stage: Stage) -> dict[str, Any]:
    """What somebody tells the duty desk."""
    desk: Desk = stage.server.desk
    said = {"kind": "work", "counted_from": "received", "received_at": desk.clock.now.isoformat()}
    return {"json": said | {"anchor_source": "值班电话记录", "enterprise_id": desk.cast.enterprise}}


def incident_at(state: str, **json: Any) -> Callable[[Stage], dict[str, Any]]:
    """An incident of the cast's enterprise in that state, and what a move of it brings."""

    def made(stage: Stage) -> dict[str, Any]:
        desk: Desk = stage.server.desk
        case_id = incident(desk)
        if state != "reporting":
            report(desk, case_id, "written_report")
        return {"case_id": case_id, "json": json}

    return made


def reported(state: str = "reporting") -> Callable[[Stage], dict[str, Any]]:
    """An incident in that state, and a report of it made just now."""

    def made(stage: Stage) -> dict[str, Any]:
        now = stage.server.desk.clock.now.isoformat()
        return incident_at(state)(stage) | {"json": REPORT | {"made_at": now}}

    return made


def proved(stage: Stage) -> dict[str, Any]:
    """An incident with a paper that shows a report was late."""
    ids = incident_at("reporting")(stage)
    sha256 = stage.server.desk.photo(ids["case_id"], stage.server.desk.cast.duty_officer)
    return ids | {"json": {"finding": "late", "proof": "通话记录", "evidence": [sha256]}}
