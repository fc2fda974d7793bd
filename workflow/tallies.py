"""The dashboard's counters: each decision appends what it takes from one cell and gives to another."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from models.instant import utc
from workflow.arithmetic import SHANGHAI
from workflow.rows import CaseRow

COUNTED = "hazard"
CELL = ("district_id", "town_id", "sector", "month", "level", "state", "overdue")


def deltas(before: CaseRow | None, after: CaseRow) -> Iterator[Mapping[str, Any]]:
    """Nothing while a hazard stays in its cell; else −1 for the old one and +1 for the new one. Only hazards count."""
    if after.workflow != COUNTED:
        return
    if before is not None:
        if _place(before) == _place(after):
            return
        yield {**cell(before), "n": -1}
    yield {**cell(after), "n": 1}


def _place(case: CaseRow) -> tuple[object, ...]:
    """What the cell is made of: to compare this is cheaper than to make it, and most moves and rungs leave it."""
    overdue = case.overdue_since is not None
    return case.state, overdue, case.level, case.sector, case.town_id, case.district_id, case.opened_at


def cell(case: CaseRow) -> dict[str, Any]:
    """The dashboard's cell a case stands in; empty text for a place or sector it has not."""
    return {
        "district_id": case.district_id,
        "town_id": case.town_id or "",
        "sector": case.sector or "",
        "month": _month(utc(case.opened_at)),
        "level": case.level,
        "state": case.state,
        "overdue": int(case.overdue_since is not None),
    }


@lru_cache(maxsize=1024)
def _month(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m")
