"""Reading listings (挂牌督办): whole, with a line of each hazard, which whoever sees the listing has to judge."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import UnknownAddress
from api.queries import hazards, ledger, whole
from api.queries.cases import visible_case
from api.queries.names import person_names
from api.shapes.common import named
from api.shapes.listings import ListingLine, ListingShown, Step
from api.shapes.whole import Plan
from models import Case, Link, Listing
from workflow.actor import Actor
from workflow.listing import LISTING
from workflow.listings.facts import OVER
from workflow.listings.levels import ABOVE_DISTRICT
from workflow.rows import CaseRow
from workflow.rules import Rules

WORDS = (
    "basis", "requirement", "notice_number", "listed_at", "recorded_at", "recorded_with", "published_at",
    "published_where", "delisting_published_at", "delisting_published_where",
)  # fmt: skip


def visible_listing(session: Session, case_id: str, actor: Actor) -> CaseRow:
    """The listing as the actor may see it; a case of another workflow is none."""
    case = visible_case(session, case_id, actor)
    if case.workflow != LISTING.name:
        raise UnknownAddress()
    return case


def line(row: ledger.Line) -> ListingLine:
    """A row of the list as it is shown."""
    return ListingLine.model_validate(whole.line(row))


def shown(session: Session, rules: Rules, case: CaseRow, *, actor: Actor, now: datetime) -> ListingShown:
    """All there is to see of one listing, with the exits this person has now."""
    words = whole.words(session, case, Listing)
    rows = _covered(session, case.id)
    listed = person_names(session, [words.listed_by])
    return ListingShown.model_validate(
        whole.common(session, rules, case, actor=actor, now=now)
        | whole.same(words, WORDS)
        | {
            "listed_by": named(listed, words.listed_by),
            "plan": Plan.model_validate(whole.same(words, tuple(Plan.model_fields))),
            "plan_at": case.plan_at,
            "hazards": [hazards.line(row) for row in rows],
            "covered": len(rows),
            "open": sum(row.Case.state not in OVER for row in rows),
            "steps": _steps(session, case, words),
        }
    )


def _covered(session: Session, case_id: str) -> list[ledger.Line]:
    tied = select(Link.to_id).join(Case, Case.id == Link.to_id)
    covered = tied.where(Link.from_id == case_id, Link.kind == "covers")
    return list(ledger.lines(session, session.scalars(covered.order_by(Case.number)).all()))


def _steps(session: Session, case: CaseRow, words: Listing) -> list[Step]:
    """The steps that this level takes, in their order, with what has been taken of them."""
    people = person_names(session, [words.department_accepted_by, words.district_accepted_by, case.verified_by])
    done = [
        ("department", "督办部门", words.department_accepted_at, words.department_accepted_by),
        ("district", "区级", words.district_accepted_at, words.district_accepted_by),
        ("lister", "挂牌单位", case.verified_at, case.verified_by),
    ]
    return [
        Step.model_validate({"step": step, "label": label, "accepted_at": at, "accepted_by": named(people, by)})
        for step, label, at, by in done
        if step != "district" or case.level in ABOVE_DISTRICT
    ]
