"""People (人员), their roles (岗位) and how they get in: the administrator's errands."""

import json
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api import accounts
from api.asked import Asked, IdPath, IdQuery, Particular, Search, Shown
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.instants import Moment
from api.may import must
from api.paging import CursorText, Limit, Page, decode, page
from api.queries import people as found
from api.words import Id, Line
from models import Grant, Person
from models.database import read_session, write_session
from workflow.people import GRANTED, add_person, disable_person, grant, revoke
from workflow.roles import LABELS, Role

router = APIRouter(tags=["人员 people"])
Granted = Literal["inspector", "dispatcher", "supervisor", "duty_officer", "leader", "administrator"]
assert set(get_args(Granted)) == set(GRANTED)


class GrantOut(Shown):
    """一项授岗：在哪个机构及其以下、哪个行业领域；行业领域为空表示全部。"""

    id: str
    role: str
    label: str
    org_id: str
    sector: str | None
    granted_at: Moment
    granted_by: str | None


class PersonOut(Shown):
    """一个人员。"""

    id: str
    login: str
    name: str
    org_id: str
    phone: str | None
    created_at: Moment
    disabled_at: Moment | None
    grants: list[GrantOut]


class NewPerson(Asked):
    """新增人员：尚无密码和岗位，用一次性链接设定密码。"""

    login: str = Field(min_length=1, max_length=64)
    name: Line
    org_id: Id
    phone: Particular | None = None


class Invited(BaseModel):
    """一次性链接的密钥，24 小时内有效，只显示这一次。"""

    person_id: str
    link_secret: str


class NewGrant(Asked):
    """授岗。"""

    role: Granted
    org_id: Id
    sector: Particular | None = None


class Officer(BaseModel):
    """某岗位上的一个人。"""

    id: str
    name: str
    org_id: str


@router.get("/people", summary="人员一览")
def people(
    call: SignedIn, q: Search = None, org_id: IdQuery = None, cursor: CursorText = None, limit: Limit = 50
) -> Page[PersonOut]:
    """Everybody with an account, and the roles they hold."""
    must(call.actor, "people.administer")
    after = decode(cursor, str)
    with read_session(call.engine) as session:
        rows, held = found.people_page(
            session, q=q or "", org_id=org_id, after=after[0] if after else None, limit=limit + 1
        )
    kept, following = page(rows, limit, lambda row: (row.id,))
    return Page(items=[_shown(row, held.get(row.id, [])) for row in kept], next=following)


@router.get("/people/{person_id}", summary="一个人员")
def one_person(call: SignedIn, person_id: IdPath) -> PersonOut:
    """One person and the roles they hold."""
    must(call.actor, "people.administer")
    with read_session(call.engine) as session:
        row = found.person(session, person_id)
        return _shown(row, found.grants_of(session, [person_id]).get(person_id, []))


@router.get("/officers", summary="某岗位的人员")
def officers(call: SignedIn, role: Annotated[Granted, Query(description="岗位")] = "inspector") -> list[Officer]:
    """Who holds a role anywhere, by name: whom one may take along as second officer."""
    must(call.actor, "people.find_officers")
    directory = call.rules.directory
    ids = {person for (held, _), rows in directory.held.items() if held == role for _, person in rows}
    shown = (directory.people[person] for person in ids)
    return sorted((Officer(id=p.id, name=p.name, org_id=p.org_id) for p in shown), key=lambda p: (p.name, p.id))


@router.post("/people", status_code=201, summary="新增人员", response_model=Invited)
def add(call: SignedIn, once: Repeatable, asked: NewPerson) -> Response:
    """Add a person; the one-time link to choose a password is shown this once, a repeat makes a new one."""
    must(call.actor, "people.administer")

    def act(session: Session) -> _Added:
        return _Added(person_id=add_person(session, now=call.now, **asked.given()).id)

    answered = once.answer(act, status=201)
    # Answers are kept to be repeated, and a secret must not be: it is made after, and anew.
    person_id = json.loads(bytes(answered.body))["person_id"]
    invited = Invited(person_id=person_id, link_secret=accounts.invite(call.engine, person_id, call.now))
    return Response(
        invited.model_dump_json(), 201, {k: v for k, v in answered.headers.items() if k == "idempotency-replayed"},
        "application/json",
    )  # fmt: skip


@router.post("/people/{person_id}/invite", status_code=201, summary="发一次性链接")
def invite(call: SignedIn, person_id: IdPath) -> Invited:
    """Make a link to choose a first or a new password, in place of an earlier unused one."""
    must(call.actor, "people.administer")
    _must_exist(call, person_id)
    return Invited(person_id=person_id, link_secret=accounts.invite(call.engine, person_id, call.now))


@router.post("/people/{person_id}/disable", summary="停用人员", response_model=PersonOut)
def disable(call: SignedIn, once: Repeatable, person_id: IdPath) -> Any:
    """Shut somebody out at once: roles, sessions, tokens and links end; the name stays in the records."""
    must(call.actor, "people.administer")

    def act(session: Session) -> PersonOut:
        found.person(session, person_id)
        disable_person(session, person_id, now=call.now, by=call.actor.id)
        return _shown(found.person(session, person_id), [])

    return once.answer(act)


@router.post("/people/{person_id}/grants", status_code=201, summary="授岗", response_model=GrantOut)
def grant_role(call: SignedIn, once: Repeatable, person_id: IdPath, asked: NewGrant) -> Any:
    """Let somebody hold a role for a node of the tree and all below it."""
    must(call.actor, "people.administer")

    def act(session: Session) -> GrantOut:
        found.person(session, person_id)
        known = {**asked.given(), "role": Role(asked.role)}
        return _grant(grant(session, person_id=person_id, now=call.now, by=call.actor.id, **known))

    return once.answer(act, status=201)


@router.delete("/people/{person_id}/grants/{grant_id}", status_code=204, summary="撤销授岗")
def revoke_role(call: SignedIn, person_id: IdPath, grant_id: IdPath) -> None:
    """End a role at once."""
    must(call.actor, "people.administer")
    with write_session(call.engine) as session:
        found.must_hold(session, person_id, grant_id)
        revoke(session, grant_id, now=call.now, by=call.actor.id)


class _Added(BaseModel):
    person_id: str


def _must_exist(call: SignedIn, person_id: str) -> None:
    with read_session(call.engine) as session:
        found.person(session, person_id)


def _shown(row: Person, held: list[Grant]) -> PersonOut:
    kept = ("id", "login", "name", "org_id", "phone", "created_at", "disabled_at")
    return PersonOut(grants=[_grant(one) for one in held], **{name: getattr(row, name) for name in kept})


def _grant(row: Grant) -> GrantOut:
    kept = ("id", "role", "org_id", "sector", "granted_at", "granted_by")
    return GrantOut(label=LABELS[Role(row.role)], **{name: getattr(row, name) for name in kept})
