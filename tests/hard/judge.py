"""The judge: reads the database after the storm and names everything that is not as it was promised."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from api.evidence.store import Store
from models import AnsweredRequest, Case, Event, Evidence, Message, Rung, Submission
from tests.walked import counted
from workflow.verify import verify

MARK = re.compile(r"mark-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Promise:
    """An answer somebody got: what bears this mark stands in the history of this case with this version."""

    mark: str
    case_id: str
    version: int


@dataclass(slots=True)
class Promises:
    """What clients asked for and what they were answered, kept outside the server."""

    asked: set[str] = field(default_factory=set)
    moves: list[Promise] = field(default_factory=list)
    evidence: set[tuple[str, str]] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def ask(self, mark: str) -> None:
        """Before the first attempt is sent."""
        with self.lock:
            self.asked.add(mark)

    def moved(self, promise: Promise) -> None:
        """A move or an opening was answered with success."""
        with self.lock:
            self.moves.append(promise)

    def arrived(self, case_id: str, sha256: str) -> None:
        """An upload was answered with success."""
        with self.lock:
            self.evidence.add((case_id, sha256))


def faults(session: Session, promises: Promises, store: Store) -> list[str]:
    """Everything that is wrong, one line each; none where all promises are kept."""
    return [fault for check in CHECKS for fault in check(session, promises, store)]


def _histories(session: Session, _promises: Promises, _store: Store) -> Iterator[str]:
    for broken in verify(session).breaks:
        yield f"history of {broken.case_id} at {broken.seq}: {broken.why}"


def _moves(session: Session, promises: Promises, _store: Store) -> Iterator[str]:
    lines = session.execute(select(Event.case_id, Event.version, Event.body).where(Event.kind == "move"))
    written = Counter((mark, case, version) for case, version, body in lines for mark in set(MARK.findall(body)))
    times = Counter[str]()
    for (mark, _case, _version), n in written.items():
        times[mark] += n
    yield from (f"doubled: {mark} stands {n} times" for mark, n in times.items() if n > 1)
    yield from (f"never asked for: {mark}" for mark in times.keys() - promises.asked)
    yield from (f"lost: {p}" for p in promises.moves if not written[p.mark, p.case_id, p.version])


def _evidence(session: Session, promises: Promises, store: Store) -> Iterator[str]:
    there = {(row.case_id, row.sha256) for row in session.execute(select(Evidence.case_id, Evidence.sha256))}
    yield from (f"upload lost: {missing}" for missing in promises.evidence - there)
    yield from (f"no such bytes: {sha256}" for sha256 in {sha256 for _, sha256 in there} if not store.check(sha256))
    for case_id, declared in session.execute(select(Submission.case_id, Submission.evidence)):
        absent = {(case_id, sha256) for sha256 in declared.split("\n") if sha256} - there
        yield from (f"declared, not there: {one}" for one in absent)


def _rungs(session: Session, _promises: Promises, _store: Store) -> Iterator[str]:
    early = select(Rung.case_id, Rung.name).where(Rung.outcome == "fired", Rung.settled_at < Rung.due_at)
    yield from (f"early: {tuple(row)}" for row in session.execute(early))
    taken = (Rung.outcome.in_(("fired", "skipped")),)
    settled = Counter(session.scalars(select(Rung.case_id).where(*taken)))
    told = Counter(session.scalars(select(Event.case_id).where(Event.kind == "rung")))
    yield from (f"rungs of {case_id}: settled {settled[case_id]}, in history {told[case_id]}"
                for case_id in settled.keys() | told.keys() if settled[case_id] != told[case_id])  # fmt: skip
    bodies = select(Event.case_id, Event.trigger, func.count()).where(Event.kind == "rung")
    again = bodies.group_by(Event.case_id, Event.trigger).having(func.count() > 1)
    # Every promise of these stories is made once, so a rung's name comes once a case.
    yield from (f"rung twice: {tuple(row)}" for row in session.execute(again))


def _counters(session: Session, _promises: Promises, _store: Store) -> Iterator[str]:
    yield from counted(session)


def _messages(session: Session, _promises: Promises, _store: Store) -> Iterator[str]:
    """A case's messages are numbered without a gap up to the number on its row."""
    told = dict[str, int]()
    for case_id, highest, different in session.execute(
        select(Message.case_id, func.max(Message.number), func.count(Message.number.distinct()))
        .where(Message.case_id.is_not(None))
        .group_by(Message.case_id)
    ):
        told[case_id] = highest
        if highest != different:
            yield f"messages of {case_id}: {different} numbers up to {highest}"
    for case_id, last in session.execute(select(Case.id, Case.message_no)):
        if told.get(case_id, 0) != last:
            yield f"messages of {case_id}: last is {told.get(case_id, 0)}, its row says {last}"


def _answers(session: Session, _promises: Promises, _store: Store) -> Iterator[str]:
    open_ = select(AnsweredRequest.key).where(AnsweredRequest.status.is_(None))
    yield from (f"half answered: {key}" for key in session.scalars(open_))


def _file(session: Session, _promises: Promises, _store: Store) -> Iterator[str]:
    if session.get_bind().dialect.name == "sqlite":
        yield from (row[0] for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok")
        yield from (f"foreign key: {tuple(row)}" for row in session.execute(text("PRAGMA foreign_key_check")))


CHECKS: Sequence[Callable[[Session, Promises, Store], Iterator[str]]] = (
    _histories, _moves, _evidence, _rungs, _counters, _messages, _answers, _file,
)  # fmt: skip
