"""Replay (重演): a case's history stepped again by other rules, in memory, as if a sweep had looked at every instant.

What people did stands, whether or not these rules would have let them; what follows from it is decided by the engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow import clocks, keeping
from workflow.actor import SYSTEM
from workflow.attempt import Facts
from workflow.clocks import Clocks, Turn
from workflow.decide import Draft
from workflow.eras import Eras
from workflow.memory import Memory
from workflow.messages import Telling
from workflow.reproject import decide_projection, recount
from workflow.roles import Role
from workflow.rows import CaseRow, changed
from workflow.rules import Rules
from workflow.rungs import decide_rungs
from workflow.table import NOBODY, Workflow
from workflow.taking_again import take_again
from workflow.taking_in import BY_PAPER
from workflow.workflows import WORKFLOWS

TOLD_OF_ACTS: Mapping[str, frozenset[Role]] = {
    "act.proposed": frozenset({Role.SUPERVISOR}),
    "act.accepted": frozenset({Role.DISPATCHER}),
    "act.refused": frozenset({Role.DISPATCHER}),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the history, its body read."""

    at: datetime
    kind: str
    trigger: str
    body: Mapping[str, Any]


def replay(case: CaseRow, lines: Sequence[Line], eras: Eras, *, now: datetime) -> Memory:
    """The case as it would stand now, had these rules held from its first line on."""
    memory = Memory(keeping.first_row(case, [line.body for line in lines]))
    play = Replay(WORKFLOWS[case.workflow], memory, eras, lines[0].at)
    for line in lines:
        play.step(line)
    play.until(now)
    return memory


@dataclass(slots=True)
class Replay:
    """A case on its way through its history, at an instant; `kind` is an incident's."""

    workflow: Workflow
    memory: Memory
    eras: Eras
    now: datetime
    kind: str | None = None

    @property
    def rules(self) -> Rules:
        """The rules of this instant."""
        return self.eras.at(self.now).rules

    def until(self, at: datetime) -> None:
        """Time passes: rungs are climbed at their own instants, and a notice entered then moves what hung on it."""
        for era in self.eras.between(self.now, at):
            self._climb(era.since)
            self.now = era.since
            self._recount(era.year)
        self._climb(at)
        self.now = at

    def step(self, line: Line) -> None:
        """What somebody did, after all that was due by then; rungs and the like are not repeated but happen anew."""
        self.until(line.at)
        if line.kind == "move":
            self._move(line)
        elif line.kind == "note":
            self._note(line)
        self._climb(line.at)

    def _climb(self, until: datetime) -> None:
        while due := self.memory.awake(until):
            self.now = max(self.now, min(rung.wake_at or until for rung in due))
            facts = Facts(deadlines=tuple(self.memory.deadlines.values()))
            rungs = self.memory.awake(self.now)
            self.memory.take(decide_rungs(self.memory.case, facts, rungs, self.rules, now=self.now), self.rules)

    def _recount(self, year: int) -> None:
        memory, done = self.memory, ("fired", "imported")
        fired = frozenset((r.deadline_id, r.name) for r in memory.rungs.values() if r.outcome in done)
        turned = recount(memory.case, memory.deadlines.values(), fired, self.rules, year=year, now=self.now)
        if turned.story:
            memory.take(decide_projection(memory.case, turned, self.rules, SYSTEM, self.now), self.rules)

    def _move(self, line: Line) -> None:
        memory, rules, brought = self.memory, self.rules, line.body.get("data", {}).get("kind")
        before, after = memory.case, keeping.next_row(memory.case, line.body)
        turned = self._turned(
            line, Turn(after, line.trigger, rules, self.now, keeping.heard(line.body), self.kind or brought)
        )
        draft = Draft(before, changed(after, **turned.marks()), rules, self.workflow, SYSTEM, self.now)
        draft.add_clocks(turned)
        draft.tell(Telling(line.trigger, self._told_by(line, before.state), ""))
        for template, roles in line.body.get("told", {}).items():
            draft.tell(Telling(template, frozenset(map(Role, roles)), ""))
        memory.take(draft.decision(), rules)
        self.kind = brought or self.kind

    def _turned(self, line: Line, turn: Turn) -> Clocks:
        if line.trigger == BY_PAPER:
            return take_again(turn, line.body["deadlines"])
        return clocks.advance(self.workflow, turn, self.memory.deadlines.values())

    def _told_by(self, line: Line, state: str) -> frozenset[Role]:
        """Whom the table tells of a move; an import tells nobody."""
        if "from" not in line.body:
            return self.workflow.first_told if line.trigger != BY_PAPER else NOBODY
        row = self.workflow.move(line.trigger, state)
        return row.tell if row else NOBODY

    def _note(self, line: Line) -> None:
        """A case that followed its place; an act proposed, or decided if it was proposed by these rules too."""
        memory, kind = self.memory, line.body.get("act_kind")
        memory.case = keeping.next_row(memory.case, line.body)
        if line.trigger == "act.proposed":
            memory.proposed.add(str(kind))
        if line.trigger in TOLD_OF_ACTS and kind in memory.proposed:
            draft = Draft(memory.case, memory.case, self.rules, self.workflow, SYSTEM, self.now)
            draft.tell(Telling(line.trigger, TOLD_OF_ACTS[line.trigger], ""))
            memory.take(draft.decision(), self.rules)
