"""Exits (可办操作): what may be done with a case now, what each move needs, and every reason against it."""

from dataclasses import dataclass
from datetime import datetime

from workflow.actor import Actor
from workflow.attempt import Attempt, Facts
from workflow.fields import Field
from workflow.machine import may_fire
from workflow.refusals import Missing, Refusal
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.workflows import WORKFLOWS


@dataclass(frozen=True, slots=True)
class Exit:
    """One row of the table as this person sees it; with no refusals the button is live.

    A refusal about a field that the move brings is not listed: it is for the form to satisfy.
    """

    trigger: str
    label: str
    to: str | None
    brings: tuple[Field, ...]
    refusals: tuple[Refusal, ...]


def exits(case: CaseRow, facts: Facts, rules: Rules, *, actor: Actor, now: datetime) -> tuple[Exit, ...]:
    """Every row that leaves the present state, asked with the same guards that `decide` asks."""
    workflow = WORKFLOWS[case.workflow]
    rows = workflow.moves_from(case.state)
    attempts = (Attempt(workflow, case, facts, rules, move, actor, now, {}) for move in rows)
    return tuple(Exit(a.move.trigger, a.move.label, a.move.to, a.move.brings, tuple(_refusals(a))) for a in attempts)


def _refusals(attempt: Attempt) -> list[Refusal]:
    own = {field.name for field in attempt.move.brings}
    found = []
    for check in (may_fire, *(guard.check for guard in attempt.move.guards)):
        try:
            check(attempt)
        except Missing:
            continue
        except Refusal as refusal:
            if refusal.field not in own:
                found.append(refusal)
    return found
