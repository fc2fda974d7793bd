"""What must hold after every step of a walk, looked at in the tables and believed from the histories alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Act, Base, Case, Deadline, Event, Evidence, Message, Rung, Tally, TallyDelta
from models.database import read_session
from tests.believing import Believed, apart, believed
from tests.by_hand import ByHand
from workflow.load import read_cases
from workflow.tallies import CELL, COUNTED, cell
from workflow.verify import verify
from workflow.workflows import WORKFLOWS

Move = tuple[str, int]


@dataclass(slots=True)
class Walked:
    """A walk as it stands, with all rows of its cases.

    `told`: what was answered with success, as (trigger, version) of each case; `by_hand`: hazards in words of the
    trade; `known`: every case as its history says it must be.
    """

    desk: Any
    now: datetime
    swept_at: datetime | None
    told: dict[str, list[Move]] = field(default_factory=dict)
    by_hand: dict[str, ByHand] = field(default_factory=dict)
    known: dict[str, Believed] = field(default_factory=dict)
    rows: dict[type[Base], dict[str, list[Any]]] = field(default_factory=dict)

    def of(self, table: type[Base], case_id: str) -> list[Any]:
        """The rows of one case."""
        return self.rows[table][case_id]

    def promises(self, case_id: str) -> dict[str, Any]:
        """The case's promises by id."""
        return {row.id: row for row in self.of(Deadline, case_id)}


def faults(walked: Walked, *, only: Collection[str] | None = None) -> Iterator[str]:
    """Everything that is wrong, one line each; with `only`, about these cases and no others."""
    with read_session(walked.desk.engine) as session:
        ids = (
            list(session.scalars(select(Case.id).order_by(Case.opened_at, Case.number))) if only is None else list(only)
        )
        for table in (Deadline, Rung, Act, Message, Event, Evidence):
            walked.rows[table] = by_case(session, table, only)
        cases = read_cases(session, ids)
        if only is None:
            yield from whole(session)
    for case_id, case in ((case_id, cases[case_id]) for case_id in ids):
        if case_id not in walked.known:
            walked.known[case_id] = believed(case, walked.of(Event, case_id), walked.desk.rules)
        walked.known[case_id].read(walked.of(Event, case_id))
        for look in LOOKS:
            yield from (f"{case.number} {look.__name__}: {fault}" for fault in look(walked, case, case_id))


def by_case(session: Session, table: Any, only: Collection[str] | None) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    query = select(table) if only is None else select(table).where(table.case_id.in_(only))
    for row in session.scalars(query):
        found[row.case_id].append(row)
    return found


def whole(session: Session) -> Iterator[str]:
    """What is wrong with the chains of all histories, and with the counters."""
    yield from (f"{found.number} #{found.seq}: {found.why}" for found in verify(session).breaks)
    yield from counted(session)


def counted(session: Session) -> Iterator[str]:
    """The counters and their unfolded changes say what counting says."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for table in (Tally, TallyDelta):
        for row in session.scalars(select(table)):
            sums[tuple(getattr(row, name) for name in CELL)] += row.n
    hazards = session.scalars(select(Case).where(Case.workflow == COUNTED))
    scanned = Counter(tuple(cell(case).values()) for case in hazards)
    if {k: n for k, n in sums.items() if n} != dict(scanned):
        yield f"counters {dict(sums)} are not {dict(scanned)}"


def version_counts_moves(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    known = walked.known[case_id]
    said, should = ((one.version, one.state, one.cycle, one.level) for one in (case, known))
    if said != should:
        yield f"{said} is not {should}"


def answered_is_written(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    """Every answer that somebody got stands in the history once, and nothing else does but what followed by itself."""
    moves = sorted((e.version, e.trigger) for e in walked.of(Event, case_id) if e.kind == "move")
    told = sorted((version, trigger) for trigger, version in walked.told.get(case_id, ()))
    if moves != told and moves != [(1, "open"), *told]:
        yield f"history {moves} is not what was answered: {told}"


def owed_is_open(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    """Which promises are open, how, and until when, follows from the history."""
    known = walked.known[case_id]
    standing = {
        (d.name, d.cycle, d.round): (status(d), d.due_at) for d in walked.of(Deadline, case_id) if d.outcome is None
    }
    should = {promise.round: (promise.status, promise.due_at) for promise in known.open.values()}
    if standing != should:
        yield f"open {standing}, owed {should} in {case.state}"
    if case.extension_to != known.asked_for:
        yield f"asked for {case.extension_to}, not {known.asked_for}"


def over_is_judged(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    """Every promise that ended did so as it had to, and keeps the instant it was due."""
    over = {(d.name, d.cycle, d.round): d for d in walked.of(Deadline, case_id) if d.outcome}
    should = walked.known[case_id].ended
    if over.keys() != should.keys():
        yield f"over are {sorted(over)}, should be {sorted(should)}"
    for key in over.keys() & should.keys():
        row, end = over[key], should[key]
        if row.outcome not in end.outcomes or row.due_at != end.due_at:
            yield f"{key} ended {row.outcome}, due {row.due_at}, should be {end}"


def hazards_stand_in_words_of_the_trade(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    """What was believed by hand from the moves that were made."""
    hand = walked.by_hand.get(case_id)
    if hand is None:
        return
    standing = [(d.name, status(d)) for d in walked.of(Deadline, case_id) if d.outcome is None]
    owed = hand.owed(case.state)
    if sorted(standing) != sorted((name, how) for name, how in owed.items() if how):
        yield f"open {sorted(standing)}, owed {owed} in {case.state}"
    if (case.extension_to, case.cycle, case.version) != (hand.asked_for, hand.cycle, hand.version):
        yield f"asked for {case.extension_to} in cycle {case.cycle} at {case.version}, not {hand}"
    for row in walked.of(Deadline, case_id):
        if row.name == "rectify" and row.outcome is None and row.due_at != hand.due_at:
            yield f"rectify due {row.due_at}, believed {hand.due_at}"


def status(row: Any) -> str:
    return "paused" if row.paused_at else "held" if row.held_at else "runs"


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
    workflow = WORKFLOWS[case.workflow]
    if case.state in workflow.final:
        yield from (f"{row.name} is open in {case.state}" for row in walked.of(Deadline, case_id) if not row.outcome)
        return
    rungs = walked.of(Rung, case_id)
    for row in walked.of(Deadline, case_id):
        mine = [r for r in rungs if r.deadline_id == row.id and r.move == row.moves]
        top = max(workflow.by_deadline[row.name].ladder, key=lambda step: step.amount).name
        climbed = any(r.name == top and r.outcome in ("fired", "imported") for r in mine)
        if runs(row) and (climbed or any(r.outcome is None and r.wake_at for r in mine)):
            return
    yield f"nothing watches it in {case.state}"


def rungs_are_awake_while_their_promise_runs(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    promises = walked.promises(case_id)
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


def rungs_stand_where_the_ladder_says(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    promises, calendar = walked.promises(case_id), walked.desk.rules.calendar
    for rung in walked.of(Rung, case_id):
        row = promises[rung.deadline_id]
        if rung.move != row.moves:
            continue
        step = next(s for s in WORKFLOWS[case.workflow].by_deadline[row.name].ladder if s.name == rung.name)
        if rung.due_at != (at := apart(row.due_at, step.amount, step.unit, calendar)):
            yield f"{row.name}.{rung.name} stands at {rung.due_at}, should at {at}"


def nothing_fires_early_or_twice(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    promises, rungs = walked.promises(case_id), walked.of(Rung, case_id)
    fired = [r for r in rungs if r.outcome in ("fired", "skipped")]
    yield from (f"{r.name} fired {r.settled_at}, due {r.due_at}" for r in fired if r.settled_at < r.due_at)
    names = Counter(f"{promises[r.deadline_id].name}.{r.name}" for r in fired)
    told = Counter(e.trigger for e in walked.of(Event, case_id) if e.kind == "rung")
    if told != names:
        yield f"rungs in the history {told}, fired {names}"
    proposing = {(d.name, s.name): s.proposes for d in WORKFLOWS[case.workflow].deadlines for s in d.ladder}
    expected = [
        (r.deadline_id, r.move, r.name, kind)
        for r in fired
        if r.outcome == "fired" and (kind := proposing[promises[r.deadline_id].name, r.name])
    ]
    acts = walked.of(Act, case_id)
    if sorted((a.deadline_id, a.move, a.rung, a.kind) for a in acts if a.deadline_id) != sorted(expected):
        yield "proposals are not what was fired"
    yield from (f"{a.kind} was proposed by no rung and says not why" for a in acts if not (a.deadline_id or a.basis))


def messages_are_numbered_and_wanted(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    messages = walked.of(Message, case_id)
    if sorted({m.number for m in messages}) != list(range(1, case.message_no + 1)):
        yield f"numbers {sorted({m.number for m in messages})} up to {case.message_no}"
    promises = walked.promises(case_id)
    for message in messages:
        if message.outcome is None and message.deadline_id and not runs(promises[message.deadline_id]):
            yield f"{message.template} would be sent about a promise that is over or silent"
    unheld = Counter(m.template for m in messages if m.outcome == "nobody")
    lines = Counter(e.trigger for e in walked.of(Event, case_id) if e.kind == "nobody")
    if unheld.keys() != lines.keys():
        yield f"messages for nobody {unheld}, red lines {lines}"


def downtime_tells_once(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    """Rungs of one promise that came due while nobody looked make one message, not one each."""
    promises = walked.promises(case_id)
    at = {e.seq: e.at for e in walked.of(Event, case_id)}
    seen: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    for message in walked.of(Message, case_id):
        if message.deadline_id:
            seen[message.deadline_id, at[message.event_seq]].add(message.number)
    for (deadline_id, when), numbers in seen.items():
        if len(numbers) > 1:
            yield f"{promises[deadline_id].name} was told {len(numbers)} times at {when}"


def closed_means_proved(walked: Walked, case: Any, case_id: str) -> Iterator[str]:
    if case.workflow != "hazard" or case.state not in ("verified", "closed"):
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
    answered_is_written,
    owed_is_open,
    over_is_judged,
    hazards_stand_in_words_of_the_trade,
    breaches_are_of_their_instant,
    marks_are_right,
    somebody_watches,
    rungs_are_awake_while_their_promise_runs,
    rungs_stand_where_the_ladder_says,
    nothing_fires_early_or_twice,
    messages_are_numbered_and_wanted,
    downtime_tells_once,
    closed_means_proved,
)
