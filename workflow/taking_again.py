"""Taking in again (重新导入): what an import made of a row of old paper, made anew by other rules."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from workflow import clocks
from workflow.clocks import Clocks, Named, Turn
from workflow.hazard import HAZARD
from workflow.limits import Limit, Unit
from workflow.rows import DeadlineRow, changed
from workflow.taking_in import counted, taken

Line = Mapping[str, Any]


def take_again(turn: Turn, story: Iterable[Line]) -> Clocks:
    """The promises of one case by the story of its import: what the paper said stands, limits are counted anew."""
    return taken([_stood(_promised(turn, line), line, turn.now) for line in story], turn.rules, turn.now)


def _promised(turn: Turn, line: Line) -> DeadlineRow:
    promise, anchor = HAZARD.by_deadline[line["deadline"]], datetime.fromisoformat(line["anchor_at"])
    if not line.get("by_paper"):
        return clocks.promised(turn, promise, Named(), anchor=anchor, round=1)
    named = Named(due_at=datetime.fromisoformat(line["due_at"]))
    row = clocks.promised(turn, promise, named, anchor=anchor, round=1)
    if "amount" not in line:
        return row
    return counted(row, Limit(line["amount"], Unit(line["unit"]), row.source), turn.rules)


def _stood(row: DeadlineRow, line: Line, now: datetime) -> DeadlineRow:
    """Held where the ledger said finished, withdrawn where it did not say when, else late if it was."""
    match line.get("stands"):
        case "held":
            return changed(row, held_at=now)
        case "withdrawn":
            return changed(row, outcome="withdrawn", ended_at=now)
    return clocks.seen(row, now)
