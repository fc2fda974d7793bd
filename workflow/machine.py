"""The one file that knows the `transitions` library: it decides legality and the order of guards."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from transitions import EventData, Machine, MachineError

from workflow import refusals as no
from workflow.attempt import Attempt
from workflow.roles import LABELS
from workflow.table import M, Workflow
from workflow.workflows import WORKFLOWS


@dataclass(slots=True)
class Cursor:
    """The small mutable thing that the library moves; the case itself stays a frozen value."""

    state: str


def target(workflow: Workflow, attempt: Attempt) -> str:
    """The state after the move; raises the refusal of the first guard that objects; `IllegalMove` without a row."""
    cursor = Cursor(attempt.case.state)
    try:
        _machine(workflow.name).events[attempt.move.trigger].trigger(cursor, attempt)
    except MachineError as fault:
        raise illegal(workflow, attempt.case.state) from fault
    return cursor.state


def illegal(workflow: Workflow, state: str) -> no.IllegalMove:
    """The refusal that names the state and what may be done in it."""
    may = "、".join(m.label for m in workflow.moves_from(state)) or "无"
    return no.IllegalMove(right=f"当前为“{workflow.states[state]}”，可进行的操作：{may}", state=state)


def may_fire(attempt: Attempt) -> None:
    """Refuse people who hold none of the roles of the row."""
    if not any(attempt.is_(role) for role in attempt.move.who):
        raise no.NotYourRole(right="、".join(sorted(LABELS[r] for r in attempt.move.who)))


def needs_its_data(attempt: Attempt) -> None:
    """Refuse a move that lacks a field its row requires."""
    for field in attempt.move.brings:
        if field.required and attempt.data.get(field.name) in (None, "", (), []):
            raise no.Missing(field=field.name, right=field.right)


@cache
def _machine(name: str) -> Machine:
    """One shared machine per workflow; no model is ever added to it (it would be reset and kept for ever)."""
    workflow = WORKFLOWS[name]
    machine = Machine(
        model=None,
        states=[str(s) for s in workflow.states],
        initial=str(workflow.initial),
        auto_transitions=False,
        send_event=True,
    )
    for move in workflow.moves:
        machine.add_transition(
            move.trigger, [str(s) for s in move.sources], move.to and str(move.to), conditions=_content(move)
        )
    return machine


def _content(move: M) -> Callable[[EventData], bool]:
    """All checks of a row in their order as one condition: the library takes as long for each as most of them do."""
    checks = (may_fire, needs_its_data, *(guard.check for guard in move.guards))

    def content(event: EventData) -> bool:
        (attempt,) = event.args
        for check in checks:
            check(attempt)
        return True

    return content
