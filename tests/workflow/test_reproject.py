"""When a year's notice on days off arrives, promises counted on a guess are counted anew, once."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Event, HolidayNotice, Message
from models.database import write_session
from tests.conftest import SHANGHAI
from tests.desk import Desk
from tests.workflow.gazette import with_the_law
from workflow.arithmetic import last_day
from workflow.calendar import NoticeFault
from workflow.limits import Limit, Unit
from workflow.notices import YearNotice
from workflow.proclaim import proclaim
from workflow.reproject import Recounted, reproject

NEW_YEAR = {date(2027, 1, 1): "元旦"}
LONGER = NEW_YEAR | {date(2027, 1, 4): "元旦"}
MAKE_UP = {date(2027, 1, 2): "调休补班"}


@pytest.fixture
def new_year(desk: Desk) -> Desk:
    """The last day of 2026, a Thursday; the notice for 2027 has not come."""
    desk.clock.now = datetime(2026, 12, 31, 9, tzinfo=SHANGHAI)
    return desk


def enter(desk: Desk, off: dict[date, str], working: dict[date, str] | None = None, *, year: int = 2027) -> int:
    """The administrator enters a notice; how many cases it changed."""
    with write_session(desk.engine) as session:
        notice = YearNotice(year, "国办发明电〔2026〕9号", with_the_law(year, off), working or {})
        calendar = proclaim(session, notice, actor=desk.cast.admin, now=desk.clock.now)
    desk.rules = replace(desk.rules, calendar=calendar)
    changed = 0
    while batch := recounted(desk, year):
        changed += len({promise.case_id for promise in batch})
    return changed


def recounted(desk: Desk, year: int) -> tuple[Recounted, ...]:
    with write_session(desk.engine) as session:
        return reproject(session, desk.rules, year=year, actor=desk.cast.admin, now=desk.clock.now, limit=1)


def last(desk: Desk, case_id: str, name: str = "assign") -> date:
    return last_day(desk.deadlines(case_id, name)[-1].due_at)


def notes(desk: Desk, case_id: str) -> list[Event]:
    return [event for event in desk.events(case_id) if event.trigger == "reproject"]


def test_a_longer_holiday_moves_the_promise_later_and_its_rungs_with_it(new_year: Desk) -> None:
    case_id = new_year.open()
    assert (last(new_year, case_id), new_year.deadlines(case_id)[0].provisional) == (date(2027, 1, 6), True)

    assert enter(new_year, LONGER) == 1

    deadline = new_year.deadlines(case_id)[0]
    assert (last_day(deadline.due_at), deadline.provisional, deadline.moves) == (date(2027, 1, 7), False, 1)
    assert deadline.first_due_at == deadline.due_at, "extensions are capped from the date as it is known"
    assert new_year.case(case_id).next_due_at == deadline.due_at
    pending = [rung for rung in new_year.rungs(case_id) if rung.outcome is None]
    assert {rung.move for rung in pending} == {1}
    assert min(rung.due_at for rung in pending) == deadline.due_at


def test_a_make_up_workday_moves_it_earlier(new_year: Desk) -> None:
    case_id = new_year.open()

    enter(new_year, NEW_YEAR, MAKE_UP)

    assert last(new_year, case_id) == date(2027, 1, 5)


def test_one_event_tells_of_all_a_case_s_promises_and_entering_it_again_tells_nothing(new_year: Desk) -> None:
    case_id = new_year.open()

    assert [enter(new_year, LONGER), enter(new_year, LONGER)] == [1, 0]

    (event,) = notes(new_year, case_id)
    (story,) = json.loads(event.body)["deadlines"]
    assert (story["change"], story["deadline"]) == ("reprojected", "assign")
    assert story["was"] < story["due_at"]
    assert new_year.case(case_id).version == 1, "the clock spoils nobody's form"


def test_a_guess_that_was_right_is_confirmed_and_nobody_is_bothered(new_year: Desk) -> None:
    case_id = new_year.open()
    told = new_year.count(Message)

    enter(new_year, NEW_YEAR)

    deadline = new_year.deadlines(case_id)[0]
    assert (deadline.provisional, deadline.moves, last_day(deadline.due_at)) == (False, 0, date(2027, 1, 6))
    assert len(notes(new_year, case_id)) == 1
    assert new_year.count(Message) == told


def test_new_years_leave_moves_a_promise_of_the_last_days_of_december(new_year: Desk) -> None:
    new_year.clock.now = datetime(2026, 12, 28, 9, tzinfo=SHANGHAI)
    case_id = new_year.open()
    assert (last(new_year, case_id), new_year.deadlines(case_id)[0].provisional) == (date(2026, 12, 31), True)

    enter(new_year, {date(2026, 12, 31): "元旦", **NEW_YEAR})

    assert last(new_year, case_id) == date(2027, 1, 4)


def test_a_notice_that_is_corrected_moves_again_what_stood_by_the_first(new_year: Desk) -> None:
    guessed = new_year.open()
    enter(new_year, LONGER)
    known = new_year.open()
    assert (last(new_year, guessed), last(new_year, known)) == (date(2027, 1, 7), date(2027, 1, 7))

    assert enter(new_year, {**LONGER, date(2027, 1, 5): "元旦"}) == 2

    assert [last(new_year, case_id) for case_id in (guessed, known)] == [date(2027, 1, 8), date(2027, 1, 8)]
    assert [len(notes(new_year, case_id)) for case_id in (guessed, known)] == [2, 1]


def test_what_somebody_dated_or_moved_or_a_pause_prolonged_is_moved_by_no_notice(new_year: Desk) -> None:
    stated = {**new_year.rules.profile.stated, ("hazard.rectify", None): Limit(20, Unit.WORKING_DAY, "测试", cap=60)}
    new_year.rules = replace(new_year.rules, profile=replace(new_year.rules.profile, stated=stated))
    named, extended, paused, counted = (new_year.open() for _ in range(4))
    new_year.assign(named, rectify_by=date(2027, 1, 29))
    for case_id in (extended, paused, counted):
        new_year.assign(case_id)
    asked = {"extend_to": date(2027, 2, 5), "reason": "设备未到货", "control_measures": "停用该区域"}
    new_year.fire(extended, "request_extension", new_year.cast.enterprise_person, **asked)
    new_year.fire(extended, "grant_extension", new_year.cast.supervisor)
    new_year.fire(paused, "transfer", new_year.cast.dispatcher, agency="消防救援大队", reason="消防职责")
    new_year.clock.advance(days=1)
    new_year.fire(paused, "take_back", new_year.cast.dispatcher, note="退回")
    before = [last(new_year, case_id, "rectify") for case_id in (named, extended, paused, counted)]

    enter(new_year, LONGER)

    after = [last(new_year, case_id, "rectify") for case_id in (named, extended, paused, counted)]
    assert (after[:3], after[3]) == (before[:3], before[3] + timedelta(days=3)), before


def test_what_has_ended_and_what_no_notice_can_move_stays(new_year: Desk) -> None:
    case_id = new_year.open()
    new_year.assign(case_id)
    before = [(d.name, d.due_at, d.outcome) for d in new_year.deadlines(case_id)]

    assert enter(new_year, LONGER) == 0

    assert [(d.name, d.due_at, d.outcome) for d in new_year.deadlines(case_id)] == before
    assert not notes(new_year, case_id)


def test_a_notice_that_comes_late_says_when_the_promise_was_really_broken_and_repeats_no_step(new_year: Desk) -> None:
    case_id = new_year.open()
    new_year.clock.now = datetime(2027, 1, 9, 9, tzinfo=SHANGHAI)
    new_year.sweep()
    fired = {rung.name for rung in new_year.rungs(case_id) if rung.outcome == "fired"}

    enter(new_year, NEW_YEAR, MAKE_UP)
    new_year.sweep()

    deadline = new_year.deadlines(case_id)[0]
    assert deadline.breached_at == deadline.due_at == datetime(2027, 1, 6, tzinfo=SHANGHAI)
    assert new_year.case(case_id).overdue_since == deadline.due_at
    again = [r.name for r in new_year.rungs(case_id) if r.outcome == "fired" and r.name in fired]
    assert sorted(again) == sorted(fired)


def test_a_breach_that_never_was_is_taken_back(new_year: Desk) -> None:
    case_id = new_year.open()
    new_year.clock.now = datetime(2027, 1, 7, 9, tzinfo=SHANGHAI)
    new_year.sweep()
    assert new_year.case(case_id).overdue_since

    enter(new_year, LONGER)

    assert new_year.case(case_id).overdue_since is None
    new_year.clock.advance(days=1)
    new_year.sweep()
    assert new_year.case(case_id).overdue_since == datetime(2027, 1, 8, tzinfo=SHANGHAI)


def test_a_year_that_follows_a_gap_waits_for_the_gap_to_be_filled(new_year: Desk) -> None:
    case_id = new_year.open()

    enter(new_year, {date(2028, 1, 1): "元旦"}, year=2028)
    assert new_year.deadlines(case_id)[0].provisional
    enter(new_year, LONGER)

    assert not new_year.deadlines(case_id)[0].provisional
    assert len(notes(new_year, case_id)) == 1


def test_a_notice_out_of_form_is_not_kept(new_year: Desk) -> None:
    with pytest.raises(NoticeFault):
        enter(new_year, {date(2030, 1, 1): "元旦"})
    with pytest.raises(NoticeFault) as ordinary:
        enter(new_year, NEW_YEAR, {date(2027, 2, 19): ""})
    assert "2027-02-19（周五）" in (ordinary.value.right or "")

    with write_session(new_year.engine) as session:
        assert session.scalars(select(HolidayNotice)).all() == []


def test_what_stays_a_guess_is_counted_once_and_holds_up_nothing_behind_it(new_year: Desk) -> None:
    new_year.clock.now = datetime(2027, 12, 30, 9, tzinfo=SHANGHAI)
    cases = [new_year.open(), new_year.open()]

    assert enter(new_year, NEW_YEAR) == 2

    assert {(d.provisional, d.calendar) for case_id in cases for d in new_year.deadlines(case_id)} == {
        (True, new_year.rules.calendar.version)
    }
