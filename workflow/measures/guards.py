"""What may refuse a move of a measure (督办措施)."""

from collections.abc import Mapping
from datetime import datetime

from workflow import refusals as no
from workflow.attempt import Attempt
from workflow.fields import Field
from workflow.measures import fields as f
from workflow.table import guard

# What shows that a measure was carried out, by its kind.
PAPERS: Mapping[str, tuple[Field, ...]] = {
    "talk": (f.ATTENDED, f.MINUTES),
    "bulletin": (f.DOCUMENT,),
    "case_filing": (f.DOCUMENT,),
    "warning_letter": (f.DOCUMENT,),
    "closure": (f.DOCUMENT,),
}


@guard()
def needs_its_papers(attempt: Attempt) -> None:
    """A talk has those who attended and minutes, anything else the number of its paper."""
    for field in PAPERS[attempt.case.level]:
        if not attempt.data.get(field.name):
            raise no.Missing(field=field.name, right=field.right)


@guard()
def carried_out_since_decided(attempt: Attempt) -> None:
    """It was carried out after it was decided, and not in days to come."""
    _between(attempt, f.CARRIED_OUT_AT, since=attempt.case.opened_at)


@guard("details")
def received_since_carried_out(attempt: Attempt) -> None:
    """A reply comes after what it replies to, and not in days to come."""
    _between(attempt, f.RECEIVED_AT, since=attempt.facts.details.get("carried_out_at"))


@guard("evidence")
def needs_what_it_declares(attempt: Attempt) -> None:
    """Papers that a reply refers to have arrived."""
    if absent := sorted(set(attempt.data.get("evidence") or ()) - attempt.facts.evidence):
        raise no.EvidenceNotArrived(field="evidence", right="先上传这些材料，再回复", absent=absent)


@guard("details")
def not_who_carried_out(attempt: Attempt) -> None:
    """Who carried it out does not close it."""
    if attempt.actor.id == attempt.facts.details.get("carried_out_by"):
        raise no.OwnMeasure(right="由另一名审核人员办结")


@guard()
def replied_if_owed(attempt: Attempt) -> None:
    """While a reply is owed nothing is closed."""
    if attempt.facts.running("reply"):
        raise no.NeedsReply(right="先由被督办单位回复，或者登记收到的书面回复")


def _between(attempt: Attempt, field: Field, *, since: datetime | None) -> None:
    at = attempt.instant(field.name)
    if at is not None and at > attempt.now:
        raise no.InTheFuture(field=field.name, right=field.right)
    if at is not None and since is not None and at < since:
        raise no.BeforeItsTime(field=field.name, right=field.right)
