"""Findings (检查发现): what an inspector wrote down becomes hazards with their places in the tree."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.bodies import Body
from api.instants import Told
from api.words import Id, Line, Short, Words
from models import Organisation, Visit, new_id
from workflow.actor import Actor
from workflow.opening import NewHazard
from workflow.refusals import Missing, Refusal, UnknownOrganisation

MOST_HAZARDS = 100
# Clocks of telephones are not exact.
CLOCK_SKEW = timedelta(minutes=5)
PLACES = {"village_id": "village", "town_id": "town", "district_id": "district"}
DESKS = frozenset({"department", "agency", "town", "district"})


class PlacesDisagree(Refusal):
    """填写的村社区、镇街道和区县不在同一条隶属线上。"""


class FoundInFuture(Refusal):
    """发现时间不能晚于现在。"""


class VisitMade(Body):
    """一次检查。"""

    visited_at: Told | None = Field(None, title="检查时间，不填为现在")
    finder: Line | None = Field(None, title="检查单位或人员")
    note: Words | None = Field(None, title="检查记录")


class Whereabouts(Body):
    """在哪里：地点可由企业得出，也可直接写明。"""

    enterprise_id: Id | None = Field(None, title="企业")
    district_id: Id | None = Field(None, title="区县")
    town_id: Id | None = Field(None, title="镇街道")
    village_id: Id | None = Field(None, title="村社区")
    lead_org_id: Id | None = Field(None, title="督办部门")
    sector: Short | None = Field(None, title="行业领域")


class Finding(Whereabouts):
    """一条隐患。"""

    description: Words = Field(title="隐患描述")
    level: Literal["general", "major"] = Field("general", title="级别：一般、重大")
    location: Words | None = Field(None, title="具体部位")
    address: Words | None = Field(None, title="地址")
    latitude: Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)] | None = None
    source: Short | None = Field(None, title="来源")
    found_at: Told | None = Field(None, title="发现时间，不填为检查时间")
    remark: Words | None = Field(None, title="备注")
    withheld: Words | None = Field(None, title="不得公开的理由：商业秘密、个人隐私、举报等")


class VisitFound(Body):
    """一次检查发现的全部隐患，各有各的时限。"""

    visit: VisitMade = VisitMade.model_validate({})
    hazards: Annotated[list[Finding], Field(min_length=1, max_length=MOST_HAZARDS)]


def record_visit(session: Session, found: VisitFound, *, actor: Actor, now: datetime) -> tuple[str, list[NewHazard]]:
    """Write the visit and return its id with the hazards to open, each in its place; refuses unknown units by field."""
    visit = found.visit
    visited_at = visit.visited_at or now
    units = units_of(session, found.hazards)
    enterprises = {finding.enterprise_id for finding in found.hazards}
    row = Visit(
        id=new_id(now), enterprise_id=enterprises.pop() if len(enterprises) == 1 else None, visited_at=visited_at,
        finder=visit.finder, note=visit.note, created_at=now, created_by=actor.id,
    )  # fmt: skip
    hazards = [
        NewHazard(
            **{**finding.model_dump(), **place_of(finding, units, f"hazards.{n}."), "visit_id": row.id},
            finder=visit.finder,
        )
        for n, finding in enumerate(_dated(found.hazards, visited_at, now))
    ]
    session.add(row)
    session.flush()
    return row.id, hazards


def _dated(findings: Sequence[Finding], visited_at: datetime, now: datetime) -> list[Finding]:
    if visited_at > now + CLOCK_SKEW:
        raise FoundInFuture(field="visit.visited_at", right="现在或更早的时刻")
    for n, finding in enumerate(findings):
        if finding.found_at and finding.found_at > now + CLOCK_SKEW:
            raise FoundInFuture(field=f"hazards.{n}.found_at", right="现在或更早的时刻")
    return [f.model_copy(update={"found_at": min(f.found_at or visited_at, now)}) for f in findings]


def units_of(session: Session, findings: Sequence[Whereabouts]) -> Mapping[str, Any]:
    """Kinds and places of the units that are named, by id."""
    named = ("enterprise_id", "lead_org_id", *PLACES)
    ids = {value for finding in findings for name in named if (value := getattr(finding, name))}
    columns = (
        Organisation.id,
        Organisation.kind,
        Organisation.sector,
        *(getattr(Organisation, column) for column in PLACES),
    )
    return {row.id: row for row in session.execute(select(*columns).where(Organisation.id.in_(ids)))}


def place_of(finding: Whereabouts, units: Mapping[str, Any], path: str) -> dict[str, str | None]:
    """Where it stands: the levels of the most exact place that was named, else of the enterprise, and the sector.

    `PlacesDisagree` with any other place.
    """
    _refuse_unknown(finding, units, path)
    named = [getattr(finding, column) for column in PLACES if getattr(finding, column)]
    where = units.get(named[0] if named else finding.enterprise_id or "")
    if where is None or where.district_id is None:
        raise Missing(field=path + "enterprise_id", right="企业，或者所在的村社区、镇街道、区县")
    for column in PLACES:
        if getattr(finding, column) not in (None, getattr(where, column)):
            raise PlacesDisagree(field=path + column, right="同一条隶属线上的村社区、镇街道、区县")
    enterprise = units.get(finding.enterprise_id or "")
    if enterprise and enterprise.district_id != where.district_id:
        raise PlacesDisagree(field=path + "enterprise_id", right="同一区县的企业")
    sector = finding.sector or (enterprise.sector if enterprise else None)
    return {**{column: getattr(where, column) for column in PLACES}, "sector": sector}


def _refuse_unknown(finding: Whereabouts, units: Mapping[str, Any], path: str) -> None:
    kinds = {"enterprise_id": {"enterprise"}, "lead_org_id": DESKS, **{c: {k} for c, k in PLACES.items()}}
    for column, allowed in kinds.items():
        unit = getattr(finding, column)
        if unit and (unit not in units or units[unit].kind not in allowed):
            raise UnknownOrganisation(field=path + column, right="一个已登记的、种类相符的机构或企业")
