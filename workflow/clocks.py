"""What a move does to a case's deadlines (时限) and their rungs: starts, meets, holds, revives, pauses, moves."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from models.ids import new_id
from workflow import arithmetic
from workflow.limits import Limit, Unit
from workflow.other_limit import counted_by
from workflow.rows import CaseRow, DeadlineRow, RungRow, changed
from workflow.rules import Rules
from workflow.table import D, L, Workflow

Hush = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody says of a deadline: when it is due, what it is counted from (none: the move), when it was kept.

    With a date go the paper's own words and whether it is only assumed.
    """

    due_at: datetime | None = None
    anchor_at: datetime | None = None
    kept_at: datetime | None = None
    text: str | None = None
    assumed: bool = False
    source: str = "交办时指定"


@dataclass(slots=True)
class Clocks:
    """All of a case's deadlines as they stand afterwards, and what has to be written for it.

    `changed`: (before, after); `hushed`: (deadline, withdrawn | silent | awake) for its pending rungs; `story`: lines
    for the event.
    """

    standing: dict[str, DeadlineRow]
    started: list[DeadlineRow] = field(default_factory=list)
    changed: list[tuple[DeadlineRow, DeadlineRow]] = field(default_factory=list)
    rungs: list[RungRow] = field(default_factory=list)
    hushed: list[Hush] = field(default_factory=list)
    story: list[dict[str, Any]] = field(default_factory=list)

    def open(self, name: str | None) -> DeadlineRow | None:
        """The promise of that name that has not ended, if there is one."""
        return next((d for d in self.standing.values() if d.name == name and d.outcome is None), None)

    def marks(self) -> dict[str, Any]:
        """What the case itself says of them."""
        return marks(self.standing.values())

    def put(self, row: DeadlineRow, change: str, **said: Any) -> None:
        """Keep a changed deadline and tell the story of it."""
        self.changed.append((self.standing[row.id], row))
        self.standing[row.id] = row
        self.story.append({"deadline": row.name, "cycle": row.cycle, "round": row.round, "change": change, **said})


class Turn(NamedTuple):
    """One trigger fired on one case (as it stands after its move) at an instant; `kind`: of an incident."""

    case: CaseRow
    trigger: str
    rules: Rules
    now: datetime
    named: Mapping[str, Named]
    kind: str | None = None

    def said(self, promise: D) -> Named:
        """What was said of this promise."""
        return self.named.get(promise.name, SILENCE)

    def owes(self, promise: D) -> Limit | None:
        """The limit of the promise here and now; none where the profile says that nothing is owed."""
        return self.rules.profile.owes(promise.limit, self.case.level, self.kind)


SILENCE = Named()


def marks(standing: Iterable[DeadlineRow]) -> dict[str, Any]:
    """A case's `next_due_at` and `overdue_since`, by its promises."""
    running = [d for d in standing if d.runs]
    return {
        "next_due_at": min([d.due_at for d in running], default=None),
        "overdue_since": min([d.breached_at for d in running if d.breached_at], default=None),
    }


def advance(workflow: Workflow, turn: Turn, deadlines: Iterable[DeadlineRow]) -> Clocks:
    """Step every deadline of the table that the trigger or somebody's word concerns."""
    clocks = Clocks(standing={d.id: d for d in deadlines})
    # Stepping one promise changes no other one's row.
    rows = {d.name: d for d in clocks.standing.values() if d.outcome is None}
    for promise in workflow.concerned(turn.trigger, turn.named):
        row = rows.get(promise.name)
        before = status(row)
        after = promise.step(before, turn.trigger)
        if row and turn.trigger in promise.renewed_by:
            _renew(clocks, turn, promise, row)
        elif row and turn.trigger in promise.levelled_by:
            _level(clocks, turn, promise, row)
        elif change := CHANGES.get((before, after)):
            change(clocks, turn, promise, row)
    return clocks


def status(row: DeadlineRow | None) -> str:
    """off, runs, held or paused; a promise that was held when paused counts as paused."""
    if row is None or row.outcome is not None:
        return "off"
    return "paused" if row.paused_at else "held" if row.held_at else "runs"


def _start(clocks: Clocks, turn: Turn, promise: D, _row: DeadlineRow | None) -> None:
    named = turn.said(promise)
    _begin(clocks, turn, promise, named, anchor=named.anchor_at or turn.now)


def _begin(clocks: Clocks, turn: Turn, promise: D, named: Named, *, anchor: datetime) -> None:
    """A new round of a promise, unless nothing is owed, it was made already or stands behind another."""
    if promise.only_with and getattr(turn.case, promise.only_with) is None:
        return
    number = _round(clocks, turn.case, promise)
    unnamed = named.due_at is None and (promise.only_if_named or turn.owes(promise) is None)
    if unnamed or (promise.once and _made(clocks, turn.case, promise)) or clocks.open(promise.behind):
        return
    row = seen(promised(turn, promise, named, anchor=anchor, round=number), turn.now)
    clocks.standing[row.id] = row
    clocks.started.append(row)
    clocks.rungs.extend(ladder(promise, row, turn.rules, since=turn.now))
    clocks.story.append({**_said(row), "change": "started"})


def promised(turn: Turn, promise: D, named: Named, *, anchor: datetime, round: int) -> DeadlineRow:
    """A new promise: the date that was named, else the limit of the profile counted from the anchor."""
    if named.due_at:
        # Whether the profile owes it or not.
        limit, counted = Limit(0, Unit.NATURAL_DAY, named.source), arithmetic.Due(named.due_at, provisional=False)
    else:
        limit = turn.rules.profile.limit(promise.limit, turn.case.level, turn.kind)
        counted = arithmetic.due(anchor, limit, turn.rules.calendar)
    return DeadlineRow(
        id=new_id(turn.now),
        case_id=turn.case.id,
        name=promise.name,
        cycle=turn.case.cycle,
        round=round,
        anchor_at=anchor,
        amount=limit.amount or None,
        unit=limit.unit,
        source=limit.source,
        text=named.text,
        assumed=named.assumed,
        calendar=turn.rules.calendar.version,
        provisional=counted.provisional,
        due_at=counted.at,
        first_due_at=counted.at,
        counted_at=counted.at if limit.amount else None,
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


def _made(clocks: Clocks, case: CaseRow, promise: D) -> bool:
    """Whether it was made in this cycle already and not taken back, as by a level for which it is not owed."""
    mine = (d for d in clocks.standing.values() if d.name == promise.name and d.cycle == case.cycle)
    return any(d.outcome != "withdrawn" for d in mine)


def seen(row: DeadlineRow, now: datetime) -> DeadlineRow:
    """The same promise, its breach on record if it runs and is late: the fact is of `due_at`, the notice of now."""
    if row.runs and row.breached_at is None and now >= row.due_at:
        return changed(row, breached_at=row.due_at, noticed_at=now)
    return row


def _end(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow) -> None:
    kept_at = _kept_at(turn, promise)
    at = kept_at or turn.now
    if turn.trigger in promise.withdrawn_by:
        ended = changed(seen(row, turn.now), outcome="withdrawn", ended_at=turn.now)
    elif at >= row.due_at or (row.breached_at and kept_at is None):
        noticed = row.noticed_at or turn.now
        ended = changed(row, outcome="missed", ended_at=turn.now, breached_at=row.due_at, noticed_at=noticed)
    else:
        # It was kept in time and only entered late: what looked like a breach was none.
        ended = changed(row, outcome="met", ended_at=turn.now, breached_at=None, noticed_at=None)
    clocks.put(ended, ended.outcome or "", at=at, due_at=row.due_at)
    clocks.hushed.append((row.id, "withdrawn"))


def _kept_at(turn: Turn, promise: D) -> datetime | None:
    """When a promise was kept, where that is not the instant of the move."""
    judged: datetime | None = getattr(turn.case, promise.judged_at) if promise.judged_at else None
    return judged or turn.said(promise).kept_at


def _renew(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow) -> None:
    """This round is kept; the next is counted from then (or by the clock on the wall from the round before)."""
    kept_at = _kept_at(turn, promise) or turn.now
    if kept_at < row.anchor_at:
        # Beyond what was owed: the time of this round has not begun, so nothing is kept of it.
        return
    _end(clocks, turn, promise, row)
    anchor = max(kept_at, row.due_at) if row.unit == Unit.CLOCK_TIME else kept_at
    _begin(clocks, turn, promise, SILENCE, anchor=anchor)


def _level(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow) -> None:
    """Count a promise still running by the limit of the level as it is now; a breach and a named date stand."""
    limit = turn.owes(promise)
    if limit is None:
        _withdraw(clocks, turn, row)
    elif row.amount and not seen(row, turn.now).breached_at and (limit.amount, limit.unit) != (row.amount, row.unit):
        fresh, due_at = counted_by(limit, row, turn.rules.calendar, now=turn.now)
        _re_due(clocks, turn, promise, fresh, due_at, change="levelled")


def _withdraw(clocks: Clocks, turn: Turn, row: DeadlineRow) -> None:
    ended = changed(seen(row, turn.now), outcome="withdrawn", ended_at=turn.now)
    clocks.put(ended, "withdrawn", due_at=row.due_at)
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
    first_due_at = arithmetic.carry(row.first_due_at, row.due_at, due_at, Unit(row.unit), turn.rules.calendar)
    awake = changed(row, paused_at=None, held_at=None, first_due_at=first_due_at)
    if due_at == row.due_at:
        clocks.put(seen(awake, turn.now), "resumed", due_at=due_at)
        clocks.hushed.append((row.id, "awake"))
    else:
        _re_due(clocks, turn, promise, changed(awake, provisional=False), due_at, change="resumed")


def _move(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow) -> None:
    named = turn.said(promise)
    if named.due_at is not None and named.due_at != row.due_at:
        _re_due(clocks, turn, promise, changed(row, provisional=False), named.due_at, change="moved")


def _re_due(clocks: Clocks, turn: Turn, promise: D, row: DeadlineRow, due_at: datetime, *, change: str) -> None:
    fresh = changed(row, due_at=due_at, moves=row.moves + 1, breached_at=None, noticed_at=None)
    moved = seen(fresh, turn.now)
    clocks.put(moved, change, was=row.due_at, due_at=due_at)
    clocks.hushed.append((row.id, "withdrawn"))
    rungs = ladder(promise, moved, turn.rules, since=turn.now)
    clocks.rungs.extend(rungs if moved.runs else (changed(rung, wake_at=None) for rung in rungs))


def _said(row: DeadlineRow) -> dict[str, Any]:
    return {"deadline": row.name, **{k: v for k in TOLD if (v := getattr(row, k)) not in (None, False)}}


TOLD = (
    "cycle", "round", "anchor_at", "due_at", "amount", "unit", "source", "text", "assumed", "calendar", "breached_at",
)  # fmt: skip

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
