"""Races with real threads on both databases; each has a control that shows how it comes out without the protection."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import Event, Message, Rung
from models.database import engine, pools, read_session, write_session
from models.sessions import CONNECTION
from tests.desk import Desk
from tests.tampering import tools
from workflow.attempt import Facts
from workflow.decide import decide, row_of
from workflow.facts import Wanted, load_facts
from workflow.fire import fire
from workflow.hazard import HAZARD
from workflow.load import current, load_deadlines, read_cases
from workflow.opening import NewHazard, open_cases
from workflow.rows import RungRow
from workflow.rungs import decide_rungs
from workflow.sweep import due_cases, sweep
from workflow.verify import verify
from workflow.write import write

RACERS = 50
SWEEPERS = 8
CASES = 200


def race(racers: int, act: Callable[[int], object]) -> Counter[str]:
    """Start all at one instant; how often it came out how: "done", or the name of what was raised."""
    start, outcomes = Barrier(racers), Counter[str]()

    def run(number: int) -> None:
        start.wait(timeout=60)
        try:
            act(number)
        except Exception as fault:
            outcomes[type(fault).__name__] += 1
        else:
            outcomes["done"] += 1

    threads = [Thread(target=run, args=(number,)) for number in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


@pytest.fixture
def crowd(desk: Desk) -> Iterator[Desk]:
    """A desk with a connection and patience for every racer."""
    wide = engine(desk.engine.url.render_as_string(hide_password=False), pool_size=RACERS)
    if wide.dialect.name == "sqlite":
        # SQLite's queue is not fair: on a busy machine the last of fifty may wait longer than a user would.
        event.listen(wide, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=60000"))
    yield replace(desk, engine=wide)
    wide.dispose()


@contextmanager
def unprotected(desk: Desk) -> Iterator[Session]:
    """A transaction that writes what it read, with no lock taken before."""
    if desk.engine.dialect.name == "postgresql":
        with write_session(desk.engine) as session:
            yield session
        return
    _, reader = pools(desk.engine)
    with reader.connect() as opened, opened.begin():
        opened.exec_driver_sql("PRAGMA query_only=OFF")
        with Session(opened, info={CONNECTION: opened}) as session:
            yield session


def fire_unlocked(desk: Desk, case_id: str, trigger: str, everybody_has_read: Barrier, **data: object) -> None:
    """`fire` without its lock; whoever has read waits until all others have."""
    actor, now = desk.cast.enterprise_person, desk.clock.now
    with unprotected(desk) as session:
        cases = read_cases(session, [case_id])
        facts = load_facts(Wanted(session, cases, (row_of(HAZARD, trigger, cases[case_id].state),), data))
        rules = current(session, desk.rules, None)
        everybody_has_read.wait(timeout=60)
        write(session, (decide(cases[case_id], facts[case_id], rules, trigger, actor=actor, now=now, **data),))


def sweep_unlocked(desk: Desk, everybody_has_read: Barrier) -> None:
    """`sweep` without its lock."""
    with unprotected(desk) as session:
        cases = read_cases(session, due_cases(session, now=desk.clock.now, limit=500))
        deadlines = load_deadlines(session, list(cases))
        columns = [Rung.__table__.c[name] for name in RungRow._fields]
        due = [RungRow(*row) for row in session.execute(select(*columns).where(Rung.wake_at <= desk.clock.now))]
        everybody_has_read.wait(timeout=60)
        write(
            session,
            [
                decide_rungs(
                    case, Facts(deadlines[case.id]), [r for r in due if r.case_id == case.id], desk.rules,
                    now=desk.clock.now,
                )
                for case in cases.values()
            ],
        )  # fmt: skip


def sound(desk: Desk) -> bool:
    with read_session(desk.engine) as session:
        return verify(session).sound


def test_of_fifty_on_one_case_one_moves_it_and_the_others_are_told(crowd: Desk) -> None:
    case_id = crowd.to("assigned")
    seen, events = crowd.case(case_id).version, len(crowd.events(case_id))

    outcomes = race(RACERS, lambda _: crowd.fire(case_id, "start", crowd.cast.enterprise_person, version=seen))

    assert outcomes == {"done": 1, "StaleVersion": RACERS - 1}
    assert (crowd.case(case_id).version, len(crowd.events(case_id))) == (seen + 1, events + 1)
    assert sound(crowd)


def test_without_a_version_the_others_find_the_move_illegal_now(crowd: Desk) -> None:
    case_id = crowd.to("assigned")

    outcomes = race(RACERS, lambda _: crowd.start(case_id))

    assert outcomes == {"done": 1, "IllegalMove": RACERS - 1}
    assert sound(crowd)


def test_fifty_that_may_all_do_it_all_do_it_one_after_the_other(crowd: Desk) -> None:
    case_id = crowd.to("assigned")
    before = crowd.case(case_id)

    outcomes = race(RACERS, lambda n: crowd.fire(case_id, "report", crowd.cast.enterprise_person, note=f"第{n}次"))

    after = crowd.case(case_id)
    assert outcomes == {"done": RACERS}
    assert (after.version, after.message_no) == (before.version + RACERS, before.message_no + RACERS)
    assert {m.number for m in crowd.messages(case_id)} == set(range(1, after.message_no + 1))
    assert sound(crowd)


def test_control_without_the_lock_forty_nine_break_down_and_nobody_is_told_anything(crowd: Desk) -> None:
    case_id = crowd.to("assigned")
    read = Barrier(RACERS)

    outcomes = race(RACERS, lambda n: fire_unlocked(crowd, case_id, "report", read, note=f"第{n}次"))

    assert outcomes["done"] == 1
    assert set(outcomes) & {"StaleVersion", "IllegalMove"} == set()
    assert sound(crowd)  # the number of the event is the last line: it is taken


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_control_without_the_last_line_too_moves_are_lost_and_the_proof_sees_it(crowd: Desk) -> None:
    case_id = crowd.to("assigned")
    version = crowd.case(case_id).version
    with tools(crowd.engine) as run:
        run("ALTER TABLE events DROP CONSTRAINT pk_events")
        run("ALTER TABLE messages DROP CONSTRAINT uq_messages_case_id_event_seq_template_target")
    read = Barrier(SWEEPERS)

    outcomes = race(SWEEPERS, lambda n: fire_unlocked(crowd, case_id, "report", read, note=f"第{n}次"))

    assert outcomes == {"done": SWEEPERS}
    assert crowd.case(case_id).version == version + 1
    assert not sound(crowd)


@pytest.fixture
def overdue(crowd: Desk) -> list[str]:
    """Cases that nobody has assigned, with two due rungs each."""
    cast = crowd.cast
    found = NewHazard(
        description="灭火器失效", district_id=cast.district, town_id=cast.town, enterprise_id=cast.enterprise,
        found_at=crowd.clock.now,
    )  # fmt: skip
    with write_session(crowd.engine) as session:
        opened = open_cases(session, crowd.rules, [found] * CASES, actor=cast.inspector, now=crowd.clock.now)
    crowd.clock.advance(days=5)
    return [decision.after.id for decision in opened]


def sweep_all(desk: Desk) -> int:
    """Sweep in small batches until nothing is left; how many rungs this sweeper settled."""
    settled = 0
    while True:
        with write_session(desk.engine) as session:
            swept = sweep(session, desk.rules, now=desk.clock.now, limit=30)
        settled += swept.rungs
        if not swept.cases:
            return settled


def test_eight_sweepers_settle_each_of_four_hundred_rungs_once(crowd: Desk, overdue: list[str]) -> None:
    settled = [0] * SWEEPERS

    def work(number: int) -> None:
        settled[number] = sweep_all(crowd)

    outcomes = race(SWEEPERS, work)

    assert outcomes == {"done": SWEEPERS}
    assert sum(settled) == 2 * CASES
    assert crowd.count(Rung, Rung.outcome == "fired") == 2 * CASES
    assert crowd.count(Event, Event.kind == "rung") == 2 * CASES
    assert crowd.count(Message, Message.template == "assign.supervisor") == CASES
    assert sound(crowd)


@pytest.mark.usefixtures("overdue")
def test_control_sweepers_without_the_lock_get_into_each_others_way(crowd: Desk) -> None:
    read = Barrier(SWEEPERS)

    outcomes = race(SWEEPERS, lambda _: sweep_unlocked(crowd, read))

    assert outcomes["done"] == 1
    assert outcomes.total() == SWEEPERS
    assert crowd.count(Event, Event.kind == "rung") == 2 * CASES


def test_the_clock_spoils_nobodys_move_and_no_move_spoils_the_clock(crowd: Desk, overdue: list[str]) -> None:
    mine, versions = overdue[:40], {case_id: crowd.case(case_id).version for case_id in overdue[:40]}
    unit = {"responsible_org_id": crowd.cast.enterprise}

    def work(number: int) -> None:
        if number < 4:
            sweep_all(crowd)
            return
        for case_id in mine[number - 4 :: 4]:
            with write_session(crowd.engine) as session:
                fire(
                    session, crowd.rules, case_id, "assign", actor=crowd.cast.dispatcher, now=crowd.clock.now,
                    version=versions[case_id], **unit,
                )  # fmt: skip

    outcomes = race(SWEEPERS, work)

    assert outcomes == {"done": SWEEPERS}
    sweep_all(crowd)
    for case_id in mine:
        (assign,) = crowd.deadlines(case_id, "assign")
        rungs = {r.outcome for r in crowd.rungs(case_id) if r.deadline_id == assign.id}
        assert (assign.outcome, assign.breached_at) == ("missed", assign.due_at)
        assert rungs in ({"withdrawn"}, {"fired", "withdrawn"})
    assert crowd.count(Event, Event.kind == "rung") == crowd.count(Rung, Rung.outcome == "fired")
    assert sound(crowd)


def test_of_two_supervisors_one_decides_a_proposal(crowd: Desk) -> None:
    case_id = crowd.to("assigned")
    crowd.live(35, step=35)
    (act,) = crowd.acts(case_id)

    outcomes = race(10, lambda _: crowd.decide_act(act.id, "accepted", crowd.cast.supervisor))

    assert outcomes == {"done": 1, "ActAlreadyDecided": 9}
    assert sound(crowd)


def test_the_same_photo_sent_ten_times_at_once_arrives_once(crowd: Desk) -> None:
    case_id = crowd.to("rectifying")

    outcomes = race(10, lambda _: crowd.photo(case_id, crowd.cast.enterprise_person, content=b"same"))

    assert outcomes == {"done": 10}
    assert sum(e.trigger == "attach" for e in crowd.events(case_id)) == 1


def test_cases_opened_at_once_never_share_a_number(crowd: Desk) -> None:
    outcomes = race(20, lambda _: crowd.open())

    assert outcomes == {"done": 20}
    assert sound(crowd)
