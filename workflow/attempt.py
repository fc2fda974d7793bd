"""One attempt at a move: all that guards and effects may look at."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from workflow.actor import Actor
from workflow.clocks import Named
from workflow.decision import Change, Proposal
from workflow.directory import POSTS
from workflow.incidents.facts import Reported
from workflow.limits import Limit
from workflow.listings.facts import Covered
from workflow.messages import Telling
from workflow.roles import Role
from workflow.rounds.items import Candidate, Item, Nominee
from workflow.rows import NOTHING, CaseRow, DeadlineRow
from workflow.rules import Rules
from workflow.table import M, Workflow


class Unit(NamedTuple):
    """An organisation that a move names."""

    kind: str
    name: str


class Facts(NamedTuple):
    """What guards know beyond the case row, loaded for many cases at once.

    `reports`: those made of an incident, oldest first; `papers`: SHA-256 of all that was ever put on the case;
    `evidence`: SHA-256 of the after-evidence of this cycle; `units`: by id the organisations a move names;
    `original`: the case that this one is said to repeat, none if there is none; `details`: the case's row in
    its workflow's table of words; `covered`: by id the cases that it covers, locked against change; `levels`: of the
    other listings over the same hazards; `uncovered`: hazards once covered; `hazard`: the one that a move names;
    `notice_taken`: whether the number of a notice is in use; `items` of a round by hazard, `candidates` for it, and
    the `nominee` that a move names; `asked_by`: who asked for the extension that nobody has decided yet.
    """

    deadlines: tuple[DeadlineRow, ...] = ()
    evidence: frozenset[str] = frozenset()
    units: Mapping[str, Unit] = NOTHING
    original: CaseRow | None = None
    details: Mapping[str, Any] = NOTHING
    covered: Mapping[str, Covered] = NOTHING
    levels: frozenset[str] = frozenset()
    uncovered: frozenset[str] = frozenset()
    hazard: CaseRow | None = None
    notice_taken: bool = False
    items: Mapping[str, Item] = NOTHING
    candidates: tuple[Candidate, ...] = ()
    nominee: Nominee | None = None
    reports: tuple[Reported, ...] = ()
    papers: frozenset[str] = frozenset()
    asked_by: str | None = None

    def kind_of(self, unit_id: str | None) -> str | None:
        """Of an organisation that the move names; none for one that there isn't."""
        unit = self.units.get(unit_id or "")
        return unit.kind if unit else None

    def running(self, name: str) -> DeadlineRow | None:
        """The open deadline of that name, if there is one."""
        return next((d for d in self.deadlines if d.name == name and d.outcome is None), None)


class Attempt(NamedTuple):
    """Somebody tries a move at an instant with some data."""

    workflow: Workflow
    case: CaseRow
    facts: Facts
    rules: Rules
    move: M
    actor: Actor
    now: datetime
    data: Mapping[str, Any]

    def day(self, name: str) -> date | None:
        """A date the move brings, if it does."""
        value = self.data.get(name)
        return value if isinstance(value, date) and not isinstance(value, datetime) else None

    def instant(self, name: str) -> datetime | None:
        """An instant the move brings, if it does."""
        value = self.data.get(name)
        return value if isinstance(value, datetime) else None

    @property
    def extended(self) -> DeadlineRow | None:
        """The running promise that a request for more time concerns."""
        return self.facts.running(self.workflow.extends)

    def limit(self, name: str) -> Limit:
        """The place's limit of that name in this workflow, for the case's level."""
        return self.rules.profile.limit(f"{self.workflow.name}.{name}", self.case.level, self.facts.details.get("kind"))

    def is_(self, role: Role) -> bool:
        """Whether the actor has that role towards the case, or the watch that it stands for at this instant."""
        if role in POSTS:
            watch = self.rules.directory.recipients(role, self.case, self.now)
            return any(person.id == self.actor.id for person in watch)
        return self.actor.is_(role, self.case)


class Effect(NamedTuple):
    """What a move does beyond changing the state; plain values for `decide` to write down.

    `case` and `details`: columns that change there; `named`: deadline → what somebody named for it; `rows`: new rows as
    (table, row); `changes`: rows that change elsewhere; `words`: more of them for the row's own
    message; `told`: what is told beyond that; `proposes`: acts, about this case or another.
    """

    case: Mapping[str, Any] = NOTHING
    details: Mapping[str, Any] = NOTHING
    named: Mapping[str, Named] = NOTHING
    rows: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    changes: tuple[Change, ...] = ()
    words: str = ""
    told: tuple[Telling, ...] = ()
    proposes: tuple[Proposal, ...] = ()
