"""A random walk over every workflow: anybody fires anything with any data, time passes, sweeps look, acts are decided.

It goes by the tables alone; only how cases come into being, and straight roads, are said in `openers`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import delete

from models import Channel, Import, metadata
from models.database import write_session
from tests.believing import Believed
from tests.bringing import UNITS, Drawing, everybody
from tests.by_hand import ByHand, believe
from tests.desk import RULES, Desk
from tests.openers import ANSWERS, BYWAYS, OPENERS, ROADS
from tests.walked import Walked, faults
from workflow import dashboard
from workflow.actor import Actor
from workflow.arithmetic import SHANGHAI, end_of
from workflow.opening import NewHazard
from workflow.profile import shipped
from workflow.refusals import Refusal
from workflow.sweep import RETRY, postpone
from workflow.table import M, Workflow
from workflow.taking_in import OldHazard, take_in

# What a walk leaves behind the next one must not find, but for people and places.
STAYS = {"organisations", "people", "grants", "credentials", "directory_version", "number_counter", "holiday_notices"}
LEFT = [table for table in reversed(metadata.sorted_tables) if table.name not in STAYS]
MOST_OPEN = 4
# Their limits for hazards are the same; in Henan levels differ in minutes, hours and times of day.
PLACES = {name: shipped(name) for name in ("national", "henan")}
START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
HOURS = st.integers(1, 72).map(lambda hours: 60 * hours)
# One number draws all that a rule needs: better mixed, and cheaper, than a draw for each.
CHANCE = st.integers(0, 2**32 - 1).map(Random)


class Walk(RuleBasedStateMachine):
    """The rules of the walk; its invariants are looked at after every step."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.people = desk, everybody(desk.cast)
        self.walked = Walked(desk, START, None)
        self.put_off_until = START

    @initialize(robots=st.booleans(), place=st.sampled_from(sorted(PLACES)), rng=CHANCE)
    def begin(self, robots: bool, place: str, rng: Random) -> None:
        """A district of some place, with or without channels, and a little to do."""
        self.desk.rules = replace(RULES, profile=PLACES[place])
        self.desk.clock.now = self.put_off_until = START
        with write_session(self.desk.engine) as session:
            for table in LEFT:
                session.execute(delete(table))
            for org in (self.desk.cast.bureau, self.desk.cast.town) if robots else ():
                session.add(
                    Channel(
                        id=uuid4().hex, kind="dingtalk", name="群", org_id=org, settings="", hint="",
                        created_at=START, tokens=1.0, refilled_at=START,
                    )
                )  # fmt: skip
        for name in ("hazard", *rng.sample(sorted(OPENERS), 2)):
            self.open_one(name, rng)

    @property
    def now(self) -> datetime:
        """The walk's clock."""
        now: datetime = self.desk.clock.now
        return now

    @property
    def today(self) -> date:
        """Its day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    @property
    def cases(self) -> list[str]:
        """All cases in the order they came, for ids differ when a walk is repeated."""
        return list(self.walked.known)

    def table(self, case_id: str) -> Workflow:
        """The workflow of a case."""
        return self.walked.known[case_id].workflow

    def in_work(self) -> int:
        """How many cases are not over; all of them are looked at after every step."""
        return sum(known.state not in known.workflow.final for known in self.walked.known.values())

    def case(self, data: st.DataObject) -> str:
        """One of the cases."""
        return data.draw(st.sampled_from(self.cases), "case")

    @precondition(lambda self: self.in_work() < MOST_OPEN)
    @rule(rng=CHANCE)
    def open(self, rng: Random) -> None:
        """Something is found, proposed or received."""
        self.open_one(rng.choice(sorted(OPENERS)), rng)

    def open_one(self, name: str, rng: Random) -> None:
        """A case of that workflow, if it may be opened."""
        try:
            with write_session(self.desk.engine) as session:
                made = OPENERS[name](session, self.desk, list(self.walked.by_hand), rng)
        except Refusal:
            return
        self.opened(made.after)

    def opened(self, case: Any, trigger: str = "open") -> None:
        """Note that it was; what is entered late may be due already."""
        self.walked.swept_at = None
        self.walked.told[case.id] = [(trigger, 1)]
        if case.workflow == "hazard":
            self.walked.by_hand[case.id] = ByHand()

    @precondition(lambda self: self.in_work() < MOST_OPEN)
    @rule(data=st.data(), unit=st.sampled_from([None, *UNITS]), finished=st.booleans(), dated=st.booleans())
    def bring_in(self, data: st.DataObject, unit: str | None, finished: bool, dated: bool) -> None:
        """A ledger with one old hazard comes in."""
        days = st.one_of(st.none(), st.integers(-400, 200))
        by, report = data.draw(days, "rectify by"), data.draw(days, "report by")
        found_at = self.now - timedelta(days=data.draw(st.integers(0, 400), "found"))
        finished_at = found_at + timedelta(days=1) if finished and dated else None
        cast = self.desk.cast
        old = OldHazard(
            hazard=NewHazard(
                description="台账旧账", district_id=cast.district, town_id=cast.town, enterprise_id=cast.enterprise,
                found_at=found_at,
            ),
            import_id=uuid4().hex, import_key=uuid4().hex, responsible_org_id=unit and getattr(cast, unit),
            finished=finished, rectify_by=self.end(by), report_by=self.end(report), deadline_text="限期", words={},
            finished_at=finished_at,
        )  # fmt: skip
        with write_session(self.desk.engine) as session:
            columns = {"name": "a.xlsx", "sha256": "0" * 64, "rows": 1, "cases": 1, "known": 0, "problems": 0}
            session.add(Import(id=old.import_id, imported_at=self.now, **columns))
            session.flush()
            (made,) = take_in(session, self.desk.rules, [old], actor=cast.admin, now=self.now)
        self.opened(made.after, "import")
        given = finished_at is not None if finished else unit is not None
        default = found_at.astimezone(SHANGHAI).date() + timedelta(days=30)
        self.walked.by_hand[made.after.id] = ByHand(
            given=given, due_at=(old.rectify_by or end_of(default)) if given else None,
            reported_by=report is not None and (finished or unit is not None),
        )  # fmt: skip

    def end(self, days: int | None) -> datetime | None:
        """The end of a day so many days from today."""
        return None if days is None else end_of(self.today + timedelta(days=days))

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), rng=CHANCE)
    def anybody_fires_anything(self, data: st.DataObject, rng: Random) -> None:
        """Most of it is refused, by name."""
        case_id, who = self.case(data), rng.choice(self.people)
        trigger = rng.choice(sorted(self.table(case_id).by_trigger))
        self.fire(case_id, trigger, who, self.drawing(case_id, rng, wild=True).anything())

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), times=st.integers(1, 4), rng=CHANCE)
    def somebody_does_their_work(self, data: st.DataObject, times: int, rng: Random) -> None:
        """A move of the present state by somebody who may, with what it brings."""
        case_id = self.case(data)
        for _ in range(times):
            # A void ends the walk of its case: seldom.
            state = self.desk.case(case_id).state
            moves = [m for m in self.table(case_id).moves_from(state) if m.trigger != "void" or times == 1]
            if not moves:
                return
            self.work(case_id, rng.choice(moves), rng)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), steps=st.integers(1, 5), rng=CHANCE)
    def a_case_goes_along_its_road(self, data: st.DataObject, steps: int, rng: Random) -> None:
        """As far as so many steps and its guards let it."""
        case_id = self.case(data)
        for _ in range(steps):
            for trigger in ROADS[self.table(case_id).name].get(self.desk.case(case_id).state, ()):
                self.work_by(case_id, trigger, rng)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), rng=CHANCE)
    def a_case_leaves_its_road(self, data: st.DataObject, rng: Random) -> None:
        """Another unit, another agency, no case at all."""
        case_id = self.case(data)
        self.work_by(case_id, rng.choice(BYWAYS[self.table(case_id).name]), rng)

    @precondition(lambda self: any(extendable(known) for known in self.walked.known.values()))
    @rule(data=st.data(), answer=st.sampled_from(ANSWERS), rng=CHANCE)
    def more_time_is_asked_for(self, data: st.DataObject, answer: str | None, rng: Random) -> None:
        """And granted, refused, or left lying."""
        owed = [case_id for case_id, known in self.walked.known.items() if extendable(known)]
        case_id = data.draw(st.sampled_from(owed), "case")
        for trigger in ("request_extension", answer):
            if trigger:
                self.work_by(case_id, trigger, rng)

    def work_by(self, case_id: str, trigger: str, rng: Random) -> None:
        """The row that a trigger has in the present state, if there is one."""
        if move := self.table(case_id).move(trigger, self.desk.case(case_id).state):
            self.work(case_id, move, rng)

    def work(self, case_id: str, move: M, rng: Random) -> None:
        """This move by one of those who may, with its photo if it wants one."""
        case = self.desk.case(case_id)
        may = [who for who in self.people if any(who.is_(role, case) for role in move.who)]
        if not may:
            return
        if any(field.kind == "hashes" for field in move.brings) and rng.randrange(4):
            self.attach(case_id, rng.choice(may))
        who = rng.choice(may)
        self.fire(case_id, move.trigger, who, self.drawing(case_id, rng, wild=False).brings(move))

    def drawing(self, case_id: str, rng: Random, *, wild: bool) -> Drawing:
        """What a move of this case may bring."""
        return Drawing(self.desk, self.desk.case(case_id), self.cases, rng, wild)

    def fire(self, case_id: str, trigger: str, who: Actor, brought: dict[str, Any]) -> None:
        """Fire, and if it was done, remember that and believe what follows."""
        try:
            done = self.desk.fire(case_id, trigger, who, **brought)
        except Refusal:
            return
        self.walked.swept_at = None
        self.walked.told.setdefault(case_id, []).append((trigger, done.after.version))
        if case_id in self.walked.by_hand:
            believe(self.walked.by_hand[case_id], trigger, brought, self.now)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), phase=st.sampled_from(["after", "after", "before"]))
    def a_photo_arrives(self, data: st.DataObject, phase: str) -> None:
        """From anybody."""
        case_id, who = self.case(data), data.draw(st.sampled_from(self.people), "who")
        again = data.draw(st.booleans(), "the same again")
        self.attach(case_id, who, phase=phase, content=case_id.encode() if again else None)

    def attach(self, case_id: str, who: Actor, **file: Any) -> None:
        """If they may."""
        try:
            self.desk.photo(case_id, who, **file)
        except Refusal:
            return

    @rule(
        minutes=st.one_of(st.integers(1, 90), HOURS, HOURS, st.sampled_from([14_400, 43_200, 86_400])),
        looks=st.integers(0, 3),
    )
    def time_passes(self, minutes: int, looks: int) -> None:
        """And the worker looks so many times meanwhile, the last time at its end."""
        self.walked.swept_at = None
        for _ in range(looks or 1):
            self.desk.clock.advance(minutes=minutes / (looks or 1))
            if looks:
                self.a_sweep_looks()

    @precondition(lambda self: self.cases)
    @rule()
    def to_the_very_instant(self) -> None:
        """Time passes until exactly the next thing is due."""
        rows = [self.desk.case(case_id) for case_id in self.cases]
        due = [row.next_due_at for row in rows if row.next_due_at and row.next_due_at > self.now]
        if due:
            self.desk.clock.now = min(due)
            self.walked.swept_at = None

    @rule()
    def a_sweep_looks(self) -> None:
        """The worker's tick."""
        self.desk.sweep()
        self.walked.swept_at = self.now if self.now >= self.put_off_until else None

    @precondition(lambda self: self.cases)
    @rule(data=st.data())
    def a_case_is_put_off(self, data: st.DataObject) -> None:
        """As the worker does with one that fails."""
        with write_session(self.desk.engine) as session:
            postpone(session, self.case(data), "失败", now=self.now)
        self.walked.swept_at, self.put_off_until = None, self.now + RETRY

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), outcome=st.sampled_from(["accepted", "refused"]), reason=st.sampled_from(["属实", " "]))
    def an_act_is_decided(self, data: st.DataObject, outcome: str, reason: str) -> None:
        """By anybody who tries."""
        acts = [act.id for case_id in self.cases for act in sorted(self.desk.acts(case_id), key=proposed)]
        if acts:
            who = data.draw(st.sampled_from(self.people), "who")
            try:
                self.desk.decide_act(data.draw(st.sampled_from(acts), "act"), outcome, who, reason)
            except Refusal:
                return
            self.walked.swept_at = None

    @rule()
    def the_counters_are_folded(self) -> None:
        """The worker's other tick."""
        with write_session(self.desk.engine) as session:
            dashboard.fold(session)

    @invariant()
    def nothing_is_wrong(self) -> None:
        """Every invariant of `walked`, all at once."""
        self.walked.now = self.now
        assert list(faults(self.walked)) == []


def extendable(known: Believed) -> bool:
    """Whether more time can be asked for now."""
    return known.workflow.move("request_extension", known.state) is not None


def proposed(act: Any) -> tuple[datetime, str]:
    """An order of acts that is the same when a walk is repeated."""
    return act.proposed_at, act.kind
