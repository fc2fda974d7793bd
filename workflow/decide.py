"""Decide (判定): refuse with a name, or say what is true now. Pure: no database, no clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.ids import new_id
from workflow import clocks, history, keeping, machine, messages, saying, tallies
from workflow import refusals as no
from workflow.actor import Actor
from workflow.attempt import Attempt, Effect, Facts
from workflow.clocks import Clocks, Turn
from workflow.decision import Change, Decision, Proposal
from workflow.ladders import ACTS
from workflow.messages import Telling
from workflow.roles import Role
from workflow.rows import CaseRow, DeadlineRow, changed, difference
from workflow.rules import Rules
from workflow.table import M, Workflow
from workflow.workflows import WORKFLOWS


def decide(
    case: CaseRow, facts: Facts, rules: Rules, trigger: str, *, actor: Actor, now: datetime, **data: Any
) -> Decision:
    """One move of one case; raises a `Refusal` and changes nothing, or returns everything that is true afterwards."""
    workflow = WORKFLOWS[case.workflow]
    attempt = Attempt(workflow, case, facts, rules, row_of(workflow, trigger, case.state), actor, now, data)
    state = machine.target(workflow, attempt)
    effect = attempt.move.does(attempt) if attempt.move.does else Effect()
    moved = changed(case, **effect.case, state=state, version=case.version + 1)
    turn = Turn(moved, trigger, rules, now, effect.named, kind=facts.details.get("kind"))
    turned = clocks.advance(workflow, turn, facts.deadlines)
    draft = Draft(case, changed(moved, **turned.marks()), rules, workflow, actor, now)
    kept = keeping.kept(workflow, case, effect, turned.story)
    draft.add_event("move", trigger, to=state, data=_said(attempt.move, data), deadlines=turned.story, **kept)
    draft.add_clocks(turned)
    draft.add_effect(effect)
    owed = messages.owed(workflow, turned.standing.values())
    detail = messages.lines(saying.brought(attempt), effect.words, owed)
    draft.tell(Telling(trigger, attempt.move.tell, attempt.move.label, detail=detail))
    for telling in effect.told:
        draft.tell(telling)
    for proposal in effect.proposes:
        draft.propose(proposal)
    return draft.decision()


def row_of(workflow: Workflow, trigger: str, state: str) -> M:
    """The table's row for a trigger in a state; `UnknownTrigger` or `IllegalMove` if there is none."""
    if trigger not in workflow.by_trigger:
        raise no.UnknownTrigger(field="trigger", right="、".join(workflow.by_trigger))
    move = workflow.move(trigger, state)
    if move is None:
        raise machine.illegal(workflow, state)
    return move


def _said(move: M, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the move brought, for the history; fields the row does not name are not kept."""
    # Money is typed in yuan and kept in fen.
    names = [f.name.replace("_yuan", "_fen") for f in move.brings if f.kind != "sealed"]
    return {name: data[name] for name in names if data.get(name) not in (None, "", ())}


@dataclass(slots=True)
class Draft:
    """A decision in the making: events are chained and rows gathered until `decision()` freezes it.

    `after` is the case as it will stand, but for the end of its chain and its last message's number, kept beside it.
    """

    before: CaseRow | None
    after: CaseRow
    rules: Rules
    workflow: Workflow
    actor: Actor
    now: datetime
    events: list[history.EventRow] = field(default_factory=list)
    inserts: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    elsewhere: list[Proposal] = field(default_factory=list)
    seq: int = field(init=False)
    head: str = field(init=False)
    message_no: int = field(init=False)

    def __post_init__(self) -> None:
        self.seq, self.head, self.message_no = self.after.seq, self.after.head, self.after.message_no

    def add_event(self, kind: str, trigger: str, **content: Any) -> None:
        """Append one line to the case's chain."""
        content |= {"org": self.actor.org_id, "name": self.actor.name, "from": self.before and self.before.state}
        line = history.event(
            self.head,
            case_id=self.after.id,
            seq=self.seq + 1,
            at=self.now,
            kind=kind,
            trigger=trigger,
            actor_id=self.actor.id,
            version=self.after.version,
            content=content,
        )
        self.events.append(line)
        self.seq, self.head = line.seq, line.hash

    def add_clocks(self, turned: Clocks) -> None:
        """Rows of deadlines and rungs that a trigger started or changed."""
        self.inserts += [("deadlines", d._asdict()) for d in turned.started]
        self.inserts += [("rungs", r._asdict()) for r in turned.rungs]
        self.changes += [deadline_change(before, after) for before, after in turned.changed]
        for deadline_id, how in turned.hushed:
            self.changes.append(HUSHES[how](deadline_id, self.now))
            if how != "awake":
                self.changes.append(withdraw_messages(deadline_id, self.now))

    def add_effect(self, effect: Effect) -> None:
        """Rows that the move itself brought."""
        self.inserts += effect.rows
        self.changes += effect.changes
        if effect.details:
            self.changes.append(Change(self.workflow.details, {"case_id": self.after.id}, dict(effect.details)))

    def tell(self, telling: Telling) -> None:
        """Outbox rows for the last event; a role that nobody holds becomes an event of its own."""
        if not telling.tell:
            return
        self.message_no += 1
        out = messages.outbox(
            telling, self.after, self.workflow, seq=self.seq, number=self.message_no, rules=self.rules, now=self.now
        )
        self.inserts += [("messages", row) for row in out.rows]
        if out.unheld:
            self.add_event("nobody", telling.template, roles=[str(role) for role in out.unheld])

    def propose(self, proposal: Proposal) -> str | None:
        """An act for a supervisor to decide, who is told; returns its id, none where it is about another case."""
        if proposal.about != self.after.id:
            self.elsewhere.append(proposal)
            return None
        act_id, kind, basis = new_id(self.now), proposal.kind, proposal.basis
        self.add_event("note", "act.proposed", act=act_id, act_kind=kind, basis=basis)
        row = {"id": act_id, "case_id": self.after.id, "kind": kind, "basis": basis, "proposed_at": self.now}
        self.inserts.append(("acts", {**row, "proposed_by": proposal.by}))
        said = f"建议督办：{ACTS[kind]}"
        self.tell(Telling("act.proposed", frozenset({Role.SUPERVISOR}), said, detail=f"缘由：{basis}"))
        return act_id

    def decision(self) -> Decision:
        """Freeze it, with the counters' changes."""
        after = changed(self.after, seq=self.seq, head=self.head, message_no=self.message_no)
        inserts = (*self.inserts, *(("tally_deltas", row) for row in tallies.deltas(self.before, after)))
        return Decision(self.before, after, tuple(self.events), inserts, tuple(self.changes), tuple(self.elsewhere))


def deadline_change(before: DeadlineRow, after: DeadlineRow) -> Change:
    """The columns of a promise that are no longer as they were."""
    return Change("deadline", {"id": after.id}, {name: getattr(after, name) for name in difference(before, after)})


def withdraw_messages(deadline_id: str, now: datetime) -> Change:
    """What is still in the outbox about a promise that ended or fell silent is not sent."""
    values = {"outcome": "withdrawn", "settled_at": now, "wake_at": None}
    return Change("messages_of", {"deadline_id": deadline_id}, values)


def _withdraw_rungs(deadline_id: str, now: datetime) -> Change:
    values = {"outcome": "withdrawn", "settled_at": now, "wake_at": None}
    return Change("rungs_of", {"deadline_id": deadline_id}, values)


HUSHES: Mapping[str, Callable[[str, datetime], Change]] = {
    "withdrawn": _withdraw_rungs,
    "silent": lambda deadline_id, now: Change("rungs_of", {"deadline_id": deadline_id}, {"wake_at": None}),
    "awake": lambda deadline_id, now: Change("rungs_awake", {"deadline_id": deadline_id}, {}),
}
