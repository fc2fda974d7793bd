"""What must hold of every clock, whatever the table, the unit and the instants: played through the pure engine."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from workflow import refusals as no
from workflow.actor import Actor, Held
from workflow.arithmetic import SHANGHAI, due, end_of, last_day, resume, shift
from workflow.attempt import Facts
from workflow.calendar import statutory
from workflow.clocks import Clocks, Named, Turn, advance, promised, seen, status
from workflow.decide import decide
from workflow.decision import Decision
from workflow.directory import EMPTY
from workflow.hazard import HAZARD
from workflow.limits import Limit, Unit
from workflow.profile import shipped
from workflow.roles import Role
from workflow.rows import CaseRow, DeadlineRow, changed
from workflow.rules import Rules
from workflow.table import D, Workflow
from workflow.workflows import WORKFLOWS

CALENDAR, PROFILE = statutory(), shipped()
MINUTE, HOUR, NATURAL, WORKING = Unit.MINUTE, Unit.HOUR, Unit.NATURAL_DAY, Unit.WORKING_DAY
STEP = {MINUTE: timedelta(minutes=1), HOUR: timedelta(hours=1)}
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
PAUSED = [(w, d) for w in WORKFLOWS.values() for d in w.deadlines if d.resumed_by]
HELD = [(w, d) for w in WORKFLOWS.values() for d in w.deadlines if d.revived_by]
# The hazard's table, were its rectification counted anew when a hazard becomes a major one.
RECTIFY = replace(HAZARD.by_deadline["rectify"], levelled_by=frozenset({"regrade"}))
LEVELLED = replace(HAZARD, deadlines=(RECTIFY,))
UNIT = Actor("unit", "赵安全", "enterprise")
CHIEF = Actor("chief", "郑审核", "bureau", (Held(Role.SUPERVISOR, "district"),))

Pause = tuple[datetime, datetime]

units = st.sampled_from([MINUTE, HOUR, NATURAL, WORKING])
instants = st.datetimes(datetime(2019, 1, 1), datetime(2026, 6, 30), timezones=st.just(UTC))
amounts = st.integers(1, 60)
spans = st.timedeltas(timedelta(), timedelta(days=40))
near = st.sampled_from([-1, 0, 1]) | st.integers(-10, 50)


def rules(amount: int, unit: Unit) -> Rules:
    """Every promise of every workflow takes so many of that unit; more time may be asked to the last, and is capped."""
    stated = dict.fromkeys(PROFILE.stated, Limit(amount, unit, "测试"))
    stated["hazard.extension_lead", None] = Limit(1, MINUTE, "测试")
    stated["hazard.extension_cap", None] = Limit(60, NATURAL, "测试")
    return Rules(replace(PROFILE, stated=stated), CALENDAR, EMPTY)


def case(workflow: Workflow, at: datetime, **known: Any) -> CaseRow:
    """A case of the workflow, opened at that instant."""
    return CaseRow(
        id="case", number="1", workflow=workflow.name, state=workflow.initial, version=1, seq=1, head="", cycle=1,
        message_no=0, level=next(iter(workflow.levels)), sector=None, title="", district_id="district", town_id=None,
        village_id=None, enterprise_id="enterprise", responsible_org_id="enterprise", lead_org_id=None,
        lister_org_id=None, sponsor_id=None, visit_id=None, duplicate_of=None, opened_at=at, opened_by="inspector",
        opened_by_org="bureau", **known,
    )  # fmt: skip


def turn(workflow: Workflow, trigger: str, known: Rules, at: datetime) -> Turn:
    return Turn(case(workflow, at), trigger, known, at, {})


def begun(workflow: Workflow, promise: D, known: Rules, at: datetime) -> DeadlineRow:
    """The promise, made at that instant."""
    return promised(turn(workflow, "open", known, at), promise, Named(), anchor=at, round=1)


def after(workflow: Workflow, row: DeadlineRow, known: Rules, trigger: Iterable[str], at: datetime) -> DeadlineRow:
    """The promise as it stands after one of these triggers."""
    return advance(workflow, turn(workflow, min(trigger), known, at), [row]).standing[row.id]


def paused(workflow: Workflow, promise: D, row: DeadlineRow, known: Rules, pauses: Iterable[Pause]) -> DeadlineRow:
    """The promise after these pauses, booked in that order."""
    for begins, ends in pauses:
        row = after(workflow, row, known, promise.paused_by, begins)
        assert status(row) == "paused"
        row = after(workflow, row, known, promise.resumed_by, ends)
        assert status(row) == "runs"
    return row


def some_pauses(data: st.DataObject, row: DeadlineRow) -> list[Pause]:
    """Pauses that touch nowhere, each begun while the promise was not yet late; the last may end at any time."""
    inside = st.datetimes(naive(row.anchor_at), naive(row.due_at) - MOMENT, timezones=st.just(UTC))
    marks = sorted(data.draw(st.lists(inside, min_size=1, max_size=7), "marks"))
    begins, ends = marks[::2], marks[1::2]
    if len(ends) < len(begins):
        ends.append(begins[-1] + data.draw(spans, "last"))
    return list(zip(begins, ends, strict=True))


def naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def counted_later(due_at: datetime, pauses: Iterable[Pause], unit: Unit) -> datetime:
    """The due instant later by all that the pauses took, counted on fingers."""
    if unit in STEP:
        return due_at + sum((ends - begins for begins, ends in pauses), timedelta())
    days = {day for begins, ends in pauses for day in between(begins, ends)}
    left = sum(unit is NATURAL or CALENDAR.is_working(day) for day in days)
    last = last_day(due_at)
    while left:
        last += DAY
        left -= unit is NATURAL or CALENDAR.is_working(last)
    return due_at + (last - last_day(due_at))


def between(begins: datetime, ends: datetime) -> list[date]:
    """The days in Shanghai from that on which it begins to the one before it ends."""
    first, last = begins.astimezone(SHANGHAI).date(), ends.astimezone(SHANGHAI).date()
    return [first + n * DAY for n in range((last - first).days)]


@given(st.sampled_from(PAUSED), instants, amounts, units, st.data())
def test_pauses_give_back_exactly_their_sum_and_their_order_is_irrelevant(
    which: tuple[Workflow, D], at: datetime, amount: int, unit: Unit, data: st.DataObject
) -> None:
    (workflow, promise), known = which, rules(amount, unit)
    row = begun(workflow, promise, known, at)
    pauses = some_pauses(data, row)

    as_they_came = paused(workflow, promise, row, known, pauses)
    as_they_were_booked = paused(workflow, promise, row, known, data.draw(st.permutations(pauses), "booked"))

    assert as_they_came.due_at == counted_later(row.due_at, pauses, unit)
    assert as_they_came.first_due_at == as_they_came.due_at
    assert as_they_came == as_they_were_booked


@given(st.sampled_from(PAUSED), instants, amounts, units, spans)
def test_paused_and_resumed_at_one_instant_nothing_has_happened(
    which: tuple[Workflow, D], at: datetime, amount: int, unit: Unit, later: timedelta
) -> None:
    (workflow, promise), known, now = which, rules(amount, unit), at + later
    row = begun(workflow, promise, known, at)

    away = advance(workflow, turn(workflow, min(promise.paused_by), known, now), [row])
    back = advance(workflow, turn(workflow, min(promise.resumed_by), known, now), [away.standing[row.id]])

    assert back.standing[row.id] == seen(row, now)
    assert [how for deadline, how in [*away.hushed, *back.hushed] if deadline == row.id] == ["silent", "awake"]
    assert [rung for rung in [*away.rungs, *back.rungs] if rung.deadline_id == row.id] == []


@given(st.sampled_from(PAUSED), instants, amounts, units, spans, spans)
def test_no_pause_makes_a_promise_due_earlier_nor_takes_a_breach_back(
    which: tuple[Workflow, D], at: datetime, amount: int, unit: Unit, later: timedelta, long: timedelta
) -> None:
    (workflow, promise), known = which, rules(amount, unit)
    row, begins = begun(workflow, promise, known, at), at + later

    resumed = paused(workflow, promise, row, known, [(begins, begins + long)])

    assert resumed.due_at >= row.due_at
    assert resumed.breached_at == (row.due_at if begins >= row.due_at else None)


@given(st.sampled_from(HELD), instants, amounts, units, st.lists(spans, min_size=2, max_size=2))
def test_held_and_revived_it_keeps_its_date_and_is_late_from_that_very_instant(
    which: tuple[Workflow, D], at: datetime, amount: int, unit: Unit, steps: Sequence[timedelta]
) -> None:
    (workflow, promise), known = which, rules(amount, unit)
    row, began = begun(workflow, promise, known, at), at + steps[0]
    ended = began + steps[1]

    held = after(workflow, row, known, promise.held_by, began)
    revived = after(workflow, held, known, promise.revived_by, ended)

    assert (status(held), status(revived)) == ("held", "runs")
    assert (revived.due_at, revived.first_due_at, revived.moves) == (row.due_at, row.first_due_at, 0)
    assert held.breached_at == (row.due_at if began >= row.due_at else None)
    assert revived.breached_at == (row.due_at if ended >= row.due_at else None)


@given(instants, amounts, units, spans, near, st.just(timedelta()) | spans)
def test_an_extension_never_shortens(
    at: datetime, amount: int, unit: Unit, later: timedelta, days: int, moved: timedelta
) -> None:
    known, promise = rules(amount, unit), HAZARD.by_deadline[HAZARD.extends]
    row = begun(HAZARD, promise, known, at)
    now = at + later % (row.due_at - at)
    wanted = last_day(row.due_at) + days * DAY
    asking = {"extend_to": wanted, "reason": "设备未到货", "control_measures": "停用该区域"}
    owed = changed(case(HAZARD, at), state="assigned")
    try:
        asked = decide(owed, Facts((row,)), known, "request_extension", actor=UNIT, now=now, **asking)
    except no.ExtensionNotLater:
        assert end_of(wanted) <= row.due_at
        return
    except (no.ExtensionTooLong, no.ExtensionTooLate):
        assume(False)
    assert end_of(wanted) > row.due_at
    # A new notice on days off may move it before anybody decides.
    row = changed(row, due_at=row.due_at + moved)
    try:
        granted = decide(asked.after, Facts((row,)), known, "grant_extension", actor=CHIEF, now=now)
    except no.ExtensionNotLater:
        assert end_of(wanted) <= row.due_at
    else:
        assert due_after(granted, row) == end_of(wanted) > row.due_at


def due_after(decision: Decision, row: DeadlineRow) -> datetime:
    """When the promise is due by the decision."""
    (written,) = (each.values for each in decision.changes if each.kind == "deadline" and each.keys["id"] == row.id)
    due_at: datetime = written["due_at"]
    return due_at


@given(st.sampled_from(sorted(WORKFLOWS)), instants, amounts, units, st.data())
def test_what_has_stopped_is_never_changed_again(
    name: str, at: datetime, amount: int, unit: Unit, data: st.DataObject
) -> None:
    workflow, known = WORKFLOWS[name], rules(amount, unit)
    triggers = st.sampled_from(["open", *sorted(workflow.by_trigger)])
    dates = st.dictionaries(st.sampled_from(sorted(workflow.by_deadline)), instants, max_size=2)
    standing: dict[str, DeadlineRow] = {}
    for trigger in data.draw(st.lists(triggers, min_size=5, max_size=25), "triggers"):
        at += data.draw(spans, "later")
        named = {promise: Named(due_at=day) for promise, day in data.draw(dates, "named").items()}
        stopped = {row.id: row for row in standing.values() if row.outcome}
        turned = advance(workflow, turn(workflow, trigger, known, at)._replace(named=named), standing.values())
        standing = turned.standing
        assert {id: standing[id] for id in stopped} == stopped
        assert touched(turned) & stopped.keys() == set()
        assert all(seen(row, at + later) == row for row in stopped.values() for later in (DAY, 1000 * DAY))


def touched(turned: Clocks) -> set[str]:
    """The promises of which anything would be written."""
    rows = {row.id for row in (*turned.started, *(after for _, after in turned.changed))}
    return rows | {deadline for deadline, _ in turned.hushed} | {rung.deadline_id for rung in turned.rungs}


def levelled(figures: Sequence[int], kinds: Sequence[Unit]) -> Rules:
    """A general hazard takes the first figure, a major one the second."""
    known = rules(figures[0], kinds[0])
    stated = {**known.profile.stated, ("hazard.rectify", "major"): Limit(figures[1], kinds[1], "测试")}
    return replace(known, profile=replace(known.profile, stated=stated))


def regraded(row: DeadlineRow, known: Rules, now: datetime) -> DeadlineRow:
    """The promise when the hazard has become a major one."""
    fired = turn(LEVELLED, "regrade", known, now)._replace(case=changed(case(LEVELLED, now), level="major"))
    return advance(LEVELLED, fired, [row]).standing[row.id]


two_figures, two_units = (st.lists(each, min_size=2, max_size=2) for each in (amounts, units))


@given(instants, two_figures, two_units, spans, st.data())
def test_another_level_counts_anew_what_is_in_time_leaves_what_pauses_gave_and_takes_no_breach_back(
    at: datetime, figures: Sequence[int], kinds: Sequence[Unit], later: timedelta, data: st.DataObject
) -> None:
    known, other = levelled(figures, kinds), Limit(figures[1], kinds[1], "测试")
    row = begun(LEVELLED, RECTIFY, known, at)
    pauses = data.draw(st.just([]) | st.builds(some_pauses, st.just(data), st.just(row)), "pauses")
    row = paused(LEVELLED, RECTIFY, row, known, pauses)
    now = (pauses[-1][1] if pauses else at) + later

    swept, unswept = (regraded(each, known, now) for each in (seen(row, now), row))

    by_the_other = counted_later(due(at, other, CALENDAR).at, pauses, kinds[0])
    afresh = due(now, other, CALENDAR).at
    assert seen(unswept, now) == swept, "whether anybody looked before makes no difference"
    if now >= row.due_at:
        assert (swept.due_at, swept.breached_at) == (row.due_at, row.due_at)
    elif figures[0] == figures[1] and kinds[0] == kinds[1]:
        assert swept == row
    else:
        assert swept.due_at == (by_the_other if by_the_other > now else afresh)


@given(instants, two_figures, two_units, spans)
def test_what_an_extension_gave_stays_given_when_the_level_changes(
    at: datetime, figures: Sequence[int], kinds: Sequence[Unit], more: timedelta
) -> None:
    assume(figures[0] != figures[1] or kinds[0] != kinds[1])
    known = levelled(figures, kinds)
    row = begun(LEVELLED, RECTIFY, known, at)
    extended = changed(row, due_at=end_of(last_day(row.due_at + more)), moves=1)

    plain, longer = regraded(row, known, at), regraded(extended, known, at)

    assert longer.first_due_at == plain.due_at
    assert longer.due_at == counted_later(plain.due_at, [(row.due_at, extended.due_at)], kinds[0])


# Whoever asks it anything breaks down.
NOT_ASKED: Any = None


@given(instants, amounts, st.sampled_from([MINUTE, HOUR, NATURAL]), spans)
def test_minutes_hours_and_natural_days_ask_no_calendar(
    at: datetime, amount: int, unit: Unit, pause: timedelta
) -> None:
    counted = due(at, Limit(amount, unit, "测试"), NOT_ASKED).at
    assert counted == due(at, Limit(amount, unit, "测试"), CALENDAR).at
    assert resume(counted, at, at + pause, unit, NOT_ASKED) == resume(counted, at, at + pause, unit, CALENDAR)
    assert shift(counted, -amount, unit, NOT_ASKED) == shift(counted, -amount, unit, CALENDAR)


@given(st.sampled_from(sorted(WORKFLOWS)), instants, amounts, units)
def test_a_promise_keeps_the_figure_and_the_unit_of_its_limit(name: str, at: datetime, amount: int, unit: Unit) -> None:
    known, workflow = rules(amount, unit), WORKFLOWS[name]
    for promise in workflow.deadlines:
        row = begun(workflow, promise, known, at)
        assert (row.amount, row.unit) == (amount, unit)
        assert row.due_at == due(at, Limit(amount, unit, "测试"), CALENDAR).at
