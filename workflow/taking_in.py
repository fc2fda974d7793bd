"""Taking in old paper (导入): what a ledger says becomes a case where it stands, with its promises at their true times.

Nothing is told, nothing proposed, nothing closed. The same deadlines table is stepped through the triggers that the
paper implies. A promise that would be held then (the ledger says finished) is judged later by the day the ledger
names; where it names none there is nothing to judge by, and the promise is withdrawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from workflow import arithmetic, clocks, numbers
from workflow.actor import Actor
from workflow.calendar import Calendar
from workflow.clocks import Clocks, Named, Turn
from workflow.decide import Draft
from workflow.decision import Decision
from workflow.hazard import HAZARD, S
from workflow.limits import Limit
from workflow.opening import NewHazard, blank, details_row
from workflow.rows import DeadlineRow, RungRow, changed
from workflow.rules import Rules
from workflow.write import write

BY_PAPER = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldHazard:
    """One row of a ledger; `words` are more columns of `hazards`. Without a responsible unit it is only discovered.

    `case_id`: made beforehand where a ledger's cases are to stand in its order; `rectify_in`: the limit by which
    `rectify_by` was counted from `found_at`, none where the paper names a date; `assumed`: the date hangs on a day
    nobody wrote; `finished_at`: when the ledger says it was rectified.
    """

    hazard: NewHazard
    import_id: str
    import_key: str
    responsible_org_id: str | None
    finished: bool
    rectify_by: datetime | None
    report_by: datetime | None
    deadline_text: str | None
    words: dict[str, Any]
    case_id: str | None = None
    finished_at: datetime | None = None
    rectify_in: Limit | None = None
    rectify_source: str = "台账所载期限"
    assumed: bool = False


def take_in(session: Session, rules: Rules, old: Sequence[OldHazard], *, actor: Actor, now: datetime) -> list[Decision]:
    """Write the cases in the caller's transaction."""
    series = numbers.take(session, HAZARD.prefix, len(old), now=now)
    decisions = [decide_old(rules, row, number, actor=actor, now=now) for row, number in zip(old, series, strict=True)]
    write(session, decisions)
    return decisions


def decide_old(rules: Rules, old: OldHazard, number: str, *, actor: Actor, now: datetime) -> Decision:
    """The case that one row of a ledger makes, in one event."""
    path, state = _path(old)
    opening = old.hazard.opening()
    fresh = blank(opening, number, actor=actor, now=now)
    fresh = changed(fresh, id=old.case_id or fresh.id, state=state, version=1, **_stands(old, path, now))
    named = _named(old)
    deadlines = _deadlines(rules, old, Turn(fresh, BY_PAPER, rules, now, named), path)
    turned = taken(deadlines, rules, now)
    draft = Draft(None, changed(fresh, **turned.marks()), rules, HAZARD, actor, now)
    row = {**details_row(opening, fresh.id), **old.words, "deadline_text": old.deadline_text}
    story = [_told(row, named) for row in deadlines]
    said = {k: v for k, v in row.items() if v is not None and k != "case_id"}
    draft.add_event("move", BY_PAPER, to=state, data=said, deadlines=story, key=old.import_key)
    draft.inserts.append(("hazards", row))
    draft.add_clocks(turned)
    return draft.decision()


def _told(row: DeadlineRow, named: Mapping[str, Named]) -> dict[str, Any]:
    """The story of a promise; `amount` only where it was counted, `by_paper` where the paper itself says until when."""
    told = {
        "deadline": row.name, "change": "started", "due_at": row.due_at, "anchor_at": row.anchor_at,
        "amount": row.amount, "unit": row.unit if row.amount else None,
        "by_paper": row.name in named and named[row.name].due_at is not None,
        "stands": row.outcome or ("held" if row.held_at else None),
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _stands(old: OldHazard, path: tuple[str, ...], now: datetime) -> dict[str, Any]:
    """What the paper says of the case beyond its state; nobody submitted what the ledger only calls finished."""
    columns: dict[str, Any] = {
        "responsible_org_id": old.responsible_org_id,
        "import_id": old.import_id,
        "import_key": old.import_key,
        "assigned_at": min(old.hazard.found_at, now) if "assign" in path else None,
    }
    if old.finished:
        at = min(old.finished_at or now, now)
        columns |= {"submitted_at": at, "submitted_by": BY_PAPER, "submitted_by_org": old.responsible_org_id}
    return columns


def _path(old: OldHazard) -> tuple[tuple[str, ...], S]:
    """The triggers the paper implies, and the state they lead to."""
    if old.finished:
        return ("open", "assign", "submit"), S.SUBMITTED
    if old.responsible_org_id:
        return ("open", "assign"), S.ASSIGNED
    return ("open",), S.DISCOVERED


def _named(old: OldHazard) -> dict[str, Named]:
    text, source = old.deadline_text, old.rectify_source
    assumed = old.assumed or old.rectify_by is None
    return {
        "rectify": Named(old.rectify_by, text=text, assumed=assumed, source=source),
        "report": Named(old.report_by, text=text, source=source),
    }


def _deadlines(rules: Rules, old: OldHazard, turn: Turn, path: tuple[str, ...]) -> tuple[DeadlineRow, ...]:
    rows = []
    for promise in HAZARD.deadlines:
        status = "off"
        for trigger in path:
            status = promise.step(status, trigger)
        named = turn.named.get(promise.name, Named())
        if status == "off" or (promise.only_if_named and named.due_at is None):
            continue
        anchor = old.hazard.found_at if promise.name in turn.named else turn.now
        row = clocks.promised(turn, promise, named, anchor=anchor, round=1)
        if promise.name == "rectify" and old.rectify_in:
            row = counted(row, old.rectify_in, rules)
        rows.append(_held(row, old, turn.now) if status == "held" else clocks.seen(row, turn.now))
    return tuple(rows)


def counted(row: DeadlineRow, limit: Limit, rules: Rules) -> DeadlineRow:
    """The promise with the paper's own limit, so that its working can be shown and a later notice can move it."""
    provisional = arithmetic.due(row.anchor_at, limit, rules.calendar).provisional
    return changed(row, amount=limit.amount, unit=limit.unit, provisional=provisional)


def _held(row: DeadlineRow, old: OldHazard, now: datetime) -> DeadlineRow:
    if old.finished_at:
        return changed(row, held_at=now)
    return changed(row, outcome="withdrawn", ended_at=now)


def taken(deadlines: Sequence[DeadlineRow], rules: Rules, now: datetime) -> Clocks:
    """The promises as they were taken in, with their ladders."""
    rungs = [rung for row in deadlines if row.outcome is None for rung in _rungs(row, rules, now)]
    return Clocks(standing={row.id: row for row in deadlines}, started=list(deadlines), rungs=rungs)


def _rungs(row: DeadlineRow, rules: Rules, now: datetime) -> Iterator[RungRow]:
    """A rung whose time was before the import is settled by it: nothing is sent, nothing proposed."""
    for name, at in _ladder(row.name, row.due_at, rules.calendar):
        if at <= now:
            yield RungRow(row.id, row.moves, name, row.case_id, at, None, outcome="imported", settled_at=now)
        else:
            yield RungRow(row.id, row.moves, name, row.case_id, at, None if row.held_at else at)


@lru_cache(maxsize=4096)
def _ladder(promise: str, due_at: datetime, calendar: Calendar) -> tuple[tuple[str, datetime], ...]:
    """The rungs of a promise with their instants; a ledger has few dates and many rows."""
    steps = HAZARD.by_deadline[promise].ladder
    return tuple((step.name, arithmetic.shift(due_at, step.amount, step.unit, calendar)) for step in steps)
