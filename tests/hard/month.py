"""A month of a district by a virtual clock: all workflows, people who err, lost answers, a worker that stops."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import httpx
from pydantic import BaseModel
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from api.house import House
from api.idempotency import Once
from api.worker import Worker, fold_counters, sweep_due
from models import Act, Case, Event, Link
from models.database import READING, read_session
from tests.bringing import Drawing, everybody
from tests.desk import Desk
from tests.openers import ANSWERS, BYWAYS, OPENERS, ROADS
from tests.walked import Walked, faults, whole
from workflow.actor import Actor
from workflow.acts import decide_act, propose
from workflow.fire import fire
from workflow.ladders import ACTS
from workflow.load import read_cases
from workflow.refusals import Refusal
from workflow.rows import CaseRow
from workflow.table import M, Workflow
from workflow.workflows import WORKFLOWS

MIX = ("hazard",) * 30 + ("incident",) * 5 + ("listing",) * 3 + ("round",) * 2
WORKS, DECISIONS, PROPOSALS, DELAYS, TICKS = 70, 6, 3, 4, 24
NEWEST = 200
LOST = 0.05
DOWN = (timedelta(minutes=10), timedelta(hours=5), timedelta(days=1, hours=3), timedelta(days=4))
CHUNK = 500
LATE = timedelta(minutes=3)


class Cut(Exception):
    """The line broke: before the transaction was committed, or before its answer arrived."""


class Answer(BaseModel):
    """What a request is answered."""

    case_id: str
    version: int
    trigger: str


@dataclass(slots=True)
class Month:
    """Days are lived one by one; after each, everything that was touched must be right."""

    desk: Desk
    house: House
    rng: Random
    walked: Walked = field(init=False)
    worker: Worker = field(init=False)
    people: Sequence[Actor] = ()
    in_work: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    down_until: datetime = datetime.min
    requests: int = 0
    cut: dict[str, int] = field(default_factory=lambda: {"before": 0, "after": 0, "worker": 0})
    armed: bool = False

    def __post_init__(self) -> None:
        self.walked = Walked(self.desk, self.now, None)
        self.worker = Worker(self.house, httpx.Client(), now=lambda: self.now)
        self.down_until, self.people = self.now, everybody(self.desk.cast)

    @property
    def now(self) -> datetime:
        """The month's clock."""
        now: datetime = self.desk.clock.now
        return now

    def live(self, days: int) -> Iterator[str]:
        """So many days; what is wrong, as soon as it is."""
        with self._breaking():
            for _ in range(days):
                self.day()
                yield from self.faults(self.touched)
                self.touched.clear()
            every = list(self.walked.known)
            for start in range(0, len(every), CHUNK):
                yield from self.faults(every[start : start + CHUNK])
        with read_session(self.desk.engine) as session:
            yield from whole(session)
            yield from delisted_unfixed(session)

    def faults(self, cases: Sequence[str] | set[str]) -> Iterator[str]:
        """What is wrong about these cases now."""
        self.walked.now = self.now
        return faults(self.walked, only=sorted(cases))

    @contextmanager
    def _breaking(self) -> Iterator[None]:
        """Real transactions on the real database fail at their commit, when that was armed."""
        event.listen(self.desk.engine, "commit", self._commits)
        try:
            yield
        finally:
            event.remove(self.desk.engine, "commit", self._commits)
            self.worker.client.close()

    def _commits(self, connection: Connection) -> None:
        # What only reads loses nothing when its line breaks: the next thing that writes is meant.
        if self.armed and not connection.get_execution_options().get(READING):
            self.armed = False
            raise Cut

    def day(self) -> None:
        """Everything of one day in random order at random minutes, then the worker's last look, if it is there."""
        todo: list[Callable[[], None]] = [self.open_one] * len(MIX) + [self.work_one] * WORKS
        todo += [self.decide_one] * DECISIONS + [self.propose_one] * PROPOSALS
        todo += [self.delay_one] * DELAYS + [self.tick] * TICKS
        self.rng.shuffle(todo)
        midnight = self.now + timedelta(days=1)
        pause = (midnight - self.now) / (len(todo) + 1)
        for each in todo:
            self.desk.clock.now += pause * self.rng.random() * 2
            each()
        if self.rng.random() < 0.2:
            self.down_until = self.now + self.rng.choice(DOWN)
        self.desk.clock.now = max(midnight, self.now) + LATE
        self.walked.swept_at = None
        if self.now >= self.down_until:
            sweep_due(self.worker)
            self.walked.swept_at = self.now
        self._discover()

    def tick(self) -> None:
        """The worker, if it runs; now and then its transaction fails, and it goes on case by case."""
        if self.now < self.down_until:
            return
        self.armed = self.rng.random() < LOST
        self.cut["worker"] += self.armed
        sweep_due(self.worker)
        self.armed = False
        fold_counters(self.worker)

    def open_one(self) -> None:
        """Something is found, proposed or received."""
        name = self.rng.choice(MIX)
        hazards = [case_id for case_id, workflow in self.in_work.items() if workflow == "hazard"][-60:]
        # Whoever asks again asks for the same.
        seed = self.rng.random()

        def opens(session: Session) -> Answer:
            after = OPENERS[name](session, self.desk, hazards, Random(seed)).after
            return Answer(case_id=after.id, version=after.version, trigger="open")

        if answer := self.ask(self.desk.cast.dispatcher, opens):
            self.in_work[answer.case_id] = name

    def work_one(self) -> None:
        """One of the newer cases is taken some steps along its road; now and then off it, or in a wrong way."""
        if not self.in_work:
            return
        case = self.row(self.rng.choice(list(self.in_work)[-NEWEST:]))
        table = WORKFLOWS[case.workflow]
        for _ in range(self.rng.randint(1, 3)):
            dice = self.rng.random()
            for trigger in self.road(table, case.state, dice):
                move = table.move(trigger, case.state)
                if move and self.move(case, move, wild=dice > 0.95):
                    case = self.row(case.id)
            if case.state in table.final:
                self.in_work.pop(case.id, None)
                return

    def delay_one(self) -> None:
        """More time is asked for, and granted, refused, or the request is left lying."""
        if not self.in_work:
            return
        case = self.row(self.rng.choice(list(self.in_work)[-NEWEST:]))
        for trigger in filter(None, ("request_extension", self.rng.choice(ANSWERS))):
            move = WORKFLOWS[case.workflow].move(trigger, case.state)
            if move and self.move(case, move, wild=False):
                case = self.row(case.id)

    def road(self, table: Workflow, state: str, dice: float) -> Sequence[str]:
        """What is tried in a state."""
        if state in table.final or dice > 0.97:
            return (self.rng.choice(sorted(table.by_trigger)),)
        return ROADS[table.name].get(state, ()) if dice < 0.85 else (self.rng.choice(BYWAYS[table.name]),)

    def row(self, case_id: str) -> CaseRow:
        """A case as a page shows it."""
        with read_session(self.desk.engine) as session:
            return read_cases(session, [case_id])[case_id]

    def move(self, case: CaseRow, move: M, *, wild: bool) -> bool:
        """One move as its page showed the case, by one of those who may, with its photo; whether it was done."""
        may = [who for who in self.people if any(who.is_(role, case) for role in move.who)]
        who = self.rng.choice(self.people if wild or not may else may)
        if any(one.kind == "hashes" for one in move.brings) and not wild:
            self.attach(case.id, who)
        drawing = Drawing(self.desk, case, list(self.in_work)[-NEWEST:], self.rng, wild)
        data = {**(drawing.anything() if wild else drawing.brings(move)), "version": case.version}

        def moves(session: Session) -> Answer:
            after = fire(session, self.desk.rules, case.id, move.trigger, actor=who, now=self.now, **data).after
            return Answer(case_id=case.id, version=after.version, trigger=move.trigger)

        self.touched.add(case.id)
        return self.ask(who, moves) is not None

    def attach(self, case_id: str, who: Actor) -> None:
        """A photo, if they may."""
        try:
            self.desk.photo(case_id, who)
        except Refusal:
            return

    def decide_one(self) -> None:
        """The supervisor accepts or refuses a proposal."""
        with read_session(self.desk.engine) as session:
            acts = session.execute(
                select(Act.id, Act.case_id).where(Act.outcome.is_(None)).order_by(Act.proposed_at, Act.id).limit(40)
            ).all()
        if not acts:
            return
        act, outcome = self.rng.choice(acts), self.rng.choice(("accepted", "accepted", "refused"))
        who = self.desk.cast.supervisor
        self.touched.add(act.case_id)

        def decides(session: Session) -> Answer:
            decide_act(
                session, self.desk.rules, act.id, outcome=outcome, reason="情况属实", actor=who, now=self.now
            )  # fmt: skip
            return Answer(case_id=act.case_id, version=0, trigger="act")

        self.ask(who, decides)

    def propose_one(self) -> None:
        """An inspector proposes by hand what to do about a hazard."""
        hazards = [case_id for case_id, workflow in self.in_work.items() if workflow == "hazard"][-60:]
        if not hazards:
            return
        case_id, kind, who = self.rng.choice(hazards), self.rng.choice(sorted(ACTS)), self.desk.cast.inspector
        self.touched.add(case_id)

        def proposes(session: Session) -> Answer:
            propose(session, self.desk.rules, case_id, kind=kind, basis="屡改屡犯", actor=who, now=self.now)
            return Answer(case_id=case_id, version=0, trigger="act")

        self.ask(who, proposes)

    def ask(self, who: Actor, act: Callable[[Session], Answer]) -> Answer | None:
        """Ask until answered, with the same key, as a client does whose line breaks; none if it was refused."""
        self.requests += 1
        key = str(self.requests)
        while True:
            self.armed = self.rng.random() < LOST
            self.cut["before"] += self.armed
            try:
                answer = Once(self.desk.engine, who.id, self.now, key, key).answer(act)
                if self.rng.random() < LOST:
                    self.cut["after"] += 1
                    raise Cut
            except Cut:
                self.desk.clock.advance(seconds=self.rng.randint(1, 90))
                continue
            except Refusal:
                self.armed = False
                return None
            return self._told(Answer.model_validate_json(bytes(answer.body)))

    def _told(self, answer: Answer) -> Answer:
        self.armed = False
        self.touched.add(answer.case_id)
        if answer.version:
            self.walked.told.setdefault(answer.case_id, []).append((answer.trigger, answer.version))
        return answer

    def _discover(self) -> None:
        """Cases that followed by themselves are work too; and whatever the clock did is to be looked at."""
        since = self.now - timedelta(days=1) - LATE
        with read_session(self.desk.engine) as session:
            for row in session.execute(select(Case.id, Case.workflow).where(Case.opened_at >= since)):
                self.touched.add(row.id)
                self.in_work.setdefault(row.id, row.workflow)
            self.touched.update(session.scalars(select(Event.case_id).where(Event.at >= since).distinct()))


def delisted_unfixed(session: Session) -> Iterator[str]:
    """Listings that were delisted while a hazard under them was not closed."""
    shut = select(Case.number, Case.closed_at, Link.to_id).join(Link, Link.from_id == Case.id)
    for listing in session.execute(
        shut.where(Case.workflow == "listing", Case.state == "closed", Link.kind == "covers")
    ):
        last = (
            select(Event.body)
            .where(Event.case_id == listing.to_id, Event.kind == "move", Event.at <= listing.closed_at)
            .order_by(Event.seq.desc())
        )
        body = session.scalars(last.where(Event.body.contains('"to":')).limit(1)).first() or ""
        if '"to":"closed"' not in body and '"to":"voided"' not in body:
            yield f"{listing.number} was delisted while {listing.to_id} was not closed"
