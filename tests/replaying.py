"""The replay judged by the tables: with the rules in force it must make of every history just what stands there."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from models import Rung
from models.database import read_session
from tests.desk import Desk
from workflow import directory, eras
from workflow.clocks import seen
from workflow.decision import Decision
from workflow.keeping import COLUMNS
from workflow.rows import DeadlineRow
from workflow.simulation import Replayed, replayed

STANDS = (
    "anchor_at", "amount", "unit", "provisional", "due_at", "first_due_at", "moves", "held_at", "paused_at",
    "breached_at", "outcome", "ended_at",
)  # fmt: skip


class Watching:
    """A clock under which a sweep looks at every instant at which something is due."""

    def __init__(self, now: datetime) -> None:
        self._now, self.desk = now, None

    @property
    def now(self) -> datetime:
        """The instant it is."""
        return self._now

    @now.setter
    def now(self, instant: datetime) -> None:
        while self.desk and (due := self._due(instant)):
            self._now = max(self._now, due)
            self.desk.sweep()
        self._now = instant

    def advance(self, **span: float) -> datetime:
        """Move forward by `days=`, `hours=`, …, sweeping on the way."""
        self.now += timedelta(**span)
        return self.now

    def _due(self, until: datetime) -> datetime | None:
        waiting = (Rung.outcome.is_(None), Rung.wake_at <= until)
        with read_session(self.desk.engine) as session:
            return session.scalar(select(func.min(Rung.wake_at)).where(*waiting))


class Watched(Desk):
    """A desk whose every act is followed by a sweep."""

    def fire(self, *given: Any, **data: Any) -> Decision:
        """One move, then a look at what it made due."""
        decision = Desk.fire(self, *given, **data)
        self.sweep()
        return decision


def watched(desk: Desk) -> Watched:
    """The desk under a sweep that never sleeps."""
    clock = Watching(desk.clock.now)
    clock.desk = Watched(desk.engine, desk.cast, clock, desk.rules)
    return clock.desk


def faults(desk: Desk, *, watched: bool) -> Iterator[str]:
    """Every way in which a replay by the rules in force differs from the tables.

    `watched`: a sweep looked at every instant, so that rungs and messages are the same too.
    """
    with read_session(desk.engine) as session:
        in_force = eras.load(session, desk.rules.profile, directory.load(session))
        every = list(replayed(session, in_force, now=desk.clock.now))
    for one in every:
        yield from (f"{one.case.number}: {fault}" for fault in _faults(desk, one, watched=watched))


def _faults(desk: Desk, one: Replayed, *, watched: bool) -> Iterator[str]:
    case, memory = one.case, one.memory
    for column in ("state", *sorted(COLUMNS), "next_due_at", "overdue_since"):
        is_, was = getattr(memory.case, column), getattr(case, column)
        if is_ != was and (watched or column != "overdue_since"):
            yield f"{column} is {was}, replayed {is_}"
    stood, again = _promises(one.stood, desk), _promises(memory.deadlines.values(), desk)
    for key in stood.keys() | again.keys():
        if stood.get(key) != again.get(key):
            yield f"{key} is {stood.get(key)}, replayed {again.get(key)}"
    fired, refired = _fired(desk.rungs(case.id), one.stood), _fired(memory.rungs.values(), memory.deadlines.values())
    if fired != refired if watched else not fired <= refired:
        yield f"fired {fired}, replayed {refired}"
    sent, resent = sorted(one.sent), sorted(t.at for t in memory.told for _ in range(t.messages))
    if watched and sent != resent:
        yield f"told {sent}, replayed {resent}"


def _promises(rows: Iterable[DeadlineRow], desk: Desk) -> dict[Any, tuple[Any, ...]]:
    looked_at = (seen(row, desk.clock.now) for row in rows)
    return {(r.name, r.cycle, r.round): tuple(getattr(r, column) for column in STANDS) for r in looked_at}


def _fired(rungs: Iterable[Any], rows: Iterable[DeadlineRow]) -> set[Any]:
    promises = {row.id: (row.name, row.cycle, row.round) for row in rows}
    return {(*promises[r.deadline_id], r.move, r.name, r.outcome) for r in rungs if r.outcome in ("fired", "imported")}
