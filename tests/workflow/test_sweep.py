"""The sweep: due cases only, each once, none early; one that fails or is held by somebody else holds up nothing."""

from datetime import timedelta

import pytest

from models import Rung
from models.database import read_session, write_session
from tests.desk import Desk
from tests.tampering import tools
from workflow.fire import fire
from workflow.sweep import Swept, claiming, due_cases, postpone, sweep


def look(desk: Desk, *, limit: int = 500, only: str | None = None) -> Swept:
    with write_session(desk.engine) as session:
        return sweep(session, desk.rules, now=desk.clock.now, limit=limit, only=only)


def waiting(desk: Desk) -> list[str]:
    with read_session(desk.engine) as session:
        return due_cases(session, now=desk.clock.now, limit=100)


def test_where_nothing_is_due_nothing_happens(desk: Desk) -> None:
    desk.to("assigned")

    assert look(desk) == Swept()
    assert waiting(desk) == []


def test_a_batch_is_limited_and_the_longest_due_come_first(desk: Desk) -> None:
    cases = []
    for _ in range(4):
        cases.append(desk.open())
        desk.clock.advance(hours=26)
    desk.clock.advance(days=20)

    first = look(desk, limit=1)

    assert first.cases == (cases[0],)
    assert first.rungs == 3  # every due rung of a claimed case, not only the one it was found by
    assert waiting(desk) == cases[1:]
    assert set(look(desk).cases) == set(cases[1:])
    assert look(desk) == Swept()


def test_the_lateness_is_that_of_the_latest_rung(desk: Desk) -> None:
    case_id = desk.open()
    desk.clock.now = desk.deadlines(case_id)[0].due_at + timedelta(seconds=90)

    assert look(desk).lateness == 90


def spoil(desk: Desk, case_id: str) -> None:
    """A rung that the ladder of today does not know."""
    with tools(desk.engine) as run:
        run("UPDATE rungs SET name = 'unknown' WHERE case_id = :id AND name = 'breach'", id=case_id)


def test_one_case_that_cannot_be_swept_is_put_off_with_its_reason_and_holds_up_nothing(desk: Desk) -> None:
    good, bad, other = desk.open(), desk.open(), desk.open()
    spoil(desk, bad)
    desk.clock.advance(days=4)
    with pytest.raises(KeyError):
        look(desk)
    assert set(waiting(desk)) == {good, bad, other}

    for case_id in waiting(desk):
        try:
            look(desk, only=case_id)
        except KeyError as error:
            with write_session(desk.engine) as session:
                postpone(session, case_id, repr(error), now=desk.clock.now)

    assert waiting(desk) == []
    (put_off,) = desk.all(Rung, Rung.attempts > 0)
    assert (put_off.case_id, put_off.error, put_off.outcome) == (bad, "KeyError('unknown')", None)
    assert [desk.rungs(c)[0].outcome for c in (good, other)] == ["fired", "fired"]
    desk.clock.advance(minutes=1)
    assert waiting(desk) == [bad]


def test_putting_off_a_case_leaves_its_later_rungs_and_other_cases_alone(desk: Desk) -> None:
    case_id, other = desk.open(), desk.open()
    desk.clock.advance(days=4)
    before = {(r.case_id, r.name): r.wake_at for r in desk.all(Rung)}
    with write_session(desk.engine) as session:
        postpone(session, case_id, "x" * 1000, now=desk.clock.now)

    after = {(r.case_id, r.name): r.wake_at for r in desk.all(Rung)}
    assert {key for key in after if after[key] != before[key]} == {(case_id, "breach")}
    assert len(desk.rungs(case_id)[0].error or "") == 500
    assert waiting(desk) == [other]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_case_that_somebody_is_just_moving_is_left_for_the_next_time(desk: Desk) -> None:
    busy, free = desk.open(), desk.open()
    desk.clock.advance(days=4)
    with write_session(desk.engine) as session:
        fire(session, desk.rules, busy, "void", actor=desk.cast.dispatcher, now=desk.clock.now, reason="重复")
        assert look(desk).cases == (free,)
    assert look(desk) == Swept()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_another_sweeper_settles_while_one_is_looking_is_not_claimed_again(desk: Desk) -> None:
    for _ in range(3):
        desk.open()
    desk.clock.advance(days=4)
    with write_session(desk.engine) as session:
        # A cursor sees the rows as they were when it was opened, and locks each as it is fetched: the first at once.
        looking = session.connection(execution_options={"stream_results": True})
        found = looking.execute(claiming(now=desk.clock.now, limit=10))
        others = look(desk).cases

        assert len(others) == 2
        assert not {row.id for row in found} & set(others)


def test_a_day_with_and_a_day_without_sweeps_end_alike(desk: Desk) -> None:
    often, seldom = desk.to("assigned"), desk.to("assigned")
    for _ in range(50):
        desk.clock.advance(days=1)
        with write_session(desk.engine) as session:
            sweep(session, desk.rules, now=desk.clock.now, only=often)
    with write_session(desk.engine) as session:
        sweep(session, desk.rules, now=desk.clock.now, only=seldom)

    def result(case_id: str) -> object:
        promise = desk.deadlines(case_id, "rectify")[0]
        acts = [(a.kind, a.rung) for a in desk.acts(case_id)]
        return promise.breached_at, desk.case(case_id).overdue_since, acts, desk.case(case_id).version

    assert result(often) == result(seldom)
