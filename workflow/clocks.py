"""What a move does to a case's deadlines (时限) and their rungs: starts, meets, holds, revives, pauses, moves."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.ids import new_id
from workflow import arithmetic
from workflow.limits import Unit
from workflow.rows import CaseRow, DeadlineRow, RungRow, changed
from workflow.rules import Rules
from workflow.table import D, L, Workflow

Hush = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Named:
    """A date somebody named for a deadline, with the paper's own words and whether it is only assumed."""

    due_at: datetime | None = None
    text: str | None = None
    assumed: bool = False
    source: str = "交办时指定"


@dataclass(slots=True)
class Clocks:
    """All of a case's deadlines as they stand afterwards, and what has to be written for it.

    `hushed`: (deadline, withdrawn | silent | awake) for its pending rungs; `story`: lines for the event.
    """

    standing: dict[str, DeadlineRow]
    started: list[DeadlineRow] = field(default_factory=list)
    changed: list[DeadlineRow] = field(default_factory=list)
    rungs: list[RungRow] = field(default_factory=list)
    hushed: list[Hush] = field(default_factory=list)
    story: list[dict[str, Any]] = field(default_factory=list)

    def marks(self) -> dict[str, Any]:
        """The case's `next_due_at` and `overdue_since`."""
        running = [d for d in self.standing.values() if d.runs]
        return {
            "next_due_at": min((d.due_at for d in running), default=None),
            "overdue_since": min((d.breached_at for d in running if d.breached_at), default=None),
        }

    def put(self, row: DeadlineRow, change: str, **said: Any) -> None:
        """Keep a changed deadline and tell the story of it."""
        self.standing[row.id] = row
        self.changed.append(row)
        self.story.append({"deadline": row.name, "cycle": row.cycle, "round": row.round, "change": change, **said})


@dataclass(frozen=True, slots=True)
class Turn:
    """One trigger fired on one case (as it stands after its move) at an instant."""

    case: CaseRow
    trigger: str
    rules: Rules
    now: datetime
    named: Mapping[str, Named]


def advance(workflow: Workflow, turn: Turn, deadlines: Iterable[DeadlineRow]) -> Clocks:
    """Step every deadline of the table once for the trigger."""
    clocks = Clocks(standing={d.id: d for d in deadlines})
    for promise in workflow.deadlines:
        row = next((d for d in clocks.standing.values() if d.name == promise.name and d.outcome is None), None)
        before = status(row)
        after = promise.step(before, turn.trigger)
        if change := CHANGES.get((before, after)):
            change(clocks, turn, promise, row)
    return clocks


def status(row: DeadlineRow | None) -> str:
    """off, runs, held or paused; a promise that was held when paused counts as paused."""
    if row is None or row.outcome is not None:
        return "off"
    return "paused" if row.paused_at else "held" if row.held_at else "runs"


def _start(clocks: Clocks, turn: Turn, promise: D, _row: DeadlineRow | None) -> None:
    named = turn.named.get(promise.name)
    if promise.only_if_named and (named is None or named.due_at is None):
        return
    row = promised(turn, promise, named or Named(), anchor=turn.now, round=_round(clocks, turn.case, promise))
    clocks.standing[row.id] = row
    clocks.started.append(row)
    clocks.rungs.extend(ladder(promise, row, turn.rules, since=turn.now))
    clocks.story.append({**_said(row), "change": "started"})


def promised(turn: Turn, promise: D, named: Named, *, anchor: datetime, round: int) -> DeadlineRow:
    """A new promise: the date that was named, else the limit of the profile counted from the anchor."""
    limit = turn.rules.profile.limit(promise.limit, turn.case.level)
    counted = arithmetic.due(anchor, limit, turn.rules.calendar)
    due_at = named.due_at or counted.at
    return DeadlineRow(
        id=new_id(turn.now),
        case_id=turn.case.id,
        name=promise.name,
        cycle=turn.case.cycle,
        round=round,
        anchor_at=anchor,
        amount=None if named.due_at else limit.amount,
        unit=Unit.NATURAL_DAY if named.due_at else limit.unit,
        source=named.source if named.due_at else limit.source,
        text=named.text,
        assumed=named.assumed,
        calendar=turn.rules.calendar.version,
        provisional=counted.provisional and named.due_at is None,
        due_at=due_at,
        first_due_at=due_at,
    )


def ladder(promise: D, row: DeadlineRow, rules: Rules, *, since: datetime) -> list[RungRow]:
    """The rungs of a promise; a reminder whose time had passed when the promise was made is not made at all."""
    rungs = (rung(step, row, rules) for step in promise.ladder)
    return [r for r, step in zip(rungs, promise.ladder, strict=True) if step.amount >= 0 or r.due_at > since]


def rung(step: L, row: DeadlineRow, rules: Rules) -> RungRow:
    """One rung of the deadline's present due instant."""
    at = arithmetic.shift(row.due_at, step.amount, step.unit, rules.calendar)
    return RungRow(row.id, row.moves, step.name, row.case_id, due_at=at, wake_at=at)


def _round(clocks: Clocks, case: CaseRow, promise: D) -> int:
    return 1 + sum(d.name == promise.name and d.cycle == case.cycle for d in clocks.standing.values())


def seen(row: DeadlineRow, now: datetime) -> DeadlineRow:
    """The same promise, its breach on record if it runs and is late: the fact is of `due_at`, the notice of now."""
    if row.runs and row.breached_at is None and now >= row.due_at:
        return changed(row, breached_at=row.due_at, noticed_at=now)
    return row


def _end(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow) -> None:
    judged = getattr(turn.case, promise.judged_at) if promise.judged_at else None
    at = judged or turn.now
    if turn.trigger in promise.withdrawn_by:
        ended = changed(seen(row, turn.now), outcome="withdrawn", ended_at=turn.now)
    elif row.breached_at or at >= row.due_at:
        noticed = row.noticed_at or turn.now
        ended = changed(row, outcome="missed", ended_at=turn.now, breached_at=row.due_at, noticed_at=noticed)
    else:
        ended = changed(row, outcome="met", ended_at=turn.now)
    clocks.put(ended, ended.outcome or "", at=at, due_at=row.due_at)
    clocks.hushed.append((row.id, "withdrawn"))


def _hold(clocks: Clocks, turn: Turn, _promise: D, row: DeadlineRow) -> None:
    clocks.put(changed(seen(row, turn.now), held_at=turn.now), "held")
    clocks.hushed.append((row.id, "silent"))


def _revive(clocks: Clocks, turn: Turn, _promise: D, row: DeadlineRow) -> None:
    clocks.put(seen(changed(row, held_at=None), turn.now), "revived", due_at=row.due_at)
    clocks.hushed.append((row.id, "awake"))


def _pause(clocks: Clocks, turn: Turn, _promise: D, row: DeadlineRow) -> None:
    clocks.put(changed(seen(row, turn.now), paused_at=turn.now), "paused", due_at=row.due_at)
    clocks.hushed.append((row.id, "silent"))


def _resume(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow) -> None:
    paused_at = row.paused_at or turn.now
    due_at = arithmetic.resume(row.due_at, paused_at, turn.now, Unit(row.unit), turn.rules.calendar)
    # What the pause took is given back to the cap of extensions too.
    first_due_at = row.first_due_at + (due_at - row.due_at)
    awake = changed(row, paused_at=None, held_at=None, first_due_at=first_due_at)
    if due_at == row.due_at:
        clocks.put(seen(awake, turn.now), "resumed", due_at=due_at)
        clocks.hushed.append((row.id, "awake"))
    else:
        _re_due(clocks, turn, promise, awake, due_at, change="resumed")


def _move(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow) -> None:
    named = turn.named.get(promise.name)
    if named is not None and named.due_at is not None and named.due_at != row.due_at:
        _re_due(clocks, turn, promise, row, named.due_at, change="moved")


def _re_due(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow, due_at: datetime, *, change: str) -> None:
    fresh = changed(row, due_at=due_at, moves=row.moves + 1, provisional=False, breached_at=None, noticed_at=None)
    moved = seen(fresh, turn.now)
    clocks.put(moved, change, was=row.due_at, due_at=due_at)
    clocks.hushed.append((row.id, "withdrawn"))
    clocks.rungs.extend(ladder(promise, moved, turn.rules, since=turn.now))


def _said(row: DeadlineRow) -> dict[str, Any]:
    keep = ("cycle", "round", "anchor_at", "due_at", "amount", "unit", "source", "text", "assumed", "calendar")
    return {"deadline": row.name, **{k: v for k in keep if (v := getattr(row, k)) not in (None, False)}}


CHANGES: Mapping[tuple[str, str], Callable[..., None]] = {
    ("off", "runs"): _start,
    ("runs", "off"): _end,
    ("held", "off"): _end,
    ("paused", "off"): _end,
    ("runs", "held"): _hold,
    ("held", "runs"): _revive,
    ("runs", "paused"): _pause,
    ("held", "paused"): _pause,
    ("paused", "runs"): _resume,
    ("runs", "runs"): _move,
}
