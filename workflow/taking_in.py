"""Taking in old paper (导入): what a ledger says becomes a case where it stands, with its promises at their true times.

Nothing is told, nothing proposed, nothing closed. The same deadlines table is stepped through the triggers that the
paper implies; a promise that would be held then (the ledger says finished, and gives no date to judge by) is withdrawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow import clocks, numbers
from workflow.actor import Actor
from workflow.clocks import Named, Turn
from workflow.decide import Draft
from workflow.decision import Decision
from workflow.hazard import HAZARD, S
from workflow.opening import NewHazard, blank, hazard_row
from workflow.rows import DeadlineRow, RungRow
from workflow.rules import Rules
from workflow.table import D
from workflow.write import write

BY_PAPER = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldHazard:
    """One row of a ledger; `words` are more columns of `hazards`. Without a responsible unit it is only discovered."""

    hazard: NewHazard
    import_id: str
    import_key: str
    responsible_org_id: str | None
    finished: bool
    rectify_by: datetime | None
    report_by: datetime | None
    deadline_text: str | None
    words: dict[str, Any]


def take_in(session: Session, rules: Rules, old: Sequence[OldHazard], *, actor: Actor, now: datetime) -> list[Decision]:
    """Write the cases in the caller's transaction."""
    series = numbers.take(session, HAZARD.name, len(old), now=now)
    decisions = [decide_old(rules, row, number, actor=actor, now=now) for row, number in zip(old, series, strict=True)]
    write(session, decisions)
    return decisions


def decide_old(rules: Rules, old: OldHazard, number: str, *, actor: Actor, now: datetime) -> Decision:
    """The case that one row of a ledger makes, in one event."""
    path, state = _path(old)
    case = replace(
        blank(old.hazard, number, actor=actor, now=now),
        state=state,
        version=1,
        responsible_org_id=old.responsible_org_id,
        import_id=old.import_id,
        import_key=old.import_key,
        assigned_at=old.hazard.found_at if "assign" in path else None,
    )
    if old.finished:
        case = replace(case, submitted_at=now, submitted_by=BY_PAPER, submitted_by_org=old.responsible_org_id)
    deadlines = _deadlines(rules, old, case_turn := Turn(case, BY_PAPER, rules, now, _named(old)), path)
    turned = clocks.Clocks(standing={row.id: row for row in deadlines}, started=list(deadlines))
    turned.rungs = [_settled(r, now) for row in deadlines if row.outcome is None for r in _ladder(row, case_turn)]
    draft = Draft(None, replace(case, **turned.marks()), rules, HAZARD, actor, now)
    row = {**hazard_row(old.hazard, case.id), **old.words, "deadline_text": old.deadline_text}
    story = [{"deadline": d.name, "change": "started", "due_at": d.due_at, "anchor_at": d.anchor_at} for d in deadlines]
    said = {k: v for k, v in row.items() if v is not None and k != "case_id"}
    draft.add_event("move", BY_PAPER, to=state, data=said, deadlines=story, key=old.import_key)
    draft.inserts += (("hazards", row),)
    draft.add_clocks(turned)
    return draft.decision()


def _path(old: OldHazard) -> tuple[tuple[str, ...], S]:
    """The triggers the paper implies, and the state they lead to."""
    if old.finished:
        return ("open", "assign", "submit"), S.SUBMITTED
    if old.responsible_org_id:
        return ("open", "assign"), S.ASSIGNED
    return ("open",), S.DISCOVERED


def _named(old: OldHazard) -> dict[str, Named]:
    text, source = old.deadline_text, "台账所载期限"
    assumed = old.rectify_by is None
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
        held = replace(row, outcome="withdrawn", ended_at=turn.now)
        rows.append(held if status == "held" else clocks.seen(row, turn.now))
    return tuple(rows)


def _ladder(row: DeadlineRow, turn: Turn) -> list[RungRow]:
    promise: D = HAZARD.by_deadline[row.name]
    return [clocks.rung(step, row, turn.rules) for step in promise.ladder]


def _settled(rung: RungRow, now: datetime) -> RungRow:
    """A rung whose time was before the import is settled by it: nothing is sent, nothing proposed."""
    if rung.due_at > now:
        return rung
    return replace(rung, outcome="imported", settled_at=now, wake_at=None)
