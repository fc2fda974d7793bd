"""A workflow is one table: moves (M), deadlines (D), ladders of rungs (L); `check.sound` lets only right ones in."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.fields import Field
from workflow.limits import Unit
from workflow.roles import Role

NOBODY: frozenset[Role] = frozenset()
NO_DEADLINES: frozenset[str] = frozenset()
ATTACHERS = frozenset({Role.RESPONSIBLE, Role.INSPECTOR, Role.OPENER, Role.DISPATCHER})


def on(*names: str) -> frozenset[str]:
    """States or triggers, as the rows of a table name them."""
    return frozenset(names)


def who(*roles: Role) -> frozenset[Role]:
    """Roles, as the rows of a table name them."""
    return frozenset(roles)


@dataclass(frozen=True, slots=True)
class Guard:
    """Something that may refuse a move: `check` raises a named refusal; `facts` is what it must know as well."""

    check: Callable[[Any], None]
    facts: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The guard's name, as the diagrams print it."""
        return self.check.__name__


def guard(*facts: str) -> Callable[[Callable[[Any], None]], Guard]:
    """Mark a function as a guard that needs these facts."""
    return lambda check: Guard(check, frozenset(facts))


@dataclass(frozen=True, slots=True)
class M:
    """One move: trigger, from, to (none: the state stays), who may, what may refuse it, what it brings, who is told."""

    trigger: str
    sources: frozenset[str]
    to: str | None
    who: frozenset[Role]
    guards: tuple[Guard, ...] = ()
    brings: tuple[Field, ...] = ()
    does: Callable[[Any], Any] | None = None
    tell: frozenset[Role] = NOBODY
    label: str = ""


@dataclass(frozen=True, slots=True)
class L:
    """One rung of a ladder: `amount` units after the promise (negative: before), what it proposes, who is told."""

    name: str
    amount: int
    unit: Unit
    label: str
    tell: frozenset[Role]
    proposes: str | None = None


@dataclass(frozen=True, slots=True)
class D:
    """One deadline: which triggers start, meet, hold, revive, pause, resume and withdraw it, its limit and its ladder.

    A running promise is never started again; `renewed_by` ends it and starts its next round at once. `dated_by` is the
    field that may name its date; `only_if_named` makes it start only then. `if_owed`: a profile may say that nothing is
    owed. `once`: not again in one cycle, unless it was withdrawn. `behind`: not begun while the promise of that name is
    open. `only_with`: owed only where that column of the case is filled. `levelled_by`: counted anew where the level it
    was counted by has changed. `judged_at` is the case's instant that decides met or missed (none: the move itself).
    """

    name: str
    label: str
    limit: str
    ladder: tuple[L, ...]
    started_by: frozenset[str]
    met_by: frozenset[str]
    held_by: frozenset[str] = frozenset()
    revived_by: frozenset[str] = frozenset()
    paused_by: frozenset[str] = frozenset()
    resumed_by: frozenset[str] = frozenset()
    withdrawn_by: frozenset[str] = frozenset()
    renewed_by: frozenset[str] = frozenset()
    levelled_by: frozenset[str] = frozenset()
    dated_by: str | None = None
    only_if_named: bool = False
    if_owed: bool = False
    once: bool = False
    behind: str | None = None
    only_with: str | None = None
    judged_at: str | None = None

    def step(self, status: str, trigger: str) -> str:
        """The status (off, runs, held, paused) after `trigger`; the engine and the table's own check both use it."""
        if trigger in self.met_by or trigger in self.withdrawn_by:
            return "off"
        if trigger in self.held_by and status == "runs":
            return "held"
        if trigger in self.paused_by and status != "off":
            return "paused"
        if (status, trigger in self.revived_by, trigger in self.resumed_by) in REVIVALS:
            return "runs"
        return "runs" if status == "off" and trigger in self.started_by else status

    @property
    def triggers(self) -> frozenset[str]:
        """Every trigger this row names."""
        return self.started_by.union(
            self.met_by, self.held_by, self.revived_by, self.paused_by, self.resumed_by, self.withdrawn_by,
            self.renewed_by, self.levelled_by,
        )  # fmt: skip

    @property
    def may_be_absent(self) -> bool:
        """Whether a trigger that starts it may leave it off all the same."""
        return self.only_if_named or self.if_owed or self.once or self.only_with is not None


REVIVALS = {("held", True, False), ("held", True, True), ("paused", False, True), ("paused", True, True)}


@dataclass(frozen=True)
class Workflow:
    """The whole table of one workflow; everything else (exits, pages, diagrams, checks) is derived from it.

    `details`: the table that holds the words of a case; `openers` open one, which is called `begins`, and `opened` is
    what `first_told` are told then; `extends`: the promise that a request for more time concerns; `urgent`: its
    messages go before all others. `needs`: facts that every move needs; `attachers` add evidence, and of them
    `late_papers` when the case is over too.
    """

    name: str
    label: str
    prefix: str
    details: str
    initial: str
    final: frozenset[str]
    states: Mapping[str, str]
    levels: Mapping[str, str]
    openers: frozenset[Role]
    begins: str
    opened: str
    first_told: frozenset[Role]
    moves: tuple[M, ...]
    deadlines: tuple[D, ...]
    extends: str
    urgent: bool = False
    needs: frozenset[str] = frozenset()
    attachers: frozenset[Role] = ATTACHERS
    late_papers: frozenset[Role] = NOBODY
    by_trigger: Mapping[str, tuple[M, ...]] = field(init=False)
    by_deadline: Mapping[str, D] = field(init=False)
    heeded: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        grouped: dict[str, tuple[M, ...]] = {}
        for move in self.moves:
            grouped[move.trigger] = (*grouped.get(move.trigger, ()), move)
        object.__setattr__(self, "by_trigger", grouped)
        object.__setattr__(self, "by_deadline", {d.name: d for d in self.deadlines})
        triggers = frozenset().union(*(d.triggers for d in self.deadlines))
        heeded = {t: frozenset(d.name for d in self.deadlines if t in d.triggers) for t in triggers}
        object.__setattr__(self, "heeded", heeded)

    def move(self, trigger: str, state: str) -> M | None:
        """The row that `trigger` has in `state`, if any."""
        return next((m for m in self.by_trigger.get(trigger, ()) if state in m.sources), None)

    def called(self, trigger: str) -> str:
        """What people call a trigger; one that is no row of the table keeps its name."""
        moves = self.by_trigger.get(trigger)
        return moves[0].label if moves else {"open": self.begins}.get(trigger, trigger)

    def concerned(self, trigger: str, named: Collection[str]) -> list[D]:
        """The rows of deadlines that name the trigger, or about which something was said, in the order of the table."""
        heeding = self.heeded.get(trigger, NO_DEADLINES)
        return [d for d in self.deadlines if d.name in heeding or d.name in named]

    def moves_from(self, state: str) -> Iterator[M]:
        """The rows that leave (or stay in) `state`."""
        return (m for m in self.moves if state in m.sources)
