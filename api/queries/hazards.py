"""Reading whole hazards (隐患)."""

from datetime import datetime

from sqlalchemy.orm import Session

from api.queries import ledger, whole
from api.queries.names import person_names
from api.shapes.common import named
from api.shapes.hazards import HazardLine, HazardShown
from api.shapes.whole import Plan
from models import Hazard
from workflow.actor import Actor
from workflow.rows import CaseRow
from workflow.rules import Rules

WORDS = (
    "description", "location", "address", "latitude", "longitude", "source", "finder", "found_at", "found_text",
    "requirement", "responsible_text", "deadline_text", "status_text", "remark",
)  # fmt: skip
STANDS = ("visit_id", "duplicate_of", "assigned_at", "signed_off_at")


def line(row: ledger.Line) -> HazardLine:
    """A row of the ledger as it is shown."""
    return HazardLine.model_validate(whole.line(row))


def shown(session: Session, rules: Rules, case: CaseRow, *, actor: Actor, now: datetime) -> HazardShown:
    """All there is to see of one hazard, with the exits this person has now."""
    words = whole.words(session, case, Hazard)
    signed = person_names(session, [case.signed_off_by])
    return HazardShown.model_validate(
        whole.common(session, rules, case, actor=actor, now=now)
        | whole.same(case, STANDS)
        | whole.same(words, WORDS)
        | {
            "plan": Plan.model_validate(whole.same(words, tuple(Plan.model_fields))),
            "signed_off_by": named(signed, case.signed_off_by),
        }
    )
