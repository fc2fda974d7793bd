"""Reading whole measures (督办措施)."""

from datetime import datetime

from sqlalchemy.orm import Session

from api.queries import ledger, whole
from api.queries.names import person_names
from api.shapes.common import named
from api.shapes.measures import MeasureLine, MeasureShown
from models import Measure
from workflow.actor import Actor
from workflow.rows import CaseRow
from workflow.rules import Rules

WORDS = (
    "act_id", "about_id", "basis", "document", "carried_out_at", "attended", "minutes", "replied_at", "reply",
)  # fmt: skip


def line(row: ledger.Line) -> MeasureLine:
    """A row of the list as it is shown."""
    return MeasureLine.model_validate(whole.line(row))


def shown(session: Session, rules: Rules, case: CaseRow, *, actor: Actor, now: datetime) -> MeasureShown:
    """All there is to see of one measure, with the exits this person has now."""
    words = whole.words(session, case, Measure)
    did = person_names(session, [words.carried_out_by])
    return MeasureShown.model_validate(
        whole.common(session, rules, case, actor=actor, now=now)
        | whole.same(words, WORDS)
        | {"carried_out_by": named(did, words.carried_out_by)}
    )
