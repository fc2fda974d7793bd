"""One attempt at a move: all that guards and effects may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflow.actor import Actor
from workflow.rows import CaseRow, DeadlineRow
from workflow.rules import Rules
from workflow.table import M


@dataclass(frozen=True, slots=True)
class Facts:
    """What guards know beyond the case row, loaded for many cases at once.

    `evidence`: SHA-256 of the after-evidence of this cycle; `units`: id → kind of the organisations a move names;
    `original`: state of the case that this one is said to repeat, none if there is none.
    """

    deadlines: tuple[DeadlineRow, ...] = ()
    evidence: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    original: str | None = None

    def running(self, name: str) -> DeadlineRow | None:
        """The open deadline of that name, if there is one."""
        return next((d for d in self.deadlines if d.name == name and d.outcome is None), None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries a move at an instant with some data."""

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
        return value if isinstance(value, date) else None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move does beyond changing the state; plain values for `decide` to write down.

    `case` and `hazard`: columns that change; `dates`: deadline → the instant somebody named for it; the rest are rows
    of the tables of those names.
    """

    case: Mapping[str, Any] = field(default_factory=dict)
    hazard: Mapping[str, Any] = field(default_factory=dict)
    dates: Mapping[str, datetime] = field(default_factory=dict)
    submission: Mapping[str, Any] | None = None
    judged: Mapping[str, Any] | None = None
    extension: Mapping[str, Any] | None = None
    extension_ended: Mapping[str, Any] | None = None
    acts_withdrawn: bool = False
