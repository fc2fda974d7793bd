"""The organisation tree (机构): read by everybody of the district, changed by the administrator."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy import select

from api.asked import Asked, IdPath, IdQuery, Particular, Search, Shown
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.may import must
from api.paging import CursorText, Limit, Page, decode, page
from api.queries.tree import matching, organisation, readable
from api.words import Id, Line
from models import Organisation
from models.database import read_session, write_session
from workflow.place_changes import change
from workflow.places import add_organisation, confirm
from workflow.relocation import move

router = APIRouter(tags=["机构 organisations"])
Kind = Literal["province", "city", "district", "department", "town", "village", "agency"]


class OrganisationOut(Shown):
    """一个机构或企业。"""

    id: str
    kind: str
    name: str
    code: str | None
    credit_code: str | None
    parent_id: str | None
    district_id: str | None
    town_id: str | None
    village_id: str | None
    sector: str | None
    address: str | None
    contact: str | None
    phone: str | None
    risk_colour: str | None
    unconfirmed: bool


class NewOrganisation(Asked):
    """新设的机构。"""

    kind: Kind
    name: Line
    parent_id: Id | None = None
    code: Particular | None = None
    sector: Particular | None = None
    address: Particular | None = None
    contact: Particular | None = None
    phone: Particular | None = None


class OrganisationChange(Asked):
    """只写要改的；空文字表示清除。parent_id 表示迁到另一上级，confirmed 表示已核实导入时自动建立的机构。"""

    name: Line | None = None
    parent_id: Id | None = None
    code: Particular | None = None
    sector: Particular | None = None
    address: Particular | None = None
    contact: Particular | None = None
    phone: Particular | None = None
    confirmed: Literal[True] | None = None


@router.get("/organisations", summary="机构一览")
def organisations(
    call: SignedIn,
    q: Search = None,
    parent_id: IdQuery = None,
    kind: Annotated[Kind | None, Query(description="只列这一类")] = None,
    cursor: CursorText = None,
    limit: Limit = 100,
) -> Page[OrganisationOut]:
    """Places and departments of one's district; the tree is in `parent_id`."""
    after = decode(cursor, str)
    asked = {"parent_id": parent_id, "kind": kind}
    with read_session(call.engine) as session:
        found = select(Organisation).where(readable(session, call.actor), matching(q or "")).order_by(Organisation.id)
        found = found.filter_by(**{name: value for name, value in asked.items() if value})
        if after:
            found = found.where(Organisation.id > after[0])
        rows = session.scalars(found.limit(limit + 1)).all()
    kept, following = page(rows, limit, lambda row: (row.id,))
    return Page(items=[OrganisationOut.model_validate(row) for row in kept], next=following)


@router.get("/organisations/{organisation_id}", summary="一个机构")
def one_organisation(call: SignedIn, organisation_id: IdPath) -> OrganisationOut:
    """One place, department or enterprise that one may see."""
    with read_session(call.engine) as session:
        return OrganisationOut.model_validate(organisation(session, call.actor, organisation_id))


@router.post("/organisations", status_code=201, summary="新设机构", response_model=OrganisationOut)
def add(call: SignedIn, once: Repeatable, asked: NewOrganisation) -> Any:
    """Add a node to the tree; enterprises have their own address."""
    must(call.actor, "organisations.change")
    return once.answer(
        lambda session: OrganisationOut.model_validate(
            add_organisation(session, now=call.now, **{"parent_id": None} | asked.given())
        ),
        status=201,
    )


@router.patch("/organisations/{organisation_id}", summary="更改机构")
def alter(call: SignedIn, organisation_id: IdPath, asked: OrganisationChange) -> OrganisationOut:
    """Change particulars, move a node with all below it, cases too, or note that an imported one was looked at."""
    must(call.actor, "organisations.change")
    given = asked.given()
    parent_id, confirmed = given.pop("parent_id", None), given.pop("confirmed", None)
    rules = call.rules
    with write_session(call.engine) as session:
        organisation(session, call.actor, organisation_id)
        if parent_id:
            move(session, rules, organisation_id, parent_id=parent_id, actor=call.actor, now=call.now)
        if confirmed:
            confirm(session, organisation_id)
        return OrganisationOut.model_validate(change(session, organisation_id, **given))
