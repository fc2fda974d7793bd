"""The list of problem types (问题类型): what a client may be refused for, and in which words."""

from fastapi import APIRouter
from pydantic import BaseModel

from api import problems
from workflow.refusals import Refusal

router = APIRouter(tags=["说明 about"])


class ProblemType(BaseModel):
    """一种问题。"""

    type: str
    title: str
    status: int


@router.get("/problems", summary="问题类型一览")
def problem_types() -> list[ProblemType]:
    """Every type of problem this API answers with, with its Chinese title and status."""
    return sorted(map(_shown, problems.kinds()), key=lambda shown: shown.type)


@router.get("/problems/{name}", summary="一种问题")
def problem_type(name: str) -> ProblemType:
    """One type of problem, at the address that problems name as their type."""
    found = next((kind for kind in problems.kinds() if problems.type_of(kind) == f"/problems/{name}"), None)
    if found is None:
        raise problems.UnknownAddress()
    return _shown(found)


def _shown(kind: type[Refusal]) -> ProblemType:
    return ProblemType(type=problems.type_of(kind), title=(kind.__doc__ or "").strip(), status=kind.status)
