"""The organisation tree (机构树): who may stand under whom, and what place that gives them."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import literal, select
from sqlalchemy.orm import Session, aliased

from models import Organisation, new_id
from workflow.credit_code import checked_credit_code
from workflow.directory_version import count_up
from workflow.refusals import Refusal, UnknownOrganisation
from workflow.texts import check_lengths, required, tidy

# fmt: off
UNDER: Mapping[str, frozenset[str | None]] = {
    "province":   frozenset({None}),
    "city":       frozenset({None, "province"}),
    "district":   frozenset({None, "province", "city"}),
    "department": frozenset({"province", "city", "district", "town"}),
    "agency":     frozenset({"province", "city", "district", "town"}),
    "town":       frozenset({"district"}),
    "village":    frozenset({"town"}),
    "enterprise": frozenset({"district", "town", "village"}),
}
LABELS: Mapping[str | None, str] = {
    None: "最上级", "province": "省", "city": "市", "district": "区县", "department": "部门", "agency": "服务机构",
    "town": "镇（街道）", "village": "村（社区）", "enterprise": "企业",
}
# fmt: on
LEVELS = {"district": "district_id", "town": "town_id", "village": "village_id"}
RISK_COLOURS = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
BRANCH = "待确认"


class MisplacedOrganisation(Refusal):
    """这种机构不能设在这个上级之下。"""


class DuplicateOrganisation(Refusal):
    """同一上级之下已有同名的同类机构。"""

    status = 409


class CodeTaken(Refusal):
    """这个代码已被另一个机构使用。"""

    status = 409


class OnlyEnterprisesHaveCreditCodes(Refusal):
    """只有企业才登记统一社会信用代码。"""


class BadRiskColour(Refusal):
    """风险等级不正确。"""


class Details(TypedDict, total=False):
    """What else may be known of an organisation; the fields are the table's columns."""

    code: str | None
    sector: str | None
    credit_code: str | None
    address: str | None
    contact: str | None
    phone: str | None
    risk_colour: str | None


def add_organisation(
    session: Session,
    *,
    kind: str,
    name: str,
    parent_id: str | None,
    now: datetime,
    unconfirmed: bool = False,
    **details: Unpack[Details],
) -> Organisation:
    """Add a node to the tree, placed where its parent is.

    Refuses an unknown parent, a kind that may not stand there, a name or code in use and values that are out of form.
    """
    name = required(name, field="name")
    known = checked(kind, name, details)
    parent = held(session, parent_id) if parent_id else None
    refuse_misplaced(kind, parent)
    refuse_duplicate(session, kind, name, parent_id)
    refuse_taken(session, known)
    made = Organisation(
        id=new_id(now), kind=kind, parent_id=parent_id, unconfirmed=unconfirmed, created_at=now, **known
    )
    for column in LEVELS.values():
        setattr(made, column, getattr(parent, column, None))
    if kind in LEVELS:
        setattr(made, LEVELS[kind], made.id)
    session.add(made)
    session.flush()
    if kind != "enterprise":
        count_up(session)
    return made


def confirm(session: Session, organisation_id: str) -> Organisation:
    """Note that somebody has looked at a node an import made (确认)."""
    confirmed = held(session, organisation_id)
    confirmed.unconfirmed = False
    session.flush()
    return confirmed


def ancestors(session: Session, organisation_id: str) -> tuple[Organisation, ...]:
    """Return what stands above a node, the nearest first, without the node itself; empty for an unknown one."""
    first = select(Organisation.parent_id.label("id"), literal(1).label("height")).where(
        Organisation.id == organisation_id
    )
    above = first.cte("above", recursive=True)
    higher = aliased(Organisation)
    above = above.union_all(select(higher.parent_id, above.c.height + 1).where(higher.id == above.c.id))
    return tuple(
        session.scalars(select(Organisation).join(above, Organisation.id == above.c.id).order_by(above.c.height))
    )


def unconfirmed_branch(session: Session, district_id: str, now: datetime) -> Organisation:
    """Return the district's marked town 待确认, where imports put what has no known place; made once."""
    held(session, district_id)
    branch = session.scalar(
        select(Organisation).where(
            Organisation.parent_id == district_id, Organisation.kind == "town", Organisation.name == BRANCH
        )
    )
    return branch or add_organisation(
        session, kind="town", name=BRANCH, parent_id=district_id, now=now, unconfirmed=True
    )


def held(session: Session, organisation_id: str) -> Organisation:
    """Return a node that nobody else can change or add children to until the transaction ends; UnknownOrganisation."""
    # Not FOR UPDATE: new cases that only point to the node need not wait.
    node = session.get(Organisation, organisation_id, with_for_update={"key_share": True})
    if node is None:
        raise UnknownOrganisation(field="organisation_id")
    return node


def checked(kind: str, name: str, details: Details) -> dict[str, str | None]:
    """Return the columns in their stored form; refuses values that are out of form for this kind."""
    known: dict[str, str | None] = {"name": name}
    known |= {field: tidy(value) or None for field, value in details.items() if isinstance(value, str)}
    if code := known.get("credit_code"):
        if kind != "enterprise":
            raise OnlyEnterprisesHaveCreditCodes(field="credit_code", right="留空")
        known["credit_code"] = checked_credit_code(code)
    if (known.get("risk_colour") or "blue") not in RISK_COLOURS:
        raise BadRiskColour(field="risk_colour", right="、".join(f"{k}（{v}）" for k, v in RISK_COLOURS.items()))
    check_lengths(Organisation, known)
    return known


def refuse_misplaced(kind: str, parent: Organisation | None) -> None:
    """Refuse with MisplacedOrganisation a kind that may not stand under that parent."""
    allowed = UNDER.get(kind)
    if allowed is None:
        raise MisplacedOrganisation(field="kind", right="、".join(UNDER))
    if (parent.kind if parent else None) not in allowed:
        right = "、".join(sorted(LABELS[above] for above in allowed))
        raise MisplacedOrganisation(field="parent_id", right=f"{LABELS[kind]}的上级须是：{right}")


def refuse_duplicate(session: Session, kind: str, name: str, parent_id: str | None) -> None:
    """Refuse with DuplicateOrganisation a name that its kind has under that parent already."""
    same = select(Organisation.id).where(
        Organisation.parent_id == parent_id, Organisation.kind == kind, Organisation.name == name
    )
    if existing := session.scalars(same.limit(1)).first():
        raise DuplicateOrganisation(field="name", right="使用已有的机构，或者换一个名称", id=existing)


def refuse_taken(session: Session, known: dict[str, str | None]) -> None:
    """Refuse with CodeTaken a code that another node has."""
    for field in ("code", "credit_code"):
        taken = select(Organisation.id).where(getattr(Organisation, field) == known.get(field))
        if known.get(field) and (existing := session.scalars(taken).first()):
            raise CodeTaken(field=field, right="核对代码，或者使用已有的机构", id=existing)
