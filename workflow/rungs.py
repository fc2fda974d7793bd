"""What due rungs (节点) do to a case: breaches go on record at their true time, acts are proposed, people are told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from models.ids import new_id
from workflow import arithmetic, clocks, messages
from workflow.actor import SYSTEM
from workflow.attempt import Facts
from workflow.decide import Draft, deadline_change
from workflow.decision import Change, Decision
from workflow.messages import Telling
from workflow.rows import CaseRow, DeadlineRow, RungRow, changed
from workflow.rules import Rules
from workflow.table import L
from workflow.workflows import WORKFLOWS


def decide_rungs(case: CaseRow, facts: Facts, due: Sequence[RungRow], rules: Rules, *, now: datetime) -> Decision:
    """All due rungs of one case in one decision: each takes effect once, and only the highest of a deadline is told."""
    workflow = WORKFLOWS[case.workflow]
    standing = {d.id: clocks.seen(d, now) for d in facts.deadlines}
    draft = Draft(case, changed(case, **clocks.marks(standing.values())), rules, workflow, SYSTEM, now)
    draft.changes += [deadline_change(d, standing[d.id]) for d in facts.deadlines if standing[d.id] is not d]
    by_deadline: dict[str, list[RungRow]] = defaultdict(list)
    for rung in sorted(due, key=lambda r: (r.due_at, r.name)):
        by_deadline[rung.deadline_id].append(rung)
    for deadline_id, rungs in by_deadline.items():
        _climb(draft, standing[deadline_id], rungs, standing=standing.values())
    return draft.decision()


def _climb(draft: Draft, deadline: DeadlineRow, rungs: Sequence[RungRow], *, standing: Iterable[DeadlineRow]) -> None:
    workflow = draft.workflow
    promise = workflow.by_deadline[deadline.name]
    steps = {step.name: step for step in promise.ladder}
    for rung in rungs:
        step = steps[rung.name]
        # A reminder that nobody read before the breach reminds of nothing any more.
        outcome = "skipped" if step.amount < 0 and draft.now >= deadline.due_at else "fired"
        _settle(draft, deadline, rung, step, outcome)
    top = steps[rungs[-1].name]
    priority = 2 if top.amount < 0 else 1
    telling = Telling(
        f"{promise.name}.{top.name}",
        top.tell,
        f"{promise.label}{top.label}",
        detail=messages.lines(
            f"{promise.label}期限：{arithmetic.said(deadline.due_at)}", messages.owed(workflow, standing)
        ),
        deadline_id=deadline.id,
        priority=priority,
    )
    draft.tell(telling)


def _settle(draft: Draft, deadline: DeadlineRow, rung: RungRow, step: L, outcome: str) -> None:
    key = {"deadline_id": rung.deadline_id, "move": rung.move, "name": rung.name}
    settled = {"outcome": outcome, "settled_at": draft.now, "wake_at": None}
    draft.changes.append(Change("rung", key, settled))
    proposes = step.proposes if outcome == "fired" else None
    draft.add_event(
        "rung", f"{deadline.name}.{step.name}", outcome=outcome, due_at=rung.due_at, cycle=deadline.cycle,
        breached_at=deadline.breached_at, proposes=proposes,
    )  # fmt: skip
    if proposes:
        draft.inserts.append(("acts", _act(draft, rung, proposes)))


def _act(draft: Draft, rung: RungRow, kind: str) -> dict[str, object]:
    return {
        "id": new_id(draft.now),
        "case_id": rung.case_id,
        "deadline_id": rung.deadline_id,
        "move": rung.move,
        "rung": rung.name,
        "kind": kind,
        "proposed_at": draft.now,
    }
