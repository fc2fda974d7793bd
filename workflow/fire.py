"""Fire (流转): the one door by which a person changes a state — lock, load facts, decide, write; the caller commits."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event
from workflow import refusals as no
from workflow.actor import Actor
from workflow.consequences import CONSEQUENCES
from workflow.decide import Draft, decide, row_of
from workflow.decision import Decision, Proposal
from workflow.facts import Wanted, foreseen, load_facts
from workflow.load import lock_case, lock_cases
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.visible import sees
from workflow.workflows import WORKFLOWS
from workflow.write import write


def fire(
    session: Session,
    rules: Rules,
    case_id: str,
    trigger: str,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    **data: Any,
) -> Decision:
    """Move one case in the caller's transaction; refuses by name and writes nothing then.

    `version`: what the caller's page showed; another one now is `StaleVersion` with what happened meanwhile.
    """
    locked, rules, deadlines, found = lock_case(session, rules, case_id, foreseen(case_id, trigger, data))
    case = visible(locked, actor)
    if version is not None and version != case.version:
        raise stale(session, case, version)
    move = row_of(WORKFLOWS[case.workflow], trigger, case.state)
    facts = load_facts(Wanted(session, {case.id: case}, (move,), data, found), deadlines={case.id: deadlines})
    decision = decide(case, facts[case.id], rules, trigger, actor=actor, now=now, **data)
    write(session, (decision,))
    propose_elsewhere(session, rules, decision, actor=actor, now=now)
    if follows := CONSEQUENCES.get((case.workflow, trigger)):
        follows(session, rules, decision, actor=actor, now=now)
    return decision


def lock_visible(session: Session, rules: Rules, case_id: str, *, actor: Actor) -> tuple[CaseRow, Rules]:
    """Lock one case for what is no move; `UnknownCase` for one that the actor may not see."""
    cases, rules = lock_cases(session, rules, (case_id,))
    return visible(cases.get(case_id), actor), rules


def visible(case: CaseRow | None, actor: Actor) -> CaseRow:
    """The case; what the actor may not see does not exist (`UnknownCase`)."""
    if case is None or not sees(actor, case):
        raise no.UnknownCase()
    return case


def propose_elsewhere(session: Session, rules: Rules, decision: Decision, *, actor: Actor, now: datetime) -> None:
    """Write what a move proposed about other cases into their own histories."""
    if not decision.elsewhere:
        return
    wanted: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in decision.elsewhere:
        wanted[proposal.about].append(proposal)
    cases, rules = lock_cases(session, rules, sorted(wanted))
    drafts = [Draft(case, case, rules, WORKFLOWS[case.workflow], actor, now) for case in cases.values()]
    for draft in drafts:
        for proposal in wanted[draft.after.id]:
            draft.propose(proposal)
    write(session, [draft.decision() for draft in drafts])


def stale(session: Session, case: CaseRow, version: int) -> no.StaleVersion:
    """The refusal that tells what happened since the version the caller knows."""
    rows: Sequence[Any] = session.execute(
        select(Event.trigger, Event.actor_id, Event.at)
        .where(Event.case_id == case.id, Event.version > version)
        .order_by(Event.seq)
    ).all()
    table = WORKFLOWS[case.workflow]
    meanwhile = [{"trigger": r.trigger, "label": table.called(r.trigger), "at": r.at} for r in rows]
    return no.StaleVersion(
        field="version", right=f"当前版本为 {case.version}", version=case.version, meanwhile=meanwhile
    )
