"""One case (事项) as somebody may see it; what they may not see does not exist."""

from sqlalchemy.orm import Session

from workflow.actor import Actor
from workflow.load import read_cases
from workflow.refusals import UnknownCase
from workflow.rows import CaseRow
from workflow.visible import sees


def visible_case(session: Session, case_id: str, actor: Actor, *, workflow: str | None = None) -> CaseRow:
    """The case without a lock; `UnknownCase` alike for one that is not there and one that is not theirs to see.

    Where a `workflow` is named, a case of another one is not there either.
    """
    case = read_cases(session, [case_id]).get(case_id)
    if case is None or not sees(actor, case) or workflow not in (None, case.workflow):
        raise UnknownCase()
    return case
