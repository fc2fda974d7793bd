"""Measures (督办措施): what accepted acts became, as a list and one by one; they move like any case."""

from typing import Annotated

from fastapi import APIRouter, Response

from api.identity import SignedIn
from api.lists import Asked, asked_of
from api.paging import Page
from api.queries.cases import visible_case
from api.queries.measures import line, shown
from api.shapes.measures import MeasureLine, MeasureShown
from api.words import CaseId
from models.database import read_session
from workflow.measure import MEASURE

router = APIRouter(tags=["督办措施 measures"])


@router.get("/measures", summary="督办措施清单")
def list_measures(call: SignedIn, asked: Annotated[Asked, asked_of(MEASURE)]) -> Page[MeasureLine]:
    """Talks, bulletins, letters and suggestions that the caller may see, page by page."""
    return asked.of(call, line)


@router.get("/measures/{case_id}", summary="一项督办措施的全部内容和可办操作")
def show_measure(case_id: CaseId, call: SignedIn, response: Response) -> MeasureShown:
    """One measure whole, with what the caller may do now and every reason against it; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = visible_case(session, case_id, call.actor, workflow=MEASURE.name)
        found = shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found
