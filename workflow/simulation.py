"""Simulation (推演): what other rules would have made of a ledger's history; it only reads, a page at a time."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import nlargest

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case
from models.database import connection
from models.reading import Read, read
from workflow.arithmetic import SHANGHAI, end_of
from workflow.clocks import seen
from workflow.eras import Eras
from workflow.load import load_deadlines, read_cases
from workflow.memory import Memory
from workflow.refusals import Refusal
from workflow.replay import Line, replay
from workflow.roles import Role
from workflow.rows import CaseRow, DeadlineRow

PAGE = 200
_EVENTS = Read(
    "events", ("case_id", "at", "kind", "trigger", "body"), key="case_id", where="kind IN ('move', 'note')",
    order="case_id, seq",
)  # fmt: skip
_MESSAGES = Read("messages", ("case_id", "created_at"), key="case_id", where="(outcome IS NULL OR outcome <> 'nobody')")
Promise = tuple[str, int, int]


class BackwardWindow(Refusal):
    """起止日期颠倒。"""


@dataclass(frozen=True, slots=True)
class Window:
    """The days, in Shanghai, of which breaches and messages are counted; both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise BackwardWindow(field="to", right=f"不早于 {self.first}")

    def __contains__(self, at: datetime) -> bool:
        return end_of(self.first - timedelta(days=1)) <= at < end_of(self.last)


@dataclass(slots=True)
class Figure:
    """How many promises of one kind were late then, would have been, and which way they differ."""

    were: int = 0
    would_be: int = 0
    newly: int = 0
    no_longer: int = 0

    def add(self, was: bool, would: bool) -> None:
        """One promise that was late, or would have been, or both."""
        self.were += was
        self.would_be += would
        self.newly += would and not was
        self.no_longer += was and not would


@dataclass(frozen=True, slots=True)
class Late:
    """A promise that would have been late: whose, since when, for how long, and whether it was late as things were."""

    case: CaseRow
    promise: DeadlineRow
    lasted: timedelta
    was_late: bool


@dataclass(frozen=True, slots=True)
class Replayed:
    """A case, its promises and messages as they are, and the case as the replay leaves it."""

    case: CaseRow
    stood: Sequence[DeadlineRow]
    sent: Sequence[datetime]
    memory: Memory


@dataclass(slots=True)
class Simulation:
    """What was looked at and what came of it; messages are counted by day, as they were and as they would have been."""

    window: Window
    now: datetime
    most: int
    cases: int = 0
    figures: dict[tuple[str, str], Figure] = field(default_factory=lambda: defaultdict(Figure))
    worst: list[Late] = field(default_factory=list)
    told: Counter[tuple[Role, str]] = field(default_factory=Counter)
    sent: Counter[date] = field(default_factory=Counter)
    would_send: Counter[date] = field(default_factory=Counter)

    def count(self, one: Replayed) -> None:
        """Compare one case as it stands with what the replay made of it."""
        self.cases += 1
        was, would = self._late(one.stood), self._late(one.memory.deadlines.values())
        for key in was.keys() | would.keys():
            self.figures[one.case.workflow, key[0]].add(key in was, key in would)
        late = [Late(one.case, row, _lasted(row, self.now), key in was) for key, row in would.items()]
        self.worst = nlargest(self.most, [*self.worst, *late], key=lambda each: each.lasted)
        self.sent.update(_day(at) for at in one.sent if at in self.window)
        for telling in one.memory.told:
            if telling.at in self.window:
                self.told.update(telling.people)
                self.would_send[_day(telling.at)] += telling.messages

    def _late(self, rows: Iterable[DeadlineRow]) -> dict[Promise, DeadlineRow]:
        looked_at = (seen(row, self.now) for row in rows)
        return {(r.name, r.cycle, r.round): r for r in looked_at if r.breached_at and r.breached_at in self.window}


def simulate(session: Session, eras: Eras, window: Window, *, now: datetime, most: int = 10) -> Simulation:
    """Replay every case by these rules and compare with what stands; `most`: how many of the latest are named."""
    found = Simulation(window, now, most)
    for one in replayed(session, eras, now=now):
        found.count(one)
    return found


def replayed(session: Session, eras: Eras, *, now: datetime) -> Iterator[Replayed]:
    """Every case of the ledger in order of id."""
    for page in _pages(session):
        cases, stood, lines = read_cases(session, page), load_deadlines(session, page), _lines(session, page)
        sent: dict[str, list[datetime]] = defaultdict(list)
        for case_id, at in read(connection(session), _MESSAGES, page):
            sent[case_id].append(at)
        for case_id in page:
            memory = replay(cases[case_id], lines[case_id], eras, now=now)
            yield Replayed(cases[case_id], stood.get(case_id, ()), sent[case_id], memory)


def _pages(session: Session) -> Iterator[list[str]]:
    last = ""
    while page := list(session.scalars(select(Case.id).where(Case.id > last).order_by(Case.id).limit(PAGE))):
        yield page
        last = page[-1]


def _lines(session: Session, page: Sequence[str]) -> Mapping[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for case_id, at, kind, trigger, body in read(connection(session), _EVENTS, page):
        found[case_id].append(Line(at, kind, trigger, json.loads(body)))
    return found


def _lasted(row: DeadlineRow, now: datetime) -> timedelta:
    """From the breach until it was handed in, stood still or ended, else until now."""
    until = row.held_at or row.paused_at or row.ended_at or now
    return max(until - row.due_at, timedelta())


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
