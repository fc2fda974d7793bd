"""What must hold after every step of a walk, looked at in the tables and believed from the moves alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Act, Base, Deadline, Event, Evidence, Message, Rung, Tally, TallyDelta
from models.database import read_session
from workflow.hazard import HAZARD
from workflow.load import read_cases
from workflow.tallies import CELL, cell
from workflow.verify import verify

FINAL = ("closed", "voided")


@dataclass(slots=True)
class Walked:
    """A walk as it stands, with all rows of its cases."""

    desk: Any
    now: datetime
    swept_at: datetime | None
    believed: dict[str, Any]
    rows: dict[type[Base], dict[str, list[Any]]] = field(default_factory=dict)

    def of(self, table: type[Base], case_id: str) -> list[Any]:
        """The rows of one case."""
        return self.rows[table][case_id]


def faults(walked: Walked) -> Iterator[str]:
    """Everything that is wrong, one line each."""
    with read_session(walked.desk.engine) as session:
        verdict = verify(session)
        yield from (f"{found.number} #{found.seq}: {found.why}" for found in verdict.breaks)
        for table in (Deadline, Rung, Act, Message, Event, Evidence):
            walked.rows[table] = by_case(session, table)
        cases = read_cases(session, list(walked.believed))
        yield from counted(session, cases)
    for case_id, case in cases.items():
        for look in LOOKS:
            yield from (f"{case.number} {look.__name__}: {fault}" for fault in look(walked, case, case_id))


def by_case(session: Session, table: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.scalars(select(table)):
        found[row.case_id].append(row)
    return found


def counted(session: Session, cases: dict[str, Any]) -> Iterator[str]:
    """The counters and their unfolded changes say what counting says."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for table in (Tally, TallyDelta):
        for row in session.scalars(select(table)):
            sums[tuple(getattr(row, name) for name in CELL)] += row.n
    scanned = Counter(tuple(cell(case).values()) for case in cases.values())
    if {k: n for k, n in sums.items() if n} != dict(scanned):
        yield f"counters {dict(sums)} are not {dict(scanned)}"


def version_counts_moves(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    believed = walked.believed[case_id]
    said = (case.version, case.state, case.cycle)
    if said != (believed.version, believed.state, believed.cycle):
        yield f"{said} is not {believed}"


def owed_is_open(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    """Which promises are open, and how, follows from where the case stands."""
    believed = walked.believed[case_id]
    given = {"submitted": "held", "transferred": "paused"}.get(case.state, "runs") if believed.given else None
    owed = {
        "assign": "runs" if case.state == "discovered" else None,
        "rectify": given,
        "report": "runs" if believed.reported_by else None,
        "recheck": "runs" if case.state == "submitted" else None,
        "close": "runs" if case.state == "verified" else None,
        "reply": "runs" if case.state == "transferred" else None,
        "extension": "runs" if believed.asked_for else None,
    }
    standing = [(d.name, status(d)) for d in walked.of(Deadline, case_id) if d.outcome is None]
    if sorted(standing) != sorted((name, how) for name, how in owed.items() if how):
        yield f"open {sorted(standing)}, owed {owed} in {case.state}"
    if case.extension_to != believed.asked_for:
        yield f"asked for {case.extension_to}, not {believed.asked_for}"


def status(row: Any) -> str:
    return "paused" if row.paused_at else "held" if row.held_at else "runs"


def dates_are_as_believed(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    believed = walked.believed[case_id]
    for row in walked.of(Deadline, case_id):
        if row.name == "rectify" and row.outcome is None and row.due_at != believed.due_at:
            yield f"rectify due {row.due_at}, believed {believed.due_at}"


def breaches_are_of_their_instant(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    for row in walked.of(Deadline, case_id):
        if row.breached_at and (
            row.breached_at != row.due_at or row.noticed_at < row.due_at or row.due_at > walked.now
        ):
            yield f"{row.name} breached {row.breached_at}, due {row.due_at}, noticed {row.noticed_at}"
        if row.outcome in ("met", "missed") and (row.outcome == "missed") != (row.breached_at is not None):
            yield f"{row.name} {row.outcome}, breached {row.breached_at}"
        if runs(row) and walked.swept_at == walked.now and row.due_at <= walked.now and not row.breached_at:
            yield f"{row.name} is late and nobody noticed"


def runs(row: Any) -> bool:
    return row.outcome is None and status(row) == "runs"


def marks_are_right(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    running = [d for d in walked.of(Deadline, case_id) if runs(d)]
    due = min((d.due_at for d in running), default=None)
    overdue = min((d.breached_at for d in running if d.breached_at), default=None)
    if (case.next_due_at, case.overdue_since) != (due, overdue):
        yield f"marks {case.next_due_at}, {case.overdue_since}, should be {due}, {overdue}"


def somebody_watches(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    """A case that is not final has a running promise whose ladder goes on or is climbed to the top."""
    if case.state in FINAL:
        return
    rungs = walked.of(Rung, case_id)
    for row in walked.of(Deadline, case_id):
        mine = [r for r in rungs if r.deadline_id == row.id and r.move == row.moves]
        top = max(HAZARD.by_deadline[row.name].ladder, key=lambda step: step.amount).name
        climbed = any(r.name == top and r.outcome in ("fired", "imported") for r in mine)
        if runs(row) and (climbed or any(r.outcome is None and r.wake_at for r in mine)):
            return
    yield f"nothing watches it in {case.state}"


def rungs_are_awake_while_their_promise_runs(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    promises = {d.id: d for d in walked.of(Deadline, case_id)}
    for rung in walked.of(Rung, case_id):
        row = promises[rung.deadline_id]
        pending = rung.outcome is None
        if pending and (row.outcome or rung.move != row.moves):
            yield f"{row.name}.{rung.name} waits for a promise that is over"
        if pending and (rung.wake_at is not None) != runs(row):
            yield f"{row.name}.{rung.name} wakes {rung.wake_at} while it {status(row)}"
        if pending and rung.wake_at and rung.wake_at < rung.due_at:
            yield f"{row.name}.{rung.name} would wake early"
        if walked.swept_at == walked.now and pending and rung.wake_at and rung.wake_at <= walked.now:
            yield f"{row.name}.{rung.name} was due and not swept"


def nothing_fires_early_or_twice(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    rungs = walked.of(Rung, case_id)
    fired = [r for r in rungs if r.outcome in ("fired", "skipped")]
    yield from (f"{r.name} fired {r.settled_at}, due {r.due_at}" for r in fired if r.settled_at < r.due_at)
    told = sum(e.kind == "rung" for e in walked.of(Event, case_id))
    if told != len(fired):
        yield f"{told} rungs in the history, {len(fired)} fired"
    proposing = {s.name for d in HAZARD.deadlines for s in d.ladder if s.proposes}
    expected = sorted((r.deadline_id, r.move, r.name) for r in fired if r.name in proposing and r.outcome == "fired")
    if sorted((a.deadline_id, a.move, a.rung) for a in walked.of(Act, case_id)) != expected:
        yield "proposals are not what was fired"


def messages_are_numbered_and_wanted(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    messages = walked.of(Message, case_id)
    if sorted({m.number for m in messages}) != list(range(1, case.message_no + 1)):
        yield f"numbers {sorted({m.number for m in messages})} up to {case.message_no}"
    promises = {d.id: d for d in walked.of(Deadline, case_id)}
    for message in messages:
        if message.outcome is None and message.deadline_id and not runs(promises[message.deadline_id]):
            yield f"{message.template} would be sent about a promise that is over or silent"
    unheld = sum(m.outcome == "nobody" for m in messages)
    lines = sum(e.kind == "nobody" for e in walked.of(Event, case_id))
    if (unheld > 0) != (lines > 0):
        yield f"{unheld} messages for nobody, {lines} such events"


def closed_means_proved(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    if case.state not in ("verified", "closed"):
        return
    evidence = [e for e in walked.of(Evidence, case_id) if e.phase == "after" and e.cycle == case.cycle]
    checkers = {case.verified_by, case.second_officer}
    if not evidence or not case.evidence_count:
        yield "checked without evidence"
    if len(checkers) != 2 or None in checkers or case.submitted_by in checkers:
        yield f"{case.submitted_by} submitted, {checkers} checked"
    if case.verified_by_org == case.responsible_org_id:
        yield "the unit checked itself"
    if case.state == "closed" and case.closed_by in {None, case.submitted_by, *checkers}:
        yield f"{case.closed_by} closed their own work"
    if case.state == "closed" and case.level == "major" and case.signed_off_by in {None, case.submitted_by, *checkers}:
        yield f"signed off by {case.signed_off_by}"


LOOKS: tuple[Callable[[Walked, Any, str], Iterator[str]], ...] = (
    version_counts_moves,
    owed_is_open,
    dates_are_as_believed,
    breaches_are_of_their_instant,
    marks_are_right,
    somebody_watches,
    rungs_are_awake_while_their_promise_runs,
    nothing_fires_early_or_twice,
    messages_are_numbered_and_wanted,
    closed_means_proved,
)
