"""Health (健康检查): for watchdogs and load balancers; public, so it says which lights are red and no more."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.asked import Shown
from api.identity import Now, TheHouse
from api.queries.health import red_reasons

router = APIRouter(tags=["运行 operations"])


class ReasonOut(Shown):
    """一个变红的原因。"""

    name: str
    text: str
    count: int


class Health(BaseModel):
    """总灯，以及每一个变红的原因。"""

    status: Literal["green", "red"]
    reasons: list[ReasonOut]


class Alive(BaseModel):
    """进程在运行。"""

    status: Literal["alive"]


@router.get("/healthz", summary="健康检查", responses={503: {"model": Health, "description": "有红灯"}})
def healthz(house: TheHouse, now: Now, response: Response) -> Health:
    """Green (200), or red (503) with the reasons: worker, lateness, database, channels, messages nobody got."""
    reasons = [ReasonOut.model_validate(reason) for reason in red_reasons(house, now=now)]
    response.status_code = 503 if reasons else 200
    return Health(status="red" if reasons else "green", reasons=reasons)


@router.get("/livez", summary="进程是否在运行")
async def livez() -> Alive:
    """The process answers; asks nothing of the database."""
    return Alive(status="alive")
