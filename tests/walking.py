"""A random walk: anybody fires anything with any data, time passes, sweeps look, ledgers come in, acts are decided."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import delete

from models import Channel, Evidence, Import, metadata
from models.database import write_session
from tests.desk import PLAN, Desk
from tests.walked import FINAL, Walked, faults
from workflow import dashboard
from workflow.actor import Actor
from workflow.arithmetic import SHANGHAI, end_of, last_day
from workflow.hazard import HAZARD
from workflow.opening import NewHazard
from workflow.refusals import Refusal
from workflow.roles import Role
from workflow.sweep import RETRY, postpone
from workflow.table import M
from workflow.taking_in import OldHazard, take_in

# Rows that a walk leaves behind and the next one must not find.
LEFT = (
    "events", "messages", "acts", "rungs", "deadlines", "submissions", "extensions", "evidence", "hazards", "links",
    "tallies", "tally_deltas", "cases", "imports", "channels",
)  # fmt: skip
PEOPLE = (
    "inspector", "second_inspector", "fire_inspector", "town_inspector", "dispatcher", "supervisor", "leader",
    "duty_officer", "admin", "enterprise_person", "other_enterprise_person",
)  # fmt: skip
UNITS = ("enterprise", "other_enterprise", "village_enterprise", "bureau", "town")
ROAD = {
    "discovered": "assign", "assigned": "start", "rectifying": "submit", "submitted": "verify", "verified": "close",
    "closed": "reopen", "transferred": "take_back",
}  # fmt: skip
BYWAYS = ("transfer", "reassign", "decline", "void", "fix_on_the_spot", "grant_extension", "refuse_extension")
OWED = ("assigned", "rectifying")
START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
WORDS = st.sampled_from(["", " ", "已办", "𠮷\u202e'\"\\%s{}\n\x01"])


@dataclass(slots=True)
class Believed:
    """What must be owed for a case, believed from the moves alone and not from the table."""

    state: str
    version: int = 1
    given: bool = False
    due_at: datetime | None = None
    reported_by: bool = False
    asked_for: datetime | None = None
    out_since: datetime | None = None
    cycle: int = 1


class Walk(RuleBasedStateMachine):
    """The rules of the walk; its invariants are looked at after every step."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.people = desk, [getattr(desk.cast, name) for name in PEOPLE]
        self.believed: dict[str, Believed] = {}
        self.swept_at: datetime | None = None
        self.put_off_until = START

    @initialize(robots=st.booleans())
    def begin(self, robots: bool) -> None:
        """An empty district, with or without channels."""
        self.desk.clock.now = self.put_off_until = START
        with write_session(self.desk.engine) as session:
            for name in LEFT:
                session.execute(delete(metadata.tables[name]))
            for org in (self.desk.cast.bureau, self.desk.cast.town) if robots else ():
                session.add(
                    Channel(
                        id=uuid4().hex, kind="dingtalk", name="群", org_id=org, settings="", hint="",
                        created_at=START, tokens=1.0, refilled_at=START,
                    )
                )  # fmt: skip

    @property
    def now(self) -> datetime:
        """The walk's clock."""
        now: datetime = self.desk.clock.now
        return now

    @property
    def today(self) -> date:
        """Its day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    def case(self, data: st.DataObject) -> str:
        """One of the cases; in the order they came, for ids differ when a walk is repeated."""
        return data.draw(st.sampled_from(list(self.believed)), "case")

    @precondition(lambda self: sum(case.state not in FINAL for case in self.believed.values()) < 4)
    @rule(level=st.sampled_from(["general", "major"]), by=st.sampled_from(["inspector", "supervisor", "dispatcher"]))
    def open(self, level: str, by: str) -> None:
        """Somebody finds a hazard."""
        case_id = self.desk.open(by=getattr(self.desk.cast, by), level=level)
        self.believed[case_id] = Believed("discovered")

    @precondition(lambda self: sum(case.state not in FINAL for case in self.believed.values()) < 4)
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
        given = finished_at is not None if finished else unit is not None
        default = found_at.astimezone(SHANGHAI).date() + timedelta(days=30)
        self.believed[made.after.id] = Believed(
            made.after.state, given=given, due_at=(old.rectify_by or end_of(default)) if given else None,
            reported_by=report is not None and (finished or unit is not None),
        )  # fmt: skip

    def end(self, days: int | None) -> datetime | None:
        """The end of a day so many days from today."""
        return None if days is None else end_of(self.today + timedelta(days=days))

    @precondition(lambda self: self.believed)
    @rule(data=st.data())
    def anybody_fires_anything(self, data: st.DataObject) -> None:
        """Most of it is refused, by name."""
        case_id, who = self.case(data), data.draw(st.sampled_from(self.people), "who")
        trigger = data.draw(st.sampled_from(sorted(HAZARD.by_trigger)), "trigger")
        given = self.brought(case_id, wild=True)
        names = data.draw(st.sets(st.sampled_from(sorted(given))), "brings")
        self.fire(case_id, trigger, who, {name: data.draw(given[name], name) for name in sorted(names)})

    @precondition(lambda self: self.believed)
    @rule(data=st.data(), times=st.integers(1, 4))
    def somebody_does_their_work(self, data: st.DataObject, times: int) -> None:
        """A move of the present state by somebody who may, with what it brings."""
        case_id = self.case(data)
        for _ in range(times):
            # A void ends the walk of its case: seldom.
            moves = [m for m in HAZARD.moves_from(self.believed[case_id].state) if m.trigger != "void" or times == 1]
            if not moves:
                return
            self.work(data, case_id, data.draw(st.sampled_from(moves), "move"))

    @precondition(lambda self: self.believed)
    @rule(data=st.data(), steps=st.integers(1, 5))
    def a_case_goes_along_its_road(self, data: st.DataObject, steps: int) -> None:
        """As far as so many steps and its guards let it."""
        case_id = self.case(data)
        for _ in range(steps):
            trigger = ROAD.get(self.believed[case_id].state)
            if trigger is None:
                return
            if trigger == "submit":
                self.desk.photo(case_id, self.desk.cast.inspector)
            if trigger == "close":
                self.work(data, case_id, HAZARD.by_trigger["sign_off"][0])
            self.work(data, case_id, HAZARD.by_trigger[trigger][0])

    @precondition(lambda self: self.believed)
    @rule(data=st.data(), trigger=st.sampled_from(BYWAYS))
    def a_case_leaves_its_road(self, data: st.DataObject, trigger: str) -> None:
        """Another unit, another agency, no case at all."""
        case_id = self.case(data)
        if move := HAZARD.move(trigger, self.believed[case_id].state):
            self.work(data, case_id, move)

    @precondition(lambda self: any(case.state in OWED for case in self.believed.values()))
    @rule(data=st.data(), answer=st.sampled_from([None, "grant_extension", "grant_extension", "refuse_extension"]))
    def more_time_is_asked_for(self, data: st.DataObject, answer: str | None) -> None:
        """And granted, refused, or left lying."""
        owed = [case_id for case_id, case in self.believed.items() if case.state in OWED]
        case_id = data.draw(st.sampled_from(owed), "case")
        for trigger in ("request_extension", answer):
            if trigger:
                self.work(data, case_id, HAZARD.by_trigger[trigger][0])

    def work(self, data: st.DataObject, case_id: str, move: M) -> None:
        """This move by one of those who may."""
        case = self.desk.case(case_id)
        may = [who for who in self.people if any(who.is_(role, case) for role in move.who)]
        if may:
            who, given = data.draw(st.sampled_from(may), "who"), self.brought(case_id, wild=False)
            self.fire(
                case_id, move.trigger, who, {f.name: data.draw(given[f.name]) for f in move.brings if f.name in given}
            )

    def brought(self, case_id: str, *, wild: bool) -> dict[str, st.SearchStrategy[Any]]:
        """What each field may hold; junk only if `wild`."""
        cast, due = self.desk.cast, self.believed[case_id].due_at or self.now
        junk = ["0" * 32] if wild else []
        inspectors = [who.id for who in self.people if who.holds(Role.INSPECTOR)]
        words = WORDS if wild else st.just("已办")
        plan = words if wild else st.just("已落实")
        texts = ("reason", "note", "agency", "measures", "requirement", "control_measures")
        return {
            **dict.fromkeys(texts, words),
            **dict.fromkeys(PLAN, plan),
            "responsible_org_id": st.sampled_from([*(getattr(cast, unit) for unit in UNITS), *junk]),
            "lead_org_id": st.sampled_from([None, cast.fire_department, *junk]),
            "rectify_by": st.one_of(
                st.none(), days_from(self.today, -2, 95) if wild else days_from(self.today, 15, 90)
            ),
            "report_by": st.one_of(st.none(), days_from(self.today, -2 if wild else 0, 60)),
            "extend_to": days_from(last_day(due), *((-2, 65) if wild else (1, 60))),
            "evidence": st.just((*self.arrived(case_id), *(["a" * 64] if wild else []))),
            "second_officer": st.sampled_from([*inspectors, *junk]),
            "duplicate_of": st.sampled_from([None, *self.believed, *junk]),
            "money_fen": st.integers(0, 10**12),
            "area_m2": st.floats(0, 1e6),
            "level": st.sampled_from(["general", "major", *junk]),
            "version": st.sampled_from([None, self.believed[case_id].version, 1] if wild else [None]),
        }

    def arrived(self, case_id: str) -> list[str]:
        """Hashes of the after-evidence of the present cycle."""
        rows = self.desk.all(Evidence, Evidence.case_id == case_id, Evidence.phase == "after")
        return sorted(row.sha256 for row in rows if row.cycle == self.believed[case_id].cycle)

    def fire(self, case_id: str, trigger: str, who: Actor, brought: dict[str, Any]) -> None:
        """Fire, and if it was done, believe what follows."""
        brought = {name: value for name, value in brought.items() if value is not None}
        try:
            done = self.desk.fire(case_id, trigger, who, **brought)
        except Refusal:
            return
        case = self.believed[case_id]
        case.version += 1
        self.swept_at = None
        believe(case, trigger, brought, self.now)
        case.state = done.after.state

    @precondition(lambda self: self.believed)
    @rule(data=st.data(), phase=st.sampled_from(["after", "after", "before"]))
    def a_photo_arrives(self, data: st.DataObject, phase: str) -> None:
        """From anybody."""
        case_id, who = self.case(data), data.draw(st.sampled_from(self.people), "who")
        again = data.draw(st.booleans(), "the same again")
        try:
            self.desk.photo(case_id, who, phase=phase, content=case_id.encode() if again else None)
        except Refusal:
            return

    @rule(hours=st.one_of(st.integers(1, 72), st.sampled_from([240, 720, 1440])), looks=st.integers(0, 3))
    def time_passes(self, hours: int, looks: int) -> None:
        """And the worker looks so many times meanwhile, the last time at its end."""
        self.swept_at = None
        for _ in range(looks or 1):
            self.desk.clock.advance(hours=hours / (looks or 1))
            if looks:
                self.a_sweep_looks()

    @rule()
    def to_the_very_instant(self) -> None:
        """Time passes until exactly the next thing is due."""
        due = [case.next_due_at for case in self.cases() if case.next_due_at and case.next_due_at > self.now]
        if due:
            self.desk.clock.now = min(due)
            self.swept_at = None

    def cases(self) -> list[Any]:
        """All case rows."""
        return [self.desk.case(case_id) for case_id in self.believed]

    @rule()
    def a_sweep_looks(self) -> None:
        """The worker's tick."""
        self.desk.sweep()
        self.swept_at = self.now if self.now >= self.put_off_until else None

    @precondition(lambda self: self.believed)
    @rule(data=st.data())
    def a_case_is_put_off(self, data: st.DataObject) -> None:
        """As the worker does with one that fails."""
        with write_session(self.desk.engine) as session:
            postpone(session, self.case(data), "失败", now=self.now)
        self.swept_at, self.put_off_until = None, self.now + RETRY

    @precondition(lambda self: self.believed)
    @rule(data=st.data(), outcome=st.sampled_from(["accepted", "refused"]), reason=st.sampled_from(["属实", " "]))
    def an_act_is_decided(self, data: st.DataObject, outcome: str, reason: str) -> None:
        """By anybody who tries."""
        acts = [act.id for case_id in self.believed for act in sorted(self.desk.acts(case_id), key=proposed)]
        if acts:
            who = data.draw(st.sampled_from(self.people), "who")
            try:
                self.desk.decide_act(data.draw(st.sampled_from(acts), "act"), outcome, who, reason)
            except Refusal:
                return

    @rule()
    def the_counters_are_folded(self) -> None:
        """The worker's other tick."""
        with write_session(self.desk.engine) as session:
            dashboard.fold(session)

    @invariant()
    def nothing_is_wrong(self) -> None:
        """Every invariant of `walked`, all at once."""
        walked = Walked(self.desk, self.now, self.swept_at, self.believed)
        assert list(faults(walked)) == []


def proposed(act: Any) -> tuple[datetime, str]:
    """An order of acts that is the same when a walk is repeated."""
    return act.proposed_at, act.kind


def days_from(day: date, first: int, last: int) -> st.SearchStrategy[date]:
    """A day between so many and so many days after `day`."""
    return st.integers(first, last).map(lambda n: day + timedelta(days=n))


def believe(case: Believed, trigger: str, brought: dict[str, Any], now: datetime) -> None:
    """What a move changes in what is owed, said in words of the trade and not of the table."""
    today = now.astimezone(SHANGHAI).date()
    named = brought.get("rectify_by")
    if trigger in ("assign", "reassign", "reopen") and named:
        case.given, case.due_at = True, end_of(named)
    elif trigger in ("assign", "reject", "reopen") and not case.given:
        case.given, case.due_at = True, end_of(today + timedelta(days=30))
    if trigger == "grant_extension":
        case.due_at = case.asked_for
    if trigger == "transfer":
        case.out_since = now
    if trigger == "take_back" and case.given and case.out_since and case.due_at and case.out_since < case.due_at:
        days = (today - case.out_since.astimezone(SHANGHAI).date()).days
        case.due_at = end_of(last_day(case.due_at) + timedelta(days=days))
    if trigger in ("verify", "void"):
        case.given, case.due_at = False, None
    if trigger in ("assign", "reassign") and brought.get("report_by"):
        case.reported_by = True
    if trigger in ("report", "void", "transfer", "close", "decline"):
        case.reported_by = False
    if trigger == "request_extension":
        case.asked_for = end_of(brought["extend_to"])
    elif trigger in ("grant_extension", "refuse_extension", "void", "transfer", "submit", "decline", "reassign"):
        case.asked_for = None
    case.cycle += trigger == "reopen"
