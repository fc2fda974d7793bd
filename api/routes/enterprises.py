"""Enterprises (企业) and their files (一企一档)."""

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.asked import Asked, IdPath, IdQuery, Particular, Search, Shown
from api.idempotency import Repeatable
from api.identity import Call, SignedIn
from api.instants import Moment
from api.may import must, must_there
from api.paging import CursorText, Limit, Page, decode, page
from api.queries import tree
from api.queries.tree import enterprises_of, file_of, matching
from api.queries.whole import yuan
from api.routes.organisations import OrganisationOut
from api.shapes.penalties import PenaltyLine, WindowShown
from api.words import Id, Line
from models import Organisation
from models.database import read_session, write_session
from workflow.enterprise_merge import merge
from workflow.hazard import HAZARD
from workflow.listing import LISTING
from workflow.place_changes import change
from workflow.places import add_organisation, confirm, held
from workflow.relocation import move
from workflow.rules import Rules

router = APIRouter(tags=["企业 enterprises"])
# What the cases on a file are called in each state, each by its own workflow.
STATES = {"hazards": HAZARD.states, "listings": LISTING.states}
RiskColour = Literal["red", "orange", "yellow", "blue"]


class NewEnterprise(Asked):
    """新登记的企业；parent_id 是所在的区县、镇（街道）或村（社区）。"""

    name: Line
    parent_id: Id
    credit_code: Particular | None = None
    sector: Particular | None = None
    address: Particular | None = None
    contact: Particular | None = None
    phone: Particular | None = None
    risk_colour: RiskColour | None = None


class EnterpriseChange(Asked):
    """只写要改的；空文字表示清除。parent_id 表示迁到另一地，confirmed 表示已核实导入时自动建立的企业。"""

    name: Line | None = None
    parent_id: Id | None = None
    credit_code: Particular | None = None
    sector: Particular | None = None
    address: Particular | None = None
    contact: Particular | None = None
    phone: Particular | None = None
    risk_colour: RiskColour | None = None
    confirmed: Literal[True] | None = None


class Merge(Asked):
    """把 drop_id 的全部事项、检查和人员并入本企业。"""

    drop_id: Id


class FileCase(Shown):
    """档案中的一件。"""

    id: str
    number: str
    state: str
    state_label: str
    level: str
    title: str
    next_due_at: Moment | None
    overdue_since: Moment | None


class FileTalk(Shown):
    """档案中的一次约谈。"""

    id: str
    case_id: str
    case_number: str
    proposed_at: Moment
    outcome: str | None
    decided_at: Moment | None
    led_to: str | None = Field(description="采纳后立的督办措施")
    held_at: Moment | None
    replied_at: Moment | None


class EnterpriseFileOut(Shown):
    """一企一档：基本情况、各状态件数、最近的隐患、挂牌督办、约谈和行政处罚（各最多 200 条）。"""

    id: str
    name: str
    credit_code: str | None
    sector: str | None
    risk_colour: str | None
    address: str | None
    unconfirmed: bool
    place: list[str]
    counts: dict[str, int]
    hazards: list[FileCase]
    listings: list[FileCase]
    talks: list[FileTalk]
    penalties: list[PenaltyLine]
    counter: list[WindowShown] = Field(description="安全生产法第113条的计数：以每次处罚为末日的各个期间")


@router.get("/enterprises", summary="企业一览")
def enterprises(
    call: SignedIn,
    q: Search = None,
    town_id: IdQuery = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[OrganisationOut]:
    """The enterprises one may see, by when they were entered; `q` looks in names and credit codes."""
    after = decode(cursor, str)
    with read_session(call.engine) as session:
        found = select(Organisation).where(enterprises_of(call.actor), matching(q or "")).order_by(Organisation.id)
        # One that was merged into another has no place of its own any more.
        found = found.where(Organisation.district_id.is_not(None))
        if town_id:
            found = found.where(Organisation.town_id == town_id)
        if after:
            found = found.where(Organisation.id > after[0])
        rows = session.scalars(found.limit(limit + 1)).all()
    kept, following = page(rows, limit, lambda row: (row.id,))
    return Page(items=[OrganisationOut.model_validate(row) for row in kept], next=following)


@router.get("/enterprises/{enterprise_id}", summary="一企一档")
def enterprise(call: SignedIn, enterprise_id: IdPath) -> EnterpriseFileOut:
    """The file of one enterprise, with the cases that one may see."""
    with read_session(call.engine) as session:
        known = asdict(file_of(session, call.actor, enterprise_id))
    known["penalties"] = [{**line, "amount_yuan": yuan(line["amount_fen"])} for line in known["penalties"]]
    known["counter"] = known["counter"]["windows"]
    for kind, states in STATES.items():
        known[kind] = [{**line, "state_label": states[line["state"]]} for line in known[kind]]
    return EnterpriseFileOut.model_validate(known)


@router.post("/enterprises", status_code=201, summary="登记企业", response_model=OrganisationOut)
def add(call: SignedIn, once: Repeatable, asked: NewEnterprise) -> Any:
    """Add an enterprise to a place one answers for."""
    must(call.actor, "enterprises.add")

    def act(session: Session) -> OrganisationOut:
        must_there(call.actor, "enterprises.add", held(session, asked.parent_id))
        return OrganisationOut.model_validate(
            add_organisation(session, kind="enterprise", now=call.now, **asked.given())
        )

    return once.answer(act, status=201)


@router.patch("/enterprises/{enterprise_id}", summary="更改企业")
def alter(call: SignedIn, enterprise_id: IdPath, asked: EnterpriseChange) -> OrganisationOut:
    """Change particulars, move it with its cases to another place, or note that an imported one has been looked at."""
    must(call.actor, "enterprises.change")
    rules = call.rules
    with write_session(call.engine) as session:
        must_there(call.actor, "enterprises.change", tree.enterprise(session, call.actor, enterprise_id))
        return OrganisationOut.model_validate(_altered(session, rules, call, enterprise_id, asked.given()))


@router.post("/enterprises/{enterprise_id}/merge", summary="合并重复登记的企业", response_model=OrganisationOut)
def merge_into(call: SignedIn, once: Repeatable, enterprise_id: IdPath, asked: Merge) -> Any:
    """Give this enterprise all that another entry of the same enterprise has; both credit codes must not differ."""
    must(call.actor, "enterprises.merge")
    rules = call.rules

    def act(session: Session) -> OrganisationOut:
        tree.enterprise(session, call.actor, enterprise_id)
        kept = merge(session, rules, keep_id=enterprise_id, drop_id=asked.drop_id, actor=call.actor, now=call.now)
        return OrganisationOut.model_validate(kept)

    return once.answer(act)


def _altered(session: Session, rules: Rules, call: Call, enterprise_id: str, given: dict[str, Any]) -> Organisation:
    parent_id, confirmed = given.pop("parent_id", None), given.pop("confirmed", None)
    if parent_id:
        moved = move(session, rules, enterprise_id, parent_id=parent_id, actor=call.actor, now=call.now)
        # Asked afterwards: a parent held before the cases would be locked in the wrong order.
        must_there(call.actor, "enterprises.change", moved)
    if confirmed:
        confirm(session, enterprise_id)
    return change(session, enterprise_id, **given)
