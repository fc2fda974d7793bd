"""The dashboard (看板): how many cases stand where, for the places one answers for."""

from fastapi import APIRouter

from api.asked import Shown
from api.identity import SignedIn
from models.database import read_session
from workflow.dashboard import read

router = APIRouter(tags=["看板 dashboard"])


class CellOut(Shown):
    """一格：某镇（街道）某状态某级别、是否超期的件数；town_id 为空表示没有镇（街道）。"""

    district_id: str
    town_id: str | None
    level: str
    state: str
    overdue: bool
    n: int


class DashboardOut(Shown):
    """看板；整改率为已复查合格和已销号的占全部（作废和移送的除外），没有应整改的为空。"""

    total: int
    overdue: int
    rectification_rate: float | None
    cells: list[CellOut]


@router.get("/dashboard", summary="看板")
def dashboard(call: SignedIn) -> DashboardOut:
    """Counts by town, state, level and overdue: of one's places and sectors, or of an enterprise's own cases."""
    with read_session(call.engine) as session:
        return DashboardOut.model_validate(read(session, call.actor))
