"""What is owed for a hazard, believed by hand: in words of the trade and from the moves alone, without any table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workflow.arithmetic import SHANGHAI, end_of, last_day


@dataclass(slots=True)
class ByHand:
    """A hazard as the officers remember it."""

    version: int = 1
    given: bool = False
    due_at: datetime | None = None
    reported_by: bool = False
    asked_for: datetime | None = None
    out_since: datetime | None = None
    cycle: int = 1

    def owed(self, state: str) -> dict[str, str | None]:
        """Promise → how it stands in that state, none if it is not open."""
        given = {"submitted": "held", "transferred": "paused"}.get(state, "runs") if self.given else None
        return {
            "assign": "runs" if state == "discovered" else None,
            "rectify": given,
            "report": "runs" if self.reported_by else None,
            "recheck": "runs" if state == "submitted" else None,
            "close": "runs" if state == "verified" else None,
            "reply": "runs" if state == "transferred" else None,
            "extension": "runs" if self.asked_for else None,
        }


def believe(case: ByHand, trigger: str, brought: dict[str, Any], now: datetime) -> None:
    """What a move changes in what is owed."""
    case.version += 1
    today = now.astimezone(SHANGHAI).date()
    named = brought.get("rectify_by")
    if trigger in ("assign", "reassign", "reopen") and named:
        case.given, case.due_at = True, end_of(named)
    elif trigger in ("assign", "reject", "reopen") and not case.given:
        case.given, case.due_at = True, end_of(today + timedelta(days=30))
    if trigger == "grant_extension":
        case.due_at = case.asked_for
    if trigger == "transfer":
        case.out_since = now
    if trigger == "take_back" and case.given and case.out_since and case.due_at and case.out_since < case.due_at:
        days = (today - case.out_since.astimezone(SHANGHAI).date()).days
        case.due_at = end_of(last_day(case.due_at) + timedelta(days=days))
    if trigger in ("verify", "void"):
        case.given, case.due_at = False, None
    if trigger in ("assign", "reassign") and brought.get("report_by"):
        case.reported_by = True
    if trigger in ("report", "void", "transfer", "close", "decline"):
        case.reported_by = False
    if trigger == "request_extension":
        case.asked_for = end_of(brought["extend_to"])
    elif trigger in ("grant_extension", "refuse_extension", "void", "transfer", "submit", "decline", "reassign"):
        case.asked_for = None
    case.cycle += trigger == "reopen"
