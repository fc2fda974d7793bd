"""Adjustments (时限调整): what moved or stopped a promise since it was made, told by the case's own history."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event
from workflow.rows import CaseRow
from workflow.table import Workflow

# Changes of a promise in the story of its deadlines, as people call them.
SHOWN: Mapping[str, str] = {
    "held": "已提交，暂不催办",
    "revived": "退回，按原期限继续",
    "paused": "中止计时",
    "resumed": "恢复计时",
    "moved": "改期",
    "levelled": "随级别重算",
    "reprojected": "按放假安排重算",
    "confirmed": "放假安排公布，日期不变",
}
Promise = tuple[str, int, int]  # name, cycle, round


class Adjustment(NamedTuple):
    """One change: what (`change` and `label`), by which move and whom, when, and the due instants before and after."""

    change: str
    label: str
    move: str
    by: str
    at: datetime
    was: datetime | None
    due_at: datetime | None


def adjustments(session: Session, case: CaseRow, workflow: Workflow) -> dict[Promise, tuple[Adjustment, ...]]:
    """All changes of the case's promises, oldest first."""
    found: dict[Promise, list[Adjustment]] = defaultdict(list)
    lines = select(Event.at, Event.trigger, Event.body).where(
        Event.case_id == case.id, Event.body.contains('"deadlines":', autoescape=True)
    )
    for at, trigger, text in session.execute(lines.order_by(Event.seq)):
        body = json.loads(text)
        for line in body["deadlines"]:
            if line["change"] in SHOWN:
                name = line["deadline"], line["cycle"], line["round"]
                found[name].append(_adjustment(line, at, workflow.called(trigger), body.get("name", "")))
    return {promise: tuple(changes) for promise, changes in found.items()}


def _adjustment(line: Mapping[str, Any], at: datetime, move: str, by: str) -> Adjustment:
    was, due_at = (datetime.fromisoformat(line[key]) if key in line else None for key in ("was", "due_at"))
    return Adjustment(line["change"], SHOWN[line["change"]], move, by, at, was, due_at)
