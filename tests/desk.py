"""A desk for stories: open, upload and fire as somebody, each in a transaction of its own, at the test's clock."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from models import Act, Case, Deadline, Event, Message, Rung
from models.database import read_session, write_session
from tests.people import Cast
from workflow.actor import Actor
from workflow.acts import decide_act
from workflow.calendar import statutory
from workflow.decision import Decision
from workflow.directory import EMPTY
from workflow.fire import fire
from workflow.notes import attach
from workflow.opening import NewHazard, open_cases
from workflow.profile import shipped
from workflow.rules import Rules
from workflow.sweep import Swept, sweep

RULES = Rules(shipped(), statutory(), EMPTY)
PLAN = {f"plan_{name}": "已落实" for name in ("responsibility", "measures", "funds", "time_limit", "contingency")}


@dataclass(slots=True)
class Desk:
    """Everything a story does to the engine goes through here."""

    engine: Engine
    cast: Cast
    clock: Any
    rules: Rules = RULES
    photos: int = field(default=0)

    def open(self, *, by: Actor | None = None, level: str = "general", **words: Any) -> str:
        """An inspector finds a hazard in the cast's enterprise; the case's id."""
        hazard = NewHazard(
            description="安全出口被杂物堵塞",
            district_id=self.cast.district,
            town_id=self.cast.town,
            enterprise_id=self.cast.enterprise,
            found_at=self.clock.now,
            level=level,
            **words,
        )
        with write_session(self.engine) as session:
            opened = open_cases(session, self.rules, [hazard], actor=by or self.cast.inspector, now=self.clock.now)
        return opened[0].after.id

    def fire(self, case_id: str, trigger: str, by: Actor, **data: Any) -> Decision:
        """One move in one transaction."""
        with write_session(self.engine) as session:
            return fire(session, self.rules, case_id, trigger, actor=by, now=self.clock.now, **data)

    def photo(self, case_id: str, by: Actor, *, phase: str = "after", content: bytes | None = None) -> str:
        """Evidence arrives; its SHA-256."""
        self.photos += 1
        sha256 = hashlib.sha256(content or str(self.photos).encode()).hexdigest()
        file = {
            "sha256": sha256, "size": 1000, "media_type": "image/jpeg", "name": "整改后.jpg", "taken_at": None,
            "latitude": None, "longitude": None, "width": 640, "height": 480,
        }  # fmt: skip
        with write_session(self.engine) as session:
            attach(session, self.rules, case_id, phase=phase, file=file, actor=by, now=self.clock.now)
        return sha256

    def assign(self, case_id: str, **data: Any) -> Decision:
        """The dispatcher gives it to the cast's enterprise."""
        unit = {"responsible_org_id": self.cast.enterprise}
        return self.fire(case_id, "assign", self.cast.dispatcher, **{**unit, **data})

    def start(self, case_id: str, **data: Any) -> Decision:
        """The enterprise begins."""
        return self.fire(case_id, "start", self.cast.enterprise_person, **data)

    def submit(self, case_id: str, **data: Any) -> Decision:
        """The enterprise submits with one new photo."""
        sha256 = self.photo(case_id, self.cast.enterprise_person)
        brought = {"evidence": (sha256,), "measures": "已清除堵塞物", "money_fen": 120000, **data}
        return self.fire(case_id, "submit", self.cast.enterprise_person, **brought)

    def verify(self, case_id: str, **data: Any) -> Decision:
        """Two inspectors of the bureau find it good."""
        second = {"second_officer": self.cast.second_inspector.id}
        return self.fire(case_id, "verify", self.cast.inspector, **{**second, **data})

    def close(self, case_id: str) -> Decision:
        """The supervisor strikes it off."""
        return self.fire(case_id, "close", self.cast.supervisor)

    def to(self, state: str, *, level: str = "general") -> str:
        """A case that has come as far as `state` along the straight road."""
        case_id = self.open(level=level)
        road = ("discovered", "assigned", "rectifying", "submitted", "verified", "closed")
        steps = (self.assign, lambda c: self.start(c, **PLAN), self.submit, self.verify, self.close)
        for step in steps[: road.index(state)]:
            if step == self.close and level == "major":
                self.fire(case_id, "sign_off", self.cast.leader)
            step(case_id)
        return case_id

    def sweep(self) -> Swept:
        """The clock's worker looks once."""
        with write_session(self.engine) as session:
            return sweep(session, self.rules, now=self.clock.now)

    def live(self, days: float, *, step: float = 1) -> None:
        """Time passes with a sweep every `step` days."""
        end = self.clock.now + timedelta(days=days)
        while self.clock.now < end:
            self.clock.advance(days=step)
            self.sweep()

    def decide_act(self, act_id: str, outcome: str, by: Actor, reason: str = "情况属实") -> None:
        """A supervisor answers a proposal."""
        with write_session(self.engine) as session:
            decide_act(session, self.rules, act_id, outcome=outcome, reason=reason, actor=by, now=self.clock.now)

    def case(self, case_id: str) -> Case:
        """The row as it is."""
        return self.all(Case, Case.id == case_id)[0]

    def deadlines(self, case_id: str, name: str | None = None) -> list[Deadline]:
        """The case's promises, oldest first."""
        rows = self.all(Deadline, Deadline.case_id == case_id, order=Deadline.id)
        # Ids of one millisecond have no order among themselves.
        return sorted((row for row in rows if name in (None, row.name)), key=lambda row: (row.cycle, row.round))

    def rungs(self, case_id: str) -> list[Rung]:
        """The case's rungs in order of time."""
        return self.all(Rung, Rung.case_id == case_id, order=Rung.due_at)

    def events(self, case_id: str) -> list[Event]:
        """The case's history."""
        return self.all(Event, Event.case_id == case_id, order=Event.seq)

    def acts(self, case_id: str) -> list[Act]:
        """What was proposed about the case."""
        return self.all(Act, Act.case_id == case_id, order=Act.proposed_at)

    def messages(self, case_id: str) -> list[Message]:
        """What was told about the case."""
        return self.all(Message, Message.case_id == case_id, order=Message.id)

    def all(self, table: Any, *where: Any, order: Any = None) -> list[Any]:
        """Rows of a table."""
        with read_session(self.engine) as session:
            return list(session.scalars(select(table).where(*where).order_by(order)))

    def count(self, table: Any, *where: Any) -> int:
        """How many rows."""
        with read_session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0
