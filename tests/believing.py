"""A second opinion on what is owed: promises told anew from the table's rows and a case's history, counted by hand.

It shares no code with `D.step`, `clocks` and `arithmetic`; only tables, limits and days off are taken as given.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from workflow.calendar import Calendar
from workflow.limits import Limit, Unit
from workflow.rules import Rules
from workflow.table import D, Workflow
from workflow.workflows import WORKFLOWS

HERE = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
SPANS = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}
Round = tuple[str, int, int]


@dataclass(slots=True)
class Promise:
    """An open promise as it must stand; `status` is runs, held or paused."""

    round: Round
    anchor_at: datetime
    due_at: datetime
    first_due_at: datetime
    amount: int | None
    unit: str
    status: str = "runs"
    paused_at: datetime | None = None


@dataclass(slots=True)
class Ended:
    """A promise that is over: how it may have ended, and when it was due."""

    outcomes: frozenset[str]
    due_at: datetime


@dataclass(slots=True)
class Believed:
    """A case as its history says it must be; read further with `read`."""

    workflow: Workflow
    rules: Rules
    level: str
    state: str = ""
    version: int = 0
    cycle: int = 1
    kind: str | None = None
    seq: int = 0
    now: datetime = datetime.min
    asked_for: datetime | None = None
    open: dict[str, Promise] = field(default_factory=dict)
    ended: dict[Round, Ended] = field(default_factory=dict)
    rounds: Counter[tuple[str, int]] = field(default_factory=Counter)
    columns: dict[str, Any] = field(default_factory=dict)
    instants: set[datetime] = field(default_factory=set)

    def read(self, events: Iterable[Any]) -> None:
        """Take in the lines of the history that are new, in their order."""
        for line in sorted((e for e in events if e.seq > self.seq), key=lambda e: e.seq):
            self.seq = line.seq
            if line.kind == "move":
                self.now = line.at
                self._moved(line.trigger, json.loads(line.body))

    def _moved(self, trigger: str, body: Mapping[str, Any]) -> None:
        self.version += 1
        self._columns(body)
        data = body.get("data", {})
        if trigger in ("open", "import"):
            self.state, self.kind = body["to"], data.get("kind")
        else:
            row = next(m for m in self.workflow.by_trigger[trigger] if self.state in m.sources)
            self.state = row.to or self.state
        self.instants |= said(data)
        story = {line["deadline"]: line for line in body.get("deadlines", ()) if line["change"] == "started"}
        if trigger == "import":
            self._taken_in(story)
            return
        if trigger == "request_extension":
            self.asked_for = end_of(date.fromisoformat(data["extend_to"]))
        for promise in self.workflow.deadlines:
            self._step(promise, trigger, data, story.get(promise.name, {}))
        if "extension" not in self.open:
            self.asked_for = None

    def _columns(self, body: Mapping[str, Any]) -> None:
        change = {name: both["to"] for name, both in body.get("change", {}).items()}
        self.level, self.cycle = change.get("level", self.level), change.get("cycle", self.cycle)
        self.columns.update(change)

    def _taken_in(self, story: Mapping[str, Any]) -> None:
        """Old paper says itself what is owed; here it is believed, and judged by the words of the trade elsewhere."""
        for name, line in story.items():
            at, due = instant(line["anchor_at"]), instant(line["due_at"])
            assert at
            assert due
            self.rounds[name, self.cycle] += 1
            made = Promise((name, self.cycle, 1), at, due, due, line.get("amount"), line.get("unit", "natural_day"))
            made.status = "held" if line.get("stands") == "held" else "runs"
            if line.get("stands") in (None, "held"):
                self.open[name] = made
            else:
                self.ended[made.round] = Ended(frozenset({line["stands"]}), due)

    def _step(self, promise: D, trigger: str, data: Mapping[str, Any], line: Mapping[str, Any]) -> None:
        standing = self.open.get(promise.name)
        named = self._named(promise, trigger, data)
        if standing is None:
            if trigger in promise.started_by:
                self._begin(promise, named, line)
        elif trigger in promise.renewed_by:
            self._renew(promise, standing, data, line)
        elif trigger in promise.levelled_by:
            self._level(promise, standing)
        elif trigger in promise.withdrawn_by | promise.met_by:
            self._end(promise, standing, data, withdrawn=trigger in promise.withdrawn_by)
        elif standing.status == "runs" and trigger in promise.held_by:
            standing.status = "held"
        elif trigger in promise.paused_by:
            standing.status, standing.paused_at = "paused", standing.paused_at or self.now
        elif standing.status == "held" and trigger in promise.revived_by:
            standing.status = "runs"
        elif standing.status == "paused" and trigger in promise.resumed_by:
            self._resume(standing)
        elif standing.status == "runs" and named:
            standing.due_at = named

    def _renew(self, promise: D, standing: Promise, data: Mapping[str, Any], line: Mapping[str, Any]) -> None:
        """What was kept before its time had begun keeps nothing of it."""
        kept_at = min(said(data), default=self.now)
        if kept_at >= standing.anchor_at:
            self._end(promise, standing, data)
            by_the_clock = standing.unit == Unit.CLOCK_TIME
            self._begin(promise, None, line, anchor=max(kept_at, standing.due_at) if by_the_clock else kept_at)

    def _named(self, promise: D, trigger: str, data: Mapping[str, Any]) -> datetime | None:
        if trigger == "grant_extension" and promise.name == self.workflow.extends:
            return self.asked_for
        day = data.get(promise.dated_by or "")
        return end_of(date.fromisoformat(day)) if day else None

    def _lacks(self, promise: D) -> bool:
        """Whether it is owed only by a case that has what this one has not."""
        return promise.only_with is not None and self.columns.get(promise.only_with) is None

    def _limit(self, promise: D) -> Limit | None:
        return self.rules.profile.owes(promise.limit, self.level, self.kind)

    def _begin(
        self, promise: D, named: datetime | None, line: Mapping[str, Any], *, anchor: datetime | None = None
    ) -> None:
        limit, key = self._limit(promise), (promise.name, self.cycle)
        unnamed = named is None and (promise.only_if_named or limit is None)
        made = any(end.outcomes != {"withdrawn"} for round, end in self.ended.items() if round[:2] == key)
        if unnamed or (promise.once and made) or promise.behind in self.open or self._lacks(promise):
            return
        self.rounds[key] += 1
        # It may be counted from another instant than this move, but only from one that somebody entered.
        from_then = instant(line.get("anchor_at"))
        anchor = anchor or (from_then if from_then in self.instants else self.now)
        due = named or counted(anchor, limit, self.rules.calendar)
        amount, unit = (None, Unit.NATURAL_DAY) if named or limit is None else (limit.amount, limit.unit)
        self.open[promise.name] = Promise((*key, self.rounds[key]), anchor, due, due, amount, unit)

    def _end(self, promise: D, standing: Promise, data: Mapping[str, Any], *, withdrawn: bool = False) -> None:
        judged = instant(self.columns.get(promise.judged_at or ""))
        ats = {judged} if judged else {self.now, *said(data)}
        outcomes = {"withdrawn"} if withdrawn else {"missed" if at >= standing.due_at else "met" for at in ats}
        self.ended[standing.round] = Ended(frozenset(outcomes), standing.due_at)
        del self.open[promise.name]

    def _level(self, promise: D, standing: Promise) -> None:
        limit = self._limit(promise)
        if limit is None:
            self._end(promise, standing, {}, withdrawn=True)
            return
        late = standing.status == "runs" and self.now >= standing.due_at
        if standing.amount is None or late or (limit.amount, limit.unit) == (standing.amount, standing.unit):
            return
        at = counted(standing.anchor_at, limit, self.rules.calendar)
        at = at if at > self.now else counted(self.now, limit, self.rules.calendar)
        given = standing.due_at - standing.first_due_at
        standing.amount, standing.unit, standing.first_due_at, standing.due_at = (
            limit.amount,
            limit.unit,
            at,
            at + given,
        )

    def _resume(self, standing: Promise) -> None:
        paused_at, standing.paused_at, standing.status = standing.paused_at or self.now, None, "runs"
        due = standing.due_at
        if paused_at < due:
            standing.due_at = put_off(due, paused_at, self.now, Unit(standing.unit), self.rules.calendar)
        standing.first_due_at += standing.due_at - due


def believed(case: Any, events: Iterable[Any], rules: Rules) -> Believed:
    """A case before its history is read: its level is what the first change on record says it was."""
    moves = sorted((e for e in events if e.kind == "move"), key=lambda e: e.seq)
    changes = [json.loads(line.body).get("change", {}) for line in moves]
    level = next((change["level"]["from"] for change in changes if "level" in change), case.level)
    # No move changes what a promise hangs on, but a merger of enterprises may.
    columns = {d.only_with: getattr(case, d.only_with) for d in WORKFLOWS[case.workflow].deadlines if d.only_with}
    return Believed(WORKFLOWS[case.workflow], rules, level, columns=columns)


def said(data: Mapping[str, Any]) -> set[datetime]:
    """The instants that somebody entered."""
    return {at for value in data.values() if (at := instant(value))}


def instant(value: Any) -> datetime | None:
    """An instant in a line of the history, if that is one."""
    if not isinstance(value, str) or len(value) < 19 or value[10] != "T":
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def end_of(day: date) -> datetime:
    """24:00 of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=HERE) + DAY


def counted(anchor: datetime, limit: Limit | None, calendar: Calendar) -> datetime:
    """When a limit ends: spans run day and night; of days the first is not counted and the last counts to its end."""
    assert limit
    if span := SPANS.get(limit.unit):
        return anchor + limit.amount * span
    day = anchor.astimezone(HERE).date()
    if limit.unit == Unit.CLOCK_TIME:
        moments = (datetime.combine(d, t, HERE) for d in (day, day + DAY) for t in sorted(limit.at))
        return next(at for at in moments if at > anchor)
    left = limit.amount
    while left:
        day += DAY
        left -= limit.unit == Unit.NATURAL_DAY or calendar.is_working(day)
    while limit.rolls and not calendar.is_working(day):
        day += DAY
    return end_of(day)


def apart(due: datetime, amount: int, unit: Unit, calendar: Calendar) -> datetime:
    """The instant so many units after a due one, or before it."""
    if span := SPANS.get(unit):
        return due + amount * span
    end, step = due.astimezone(HERE), DAY if amount > 0 else -DAY
    left = abs(amount)
    while left:
        end += step
        # Midnight ends the day before.
        left -= unit == Unit.NATURAL_DAY or calendar.is_working((end - timedelta(microseconds=1)).date())
    return end


def put_off(due: datetime, paused_at: datetime, resumed_at: datetime, unit: Unit, calendar: Calendar) -> datetime:
    """The due instant after a pause took so many days (its first, not its last) or so long away."""
    if unit not in (Unit.NATURAL_DAY, Unit.WORKING_DAY):
        return due + (resumed_at - paused_at)
    day, until, took = paused_at.astimezone(HERE).date(), resumed_at.astimezone(HERE).date(), 0
    while day < until:
        took += unit == Unit.NATURAL_DAY or calendar.is_working(day)
        day += DAY
    last = due.astimezone(HERE) - DAY
    while took:
        last += DAY
        took -= unit == Unit.NATURAL_DAY or calendar.is_working(last.date())
    return last + DAY
