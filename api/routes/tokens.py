"""API tokens (接口令牌): everybody's own, and anybody's for the administrator."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api import accounts
from api.asked import Asked, IdPath, Shown
from api.identity import Call, SignedIn
from api.instants import Moment
from api.may import must
from api.queries.people import person
from api.words import Line
from models.database import read_session

router = APIRouter(tags=["令牌 tokens"])


class NewToken(Asked):
    """新令牌：名称和有效天数。"""

    name: Line
    days: int = Field(90, ge=1, le=366)


class Issued(BaseModel):
    """令牌的密钥，只显示这一次。"""

    secret: str


class TokenOut(Shown):
    """一个有效的令牌。"""

    id: str
    name: str | None
    created_at: Moment
    expires_at: Moment
    used_at: Moment | None


@router.get("/people/{person_id}/tokens", summary="令牌一览")
def tokens(call: SignedIn, person_id: IdPath) -> list[TokenOut]:
    """The live tokens of a person, the newest first."""
    _must_be_theirs(call, person_id)
    return [TokenOut.model_validate(line) for line in accounts.tokens_of(call.engine, person_id, call.now)]


@router.post("/people/{person_id}/tokens", status_code=201, summary="发令牌")
def issue(call: SignedIn, person_id: IdPath, asked: NewToken) -> Issued:
    """Make a token; its secret is shown this once and kept nowhere, so sending this again makes another one."""
    _must_be_theirs(call, person_id)
    return Issued(secret=accounts.issue_token(call.engine, person_id, asked.name, now=call.now, days=asked.days))


@router.delete("/people/{person_id}/tokens/{token_id}", status_code=204, summary="停用令牌")
def end(call: SignedIn, person_id: IdPath, token_id: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]) -> None:
    """End a token at once."""
    _must_be_theirs(call, person_id)
    accounts.revoke_token(call.engine, token_id, person_id=person_id, now=call.now)


def _must_be_theirs(call: Call, person_id: str) -> None:
    if person_id == call.actor.id:
        return
    must(call.actor, "people.administer")
    with read_session(call.engine) as session:
        person(session, person_id)
